package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"loiret.fr/visioborne/hub/backup"
	"loiret.fr/visioborne/hub/broker"
)

// backUp puts all that the running hub keeps into a file.
func backUp(ctx context.Context, state, file string, out io.Writer) error {
	nc, _, _, err := running(state)
	if err != nil {
		return err
	}
	defer nc.Close()
	m, err := backup.Make(ctx, nc, state, file, time.Now())
	if err != nil {
		return err
	}
	return tell(out, file, m)
}

// restoreInto puts what is in a backup into a NATS cluster on which no hub runs yet.
func restoreInto(ctx context.Context, c broker.Cluster, state, file string, out io.Writer) error {
	keys, err := broker.OpenKeys(state)
	if err != nil {
		return err
	}
	credentials, err := keys.UserCredentials("restore")
	if err != nil {
		return err
	}
	nc, err := c.Dial("restore", credentials)
	if err != nil {
		return err
	}
	defer nc.Close()
	m, err := backup.RestoreInto(ctx, nc, c.Replicas, state, file)
	if err != nil {
		return err
	}
	return tell(out, file, m)
}

// restore makes the state of a hub of a backup: in an empty directory, or, with replace, beside the state that there is, which a
// hub may be running on.
func restore(ctx context.Context, state, file string, replace bool, out, errs io.Writer) error {
	log := slog.New(slog.NewTextHandler(errs, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if !replace {
		m, err := backup.Restore(ctx, state, file, log)
		if err != nil {
			return err
		}
		return tell(out, file, m)
	}
	m, err := backup.Stage(ctx, state, file, log)
	if err != nil {
		return err
	}
	if err := tell(out, file, m); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "The hub goes on with it when it is started again (systemctl restart visioborne-hub). What it has now is then in a folder .before-... of %s.\n", state); err != nil {
		return fmt.Errorf("printing what is to be done: %w", err)
	}
	return nil
}

func tell(out io.Writer, file string, m backup.Manifest) error {
	_, err := fmt.Fprintf(out, "%s: made %s, %d files, %d streams with %d messages\n",
		file, m.Made.Format(time.RFC3339), len(m.Files), len(m.Streams), m.Messages())
	if err != nil {
		return fmt.Errorf("printing what is in the backup: %w", err)
	}
	return nil
}

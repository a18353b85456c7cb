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

// restore makes the state of a hub that does not run of a backup.
func restore(ctx context.Context, state, file string, out, errs io.Writer) error {
	if nc, _, _, err := running(state); err == nil {
		nc.Close()
		return fmt.Errorf("restoring: a hub runs on %s; stop it (systemctl stop visioborne-hub), move the directory away, and restore into an empty one", state)
	}
	log := slog.New(slog.NewTextHandler(errs, &slog.HandlerOptions{Level: slog.LevelWarn}))
	m, err := backup.Restore(ctx, state, file, log)
	if err != nil {
		return err
	}
	return tell(out, file, m)
}

func tell(out io.Writer, file string, m backup.Manifest) error {
	_, err := fmt.Fprintf(out, "%s: made %s, %d files, %d streams with %d messages\n",
		file, m.Made.Format(time.RFC3339), len(m.Files), len(m.Streams), m.Messages())
	if err != nil {
		return fmt.Errorf("printing what is in the backup: %w", err)
	}
	return nil
}

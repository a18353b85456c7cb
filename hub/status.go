package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"loiret.fr/visioborne/hub/hotline"
	"loiret.fr/visioborne/hub/token"
)

// errUnwell: a booth is unwell, and which one has been said.
var errUnwell = errors.New("not all booths are well")

// printStatus prints a line a booth. The error is errUnwell when one is silent or has troubles; one that was never seen is
// not there yet.
func printStatus(ctx context.Context, state string, out io.Writer) error {
	nc, js, here, err := running(state)
	if err != nil {
		return err
	}
	defer nc.Close()
	ctx, cancel := context.WithTimeout(ctx, commandWait)
	defer cancel()
	v, err := hotline.Load(ctx, js, here.Sites, time.Now)
	if err != nil {
		return err
	}
	return writeStatus(out, v, time.Now())
}

func writeStatus(out io.Writer, v hotline.View, now time.Time) error {
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "SITE\tSTATE\tSEEN\tVERSION\tPHASE\tTEMP\tDISK\tTRIP\tTROUBLES")
	unwell := 0
	for _, b := range v.Booths {
		if len(b.Troubles) > 0 {
			unwell++
		}
		state, phase := string(b.State), b.Phase
		if b.OutOfService != nil {
			state += ", out of service"
		}
		if b.State != hotline.StateUp {
			phase = ""
		}
		seen, temperature, disk, trip := "", "", "", ""
		if b.SeenAt != nil {
			seen = now.Sub(*b.SeenAt).Round(time.Second).String() + " ago"
		}
		if h := b.Health; h != nil {
			if h.TemperatureC != nil {
				temperature = fmt.Sprintf("%d °C", *h.TemperatureC)
			}
			if h.DiskFreeMB != nil {
				disk = fmt.Sprintf("%d MB", *h.DiskFreeMB)
			}
		}
		if b.RoundTripMS != nil {
			trip = fmt.Sprintf("%d ms", *b.RoundTripMS)
		}
		line := []string{b.ID, state, seen, b.Version, phase, temperature, disk, trip, strings.Join(b.Troubles, " ")}
		for i, cell := range line[:len(line)-1] {
			if cell == "" {
				line[i] = "-"
			}
		}
		fmt.Fprintln(w, strings.Join(line, "\t"))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("printing the booths: %w", err)
	}
	if unwell > 0 {
		return fmt.Errorf("%w: %d of %d", errUnwell, unwell, len(v.Booths))
	}
	return nil
}

func openTokens(ctx context.Context, state string) (*token.Store, func(), error) {
	nc, js, _, err := running(state)
	if err != nil {
		return nil, nil, err
	}
	store, err := token.OpenStore(ctx, js)
	if err != nil {
		nc.Close()
		return nil, nil, err
	}
	return store, nc.Close, nil
}

func addToken(ctx context.Context, state, name, role string, out io.Writer) error {
	r, err := token.ParseRole(role)
	if err != nil {
		return fmt.Errorf("making a token: %w", err)
	}
	store, done, err := openTokens(ctx, state)
	if err != nil {
		return err
	}
	defer done()
	secret, err := store.Add(ctx, name, r, time.Now())
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "%s\nIt is not kept and cannot be printed again.\n", secret); err != nil {
		return fmt.Errorf("printing the token: %w", err)
	}
	return nil
}

func removeToken(ctx context.Context, state, name string) error {
	store, done, err := openTokens(ctx, state)
	if err != nil {
		return err
	}
	defer done()
	return store.Remove(ctx, name)
}

func listTokens(ctx context.Context, state string, out io.Writer) error {
	store, done, err := openTokens(ctx, state)
	if err != nil {
		return err
	}
	defer done()
	all, err := store.List(ctx)
	if err != nil {
		return err
	}
	for _, t := range all {
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\n", t.Name, t.Role, t.Created.Format(time.DateOnly)); err != nil {
			return fmt.Errorf("printing the tokens: %w", err)
		}
	}
	return nil
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"loiret.fr/visioborne/hub/release"
	"loiret.fr/visioborne/hub/wire"
)

// description is what `make image` writes beside a root: visioborne.release.json.
type description struct {
	Version string `json:"version"`
	Kernel  string `json:"kernel"`
	Root    string `json:"root"` // the root's file, in the same folder
	SHA256  string `json:"sha256"`
}

const releaseUsage = `
  hub release keygen FILE                                                        makes the key that signs: keep FILE off the hub; FILE.pub is public
  hub release trust -state DIR FILE.pub                                          gives that key to the booths that are enrolled from now on
  hub release sign -key FILE -nature TEXT build/visioborne.release.json          writes build/visioborne.manifest
  hub release add -state DIR build/visioborne.manifest                           (this and the following need the hub running on this machine)
  hub release testers -state DIR [SITE...]                                       names the booths for tests, or lists them
  hub release ring -state DIR [-from DATE] [-any-time] [-at-once WHY] VERSION test|tenth|all
  hub release withdraw -state DIR VERSION
  hub release remove -state DIR VERSION
  hub release list -state DIR`

// runRelease carries out "hub release ...".
func runRelease(ctx context.Context, args []string, out, errs io.Writer) error {
	if len(args) == 0 {
		return fmt.Errorf("which? expected keygen, trust, sign, add, testers, ring, withdraw, remove or list; %w", errUsage)
	}
	flags := flag.NewFlagSet("hub release "+args[0], flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.Usage = func() { fmt.Fprintln(errs, "usage:"+releaseUsage); flags.PrintDefaults() }
	state := flags.String("state", "", "the hub's state `directory`")
	keyFile := flags.String("key", "", "the `file` of the key that signs")
	nature := flags.String("nature", "", "what changes, in a sentence for the sites' managers")
	from := flags.String("from", "", "the ring's `date`: 2026-12-03, or 2026-12-03T18:00; now when absent")
	anyTime := flags.Bool("any-time", false, "opening hours need not be waited for; a citizen always is")
	why := flags.String("at-once", "", "the `reason` for which managers get less notice than a day")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	rest := flags.Args()
	operands := func(n int, what string) error {
		if len(rest) != n {
			return fmt.Errorf("%d operands; expected %s; %w", len(rest), what, errUsage)
		}
		return nil
	}
	needState := func() error {
		if *state == "" {
			return fmt.Errorf("-state is missing; %w", errUsage)
		}
		return nil
	}
	switch args[0] {
	case "keygen":
		if err := operands(1, "the file to make"); err != nil {
			return err
		}
		if _, err := release.MakeKey(rest[0]); err != nil {
			return err
		}
		_, err := fmt.Fprintf(out, "%s signs; keep it, and a copy, where the hub is not.\n%s.pub is for hub release trust.\n", rest[0], rest[0])
		return err
	case "trust":
		if err := errors.Join(needState(), operands(1, "the public key's file")); err != nil {
			return err
		}
		key, err := release.ReadPublicKey(rest[0])
		if err != nil {
			return err
		}
		if key == nil {
			return fmt.Errorf("reading %s: there is no such file; hub release keygen makes it", rest[0])
		}
		return release.Trust(*state, key)
	case "sign":
		if err := operands(1, "the release's description, visioborne.release.json"); err != nil {
			return err
		}
		return signRelease(*keyFile, *nature, rest[0], time.Now(), out)
	}
	if err := needState(); err != nil {
		return err
	}
	nc, js, _, err := running(*state)
	if err != nil {
		return err
	}
	defer nc.Close()
	store, err := release.OpenStore(ctx, js)
	if err != nil {
		return err
	}
	switch args[0] {
	case "add":
		if err := operands(1, "the signed manifest"); err != nil {
			return err
		}
		return addRelease(ctx, store, *state, rest[0], out)
	case "testers":
		return testers(ctx, store, rest, out)
	case "ring":
		if err := operands(2, "a version and a ring"); err != nil {
			return err
		}
		ring, err := release.ParseRing(rest[1])
		if err != nil {
			return err
		}
		at, err := parseFrom(*from, time.Now())
		if err != nil {
			return err
		}
		return store.Open(ctx, rest[0], ring, release.Opening{From: at, AnyTime: *anyTime, Why: *why}, time.Now())
	case "withdraw":
		if err := operands(1, "a version"); err != nil {
			return err
		}
		return store.Withdraw(ctx, rest[0])
	case "remove":
		if err := operands(1, "a version"); err != nil {
			return err
		}
		return store.Remove(ctx, rest[0])
	case "list":
		return listReleases(ctx, store, out)
	}
	return fmt.Errorf("hub release %s: no such command; %w", args[0], errUsage)
}

// parseFrom reads a date, or a date and time, of this machine's time zone.
func parseFrom(s string, now time.Time) (time.Time, error) {
	if s == "" {
		return now, nil
	}
	for _, layout := range []string{"2006-01-02", "2006-01-02T15:04", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, s, now.Location()); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("-from %q: expected a date such as 2026-12-03, or 2026-12-03T18:00", s)
}

func signRelease(keyFile, nature, file string, now time.Time, out io.Writer) error {
	if keyFile == "" || strings.TrimSpace(nature) == "" {
		return fmt.Errorf("-key and -nature are required; %w", errUsage)
	}
	key, err := release.ReadKey(keyFile)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("reading the release's description: %w", err)
	}
	var d description
	if err := json.Unmarshal(text, &d); err != nil {
		return fmt.Errorf("reading the release's description %s: %w", file, err)
	}
	root, err := os.Open(filepath.Join(filepath.Dir(file), d.Root))
	if err != nil {
		return fmt.Errorf("opening the release's root: %w", err)
	}
	defer root.Close()
	m, err := release.Describe(root)
	if err != nil {
		return err
	}
	if m.SHA256 != d.SHA256 {
		return fmt.Errorf("%s is not the root that %s describes; make the image again", root.Name(), file)
	}
	m.Version, m.Kernel, m.Nature, m.Made = d.Version, d.Kernel, strings.TrimSpace(nature), now.UTC().Truncate(time.Second)
	signed, err := wire.SignManifest(m, key)
	if err != nil {
		return err
	}
	to := strings.TrimSuffix(file, ".release.json") + ".manifest"
	if err := os.WriteFile(to, signed, 0o644); err != nil {
		return fmt.Errorf("writing the manifest: %w", err)
	}
	_, err = fmt.Fprintf(out, "%s: release %s, %.1f MB in %d pieces\n", to, m.Version, float64(m.Bytes)/1e6, len(m.Pieces))
	return err
}

func addRelease(ctx context.Context, store *release.Store, state, file string, out io.Writer) error {
	key, err := release.Trusted(state)
	if err != nil {
		return err
	}
	if key == nil {
		return errors.New("this hub trusts no release key; give it one with hub release trust")
	}
	signed, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("reading the manifest: %w", err)
	}
	root, err := os.Open(strings.TrimSuffix(file, ".manifest") + ".root.squashfs")
	if err != nil {
		return fmt.Errorf("opening the release's root: %w", err)
	}
	defer root.Close()
	tenth := int64(0)
	r, err := store.Add(ctx, signed, key, root, func(done, all int64) {
		if now := done * 10 / all; now > tenth {
			tenth = now
			fmt.Fprintf(out, "%d %%\n", 10*tenth)
		}
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "release %s is there; no booth gets it before hub release ring\n", r.Version)
	return err
}

func testers(ctx context.Context, store *release.Store, sites []string, out io.Writer) error {
	for _, s := range sites {
		if err := wire.CheckID("site", s); err != nil {
			return err
		}
	}
	if len(sites) > 0 {
		if err := store.SetTesters(ctx, sites); err != nil {
			return err
		}
	}
	named, err := store.Testers(ctx)
	if err != nil {
		return err
	}
	for _, s := range slices.Sorted(slices.Values(named)) {
		if _, err := fmt.Fprintln(out, s); err != nil {
			return err
		}
	}
	return nil
}

func listReleases(ctx context.Context, store *release.Store, out io.Writer) error {
	all, err := store.List(ctx)
	if err != nil {
		return err
	}
	for _, r := range all {
		line := []string{r.Version, r.Made.Format("2006-01-02"), fmt.Sprintf("%.0f MB", float64(r.Bytes)/1e6), r.Nature}
		for _, ring := range []release.Ring{release.Test, release.Tenth, release.All} {
			if o, ok := r.Rings[ring]; ok {
				line = append(line, string(ring)+" from "+o.From.Local().Format("2006-01-02 15:04"))
			}
		}
		if r.Withdrawn {
			line = append(line, "withdrawn")
		}
		if _, err := fmt.Fprintln(out, strings.Join(line, "\t")); err != nil {
			return err
		}
	}
	return nil
}

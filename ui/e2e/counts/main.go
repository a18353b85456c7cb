// Counts is a booth that has counted already: it brings the hub counts of half
// days long gone, which the tests of the grid need and no simulated booth has.
//
//	counts -hub ws://127.0.0.1:8090 -credentials FILE -site gien <counts.jsonl
//
// Each line of its input is what a booth uploads of half a day (wire.Usage). It
// ends when the hub has all of them.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/nats-io/nats.go"

	"loiret.fr/visioborne/hub/wire"
)

// patience is how long the hub may take for one answer.
const patience = 20 * time.Second

func main() {
	hub := flag.String("hub", "", "the hub's `address`, ws://host:port")
	credentials := flag.String("credentials", "", "the booth's credentials `file`")
	site := flag.String("site", "", "the booth's `site`")
	flag.Parse()
	if err := run(*hub, *credentials, *site, os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "counts:", err)
		os.Exit(1)
	}
}

func run(hub, credentials, site string, in io.Reader) error {
	nc, err := nats.Connect(hub, nats.ProxyPath("/nats"), nats.UserCredentials(credentials), nats.CustomInboxPrefix(wire.InboxPrefix(site)))
	if err != nil {
		return fmt.Errorf("connecting to %s: %w", hub, err)
	}
	defer nc.Close()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, wire.MaxBytes)
	for lines.Scan() {
		if len(lines.Bytes()) == 0 {
			continue
		}
		u, err := wire.Decode[wire.Usage](lines.Bytes())
		if err != nil {
			return fmt.Errorf("reading counts: %w", err)
		}
		answer, err := nc.Request(wire.Up(site, wire.VerbUsage), lines.Bytes(), patience)
		if err != nil {
			return fmt.Errorf("bringing counts of %s: %w", u.HalfDay, err)
		}
		kept, err := wire.Decode[wire.UsageReply](answer.Data)
		if err == nil && kept.Code != "" {
			err = errors.New(string(kept.Code))
		}
		if err != nil {
			return fmt.Errorf("bringing counts of %s: %w", u.HalfDay, err)
		}
	}
	return lines.Err()
}

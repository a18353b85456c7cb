// Load puts a whole département's booths and desks on a hub and on a bare
// nats-server, one after the other, and prints what each took as a Markdown table:
//
//	load -hub build/hub -nats build/nats-server -config config/loiret
//
// The booths are the booth's own connection to its hub (kiosk/link) with signed
// credentials of their own, the same for both. The hub's desks are websockets of
// advisers who have signed in. Beside the bare server a clerk does what makes calls of messages, and no
// more: a process of its own (load -clerk) that answers booths, keeps each call in a
// key-value bucket as the hub does, and rings desks, which are NATS clients there.
//
// It starts these programs and ends them, listens nowhere, and writes below a
// temporary folder only. It asserts nothing about speed, but that all calls came through.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

// options are what is measured.
type options struct {
	booths, desks, calls int
	hub, nats, config    string
	clerk                string
}

func main() {
	var o options
	flag.IntVar(&o.booths, "booths", 3000, "how many booths")
	flag.IntVar(&o.desks, "desks", 300, "how many desks")
	flag.IntVar(&o.calls, "calls", 1000, "how many booths call at once")
	flag.StringVar(&o.hub, "hub", "build/hub", "the hub's `program`")
	flag.StringVar(&o.nats, "nats", "build/nats-server", "the bare server's `program`")
	flag.StringVar(&o.config, "config", "config/loiret", "the `folder` of partners.yaml and demonstration.yaml")
	flag.StringVar(&o.clerk, "clerk", "", "be the bare server's clerk, as `orders` say; not for people")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	var err error
	if o.clerk != "" {
		err = serveAsClerk(ctx, o.clerk)
	} else {
		err = run(ctx, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if o.calls > o.booths || o.calls < 1 || o.desks < len(partners()) {
		return fmt.Errorf("%d calls of %d booths to %d desks; expected a call of at most each booth, and a desk for each partner", o.calls, o.booths, o.desks)
	}
	// The hub has three descriptors for each booth: the booth's, and both ends of the way to its own NATS.
	if err := allowFiles(uint64(3*o.booths + o.desks + 500)); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "load-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	ours, err := openHub(filepath.Join(dir, "hub"), o)
	if err != nil {
		return err
	}
	with, err := measure(ctx, o, ours)
	if err = errors.Join(err, ours.close()); err != nil {
		return fmt.Errorf("the hub: %w", err)
	}
	bare, err := openBare(filepath.Join(dir, "bare"), o)
	if err != nil {
		return err
	}
	without, err := measure(ctx, o, bare)
	if err = errors.Join(err, bare.close()); err != nil {
		return fmt.Errorf("the bare server: %w", err)
	}
	print(o, with, without)
	return nil
}

// print prints both figures beside each other.
func print(o options, with, without figures) {
	fmt.Printf("\n%d booths and %d desks on loopback, %d calls at once; the clients run on the same machine.\n\n", o.booths, o.desks, o.calls)
	fmt.Print("| what | hub | bare nats-server | ratio | aim |\n| --- | ---: | ---: | ---: | --- |\n")
	row := func(what string, a, b float64, unit, aim string) {
		ratio := ""
		if b > 0 {
			ratio = fmt.Sprintf("%.2f", a/b)
		}
		fmt.Printf("| %s | %.*f %s | %.*f %s | %s | %s |\n", what, digits(a), a, unit, digits(b), b, unit, ratio, aim)
	}
	for _, p := range []int{50, 99} {
		row(fmt.Sprintf("the booth's request to the desk's ring, p%d", p), with.ring.percentile(p), without.ring.percentile(p), "ms", "at most 1.5")
	}
	for _, p := range []int{50, 99} {
		row(fmt.Sprintf("the booth's request to the adviser's SDP answer in the booth, p%d", p), with.answered.percentile(p), without.answered.percentile(p), "ms", "at most 1.5")
	}
	row("all booths connected and greeted, at the first start", with.connected.Seconds(), without.connected.Seconds(), "s", "")
	row("reconnect storm: kill -9, start, until every booth is greeted again", with.storm.Seconds(), without.storm.Seconds(), "s", "below 60 s; at most 1.5")
	row("memory a booth (PSS)", with.perBooth, without.perBooth, "KiB", "at most 1.5")
	row("memory of the process (PSS), without booths", with.idle, without.idle, "MiB", "")
	row("the same, all booths connected", with.full, without.full, "MiB", "at most 1.5")
	row("the same, with desks, after the calls and the storm", with.after, without.after, "MiB", "")
	row("CPU of a call, with all that it changes for others", with.perCall, without.perCall, "ms", "")
	row("CPU for a minute of statuses, without calls, desks open", with.cpu, without.cpu, "s", "")
}

// digits are as many as a figure deserves.
func digits(v float64) int {
	if v < 10 {
		return 2
	}
	return 0
}

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/google/uuid"

	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/link"
)

const (
	// patience is for what must happen; what takes longer has failed.
	patience = 3 * time.Minute
	// settle is how long a server is left alone before its memory is read; window for how long its CPU is.
	settle, window = 15 * time.Second, 30 * time.Second
)

// figures are what was measured of one server.
type figures struct {
	ring, answered   times
	connected, storm time.Duration
	// Memory is in MiB, that of a booth in KiB; cpu in seconds a minute, perCall in milliseconds.
	idle, full, after, perBooth, cpu, perCall float64
}

type times []time.Duration

// percentile is in milliseconds.
func (t times) percentile(p int) float64 {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	return float64(sorted[min(len(sorted)-1, (p*len(sorted)+99)/100-1)].Microseconds()) / 1000
}

// server is one of the two that are measured.
type server interface {
	// booth is where a site's booth connects, and with what credentials.
	booth(site int) (url string, credentials []byte)
	// openDesks has advisers sit down, who answer whatever rings. rings is told of each.
	openDesks(ctx context.Context, rings func(call string)) error
	// start starts the server's process, again after kill.
	start(ctx context.Context) error
	kill()
	pid() int
	// helpers are the processes beside that do what the hub does by itself.
	helpers() []int
}

func siteID(i int) string { return fmt.Sprintf("site-%04d", i) }

// partners are those of the demonstration's site.
func partners() []string { return []string{"caf", "cpam", "carsat", "adil", "cdad"} }

// fleet is all booths.
type fleet struct {
	links  []*link.Link
	linked atomic.Int64
	// all is told each time that the last one is linked.
	all chan struct{}

	mu     sync.Mutex
	placed map[string]time.Time
	rung   map[string]time.Time
	ring   times
	done   times
	failed []string
	over   chan struct{} // closed when all calls have come to something
	calls  int
}

func (f *fleet) take(e link.Event) {
	switch e := e.(type) {
	case link.Linked:
		if f.linked.Add(1) == int64(len(f.links)) {
			select {
			case f.all <- struct{}{}:
			default:
			}
		}
	case link.Unlinked:
		f.linked.Add(-1)
	case link.Refused:
		f.end(e.Call, "refused as "+string(e.Code))
	case link.Unanswered:
		f.end(e.Call, "unanswered")
	case link.Ended:
		f.end(e.Call, "ended as "+string(e.Reason))
	case link.Signal:
		if e.Signal.Kind == wire.KindAnswer {
			f.end(e.Call, "")
		}
	case link.AgentCallAsked, link.AgentJoinAsked, link.Answered, link.CalledBack, link.ConfigurationChanged, link.DeviceCheckAsked,
		link.HelpRung, link.HelpSeen, link.HelpUnanswered, link.LogsAsked, link.Partners, link.Placed, link.ReleasesChanged,
		link.Renewed, link.Requeued, link.RestartAsked, link.Ringing, link.ServiceChanged, link.TestCallAsked, link.Transferred:
	}
}

// end: a call has come to an answer, or to nothing.
func (f *fleet) end(call, failed string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at, waits := f.placed[call]
	if !waits {
		return
	}
	delete(f.placed, call)
	if failed != "" {
		f.failed = append(f.failed, failed)
	} else {
		f.done = append(f.done, time.Since(at))
	}
	if f.calls--; f.calls == 0 {
		close(f.over)
	}
}

// rings: a desk rings for the first time.
func (f *fleet) rings(call string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if at, known := f.placed[call]; known && f.rung[call].IsZero() {
		f.rung[call] = time.Now()
		f.ring = append(f.ring, time.Since(at))
	}
}

// offer is as long as a real one.
func offer() string {
	return "v=0\r\n" + strings.Repeat("a=candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host\r\n", 60)
}

// measure measures one server from its start to its end.
func measure(ctx context.Context, o options, s server) (figures, error) {
	var all figures
	if err := s.start(ctx); err != nil {
		return all, err
	}
	pause(ctx, settle/4)
	var err error
	if all.idle, err = memory(s.pid()); err != nil {
		return all, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f := &fleet{all: make(chan struct{}, 1), placed: map[string]time.Time{}, rung: map[string]time.Time{}, over: make(chan struct{}), calls: o.calls}
	var tasks sync.WaitGroup
	defer tasks.Wait()
	defer cancel()
	f.links = make([]*link.Link, o.booths)
	for i := range f.links {
		url, credentials := s.booth(i)
		f.links[i] = link.New(link.Options{
			URL: url, Credentials: credentials, Site: siteID(i), Version: "load", Log: slog.New(slog.DiscardHandler),
			Events: func(e link.Event) {
				if r, ok := e.(link.Ringing); ok {
					f.links[i].Signal(r.Call, wire.Signal{Kind: wire.KindOffer, SDP: offer()})
				}
				f.take(e)
			},
		})
		f.links[i].Status(wire.Status{Version: "load", Phase: "none", Since: time.Now().UTC(), Encoder: "openh264", Health: &wire.Health{Power: "good", Screen: "shown"}})
	}
	began := time.Now()
	fell := make(chan error, len(f.links))
	for _, l := range f.links {
		tasks.Go(func() {
			if err := l.Run(ctx); err != nil {
				fell <- err
			}
		})
	}
	if err := f.await(ctx, fell); err != nil {
		return all, err
	}
	all.connected = time.Since(began)
	progress("all booths connected after", all.connected)
	// Before the desks: passwords are made to cost memory.
	pause(ctx, settle)
	if all.full, err = memory(s.pid()); err != nil {
		return all, err
	}
	all.perBooth = (all.full - all.idle) * 1024 / float64(o.booths)
	fmt.Fprintf(os.Stderr, "load: %.0f MiB without booths, %.0f MiB with, %.0f KiB a booth\n", all.idle, all.full, all.perBooth)
	began = time.Now()
	if err := s.openDesks(ctx, f.rings); err != nil {
		return all, err
	}
	progress("all desks open after", time.Since(began))
	pause(ctx, settle)
	before, err := used(s)
	if err != nil {
		return all, err
	}
	pause(ctx, window)
	after, err := used(s)
	if err != nil {
		return all, err
	}
	all.cpu = (after - before).Seconds() * float64(time.Minute/window)

	// The calls.
	for i := range o.calls {
		call := uuid.NewString()
		f.mu.Lock()
		f.placed[call] = time.Now()
		f.mu.Unlock()
		f.links[i*o.booths/o.calls].Place(call, partners()[i%len(partners())], "fr", "")
	}
	select {
	case <-f.over:
	case <-ctx.Done():
		return all, ctx.Err()
	case <-time.After(patience):
	}
	f.mu.Lock()
	all.ring, all.answered = f.ring, f.done
	failed := len(f.failed)
	err = nil
	if len(f.done) != o.calls {
		err = fmt.Errorf("%d of %d calls were answered; %d failed, the first as %q", len(f.done), o.calls, failed, append(f.failed, "")[0])
	}
	f.mu.Unlock()
	if err != nil {
		return all, err
	}
	progress("all calls answered, the last after", slices.Max(all.answered))
	before = after
	if after, err = used(s); err != nil {
		return all, err
	}
	all.perCall = float64((after - before).Milliseconds()) / float64(o.calls)

	// The storm.
	pause(ctx, settle/4)
	select {
	case <-f.all: // of the first start
	default:
	}
	began = time.Now()
	s.kill()
	if err := s.start(ctx); err != nil {
		return all, err
	}
	progress("started again after", time.Since(began))
	if err := f.await(ctx, fell); err != nil {
		return all, err
	}
	all.storm = time.Since(began)
	progress("all booths back after", all.storm)
	pause(ctx, settle)
	all.after, err = memory(s.pid())
	return all, err
}

// await waits until every booth is linked.
func (f *fleet) await(ctx context.Context, fell <-chan error) error {
	select {
	case <-f.all:
		return nil
	case err := <-fell:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(patience):
		return fmt.Errorf("%d of %d booths are linked after %s", f.linked.Load(), len(f.links), patience)
	}
}

func progress(what string, took time.Duration) {
	fmt.Fprintf(os.Stderr, "load: %s %s\n", what, took.Round(time.Millisecond))
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// jitter spreads clients that come back over time.
func jitter() time.Duration { return 200*time.Millisecond + rand.N(time.Second) }

// memory is a process's proportional set, in MiB (proc(5), smaps_rollup).
func memory(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, fmt.Errorf("reading a process's memory: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "Pss:"); ok {
			n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")))
			return float64(n) / 1024, err
		}
	}
	return 0, errors.New("reading a process's memory: smaps_rollup has no Pss")
}

// used is the CPU time of a server with what helps it.
func used(s server) (time.Duration, error) {
	var sum time.Duration
	for _, pid := range append(s.helpers(), s.pid()) {
		one, err := cpu(pid)
		if err != nil {
			return 0, err
		}
		sum += one
	}
	return sum, nil
}

// cpu is what a process has used (proc(5), stat: 14 and 15, in hundredths of a second on Linux).
func cpu(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("reading a process's CPU: %w", err)
	}
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	sum := 0
	for _, f := range fields[11:13] {
		n, err := strconv.Atoi(string(f))
		if err != nil {
			return 0, fmt.Errorf("reading a process's CPU: %w", err)
		}
		sum += n
	}
	return time.Duration(sum) * 10 * time.Millisecond, nil
}

// allowFiles raises the limit of open files, which the programs it starts have too.
func allowFiles(least uint64) error {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return fmt.Errorf("reading the limit of open files: %w", err)
	}
	wish := syscall.Rlimit{Cur: max(l.Max, least), Max: max(l.Max, least)}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &wish); err != nil {
		return fmt.Errorf("allowing %d open files: %w; the limit is %d: run it as root, with a higher ulimit -Hn, or with fewer -booths", least, err, l.Max)
	}
	return nil
}

// program is a child whose output is kept in a file.
type program struct {
	cmd   *exec.Cmd
	ended chan struct{}
}

// launch starts a program that dies with this one.
func launch(log, path string, args ...string) (*program, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	p := &program{cmd: exec.Command(path, args...), ended: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = out, out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	go func() {
		// The child dies with the thread that started it, so this one stays until it has ended.
		runtime.LockOSThread()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			_ = p.cmd.Wait()
			close(p.ended)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("starting %s: %w; make bench builds it", filepath.Base(path), err)
	}
	return p, nil
}

func (p *program) kill() {
	if p == nil {
		return
	}
	_ = p.cmd.Process.Kill() // it may have ended by itself
	<-p.ended
}

// await waits until a program is ready, as try tells.
func (p *program) await(ctx context.Context, log string, try func() error) error {
	ticks := time.NewTicker(20 * time.Millisecond)
	defer ticks.Stop()
	limit := time.After(patience)
	for {
		err := try()
		if err == nil {
			return nil
		}
		select {
		case <-ticks.C:
		case <-p.ended:
			return fmt.Errorf("%s ended by itself:\n%s", filepath.Base(p.cmd.Path), tail(log))
		case <-ctx.Done():
			return ctx.Err()
		case <-limit:
			return fmt.Errorf("%s is not ready after %s: %w\n%s", filepath.Base(p.cmd.Path), patience, err, tail(log))
		}
	}
}

// tail is the end of a file.
func tail(name string) string {
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil {
		_, _ = f.Seek(max(0, info.Size()-2000), io.SeekStart)
	}
	b, _ := io.ReadAll(f)
	return string(b)
}

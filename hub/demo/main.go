// Demo starts a hub and a booth on one machine, for demonstration, training and
// development: it starts both programs from the folder it lies in, waits until
// each is ready, and prints where their pages are and how to sign in.
//
// The booth's devices are simulated unless CAMERA names a real camera. State
// lies in STATE_DIR; nothing else is written. Ctrl-C ends both programs.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"loiret.fr/visioborne/config"
)

const (
	site = "demonstration"
	// A program that is not ready after this long never will be.
	startLimit = 30 * time.Second
	// A program that does not end by itself in this time is ended.
	stopLimit = 10 * time.Second
)

func main() {
	// The children die with the thread that started them (PR_SET_PDEATHSIG), so it must be the one that stays.
	runtime.LockOSThread()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func setting(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}

func run(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding the programs: %w", err)
	}
	bin := filepath.Dir(self)
	loiret := setting("CONFIG_DIR", filepath.Join(filepath.Dir(bin), "config", "loiret"))
	siteFile, partners := filepath.Join(loiret, site+".yaml"), filepath.Join(loiret, "partners.yaml")
	hubAddr, kioskAddr := setting("HUB_ADDR", "127.0.0.1:8090"), setting("KIOSK_ADDR", "127.0.0.1:8080")
	state := setting("STATE_DIR", "state")
	hubState := filepath.Join(state, "hub")
	if err := os.MkdirAll(hubState, 0o700); err != nil {
		return fmt.Errorf("making the state folder: %w", err)
	}

	hub, err := start(filepath.Join(bin, "hub"), "serve", "-addr", hubAddr, "-state", hubState,
		"-partners", partners, "-sites", siteFile, "-demonstration")
	if err != nil {
		return err
	}
	defer hub.stop()
	// The hub's lines are kept back until the booth is ready, so that the touchscreen comes first.
	lines, err := hub.ready(ctx, "account: desk ", 5)
	if err != nil {
		return err
	}

	// The booth gets the directory as a hub gives it: with the sites near it.
	boothPartners, err := withSites(siteFile, partners, filepath.Join(loiret, "sites"), state)
	if err != nil {
		return err
	}
	credentials := filepath.Join(state, site+".creds")
	signed, err := exec.CommandContext(ctx, filepath.Join(bin, "hub"), "booth", "credentials", "-state", hubState, site).Output()
	if err != nil {
		return fmt.Errorf("issuing the booth's credentials: %w", detail(err))
	}
	if err := os.WriteFile(credentials, signed, 0o600); err != nil {
		return fmt.Errorf("keeping the booth's credentials: %w", err)
	}
	args := []string{
		"-addr", kioskAddr, "-site", siteFile, "-partners", boothPartners,
		"-hub", "ws://" + hubAddr, "-credentials", credentials,
	}
	if camera := os.Getenv("CAMERA"); camera != "" {
		args = append(args, "-camera", camera)
	}
	if record := os.Getenv("RECORD_SPEAKER"); record != "" {
		args = append(args, "-record-speaker", record)
	}
	kiosk, err := start(filepath.Join(bin, "kiosk"), args...)
	if err != nil {
		return err
	}
	defer kiosk.stop()
	ready, err := kiosk.ready(ctx, "touchscreen: ", 1)
	if err != nil {
		return err
	}
	for _, line := range append(ready, lines...) {
		fmt.Println(line)
	}

	select {
	case <-ctx.Done():
		// Asked to end: what goes wrong now is worth a line, not a failure.
		if err := errors.Join(kiosk.stop(), hub.stop()); err != nil {
			fmt.Fprintln(os.Stderr, "demo:", err)
		}
		return nil
	case <-hub.ended:
		return fmt.Errorf("the hub ended by itself: %w", hub.err)
	case <-kiosk.ended:
		return fmt.Errorf("the booth ended by itself: %w", kiosk.err)
	}
}

// withSites writes the partner directory with the sites of a folder near a site, and returns the file's name. Without such
// a folder it is the directory as it is.
func withSites(siteFile, partners, folder, state string) (string, error) {
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return partners, nil
	}
	own, err := config.LoadSite(siteFile)
	if err != nil {
		return "", fmt.Errorf("reading the booth's site: %w", err)
	}
	sites, err := config.LoadSites(folder)
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(partners)
	if err != nil {
		return "", fmt.Errorf("reading the partners: %w", err)
	}
	file := filepath.Join(state, "partners.yaml")
	if err := os.WriteFile(file, []byte(config.WithSites(string(text), own, slices.Collect(maps.Values(sites)))), 0o600); err != nil {
		return "", fmt.Errorf("writing the booth's partners: %w", err)
	}
	return file, nil
}

// detail adds what a program wrote about its failure.
func detail(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
	}
	return err
}

// program is a running child.
type program struct {
	name  string
	cmd   *exec.Cmd
	lines chan string
	ended chan struct{}
	err   error // valid once ended is closed
}

func start(path string, args ...string) (*program, error) {
	p := &program{name: filepath.Base(path), cmd: exec.Command(path, args...), lines: make(chan string, 64), ended: make(chan struct{})}
	// A group of its own keeps the terminal's Ctrl-C away: we end the children in order.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	p.cmd.Stderr = os.Stderr
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("starting %s: %w", p.name, err)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w; build it with make build", p.name, err)
	}
	go func() {
		defer close(p.ended)
		p.read(stdout)
		p.err = p.cmd.Wait()
	}()
	return p, nil
}

// read keeps the lines for ready. The programs print their few ready lines and
// nothing after them, so the channel's room is ample; what is beyond it is dropped.
func (p *program) read(stdout io.Reader) {
	defer close(p.lines)
	scanner := bufio.NewScanner(stdout)
	for scanner.Scan() {
		select {
		case p.lines <- scanner.Text():
		default:
		}
	}
}

// ready collects the lines up to the count-th that begins with prefix.
func (p *program) ready(ctx context.Context, prefix string, count int) ([]string, error) {
	limit := time.NewTimer(startLimit)
	defer limit.Stop()
	var lines []string
	for count > 0 {
		select {
		case line, ok := <-p.lines:
			if !ok {
				return nil, fmt.Errorf("starting %s: it ended before it was ready; its messages are above", p.name)
			}
			lines = append(lines, line)
			if strings.HasPrefix(line, prefix) {
				count--
			}
		case <-ctx.Done():
			return nil, fmt.Errorf("starting %s: %w", p.name, ctx.Err())
		case <-limit.C:
			return nil, fmt.Errorf("starting %s: not ready after %v", p.name, startLimit)
		}
	}
	return lines, nil
}

// stop asks the program to end, and ends it when it does not. It may be called twice.
func (p *program) stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	limit := time.NewTimer(stopLimit)
	defer limit.Stop()
	select {
	case <-p.ended:
	case <-limit.C:
		_ = p.cmd.Process.Kill()
		<-p.ended
		return fmt.Errorf("ending %s: it did not end within %v and was killed", p.name, stopLimit)
	}
	if p.err != nil {
		return fmt.Errorf("ending %s: %w", p.name, p.err)
	}
	return nil
}

// Package screen shows the touchscreen's page on the panel: it runs a browser
// that can reach the booth's page and nothing else, starts it again when it dies
// or stops answering, and switches the panel off and on.
//
// The browser is Chromium on X.Org, from a root file system of its own. Run
// starts the program "kiosk screen-stage" (Stage) in namespaces of its own:
// mounts, processes, IPC, host name, and a network with nothing but loopback, in
// which Listen has opened the page's address. The stage makes the devices it
// may see - the framebuffer or DRM card, and touchscreens, tablets and mice, but
// no keyboard - goes into the browser's root with pivot_root, and starts X.Org
// and Chromium, each as an ordinary user in a user namespace. Chromium's own
// sandbox is kept.
//
// It writes nothing to disk: the browser's home is in memory and goes with it.
// Run owns every goroutine and process and returns when they have ended.
//
// Sources: namespaces(7), pivot_root(2), Xorg(1) (-seat), Chromium's
// docs/linux/sandboxing.md, Linux' Documentation/fb/api.rst.
package screen

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Options are what the screen needs of the rest of the booth.
type Options struct {
	// Root is the folder on which the browser's root file system is mounted.
	Root string
	// URL is the page, on an address that Listen opened.
	URL string
	// Rotation is by how many degrees the picture is turned clockwise, to stand upright on the panel: 0, 90, 180 or 270.
	Rotation int
	// Lost is called when the browser has to be started again, with the reason, and with "" once a page answers.
	Lost func(reason string)
	// Words are what the panel says, without a browser, while none can be started.
	Words Words
	Log   *slog.Logger
}

// Screen is the panel and its browser.
type Screen struct {
	options Options
	network *os.File // the browser's network namespace
	alive   atomic.Int64
	off     atomic.Bool             // the panel is to be off
	changed chan struct{}           // off was changed
	command func(Options) *exec.Cmd // starts a stage; replaced in tests
	clock   func() time.Time
}

// Times of the supervisor.
const (
	// startTime is how long a browser may take until its page answers: a cold start from a slow card.
	startTime = 2 * time.Minute
	// silence is how long a page may be silent; it says that it lives every second.
	silence = 10 * time.Second
	// backOff is the pause before the second start in a row that came to nothing; it doubles up to maxBackOff.
	backOff    = time.Second
	maxBackOff = 30 * time.Second
	// looks is how often the input devices and the page's signs of life are looked at.
	looks = time.Second
)

// New makes a screen whose browser will live in the network in which Listen listens.
func New(o Options, network *os.File) *Screen {
	return &Screen{options: o, network: network, changed: make(chan struct{}, 1), command: stageCommand, clock: time.Now}
}

// Listen opens an address in a new network namespace, which has nothing but
// loopback, and gives the namespace.
func Listen(addr string) (net.Listener, *os.File, error) {
	type result struct {
		listener net.Listener
		network  *os.File
		err      error
	}
	done := make(chan result)
	go func() {
		// The thread that is in the new namespace must end with this goroutine, so it is never unlocked.
		runtime.LockOSThread()
		l, n, err := listenApart(addr)
		done <- result{l, n, err}
	}()
	r := <-done
	if r.err != nil {
		return nil, nil, fmt.Errorf("making the browser's network: %w", r.err)
	}
	return r.listener, r.network, nil
}

func listenApart(addr string) (net.Listener, *os.File, error) {
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return nil, nil, err
	}
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	defer unix.Close(s)
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		return nil, nil, err
	}
	lo.SetUint16(unix.IFF_UP)
	if err := unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, lo); err != nil {
		return nil, nil, fmt.Errorf("switching loopback on: %w", err)
	}
	network, err := os.Open(fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Gettid()))
	if err != nil {
		return nil, nil, err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		network.Close()
		return nil, nil, err
	}
	return l, network, nil
}

// Alive is called for every sign of life of a page.
func (s *Screen) Alive() { s.alive.Store(s.clock().UnixNano()) }

// Blank switches the panel off, or on again.
func (s *Screen) Blank(off bool) {
	if s.off.Swap(off) == off {
		return
	}
	select {
	case s.changed <- struct{}{}:
	default: // a change is told already, and only the latest wish counts
	}
}

// Run keeps a browser on the panel until ctx ends.
func (s *Screen) Run(ctx context.Context) error {
	failures := 0
	for ctx.Err() == nil {
		answered, err := s.runOnce(ctx)
		if ctx.Err() != nil {
			return nil
		}
		s.options.Log.Warn("browser ended", "reason", err, "had answered", answered)
		s.options.Lost(err.Error())
		if errors.Is(err, errDevices) {
			continue // a touchscreen was plugged in: that is no failure
		}
		if answered {
			failures = 0
		}
		pause := pauseAfter(failures)
		failures++
		if failures > 1 {
			// The panel shows why for as long as no browser does.
			if err := drawWords(s.options.Words, s.options.Rotation); err != nil {
				s.options.Log.Warn("writing on the framebuffer", "error", err)
			}
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
	return nil
}

// pauseAfter is how long to wait before the next start, after so many failures in a row.
func pauseAfter(failures int) time.Duration {
	if failures == 0 {
		return 0
	}
	return min(backOff<<min(failures-1, 10), maxBackOff)
}

var errDevices = errors.New("the input devices have changed")

// runOnce runs one browser until it dies, falls silent or ctx ends.
func (s *Screen) runOnce(ctx context.Context) (answered bool, err error) {
	started := s.clock()
	inputs, err := findInputs(sysInput)
	if err != nil {
		return false, err
	}
	stage, err := s.start(inputs)
	if err != nil {
		return false, err
	}
	ended := make(chan error, 1)
	go func() { ended <- stage.wait() }()
	defer func() {
		if ended != nil {
			stage.kill()
			<-ended
		}
	}()
	if s.off.Load() {
		stage.blank(true) // a new browser lights the panel
	}
	tick := time.NewTicker(looks)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return answered, ctx.Err()
		case err := <-ended:
			ended = nil
			return answered, err
		case <-s.changed:
			stage.blank(s.off.Load())
		case <-tick.C:
			last := time.Unix(0, s.alive.Load())
			now := s.clock()
			if last.After(started) && !answered {
				answered = true
				s.options.Log.Info("browser ready", "after", now.Sub(started).Round(time.Millisecond).String(), "inputs", len(inputs))
				s.options.Lost("")
			}
			if answered && now.Sub(last) > silence {
				return answered, fmt.Errorf("the page has not answered for %v", silence)
			}
			if !answered && now.Sub(started) > startTime {
				return answered, fmt.Errorf("no page answered within %v", startTime)
			}
			if found, err := findInputs(sysInput); err == nil && !sameInputs(found, inputs) {
				return answered, errDevices
			}
		}
	}
}

// stage is a running "kiosk screen-stage".
type stage struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	last  lastLines
}

// stageCommand is this very program, in the role of the stage.
func stageCommand(Options) *exec.Cmd {
	c := exec.Command("/proc/self/exe", StageCommand)
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS,
	}
	return c
}

func (s *Screen) start(inputs []input) (*stage, error) {
	st := &stage{cmd: s.command(s.options)}
	// Nothing of the service's environment concerns the browser.
	st.cmd.Env = []string{"GOMAXPROCS=2"}
	var err error
	if st.stdin, err = st.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("starting the browser: %w", err)
	}
	out, in, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("starting the browser: %w", err)
	}
	st.cmd.Stdout, st.cmd.Stderr = in, in
	if err := s.startApart(st.cmd); err != nil {
		out.Close()
		in.Close()
		return nil, fmt.Errorf("starting the browser: %w", err)
	}
	in.Close()
	st.last.read(out, s.options.Log)
	order, err := json.Marshal(order{Root: s.options.Root, URL: s.options.URL, Inputs: inputs, Rotation: s.options.Rotation})
	if err != nil {
		return nil, err
	}
	if _, err := st.stdin.Write(append(order, '\n')); err != nil {
		s.options.Log.Debug("giving the stage its orders", "error", err) // its end says more
	}
	return st, nil
}

// startApart starts a process in the browser's network.
func (s *Screen) startApart(c *exec.Cmd) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked: this thread ends here
		if s.network != nil {
			if err := unix.Setns(int(s.network.Fd()), unix.CLONE_NEWNET); err != nil {
				done <- fmt.Errorf("entering the browser's network: %w", err)
				return
			}
		}
		done <- c.Start()
	}()
	return <-done
}

func (s *stage) wait() error {
	err := s.cmd.Wait()
	s.last.done.Wait()
	if err == nil {
		err = errors.New("it ended")
	}
	if text := s.last.String(); text != "" {
		return fmt.Errorf("%w: %s", err, text)
	}
	return err
}

func (s *stage) kill() {
	s.stdin.Close()
	s.cmd.Process.Kill() // process 1 of its namespace: all of it goes
}

func (s *stage) blank(off bool) {
	word := blankOff
	if off {
		word = blankOn
	}
	io.WriteString(s.stdin, word+"\n") // a stage that is gone ends by itself
}

// lastLines keeps the last lines that the stage, X.Org and Chromium wrote, for the reason of an end.
type lastLines struct {
	mu    sync.Mutex
	lines []string
	done  sync.WaitGroup
}

const keptLines = 6

func (l *lastLines) read(r io.ReadCloser, log *slog.Logger) {
	l.done.Go(func() {
		defer r.Close()
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, 64<<10)
		for lines.Scan() {
			text := strings.TrimSpace(lines.Text())
			if text == "" {
				continue
			}
			log.Debug("browser says", "line", text)
			l.mu.Lock()
			l.lines = append(l.lines, text)
			if len(l.lines) > keptLines {
				l.lines = l.lines[1:]
			}
			l.mu.Unlock()
		}
		io.Copy(io.Discard, r) // a line too long: the rest must not block the browser
	})
}

func (l *lastLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, " | ")
}

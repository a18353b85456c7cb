package counting

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"loiret.fr/visioborne/hub/broker"
	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/link"
	"loiret.fr/visioborne/kiosk/usage"
)

const (
	// A burst is what is counted before it is looked for on the disk: 1 to mostBurst counts of one word, which no other burst has.
	mostBurst = 49
	// perHalfDay is after how many bursts a booth's half day is over, so that its file may go to the hub.
	perHalfDay = 10
	// pause is between two bursts: the hub is to be killed while counts are made, not after.
	pause = 100 * time.Millisecond
	// patience is for what must happen in the end, on a machine that has much else to do.
	patience = 5 * time.Minute
)

// The test's own program is the booth too.
func TestMain(m *testing.M) {
	if text := os.Getenv("COUNTING_BOOTH"); text != "" {
		if err := runBooth(text, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "booth:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// orders are what a booth's process is told.
type orders struct {
	Hub, Credentials, Site, Folder string
	// First is the first burst, Bursts how many there are.
	First, Bursts int
}

func halfDayOf(burst int) time.Time {
	return time.Date(2026, 1, 1, 6, 0, 0, 0, time.UTC).Add(time.Duration(burst/perHalfDay) * 12 * time.Hour)
}

// countsOf is what a burst counts: how often which word of which partner.
func countsOf(burst int) (partner, what string, n int) {
	r := rand.New(rand.NewPCG(uint64(burst), 5))
	return []string{"", "caf", "cpam"}[r.IntN(3)], fmt.Sprintf("burst_%06d", burst), 1 + r.IntN(mostBurst)
}

// onDisk is how often a burst's word is in the files of its half day.
func onDisk(folder string, burst int) (int, error) {
	files, err := filepath.Glob(filepath.Join(folder, usage.HalfDay(halfDayOf(burst))+".*.json"))
	if err != nil {
		return 0, err
	}
	_, what, _ := countsOf(burst)
	sum := 0
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return 0, err
		}
		u, err := wire.Decode[wire.Usage](text)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", f, err)
		}
		for _, c := range u.Counts {
			if c.What == what {
				sum += c.N
			}
		}
	}
	return sum, nil
}

// runBooth counts as a booth does, with the booth's own code, and says what is on the disk. It ends when the hub has all.
func runBooth(text string, out io.Writer) error {
	var o orders
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	var now atomic.Int64
	now.Store(halfDayOf(o.First).Unix())
	var up *link.Link
	spool := usage.New(usage.Options{
		Folder: o.Folder, Location: time.UTC, Refused: link.ErrRefused, Unsettled: link.ErrUnsettled, Log: log,
		Upload: func(ctx context.Context, u wire.Usage) error { return up.SendUsage(ctx, u) },
		Now:    func() time.Time { return time.Unix(now.Load(), 0) },
	})
	up = link.New(link.Options{
		URL: o.Hub, CredentialsFile: o.Credentials, Site: o.Site, Version: "counting", Log: log,
		Events: func(e link.Event) {
			if _, ok := e.(link.Linked); ok {
				spool.Linked()
			}
		},
	})
	ctx, cancel := context.WithCancel(context.Background())
	var tasks sync.WaitGroup
	defer tasks.Wait()
	defer cancel()
	failed := make(chan error, 2)
	for _, run := range []func(context.Context) error{spool.Run, up.Run} {
		tasks.Go(func() {
			if err := run(ctx); err != nil {
				failed <- err
			}
		})
	}
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	next := time.NewTicker(pause)
	defer next.Stop()
	for burst := o.First; burst < o.Bursts; burst++ {
		if at := halfDayOf(burst).Unix(); at != now.Swap(at) {
			spool.Linked() // a half day is over: the hub may be there
		}
		partner, what, n := countsOf(burst)
		for range n {
			spool.Count(partner, what)
		}
		for {
			got, err := onDisk(o.Folder, burst)
			if err != nil {
				return err
			}
			if got > n {
				return fmt.Errorf("%d of %d counts are on the disk", got, n)
			}
			if got == n {
				break
			}
			select {
			case <-look.C:
			case err := <-failed:
				return err
			}
		}
		fmt.Fprintln(out, burst)
		select {
		case <-next.C:
		case err := <-failed:
			return err
		}
	}
	now.Store(halfDayOf(o.Bursts + perHalfDay).Unix())
	spool.Linked()
	for {
		left, err := filepath.Glob(filepath.Join(o.Folder, "*.json"))
		if err != nil {
			return err
		}
		if len(left) == 0 {
			return nil
		}
		select {
		case <-next.C:
		case err := <-failed:
			return err
		}
	}
}

// process is a child that dies by kill -9, or with the test.
type process struct {
	*exec.Cmd
	ended chan struct{} // closed when it has ended
	err   error         // how; valid then
}

// starter starts processes from one thread that stays: they die with it (PR_SET_PDEATHSIG).
type starter struct{ jobs chan func() }

func newStarter(t *testing.T) *starter {
	s := &starter{make(chan func())}
	go func() {
		runtime.LockOSThread()
		for f := range s.jobs {
			f()
		}
	}()
	t.Cleanup(func() { close(s.jobs) })
	return s
}

func (s *starter) start(cmd *exec.Cmd, each func(line string)) (*process, error) {
	p := &process{Cmd: cmd, ended: make(chan struct{})}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	lines, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	done := make(chan error)
	s.jobs <- func() { done <- cmd.Start() }
	if err := <-done; err != nil {
		return nil, err
	}
	go func() {
		defer close(p.ended)
		for r := bufio.NewReader(lines); ; {
			line, err := r.ReadString('\n')
			if err != nil {
				break // a line that was cut off by a kill tells nothing
			}
			each(strings.TrimSpace(line))
		}
		p.err = cmd.Wait()
	}()
	return p, nil
}

// kill is kill -9, and the wait for the end.
func (p *process) kill() {
	_ = p.Process.Kill() // it may have ended by itself
	<-p.ended
}

// booth is a booth whose process is killed and started again.
type booth struct {
	orders
	starter *starter
	said    atomic.Int64 // the last burst that it said was on the disk, -1 when none
	process *process
	// counted is how often the word of each burst was on the disk, for those that it did not say.
	counted map[int]int
	kills   int
}

func (b *booth) start() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	text, err := json.Marshal(b.orders)
	if err != nil {
		return err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "COUNTING_BOOTH="+string(text))
	cmd.Stderr = os.Stderr
	b.process, err = b.starter.start(cmd, func(line string) {
		if n, err := strconv.Atoi(line); err == nil {
			b.said.Store(int64(n))
		}
	})
	return err
}

// kill ends the booth in the middle of something and starts it anew, after a look at its disk.
func (b *booth) kill() error {
	b.process.kill()
	b.kills++
	// It was at the burst after the last one that it told of, which it may have begun or not.
	if at := max(int(b.said.Load())+1, b.First); at < b.Bursts {
		n, err := onDisk(b.Folder, at)
		if err != nil {
			return err
		}
		b.counted[at] = n
		b.First = at + 1
	} else {
		b.First = b.Bursts
	}
	return b.start()
}

// The hub has its NATS in its own process, or outside, where it is killed by itself too.
func TestCountsArriveOnceThroughKills(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	for name, outside := range map[string]bool{"NATS in the hub": false, "NATS outside": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			countThroughKills(t, outside)
		})
	}
}

func countThroughKills(t *testing.T, outside bool) {
	counts := 10_000
	if text := os.Getenv("COUNTING_COUNTS"); text != "" {
		var err error
		if counts, err = strconv.Atoi(text); err != nil {
			t.Fatalf("COUNTING_COUNTS: %v", err)
		}
	}
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	program := buildProgram(t, root, dir, "hub", "./hub")
	state := filepath.Join(dir, "state")
	if err := os.Mkdir(state, 0o700); err != nil {
		t.Fatal(err)
	}
	template, err := os.ReadFile(filepath.Join(root, "config", "loiret", "demonstration.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := broker.OpenKeys(state)
	if err != nil {
		t.Fatal(err)
	}
	address := freeAddress(t)
	starter := newStarter(t)
	// A little more than must be: what a kill keeps from being written is not counted.
	const sites = 3
	bursts := counts*105/100/sites/((1+mostBurst)/2) + perHalfDay
	var booths []*booth
	var files []string
	for i := range sites {
		site := fmt.Sprintf("site-%d", i)
		file, credentials := filepath.Join(dir, site+".yaml"), filepath.Join(dir, site+".creds")
		text, err := keys.BoothCredentials(site)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(os.WriteFile(credentials, text, 0o600),
			os.WriteFile(file, []byte(strings.Replace(string(template), "id: demonstration", "id: "+site, 1)), 0o600)); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
		b := &booth{starter: starter, counted: map[int]int{}, orders: orders{
			Hub: "ws://" + address, Credentials: credentials, Site: site, Folder: filepath.Join(dir, site), Bursts: bursts,
		}}
		b.said.Store(-1)
		booths = append(booths, b)
	}
	hubKills, natsKills := 0, 0
	arguments := []string{
		"serve", "-addr", address, "-state", state,
		"-partners", filepath.Join(root, "config", "loiret", "partners.yaml"), "-sites", strings.Join(files, ","),
	}
	var nats *process
	startNATS := func() {}
	if outside {
		server := buildProgram(t, root, dir, "nats-server", "github.com/nats-io/nats-server/v2")
		file, client, websocket := configureNATS(t, program, state, dir)
		arguments = append(arguments, "-nats", "nats://"+client, "-nats-websocket", "ws://"+websocket, "-nats-replicas", "1")
		startNATS = func() {
			t.Helper()
			if nats, err = starter.start(exec.Command(server, "-c", file), func(string) {}); err != nil {
				t.Fatal(err)
			}
		}
		startNATS()
		defer func() { nats.kill() }()
	}
	var hub *process
	startHub := func() {
		t.Helper()
		if hub, err = starter.start(exec.Command(program, arguments...), func(string) {}); err != nil {
			t.Fatal(err)
		}
	}
	startHub()
	defer func() { hub.kill() }()
	for _, b := range booths {
		if err := b.start(); err != nil {
			t.Fatal(err)
		}
		defer func() { b.process.kill() }()
	}
	counting := func() bool {
		for _, b := range booths {
			if int(b.said.Load()) < bursts-1 && b.First < bursts {
				return true
			}
		}
		return false
	}
	uploading := func() bool {
		for _, b := range booths {
			offered, err := filepath.Glob(filepath.Join(b.Folder, "*.offered"))
			if err != nil {
				t.Fatal(err)
			}
			for _, mark := range offered {
				// The booth makes it anew whenever it offers the counts.
				if info, err := os.Stat(mark); err == nil && time.Since(info.ModTime()) < 50*time.Millisecond {
					return true
				}
			}
		}
		return false
	}

	// Kills come at random moments, half of them just when something is on its way to the hub.
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	wait := func(d time.Duration, enough func() bool) {
		t.Helper()
		look := time.NewTicker(time.Millisecond)
		defer look.Stop()
		for until := time.Now().Add(d); time.Now().Before(until); {
			<-look.C
			for _, b := range booths {
				select {
				case <-b.process.ended:
					if b.process.err != nil {
						t.Fatalf("booth %s ended by itself: %v", b.Site, b.process.err)
					}
				default:
				}
			}
			select {
			case <-hub.ended:
				if !outside {
					t.Fatalf("the hub ended by itself: %v", hub.err)
				}
				startHub() // as systemd does: its NATS was not there
			default:
			}
			if enough() {
				return
			}
		}
	}
	never := func() bool { return false }
	began := time.Now()
	for counting() {
		wait(time.Duration(random.IntN(1000))*time.Millisecond, never)
		if random.IntN(2) == 0 {
			wait(2*time.Second, uploading)
			wait(time.Duration(random.IntN(5))*time.Millisecond, never)
		}
		switch kill := random.IntN(4); {
		case kill == 0 && outside:
			nats.kill()
			natsKills++
			startNATS()
			continue
		case kill <= 1:
			hub.kill()
			hubKills++
			startHub()
			continue
		}
		if err := booths[random.IntN(sites)].kill(); err != nil {
			t.Fatal(err)
		}
	}
	// Twice more while the last files go.
	for range 2 {
		wait(time.Second, uploading)
		if outside {
			nats.kill()
			natsKills++
			startNATS()
		}
		hub.kill()
		hubKills++
		startHub()
		for _, b := range booths {
			if err := b.kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	wait(patience, func() bool {
		for _, b := range booths {
			select {
			case <-b.process.ended:
			default:
				return false
			}
		}
		return true
	})

	want, total, boothKills := map[string]int{}, 0, 0
	for _, b := range booths {
		boothKills += b.kills
		select {
		case <-b.process.ended:
		default:
			t.Fatalf("booth %s still has counts after %s", b.Site, patience)
		}
		for burst := range bursts {
			partner, what, n := countsOf(burst)
			if onDisk, killed := b.counted[burst]; killed {
				n = onDisk
			}
			if total += n; n > 0 {
				want[strings.Join([]string{b.Site, usage.HalfDay(halfDayOf(burst)), partner, what}, ",")] = n
			}
		}
	}
	wait(patience, func() bool { // the last one to be started may not be ready yet
		a, err := http.Get("http://" + address + "/healthz")
		if err != nil {
			return false
		}
		a.Body.Close()
		return a.StatusCode == http.StatusOK
	})
	var out []byte
	wait(patience, func() bool { // its address may be the one before still
		list := exec.Command(program, "usage", "-state", state)
		list.Stderr = os.Stderr
		var err error
		out, err = list.Output()
		return err == nil
	})
	wrong, arrived := 0, 0
	for _, row := range strings.Split(strings.TrimSpace(string(out)), "\n")[1:] {
		at := strings.LastIndex(row, ",")
		n, err := strconv.Atoi(row[at+1:])
		if err != nil {
			t.Fatalf("row %q: %v", row, err)
		}
		arrived += n
		if want[row[:at]] != n {
			wrong++
			t.Errorf("%s: %d counts arrived; %d were made", row[:at], n, want[row[:at]])
		}
		delete(want, row[:at])
	}
	for row, n := range want {
		t.Errorf("%s: none of %d counts arrived", row, n)
	}
	t.Logf("%d counts were made and %d arrived, in %d files, while the hub was killed %d times, its NATS %d times by itself and booths %d times, in %s",
		total, arrived, sites*(bursts/perHalfDay+1), hubKills, natsKills, boothKills, time.Since(began).Round(time.Second))
	if total < counts {
		t.Errorf("%d counts were made; expected %d at least", total, counts)
	}
}

// buildProgram builds a package as a program in dir.
func buildProgram(t *testing.T, root, dir, name, pkg string) string {
	t.Helper()
	program := filepath.Join(dir, name)
	build := exec.Command("go", "build", "-trimpath", "-o", program, pkg)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", name, err, out)
	}
	return program
}

// configureNATS writes what a server outside of the hub is told, and gives its addresses.
func configureNATS(t *testing.T, hub, state, dir string) (file, client, websocket string) {
	t.Helper()
	common, err := exec.Command(hub, "nats-config", "-state", state).Output()
	if err != nil {
		t.Fatalf("describing the hub to its NATS: %v", err)
	}
	file, client, websocket = filepath.Join(dir, "nats.conf"), freeAddress(t), freeAddress(t)
	text := fmt.Sprintf("server_name: nats\nlisten: %q\nwebsocket { listen: %q, no_tls: true }\n", client, websocket) +
		strings.ReplaceAll(string(common), "/var/lib/nats", filepath.Join(dir, "nats"))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, client, websocket
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

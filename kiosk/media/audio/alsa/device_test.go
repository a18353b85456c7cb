package alsa

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// The tests named TestDevice need cards of real drivers: snd-aloop's, and one on
// USB. They run as root in a machine made for them.

func inMachine(t *testing.T) {
	t.Helper()
	if os.Getenv("VISIOBORNE_DEVICE_TEST") != "1" {
		t.Skip("runs in the test machine only")
	}
}

// cards gives those whose id or driver has a word; the test is skipped without one.
func cardsNamed(t *testing.T, word string) []card {
	t.Helper()
	inMachine(t)
	var found []card
	for _, c := range list(os.DirFS("/proc/asound")) {
		if strings.Contains(c.id, word) || word == "USB" && c.usb {
			found = append(found, c)
		}
	}
	if len(found) == 0 {
		t.Skipf("there is no card %q", word)
	}
	return found
}

func node(c card, device int, direction string) string {
	return fmt.Sprintf("/dev/snd/pcmC%dD%d%s", c.number, device, direction)
}

// TestDeviceLoop plays noise into a loop and compares what comes out, sample by sample.
func TestDeviceLoop(t *testing.T) {
	loop := cardsNamed(t, "Loopback")[0]
	out, err := OpenPlayback(node(loop, 0, "p"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	// The loop wants both ends alike, and the second takes after the first.
	if _, err := out.Start(); err != nil {
		t.Fatal(err)
	}
	in, err := OpenCapture(node(loop, 1, "c"))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	t.Logf("out: %v, in: %v", out.Format(), in.Format())
	if in.Format().Rate != out.Format().Rate {
		t.Fatal("the rates differ")
	}
	const periods = 300
	played := make([]int16, periods*out.Format().Frame())
	random := rand.New(rand.NewPCG(1, 2))
	for i := range played {
		played[i] = int16(random.IntN(1<<16) - 1<<15)
	}
	type result struct {
		err   error
		xruns int
	}
	ended := make(chan result, 1)
	go func() {
		var r result
		frame := make([]int16, out.Format().Frame()*out.Format().Channels)
		for n := 0; n < periods && r.err == nil; n++ {
			if _, err := out.Wait(); errors.Is(err, ErrXrun) {
				r.xruns++
				_, r.err = out.Start()
				n--
				continue
			} else if err != nil {
				r.err = err
				break
			}
			for i, v := range played[n*out.Format().Frame():][:out.Format().Frame()] {
				for c := range out.Format().Channels {
					frame[i*out.Format().Channels+c] = v
				}
			}
			if err := out.Write(frame); errors.Is(err, ErrXrun) {
				r.xruns++
				_, r.err = out.Start()
			} else {
				r.err = err
			}
		}
		ended <- r
	}()
	if _, err := in.Start(); err != nil {
		t.Fatal(err)
	}
	var heard []int16
	frame := make([]int16, in.Format().Frame()*in.Format().Channels)
	overruns := 0
	last := Position{Frames: -1}
	late, oldest := 0, time.Duration(0)
	for range periods + 30 {
		at, err := in.Wait()
		if err == nil {
			err = in.Read(frame)
		}
		if errors.Is(err, ErrXrun) {
			overruns++
			if _, err := in.Start(); err != nil {
				t.Fatal(err)
			}
			last.Frames = -1
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if at.Frames < last.Frames || at.At < last.At {
			t.Errorf("the pointer went from %+v to %+v", last, at)
		}
		last = at
		age := time.Since(in.Time(at.At))
		oldest = max(oldest, age)
		if age < 0 || age > time.Second {
			late++
		}
		for i := range in.Format().Frame() {
			heard = append(heard, frame[i*in.Format().Channels])
		}
	}
	r := <-ended
	if r.err != nil {
		t.Fatal(r.err)
	}
	// What comes out is what went in, in pieces where one of them stopped.
	same, longest, run := 0, 0, 0
	for i, j := 0, 0; i < len(heard); i++ {
		if j < len(played) && heard[i] == played[j] && (run > 0 || i+3 < len(heard) && j+3 < len(played) && slices.Equal(heard[i:i+4], played[j:j+4])) {
			same, run, j = same+1, run+1, j+1
			longest = max(longest, run)
			continue
		}
		run = 0
		if i+8 < len(heard) && heard[i] != 0 { // look where it goes on
			for k := range len(played) - 8 {
				if slices.Equal(played[k:k+8], heard[i:i+8]) {
					same, run, j = same+1, 1, k+1
					break
				}
			}
		}
	}
	t.Logf("%d of %d frames came through, %d in a row; out ran dry %d times, in ran over %d times; a pointer was %v old at most",
		same, len(played), longest, r.xruns, overruns, oldest)
	if same < len(played)/2 || late > 0 || r.xruns == 0 && overruns == 0 && longest < len(played)-in.Format().Frame() {
		t.Errorf("not all of it came through; %d times of pointers make no sense", late)
	}
}

// TestDeviceEveryCard captures from and plays silence to whatever there is.
func TestDeviceEveryCard(t *testing.T) {
	inMachine(t)
	nodes, err := filepath.Glob("/dev/snd/pcmC*")
	if err != nil || len(nodes) == 0 {
		t.Skip("there are no cards")
	}
	for _, path := range nodes {
		opening := OpenCapture
		if strings.HasSuffix(path, "p") {
			opening = OpenPlayback
		}
		p, err := opening(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		changes, err := p.SetLevels()
		t.Logf("%s: %q, %v; levels: %q, %v", path, p.Name(), p.Format(), changes, err)
		if err != nil {
			t.Errorf("%s: setting levels: %v", path, err)
		}
		if changes, err := p.SetLevels(); err != nil || len(changes) > 0 {
			t.Errorf("%s: setting levels again: %q, %v", path, changes, err)
		}
		err = func() error {
			if _, err := p.Start(); err != nil {
				return err
			}
			frame := make([]int16, p.Format().Frame()*p.Format().Channels)
			began, xruns := time.Now(), 0
			var first, last Position
			for i := range 200 {
				at, err := p.Wait()
				if err == nil && p.playback {
					err = p.Write(frame)
				} else if err == nil {
					err = p.Read(frame)
				}
				if errors.Is(err, ErrXrun) {
					xruns++
					_, err = p.Start()
				} else if i == 50 {
					first = at
				}
				if err != nil {
					return err
				}
				last = at
			}
			speed := (last.Frames - first.Frames) / (last.At - first.At).Seconds()
			t.Logf("%s: 2 s took %v, with %d stops; it runs at %.0f frames a second", path, time.Since(began), xruns, speed)
			// An emulated machine's timers may be late.
			if xruns == 0 && (speed < 0.1*float64(p.Format().Rate) || speed > 1.5*float64(p.Format().Rate)) {
				return fmt.Errorf("it runs at %.0f frames a second", speed)
			}
			return nil
		}()
		if err != nil && strings.HasPrefix(p.Name(), "UAC2") && strings.Contains(err.Error(), "told nothing") {
			t.Logf("%s: it is the other end of a cable with nobody there: %v", path, err)
		} else if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if err := p.Close(); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestDeviceOpenAndClose(t *testing.T) {
	loop := cardsNamed(t, "Loopback")[0]
	count := func() int {
		all, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	before := 0
	for i := range 200 {
		out, err := OpenPlayback(node(loop, 0, "p"))
		if err != nil {
			t.Fatal(err)
		}
		in, err := OpenCapture(node(loop, 1, "c"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.SetLevels(); err != nil { // a machine that is held up for longer than a mixer may take
			t.Log(err)
		}
		if _, err := in.Start(); err != nil {
			t.Fatal(err)
		}
		waiting := make(chan error)
		go func() { _, err := in.Wait(); waiting <- err }()
		if err := errors.Join(in.Close(), out.Close()); err != nil {
			t.Fatal(err)
		}
		if err := <-waiting; err != nil && !errors.Is(err, os.ErrClosed) {
			t.Fatal(err)
		}
		if i == 0 {
			before = count() // with what the poller needs
		}
	}
	if after := count(); after != before {
		t.Errorf("%d descriptors became %d", before, after)
	}
}

func TestDeviceCloseEndsAWait(t *testing.T) {
	loop := cardsNamed(t, "Loopback")[0]
	out, err := OpenPlayback(node(loop, 0, "p"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Start(); err != nil {
		t.Fatal(err)
	}
	// The queue is never full for more than 10 ms, so wait for what does not come.
	ended := make(chan error)
	entered := make(chan bool, 1)
	go func() {
		ended <- out.kernel.wait(func() bool {
			select {
			case entered <- true:
			default:
			}
			return false
		}, time.Minute)
	}()
	<-entered
	before := time.Now()
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, os.ErrClosed) || time.Since(before) > 5*time.Second {
		t.Errorf("the wait ended with %v after %v", err, time.Since(before))
	}
}

// TestDeviceUnplug takes a card on USB away in the middle of a stream.
func TestDeviceUnplug(t *testing.T) {
	for _, c := range cardsNamed(t, "USB") {
		device, err := filepath.EvalSymlinks(fmt.Sprintf("/sys/class/sound/card%d/device", c.number))
		if err != nil {
			t.Fatal(err)
		}
		authorized := filepath.Join(filepath.Dir(device), "authorized")
		direction, opening, at := "c", OpenCapture, c.capture
		if c.capture < 0 {
			direction, opening, at = "p", OpenPlayback, c.playback
		}
		p, err := opening(node(c, at, direction))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Start(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(authorized, []byte("0"), 0); err != nil {
			t.Skipf("the card cannot be taken away: %v", err)
		}
		frame := make([]int16, p.Format().Frame()*p.Format().Channels)
		for n := 0; ; n++ {
			_, err = p.Wait()
			if err == nil && p.playback {
				err = p.Write(frame)
			} else if err == nil {
				err = p.Read(frame)
			}
			if errors.Is(err, ErrXrun) {
				_, err = p.Start()
			}
			if err != nil || n > 1000 {
				break
			}
		}
		t.Logf("%s: %v", c.id, err)
		if !errors.Is(err, syscall.ENODEV) {
			t.Errorf("%s was unplugged and gave %v", c.id, err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		if err := os.WriteFile(authorized, []byte("1"), 0); err != nil {
			t.Fatal(err)
		}
		deadline := time.Now().Add(10 * time.Second)
		for {
			back := slices.ContainsFunc(list(os.DirFS("/proc/asound")), func(n card) bool { return n.id == c.id && n.capture == c.capture })
			if microphone, speaker := Choose(os.DirFS("/proc/asound")); back {
				t.Logf("it is back; the choice is %s and %s", microphone, speaker)
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("%s did not come back", c.id)
			}
			<-time.After(10 * time.Millisecond)
		}
	}
}

// TestDeviceClock shifts the loop's timer and sees it in the pointer.
func TestDeviceClock(t *testing.T) {
	loop := cardsNamed(t, "Loopback")[0]
	open := func() *PCM {
		p, err := OpenCapture(node(loop, 1, "c"))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	shift := func(value int64) {
		p := open()
		defer p.Close()
		k, err := p.control()
		if err != nil {
			t.Fatal(err)
		}
		defer k.close()
		ids, err := controls(k)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			if strings.HasPrefix(string(id.name[:]), "PCM Rate Shift") {
				v := elemValue{id: elemID{number: id.number}}
				v.value[0] = value
				if err := k.ioctl(ctlElemWrite, unsafe.Pointer(&v)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	measure := func() float64 {
		p := open()
		defer p.Close()
		if _, err := p.Start(); err != nil {
			t.Fatal(err)
		}
		frame := make([]int16, p.Format().Frame()*p.Format().Channels)
		var n, sx, sy, sxx, sxy float64
		var began Position
		for i := range 800 {
			at, err := p.Wait()
			if err == nil {
				err = p.Read(frame)
			}
			if errors.Is(err, ErrXrun) {
				t.Skip("the machine is too slow for this")
			}
			if err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				began = at
			}
			x, y := (at.At - began.At).Seconds(), at.Frames-began.Frames
			n, sx, sy, sxx, sxy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y
		}
		return (n*sxy - sx*sy) / (n*sxx - sx*sx)
	}
	const plain, shifted = 100_000, 100_500 // 5000 ppm: the loop's pointer goes by the kernel's ticks
	shift(plain)
	first := measure()
	shift(shifted)
	second := measure()
	shift(plain)
	if first < 47_900 || first > 48_100 {
		t.Skipf("the machine's timers are too late for this: %.0f frames a second", first)
	}
	ppm := (second/first - 1) * 1e6
	t.Logf("%.1f frames a second, shifted %.1f: %.0f ppm", first, second, ppm)
	if ppm = max(ppm, -ppm); ppm < 4000 || ppm > 6000 {
		t.Errorf("a shift by 5000 ppm is seen as %.0f", ppm)
	}
}

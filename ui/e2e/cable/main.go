// Cable is a bad line between two network namespaces, for tests: what goes in at
// one end comes out at the other late, jittery, slowly or never, as it was told.
// It is what netem does in kernels that have it, in a program that runs anywhere:
// each end is a TUN device, and the packets between them pass through here.
//
//	cable NAMESPACE=ADDRESS/BITS NAMESPACE=ADDRESS/BITS
//
// It reads orders from standard input, one a line, and says "cable: ok" after each:
//
//	rate=1000 delay=50ms jitter=10ms loss=2 queue=200ms
//
// rate is in kbit/s, loss in percent, queue the longest that a packet may wait
// for its turn (more are dropped: a router's buffer); what an order does not name
// is unlimited or zero, in both directions. It ends with its standard input.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// mtu is a DSL line's.
const mtu = 1492

func main() {
	if err := run(os.Args[1:], os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "cable:", err)
		os.Exit(1)
	}
}

func run(ends []string, orders io.Reader) error {
	if len(ends) != 2 {
		return errors.New("usage: cable NAMESPACE=ADDRESS/BITS NAMESPACE=ADDRESS/BITS")
	}
	var tuns [2]*os.File
	for i, e := range ends {
		namespace, address, ok := strings.Cut(e, "=")
		if !ok {
			return fmt.Errorf("%q: expected NAMESPACE=ADDRESS/BITS", e)
		}
		var err error
		if tuns[i], err = openTUN(namespace, address); err != nil {
			return fmt.Errorf("opening the end in %s: %w", namespace, err)
		}
		defer tuns[i].Close()
	}
	var line atomic.Pointer[line]
	line.Store(newLine())
	var ways sync.WaitGroup
	for i := range tuns {
		ways.Go(func() { carry(tuns[i], tuns[1-i], &line) })
	}
	fmt.Println("cable: ok")
	for in := bufio.NewScanner(orders); in.Scan(); {
		l, err := parse(in.Text())
		if err != nil {
			return err
		}
		line.Store(l)
		fmt.Println("cable: ok")
	}
	for _, t := range tuns {
		t.Close()
	}
	ways.Wait()
	return nil
}

// openTUN makes an end of the cable in a namespace.
func openTUN(namespace, address string) (*os.File, error) {
	type result struct {
		file *os.File
		err  error
	}
	done := make(chan result)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread that is in the namespace ends here
		f, err := openTUNThere(namespace)
		done <- result{f, err}
	}()
	r := <-done
	if r.err != nil {
		return nil, r.err
	}
	for _, words := range [][]string{
		{"-n", namespace, "addr", "add", address, "dev", "cable"},
		{"-n", namespace, "link", "set", "cable", "mtu", strconv.Itoa(mtu), "up"},
	} {
		if out, err := exec.Command("ip", words...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("ip %s: %w: %s", strings.Join(words, " "), err, out)
		}
	}
	return r.file, nil
}

func openTUNThere(namespace string) (*os.File, error) {
	ns, err := os.Open("/run/netns/" + namespace)
	if err != nil {
		return nil, err
	}
	defer ns.Close()
	if err := unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET); err != nil {
		return nil, fmt.Errorf("entering it: %w", err)
	}
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	request, err := unix.NewIfreq("cable")
	if err != nil {
		return nil, err
	}
	request.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
	if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, request); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("making the TUN device: %w", err)
	}
	return os.NewFile(uintptr(fd), "/dev/net/tun"), nil
}

// line is what a way does to packets.
type line struct {
	kbps                 float64 // 0: unlimited
	delay, jitter, queue time.Duration
	loss                 float64 // share
}

func newLine() *line { return &line{queue: 200 * time.Millisecond} }

func parse(order string) (*line, error) {
	l := newLine()
	for word := range strings.FieldsSeq(order) {
		name, value, _ := strings.Cut(word, "=")
		var err error
		switch name {
		case "rate":
			l.kbps, err = strconv.ParseFloat(value, 64)
		case "loss":
			l.loss, err = strconv.ParseFloat(value, 64)
			l.loss /= 100
		case "delay":
			l.delay, err = time.ParseDuration(value)
		case "jitter":
			l.jitter, err = time.ParseDuration(value)
		case "queue":
			l.queue, err = time.ParseDuration(value)
		default:
			err = errors.New("expected rate, delay, jitter, loss or queue")
		}
		if err != nil {
			return nil, fmt.Errorf("order %q: %s: %w", order, word, err)
		}
	}
	return l, nil
}

// packet is on its way, until it is due.
type packet struct {
	due   time.Time
	bytes []byte
}

// carry carries packets one way until the cable is closed.
func carry(from, to *os.File, line *atomic.Pointer[line]) {
	under := make(chan packet, 4096)
	var out sync.WaitGroup
	out.Go(func() {
		for p := range under {
			time.Sleep(time.Until(p.due))
			if _, err := to.Write(p.bytes); err != nil && errors.Is(err, os.ErrClosed) {
				continue
			}
		}
	})
	defer out.Wait()
	defer close(under)
	w := way{}
	buffer := make([]byte, 65536)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		due, arrives := w.pass(time.Now(), n, line.Load(), rand.Float64(), rand.NormFloat64())
		if !arrives {
			continue
		}
		select {
		case under <- packet{due, append([]byte(nil), buffer[:n]...)}:
		default: // more than any line holds
		}
	}
}

// way is one direction of the cable.
type way struct {
	free time.Time // when the bottleneck has sent what it has
	last time.Time // when the packet before arrives: a line keeps the order
}

// pass decides when a packet of so many bytes arrives, if it does. chance is 0
// to 1, wobble a normal deviate.
func (w *way) pass(now time.Time, bytes int, l *line, chance, wobble float64) (due time.Time, arrives bool) {
	if w.free.Before(now) {
		w.free = now
	}
	if l.kbps > 0 {
		if w.free.Sub(now) > l.queue {
			return time.Time{}, false
		}
		w.free = w.free.Add(time.Duration(float64(bytes) * 8 / l.kbps * float64(time.Millisecond)))
	}
	if chance < l.loss {
		return time.Time{}, false
	}
	// Twice the jitter at most: a tail without end is no line's.
	late := time.Duration(min(max(wobble, -2), 2) * float64(l.jitter))
	due = w.free.Add(max(l.delay+late, 0))
	if due.Before(w.last) {
		due = w.last
	}
	w.last = due
	return due, true
}

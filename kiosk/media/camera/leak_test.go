package camera

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/mediadevices/pkg/frame"

	"loiret.fr/visioborne/kiosk/media/audio"
	"loiret.fr/visioborne/kiosk/media/audio/alsa"
	"loiret.fr/visioborne/kiosk/media/audio/opus"
	"loiret.fr/visioborne/kiosk/media/m2m"
	"loiret.fr/visioborne/kiosk/media/malloctest"
	"loiret.fr/visioborne/kiosk/media/v4l2"
)

// leakTime names the variable with the time for which TestDeviceLeaks makes calls.
const leakTime = "VISIOBORNE_LEAK_TIME"

// usage is what is in use while everything is closed, as between two calls. Sizes are in KiB.
type usage struct {
	descriptors, goroutines int
	mappings                int // of the program's address space
	heap                    int // Go's, of what can be reached
	allocated               int // by the C libraries
	resident                int // the program's pages, without those of files, such as code that ran for the first time
	buffers                 int // dma-bufs, of the whole machine
	vmalloc                 int // the kernel's memory that video buffers are of
	slab                    int // the kernel's small objects, without its caches
	taken                   int // of the machine's memory: what is not available, whoever has it
}

// growth says by how much each may grow from the first call to the last one.
type growth struct {
	name string
	of   func(usage) int
	most int
}

func growths() []growth {
	return []growth{
		// What is counted exactly does not grow at all.
		{"open descriptors", func(u usage) int { return u.descriptors }, 0},
		{"goroutines", func(u usage) int { return u.goroutines }, 0},
		{"dma-bufs", func(u usage) int { return u.buffers }, 0},
		// Stacks of the kernel's own threads, 16 KiB each, come and go in it; one picture of 640x360 in YUYV has 450 KiB.
		{"KiB of video memory", func(u usage) int { return u.vmalloc }, 256},
		// A thread that is made late has a stack with a guard; Go's heap may get another arena.
		{"mappings", func(u usage) int { return u.mappings }, 8},
		// Maps and pools of the runtime's own settle within this; a picture at 320x180 is 84 KiB or more.
		{"KiB of Go's heap", func(u usage) int { return u.heap }, 64},
		// It stays the same to the KiB as long as threads keep nothing (see malloctest); a decoder of Opus has more.
		{"KiB of the C libraries' heap", func(u usage) int { return u.allocated }, 8},
		// Pages of which a part is in use, and the runtime's that are not given back: it settles some 2 MiB higher.
		{"KiB resident", func(u usage) int { return u.resident }, 4 << 10},
		// Per-processor stores of the kernel's allocator fill up at their own pace.
		{"KiB of the kernel's objects", func(u usage) int { return u.slab }, 2 << 10},
		// All of it, and what the machine's other programs do: some 25 MiB come and go by themselves.
		{"KiB of the machine's memory", func(u usage) int { return u.taken }, 48 << 10},
	}
}

// use measures it.
func use(t *testing.T) usage {
	t.Helper()
	for range 2 { // finalizers may free more
		debug.FreeOSMemory()
	}
	malloctest.Trim()
	var heap runtime.MemStats
	runtime.ReadMemStats(&heap)
	// number gives what follows a word at the beginning of a line.
	number := func(file, word string) int {
		t.Helper()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if rest, ok := strings.CutPrefix(line, word); ok {
				n, err := strconv.Atoi(strings.Fields(rest + " ?")[0])
				if err != nil {
					t.Fatalf("%s: %q: %v", file, line, err)
				}
				return n
			}
		}
		t.Fatalf("%s has no %q", file, word)
		return 0
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	// Its last line is "Total 0 objects, 0 bytes"; each object's own lines have totals too.
	exported, err := os.ReadFile("/sys/kernel/debug/dma_buf/bufinfo")
	if err != nil {
		t.Fatal(err)
	}
	var buffers int
	if _, err := fmt.Sscanf(string(exported[max(0, bytes.LastIndex(exported, []byte("Total "))):]), "Total %d objects", &buffers); err != nil {
		t.Fatalf("the list of dma-bufs is %q: %v", exported, err)
	}
	const memory = "/proc/meminfo"
	return usage{
		descriptors: len(descriptors(t)),
		goroutines:  runtime.NumGoroutine(),
		mappings:    bytes.Count(maps, []byte("\n")),
		heap:        int(heap.HeapAlloc >> 10),
		allocated:   malloctest.InUse() >> 10,
		resident:    number("/proc/self/smaps_rollup", "Pss_Anon:"),
		buffers:     buffers,
		vmalloc:     number(memory, "VmallocUsed:"),
		slab:        number(memory, "SUnreclaim:"),
		taken:       number(memory, "MemTotal:") - number(memory, "MemAvailable:"),
	}
}

// counts are what calls have done.
type counts struct {
	calls, pictures  int
	imported         int // pictures that were not copied
	periods, packets int // of sound
	broken           int // sound devices that an emulated machine was too slow for
}

type calls struct {
	mu sync.Mutex
	counts
}

func (c *calls) add(count *int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*count++
}

// TestDeviceLeaks makes calls' use of the devices, one call after the other: the kernel's simulated cameras with its simulated
// encoder, without a copy where that can be, and with the encoder in software; and sound both ways. Most calls are over at
// once, and every fourth goes on for a while. Whatever is in use after the first calls and grows until the end is a leak.
func TestDeviceLeaks(t *testing.T) {
	cameras := kernelDevices(t, "vid-cap")
	length, err := time.ParseDuration(os.Getenv(leakTime))
	if err != nil {
		t.Fatalf("how long is said by %s: %v", leakTime, err)
	}
	encoder, err := m2m.Find(v4l2.FWHT)
	if err != nil || encoder.Path == "" {
		t.Fatalf("there is no encoder: %v", err)
	}
	card, err := os.Readlink("/proc/asound/Loopback")
	if err != nil {
		t.Fatal(err)
	}
	loop := "/dev/snd/pcmC" + strings.TrimPrefix(card, "card")
	machine := newMachine(m2m.Found{})
	const short = time.Second
	all := &calls{}
	one := func(n int, length time.Duration) {
		var parts sync.WaitGroup
		end := time.Now().Add(length)
		parts.Go(func() {
			if n := n % (len(cameras) + 1); n < len(cameras) {
				all.filmRaw(t, cameras[n], encoder, end)
			} else {
				all.film(t, cameras[0], machine, end)
			}
		})
		parts.Go(func() {
			if length > short { // codecs would take most of an emulated machine's time
				all.loop(t, loop, end)
			} else {
				all.talk(t, loop, end)
			}
		})
		parts.Wait()
		all.calls++
	}

	// What is made once: threads and their stacks, arenas, the poller, the kernel's stores.
	for n := range 12 {
		one(n, short+time.Duration(n%4/3)*short)
	}
	warm, first := all.counts, use(t)
	t.Logf("after %d calls: %+v", warm.calls, first)
	next := time.Now()
	for began := time.Now(); time.Since(began) < length && !t.Failed(); {
		n := all.calls
		one(n, short+time.Duration(n%4/3)*length/40)
		if time.Since(next) > length/10 {
			next = time.Now()
			t.Logf("%3.0f s, %d calls: %+v", time.Since(began).Seconds(), all.calls, use(t))
		}
	}
	last := use(t)
	made, pictures := all.calls-warm.calls, all.pictures-warm.pictures
	t.Logf("after %d calls more, with %d pictures (%d not copied), %d periods and %d packets of sound (%d devices could not keep up): %+v",
		made, pictures, all.imported-warm.imported, all.periods-warm.periods, all.packets-warm.packets, all.broken, last)
	for _, g := range growths() {
		grown := g.of(last) - g.of(first)
		t.Logf("%-28s %+6d from %6d; %d would be too many", g.name, grown, g.of(first), g.most+1)
		if grown > g.most {
			t.Errorf("%s: %d more after %d calls, %d pictures", g.name, grown, made, pictures)
		}
	}
	// It says nothing when nothing was done; an emulated machine that has to share its processor does less.
	seconds := int(length.Seconds())
	if made < 12 || pictures < seconds/4 || all.periods-warm.periods < 2*seconds || all.packets == warm.packets || all.imported == warm.imported {
		t.Error("too little was done to tell")
	}
	if all.broken > all.calls/2 {
		t.Errorf("sound broke in %d of %d calls", all.broken, all.calls)
	}
}

// filmRaw gives a camera's pictures to the encoder as they are.
func (all *calls) filmRaw(t *testing.T, path string, encoder m2m.Found, end time.Time) {
	v := &device{open: func() (*v4l2.Device, error) { return v4l2.Open(path) }}
	if err := v.Open(); err != nil {
		t.Error(err)
		return
	}
	defer func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	}()
	p, err := choose(of(v.Properties(), frame.FormatYUYV), Format{Width: 640, Height: 360, FrameRate: 10}, false) // the least that the encoder takes
	if err != nil {
		t.Error(err)
		return
	}
	got, err := v.VideoRecord(p)
	if err != nil {
		t.Error(err)
		return
	}
	r := got.(*reader)
	e, err := m2m.Open(encoder.Path, m2m.Settings{
		Size: image.Pt(r.format.Width, r.format.Height), FrameRate: p.FrameRate, Bitrate: 200_000, Coded: v4l2.FWHT, Source: r.format,
	})
	if err != nil {
		t.Error(err)
		return
	}
	defer e.Close()
	_, imported := e.Input()
	for n := 0; time.Now().Before(end); n++ {
		picture, release, err := r.Read()
		if err != nil {
			t.Error(err)
			return
		}
		unit, _, err := e.EncodeRaw(picture.(*v4l2.Picture), n%20 == 10)
		release()
		if err != nil || len(unit) == 0 {
			t.Errorf("picture %d of %s became %d bytes: %v", n, path, len(unit), err)
			return
		}
		all.add(&all.pictures)
		if imported {
			all.add(&all.imported)
		}
	}
}

// film is what a call does with a camera. It is closed while somebody reads.
func (all *calls) film(t *testing.T, path string, m *Machine, end time.Time) {
	c, err := Open(path, Format{Width: 320, Height: 180, FrameRate: 10, Bitrate: 150_000, Machine: m})
	if err != nil {
		t.Error(err)
		return
	}
	closed := make(chan error, 1)
	time.AfterFunc(time.Until(end), func() { closed <- c.Close() })
	for n := 0; err == nil; n++ {
		if n%20 == 10 {
			err = errors.Join(c.ForceKeyFrame(), c.SetBitrate(100_000+n%3*50_000))
		}
		if err == nil {
			_, _, err = c.Read()
		}
		if err == nil {
			all.add(&all.pictures)
		}
	}
	if err != io.EOF {
		t.Error(err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

// loop plays silence into the sound card's loop and captures it.
func (all *calls) loop(t *testing.T, card string, end time.Time) {
	out, err := alsa.OpenPlayback(card + "D0p")
	if err == nil {
		_, err = out.SetLevels()
	}
	if err == nil {
		_, err = out.Start() // the loop wants both ends alike, and the second takes after the first
	}
	if err != nil {
		t.Error(err)
		return
	}
	in, err := alsa.OpenCapture(card + "D1c")
	if err == nil {
		_, err = in.Start()
	}
	if err != nil {
		t.Error(errors.Join(err, out.Close()))
		return
	}
	// run moves a card's sound until it is closed.
	run := func(p *alsa.PCM, move func([]int16) error) {
		samples := make([]int16, p.Format().Frame()*p.Format().Channels)
		for {
			_, err := p.Wait()
			if err == nil {
				err = move(samples)
			}
			if errors.Is(err, alsa.ErrXrun) {
				_, err = p.Start()
			}
			if errors.Is(err, os.ErrClosed) {
				return
			}
			if err != nil {
				t.Log(err)
				all.add(&all.broken)
				return
			}
			all.add(&all.periods)
		}
	}
	var both sync.WaitGroup
	both.Go(func() { run(out, out.Write) })
	both.Go(func() { run(in, in.Read) })
	<-time.After(time.Until(end))
	if err := errors.Join(in.Close(), out.Close()); err != nil {
		t.Error(err)
	}
	both.Wait()
}

// talk is what a call does with sound cards, with codecs: what the microphone hears is played. They are two ends of different
// loops, so that neither has to take after the other.
func (all *calls) talk(t *testing.T, card string, end time.Time) {
	room := &audio.Room{}
	speaker, err := room.OpenSpeaker(card+"D0p", audio.SpeakerOptions{})
	if err != nil {
		t.Error(err)
		return
	}
	microphone, err := room.OpenMicrophone(card+"D0c", audio.MicrophoneOptions{})
	if err != nil {
		t.Error(errors.Join(err, speaker.Close()))
		return
	}
	closed := make(chan error, 1)
	time.AfterFunc(time.Until(end), func() { closed <- microphone.Close() })
	for n := 0; ; n++ {
		packet, _, err := microphone.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Log(err)
			all.add(&all.broken)
			break
		}
		speaker.Write(uint16(n), uint32(n*opus.FrameSamples), packet)
		all.add(&all.packets)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if err := speaker.Close(); err != nil {
		t.Log(fmt.Errorf("closing the speaker: %w", err))
		all.add(&all.broken)
	}
}

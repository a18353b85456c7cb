package alsa

import (
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// fakeCard is a card behind the ioctls. It runs on the test's clock, with an
// error of its own. A captured frame's samples are its number.
type fakeCard struct {
	playback         bool
	rates            []int
	channels         [2]int // least and most
	periods          [2]int // frames
	step             int    // of a period
	buffers          [2]int // frames
	ppm              float64
	began            time.Time // of the monotonic clock
	closed           chan struct{}
	once             sync.Once
	mu               sync.Mutex
	unplugged        bool
	dumb             bool // it runs, but its pointer does not
	state            int32
	rate, width      int
	period, buffer   int
	wake             int
	started          time.Time
	base             int64 // hw_ptr at started
	applied          int64
	total            int64 // frames captured before this run
	lost             int64
	written          []int16 // the first channel
	refines, starts  int
	lastWait, waited time.Duration
}

func newFakeCard(playback bool) *fakeCard {
	return &fakeCard{
		playback: playback, rates: []int{48_000}, channels: [2]int{1, 2}, periods: [2]int{48, 4800}, step: 1,
		buffers: [2]int{96, 48_000}, began: time.Now().Add(-time.Hour), closed: make(chan struct{}), state: 1,
	}
}

// allow is the intersection with what the card can do.
func allow(i *interval, least, most, step int) bool {
	low, high := max(int(i.min), least), min(int(i.max), most)
	low, high = (low+step-1)/step*step, high/step*step
	if low > high {
		return false
	}
	i.min, i.max, i.flags = uint32(low), uint32(high), intervalInteger
	return true
}

func (f *fakeCard) refine(p *hwParams) error {
	if p.masks[maskAccess].bits[0]&(1<<accessRWInterleaved) == 0 || p.masks[maskFormat].bits[0]&(1<<formatS16LE) == 0 {
		return syscall.EINVAL
	}
	var rates []int
	r := &p.intervals[intervalRate]
	for _, v := range f.rates {
		if v >= int(r.min) && v <= int(r.max) {
			rates = append(rates, v)
		}
	}
	if len(rates) == 0 {
		return syscall.EINVAL
	}
	least, most := rates[0], rates[0]
	for _, v := range rates {
		least, most = min(least, v), max(most, v)
	}
	r.between(least, most)
	if !allow(&p.intervals[intervalChannels], f.channels[0], f.channels[1], 1) ||
		!allow(&p.intervals[intervalPeriodSize], f.periods[0], f.periods[1], f.step) ||
		!allow(&p.intervals[intervalBufferSize], max(f.buffers[0], 2*int(p.intervals[intervalPeriodSize].min)), f.buffers[1], 1) {
		return syscall.EINVAL
	}
	return nil
}

// pointer is hw_ptr.
func (f *fakeCard) pointer() int64 {
	if f.dumb {
		return f.base
	}
	return f.base + int64(time.Since(f.started).Seconds()*float64(f.rate)*(1+f.ppm/1e6)+1e-6)
}

// run lets the time pass: the card may stop.
func (f *fakeCard) run() {
	if f.state != stateRunning {
		return
	}
	if f.playback && f.pointer() >= f.applied || !f.playback && f.pointer()-f.applied >= int64(f.buffer) {
		f.state = stateXrun
	}
}

func (f *fakeCard) ioctl(request uintptr, argument unsafe.Pointer) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.closed:
		return os.ErrClosed
	default:
	}
	if f.unplugged {
		return syscall.ENODEV
	}
	f.run()
	switch request {
	case pcmInfo:
		info := (*cardInfo)(argument)
		info.card, info.stream = 3, streamCapture
		if f.playback {
			info.stream = streamPlayback
		}
		copy(info.name[:], "A fake")
	case pcmHWRefine:
		f.refines++
		return f.refine((*hwParams)(argument))
	case pcmHWParams:
		p := (*hwParams)(argument)
		if err := f.refine(p); err != nil {
			return err
		}
		for i, at := range map[int]*int{
			intervalRate: &f.rate, intervalChannels: &f.width, intervalPeriodSize: &f.period, intervalBufferSize: &f.buffer,
		} {
			v := p.intervals[i].min
			if i == intervalBufferSize {
				v = p.intervals[i].max
			}
			p.intervals[i].between(int(v), int(v))
			*at = int(v)
		}
		f.state = 1
	case pcmSWParams:
		p := (*swParams)(argument)
		if p.tstampMode != tstampEnable || p.tstampType != tstampMonotonic || p.proto < 2<<16|12 || p.stopThreshold != uint64(f.buffer) {
			return syscall.EINVAL
		}
		f.wake = int(p.availMin)
	case pcmPrepare:
		if !f.playback && f.state == stateXrun {
			f.lost += f.pointer() - f.applied
			f.total += f.pointer()
		}
		f.state, f.base, f.applied = statePrepared, 0, 0
	case pcmStart:
		if f.state != statePrepared || f.playback && f.applied == 0 {
			return syscall.EPIPE
		}
		f.state, f.started = stateRunning, time.Now()
		f.starts++
	case pcmStatus:
		s := (*status)(argument)
		s.state = f.state
		s.tstamp = syscall.NsecToTimespec(int64(f.monotonic()))
		s.avail = uint64(f.avail())
		if f.state == stateRunning {
			s.delay = int64(s.avail)
			if f.playback {
				s.delay = int64(f.buffer) - int64(s.avail)
			}
		}
	case pcmReadI, pcmWriteI:
		return f.move((*transfer)(argument))
	default:
		return syscall.ENOTTY
	}
	return nil
}

func (f *fakeCard) avail() int64 {
	at := f.base
	if f.state == stateRunning {
		at = f.pointer()
	}
	if f.playback {
		return int64(f.buffer) - (f.applied - at)
	}
	return at - f.applied
}

func (f *fakeCard) move(x *transfer) error {
	switch f.state {
	case stateRunning, statePrepared:
	case stateXrun:
		return syscall.EPIPE
	case stateSuspended:
		return syscall.ESTRPIPE
	default:
		return syscall.EBADFD
	}
	n := min(f.avail(), int64(x.frames))
	if n == 0 {
		return syscall.EAGAIN
	}
	samples := unsafe.Slice((*int16)(x.buffer), int(n)*f.width)
	for i := range int(n) {
		if f.playback {
			f.written = append(f.written, samples[i*f.width])
			continue
		}
		for c := range f.width {
			samples[i*f.width+c] = int16(f.total + f.applied + int64(i))
		}
	}
	f.applied += n
	x.result = n
	return nil
}

func (f *fakeCard) wait(ready func() bool, limit time.Duration) error {
	began := time.Now()
	defer func() { f.lastWait = time.Since(began); f.waited += f.lastWait }()
	for !ready() {
		if time.Since(began) >= limit {
			return os.ErrDeadlineExceeded
		}
		// The next interrupt; a card that stopped has none.
		next := time.Millisecond
		f.mu.Lock()
		if f.state == stateRunning && !f.dumb {
			left := f.period - int(f.pointer()%int64(f.period))
			next = time.Duration(float64(left)/float64(f.rate)/(1+f.ppm/1e6)*1e9) + time.Microsecond
		}
		f.mu.Unlock()
		timer := time.NewTimer(min(next, limit))
		select {
		case <-timer.C:
		case <-f.closed:
			timer.Stop()
			return os.ErrClosed
		}
	}
	return nil
}

func (f *fakeCard) monotonic() time.Duration { return time.Since(f.began) }

func (f *fakeCard) close() error {
	f.once.Do(func() { close(f.closed) })
	return nil
}

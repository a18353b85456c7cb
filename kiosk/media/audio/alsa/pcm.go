// Package alsa drives sound cards: it captures and plays by the ioctls of
// /dev/snd/pcm* and sets levels by those of /dev/snd/control*, without
// libasound, which a static binary cannot have.
//
// Sound is S16_LE, interleaved, at a rate of which 10 ms are a whole number of
// frames. A position in the stream comes with the time at which the converter
// was there, both from the card's own pointer. The package has no goroutine,
// records nothing, and converts nothing. It reads /proc/asound to choose cards.
//
// Sources: include/uapi/sound/asound.h and tlv.h, sound/core/pcm_native.c and
// pcm_lib.c, Documentation/sound/designs/{timestamping,control-names}.rst of
// the kernel.
package alsa

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

const (
	// frameTime is what is read or written at once.
	frameTime = 10 * time.Millisecond
	perSecond = int(time.Second / frameTime)
	// A reader that is held up for longer loses sound.
	captureBuffer = 20 // frameTimes
	// What waits to be played adds to the delay; what does not wait is missing
	// when the machine is held up for a moment.
	playQueue = 3 // frameTimes
	// A running card that tells nothing for so long is broken.
	silenceLimit = time.Second
)

// ErrXrun says that the reader or writer was late and the card stopped, or that
// the machine was suspended. Start goes on.
var ErrXrun = errors.New("the card stopped because the sound was not read or written in time")

// Format is what a card was set to.
type Format struct {
	Rate     int // frames a second
	Channels int
	Period   int // frames between two interrupts
	Buffer   int // frames
}

func (f Format) String() string {
	return fmt.Sprintf("%d Hz, %d channels, period %d, buffer %d", f.Rate, f.Channels, f.Period, f.Buffer)
}

// Frame is 10 ms, in frames: what Read takes and Write gives.
func (f Format) Frame() int { return f.Rate / perSecond }

// Position says where the converter was in the stream: at Frames, counted from
// the opening, at the time At of the monotonic clock.
type Position struct {
	Frames float64
	At     time.Duration
}

// PCM is one direction of a card. It is for one goroutine, but for Close.
type PCM struct {
	kernel   kernel
	playback bool
	card     int
	control  func() (kernel, error)
	name     string
	format   Format
	queue    int // frames that wait to be played, at most

	frames   int64 // read or written since the opening
	transfer transfer
	status   status
	silence  []int16

	// Of the wait in progress.
	failure error
	check   func() bool
}

// OpenCapture opens a microphone's device node, such as /dev/snd/pcmC1D0c.
func OpenCapture(path string) (*PCM, error) { return open(path, false) }

// OpenPlayback opens a speaker's device node, such as /dev/snd/pcmC1D0p.
func OpenPlayback(path string) (*PCM, error) { return open(path, true) }

func open(path string, playback bool) (*PCM, error) {
	found, err := os.Stat(path)
	if err != nil {
		return nil, explain(err)
	}
	if found.Mode()&fs.ModeCharDevice == 0 {
		return nil, errors.New("it is not a sound device; name one such as /dev/snd/pcmC1D0c")
	}
	k, err := openDevice(path, playback)
	if err != nil {
		return nil, explain(err)
	}
	p, err := configure(k, playback)
	if err != nil {
		return nil, errors.Join(explain(err), k.close())
	}
	p.control = func() (kernel, error) {
		return openDevice(fmt.Sprintf("%s/controlC%d", filepath.Dir(path), p.card), false)
	}
	return p, nil
}

// explain adds what to do.
func explain(err error) error {
	is := func(errno syscall.Errno) bool { return errors.Is(err, errno) }
	switch {
	case is(syscall.ENOENT), is(syscall.ENODEV), is(syscall.ENXIO):
		present, _ := filepath.Glob("/dev/snd/pcm*") // the pattern is well formed
		if len(present) == 0 {
			return fmt.Errorf("%w: no sound card is connected; check its cable, or use \"simulated\"", err)
		}
		return fmt.Errorf("%w: check its cable and its name; sound devices present: %s", err, strings.Join(present, ", "))
	case is(syscall.EACCES), is(syscall.EPERM):
		return fmt.Errorf("%w: let the service's user read and write it (on Debian: group audio)", err)
	case is(syscall.EBUSY):
		return fmt.Errorf("%w: another program is using the card; close it", err)
	case is(syscall.ENOTTY):
		return fmt.Errorf("%w: it is not a sound device", err)
	}
	return err
}

// configure finds a format that the card offers and sets it.
func configure(k kernel, playback bool) (*PCM, error) {
	p := &PCM{kernel: k, playback: playback}
	p.check = p.ready
	var info cardInfo
	if err := k.ioctl(pcmInfo, unsafe.Pointer(&info)); err != nil {
		return nil, fmt.Errorf("asking for its name: %w", err)
	}
	if playback != (info.stream == streamPlayback) {
		return nil, errors.New("it is the other direction of the card; a microphone's name ends in c, a speaker's in p")
	}
	p.card = int(info.card)
	p.name, _, _ = strings.Cut(string(info.name[:]), "\x00")
	if err := p.setFormat(); err != nil {
		return nil, err
	}
	if err := p.setWakeUps(); err != nil {
		return nil, err
	}
	p.silence = make([]int16, p.format.Frame()*p.format.Channels)
	return p, nil
}

func (p *PCM) setFormat() error {
	now := anything()
	now.masks[maskAccess].only(accessRWInterleaved)
	now.masks[maskFormat].only(formatS16LE)
	if err := p.kernel.ioctl(pcmHWRefine, unsafe.Pointer(&now)); err != nil {
		return fmt.Errorf("it takes no 16-bit samples: %w", err)
	}
	// narrow restricts a parameter, if the card can.
	narrow := func(which, least, most int) bool {
		next := now
		next.intervals[which].between(least, most)
		next.requested, next.changed = ^uint32(0), 0
		if p.kernel.ioctl(pcmHWRefine, unsafe.Pointer(&next)) != nil {
			return false
		}
		now = next
		return true
	}
	// near sets a parameter to what is nearest below, or else above.
	near := func(which, want int) bool {
		const most = 1 << 30
		if narrow(which, want, want) {
			return true
		}
		if narrow(which, 1, want) {
			highest := int(now.intervals[which].max)
			for v := highest; v > highest/2; v-- { // the end of an interval may be open, or between two steps
				if narrow(which, v, v) {
					return true
				}
			}
			return true // the kernel takes what it likes
		}
		if narrow(which, want, most) {
			lowest := int(now.intervals[which].min)
			for v := lowest; v < 2*lowest+2; v++ {
				if narrow(which, v, v) {
					return true
				}
			}
			return true
		}
		return false
	}
	oneOf := func(which int, wants ...int) bool {
		for _, v := range wants {
			if narrow(which, v, v) {
				return true
			}
		}
		return false
	}
	if !oneOf(intervalRate, 48_000, 44_100, 32_000, 96_000, 24_000, 16_000, 8_000) {
		return fmt.Errorf("it has none of the rates that are supported, but from %d to %d Hz",
			now.intervals[intervalRate].min, now.intervals[intervalRate].max)
	}
	rate := int(now.intervals[intervalRate].min)
	channels := []int{1, 2}
	if p.playback {
		channels = []int{2, 1} // a mono stream may be heard on one side only
	}
	if !oneOf(intervalChannels, channels...) && !near(intervalChannels, 2) {
		return errors.New("it has no number of channels that is supported")
	}
	if !near(intervalPeriodSize, rate/perSecond) {
		return errors.New("it has no period that is supported")
	}
	frames := captureBuffer * rate / perSecond
	if p.playback {
		frames = playQueue * rate / perSecond
		// What waits to be played is counted in frames, so a larger buffer does no harm, but one with too few periods does.
		frames = max(frames, 2*int(now.intervals[intervalPeriodSize].max)+rate/perSecond)
	}
	if !narrow(intervalBufferSize, frames, 2*frames) && !near(intervalBufferSize, frames) {
		return errors.New("it has no buffer that is supported")
	}
	now.requested, now.changed = ^uint32(0), 0
	if err := p.kernel.ioctl(pcmHWParams, unsafe.Pointer(&now)); err != nil {
		return fmt.Errorf("setting its format: %w", err)
	}
	p.format = Format{
		Rate:     int(now.intervals[intervalRate].min),
		Channels: int(now.intervals[intervalChannels].min),
		Period:   int(now.intervals[intervalPeriodSize].min),
		Buffer:   int(now.intervals[intervalBufferSize].min),
	}
	if f := p.format; f.Rate != rate || f.Channels < 1 || f.Period < 1 || f.Buffer < 2*f.Frame() {
		return fmt.Errorf("it was set to what is of no use: %v", f)
	}
	return nil
}

// setWakeUps tells the kernel when to wake us and what to stamp.
func (p *PCM) setWakeUps() error {
	f := p.format
	wake := f.Frame()
	if p.playback {
		p.queue = min(max(playQueue*f.Frame(), 2*f.Period+f.Frame()), f.Buffer)
		wake += f.Buffer - p.queue
	}
	sw := swParams{
		tstampMode: tstampEnable, tstampType: tstampMonotonic, proto: pcmVersion,
		periodStep:     1,
		availMin:       uint64(wake),
		startThreshold: 1 << 30, // by Start only
		stopThreshold:  uint64(f.Buffer),
	}
	if err := p.kernel.ioctl(pcmSWParams, unsafe.Pointer(&sw)); err != nil {
		return fmt.Errorf("setting when it wakes us: %w", err)
	}
	return nil
}

// Format tells what the card was set to.
func (p *PCM) Format() Format { return p.format }

// Name is what the card's driver calls it.
func (p *PCM) Name() string { return string(bytes.ToValidUTF8([]byte(p.name), nil)) }

// Queue is how many frames wait to be played at most.
func (p *PCM) Queue() int { return p.queue }

// Start starts the card, also after ErrXrun. A playing one first gets silence,
// of which it returns the number of frames, so that the first frame comes in time.
func (p *PCM) Start() (silence int, err error) {
	if err := p.kernel.ioctl(pcmPrepare, nil); err != nil {
		return 0, p.failed("preparing it", err)
	}
	if p.playback {
		for silence+p.format.Frame() <= p.queue-p.format.Frame() || silence == 0 {
			if err := p.move(pcmWriteI, p.silence); err != nil {
				return silence, err
			}
			silence += p.format.Frame()
		}
	}
	if err := p.kernel.ioctl(pcmStart, nil); err != nil {
		return silence, p.failed("starting it", err)
	}
	return silence, nil
}

// Wait waits until Read or Write do not have to, and tells where the card is.
func (p *PCM) Wait() (Position, error) {
	p.failure = nil
	err := p.kernel.wait(p.check, silenceLimit)
	switch {
	case err == nil && p.failure != nil:
		return Position{}, p.failure
	case errors.Is(err, os.ErrDeadlineExceeded):
		return Position{}, fmt.Errorf("waiting for it: it has told nothing for %v", silenceLimit)
	case err != nil:
		// The poller does not say what is wrong with the device; its state does.
		if !errors.Is(err, os.ErrClosed) && p.look() != nil {
			return Position{}, p.failure
		}
		return Position{}, p.failed("waiting for it", err)
	}
	at := Position{Frames: float64(p.frames + p.status.delay), At: time.Duration(p.status.tstamp.Nano())}
	if p.playback {
		at.Frames = float64(p.frames - p.status.delay)
	}
	return at, nil
}

// ready tells whether Wait is over.
func (p *PCM) ready() bool {
	if p.look() != nil {
		return true
	}
	if p.playback {
		return p.format.Buffer-int(p.status.avail)+p.format.Frame() <= p.queue
	}
	return int(p.status.avail) >= p.format.Frame()
}

// look gets the card's status; what is wrong with it is in failure too.
func (p *PCM) look() error {
	p.status = status{}
	if err := p.kernel.ioctl(pcmStatus, unsafe.Pointer(&p.status)); err != nil {
		p.failure = p.failed("asking for its state", err)
		return p.failure
	}
	switch p.status.state {
	case stateRunning:
		p.failure = nil
	case stateXrun, stateSuspended:
		p.failure = ErrXrun
	case stateDisconnected:
		p.failure = p.failed("asking for its state", syscall.ENODEV)
	default:
		p.failure = fmt.Errorf("asking for its state: it is in state %d, not running", p.status.state)
	}
	return p.failure
}

// Read reads 10 ms, Frame times Channels samples.
func (p *PCM) Read(samples []int16) error { return p.move(pcmReadI, samples) }

// Write writes 10 ms, Frame times Channels samples.
func (p *PCM) Write(samples []int16) error { return p.move(pcmWriteI, samples) }

func (p *PCM) move(request uintptr, samples []int16) error {
	for len(samples) > 0 {
		p.transfer = transfer{buffer: unsafe.Pointer(&samples[0]), frames: uint64(len(samples) / p.format.Channels)}
		err := p.kernel.ioctl(request, unsafe.Pointer(&p.transfer))
		n := p.transfer.result
		p.transfer = transfer{}
		switch {
		case errors.Is(err, syscall.EAGAIN):
			if _, err := p.Wait(); err != nil {
				return err
			}
			continue
		case errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ESTRPIPE):
			return ErrXrun
		case errors.Is(err, syscall.EBADFD):
			if p.look() != nil {
				return p.failure
			}
			return p.failed("moving its samples", err)
		case err != nil:
			return p.failed("moving its samples", err)
		case n <= 0 || n > int64(len(samples)/p.format.Channels):
			return fmt.Errorf("moving its samples: it took %d frames", n)
		}
		p.frames += n
		samples = samples[int(n)*p.format.Channels:]
	}
	return nil
}

// failed puts an errno into words. What a driver says of a card that is gone differs.
func (p *PCM) failed(doing string, err error) error {
	if errors.Is(err, syscall.ENODEV) || errors.Is(err, syscall.ESHUTDOWN) || errors.Is(err, syscall.ENOENT) {
		return fmt.Errorf("%s: the card was unplugged: %w", doing, syscall.ENODEV)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// Frames is how many frames were read or written since the opening, silence included.
func (p *PCM) Frames() int64 { return p.frames }

// Time is the time on our own clock at a time of the monotonic one.
func (p *PCM) Time(at time.Duration) time.Time { return time.Now().Add(at - p.kernel.monotonic()) }

// SetLevels sets the card's levels for a conversation, and returns what it changed.
func (p *PCM) SetLevels() (changes []string, err error) {
	k, err := p.control()
	if err != nil {
		return nil, fmt.Errorf("opening its mixer: %w", err)
	}
	defer func() { err = errors.Join(err, k.close()) }()
	return setLevels(k, p.playback)
}

// Close closes the card, which stops it, and ends a Wait in progress.
func (p *PCM) Close() error {
	if err := p.kernel.close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("closing the card: %w", err)
	}
	return nil
}

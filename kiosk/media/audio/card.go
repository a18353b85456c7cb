package audio

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/io/audio"
	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/mediadevices/pkg/wave"

	"loiret.fr/visioborne/kiosk/media/audio/alsa"
	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

// soundCard is one direction of a sound card; alsa.PCM says what is what.
type soundCard interface {
	Format() alsa.Format
	Start() (silence int, err error)
	Wait() (alsa.Position, error)
	Read(samples []int16) error
	Write(samples []int16) error
	Frames() int64
	Time(at time.Duration) time.Time
	Close() error
}

// maxRestarts is how often a card may stop without any sound in between.
const maxRestarts = 5

// microphoneDriver is what mediadevices wants of a microphone.
type microphoneDriver interface {
	driver.Adapter
	driver.AudioRecorder
}

// cardMicrophone is a mediadevices driver of a sound card. It has no goroutine.
type cardMicrophone struct {
	room *Room
	open func() (soundCard, error)

	mu   sync.Mutex
	card soundCard // nil before Open and after Close
}

func (c *cardMicrophone) Open() error {
	card, err := c.open()
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.card = card
	return nil
}

// Close ends a Read in progress.
func (c *cardMicrophone) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.card == nil {
		return nil
	}
	card := c.card
	c.card = nil
	return card.Close()
}

func (c *cardMicrophone) Properties() []prop.Media {
	return (&simulatedMicrophone{}).Properties() // what Read gives is the same with any card
}

func (c *cardMicrophone) AudioRecord(prop.Media) (audio.Reader, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.card == nil {
		return nil, errors.New("recording from a sound card: it is not open")
	}
	r := newCardReader(c.room, c.card)
	if _, err := c.card.Start(); err != nil {
		return nil, err
	}
	return r, nil
}

// cardReader gives what a card captures, in frames of 20 ms, with the echo taken out.
type cardReader struct {
	card     soundCard
	room     *Room
	clock    pointerClock // in the card's frames
	convert  *resampler
	echo     EchoCanceller // nil for none
	follower *follower
	captured time.Time // of the first sample of chunk
	restarts int       // in a row

	wide  []int16 // as the card gives it
	mono  []int16
	far   [periodSamples]int16
	chunk *wave.Int16Interleaved
}

func newCardReader(room *Room, card soundCard) *cardReader {
	f := card.Format()
	r := &cardReader{
		card: card, room: room,
		clock:   newPointerClock(f.Rate),
		convert: newResampler(f.Frame(), periodSamples),
		wide:    make([]int16, f.Frame()*f.Channels),
		mono:    make([]int16, f.Frame()),
		chunk:   wave.NewInt16Interleaved(wave.ChunkInfo{Len: opus.FrameSamples, Channels: 1, SamplingRate: opus.SampleRate}),
	}
	if room.NewEchoCanceller != nil {
		r.echo, r.follower = room.NewEchoCanceller(), newFollower(&room.played)
	}
	return r
}

func (r *cardReader) capturedAt() time.Time { return r.captured }

func (r *cardReader) Read() (wave.Audio, func(), error) {
	for filled := 0; filled < len(r.chunk.Data); filled += periodSamples {
		from, err := r.period(r.chunk.Data[filled:][:periodSamples])
		if err != nil {
			return nil, func() {}, err
		}
		if filled == 0 {
			r.captured = r.card.Time(from)
		}
	}
	return r.chunk, func() {}, nil
}

// period gives the next 10 ms and the time when their capture began.
func (r *cardReader) period(near []int16) (time.Duration, error) {
	for {
		err := r.take()
		if err == nil {
			break
		}
		if !errors.Is(err, alsa.ErrXrun) {
			return 0, err
		}
		if r.restarts++; r.restarts > maxRestarts {
			return 0, fmt.Errorf("it stops again and again: %w", err)
		}
		r.room.log().Debug("starting the microphone's card anew", "cause", err)
		r.clock.restart()
		if _, err := r.card.Start(); err != nil {
			return 0, err
		}
	}
	r.restarts = 0
	f := r.card.Format()
	narrow(r.wide, f.Channels, r.mono)
	r.convert.convert(r.mono, near)

	// The converter of rates is late by a constant.
	end := float64(r.card.Frames()) - r.convert.delay()*float64(f.Frame())/periodSamples
	from, to := r.clock.timeOf(end-float64(f.Frame())), r.clock.timeOf(end)
	if r.echo != nil {
		r.follower.follow(from, to, r.far[:])
		r.echo.Process(near, r.far[:], near)
	}
	return from, nil
}

func (r *cardReader) take() error {
	at, err := r.card.Wait()
	if err != nil {
		return err
	}
	r.clock.observe(at.At, at.Frames)
	return r.card.Read(r.wide)
}

// narrow makes one channel of a card's: of two the mean, of more the first,
// which arrays of microphones use for their result.
func narrow(wide []int16, channels int, mono []int16) {
	switch channels {
	case 1:
		copy(mono, wide)
	case 2:
		for i := range mono {
			mono[i] = int16((int32(wide[2*i]) + int32(wide[2*i+1])) / 2)
		}
	default:
		for i := range mono {
			mono[i] = wide[i*channels]
		}
	}
}

// cardSpeaker plays periods of 10 ms on a card, and tells the room of them.
type cardSpeaker struct {
	card     soundCard
	room     *Room
	convert  *resampler
	ratio    float64 // samples of the room for each frame of the card
	base     float64 // the room's sample at the card's frame 0
	restarts int     // in a row
	stops    int     // in all
	// ahead is how much later than now the next period is heard.
	ahead time.Duration

	silence []int16
	mono    []int16
	wide    []int16
}

func newCardSpeaker(room *Room, card soundCard) *cardSpeaker {
	f := card.Format()
	room.played.forget()
	return &cardSpeaker{
		card: card, room: room,
		convert: newResampler(periodSamples, f.Frame()),
		ratio:   periodSamples / float64(f.Frame()),
		silence: make([]int16, periodSamples),
		mono:    make([]int16, f.Frame()),
		wide:    make([]int16, f.Frame()*f.Channels),
	}
}

// start starts the card, at first and after it stopped.
func (c *cardSpeaker) start() error {
	silence, err := c.card.Start()
	if err != nil {
		return err
	}
	c.room.played.stop()
	for ; silence > 0; silence -= c.card.Format().Frame() {
		c.room.played.put(c.silence)
	}
	c.base = float64(c.room.played.end) - float64(c.card.Frames())*c.ratio
	return nil
}

// again starts the card anew if it has stopped, unless it does nothing else.
func (c *cardSpeaker) again(err error) error {
	if !errors.Is(err, alsa.ErrXrun) {
		return err
	}
	if c.restarts++; c.restarts > maxRestarts {
		return fmt.Errorf("it stops again and again: %w", err)
	}
	c.stops++
	return c.start()
}

// wait waits until the card wants another period.
func (c *cardSpeaker) wait() error {
	for {
		at, err := c.card.Wait()
		if err == nil {
			position := c.base + (at.Frames-c.convert.delay())*c.ratio
			c.room.played.observe(at.At, position)
			c.ahead = samplesTime(c.room.played.end - int64(position))
			return nil
		}
		if err := c.again(err); err != nil {
			return err
		}
	}
}

// play gives the card a period. If it stops meanwhile the period is lost.
func (c *cardSpeaker) play(samples []int16) error {
	c.room.played.put(samples)
	c.convert.convert(samples, c.mono)
	channels := c.card.Format().Channels
	for i, v := range c.mono {
		for j := range channels {
			c.wide[i*channels+j] = v
		}
	}
	if err := c.card.Write(c.wide); err != nil {
		return c.again(err)
	}
	c.restarts = 0
	return nil
}

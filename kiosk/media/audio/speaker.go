package audio

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

const (
	playPeriod    = 10 * time.Millisecond
	periodSamples = opus.SampleRate / 100
	// A player that was held up longer than this goes on from now instead of
	// catching up.
	maxBehind = 100 * time.Millisecond
)

// SpeakerOptions is how a speaker is opened.
type SpeakerOptions struct {
	// Recording is a WAV file that gets what the simulated speaker plays, for
	// demonstrations and tests; none if empty.
	Recording string
}

// Speaker is an open speaker with its jitter buffer and decoder. Its methods
// may be called from any goroutine.
type Speaker struct {
	start   time.Time
	volume  atomic.Int32 // the gain that is wanted, as gain below
	closing chan struct{}
	failed  chan struct{}
	done    chan struct{}
	close   func() error
	card    *cardSpeaker // nil if it is simulated
	voice   *Voice       // nil for none

	mu      sync.Mutex // of the jitter buffer, and of what comes next in it
	jitter  *jitterBuffer
	playing heard

	// Of the playing goroutine.
	decoder   decoder
	codec     Codec // the decoder's
	stretcher stretcher
	joint     joint
	recording *recording // nil if none is asked for
	failure   error      // why the recording ended early
	broken    error      // why the card plays no more
	payload   []byte     // a copy, decoded outside the lock
	frame     [opus.MaxFrameSamples + stretchRoom]int16
	rest      []int16 // of frame, not yet played
	out       [periodSamples]int16
	gain      int32 // of the last period, 1<<15 is as received
	loud      float64
	quiet     bool
}

func openSimulatedSpeaker(o SpeakerOptions, voice *Voice) (*Speaker, error) {
	s, err := decodingSpeaker()
	if err != nil {
		return nil, err
	}
	if o.Recording != "" {
		if s.recording, err = newRecording(o.Recording); err != nil {
			s.decoder.Close()
			return nil, err
		}
	}
	s.voice = voice
	go s.run()
	return s, nil
}

func decodingSpeaker() (*Speaker, error) {
	decoder, err := opus.NewDecoder()
	if err != nil {
		return nil, err
	}
	return newSpeaker(decoder), nil
}

func newSpeaker(decoder decoder) *Speaker {
	s := &Speaker{
		start:   time.Now(),
		closing: make(chan struct{}),
		failed:  make(chan struct{}),
		done:    make(chan struct{}),
		jitter:  newJitterBuffer(),
		decoder: decoder,
		codec:   CodecOpus,
		payload: make([]byte, 0, maxPayload),
		gain:    1 << 15,
		quiet:   true,
	}
	s.volume.Store(1 << 15)
	s.close = sync.OnceValue(s.shut)
	return s
}

// SetCodec names the codec of the packets from the next Write on; Opus before the first call.
func (s *Speaker) SetCodec(name string) error {
	c, err := codecNamed(name)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.jitter.setCodec(c)
	return nil
}

// Write hands over the payload of a received RTP packet. It does not block and
// keeps nothing of payload.
func (s *Speaker) Write(sequenceNumber uint16, timestamp uint32, payload []byte) {
	now := time.Since(s.start)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.jitter.push(now, sequenceNumber, s.jitter.codec.timestamp(timestamp), payload)
}

// WriteCopy hands over the copy of an earlier packet that came with the one after
// it (RFC 2198), which has been written. It is played if the packet itself is missing.
func (s *Speaker) WriteCopy(sequenceNumber uint16, timestamp uint32, payload []byte) {
	now := time.Since(s.start)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.jitter.restore(now, sequenceNumber, s.jitter.codec.timestamp(timestamp), payload)
}

// Heard is how long there has been sound to play, and the part of it that had to be made up.
func (s *Speaker) Heard() (played, madeUp time.Duration) {
	stats := s.Stats()
	return stats.Played, stats.MadeUp
}

// heard is a packet's timestamp, and when it is heard.
type heard struct {
	timestamp uint32
	at        time.Time
}

// Playing is what is heard: the timestamp of a packet, in samples at 48 kHz
// whatever its codec, and when its first sample leaves the loudspeaker. ok is
// false if nothing was played yet.
func (s *Speaker) Playing() (timestamp uint32, at time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.playing.timestamp, s.playing.at, !s.playing.at.IsZero()
}

// decibelsPerPercent makes ten hundredths a step of 3 dB: two steps are just heard by everybody, and 18 dB are six of them
// (EN 301 549 asks for that range in 8.2.1.1, and in 8.2.1.2 for a level of 12 dB above the lowest).
const decibelsPerPercent = 0.3

// SetVolume sets the loudness, 0 to 100; 100 is as received, and 0 softer by 30 dB, which is not silence.
func (s *Speaker) SetVolume(percent int) {
	decibels := decibelsPerPercent * float64(min(max(percent, 0), 100)-100)
	s.volume.Store(int32(math.Round(math.Pow(10, decibels/20) * (1 << 15))))
}

// Stats tells how the received sound fares.
func (s *Speaker) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.jitter.snapshot()
}

// Failed is closed when the speaker has broken; Close then tells why.
func (s *Speaker) Failed() <-chan struct{} { return s.failed }

// Close stops playing. It returns why the speaker has failed, or a recording is
// incomplete.
func (s *Speaker) Close() error { return s.close() }

func (s *Speaker) shut() error {
	close(s.closing)
	var closing error
	if s.card != nil {
		closing = s.card.card.Close() // ends a wait
	}
	<-s.done
	s.decoder.Close()
	if s.card != nil {
		return errors.Join(s.broken, closing)
	}
	err := s.failure
	if s.recording != nil {
		if closing := s.recording.close(); err == nil {
			err = closing
		}
	}
	if err != nil {
		return fmt.Errorf("recording the speaker: %w", err)
	}
	return nil
}

// run plays a period every 10 ms, as a sound card would.
func (s *Speaker) run() {
	defer close(s.done)
	timer := time.NewTimer(0)
	defer timer.Stop()
	due := time.Now()
	for {
		select {
		case <-timer.C:
		case <-s.closing:
			return
		}
		s.play(time.Since(s.start))
		now := time.Now()
		if due = due.Add(playPeriod); now.Sub(due) > maxBehind {
			due = now
		}
		timer.Reset(due.Sub(now))
	}
}

// drive plays a period whenever the card has room for one: the card's clock is
// the one that counts.
func (s *Speaker) drive() {
	defer close(s.done)
	defer s.card.room.played.forget()
	err := s.card.start()
	for err == nil {
		if err = s.card.wait(); err == nil {
			s.play(time.Since(s.start))
			err = s.card.play(s.out[:])
		}
	}
	if s.card.stops > 0 {
		s.card.room.log().Warn("the speaker's card ran dry", "times", s.card.stops)
	}
	select {
	case <-s.closing: // the card says so in its own way
	default:
		s.broken = fmt.Errorf("playing on the speaker: %w", err)
		close(s.failed)
	}
}

// play makes one period of sound.
func (s *Speaker) play(now time.Duration) {
	for filled := 0; filled < len(s.out); {
		if len(s.rest) == 0 {
			s.fetch(now, samplesTime(int64(filled)))
		}
		n := copy(s.out[filled:], s.rest)
		s.rest = s.rest[n:]
		filled += n
	}
	s.amplify()
	s.voice.mix(s.out[:])
	if s.recording != nil && s.failure == nil {
		s.failure = s.recording.write(s.out[:])
	}
}

// fetch makes the next stretch of sound, in rest. It is heard that much later than a period that is made now.
func (s *Speaker) fetch(now, later time.Duration) {
	if s.card != nil {
		later += s.card.ahead
	}
	for {
		s.mu.Lock()
		step := s.jitter.pull(now)
		if step.do == actDecode {
			s.playing = heard{step.timestamp, s.start.Add(now + later)}
		}
		codec := s.jitter.codec
		s.payload = append(s.payload[:0], step.payload...)
		s.mu.Unlock()
		s.decodeBy(codec)

		frame, err := s.frame[:step.samples], error(nil)
		switch step.do {
		case actDecode:
			var n int
			n, err = s.decoder.Decode(s.payload, s.frame[:opus.MaxFrameSamples])
			frame = s.frame[:n]
		case actRecover:
			err = s.decoder.Recover(s.payload, frame)
		case actConceal:
			err = s.decoder.Conceal(frame)
		case actSilence:
			clear(frame)
		}
		if err != nil || len(frame) == 0 { // a damaged packet sounds like a lost one
			frame = s.frame[:step.samples]
			if s.decoder.Conceal(frame) != nil {
				clear(frame)
			}
		}
		if step.do == actDecode || step.do == actSilence {
			s.listen(frame)
		}
		if step.leaveOut == leaveOutAlways || step.leaveOut == leaveOutIfQuiet && s.quiet {
			s.joint.leaveOut(frame)
			s.mu.Lock()
			s.jitter.leftOut(step.samples)
			s.mu.Unlock()
			continue
		}
		s.joint.play(frame)
		s.rest = s.stretch(frame, step.fit)
		return
	}
}

// decodeBy changes the decoder when the stream's codec has changed.
func (s *Speaker) decodeBy(c Codec) {
	if c == s.codec {
		return
	}
	d, err := newDecoder(c)
	if err != nil {
		return // there is no memory for it; what the present one makes of the packets is told as damaged
	}
	s.decoder.Close()
	s.decoder, s.codec = d, c
}

// stretch makes a frame longer or shorter, as well as can be done unheard.
func (s *Speaker) stretch(frame []int16, f fit) []int16 {
	before := len(frame)
	switch f {
	case fitAsIs:
		return frame
	case fitShorter:
		frame = s.stretcher.shorten(frame, alikeWell, false, s.quiet)
	case fitMuchShorter:
		frame = s.stretcher.shorten(frame, alikeEnough, true, s.quiet)
	case fitLonger:
		frame = s.stretcher.lengthen(frame, alikeWell, s.quiet)
	}
	s.mu.Lock()
	s.jitter.fitted(len(frame) - before)
	s.mu.Unlock()
	return frame
}

// listen tells quiet frames, by the loudness of late.
func (s *Speaker) listen(frame []int16) {
	sum := 0.0
	for _, v := range frame {
		sum += float64(v) * float64(v)
	}
	level := math.Sqrt(sum / float64(len(frame)))
	s.loud = max(s.loud*0.999, level)
	s.quiet = level < max(100, s.loud/15)
}

// amplify applies the volume, gliding from the last one so that it does not
// click.
func (s *Speaker) amplify() {
	to := s.volume.Load()
	if to == 1<<15 && s.gain == to {
		return
	}
	from := s.gain
	for i, v := range s.out {
		gain := from + (to-from)*int32(i)/periodSamples
		s.out[i] = int16(int32(v) * gain >> 15)
	}
	s.gain = to
}

package call

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

const (
	// silence is the lowest level that RFC 6464 knows, in dB below the loudest sound that there can be, as all levels here.
	silence = -127.0
	// voiceTick is how often levels are looked at.
	voiceTick = 100 * time.Millisecond
	// changeTicks are the fewest between two changes of what is shown, whoever speaks: 2.5 changes a second at most. Three
	// flashes a second are what WCAG 2.3.1 allows.
	changeTicks = 4
	// A voice is louder than the room by this, and above the least in any case; it has ended when it was softer than that
	// by voiceMargin for quietTicks, so that pauses between words do not count.
	aboveRoom, voiceLeast, voiceMargin = 12.0, -48.0, 5.0
	quietTicks                         = 7
	// What is taken for the room follows what is softer at once, and what is louder by this at each tick.
	roomRises            = 0.1
	roomLeast, roomMost  = -75.0, -40.0
	voiceTicksUntilBegun = 2
)

// voice tells from levels whether somebody speaks. It has hysteresis in level and in time. Its zero value has heard nothing.
type voice struct {
	begun  bool
	room   float64 // the level of nobody's speaking
	loud   int     // ticks in a row above the upper level
	quiet  int     // ticks in a row below the lower one
	speaks bool
}

// tick takes the loudest of the last voiceTick.
func (v *voice) tick(level float64) bool {
	if !v.begun {
		v.begun, v.room = true, roomMost-20
	}
	if level < v.room {
		v.room = max(level, roomLeast)
	} else {
		v.room = min(v.room+roomRises, roomMost)
	}
	upper := max(v.room+aboveRoom, voiceLeast)
	switch {
	case level > upper:
		v.loud, v.quiet = v.loud+1, 0
	case level < upper-voiceMargin:
		v.loud, v.quiet = 0, v.quiet+1
	default:
		v.loud, v.quiet = 0, 0
	}
	switch {
	case v.loud >= voiceTicksUntilBegun:
		v.speaks = true
	case v.quiet >= quietTicks:
		v.speaks = false
	}
	return v.speaks
}

// voices are the two of a call. The citizen's is heard by the microphone, behind the echo canceller; how loud the
// adviser's is, each packet says (RFC 6464), before it is decoded.
type voices struct {
	mu                         sync.Mutex
	citizenHeard, adviserHeard bool // since the last tick
	citizenLevel, adviserLevel float64
	citizen, adviser           voice
	shown                      Speaking
	since                      int // ticks since it changed
}

func (v *voices) hearCitizen(level float64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	loudest(&v.citizenHeard, &v.citizenLevel, level)
}

// hearAdviser takes the header extension of a packet; nil if it has none.
func (v *voices) hearAdviser(extension []byte) {
	if len(extension) == 0 {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	loudest(&v.adviserHeard, &v.adviserLevel, -float64(extension[0]&0x7f))
}

func loudest(heard *bool, level *float64, now float64) {
	if !*heard || now > *level {
		*heard, *level = true, now
	}
}

// tick tells who speaks, and whether that is to be shown anew.
func (v *voices) tick() (now Speaking, changed bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	take := func(voice *voice, heard *bool, level float64) bool {
		if !*heard {
			level = silence
		}
		*heard = false
		return voice.tick(level)
	}
	now.Citizen = take(&v.citizen, &v.citizenHeard, v.citizenLevel)
	now.Adviser = take(&v.adviser, &v.adviserHeard, v.adviserLevel)
	v.since++
	if now == v.shown || v.since < changeTicks {
		return v.shown, false
	}
	v.shown, v.since = now, 0
	return now, true
}

// watchVoices tells who speaks until ctx ends.
func (p *Peer) watchVoices(ctx context.Context) {
	tick := time.NewTicker(voiceTick)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if now, changed := p.voices.tick(); changed {
				p.emit(now)
			}
		}
	}
}

// levelID is the header extension's for the level of sound; 0 if the two ends do not have it.
func levelID(all []webrtc.RTPHeaderExtensionParameter) uint8 {
	for _, e := range all {
		if e.URI == sdp.AudioLevelURI {
			return uint8(e.ID)
		}
	}
	return 0
}

// soundLevel writes how loud a packet is into its header.
type soundLevel struct{ bytes [1]byte }

func (s *soundLevel) set(header *rtp.Header, id uint8, level float64) error {
	if id == 0 {
		return nil
	}
	// Its upper bit says that it is a voice: the booth's packets do not tell.
	s.bytes[0] = byte(math.Round(-min(max(level, silence), 0)))
	return header.SetExtension(id, s.bytes[:])
}

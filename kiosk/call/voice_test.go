package call

import (
	"math/rand/v2"
	"testing"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// spell is a level for some ticks, and whether somebody speaks at its end.
type spell struct {
	level  float64
	ticks  int
	speaks bool
}

func TestVoice(t *testing.T) {
	for name, spells := range map[string][]spell{
		"silence":                   {{silence, 100, false}},
		"a voice":                   {{-60, 20, false}, {-25, 1, false}, {-25, 1, true}, {-60, 6, true}, {-60, 1, false}},
		"pauses between words":      {{-60, 20, false}, {-25, 5, true}, {-60, 4, true}, {-25, 5, true}, {-60, 4, true}},
		"a knock":                   {{-60, 20, false}, {-10, 1, false}, {-60, 5, false}},
		"a fan":                     {{-70, 20, false}, {-45, 300, false}, {-20, 3, true}, {-45, 10, false}},
		"a loud room":               {{-38, 200, false}, {-20, 3, true}, {-38, 10, false}},
		"between the levels":        {{-60, 20, false}, {-25, 5, true}, {-50, 15, true}},
		"what goes on is the room":  {{-60, 20, false}, {-25, 5, true}, {-50, 300, false}},
		"a long speech":             {{-60, 20, false}, {-25, 900, true}},
		"a microphone switched off": {{-30, 20, true}, {silence, 7, false}},
	} {
		var v voice
		for i, s := range spells {
			speaks := false
			for range s.ticks {
				speaks = v.tick(s.level)
			}
			if speaks != s.speaks {
				t.Errorf("%s: after %d spells somebody speaks: %v", name, i+1, speaks)
			}
		}
	}
}

// TestNothingFlashes: whatever is heard, no second has more than three changes.
func TestNothingFlashes(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var v voices
	var changes []int
	shown := Speaking{}
	for i := range 20_000 {
		if random.IntN(3) > 0 {
			v.hearCitizen(-90 * random.Float64())
		}
		if random.IntN(3) > 0 {
			v.hearAdviser([]byte{byte(random.IntN(256))})
		}
		if i%40 < 20 {
			v.hearCitizen(-10)
			v.hearAdviser([]byte{127})
		}
		now, changed := v.tick()
		if changed != (now != shown) {
			t.Fatalf("tick %d: %v and then %v, changed %v", i, shown, now, changed)
		}
		if changed {
			shown = now
			changes = append(changes, i)
		}
	}
	if len(changes) < 100 {
		t.Fatalf("only %d changes", len(changes))
	}
	for i := 3; i < len(changes); i++ {
		if changes[i]-changes[i-3] < 10 {
			t.Fatalf("four changes within %d ticks", changes[i]-changes[i-3])
		}
	}
}

func TestTheLoudestCounts(t *testing.T) {
	var v voices
	v.hearAdviser(nil)
	for range 2 * changeTicks {
		v.hearCitizen(-20)
		v.hearCitizen(-90)
		v.hearAdviser([]byte{0x80 | 100})
		v.hearAdviser([]byte{0x80 | 20})
		v.tick()
	}
	if v.shown != (Speaking{true, true}) {
		t.Errorf("who speaks: %+v", v.shown)
	}
}

func TestSoundLevelInAHeader(t *testing.T) {
	id := levelID([]webrtc.RTPHeaderExtensionParameter{{URI: captureTimeURI, ID: 3}, {URI: "urn:ietf:params:rtp-hdrext:ssrc-audio-level", ID: 5}})
	if id != 5 || levelID(nil) != 0 {
		t.Errorf("the extension's id is %d", id)
	}
	var s soundLevel
	for level, want := range map[float64]byte{0: 0, -31.6: 32, -500: 127, 4: 0} {
		var header rtp.Header
		if err := s.set(&header, id, level); err != nil {
			t.Fatal(err)
		}
		if got := header.GetExtension(5); len(got) != 1 || got[0] != want {
			t.Errorf("%g dB is written as %v", level, got)
		}
	}
}

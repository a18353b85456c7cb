package audio

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/mediadevices/pkg/io/audio"
	"github.com/pion/mediadevices/pkg/wave"

	"loiret.fr/visioborne/kiosk/media/audio/frames"
	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

// TestSpeechIsHeardByEveryCodec: the codec changes in mid-call, as when the two ends agree anew.
func TestSpeechIsHeardByEveryCodec(t *testing.T) {
	said, err := decodeSpeech(speech)
	if err != nil {
		t.Fatal(err)
	}
	for _, codec := range []Codec{CodecPCMA, CodecPCMU} {
		path := filepath.Join(t.TempDir(), "heard.wav")
		random := rand.New(rand.NewPCG(1, 9))
		var stats Stats
		synctest.Test(t, func(t *testing.T) {
			m, err := new(Room).OpenMicrophone(Simulated, MicrophoneOptions{})
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			time.Sleep(playPeriod / 2) // no packet comes at the very moment at which the speaker plays: either could be first
			s, err := new(Room).OpenSpeaker(Simulated, SpeakerOptions{Recording: path})
			if err != nil {
				t.Fatal(err)
			}
			for i := range 450 {
				named, ratio := CodecOpus, uint32(1)
				if i >= 20 {
					named, ratio = codec, 6
				}
				if i == 0 || i == 20 {
					if err := m.SetCodec(string(named)); err != nil {
						t.Fatal(err)
					}
					if err := s.SetCodec(string(named)); err != nil {
						t.Fatal(err)
					}
				}
				packet, _, err := m.Read()
				if err != nil {
					t.Fatal(err)
				}
				if i < 20 || random.IntN(20) != 0 {
					s.Write(uint16(i), uint32(1<<32-20_000+i*960/int(ratio)), packet)
				}
			}
			stats = s.Stats()
			if played, madeUp := s.Heard(); played < 8*time.Second || madeUp == 0 || madeUp > played/8 {
				t.Errorf("%v played, %v made up", played, madeUp)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			if m.SetCodec("g722") == nil || s.SetCodec("") == nil {
				t.Error("a codec that there is not was taken")
			}
		})
		like, lag := likeness(t, said, readWAV(t, path))
		t.Logf("%s: likeness %.3f, lag %v, %+v", codec, like, lag, stats)
		if like < 0.85 || lag > 100*time.Millisecond {
			t.Errorf("%s: what is heard is like what was said by %.3f at %v", codec, like, lag)
		}
		if stats.Recovered > 0 || stats.Invalid > 0 || stats.Concealed == 0 {
			t.Errorf("%s: %+v", codec, stats)
		}
	}
}

func TestAdapt(t *testing.T) {
	m := newUnpaced(t)
	bytes := func() (n int) {
		for range 200 {
			packet, _, err := m.Read()
			if err != nil {
				t.Fatal(err)
			}
			n += len(packet)
		}
		return n * 8 / 4
	}
	for _, kbps := range []int{24, 48, 32} {
		if err := m.Adapt(kbps*1000, 10); err != nil {
			t.Fatal(err)
		}
		if got := bytes(); got < kbps*700 || got > kbps*1150 {
			t.Errorf("at %d kbit/s %d bit/s come out", kbps, got)
		}
	}
	for _, bad := range [][2]int{{0, 5}, {1_000_000, 5}, {32_000, -1}, {32_000, 101}} {
		if m.Adapt(bad[0], bad[1]) == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}

// TestCopiesReplaceWhatIsLost: every packet carries a copy of the one before.
func TestCopiesReplaceWhatIsLost(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	lost := 0
	way := trip{packets: 500, sequence: 65_400, timestamp: 1<<32 - 90_000, delay: func(n int) time.Duration {
		if n > 20 && n < 490 && random.IntN(8) == 0 {
			lost++
			return -1
		}
		return time.Duration(random.IntN(5)) * time.Millisecond
	}}
	j := newJitterBuffer()
	var numbers []int
	arrivals := way.arrivals()
	for now := time.Duration(0); now < 11*time.Second; {
		for len(arrivals) > 0 && arrivals[0].at <= now {
			a := arrivals[0]
			j.push(a.at, a.sequence, a.timestamp, packet(a.number))
			j.restore(a.at, a.sequence-1, a.timestamp-960, packet(a.number-1))
			arrivals = arrivals[1:]
		}
		s := j.pull(now)
		if s.do == actDecode {
			numbers = append(numbers, int(int32(binary.BigEndian.Uint32(s.payload[1:]))))
		}
		now += samplesTime(int64(s.samples))
	}
	s := j.snapshot()
	t.Logf("%d packets lost, %d played, %+v", lost, len(numbers), s)
	if !slices.IsSorted(numbers) || len(numbers) < 500-lost/5-2 || s.Restored < lost*4/5 || s.Lost > lost/5 || s.Recovered < s.Lost-2 {
		t.Errorf("of %d lost packets %d were restored, %d packets were played", lost, s.Restored, len(numbers))
	}
	if s.Target > 70*time.Millisecond || s.Duplicates > 0 {
		t.Errorf("copies count as packets: %+v", s)
	}
	// A copy from elsewhere, or of an unknown time, is nothing.
	before := j.stats
	j.restore(11*time.Second, 1, 2, packet(1))
	j.restore(11*time.Second, 1, 2, nil)
	newJitterBuffer().restore(0, 1, 2, packet(1))
	if j.stats != before {
		t.Errorf("a strange copy was taken")
	}
}

// source gives chunks of a length and a number of channels.
type source struct {
	sound  []int16
	chunk  wave.Int16Interleaved
	format wave.ChunkInfo
}

func (s *source) Read() (wave.Audio, func(), error) {
	n := s.format.Len * s.format.Channels
	if len(s.sound) < n {
		return nil, nil, io.EOF
	}
	s.chunk = wave.Int16Interleaved{Data: s.sound[:n], Size: s.format}
	s.sound = s.sound[n:]
	return &s.chunk, nil, nil
}

func TestEncoderTakesAnyChunks(t *testing.T) {
	mono := voice(150, opus.SampleRate/2)
	stereo := make([]int16, 2*len(mono))
	for i, v := range mono {
		stereo[2*i], stereo[2*i+1] = v+100, v-100
	}
	read := func(r audio.Reader) (packets [][]byte) {
		e, err := newEncoder(r, 40_000)
		if err != nil {
			t.Fatal(err)
		}
		defer e.close()
		for {
			packet, err := e.read()
			if err == io.EOF {
				return packets
			}
			if err != nil {
				t.Fatal(err)
			}
			packets = append(packets, bytes.Clone(packet))
		}
	}
	want := read(&source{sound: mono, format: wave.ChunkInfo{Len: 960, Channels: 1}})
	if len(want) != 25 {
		t.Fatalf("half a second makes %d packets", len(want))
	}
	for _, format := range []wave.ChunkInfo{{Len: 480, Channels: 1}, {Len: 100, Channels: 1}, {Len: 2400, Channels: 1}, {Len: 960, Channels: 2}, {Len: 160, Channels: 2}} {
		sound := mono
		if format.Channels == 2 {
			sound = stereo
		}
		if got := read(&source{sound: sound, format: format}); !slices.EqualFunc(got, want, bytes.Equal) {
			t.Errorf("%+v: other packets, %d of %d", format, len(got), len(want))
		}
	}
	float := audio.ReaderFunc(func() (wave.Audio, func(), error) {
		return wave.NewFloat32Interleaved(wave.ChunkInfo{Len: 960, Channels: 1}), nil, nil
	})
	e, err := newEncoder(float, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.read(); err == nil {
		t.Error("floating point sound was encoded")
	}
	for range 2 {
		if err := e.close(); err != nil {
			t.Error(err)
		}
	}
	e.source = frames.NewReader(&source{sound: mono, format: wave.ChunkInfo{Len: 960, Channels: 1}})
	if _, err := e.read(); err != io.EOF {
		t.Errorf("a closed encoder gave %v", err)
	}
}

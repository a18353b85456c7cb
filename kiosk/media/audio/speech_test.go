package audio

import (
	"bytes"
	"encoding/binary"
	"flag"
	"os"
	"testing"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4/pkg/media/oggwriter"

	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

var speechWAV = flag.String("speech", "", "make speech.opus of this WAV file, 48 kHz mono 16-bit")

// readWAV returns the samples of a WAV file of ours, and checks its header.
func readWAV(t testing.TB, path string) []int16 {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(file) < wavHeaderBytes {
		t.Fatalf("%s has %d bytes, less than a header", path, len(file))
	}
	size := binary.LittleEndian.Uint32(file[40:])
	if want := (&recording{bytes: size}).header(); !bytes.Equal(file[:wavHeaderBytes], want) {
		t.Fatalf("%s begins\n%x, want\n%x", path, file[:wavHeaderBytes], want)
	}
	file = file[wavHeaderBytes:]
	if uint32(len(file)) < size {
		t.Fatalf("%s says it has %d bytes of sound but has %d", path, size, len(file))
	}
	samples := make([]int16, size/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(file[2*i:]))
	}
	return samples
}

func TestSpeech(t *testing.T) {
	if *speechWAV != "" {
		makeSpeech(t, readWAV(t, *speechWAV))
		t.Skip("speech.opus was made; run the test again without -speech")
	}
	samples, err := decodeSpeech(speech)
	if err != nil {
		t.Fatal(err)
	}
	if seconds := len(samples) / opus.SampleRate; seconds < 6 || seconds > 10 {
		t.Errorf("the speech takes %d s", seconds)
	}
	if level := rms(samples); level < 1000 || level > 10_000 {
		t.Errorf("the speech's level is %.0f", level)
	}
	for _, damaged := range [][]byte{nil, speech[:3000], append([]byte("Oggs"), speech[4:]...)} {
		if got, err := decodeSpeech(damaged); err == nil && len(got) >= len(samples) {
			t.Errorf("a damaged speech of %d bytes was read whole", len(damaged))
		}
	}
}

func makeSpeech(t *testing.T, samples []int16) {
	var file bytes.Buffer
	writer, err := oggwriter.NewWith(&file, opus.SampleRate, 1)
	if err != nil {
		t.Fatal(err)
	}
	encoder, err := opus.NewEncoder()
	if err != nil {
		t.Fatal(err)
	}
	defer encoder.Close()
	if err := encoder.SetComplexity(10); err != nil {
		t.Fatal(err)
	}
	var packet [opus.MaxPacketBytes]byte
	for i := 0; (i+1)*opus.FrameSamples <= len(samples); i++ {
		n, err := encoder.Encode(samples[i*opus.FrameSamples:][:opus.FrameSamples], packet[:])
		if err != nil {
			t.Fatal(err)
		}
		err = writer.WriteRTP(&rtp.Packet{
			Header:  rtp.Header{Version: 2, SequenceNumber: uint16(i), Timestamp: uint32((i + 1) * opus.FrameSamples)},
			Payload: packet[:n],
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("speech.opus", file.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

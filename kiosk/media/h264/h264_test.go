package h264

import (
	"bytes"
	"image"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/prop"

	"loiret.fr/visioborne/kiosk/media/h264/h264test"
	"loiret.fr/visioborne/kiosk/media/ladder/laddertest"
)

// units splits an access unit in Annex B format into NAL units.
func units(annexB []byte) [][]byte {
	var all [][]byte
	for _, part := range bytes.Split(annexB, []byte{0, 0, 1})[1:] {
		all = append(all, bytes.TrimRight(part, "\x00"))
	}
	return all
}

func types(annexB []byte) (all []int) {
	for _, unit := range units(annexB) {
		all = append(all, int(unit[0]&31))
	}
	return all
}

var (
	keyFrame = []int{7, 8, 5} // SPS, PPS, one IDR slice
	delta    = []int{1}       // one slice
)

var tested = laddertest.Codec{
	Builder: func(bitrate int) codec.VideoEncoderBuilder { return Params{Bitrate: bitrate} },
	Decoder: func(t testing.TB) func([]byte) (*image.YCbCr, error) { return h264test.NewDecoder(t).Decode },
	Key:     func(unit []byte) bool { return cmp.Equal(types(unit), keyFrame) },
}

func TestEncoder(t *testing.T) { tested.Run(t) }

func TestUnits(t *testing.T) {
	e := tested.Build(t, 600_000, laddertest.NewPictures(1280, 720, 4))
	for i := range 20 {
		unit := laddertest.Read(t, e)
		want := delta
		if i == 0 {
			want = keyFrame
		}
		if diff := cmp.Diff(want, types(unit)); diff != "" {
			t.Fatalf("picture %d has NAL units %v", i, diff)
		}
		if !bytes.HasPrefix(unit, []byte{0, 0, 0, 1}) {
			t.Fatalf("picture %d begins %x, not with a start code", i, unit[:5])
		}
		if i == 0 {
			// profile_idc 66 with constraint_set1: what the SDP's 42e01f lets
			// any receiver decode; level 3.1 is enough for 720p30.
			sps := units(unit)[0]
			if sps[1] != 66 || sps[2]&0x40 == 0 || sps[3] > 31 {
				t.Errorf("the SPS says profile %d, constraints %#x, level %d", sps[1], sps[2], sps[3])
			}
		}
	}
}

// The SPS says whether black is 0 or 16.
func TestRangeIsTold(t *testing.T) {
	var sets [2][]byte
	for i, format := range []frame.Format{frame.FormatI420, frame.FormatMJPEG} {
		e, err := Params{}.BuildVideoEncoder(laddertest.NewPictures(320, 180, 4), prop.Media{Video: prop.Video{Width: 320, Height: 180, FrameFormat: format}})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		sets[i] = bytes.Clone(units(laddertest.Read(t, e))[0])
	}
	bits := 0
	for i := range min(len(sets[0]), len(sets[1])) {
		for d := sets[0][i] ^ sets[1][i]; d != 0; d &= d - 1 {
			bits++
		}
	}
	if len(sets[0]) != len(sets[1]) || bits != 1 { // video_full_range_flag
		t.Errorf("the SPS of a camera and of a JPEG camera are\n%x\n%x, want one bit of difference", sets[0], sets[1])
	}
}

package v4l2

import (
	"image"
	"image/color"
	"testing"
	"unsafe"
)

// The numbers are what a C compiler says of linux/videodev2.h on amd64 and arm64.
func TestLayouts(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want uintptr
	}{
		{"v4l2_capability", unsafe.Sizeof(Capability{}), 104},
		{"v4l2_fmtdesc", unsafe.Sizeof(FmtDesc{}), 64},
		{"v4l2_frmsizeenum", unsafe.Sizeof(FrmSizeEnum{}), 44},
		{"v4l2_frmivalenum", unsafe.Sizeof(FrmIvalEnum{}), 52},
		{"v4l2_format", unsafe.Sizeof(RawFormat{}), 208},
		{"v4l2_format.fmt", unsafe.Offsetof(RawFormat{}.Fmt), 8},
		{"v4l2_pix_format", unsafe.Sizeof(PixFormat{}), 48},
		{"v4l2_pix_format_mplane", unsafe.Sizeof(PixFormatMplane{}), 192},
		{"v4l2_pix_format_mplane.plane_fmt", unsafe.Offsetof(PixFormatMplane{}.PlaneFmt), 20},
		{"v4l2_pix_format_mplane.num_planes", unsafe.Offsetof(PixFormatMplane{}.NumPlanes), 180},
		{"v4l2_plane_pix_format", unsafe.Sizeof(PlanePixFormat{}), 20},
		{"v4l2_streamparm", unsafe.Sizeof(StreamParm{}), 204},
		{"v4l2_requestbuffers", unsafe.Sizeof(RequestBuffers{}), 20},
		{"v4l2_buffer", unsafe.Sizeof(Buffer{}), 88},
		{"v4l2_buffer.timestamp", unsafe.Offsetof(Buffer{}.Timestamp), 24},
		{"v4l2_buffer.sequence", unsafe.Offsetof(Buffer{}.Sequence), 56},
		{"v4l2_buffer.memory", unsafe.Offsetof(Buffer{}.Memory), 60},
		{"v4l2_buffer.m", unsafe.Offsetof(Buffer{}.M), 64},
		{"v4l2_buffer.length", unsafe.Offsetof(Buffer{}.Length), 72},
		{"v4l2_plane", unsafe.Sizeof(Plane{}), 64},
		{"v4l2_plane.m", unsafe.Offsetof(Plane{}.M), 8},
		{"v4l2_plane.data_offset", unsafe.Offsetof(Plane{}.DataOffset), 16},
		{"v4l2_exportbuffer", unsafe.Sizeof(ExportBuffer{}), 64},
		{"v4l2_query_ext_ctrl", unsafe.Sizeof(QueryExtCtrl{}), 232},
		{"v4l2_query_ext_ctrl.minimum", unsafe.Offsetof(QueryExtCtrl{}.Minimum), 40},
		{"v4l2_ext_control", unsafe.Sizeof(ExtControl{}), 20},
		{"v4l2_ext_control.value", unsafe.Offsetof(ExtControl{}.Value), 12},
		{"v4l2_ext_controls", unsafe.Sizeof(ExtControls{}), 32},
		{"v4l2_ext_controls.controls", unsafe.Offsetof(ExtControls{}.Controls), 24},
		{"v4l2_event_subscription", unsafe.Sizeof(EventSubscription{}), 32},
		{"v4l2_event", unsafe.Sizeof(Event{}), 136},
		{"v4l2_event.u", unsafe.Offsetof(Event{}.U), 8},
		{"v4l2_event.pending", unsafe.Offsetof(Event{}.Pending), 72},
		{"v4l2_event.id", unsafe.Offsetof(Event{}.ID), 96},
		{"v4l2_selection", unsafe.Sizeof(Selection{}), 64},
		{"v4l2_selection.r", unsafe.Offsetof(Selection{}.Left), 12},
		{"v4l2_encoder_cmd", unsafe.Sizeof(CodecCmd{}), 40},
		{"v4l2_decoder_cmd", unsafe.Sizeof(DecoderCmd{}), 72},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, the header has %d", c.name, c.got, c.want)
		}
	}
	// A request carries its structure's size.
	for request, size := range map[uint]uintptr{
		QueryCap: 104, EnumFmt: 64, GFmt: 208, SFmt: 208, TryFmt: 208, ReqBufs: 20, QueryBuf: 88, QBuf: 88, DQBuf: 88, ExpBuf: 64,
		StreamOn: 4, StreamOff: 4, GParm: 204, SParm: 204, GExtCtrls: 32, SExtCtrls: 32, EnumFrameSizes: 44, EnumFrameIntervals: 52,
		EncoderCmd: 40, DQEvent: 136, SubscribeEvent: 32, DecoderCommand: 72, SSelection: 64, QueryExtControl: 232,
	} {
		if request>>16&0x3fff != uint(size) {
			t.Errorf("request %#x has a structure of %d bytes, want %d", request, request>>16&0x3fff, size)
		}
	}
}

// paint makes a picture of a format out of luma and chroma by place.
func paint(f Format) []byte {
	luma := func(x, y int) byte { return byte(3*x + 7*y) }
	cb := func(x, y int) byte { return byte(40 + 5*x + 2*y) } // y in pixels
	cr := func(x, y int) byte { return byte(90 - 3*x + 4*y) }
	data := make([]byte, RawBytes(f))
	for y := range f.Height {
		for x := range f.Width {
			if f.Pixel == YUYV || f.Pixel == UYVY {
				l, c := 0, 1
				if f.Pixel == UYVY {
					l, c = 1, 0
				}
				data[y*f.Stride+2*x+l] = luma(x, y)
				if x%2 == 0 {
					data[y*f.Stride+2*x+c] = cb(x/2, y)
				} else {
					data[y*f.Stride+2*x+c] = cr(x/2, y)
				}
				continue
			}
			data[y*f.Stride+x] = luma(x, y)
			if x%2 == 1 || y%2 == 1 {
				continue
			}
			b, r := byte((int(cb(x/2, y))+int(cb(x/2, y+1))+1)/2), byte((int(cr(x/2, y))+int(cr(x/2, y+1))+1)/2)
			at := f.Stride * f.Height
			switch f.Pixel {
			case YU12:
				data[at+y/2*f.Stride/2+x/2] = b
				data[at+f.Stride/2*(f.Height/2)+y/2*f.Stride/2+x/2] = r
			case NV12:
				data[at+y/2*f.Stride+x], data[at+y/2*f.Stride+x+1] = b, r
			case NV21:
				data[at+y/2*f.Stride+x], data[at+y/2*f.Stride+x+1] = r, b
			default:
				panic("not planar")
			}
		}
	}
	return data
}

// Every format of the same picture becomes the same I420.
func TestI420(t *testing.T) {
	for _, size := range []image.Point{{16, 8}, {18, 6}, {1280, 720}} {
		var want *image.YCbCr
		for _, pixel := range []PixelFormat{YU12, NV12, NV21, YUYV, UYVY} {
			f := Format{Pixel: pixel, Width: size.X, Height: size.Y, Stride: size.X + 6}
			if pixel == YUYV || pixel == UYVY {
				f.Stride = 2*size.X + 12
			}
			p := &Picture{Format: f, Data: paint(f)}
			got := p.I420()
			if want == nil {
				want = got
			}
			for y := range size.Y {
				for x := range size.X {
					if a, b := got.YCbCrAt(x, y), want.YCbCrAt(x, y); a != b {
						t.Fatalf("%v %v at %d,%d is %v, want %v", pixel, size, x, y, a, b)
					}
				}
			}
			if got.At(1, 1) != color.Color(p.At(1, 1)) {
				t.Errorf("%v: At differs", pixel)
			}
			data := p.Data
			if n := testing.AllocsPerRun(5, func() { p.Fill(data, p.Captured); p.I420() }); n > 0 {
				t.Errorf("%v: a picture costs %v allocations", pixel, n)
			}
		}
	}
}

func BenchmarkI420(b *testing.B) {
	for _, pixel := range []PixelFormat{YU12, NV12, YUYV} {
		b.Run(pixel.String(), func(b *testing.B) {
			f := Format{Pixel: pixel, Width: 1280, Height: 720, Stride: 1280}
			if pixel == YUYV {
				f.Stride = 2560
			}
			p := &Picture{Format: f, Data: paint(f)}
			b.ReportAllocs()
			for b.Loop() {
				p.Fill(p.Data, p.Captured)
				p.I420()
			}
		})
	}
}

package camera

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/prop"
	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/kiosk/media/h264/h264test"
	"loiret.fr/visioborne/kiosk/media/m2m"
	"loiret.fr/visioborne/kiosk/media/v4l2"
	"loiret.fr/visioborne/kiosk/media/v4l2/v4l2test"
)

// webcam is a USB camera with raw pictures at 30 a second.
func webcam(pixels ...v4l2.PixelFormat) *v4l2test.Device {
	d := &v4l2test.Device{
		Name: "HD Webcam C615", Bus: "usb-0000:01:00.0-1.2", Memory: &v4l2test.Memory{},
		Controls: map[uint32]*v4l2test.Control{
			v4l2.PowerLineFrequency: v4l2test.Between(0, 2, 2), v4l2.ExposureAuto: v4l2test.Between(0, 3, 1), v4l2.ExposureAutoPriority: v4l2test.Between(0, 1, 1),
		},
	}
	for _, p := range pixels {
		d.Gives = append(d.Gives, v4l2test.Format{Pixel: p, Sizes: [][2]int{{320, 240}}, Rates: []float64{30}})
	}
	return d
}

var small = Format{Width: 320, Height: 240, FrameRate: 30}

func openFake(t *testing.T, d *v4l2test.Device, want Format) *Camera {
	t.Helper()
	c, err := start(&device{open: d.TryOpen}, want)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func raw(pixel v4l2.PixelFormat, shade byte) []byte {
	size := 320 * 240 * 2
	if pixel != v4l2.YUYV && pixel != v4l2.UYVY {
		size = 320 * 240 * 3 / 2
	}
	return bytes.Repeat([]byte{shade}, size)
}

func photo(t testing.TB, ratio image.YCbCrSubsampleRatio, width, height int, shade byte) []byte {
	t.Helper()
	p := image.NewYCbCr(image.Rect(0, 0, width, height), ratio)
	for i := range p.Y {
		p.Y[i] = shade
	}
	for i := range p.Cb {
		p.Cb[i], p.Cr[i] = 128, 128
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Whatever the format, the picture that is sent is the one that was captured, with the driver's time.
func TestFormats(t *testing.T) {
	for _, pixel := range []v4l2.PixelFormat{v4l2.YU12, v4l2.NV12, v4l2.YUYV, v4l2.UYVY, v4l2.MJPG} {
		for _, planar := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				d := webcam(pixel)
				d.Planar = planar
				c := openFake(t, d, small)
				decoder := h264test.NewDecoder(t)
				for i := range 5 {
					time.Sleep(33 * time.Millisecond)
					shade := byte(90 + 10*i)
					data := raw(pixel, shade)
					if pixel == v4l2.MJPG {
						data = photo(t, image.YCbCrSubsampleRatio420, 320, 240, shade)
					}
					want := time.Now()
					d.Deliver(data, 0)
					time.Sleep(20 * time.Millisecond) // the reader comes late
					unit, captured, err := c.Read()
					if err != nil || captured.Sub(want).Abs() > time.Microsecond {
						t.Fatalf("%v: captured %v, %v; want %v", pixel, captured, err, want)
					}
					picture, err := decoder.Decode(unit)
					if err != nil {
						t.Fatal(err)
					}
					if got := picture.YCbCrAt(100, 100).Y; got < shade-4 || got > shade+4 {
						t.Errorf("%v: shade %d became %d", pixel, shade, got)
					}
				}
				if calls := d.Calls(); !slices.Contains(calls, "S_EXT_CTRLS 0x980918=1") || !slices.Contains(calls, "S_EXT_CTRLS 0x9a0903=0") ||
					!slices.Contains(calls, "S_EXT_CTRLS 0x9a0901=3") || !slices.Contains(calls, "S_PARM 30/s") {
					t.Errorf("controls and rate were not set: %v", calls)
				}
				ended := make(chan error)
				go func() { _, _, err := c.Read(); ended <- err }()
				synctest.Wait()
				if err := c.Close(); err != nil {
					t.Fatal(err)
				}
				if err := <-ended; err != io.EOF {
					t.Errorf("Read ended with %v", err)
				}
				if d.IsOpen() {
					t.Error("the camera is still open")
				}
			})
		}
	}
}

// A reader that was held up gets the newest picture, and what is broken is left out.
func TestNewestAndWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := webcam(v4l2.YUYV)
		v := &device{open: d.TryOpen}
		if err := v.Open(); err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		r, err := v.VideoRecord(v.Properties()[0])
		if err != nil {
			t.Fatal(err)
		}
		shade := func() byte {
			picture, _, err := r.Read()
			if err != nil {
				t.Fatal(err)
			}
			return picture.(*v4l2.Picture).I420().Y[0]
		}
		for i := range 4 { // all buffers
			d.Deliver(raw(v4l2.YUYV, byte(10*i)), 0)
		}
		if got := shade(); got != 30 {
			t.Errorf("got picture %d", got)
		}
		go func() {
			d.Deliver(raw(v4l2.YUYV, 50), v4l2.BufFlagError)
			time.Sleep(33 * time.Millisecond)
			d.Deliver(raw(v4l2.YUYV, 60)[:1000], 0)
			time.Sleep(33 * time.Millisecond)
			d.Deliver(nil, 0)
			time.Sleep(33 * time.Millisecond)
			d.Deliver(raw(v4l2.YUYV, 70), 0)
		}()
		if got := shade(); got != 70 {
			t.Errorf("a broken picture was given: %d", got)
		}
	})
}

func TestCameraThatFails(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*v4l2test.Device)
		is    error
		text  string
		after time.Duration
	}{
		{"unplugged", func(d *v4l2test.Device) { d.Unplug() }, unix.ENODEV, "reading the camera: the camera was unplugged: no such device", 0},
		{"silent", func(*v4l2test.Device) {}, errNoPicture, "reading the camera: the camera gives no picture for 3s", 3 * time.Second},
		{"broken JPEG only", func(d *v4l2test.Device) {
			go func() {
				for range 29 {
					d.Deliver(photo(t, image.YCbCrSubsampleRatio420, 320, 240, 9)[:300], 0)
					time.Sleep(100 * time.Millisecond)
				}
			}()
		}, errNoPicture, "reading the camera: the camera gives no picture that is whole for 3s", 3 * time.Second},
		{"an I/O error", func(d *v4l2test.Device) { d.Fail(v4l2.DQBuf, unix.EIO) }, unix.EIO, "reading the camera: taking a buffer", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := webcam(v4l2.MJPG)
				camera := openFake(t, d, small)
				before := time.Now()
				c.spoil(d)
				if _, _, err := camera.Read(); !errors.Is(err, c.is) || !strings.HasPrefix(err.Error(), c.text) || time.Since(before) != c.after {
					t.Errorf("after %v: %v", time.Since(before), err)
				}
				if err := camera.Close(); err != nil {
					t.Errorf("closing: %v", err)
				}
			})
		})
	}
}

// A call opens the camera again and again until it is back.
func TestReplug(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := webcam(v4l2.YUYV)
		c := openFake(t, d, small)
		d.Unplug()
		if _, _, err := c.Read(); !errors.Is(err, unix.ENODEV) {
			t.Fatal(err)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := start(&device{open: d.TryOpen}, small); !errors.Is(err, unix.ENODEV) {
			t.Fatalf("an unplugged camera opened: %v", err)
		}
		d.Plug()
		c = openFake(t, d, small)
		defer c.Close()
		d.Deliver(raw(v4l2.YUYV, 100), 0)
		if _, _, err := c.Read(); err != nil {
			t.Fatal(err)
		}
	})
}

// A device that fails while it is being opened is closed again.
func TestFailedOpenCloses(t *testing.T) {
	for request, name := range map[uint]string{
		v4l2.EnumFmt: "ENUM_FMT", v4l2.SFmt: "S_FMT", v4l2.SParm: "S_PARM", v4l2.ReqBufs: "REQBUFS", v4l2.QueryBuf: "QUERYBUF", v4l2.QBuf: "QBUF", v4l2.StreamOn: "STREAMON",
	} {
		d := webcam(v4l2.YUYV)
		d.Fail(request, unix.EIO)
		if _, err := start(&device{open: d.TryOpen}, small); !errors.Is(err, unix.EIO) || d.IsOpen() {
			t.Errorf("%s: %v, open %v", name, err, d.IsOpen())
		}
	}
	d := &v4l2test.Device{Takes: []v4l2test.Format{{Pixel: v4l2.YU12}}, Gives: []v4l2test.Format{{Pixel: v4l2.H264}}}
	if _, err := start(&device{open: d.TryOpen}, small); !errors.Is(err, errNoCamera) || d.IsOpen() {
		t.Errorf("a codec as a camera: %v", err)
	}
}

// A camera is found by what it is, wherever it has come back.
func TestAny(t *testing.T) {
	isp := &v4l2test.Device{Name: "unicam", Bus: "platform:fe801000.csi", Gives: []v4l2test.Format{{Pixel: v4l2.YUYV}}}
	first, second := webcam(v4l2.YUYV), webcam(v4l2.YUYV)
	second.Name, second.Bus = "Other", "usb-0000:01:00.0-1.4"
	machine := newMachine(m2m.Found{})
	find := func(at map[string]*v4l2test.Device, paths ...string) string {
		t.Helper()
		d, err := machine.openAny(paths, func(path string) (*v4l2.Device, error) { return at[path].TryOpen() })
		if err != nil {
			return err.Error()
		}
		defer d.Close()
		return d.Name() + " " + d.Bus()
	}
	at := map[string]*v4l2test.Device{"0": isp, "1": first, "2": second}
	if got := find(at, "0", "1", "2"); got != first.Name+" "+first.Bus {
		t.Errorf("the first on USB is %q", got)
	}
	if got := find(map[string]*v4l2test.Device{"0": second, "3": first}, "0", "3"); got != first.Name+" "+first.Bus {
		t.Errorf("the same under another number is %q", got)
	}
	first.Unplug()
	if got := find(at, "0", "1", "2"); got != second.Name+" "+second.Bus {
		t.Errorf("in its place: %q", got)
	}
	for _, d := range at {
		if d.IsOpen() && d != first {
			t.Errorf("%s is still open", d.Name)
		}
	}
	if got := find(nil); !strings.Contains(got, "no such device") {
		t.Errorf("without any: %q", got)
	}
}

// The camera's own H.264 is passed on, when its rate and key frames can be set and the machine has no encoder.
func TestOwnEncoder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := webcam(v4l2.YUYV, v4l2.H264)
		machine := newMachine(m2m.Found{})
		want := small
		want.Machine = machine
		c := openFake(t, d, want)
		if e := machine.Encoder(); e != (Encoder{"OpenH264", NoHardware}) {
			t.Errorf("a camera whose rate cannot be set encodes: %v", e)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		d.Controls[v4l2.Bitrate], d.Controls[v4l2.ForceKeyFrame] = v4l2test.Between(100_000, 5_000_000, 1), v4l2test.Between(0, 0, 0)
		c = openFake(t, d, want)
		defer c.Close()
		if e := machine.Encoder(); e != (Encoder{"H.264", CameraH264}) {
			t.Errorf("the encoder is %v", e)
		}
		sps, idr, p := "\x00\x00\x00\x01\x67\x42\x00\x00\x00\x01\x68\x01", "\x00\x00\x01\x65\x11", "\x00\x00\x01\x41\x22"
		if err := errors.Join(c.SetBitrate(700_000), c.ForceKeyFrame()); err != nil {
			t.Fatal(err)
		}
		d.Deliver([]byte(sps), 0)
		d.Deliver([]byte(idr), 0)
		d.Deliver([]byte(p), 0)
		for _, want := range []string{sps + idr, p} {
			if unit, _, err := c.Read(); err != nil || string(unit) != want {
				t.Errorf("got %q, %v; want %q", unit, err, want)
			}
		}
		if got := d.Controls[v4l2.Bitrate].Value; got != 700_000 {
			t.Errorf("the camera's bitrate is %d", got)
		}
	})
}

// What is reported of the encoder, and that a broken one is left alone.
func TestMachine(t *testing.T) {
	m := newMachine(m2m.Found{Path: "/dev/video-none", Name: "bcm2835-codec-encode", Takes: []v4l2.PixelFormat{v4l2.YUYV}})
	if e := m.Encoder(); e != (Encoder{"bcm2835-codec-encode", Hardware}) {
		t.Errorf("before a call it is %v", e)
	}
	want := small
	want.Machine = m
	for range 2 {
		c := openFake(t, webcam(v4l2.YUYV), want)
		if e := m.Encoder(); e != (Encoder{"OpenH264", HardwareRefused}) {
			t.Errorf("with an encoder that is not there it is %v", e)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestChooseForTheEncoder(t *testing.T) {
	offer := func(f frame.Format) prop.Media {
		return prop.Media{Video: prop.Video{Width: 1280, Height: 720, FrameRate: 30, FrameFormat: f}}
	}
	all := []prop.Media{offer(frame.FormatMJPEG), offer(frame.FormatYUYV), offer(frame.FormatNV12), offer(frameH264)}
	hd := Format{Width: 1280, Height: 720, FrameRate: 30}
	for _, c := range []struct {
		own   bool
		taken []frame.Format
		want  frame.Format
	}{
		{true, nil, frameH264},
		{false, nil, frame.FormatNV12},
		{false, []frame.Format{frame.FormatYUYV}, frame.FormatYUYV},
	} {
		if got, err := choose(all, hd, c.own, c.taken...); err != nil || got.FrameFormat != c.want {
			t.Errorf("own %v, taken %v: %v, %v", c.own, c.taken, got.FrameFormat, err)
		}
	}
}

// The card is sent slowly, is readable, and ends at once.
func TestCard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := OpenCard("La caméra de la borne\nne répond plus", Format{Bitrate: 300_000})
		if err != nil {
			t.Fatal(err)
		}
		decoder := h264test.NewDecoder(t)
		began := time.Now()
		for i := range 7 {
			unit, captured, err := c.Read()
			if err != nil || (captured.Sub(began)-time.Duration(i)*time.Second/cardRate).Abs() > time.Millisecond {
				t.Fatalf("picture %d at %v: %v", i, captured.Sub(began), err)
			}
			picture, err := decoder.Decode(unit)
			if err != nil {
				t.Fatal(err)
			}
			bright := 0
			for y := range picture.Rect.Dy() {
				for x := range picture.Rect.Dx() {
					if picture.YCbCrAt(x, y).Y > 180 {
						bright++
					}
				}
			}
			if share := float64(bright) / float64(picture.Rect.Dx()*picture.Rect.Dy()); share < 0.01 || share > 0.2 {
				t.Errorf("%.3f of the card is ink", share)
			}
		}
		ended := make(chan error)
		go func() { _, _, err := c.Read(); ended <- err }()
		synctest.Wait()
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; err != io.EOF {
			t.Error(err)
		}
	})
	if _, err := paintCard("Un texte qui ne tient pas sur une seule ligne d’une si petite image", image.Pt(160, 90)); err != nil {
		t.Error(err)
	}
}

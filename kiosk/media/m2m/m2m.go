// Package m2m drives an encoder in hardware: a V4L2 stateful encoder, memory to
// memory, such as the Raspberry Pi's bcm2835-codec. One Encoder encodes pictures
// of one size, each before the next, so that a picture is never older than the
// time that its encoding takes.
//
// A camera's picture is not copied where the encoder takes the memory that the
// camera's driver exports (DMABUF); otherwise it is copied once into the
// encoder's memory. The coded picture is not copied.
//
// It opens the encoder's device, and to find one, the codecs among the video
// devices, never a camera on USB. It owns no goroutine, allocates nothing for a
// picture and writes nothing. Sources: Linux' Documentation/userspace-api/media/v4l/dev-encoder.rst,
// ext-ctrls-codec.rst; Raspberry Pi's drivers/staging/vc04_services/bcm2835-codec; ITU-T H.264 Annex A.
package m2m

import (
	"errors"
	"fmt"
	"image"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/kiosk/media/v4l2"
)

const (
	// inputs is how many pictures the encoder may hold, coded how many it may have ready.
	inputs, coded = 3, 3
	// A picture that is not encoded after that time is lost: the encoder hangs.
	limit = 2 * time.Second
	// keyFrameSeconds is the encoder's own longest distance of key frames.
	keyFrameSeconds = 10
)

// Settings are what an Encoder begins with.
type Settings struct {
	Size      image.Point // even
	FrameRate float32     // pictures a second
	Bitrate   int         // bits per second
	FullRange bool        // the samples span 0 to 255
	// Coded is the coded format; 0 is H.264.
	Coded v4l2.PixelFormat
	// Source is the format of a camera whose pictures EncodeRaw will get; the zero value for none.
	Source v4l2.Format
}

// Encoder is an open encoder. It is used by one goroutine at a time.
type Encoder struct {
	device   *v4l2.Device
	settings Settings
	name     string
	format   v4l2.Format // of the pictures that the encoder takes
	in, out  *v4l2.Queue
	imported bool // in takes a camera's memory
	free     []int
	number   int64 // of the picture
	held     int   // the coded buffer that the last unit lies in; -1 for none
	lost     bool  // the last picture was, so that the next one must not refer to it
}

// Open opens the encoder at a path.
func Open(path string, s Settings) (*Encoder, error) {
	d, err := v4l2.Open(path)
	if err != nil {
		return nil, err
	}
	return New(d, s)
}

// New makes an encoder of an open device, which it closes, also when it fails.
func New(d *v4l2.Device, s Settings) (*Encoder, error) {
	if s.Coded == 0 {
		s.Coded = v4l2.H264
	}
	e := &Encoder{device: d, settings: s, name: d.Name(), held: -1}
	err := e.start()
	if err != nil && e.imported { // a memory that is offered and then refused
		e.stop()
		err = e.startWith(false)
	}
	if err != nil {
		e.stop()
		return nil, errors.Join(fmt.Errorf("starting the encoder %s at %dx%d: %w", e.name, s.Size.X, s.Size.Y, err), d.Close())
	}
	return e, nil
}

func (e *Encoder) start() error {
	if e.device.Kind() != v4l2.Codec {
		return errors.New("the device is no codec")
	}
	return e.startWith(true)
}

// startWith sets the formats in the order that dev-encoder.rst gives, then the controls, then the queues.
func (e *Encoder) startWith(importing bool) error {
	s := e.settings
	if _, err := e.device.SetFormat(v4l2.Capture, v4l2.Format{Pixel: s.Coded, Width: s.Size.X, Height: s.Size.Y, Bytes: codedBytes(s.Size)}); err != nil {
		return err
	}
	importable, err := e.setInput()
	if err != nil {
		return err
	}
	// Rows are padded to blocks; without this, some drivers show the padding.
	if f := e.format; f.Width != s.Size.X || f.Height != s.Size.Y {
		width, height, err := e.device.Crop(s.Size.X, s.Size.Y)
		if err != nil {
			return err
		}
		if width != s.Size.X || height != s.Size.Y {
			return fmt.Errorf("it shows %dx%d", width, height)
		}
	}
	// The coded format again: a driver may have followed the raw one.
	got, err := e.device.SetFormat(v4l2.Capture, v4l2.Format{Pixel: s.Coded, Width: s.Size.X, Height: s.Size.Y, Bytes: codedBytes(s.Size)})
	if err != nil {
		return err
	}
	if got.Pixel != s.Coded {
		return fmt.Errorf("it gives %v, not %v", got.Pixel, s.Coded)
	}
	if _, err := e.device.SetRate(v4l2.Output, float64(s.FrameRate)); err != nil && !errors.Is(err, unix.ENOTTY) && !errors.Is(err, unix.EINVAL) {
		return err
	}
	e.control()
	e.imported = importable && importing
	memory := uint32(v4l2.MemoryMMAP)
	if e.imported {
		memory = v4l2.MemoryDMABUF
	}
	if e.in, err = e.device.NewQueue(v4l2.Output, memory, inputs); err != nil {
		return err
	}
	e.free = make([]int, 0, e.in.Len())
	for i := range e.in.Len() {
		e.free = append(e.free, i)
	}
	if e.out, err = e.device.NewQueue(v4l2.Capture, v4l2.MemoryMMAP, coded); err != nil {
		return err
	}
	for i := range e.out.Len() {
		if err := e.out.Put(i, 0, 0, 0, 0); err != nil {
			return err
		}
	}
	return errors.Join(e.in.Start(), e.out.Start())
}

// setInput chooses what pictures the encoder takes: the camera's own if it can, and tells whether their memory fits.
func (e *Encoder) setInput() (importable bool, err error) {
	s := e.settings
	offered, err := e.device.Formats(v4l2.Output)
	if err != nil {
		return false, err
	}
	source := s.Source.Pixel != 0 && slices.Contains(offered, s.Source.Pixel) &&
		s.Source.Width == s.Size.X && s.Source.Height == s.Size.Y
	want := v4l2.Format{Width: s.Size.X, Height: s.Size.Y, FullRange: s.FullRange}
	switch {
	case source:
		want.Pixel, want.Stride, want.Bytes = s.Source.Pixel, s.Source.Stride, s.Source.Bytes
	case slices.Contains(offered, v4l2.YU12):
		want.Pixel = v4l2.YU12
	case slices.Contains(offered, v4l2.NV12):
		want.Pixel = v4l2.NV12
	default:
		return false, fmt.Errorf("it takes none of YU12 and NV12, only %v", offered)
	}
	if e.format, err = e.device.SetFormat(v4l2.Output, want); err != nil {
		return false, err
	}
	if e.format.Pixel != want.Pixel || e.format.Width < s.Size.X || e.format.Height < s.Size.Y || e.format.Stride == 0 || e.format.Bytes < v4l2.RawBytes(e.format) {
		return false, fmt.Errorf("it makes %v %dx%d of %v %v", e.format.Pixel, e.format.Width, e.format.Height, want.Pixel, s.Size)
	}
	f := e.format
	fits := f.Stride == s.Source.Stride && f.Height == s.Source.Height && f.Bytes <= s.Source.Bytes
	return source && fits, nil
}

// control sets what a call needs; a driver that lacks one has it fixed, or has another format.
func (e *Encoder) control() {
	s := e.settings
	all := []v4l2.Setting{
		{ID: v4l2.BitrateMode, Value: v4l2.BitrateConstant},
		{ID: v4l2.FrameRCEnable, Value: 1},
		{ID: v4l2.Bitrate, Value: int32(s.Bitrate)},
		{ID: v4l2.GOPSize, Value: int32(keyFrameSeconds * s.FrameRate)},
		{ID: v4l2.BFrames, Value: 0},
		{ID: v4l2.HeaderMode, Value: v4l2.HeaderWithFirstFrame},
		{ID: v4l2.RepeatSeqHeader, Value: 1},
	}
	if s.Coded == v4l2.H264 {
		all = append(all,
			v4l2.Setting{ID: v4l2.H264IPeriod, Value: int32(keyFrameSeconds * s.FrameRate)},
			v4l2.Setting{ID: v4l2.H264Profile, Value: v4l2.ProfileConstrainedBaseline},
			v4l2.Setting{ID: v4l2.H264Level, Value: Level(s.Size, s.FrameRate, s.Bitrate)},
			v4l2.Setting{ID: v4l2.H264Entropy, Value: v4l2.EntropyCAVLC})
	}
	for _, c := range all {
		e.device.Try(c)
	}
}

// codedBytes is the memory for a coded picture: a quarter of the raw one holds any key frame at a call's rates, and more than the least that drivers take.
func codedBytes(size image.Point) int { return max(size.X*size.Y/2, 256<<10) }

// Name is what the encoder calls itself.
func (e *Encoder) Name() string { return e.name }

// Input is the format of the raw pictures that the encoder takes without a conversion, and whether it takes them where they are.
func (e *Encoder) Input() (f v4l2.Format, imported bool) { return e.format, e.imported }

// SetRate changes the target from the next picture on.
func (e *Encoder) SetRate(bitsPerSecond int, frameRate float32) error {
	if frameRate != e.settings.FrameRate {
		if _, err := e.device.SetRate(v4l2.Output, float64(frameRate)); err != nil && !errors.Is(err, unix.ENOTTY) {
			return err
		}
		e.settings.FrameRate = frameRate
	}
	if e.device.Control(v4l2.Bitrate) == nil {
		return nil // a test's driver, whose rate is its own
	}
	return e.device.Set(v4l2.Setting{ID: v4l2.Bitrate, Value: int32(bitsPerSecond)})
}

// Encode encodes a picture whose origin is at its first sample. The unit is valid
// until the next picture; after is not used, the encoder counts pictures.
func (e *Encoder) Encode(picture *image.YCbCr, _ time.Duration, forceKeyFrame bool, _ []byte) (unit []byte, key bool, err error) {
	if size := picture.Rect.Size(); size != e.settings.Size {
		return nil, false, fmt.Errorf("encoding a picture: it is %v, the encoder is for %v", size, e.settings.Size)
	}
	if e.imported || (e.format.Pixel != v4l2.YU12 && e.format.Pixel != v4l2.NV12) {
		return nil, false, fmt.Errorf("encoding a picture: the encoder takes %v from a camera", e.format.Pixel)
	}
	i, err := e.takeFree()
	if err != nil {
		return nil, false, err
	}
	fill(e.in.Memory(i), e.format, picture)
	return e.encode(i, e.format.Bytes, 0, 0, forceKeyFrame)
}

// EncodeRaw encodes a camera's picture; it must be of the source's format.
func (e *Encoder) EncodeRaw(p *v4l2.Picture, forceKeyFrame bool) (unit []byte, key bool, err error) {
	if p.Format != e.settings.Source || p.Format.Pixel != e.format.Pixel {
		return nil, false, fmt.Errorf("encoding a picture: it is %v %dx%d, the encoder takes %v %dx%d",
			p.Format.Pixel, p.Format.Width, p.Format.Height, e.format.Pixel, e.format.Width, e.format.Height)
	}
	i, err := e.takeFree()
	if err != nil {
		return nil, false, err
	}
	if e.imported {
		unit, key, err := e.encode(i, min(len(p.Data), p.Length), p.FD, p.Length, forceKeyFrame)
		if err == nil || e.number > 1 {
			return unit, key, err
		}
		// It was the first: the driver takes imported memory, but not this camera's.
		e.stop()
		e.number = 0
		if err := e.startWith(false); err != nil {
			return nil, false, err
		}
		return e.EncodeRaw(p, forceKeyFrame)
	}
	fillRaw(e.in.Memory(i), e.format, p)
	return e.encode(i, e.format.Bytes, 0, 0, forceKeyFrame)
}

func (e *Encoder) takeFree() (int, error) {
	if e.held >= 0 { // what Encode gave is no longer in use
		held := e.held
		e.held = -1
		if err := e.out.Put(held, 0, 0, 0, 0); err != nil {
			return 0, err
		}
	}
	if len(e.free) == 0 {
		return 0, errors.New("encoding a picture: the encoder holds all of its input")
	}
	i := e.free[len(e.free)-1]
	e.free = e.free[:len(e.free)-1]
	return i, nil
}

// encode gives the encoder the input buffer and waits for what comes of it. A
// camera's memory is given back only when the encoder has read it.
func (e *Encoder) encode(i, used, fd, length int, forceKeyFrame bool) (unit []byte, key bool, err error) {
	if (forceKeyFrame || e.lost) && e.number > 0 { // the first is one
		if err := e.device.Set(v4l2.Setting{ID: v4l2.ForceKeyFrame, Value: 1}); err != nil && e.device.Control(v4l2.ForceKeyFrame) != nil {
			return nil, false, err
		}
	}
	e.number++
	e.lost = true
	stamp := time.Duration(e.number) * time.Microsecond
	if err := e.in.Put(i, used, stamp, fd, length); err != nil {
		return nil, false, err
	}
	ready, read := false, false
	for !ready || !read {
		for !read {
			t, err := e.in.Take()
			if err == v4l2.ErrEmpty {
				break
			} else if err != nil {
				return nil, false, err
			}
			e.free = append(e.free, t.Index)
			read = t.Index == i || !e.imported
		}
		if !ready {
			t, err := e.out.Take()
			switch {
			case err == v4l2.ErrEmpty:
			case err != nil:
				return nil, false, err
			case t.Timestamp < stamp && t.Timestamp > 0 || t.Flags&v4l2.BufFlagError != 0 && t.Timestamp != stamp:
				// Of an earlier picture, which was given up.
				if err := e.out.Put(t.Index, 0, 0, 0, 0); err != nil {
					return nil, false, err
				}
				continue
			default:
				ready, e.held = true, t.Index
				if t.Flags&v4l2.BufFlagError == 0 {
					unit, key = t.Data, t.Flags&v4l2.BufFlagKeyFrame != 0
				}
			}
		}
		if ready && (read || !e.imported) {
			break
		}
		events := int16(0)
		if !ready {
			events |= unix.POLLIN
		}
		if !read {
			events |= unix.POLLOUT
		}
		got, err := e.device.Wait(events, limit)
		if err != nil {
			return nil, false, fmt.Errorf("waiting for the encoder: %w", err)
		}
		if got == 0 {
			return nil, false, fmt.Errorf("waiting for the encoder: nothing came for %v", limit)
		}
		if got&unix.POLLERR != 0 && got&(unix.POLLIN|unix.POLLOUT) == 0 {
			return nil, false, errors.New("waiting for the encoder: it has stopped")
		}
	}
	e.lost = unit == nil
	return unit, key, nil
}

// Close closes the device.
func (e *Encoder) Close() {
	e.stop()
	_ = e.device.Close() // nothing is lost with it
}

// stop frees the queues; what cannot be freed goes with the device.
func (e *Encoder) stop() {
	for _, q := range []*v4l2.Queue{e.in, e.out} {
		if q != nil {
			_ = q.Stop()
			_ = q.Free()
		}
	}
	e.in, e.out, e.held = nil, nil, -1
}

// fill puts a picture into an encoder's memory, whose lines and planes may be longer.
func fill(memory []byte, f v4l2.Format, p *image.YCbCr) {
	size := p.Rect.Size()
	lines(memory, f.Stride, p.Y, p.YStride, size.X, size.Y)
	memory = memory[f.Stride*f.Height:]
	if f.Pixel == v4l2.YU12 {
		lines(memory, f.Stride/2, p.Cb, p.CStride, size.X/2, size.Y/2)
		lines(memory[f.Stride/2*(f.Height/2):], f.Stride/2, p.Cr, p.CStride, size.X/2, size.Y/2)
		return
	}
	for y := range size.Y / 2 {
		line := memory[y*f.Stride:][:size.X]
		cb, cr := p.Cb[y*p.CStride:][:size.X/2], p.Cr[y*p.CStride:][:size.X/2]
		for x := range cb {
			line[2*x], line[2*x+1] = cb[x], cr[x]
		}
	}
}

// fillRaw is fill for a camera's picture of the encoder's format.
func fillRaw(memory []byte, f v4l2.Format, p *v4l2.Picture) {
	s := p.Format
	switch f.Pixel {
	case v4l2.YUYV, v4l2.UYVY:
		lines(memory, f.Stride, p.Data, s.Stride, 2*s.Width, s.Height)
	case v4l2.NV12, v4l2.NV21:
		lines(memory, f.Stride, p.Data, s.Stride, s.Width, s.Height)
		lines(memory[f.Stride*f.Height:], f.Stride, p.Data[s.Stride*s.Height:], s.Stride, s.Width, s.Height/2)
	default:
		fill(memory, f, p.I420())
	}
}

func lines(dst []byte, dstStride int, src []byte, srcStride, width, height int) {
	if dstStride == srcStride {
		copy(dst, src[:min(len(src), srcStride*(height-1)+width)])
		return
	}
	for y := range height {
		copy(dst[y*dstStride:][:width], src[y*srcStride:])
	}
}

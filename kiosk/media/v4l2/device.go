// Package v4l2 speaks Video4Linux to cameras and encoders: what a device is and
// offers, formats, controls, and queues of buffers in memory that it shares with
// the kernel, mapped or exported to another device.
//
// Of the multi-planar interface it uses formats that lie in one piece of memory.
// A device is opened by Open and nothing else opens one; it is used by one
// goroutine, which Interrupt ends from any other. Nothing is allocated for a
// picture. The package owns no goroutine.
//
// Sources: Linux' Documentation/userspace-api/media/v4l and
// include/uapi/linux/videodev2.h.
package v4l2

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// PixelFormat is a four-character code.
type PixelFormat uint32

// The formats that are used.
const (
	YU12 = PixelFormat('Y' | 'U'<<8 | '1'<<16 | '2'<<24)
	NV12 = PixelFormat('N' | 'V'<<8 | '1'<<16 | '2'<<24)
	NV21 = PixelFormat('N' | 'V'<<8 | '2'<<16 | '1'<<24)
	YUYV = PixelFormat('Y' | 'U'<<8 | 'Y'<<16 | 'V'<<24)
	UYVY = PixelFormat('U' | 'Y'<<8 | 'V'<<16 | 'Y'<<24)
	MJPG = PixelFormat('M' | 'J'<<8 | 'P'<<16 | 'G'<<24)
	JPEG = PixelFormat('J' | 'P'<<8 | 'E'<<16 | 'G'<<24)
	H264 = PixelFormat('H' | '2'<<8 | '6'<<16 | '4'<<24)
	FWHT = PixelFormat('F' | 'W'<<8 | 'H'<<16 | 'T'<<24) // the test driver vicodec's
)

func (p PixelFormat) String() string {
	return string([]byte{byte(p), byte(p >> 8), byte(p >> 16), byte(p >> 24)})
}

// Kind is what a device can be used for.
type Kind string

// The kinds.
const (
	Camera Kind = "camera"
	Codec  Kind = "codec" // memory to memory
	Other  Kind = "other"
)

// Direction is that of a queue, seen from the program.
type Direction string

// The directions.
const (
	Capture Direction = "capture" // from the device
	Output  Direction = "output"  // to the device
)

// Device is an open video device.
type Device struct {
	node   Node
	name   string
	kind   Kind
	planar bool // multi-planar
	bus    string
}

// Open opens the device at a path.
func Open(path string) (*Device, error) {
	node, err := openKernel(path)
	if err != nil {
		return nil, err
	}
	d, err := New(node)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("asking %s what it is: %w", path, err), node.Close())
	}
	return d, nil
}

// New is the device of an open node. It does not close a node that it refuses.
func New(node Node) (*Device, error) {
	var c Capability
	if err := node.Ioctl(QueryCap, unsafe.Pointer(&c)); err != nil {
		return nil, err
	}
	caps := c.Capabilities
	if caps&CapDeviceCaps != 0 {
		caps = c.DeviceCaps
	}
	d := &Device{node: node, name: text(c.Card[:]), bus: text(c.BusInfo[:]), kind: Other}
	switch {
	case caps&CapStreaming == 0:
	case caps&(CapM2M|CapM2MMplane) != 0, caps&CapCaptureMplane != 0 && caps&CapOutputMplane != 0, caps&CapCapture != 0 && caps&CapOutput != 0:
		d.kind, d.planar = Codec, caps&(CapM2MMplane|CapCaptureMplane) != 0
	case caps&(CapCapture|CapCaptureMplane) != 0:
		d.kind, d.planar = Camera, caps&CapCapture == 0
	}
	return d, nil
}

func text(b []byte) string {
	b, _, _ = bytes.Cut(b, []byte{0})
	return string(b)
}

// Name is what the device calls itself, Bus where it is plugged in.
func (d *Device) Name() string { return d.name }

// Bus is where the device is plugged in; it stays when the device's number changes.
func (d *Device) Bus() string { return d.bus }

// Kind is what the device can be used for.
func (d *Device) Kind() Kind { return d.kind }

func (d *Device) queueType(direction Direction) uint32 {
	switch {
	case direction == Capture && d.planar:
		return captureMplane
	case direction == Capture:
		return capture
	case d.planar:
		return outputMplane
	}
	return output
}

// most is how many entries of a list are asked for: a driver that never ends must not hang the booth.
const most = 256

// Formats lists what a queue takes or gives, in the driver's order. Formats that a library would emulate are left out.
func (d *Device) Formats(direction Direction) ([]PixelFormat, error) {
	var all []PixelFormat
	for i := range uint32(most) {
		f := FmtDesc{Index: i, Type: d.queueType(direction)}
		if err := d.node.Ioctl(EnumFmt, unsafe.Pointer(&f)); errors.Is(err, unix.EINVAL) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("listing formats: %w", err)
		}
		if f.Flags&FmtFlagEmulated == 0 {
			all = append(all, PixelFormat(f.PixelFormat))
		}
	}
	return all, nil
}

// Sizes are one size (steps 0) or a range of them.
type Sizes struct {
	MinWidth, MinHeight, MaxWidth, MaxHeight, StepWidth, StepHeight int
}

// Has tells whether the range has that size.
func (s Sizes) Has(width, height int) bool {
	in := func(v, least, most, step int) bool {
		return v >= least && v <= most && (step <= 1 || (v-least)%step == 0)
	}
	return in(width, s.MinWidth, s.MaxWidth, s.StepWidth) && in(height, s.MinHeight, s.MaxHeight, s.StepHeight)
}

// Sizes lists a format's sizes.
func (d *Device) Sizes(pixel PixelFormat) ([]Sizes, error) {
	var all []Sizes
	for i := range uint32(most) {
		f := FrmSizeEnum{Index: i, PixelFormat: uint32(pixel)}
		if err := d.node.Ioctl(EnumFrameSizes, unsafe.Pointer(&f)); errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTTY) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("listing sizes: %w", err)
		}
		if f.Type == Discrete {
			w, h := int(f.MinWidth), int(f.MaxWidth)
			all = append(all, Sizes{w, h, w, h, 0, 0})
			continue
		}
		all = append(all, Sizes{
			int(f.MinWidth), int(f.MinHeight), int(f.MaxWidth), int(f.MaxHeight), int(f.StepWidth), int(f.StepHeight),
		})
		break
	}
	return all, nil
}

// Rates are one rate or a range of them, in pictures a second.
type Rates struct{ Min, Max float64 }

// Rates lists the picture rates at a size.
func (d *Device) Rates(pixel PixelFormat, width, height int) ([]Rates, error) {
	rate := func(f Fract) float64 {
		if f.Numerator == 0 {
			return 0
		}
		return float64(f.Denominator) / float64(f.Numerator)
	}
	var all []Rates
	for i := range uint32(most) {
		f := FrmIvalEnum{Index: i, PixelFormat: uint32(pixel), Width: uint32(width), Height: uint32(height)}
		if err := d.node.Ioctl(EnumFrameIntervals, unsafe.Pointer(&f)); errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTTY) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("listing picture rates: %w", err)
		}
		if f.Type == Discrete {
			all = append(all, Rates{rate(f.Min), rate(f.Min)})
			continue
		}
		all = append(all, Rates{rate(f.Max), rate(f.Min)}) // the longest interval is the lowest rate
		break
	}
	return all, nil
}

// Format is a queue's.
type Format struct {
	Pixel         PixelFormat
	Width, Height int
	Stride        int  // bytes of a line of the first plane
	Bytes         int  // of a buffer
	FullRange     bool // the samples span 0 to 255
}

// Format tells a queue's present format.
func (d *Device) Format(direction Direction) (Format, error) {
	return d.format(GFmt, direction, Format{})
}

// SetFormat asks for a format; the driver gives what is nearest.
func (d *Device) SetFormat(direction Direction, f Format) (Format, error) {
	return d.format(SFmt, direction, f)
}

// TryFormat tells what SetFormat would give.
func (d *Device) TryFormat(direction Direction, f Format) (Format, error) {
	return d.format(TryFmt, direction, f)
}

func (d *Device) format(request uint, direction Direction, f Format) (Format, error) {
	raw := RawFormat{Type: d.queueType(direction)}
	// Colours as cameras and JPEG have them, where the program says what is in the pictures.
	quantization := uint32(QuantizationLimited)
	if f.FullRange {
		quantization = QuantizationFull
	}
	if direction == Capture {
		quantization = 0
	}
	if d.planar {
		p := (*PixFormatMplane)(unsafe.Pointer(&raw.Fmt))
		p.Width, p.Height, p.PixelFormat, p.Field = uint32(f.Width), uint32(f.Height), uint32(f.Pixel), FieldNone
		p.NumPlanes, p.PlaneFmt[0] = 1, PlanePixFormat{SizeImage: uint32(f.Bytes), BytesPerLine: uint32(f.Stride)}
		if direction == Output {
			p.Colorspace, p.YCbCrEnc, p.Quantization = ColorspaceSMPTE170M, YCbCrEnc601, uint8(quantization)
		}
		if err := d.node.Ioctl(request, unsafe.Pointer(&raw)); err != nil {
			return Format{}, fmt.Errorf("setting the %s format %v %dx%d: %w", direction, f.Pixel, f.Width, f.Height, err)
		}
		if p.NumPlanes != 1 {
			return Format{}, fmt.Errorf("setting the %s format %v: it takes %d pieces of memory, expected one", direction, f.Pixel, p.NumPlanes)
		}
		return Format{
			PixelFormat(p.PixelFormat), int(p.Width), int(p.Height), int(p.PlaneFmt[0].BytesPerLine), int(p.PlaneFmt[0].SizeImage),
			p.Quantization == QuantizationFull || p.Quantization == 0 && p.Colorspace == ColorspaceJPEG,
		}, nil
	}
	p := (*PixFormat)(unsafe.Pointer(&raw.Fmt))
	*p = PixFormat{
		Width: uint32(f.Width), Height: uint32(f.Height), PixelFormat: uint32(f.Pixel), Field: FieldNone,
		BytesPerLine: uint32(f.Stride), SizeImage: uint32(f.Bytes),
	}
	if direction == Output {
		p.Priv, p.Colorspace, p.YCbCrEnc, p.Quantization = pixFmtPrivMagic, ColorspaceSMPTE170M, YCbCrEnc601, quantization
	}
	if err := d.node.Ioctl(request, unsafe.Pointer(&raw)); err != nil {
		return Format{}, fmt.Errorf("setting the %s format %v %dx%d: %w", direction, f.Pixel, f.Width, f.Height, err)
	}
	return Format{
		PixelFormat(p.PixelFormat), int(p.Width), int(p.Height), int(p.BytesPerLine), int(p.SizeImage),
		p.Quantization == QuantizationFull || p.Quantization == 0 && p.Colorspace == ColorspaceJPEG,
	}, nil
}

// Crop says which part of the pictures that a codec is given is meant, from the
// upper left corner, and tells what the driver made of it.
func (d *Device) Crop(width, height int) (gotWidth, gotHeight int, err error) {
	// The requests for selections take the single-planar type for either interface.
	s := Selection{Type: output, Width: uint32(width), Height: uint32(height)}
	if err := d.node.Ioctl(SSelection, unsafe.Pointer(&s)); err != nil {
		return 0, 0, fmt.Errorf("setting the visible size %dx%d: %w", width, height, err)
	}
	return int(s.Width), int(s.Height), nil
}

// SetRate asks for a picture rate and tells what the driver made of it; 0 is one that it does not tell.
func (d *Device) SetRate(direction Direction, rate float64) (float64, error) {
	p := StreamParm{Type: d.queueType(direction), TimePerFrame: Fract{1000, uint32(rate*1000 + 0.5)}}
	if err := d.node.Ioctl(SParm, unsafe.Pointer(&p)); err != nil {
		return 0, fmt.Errorf("setting %g pictures a second: %w", rate, err)
	}
	if p.TimePerFrame.Numerator == 0 {
		return 0, nil
	}
	return float64(p.TimePerFrame.Denominator) / float64(p.TimePerFrame.Numerator), nil
}

// Control tells about a control; it is nil when the device has none or has it switched off.
func (d *Device) Control(id uint32) *QueryExtCtrl {
	q := &QueryExtCtrl{ID: id}
	if err := d.node.Ioctl(QueryExtControl, unsafe.Pointer(q)); err != nil || q.Flags&CtrlFlagDisabled != 0 {
		return nil
	}
	return q
}

// Setting is a control's value.
type Setting struct {
	ID    uint32
	Value int32
}

// Set sets one control.
func (d *Device) Set(s Setting) error {
	control := &ExtControl{ID: s.ID, Value: s.Value}
	all := &ExtControls{Count: 1, Controls: uintptr(unsafe.Pointer(control))}
	err := d.node.Ioctl(SExtCtrls, unsafe.Pointer(all))
	runtime.KeepAlive(control) // on the heap, where it stays: the node got its address
	if err != nil {
		return fmt.Errorf("setting control %#x to %d: %w", s.ID, s.Value, err)
	}
	return nil
}

// Get gives a control's value.
func (d *Device) Get(id uint32) (int32, error) {
	control := &ExtControl{ID: id}
	all := &ExtControls{Count: 1, Controls: uintptr(unsafe.Pointer(control))}
	err := d.node.Ioctl(GExtCtrls, unsafe.Pointer(all))
	runtime.KeepAlive(control)
	if err != nil {
		return 0, fmt.Errorf("reading control %#x: %w", id, err)
	}
	return control.Value, nil
}

// Try sets a control that a device may lack, within its bounds, and tells whether it took it.
func (d *Device) Try(s Setting) bool {
	c := d.Control(s.ID)
	if c == nil {
		return false
	}
	if c.Maximum > c.Minimum {
		s.Value = int32(min(max(int64(s.Value), c.Minimum), c.Maximum))
	}
	return d.Set(s) == nil
}

// Subscribe asks for events of that type, which Wait tells of as unix.POLLPRI.
func (d *Device) Subscribe(event uint32) error {
	s := EventSubscription{Type: event}
	if err := d.node.Ioctl(SubscribeEvent, unsafe.Pointer(&s)); err != nil {
		return fmt.Errorf("subscribing to event %d: %w", event, err)
	}
	return nil
}

// Event takes an event.
func (d *Device) Event() (Event, error) {
	var e Event
	if err := d.node.Ioctl(DQEvent, unsafe.Pointer(&e)); err != nil {
		return e, fmt.Errorf("taking an event: %w", err)
	}
	return e, nil
}

// Command gives an encoder a command, EncCmdStop or EncCmdStart.
func (d *Device) Command(command uint32) error {
	c := CodecCmd{Cmd: command}
	if err := d.node.Ioctl(EncoderCmd, unsafe.Pointer(&c)); err != nil {
		return fmt.Errorf("giving the encoder command %d: %w", command, err)
	}
	return nil
}

// Wait is Node's.
func (d *Device) Wait(events int16, limit time.Duration) (int16, error) {
	return d.node.Wait(events, limit)
}

// Interrupt ends Wait for good, from any goroutine.
func (d *Device) Interrupt() { d.node.Interrupt() }

// WallTime turns a timestamp of the monotonic clock into a time.
func (d *Device) WallTime(stamp time.Duration) time.Time {
	return time.Now().Add(stamp - d.node.Monotonic())
}

// Close closes the device; its queues must have been freed.
func (d *Device) Close() error { return d.node.Close() }

// pixFmtPrivMagic says that the fields behind priv mean something.
const pixFmtPrivMagic = 0xfeedcafe

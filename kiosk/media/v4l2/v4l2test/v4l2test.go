// Package v4l2test stands in for the kernel's video drivers in tests: a camera and
// an encoder that keep to V4L2's rules - the order of requests, queues, timestamps,
// what is busy when - and fail as they are told. It opens nothing but descriptors
// without contents, and owns no goroutine.
package v4l2test

import (
	"fmt"
	"sync"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/kiosk/media/v4l2"
)

// Memory is what descriptors stand for, shared by devices that exchange pictures.
type Memory struct {
	mu     sync.Mutex
	shared map[int][]byte
}

func (m *Memory) export(b []byte) (int, error) {
	fd, err := unix.MemfdCreate("v4l2test", unix.MFD_CLOEXEC)
	if err != nil {
		return -1, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.shared == nil {
		m.shared = map[int][]byte{}
	}
	m.shared[fd] = b
	return fd, nil
}

func (m *Memory) of(fd int) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.shared[fd]
}

// Control is a control of a fake device.
type Control struct{ Minimum, Maximum, Value int32 }

// Between is a control between two bounds.
func Between(least, most, value int32) *Control { return &Control{least, most, value} }

// Format is one that a queue offers, with its sizes and rates; encoders take any size.
type Format struct {
	Pixel  v4l2.PixelFormat
	Sizes  [][2]int
	Rates  []float64
	Stride int // at least, and a multiple of; 0 for none
	Lines  int // the height is a multiple of; 0 for none
}

// Device is a fake device. Its fields are set before Open.
type Device struct {
	Name, Bus      string
	Planar         bool
	Takes, Gives   []Format // OUTPUT and CAPTURE; a camera takes nothing
	Controls       map[uint32]*Control
	Memory         *Memory // of descriptors; nil: nothing is exported or imported
	NoImport       bool    // imports are refused when a picture comes, as some drivers do
	NoRate, NoList bool    // the driver does not know the picture rate; does not list sizes

	// Encode makes the coded picture; nil for one with NAL units of H.264. A nil result never comes.
	Encode func(raw []byte, key bool) []byte

	mu          sync.Mutex
	open        bool
	start       time.Time
	unplug      bool
	interrupted bool
	changed     chan struct{}
	out, in     queue // OUTPUT, CAPTURE
	key         bool
	fail        map[uint]error
	calls       []string
	taken       [][]byte
}

type queue struct {
	kind    uint32
	format  v4l2.Format
	memory  uint32
	buffers []buffer
	queued  []int
	done    []int
	stream  bool
	number  uint32
}

type buffer struct {
	data  []byte
	used  int
	flags uint32
	at    v4l2.Timeval
	held  bool // by the driver
}

const buffersMost = 8

// Open opens the device.
func (d *Device) Open(t testing.TB) *v4l2.Device {
	t.Helper()
	v, err := d.TryOpen()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TryOpen opens the device, unless it is unplugged or open.
func (d *Device) TryOpen() (*v4l2.Device, error) {
	d.mu.Lock()
	switch {
	case d.unplug:
		d.mu.Unlock()
		return nil, unix.ENODEV
	case d.open:
		d.mu.Unlock()
		return nil, unix.EBUSY
	}
	d.open, d.interrupted, d.start, d.changed = true, false, time.Now(), make(chan struct{})
	base := uint32(1)
	if d.Planar {
		base = 9
	}
	d.in, d.out = queue{kind: base}, queue{kind: base + 1}
	d.key = true
	d.mu.Unlock()
	return v4l2.New((*node)(d))
}

// IsOpen tells whether a program has it.
func (d *Device) IsOpen() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.open
}

// Unplug takes the device away.
func (d *Device) Unplug() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.unplug = true
	d.signal()
}

// Plug brings it back.
func (d *Device) Plug() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.unplug, d.open = false, false
}

// Fail makes a request fail from now on, or no longer with nil.
func (d *Device) Fail(request uint, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fail == nil {
		d.fail = map[uint]error{}
	}
	d.fail[request] = err
}

// Calls are the requests so far that change something.
func (d *Device) Calls() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.calls
}

// Taken are the raw pictures that an encoder has taken.
func (d *Device) Taken() [][]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.taken
}

// Deliver captures a picture; it is lost when the driver has no buffer, as in life.
func (d *Device) Deliver(data []byte, flags uint32) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Since(d.start)
	return d.deliver(data, flags|v4l2.BufFlagMonotonic, v4l2.Timeval{Sec: int64(now / time.Second), Usec: int64(now % time.Second / time.Microsecond)})
}

func (d *Device) deliver(data []byte, flags uint32, at v4l2.Timeval) bool {
	q := &d.in
	if !q.stream || len(q.queued) == 0 {
		return false
	}
	i := q.queued[0]
	q.queued = q.queued[1:]
	b := &q.buffers[i]
	b.used, b.flags, b.at = copy(b.data, data), flags, at
	q.done = append(q.done, i)
	q.number++
	d.signal()
	return true
}

func (d *Device) signal() {
	if d.changed != nil {
		close(d.changed)
		d.changed = make(chan struct{})
	}
}

// node is the device as an open file.
type node Device

func (n *node) Monotonic() time.Duration { return time.Since(n.start) }

func (n *node) Interrupt() {
	d := (*Device)(n)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.interrupted = true
	d.signal()
}

func (n *node) Close() error {
	d := (*Device)(n)
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.open {
		return unix.EBADF
	}
	d.open = false
	return nil
}

func (n *node) Map(offset int64, length int) ([]byte, error) {
	d := (*Device)(n)
	d.mu.Lock()
	defer d.mu.Unlock()
	q := &d.in
	if offset >= 1<<30 {
		q, offset = &d.out, offset-1<<30
	}
	i := int(offset >> 12)
	if i >= len(q.buffers) || len(q.buffers[i].data) != length {
		return nil, unix.EINVAL
	}
	return q.buffers[i].data, nil
}

func (n *node) Unmap([]byte) error { return nil }

func (n *node) Wait(events int16, limit time.Duration) (int16, error) {
	d := (*Device)(n)
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		d.mu.Lock()
		changed := d.changed
		got := int16(0)
		switch {
		case d.interrupted:
			d.mu.Unlock()
			return 0, v4l2.ErrInterrupted
		case d.unplug:
			got = unix.POLLERR | unix.POLLHUP
		case len(d.Takes) == 0 && (!d.in.stream || len(d.in.queued)+len(d.in.done) == 0):
			got = unix.POLLERR
		default:
			if len(d.in.done) > 0 {
				got |= unix.POLLIN & events
			}
			if len(d.out.done) > 0 {
				got |= unix.POLLOUT & events
			}
		}
		d.mu.Unlock()
		if got != 0 {
			return got, nil
		}
		select {
		case <-changed:
		case <-timer.C:
			return 0, nil
		}
	}
}

// names are the requests that are noted.
var names = map[uint]string{
	v4l2.SFmt: "S_FMT", v4l2.SParm: "S_PARM", v4l2.ReqBufs: "REQBUFS", v4l2.StreamOn: "STREAMON", v4l2.StreamOff: "STREAMOFF",
	v4l2.SExtCtrls: "S_EXT_CTRLS", v4l2.ExpBuf: "EXPBUF", v4l2.SSelection: "S_SELECTION",
}

func (n *node) Ioctl(request uint, argument unsafe.Pointer) error {
	d := (*Device)(n)
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case !d.open:
		return unix.EBADF
	case d.unplug:
		return unix.ENODEV
	case d.fail[request] != nil:
		return d.fail[request]
	}
	note := names[request]
	err := d.ioctl(request, argument, &note)
	if note != "" && len(d.calls) < 1000 {
		if err != nil {
			note += fmt.Sprintf(" (%v)", err)
		}
		d.calls = append(d.calls, note)
	}
	return err
}

func (d *Device) ioctl(request uint, argument unsafe.Pointer, note *string) error {
	switch request {
	case v4l2.QueryCap:
		c := (*v4l2.Capability)(argument)
		copy(c.Card[:], d.Name)
		copy(c.BusInfo[:], d.Bus)
		c.Capabilities, c.DeviceCaps = v4l2.CapDeviceCaps, v4l2.CapStreaming
		switch {
		case len(d.Takes) > 0 && d.Planar:
			c.DeviceCaps |= v4l2.CapM2MMplane
		case len(d.Takes) > 0:
			c.DeviceCaps |= v4l2.CapM2M
		case d.Planar:
			c.DeviceCaps |= v4l2.CapCaptureMplane
		default:
			c.DeviceCaps |= v4l2.CapCapture
		}
		return nil
	case v4l2.EnumFmt:
		f := (*v4l2.FmtDesc)(argument)
		_, offered, err := d.side(f.Type)
		if err != nil || int(f.Index) >= len(offered) {
			return unix.EINVAL
		}
		f.PixelFormat = uint32(offered[f.Index].Pixel)
		return nil
	case v4l2.EnumFrameSizes:
		s := (*v4l2.FrmSizeEnum)(argument)
		f := find(d.Gives, v4l2.PixelFormat(s.PixelFormat))
		if d.NoList {
			return unix.ENOTTY
		}
		if f == nil || int(s.Index) >= len(f.Sizes) {
			return unix.EINVAL
		}
		s.Type, s.MinWidth, s.MaxWidth = v4l2.Discrete, uint32(f.Sizes[s.Index][0]), uint32(f.Sizes[s.Index][1])
		return nil
	case v4l2.EnumFrameIntervals:
		s := (*v4l2.FrmIvalEnum)(argument)
		f := find(d.Gives, v4l2.PixelFormat(s.PixelFormat))
		if f == nil || int(s.Index) >= len(f.Rates) {
			return unix.EINVAL
		}
		s.Type, s.Min = v4l2.Discrete, v4l2.Fract{Numerator: 1000, Denominator: uint32(1000 * f.Rates[s.Index])}
		return nil
	case v4l2.GFmt, v4l2.SFmt, v4l2.TryFmt:
		return d.format(request, (*v4l2.RawFormat)(argument), note)
	case v4l2.SSelection:
		r := (*v4l2.Selection)(argument)
		if r.Type != 2 || d.out.format.Width == 0 {
			return unix.EINVAL
		}
		*note += fmt.Sprintf(" %dx%d", r.Width, r.Height)
		return nil
	case v4l2.SParm:
		if d.NoRate {
			return unix.ENOTTY
		}
		p := (*v4l2.StreamParm)(argument)
		*note += fmt.Sprintf(" %g/s", float64(p.TimePerFrame.Denominator)/float64(p.TimePerFrame.Numerator))
		return nil
	case v4l2.QueryExtControl:
		q := (*v4l2.QueryExtCtrl)(argument)
		c := d.Controls[q.ID]
		if c == nil {
			return unix.EINVAL
		}
		q.Minimum, q.Maximum = int64(c.Minimum), int64(c.Maximum)
		return nil
	case v4l2.SExtCtrls, v4l2.GExtCtrls:
		all := (*v4l2.ExtControls)(argument)
		one := *(**v4l2.ExtControl)(unsafe.Pointer(&all.Controls))
		c := d.Controls[one.ID]
		switch {
		case c == nil:
			return unix.EINVAL
		case request == v4l2.GExtCtrls:
			one.Value = c.Value
			return nil
		case c.Maximum > c.Minimum && (one.Value < c.Minimum || one.Value > c.Maximum):
			return unix.ERANGE
		}
		*note += fmt.Sprintf(" %#x=%d", one.ID, one.Value)
		c.Value = one.Value
		if one.ID == v4l2.ForceKeyFrame {
			d.key = true
		}
		return nil
	case v4l2.ReqBufs:
		return d.request((*v4l2.RequestBuffers)(argument), note)
	case v4l2.ExpBuf:
		e := (*v4l2.ExportBuffer)(argument)
		if d.Memory == nil {
			return unix.ENOTTY
		}
		q, _, err := d.side(e.Type)
		if err != nil || int(e.Index) >= len(q.buffers) {
			return unix.EINVAL
		}
		fd, err := d.Memory.export(q.buffers[e.Index].data)
		e.FD = int32(fd)
		return err
	case v4l2.StreamOn, v4l2.StreamOff:
		q, _, err := d.side(*(*uint32)(argument))
		if err != nil {
			return err
		}
		*note += fmt.Sprintf(" %d", q.kind)
		q.stream = request == v4l2.StreamOn
		if !q.stream {
			q.queued, q.done = nil, nil
			for i := range q.buffers {
				q.buffers[i].held = false
			}
		}
		d.work()
		return nil
	case v4l2.QueryBuf, v4l2.QBuf, v4l2.DQBuf:
		return d.buffer(request, (*v4l2.Buffer)(argument))
	}
	return unix.ENOTTY
}

func find(all []Format, pixel v4l2.PixelFormat) *Format {
	for i := range all {
		if all[i].Pixel == pixel {
			return &all[i]
		}
	}
	return nil
}

func (d *Device) side(kind uint32) (*queue, []Format, error) {
	switch {
	case kind == d.in.kind:
		return &d.in, d.Gives, nil
	case kind == d.out.kind && len(d.Takes) > 0:
		return &d.out, d.Takes, nil
	}
	return nil, nil, unix.EINVAL
}

func (d *Device) format(request uint, raw *v4l2.RawFormat, note *string) error {
	q, offered, err := d.side(raw.Type)
	if err != nil {
		return err
	}
	single, planar := (*v4l2.PixFormat)(unsafe.Pointer(&raw.Fmt)), (*v4l2.PixFormatMplane)(unsafe.Pointer(&raw.Fmt))
	want := v4l2.Format{Pixel: v4l2.PixelFormat(single.PixelFormat), Width: int(single.Width), Height: int(single.Height), Stride: int(single.BytesPerLine), Bytes: int(single.SizeImage)}
	if d.Planar {
		want.Stride, want.Bytes = int(planar.PlaneFmt[0].BytesPerLine), int(planar.PlaneFmt[0].SizeImage)
	}
	if request == v4l2.SFmt && len(q.buffers) > 0 {
		return unix.EBUSY
	}
	if request == v4l2.GFmt {
		want = q.format
	}
	f := find(offered, want.Pixel)
	if f == nil {
		f = &offered[0]
		want.Pixel = f.Pixel
	}
	if len(f.Sizes) > 0 { // the nearest
		best := f.Sizes[0]
		for _, s := range f.Sizes {
			if abs(s[0]*s[1]-want.Width*want.Height) < abs(best[0]*best[1]-want.Width*want.Height) {
				best = s
			}
		}
		want.Width, want.Height = best[0], best[1]
	}
	up := func(v, to int) int {
		if to == 0 {
			return v
		}
		return (v + to - 1) / to * to
	}
	line := want.Width
	if want.Pixel == v4l2.YUYV || want.Pixel == v4l2.UYVY {
		line *= 2
	}
	if v4l2.Raw(want.Pixel) {
		want.Stride, want.Height = up(max(line, want.Stride), f.Stride), up(want.Height, f.Lines)
		want.Bytes = max(v4l2.RawBytes(want), want.Stride*want.Height)
	} else {
		want.Stride, want.Bytes = 0, max(want.Bytes, 4096)
	}
	if request == v4l2.SFmt {
		q.format = want
		*note += fmt.Sprintf(" %d %v %dx%d", q.kind, want.Pixel, want.Width, want.Height)
	}
	if d.Planar {
		planar.Width, planar.Height, planar.PixelFormat, planar.NumPlanes = uint32(want.Width), uint32(want.Height), uint32(want.Pixel), 1
		planar.PlaneFmt[0] = v4l2.PlanePixFormat{SizeImage: uint32(want.Bytes), BytesPerLine: uint32(want.Stride)}
		return nil
	}
	single.Width, single.Height, single.PixelFormat = uint32(want.Width), uint32(want.Height), uint32(want.Pixel)
	single.BytesPerLine, single.SizeImage = uint32(want.Stride), uint32(want.Bytes)
	return nil
}

func abs(v int) int { return max(v, -v) }

func (d *Device) request(r *v4l2.RequestBuffers, note *string) error {
	q, _, err := d.side(r.Type)
	if err != nil {
		return err
	}
	if q.stream && r.Count > 0 {
		return unix.EBUSY
	}
	if r.Memory == v4l2.MemoryDMABUF && d.Memory == nil {
		return unix.EINVAL
	}
	r.Count = min(r.Count, buffersMost)
	*note += fmt.Sprintf(" %d %d", q.kind, r.Count)
	q.memory, q.buffers, q.queued, q.done = r.Memory, make([]buffer, r.Count), nil, nil
	if r.Memory == v4l2.MemoryMMAP {
		for i := range q.buffers {
			q.buffers[i].data = make([]byte, q.format.Bytes)
		}
	}
	return nil
}

func (d *Device) buffer(request uint, b *v4l2.Buffer) error {
	q, _, err := d.side(b.Type)
	if err != nil {
		return err
	}
	if request == v4l2.DQBuf {
		switch {
		case !q.stream:
			return unix.EINVAL
		case len(q.done) == 0:
			return unix.EAGAIN
		}
		b.Index = uint32(q.done[0])
		q.done = q.done[1:]
	}
	if int(b.Index) >= len(q.buffers) || b.Memory != q.memory {
		return unix.EINVAL
	}
	own := &q.buffers[b.Index]
	var plane *v4l2.Plane
	if d.Planar {
		if plane = *(**v4l2.Plane)(unsafe.Pointer(&b.M)); plane == nil || b.Length < 1 {
			return unix.EINVAL
		}
	}
	offset := uint64(b.Index) << 12
	if q == &d.out {
		offset += 1 << 30
	}
	switch request {
	case v4l2.QueryBuf:
		if d.Planar {
			plane.M, plane.Length = offset, uint32(len(own.data))
		} else {
			b.M, b.Length = uintptr(offset), uint32(len(own.data))
		}
	case v4l2.QBuf:
		if own.held {
			return unix.EINVAL
		}
		fd := int(b.M)
		own.used, own.at, own.held = int(b.BytesUsed), b.Timestamp, true
		if d.Planar {
			own.used, fd = int(plane.BytesUsed), int(plane.M)
		}
		if q.memory == v4l2.MemoryDMABUF {
			if own.data = d.Memory.of(fd); own.data == nil || d.NoImport {
				own.held = false
				return unix.EINVAL
			}
		}
		q.queued = append(q.queued, int(b.Index))
		d.work()
	case v4l2.DQBuf:
		own.held = false
		b.Flags, b.Timestamp, b.Sequence, b.BytesUsed = own.flags, own.at, q.number, uint32(own.used)
		if d.Planar {
			plane.BytesUsed = uint32(own.used)
		}
	}
	return nil
}

// work encodes what is there, as long as there is room for what comes of it.
func (d *Device) work() {
	for d.out.stream && d.in.stream && len(d.out.queued) > 0 && len(d.in.queued) > 0 {
		i := d.out.queued[0]
		d.out.queued = d.out.queued[1:]
		b := &d.out.buffers[i]
		raw := append([]byte(nil), b.data[:b.used]...)
		d.taken = append(d.taken, raw)
		key := d.key
		d.key = false
		coded, flags := []byte{0, 0, 0, 1, 0x41, byte(len(d.taken)), 1}, uint32(v4l2.BufFlagTimestampCopy)
		if key {
			coded = []byte{0, 0, 0, 1, 0x67, 66, 0xc0, 31, 0, 0, 0, 1, 0x68, 1, 0, 0, 0, 1, 0x65, byte(len(d.taken)), 1}
			flags |= v4l2.BufFlagKeyFrame
		}
		if d.Encode != nil {
			coded = d.Encode(raw, key)
		}
		if coded == nil {
			continue
		}
		d.out.done = append(d.out.done, i)
		d.deliver(coded, flags, b.at)
	}
}

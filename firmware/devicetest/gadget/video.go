package gadget

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The events of the kernel's half (linux/usb/g_uvc.h).
const (
	eventConnect = 0x08000000 + iota
	eventDisconnect
	eventStreamOn
	eventStreamOff
	eventSetup
	eventData
)

// What videodev2.h has of buffers, on 64-bit machines.
const (
	bufferTypeCapture = 1
	bufferTypeOutput  = 2
	memoryMapped      = 1
	fieldNone         = 1

	eventBytes        = 136
	subscriptionBytes = 32
	formatBytes       = 208
	requestBytes      = 20
	bufferBytes       = 88
	responseBytes     = 64
)

// A request's number holds its direction and its size (asm-generic/ioctl.h).
func ioctlNumber(direction uintptr, kind byte, number, bytes uintptr) uintptr {
	return direction<<30 | bytes<<16 | uintptr(kind)<<8 | number
}

const (
	in  = 1 // _IOW
	out = 2 // _IOR
)

var (
	vidiocSetFormat    = ioctlNumber(in|out, 'V', 5, formatBytes)
	vidiocRequest      = ioctlNumber(in|out, 'V', 8, requestBytes)
	vidiocQuery        = ioctlNumber(in|out, 'V', 9, bufferBytes)
	vidiocQueue        = ioctlNumber(in|out, 'V', 15, bufferBytes)
	vidiocDequeue      = ioctlNumber(in|out, 'V', 17, bufferBytes)
	vidiocStreamOn     = ioctlNumber(in, 'V', 18, 4)
	vidiocStreamOff    = ioctlNumber(in, 'V', 19, 4)
	vidiocDequeueEvent = ioctlNumber(out, 'V', 89, eventBytes)
	vidiocSubscribe    = ioctlNumber(in, 'V', 90, subscriptionBytes)
	uvcSendResponse    = ioctlNumber(in, 'U', 1, responseBytes)
)

// video is a video node that streams: that of the kernel's half, or, to the tests, the camera itself.
type video struct {
	fd        int
	kind      uint32 // bufferTypeOutput or bufferTypeCapture
	memory    [][]byte
	streaming bool
}

func (v *video) call(number uintptr, b []byte) error {
	_, _, err := unix.Syscall(unix.SYS_IOCTL, uintptr(v.fd), number, uintptr(unsafe.Pointer(unsafe.SliceData(b))))
	if err != 0 {
		return err
	}
	return nil
}

func (v *video) subscribe(event uint32) error {
	b := make([]byte, subscriptionBytes)
	binary.NativeEndian.PutUint32(b, event)
	return v.call(vidiocSubscribe, b)
}

// event gives the next one, and how many wait behind it.
func (v *video) event() (kind uint32, data []byte, pending uint32, err error) {
	b := make([]byte, eventBytes)
	if err := v.call(vidiocDequeueEvent, b); err != nil {
		return 0, nil, 0, err
	}
	return binary.NativeEndian.Uint32(b), b[8:72], binary.NativeEndian.Uint32(b[72:]), nil
}

// respond answers a control request, or refuses it.
func (v *video) respond(data []byte, ok bool) error {
	b := make([]byte, responseBytes)
	length := int32(-1)
	if ok {
		length = int32(copy(b[4:], data))
	}
	binary.NativeEndian.PutUint32(b, uint32(length))
	if err := v.call(uvcSendResponse, b); err != nil && err != unix.ESHUTDOWN {
		return fmt.Errorf("answering the host: %w", err)
	}
	return nil
}

// prepare sets the format and gets the buffers.
func (v *video) prepare(s stream) error {
	if err := v.stop(); err != nil {
		return err
	}
	b := make([]byte, formatBytes)
	e := binary.NativeEndian
	e.PutUint32(b, v.kind)
	for i, n := range []uint32{uint32(s.width), uint32(s.height), s.pixelFormat, fieldNone, 0, uint32(s.bytes())} {
		e.PutUint32(b[8+4*i:], n)
	}
	if err := v.call(vidiocSetFormat, b); err != nil {
		return fmt.Errorf("setting the format: %w", err)
	}
	if err := v.request(buffers); err != nil {
		return fmt.Errorf("getting buffers: %w", err)
	}
	for i := range buffers {
		b := v.newBuffer(i)
		if err := v.call(vidiocQuery, b); err != nil {
			return fmt.Errorf("asking for a buffer: %w", err)
		}
		memory, err := unix.Mmap(v.fd, int64(e.Uint32(b[64:])), int(e.Uint32(b[72:])), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		if err != nil {
			return fmt.Errorf("mapping a buffer: %w", err)
		}
		v.memory = append(v.memory, memory)
	}
	return nil
}

func (v *video) request(count uint32) error {
	b := make([]byte, requestBytes)
	binary.NativeEndian.PutUint32(b, count)
	binary.NativeEndian.PutUint32(b[4:], v.kind)
	binary.NativeEndian.PutUint32(b[8:], memoryMapped)
	return v.call(vidiocRequest, b)
}

func (v *video) newBuffer(index int) []byte {
	b := make([]byte, bufferBytes)
	binary.NativeEndian.PutUint32(b, uint32(index))
	binary.NativeEndian.PutUint32(b[4:], v.kind)
	binary.NativeEndian.PutUint32(b[60:], memoryMapped)
	return b
}

func (v *video) start() error {
	if err := v.call(vidiocStreamOn, binary.NativeEndian.AppendUint32(nil, v.kind)); err != nil {
		return fmt.Errorf("starting to stream: %w", err)
	}
	v.streaming = true
	return nil
}

// put queues a buffer, with so many bytes used.
func (v *video) put(index, used int) error {
	b := v.newBuffer(index)
	binary.NativeEndian.PutUint32(b[8:], uint32(used))
	binary.NativeEndian.PutUint32(b[16:], fieldNone)
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		return err
	}
	binary.NativeEndian.PutUint64(b[24:], uint64(now.Sec))
	binary.NativeEndian.PutUint64(b[32:], uint64(now.Nsec/int64(time.Microsecond)))
	return v.call(vidiocQueue, b)
}

// take gives a buffer that is done, and how many bytes it has.
func (v *video) take() (index, used int, err error) {
	b := v.newBuffer(0)
	err = v.call(vidiocDequeue, b)
	return int(binary.NativeEndian.Uint32(b)), int(binary.NativeEndian.Uint32(b[8:])), err
}

// stop ends streaming and gives the buffers back; it does nothing when there are none.
func (v *video) stop() error {
	if v.memory == nil {
		return nil
	}
	var errs []error
	if v.streaming {
		errs = append(errs, v.call(vidiocStreamOff, binary.NativeEndian.AppendUint32(nil, v.kind)))
	}
	for _, m := range v.memory {
		errs = append(errs, unix.Munmap(m))
	}
	errs = append(errs, v.request(0))
	v.memory, v.streaming = nil, false
	for i, err := range errs {
		if err == unix.ENODEV || err == unix.EBADF { // unplugged: the kernel has freed all
			errs[i] = nil
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("stopping to stream: %w", err)
	}
	return nil
}

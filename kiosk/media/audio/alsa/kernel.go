package alsa

import (
	"os"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// kernel is what the kernel does for one open device. All but close is for one
// goroutine at a time.
type kernel interface {
	// ioctl gives an errno as it is.
	ioctl(request uintptr, argument unsafe.Pointer) error
	// wait returns once ready, which is asked at first and again whenever the
	// device has something to tell, is true; os.ErrDeadlineExceeded after limit;
	// os.ErrClosed after close.
	wait(ready func() bool, limit time.Duration) error
	// monotonic reads the clock that the card's time stamps are of.
	monotonic() time.Duration
	// close ends a wait.
	close() error
}

// device is an open device node. It never blocks in the kernel: the runtime's
// poller waits for it, so that close ends a wait and no thread is held.
type device struct {
	file  *os.File
	conn  syscall.RawConn
	await func(func(uintptr) bool) error
	shut  atomic.Bool

	// Of the call in progress; fields, because closures would be allocated.
	request  uintptr
	argument unsafe.Pointer
	errno    syscall.Errno
	ready    func() bool
	call     func(fd uintptr)
	asked    func(fd uintptr) bool
}

// openDevice opens a device node; write says whether wait is for room to write.
func openDevice(path string, write bool) (kernel, error) {
	file, err := os.OpenFile(path, os.O_RDWR|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	d := &device{file: file}
	if d.conn, err = file.SyscallConn(); err != nil {
		_ = file.Close() // the first error says more
		return nil, err
	}
	d.await = d.conn.Read
	if write {
		d.await = d.conn.Write
	}
	d.call = func(fd uintptr) {
		_, _, d.errno = syscall.Syscall(syscall.SYS_IOCTL, fd, d.request, uintptr(d.argument))
	}
	d.asked = func(uintptr) bool { return d.ready() }
	return d, nil
}

func (d *device) ioctl(request uintptr, argument unsafe.Pointer) error {
	d.request, d.argument = request, argument
	for {
		err := d.conn.Control(d.call)
		switch {
		case err != nil:
			return d.ended(err)
		case d.errno == syscall.EINTR:
			continue
		case d.errno != 0:
			return d.errno
		}
		return nil
	}
}

func (d *device) wait(ready func() bool, limit time.Duration) error {
	if err := d.file.SetDeadline(time.Now().Add(limit)); err != nil {
		return d.ended(err)
	}
	d.ready = ready
	return d.ended(d.await(d.asked))
}

// ended puts a name to what the poller says of a closed file.
func (d *device) ended(err error) error {
	if err != nil && d.shut.Load() {
		return os.ErrClosed
	}
	return err
}

func (d *device) monotonic() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) != nil {
		return 0 // it cannot fail with this clock
	}
	return time.Duration(t.Nano())
}

func (d *device) close() error {
	d.shut.Store(true)
	return d.file.Close()
}

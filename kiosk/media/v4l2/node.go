package v4l2

import (
	"errors"
	"fmt"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Node is an open video device, as the operating system gives it. Tests stand in for it.
type Node interface {
	// Ioctl gives the kernel a request with a structure of this package.
	Ioctl(request uint, argument unsafe.Pointer) error
	// Map gives a buffer's memory, Unmap takes it back.
	Map(offset int64, length int) ([]byte, error)
	Unmap([]byte) error
	// Wait waits for unix.POLLIN, POLLOUT or POLLPRI. It ends with ErrInterrupted
	// after Interrupt, and with no event when the limit is over. One goroutine waits.
	Wait(events int16, limit time.Duration) (int16, error)
	// Interrupt ends Wait for good. It may be called from any goroutine.
	Interrupt()
	// Monotonic is the clock of the buffers' timestamps.
	Monotonic() time.Duration
	// Close must not be called while anything else runs.
	Close() error
}

// ErrInterrupted is what Wait gives after Interrupt.
var ErrInterrupted = errors.New("interrupted")

// kernel is a Node of the running kernel.
type kernel struct {
	fd, wake int
	poll     [2]unix.PollFd
}

func openKernel(path string) (Node, error) {
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	wake, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("making an event for %s: %w", path, err), unix.Close(fd))
	}
	return &kernel{fd: fd, wake: wake}, nil
}

func (k *kernel) Ioctl(request uint, argument unsafe.Pointer) error {
	for {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(k.fd), uintptr(request), uintptr(argument))
		switch errno {
		case 0:
			return nil
		case unix.EINTR: // by a signal of Go's own
		default:
			return errno
		}
	}
}

func (k *kernel) Map(offset int64, length int) ([]byte, error) {
	return unix.Mmap(k.fd, offset, length, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
}

func (k *kernel) Unmap(b []byte) error { return unix.Munmap(b) }

func (k *kernel) Wait(events int16, limit time.Duration) (int16, error) {
	end := k.Monotonic() + limit
	for {
		k.poll = [2]unix.PollFd{{Fd: int32(k.fd), Events: events}, {Fd: int32(k.wake), Events: unix.POLLIN}}
		left := max(end-k.Monotonic(), 0)
		_, err := unix.Poll(k.poll[:], int((left+time.Millisecond-1)/time.Millisecond))
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return 0, err
		case k.poll[1].Revents != 0:
			return 0, ErrInterrupted
		default:
			return k.poll[0].Revents, nil
		}
	}
}

func (k *kernel) Interrupt() {
	one := [8]byte{0: 1}
	_, _ = unix.Write(k.wake, one[:]) // fails only when it has been interrupted very often
}

func (k *kernel) Monotonic() time.Duration {
	var now unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &now) // the clock is always there
	return time.Duration(now.Nano())
}

func (k *kernel) Close() error { return errors.Join(unix.Close(k.fd), unix.Close(k.wake)) }

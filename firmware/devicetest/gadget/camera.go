package gadget

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// Camera is the program's half of the camera.
type Camera struct {
	pictures map[string][]byte
	log      *slog.Logger
}

// NewCamera reads the compressed pictures.
func NewCamera(log *slog.Logger) (*Camera, error) {
	c := &Camera{map[string][]byte{}, log}
	files, err := filepath.Glob("/pictures/*.jpg")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if c.pictures[f], err = os.ReadFile(f); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Run serves the camera each time that it is plugged in, until ctx ends.
func (c *Camera) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if node := outputNode(); node != "" {
			if err := c.serve(ctx, node); err != nil {
				c.log.Error("serving the camera ended", "node", node, "error", err)
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond): // the kernel makes a new node each time; nothing else tells
		}
	}
}

// outputNode finds the node through which the kernel's half asks for pictures.
func outputNode() string {
	found, err := filepath.Glob("/sys/class/video4linux/*/function_name")
	if err != nil || len(found) == 0 {
		return ""
	}
	return filepath.Join("/dev", filepath.Base(filepath.Dir(found[0])))
}

var errUnplugged = errors.New("unplugged")

// serve answers the host until the camera is unplugged.
func (c *Camera) serve(ctx context.Context, node string) (err error) {
	fd, err := unix.Open(node, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err == unix.ENOENT || err == unix.ENODEV {
		return nil // it is just going or coming
	}
	if err != nil {
		return fmt.Errorf("opening %s: %w", node, err)
	}
	o := &video{fd: fd, kind: bufferTypeOutput}
	defer func() { err = errors.Join(err, o.stop(), unix.Close(fd)) }()
	// The last one makes the camera appear to the host.
	for _, event := range []uint32{eventConnect, eventDisconnect, eventStreamOn, eventStreamOff, eventData, eventSetup} {
		if err := o.subscribe(event); err != nil {
			return fmt.Errorf("subscribing to events: %w", err)
		}
	}
	session := &session{controls: newControls(), output: o, pictures: c.pictures}
	for ctx.Err() == nil {
		// Events are exceptional conditions to poll; the wait for them paces the pictures.
		ready := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLPRI}}
		wait := min(100*time.Millisecond, max(0, session.untilNext(time.Now())))
		if _, err := unix.Poll(ready, int((wait+time.Millisecond-1)/time.Millisecond)); err != nil && err != unix.EINTR {
			return fmt.Errorf("waiting for the host: %w", err)
		}
		for ready[0].Revents&unix.POLLPRI != 0 {
			kind, data, pending, err := o.event()
			if err == unix.EAGAIN || err == unix.ENOENT {
				break
			}
			if err != nil {
				return fmt.Errorf("reading an event: %w", err)
			}
			if err := session.happened(kind, data); err == errUnplugged {
				return nil
			} else if err != nil {
				return err
			}
			if pending == 0 {
				break
			}
		}
		if ready[0].Revents&unix.POLLPRI == 0 && ready[0].Revents&(unix.POLLHUP|unix.POLLNVAL) != 0 {
			return nil
		}
		if err := session.feed(time.Now()); err != nil {
			return err
		}
	}
	return nil
}

// session is the time from plug to unplug.
type session struct {
	controls *controls
	output   *video
	pictures map[string][]byte

	stream  stream
	started time.Time // zero when nothing streams
	next    int       // the next picture's number
	drawn   map[int]bool
}

func (s *session) happened(kind uint32, data []byte) error {
	switch kind {
	case eventSetup:
		answer, ok := s.controls.answer(parseRequest(data))
		return s.output.respond(answer, ok)
	case eventData:
		n := min(int(binary.LittleEndian.Uint32(data)), len(data)-4)
		s.controls.take(data[4 : 4+max(0, n)])
	case eventStreamOn:
		return s.start()
	case eventStreamOff:
		s.started = time.Time{}
		return s.output.stop()
	case eventDisconnect:
		return errUnplugged
	}
	return nil
}

const buffers = 4

func (s *session) start() error {
	s.stream = s.controls.agreed()
	if err := s.output.prepare(s.stream); err != nil {
		return err
	}
	s.drawn = map[int]bool{}
	s.next = 0
	for i := range buffers {
		if err := s.put(i); err != nil {
			return err
		}
		s.next++
	}
	if err := s.output.start(); err != nil {
		return err
	}
	s.started = time.Now()
	return nil
}

func (s *session) put(buffer int) error {
	n := s.next % Cycle
	memory := s.output.memory[buffer]
	used := s.stream.bytes()
	if s.stream.pixelFormat == yuyv {
		fillYUYV(memory, n, s.stream.size, !s.drawn[buffer])
		s.drawn[buffer] = true
	} else {
		used = copy(memory, s.pictures[pictureFile(s.stream.size, n)])
	}
	return s.output.put(buffer, used)
}

// untilNext is how long it is to the next picture.
func (s *session) untilNext(now time.Time) time.Duration {
	if s.started.IsZero() {
		return time.Hour
	}
	return s.started.Add(time.Duration(s.next-buffers+1) * s.stream.every).Sub(now)
}

// feed gives the picture that is due, if the host has room; otherwise it is left out.
func (s *session) feed(now time.Time) error {
	if s.untilNext(now) > 0 {
		return nil
	}
	// After a long wait only the latest is due.
	s.next = max(s.next, int(now.Sub(s.started)/s.stream.every)+buffers-1)
	buffer, _, err := s.output.take()
	if err == nil {
		err = s.put(buffer)
	}
	s.next++
	switch err {
	case nil, unix.EAGAIN:
		return nil
	case unix.ENODEV, unix.ESHUTDOWN, unix.EIO, unix.EINVAL:
		// The host is gone or going; an event says so.
		return nil
	}
	return fmt.Errorf("giving a picture: %w", err)
}

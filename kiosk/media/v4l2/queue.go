package v4l2

import (
	"errors"
	"fmt"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Queue is a queue of buffers of one direction.
type Queue struct {
	node     Node
	kind     uint32
	memory   uint32
	planar   bool
	mapped   [][]byte
	exported []int // descriptors; -1 where there is none
	count    int
	// The arguments of a request. They live here, on the heap, so that a picture costs no allocation.
	buffer *Buffer
	plane  *Plane
}

// Taken is a buffer that the device is done with.
type Taken struct {
	Index     int
	Data      []byte // what is in it; nil where the memory is another device's
	Flags     uint32
	Sequence  uint32
	Timestamp time.Duration
}

// ErrEmpty says that no buffer is ready.
var ErrEmpty = unix.EAGAIN

// NewQueue asks for count buffers, mapped (MemoryMMAP) or imported (MemoryDMABUF).
func (d *Device) NewQueue(direction Direction, memory uint32, count int) (*Queue, error) {
	q := &Queue{node: d.node, kind: d.queueType(direction), memory: memory, planar: d.planar, buffer: &Buffer{}, plane: &Plane{}}
	r := RequestBuffers{Count: uint32(count), Type: q.kind, Memory: memory}
	if err := q.node.Ioctl(ReqBufs, unsafe.Pointer(&r)); err != nil {
		return nil, fmt.Errorf("asking for %d %s buffers: %w", count, direction, err)
	}
	if r.Count == 0 || r.Count > 32 {
		return nil, fmt.Errorf("asking for %d %s buffers: got %d", count, direction, r.Count)
	}
	q.count = int(r.Count)
	if memory != MemoryMMAP {
		return q, nil
	}
	for i := range q.count {
		if err := q.mapOne(i); err != nil {
			return nil, errors.Join(fmt.Errorf("mapping %s buffer %d: %w", direction, i, err), q.Free())
		}
	}
	return q, nil
}

func (q *Queue) mapOne(i int) error {
	q.prepare(i)
	if err := q.ioctl(QueryBuf); err != nil {
		return err
	}
	offset, length := int64(uint32(q.buffer.M)), int(q.buffer.Length)
	if q.planar {
		offset, length = int64(uint32(q.plane.M)), int(q.plane.Length)
	}
	b, err := q.node.Map(offset, length)
	if err != nil {
		return err
	}
	q.mapped = append(q.mapped, b)
	q.exported = append(q.exported, -1)
	return nil
}

// prepare fills in the argument for a buffer.
func (q *Queue) prepare(i int) {
	*q.buffer = Buffer{Index: uint32(i), Type: q.kind, Memory: q.memory}
	*q.plane = Plane{}
	if q.planar {
		q.buffer.M, q.buffer.Length = uintptr(unsafe.Pointer(q.plane)), 1
	}
}

func (q *Queue) ioctl(request uint) error {
	err := q.node.Ioctl(request, unsafe.Pointer(q.buffer))
	runtime.KeepAlive(q.plane) // on the heap, where it stays: the buffer has its address
	return err
}

// Len is how many buffers there are.
func (q *Queue) Len() int { return q.count }

// Memory is a mapped buffer's.
func (q *Queue) Memory(i int) []byte { return q.mapped[i] }

// Export gives a mapped buffer's descriptor for another device, the same each time, valid until Free.
func (q *Queue) Export(i int) (int, error) {
	if q.exported[i] >= 0 {
		return q.exported[i], nil
	}
	e := ExportBuffer{Type: q.kind, Index: uint32(i), Flags: exportReadWrite | exportCloseOnExec}
	if err := q.node.Ioctl(ExpBuf, unsafe.Pointer(&e)); err != nil {
		return -1, fmt.Errorf("exporting buffer %d: %w", i, err)
	}
	q.exported[i] = int(e.FD)
	return q.exported[i], nil
}

// Put gives a buffer to the device: an empty one, or used bytes with their
// timestamp. fd is another device's memory of length bytes, for an imported queue.
func (q *Queue) Put(i, used int, stamp time.Duration, fd, length int) error {
	q.prepare(i)
	q.buffer.Field = FieldNone
	q.buffer.Timestamp = Timeval{int64(stamp / time.Second), int64(stamp % time.Second / time.Microsecond)}
	switch {
	case q.planar:
		q.plane.BytesUsed = uint32(used)
		if q.memory == MemoryDMABUF {
			q.plane.M, q.plane.Length = uint64(fd), uint32(length)
		} else {
			q.plane.Length = uint32(len(q.mapped[i]))
		}
	case q.memory == MemoryDMABUF:
		q.buffer.BytesUsed, q.buffer.M, q.buffer.Length = uint32(used), uintptr(fd), uint32(length)
	default:
		q.buffer.BytesUsed = uint32(used)
	}
	if err := q.ioctl(QBuf); err != nil {
		return fmt.Errorf("giving buffer %d to the device: %w", i, err)
	}
	return nil
}

// Take takes a buffer that the device is done with, or gives ErrEmpty.
func (q *Queue) Take() (Taken, error) {
	q.prepare(0)
	if err := q.ioctl(DQBuf); err == unix.EAGAIN {
		return Taken{}, ErrEmpty
	} else if err != nil {
		return Taken{}, fmt.Errorf("taking a buffer: %w", err)
	}
	b := q.buffer
	if int(b.Index) >= q.count {
		return Taken{}, fmt.Errorf("taking a buffer: the device gave number %d of %d", b.Index, q.count)
	}
	t := Taken{
		Index: int(b.Index), Flags: b.Flags, Sequence: b.Sequence,
		Timestamp: time.Duration(b.Timestamp.Sec)*time.Second + time.Duration(b.Timestamp.Usec)*time.Microsecond,
	}
	if q.memory == MemoryMMAP {
		from, to := 0, int(b.BytesUsed)
		if q.planar {
			from, to = int(q.plane.DataOffset), int(q.plane.BytesUsed)
		}
		to = min(to, len(q.mapped[t.Index]))
		t.Data = q.mapped[t.Index][min(from, to):to]
	}
	return t, nil
}

// Start starts the stream.
func (q *Queue) Start() error {
	kind := q.kind
	if err := q.node.Ioctl(StreamOn, unsafe.Pointer(&kind)); err != nil {
		return fmt.Errorf("starting the stream: %w", err)
	}
	return nil
}

// Stop stops the stream; all buffers are the program's again.
func (q *Queue) Stop() error {
	kind := q.kind
	if err := q.node.Ioctl(StreamOff, unsafe.Pointer(&kind)); err != nil {
		return fmt.Errorf("stopping the stream: %w", err)
	}
	return nil
}

// Free gives the memory back. The stream must be stopped.
func (q *Queue) Free() error {
	var errs []error
	for i, b := range q.mapped {
		errs = append(errs, q.node.Unmap(b))
		if fd := q.exported[i]; fd >= 0 {
			errs = append(errs, unix.Close(fd))
		}
	}
	q.mapped, q.exported = nil, nil
	r := RequestBuffers{Type: q.kind, Memory: q.memory}
	if err := q.node.Ioctl(ReqBufs, unsafe.Pointer(&r)); err != nil {
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("freeing buffers: %w", err)
	}
	return nil
}

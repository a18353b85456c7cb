package page

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// The streams and codecs of the binary websocket; ui/touchscreen/video.ts knows the same numbers.
const (
	StreamAdviser byte = 0
	StreamOwn     byte = 1
	CodecH264     byte = 1
	CodecVP8      byte = 2

	streams     = 2
	headerBytes = 20
	flagKey     = 1
	// A page that is this many frames behind (half a second of both streams) is better off with fresh key frames.
	maxQueued = 30
)

// Frame is one encoded picture: an H.264 access unit in Annex B (ITU-T H.264) or a VP8 frame (RFC 6386).
type Frame struct {
	Stream, Codec byte
	Key           bool
	// Timestamp runs monotonically within a stream.
	Timestamp time.Duration
	// Due is when it should be shown; zero for at once.
	Due     time.Time
	Payload []byte
}

// video is the queue of one page's pictures. Buffers are used again, so that
// a call allocates nothing per frame once it runs.
type video struct {
	mu     sync.Mutex
	queue  [][]byte
	free   [][]byte
	behind [streams]bool // frames were dropped: only a key frame may follow
	wake   chan struct{}
}

// add queues a copy of the frame. It reports false when the stream needs a key frame first.
func (v *video) add(f Frame) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if f.Stream >= streams {
		return true
	}
	if len(v.queue) >= maxQueued {
		// Dropping a frame that others refer to breaks those that follow it, so drop
		// all that wait and begin again at a key frame.
		v.free = append(v.free, v.queue...)
		v.queue = v.queue[:0]
		v.behind = [streams]bool{true, true}
	}
	if v.behind[f.Stream] && !f.Key {
		return false
	}
	v.behind[f.Stream] = false
	var b []byte
	if n := len(v.free); n > 0 {
		b, v.free = v.free[n-1][:0], v.free[:n-1]
	}
	var flags byte
	if f.Key {
		flags = flagKey
	}
	b = append(b, f.Stream, f.Codec, flags, 0)
	b = binary.BigEndian.AppendUint64(b, uint64(f.Timestamp.Microseconds()))
	due := uint64(0)
	if !f.Due.IsZero() {
		due = uint64(f.Due.UnixMilli()) // page and service are on one machine
	}
	b = binary.BigEndian.AppendUint64(b, due)
	b = append(b, f.Payload...)
	v.queue = append(v.queue, b)
	select {
	case v.wake <- struct{}{}:
	default:
	}
	return true
}

// take removes the oldest frame; give returns its buffer.
func (v *video) take() ([]byte, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.queue) == 0 {
		return nil, false
	}
	b := v.queue[0]
	v.queue = append(v.queue[:0], v.queue[1:]...)
	return b, true
}

func (v *video) give(b []byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.free = append(v.free, b)
}

// Frame hands a picture to the page that drives. It copies the payload and
// does not block: a page that cannot follow continues at the next key frame.
func (p *Page) Frame(f Frame) {
	p.mu.Lock()
	var v *video
	if len(p.conns) > 0 {
		v = p.conns[0].video
	}
	p.mu.Unlock()
	if v != nil && !v.add(f) {
		p.options.KeyFrame(f.Stream)
	}
}

func (p *Page) serveVideo(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	v := &video{wake: make(chan struct{}, 1), behind: [streams]bool{true, true}}
	c := p.attach(r.URL.Query().Get("page"), v)
	if c == nil {
		http.Error(w, "opening the pictures: no such page; open /socket first and pass its page id", http.StatusNotFound)
		return
	}
	defer p.detach(c, v)
	ws, err := p.upgrader.Upgrade(w, r, nil)
	if err != nil {
		p.options.Log.Warn("touchscreen pictures refused", "error", err)
		return
	}
	if !p.enter() {
		ws.Close()
		return
	}
	defer p.tasks.Done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p.tasks.Go(func() {
		defer cancel()
		v.write(ctx, ws)
	})
	p.tasks.Go(func() {
		<-ctx.Done()
		ws.Close()
	})
	p.options.KeyFrame(StreamAdviser)
	p.options.KeyFrame(StreamOwn)
	keepAlive(ws)
	for {
		_, m, err := ws.ReadMessage()
		if err != nil {
			return
		}
		if stream, ok := wanted(m); ok {
			p.options.KeyFrame(stream)
		}
	}
}

// wanted reads of which stream the page wants a key frame; false when it is something else.
func wanted(m []byte) (stream byte, ok bool) {
	var want struct {
		Key *byte `json:"key"`
	}
	if json.Unmarshal(m, &want) != nil || want.Key == nil || *want.Key >= streams {
		return 0, false
	}
	return *want.Key, true
}

// attach gives a page its pictures; a page that opens /video again replaces the older one.
func (p *Page) attach(id string, v *video) *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		if c.id == id {
			c.video = v
			return c
		}
	}
	return nil
}

func (p *Page) detach(c *conn, v *video) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.video == v {
		c.video = nil
	}
}

func (v *video) write(ctx context.Context, ws *websocket.Conn) {
	ping := time.NewTicker(pingInterval)
	defer ping.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-v.wake:
		case <-ping.C:
			if ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait)) != nil {
				return
			}
		}
		for {
			b, ok := v.take()
			if !ok {
				break
			}
			if ws.SetWriteDeadline(time.Now().Add(writeWait)) != nil {
				return
			}
			err := ws.WriteMessage(websocket.BinaryMessage, b)
			v.give(b)
			if err != nil {
				return
			}
		}
	}
}

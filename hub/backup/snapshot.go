package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nats-io/nats.go"
)

const (
	// chunk is below the largest message that the hub's NATS takes.
	chunk = 64 << 10
	// answerWait is the longest that the server may take for an answer or the next chunk.
	answerWait = 30 * time.Second
	// leaderWait is how long a stream's server may take to say that it is there before it is asked again.
	leaderWait = 2 * time.Second
	// indexWait is the same for what it does once it has all of a stream.
	indexWait = 10 * time.Minute
	// snapshotTries is how often a snapshot is begun of which the server stops telling.
	snapshotTries = 3
)

// snapshotDescription is what the server says of a stream when it takes the snapshot, and wants to hear when it restores
// it: its own words, which this package does not read more of than it must.
type snapshotDescription struct {
	Config json.RawMessage `json:"config"`
	State  json.RawMessage `json:"state"`
}

type streamState struct {
	Messages uint64 `json:"messages"`
	LastSeq  uint64 `json:"last_seq"`
}

func (d snapshotDescription) state() (streamState, error) {
	var s streamState
	if err := json.Unmarshal(d.State, &s); err != nil {
		return s, fmt.Errorf("reading the stream's state: %w", err)
	}
	return s, nil
}

// request asks JetStream's API and reads the answer into *answer.
func request(ctx context.Context, nc *nats.Conn, subject string, question, answer any) error {
	b, err := json.Marshal(question)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	m, err := ask(ctx, nc, subject, b)
	if err != nil {
		return err
	}
	return readAnswer(m.Data, answer)
}

// ask makes a request, again while nobody is there to take it: in a cluster the server that we are connected to may not have
// heard yet that another one listens.
func ask(ctx context.Context, nc *nats.Conn, subject string, b []byte) (*nats.Msg, error) {
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for {
		m, err := nc.RequestWithContext(ctx, subject, b)
		if !errors.Is(err, nats.ErrNoResponders) {
			return m, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-again.C:
		}
	}
}

// readAnswer reads an answer that may be an error.
func readAnswer(b []byte, answer any) error {
	var failed struct {
		Error *struct {
			Description string `json:"description"`
		} `json:"error"`
	}
	if err := json.Unmarshal(b, &failed); err != nil {
		return fmt.Errorf("reading JetStream's answer: %w", err)
	}
	if failed.Error != nil {
		return errors.New(failed.Error.Description)
	}
	if err := json.Unmarshal(b, answer); err != nil {
		return fmt.Errorf("reading JetStream's answer: %w", err)
	}
	return nil
}

// takeSnapshot writes what a stream holds to w.
func takeSnapshot(ctx context.Context, nc *nats.Conn, stream string, w io.Writer) (snapshotDescription, error) {
	inbox := nc.NewInbox()
	chunks, err := nc.SubscribeSync(inbox)
	if err != nil {
		return snapshotDescription{}, err
	}
	defer func() { _ = chunks.Unsubscribe() }()
	// The server sends no more ahead than its window.
	if err := chunks.SetPendingLimits(-1, -1); err != nil {
		return snapshotDescription{}, err
	}
	var d snapshotDescription
	if err := awaitLeader(ctx, nc, stream); err != nil {
		return snapshotDescription{}, fmt.Errorf("taking a snapshot: %w", err)
	}
	// In a cluster a hub's watch is on one server, and no other one can tell how far it is; it ends with the hub anyway.
	question := map[string]any{"deliver_subject": inbox, "chunk_size": chunk, "no_consumers": nc.ConnectedClusterName() != ""}
	err = request(ctx, nc, "$JS.API.STREAM.SNAPSHOT."+stream, question, &d)
	if err != nil {
		return snapshotDescription{}, fmt.Errorf("taking a snapshot: %w", err)
	}
	for {
		m, err := next(ctx, chunks)
		if err != nil {
			return snapshotDescription{}, fmt.Errorf("taking a snapshot: %w", err)
		}
		if len(m.Data) == 0 { // the end, one way or the other
			if status := m.Header.Get("Status"); status != "" && status != "204" {
				return snapshotDescription{}, fmt.Errorf("taking a snapshot: %s %s", status, m.Header.Get("Description"))
			}
			return d, nil
		}
		if _, err := w.Write(m.Data); err != nil {
			return snapshotDescription{}, fmt.Errorf("writing a snapshot: %w", err)
		}
		if m.Reply != "" {
			if err := m.Respond(nil); err != nil {
				return snapshotDescription{}, fmt.Errorf("taking a snapshot: %w", err)
			}
		}
	}
}

// awaitLeader waits until there is a server to answer for a stream: in a cluster that has just lost one nobody does, and a
// question is not kept for who will.
func awaitLeader(ctx context.Context, nc *nats.Conn, stream string) error {
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	for {
		asking, done := context.WithTimeout(ctx, leaderWait)
		_, err := ask(asking, nc, "$JS.API.STREAM.INFO."+stream, nil)
		done()
		if err == nil || ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, nats.ErrNoResponders) {
			return err
		}
	}
}

func next(ctx context.Context, s *nats.Subscription) (*nats.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	return s.NextMsgWithContext(ctx)
}

// putSnapshot makes a stream of a snapshot.
func putSnapshot(ctx context.Context, nc *nats.Conn, stream string, d snapshotDescription, r io.Reader) (streamState, error) {
	var to struct {
		DeliverSubject string `json:"deliver_subject"`
	}
	if err := request(ctx, nc, "$JS.API.STREAM.RESTORE."+stream, d, &to); err != nil {
		return streamState{}, err
	}
	b := make([]byte, chunk)
	for {
		n, err := io.ReadFull(r, b)
		if n == 0 && errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return streamState{}, err
		}
		answer, err := deliver(ctx, nc, to.DeliverSubject, b[:n], answerWait)
		if err != nil {
			return streamState{}, err
		}
		// An answer without words asks for more.
		if len(answer) > 0 {
			if err := readAnswer(answer, &struct{}{}); err != nil {
				return streamState{}, err
			}
		}
	}
	answer, err := deliver(ctx, nc, to.DeliverSubject, nil, indexWait)
	if err != nil {
		return streamState{}, err
	}
	var made struct {
		State streamState `json:"state"`
	}
	err = readAnswer(answer, &made)
	return made.State, err
}

func deliver(ctx context.Context, nc *nats.Conn, subject string, b []byte, wait time.Duration) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	m, err := ask(ctx, nc, subject, b)
	if err != nil {
		return nil, err
	}
	return m.Data, nil
}

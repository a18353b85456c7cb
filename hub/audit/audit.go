// Package audit keeps who did what to what, and when: sign-ins that failed too
// often, changes of accounts, what the hotline did to a booth. Never anything
// of a citizen.
//
// The record is the JetStream stream "audit", of which no entry can be changed
// or removed, not with the hub's own credentials either; only the stream as a
// whole could be destroyed. The server drops an entry when it has been kept for
// the time that was configured. It starts no goroutine.
package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	streamName = "audit"
	subject    = "audit.entry"
	// maxEntry is more than a valid entry takes.
	maxEntry = 4 << 10
	// wait is the longest that one access to the stream may take.
	wait = 5 * time.Second
	// listWait is the longest that reading a period may take.
	listWait = 20 * time.Second
)

// Keep is how long entries are kept where nothing else is configured.
const Keep = 365 * 24 * time.Hour

// Entry is something that somebody did.
type Entry struct {
	// At is when; Record sets it where it is zero.
	At time.Time `json:"at"`
	// Who is the account's user; "" where nobody had signed in.
	Who string `json:"who,omitempty"`
	// Action is what was done, in lower-case letters and underscores: "account_disabled".
	Action string `json:"action"`
	// Site is the site whose booth it was done to, "" when to none.
	Site string `json:"site,omitempty"`
	// Detail is what else there is to know, up to 500 bytes on one line. The page puts words
	// as "user=caf.1 role=agent" in the reader's language.
	Detail string `json:"detail,omitempty"`
}

const (
	maxWord   = 64
	maxDetail = 500
)

func (e Entry) check() error {
	if e.Action == "" || len(e.Action) > maxWord || strings.Trim(e.Action, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return fmt.Errorf("action %.80q: expected up to %d lower-case letters and underscores", e.Action, maxWord)
	}
	for _, f := range []struct {
		name, text string
		most       int
	}{{"who", e.Who, maxWord}, {"site", e.Site, maxWord}, {"detail", e.Detail, maxDetail}} {
		if len(f.text) > f.most || !utf8.ValidString(f.text) || strings.ContainsFunc(f.text, unicode.IsControl) {
			return fmt.Errorf("%s %.80q: expected up to %d bytes of text on one line", f.name, f.text, f.most)
		}
	}
	return nil
}

// decode reads what the stream holds. It knows the fields of newer hubs too, and leaves them out.
func decode(b []byte) (Entry, error) {
	var e Entry
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&e); err != nil {
		return Entry{}, fmt.Errorf("reading an entry: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Entry{}, errors.New("reading an entry: something follows it")
	}
	if e.At.IsZero() {
		return Entry{}, errors.New("reading an entry: expected a time")
	}
	if err := e.check(); err != nil {
		return Entry{}, fmt.Errorf("reading an entry: %w", err)
	}
	return e, nil
}

// Log is the record, shared by all hubs.
type Log struct {
	js     jetstream.JetStream
	stream jetstream.Stream
	now    func() time.Time
	log    *slog.Logger
}

// Open opens the record, making it if there is none. Entries are kept for a time of at least a day.
func Open(ctx context.Context, js jetstream.JetStream, keep time.Duration, now func() time.Time, log *slog.Logger) (*Log, error) {
	if keep < 24*time.Hour {
		return nil, fmt.Errorf("opening the audit record: kept for %s; expected a day or more", keep)
	}
	stream, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: streamName, Description: "who did what to what, and when", Subjects: []string{subject},
		MaxAge: keep, MaxMsgSize: maxEntry, Storage: jetstream.FileStorage, Discard: jetstream.DiscardNew,
		DenyDelete: true, DenyPurge: true,
	})
	if err != nil {
		return nil, fmt.Errorf("opening the audit record: %w", err)
	}
	return &Log{js, stream, now, log}, nil
}

// Join opens the record of a running hub, which says for how long it is kept.
func Join(ctx context.Context, js jetstream.JetStream, now func() time.Time, log *slog.Logger) (*Log, error) {
	stream, err := js.Stream(ctx, streamName)
	if err != nil {
		return nil, fmt.Errorf("opening the audit record: %w", err)
	}
	return &Log{js, stream, now, log}, nil
}

// Record keeps an entry. When it returns without an error the store has it.
func (l *Log) Record(ctx context.Context, e Entry) error {
	if e.At.IsZero() {
		e.At = l.now()
	}
	e.At = e.At.UTC().Truncate(time.Millisecond)
	if err := e.check(); err != nil {
		return fmt.Errorf("recording %.80s: %w", e.Action, err)
	}
	b, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("recording %s: %w", e.Action, err)
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	if _, err := l.js.Publish(ctx, subject, b); err != nil {
		return fmt.Errorf("recording %s: %w", e.Action, err)
	}
	return nil
}

// List returns the entries from a time on and before another, in the order in which they were recorded.
func (l *Log) List(ctx context.Context, from, to time.Time) ([]Entry, error) {
	ctx, cancel := context.WithTimeout(ctx, listWait)
	defer cancel()
	all, err := l.list(ctx, from, to)
	if err != nil {
		return nil, fmt.Errorf("listing the audit record: %w", err)
	}
	return all, nil
}

func (l *Log) list(ctx context.Context, from, to time.Time) ([]Entry, error) {
	info, err := l.stream.Info(ctx)
	if err != nil {
		return nil, err
	}
	if info.State.Msgs == 0 {
		return nil, nil
	}
	// An entry is stored a moment after what it tells; the server's clock may differ from the hub's.
	begin := from.Add(-time.Hour)
	messages, err := l.stream.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartTimePolicy, OptStartTime: &begin,
	})
	if err != nil {
		return nil, err
	}
	var all []Entry
	for {
		batch, err := messages.FetchNoWait(500)
		if err != nil {
			return nil, err
		}
		n, last := 0, uint64(0)
		for m := range batch.Messages() {
			n++
			meta, err := m.Metadata()
			if err != nil {
				return nil, err
			}
			last = meta.Sequence.Stream
			e, err := decode(m.Data())
			if err != nil {
				l.log.Error("an entry of the audit record cannot be read", "sequence", last, "error", err)
				continue
			}
			if !e.At.Before(from) && e.At.Before(to) {
				all = append(all, e)
			}
		}
		if err := batch.Error(); err != nil {
			return nil, err
		}
		// What was recorded meanwhile is for the next time.
		if n == 0 || last >= info.State.LastSeq {
			return all, nil
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
}

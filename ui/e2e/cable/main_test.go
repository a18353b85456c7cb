package main

import (
	"testing"
	"time"
)

func TestWay(t *testing.T) {
	start := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	l, err := parse("rate=100 delay=50ms jitter=10ms loss=5 queue=200ms")
	if err != nil {
		t.Fatal(err)
	}
	var w way
	for i, c := range []struct {
		now, bytes     int
		chance, wobble float64
		due            int // -1: lost
	}{
		{0, 1250, 0.5, 0, 150},      // 100 ms on the line, 50 ms away
		{0, 1250, 0.5, 0, 250},      // behind the first
		{0, 1250, 0.5, 0, 350},      // the queue takes up to 200 ms of waiting
		{0, 1250, 0.5, 0, -1},       // and no more
		{150, 125, 0.01, 0, -1},     // lost on the way: it has taken its time on the line
		{150, 125, 0.5, -9, 350},    // 320 + 50 - 20 = 350 ms; not before those ahead
		{150, 125, 0.5, -1, 370},    // 10 ms early
		{5000, 125, 0.5, 1.5, 5075}, // a free line
	} {
		due, ok := w.pass(at(c.now), c.bytes, l, c.chance, c.wobble)
		if c.due < 0 {
			if ok {
				t.Errorf("packet %d arrives at %v", i, due.Sub(start))
			}
			continue
		}
		if !ok || !due.Equal(at(c.due)) {
			t.Errorf("packet %d: %v after %v; want %d ms", i, ok, due.Sub(start), c.due)
		}
	}
	var free way
	if due, ok := free.pass(at(0), 1500, newLine(), 0, 9); !ok || !due.Equal(at(0)) {
		t.Errorf("a cable without orders: %v, %v", due, ok)
	}
	for _, wrong := range []string{"rate=fast", "delay=50", "speed=3"} {
		if _, err := parse(wrong); err == nil {
			t.Errorf("the order %q was taken", wrong)
		}
	}
}

package release

import (
	"fmt"
	"testing"
	"time"
)

func TestRingsOf(t *testing.T) {
	var sites []string
	for i := range 30 {
		sites = append(sites, fmt.Sprintf("site-%d", i))
	}
	count := func(of []string) map[Ring]int {
		n := map[Ring]int{}
		for _, s := range of {
			for _, r := range ringsOf(s, []string{"site-4", "gone"}, of) {
				n[r]++
			}
		}
		return n
	}
	if n := count(sites); n[Test] != 1 || n[Tenth] != 3 || n[All] != 30 {
		t.Errorf("of 30 booths: %v", n)
	}
	if n := count(sites[:1]); n[Tenth] != 1 {
		t.Errorf("of one booth: %v; a tenth of it is one", n)
	}
	// A booth that the hub has no file of.
	if r := ringsOf("unknown", nil, sites); len(r) != 1 || r[0] != All {
		t.Errorf("an unknown booth is in %v", r)
	}
}

func TestOffer(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	past, future := Opening{From: now.Add(-time.Hour)}, Opening{From: now.Add(time.Hour)}
	rec := func(version string, withdrawn bool, all ...Opening) Record {
		r := Record{Version: version, Nature: "n", Withdrawn: withdrawn, Rings: map[Ring]Opening{}}
		for _, o := range all {
			r.Rings[All] = o
		}
		return r
	}
	for _, c := range []struct {
		name    string
		newest  []Record
		running string
		want    string
		due     bool
	}{
		{"nothing", nil, "1", "", false},
		{"a due one", []Record{rec("2", false, past)}, "1", "2", true},
		{"an announced one", []Record{rec("2", false, future)}, "1", "2", false},
		{"one without a ring", []Record{rec("2", false)}, "1", "", false},
		{"a withdrawn one", []Record{rec("2", true, past)}, "1", "", false},
		{"the running one", []Record{rec("1", false, past)}, "1", "", false},
		{"nothing older than the running one", []Record{rec("2", true, past), rec("1", false, past)}, "2", "", false},
		{"the newest of two", []Record{rec("3", false, past), rec("2", false, past)}, "1", "3", true},
		{"a due one before an announced one", []Record{rec("3", false, future), rec("2", false, past)}, "1", "2", true},
		{"an announced one when the due one runs", []Record{rec("3", false, future), rec("2", false, past)}, "2", "3", false},
	} {
		if o := offer(c.newest, c.running, []Ring{All}, now); o.Version != c.want || o.Due != c.due {
			t.Errorf("%s: %+v; want %q, due %v", c.name, o, c.want, c.due)
		}
	}
	// The earliest of a booth's rings counts.
	both := Record{Version: "2", Rings: map[Ring]Opening{All: future, Test: past}}
	if o := offer([]Record{both}, "1", []Ring{All, Test}, now); !o.Due {
		t.Error("a booth for tests waits for the date of all")
	}
}

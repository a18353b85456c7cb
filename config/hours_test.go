package config

import (
	"testing"
	"time"
)

func paris(t *testing.T) *time.Location {
	t.Helper()
	l, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func hours(t *testing.T, days map[time.Weekday]string) Hours {
	t.Helper()
	h := Hours{}
	for d, text := range days {
		s, ok := parseSpan(text)
		if !ok {
			t.Fatalf("not a span: %q", text)
		}
		h[d] = append(h[d], s)
	}
	return h
}

func TestOpeningNext(t *testing.T) {
	weekdaysOnly := hours(t, map[time.Weekday]string{
		time.Monday: "09:00-17:00", time.Tuesday: "09:00-17:00", time.Wednesday: "09:00-17:00",
		time.Thursday: "09:00-17:00", time.Friday: "09:00-17:00",
	})
	twice := Hours{time.Monday: {{9 * 60, 12 * 60}, {13*60 + 30, 17 * 60}}}
	touching := Hours{time.Monday: {{9 * 60, 12 * 60}, {12 * 60, 17 * 60}}}
	always := Hours{}
	for _, d := range weekdays() {
		always[d] = []Span{{0, 24 * 60}}
	}
	sunday := func(span string) Hours { return hours(t, map[time.Weekday]string{time.Sunday: span}) }

	// Clocks in France: 29 March 2026 from 02:00 +01:00 to 03:00 +02:00, 25 October 2026 from 03:00 +02:00 to 02:00 +01:00.
	for _, tt := range []struct {
		name   string
		hours  Hours
		closed []Days
		zone   string
		now    string
		want   string // the moment it opens next; "now" when it is open, "never"
	}{
		{name: "before opening", hours: weekdaysOnly, now: "2026-11-23T08:59:59+01:00", want: "2026-11-23T09:00:00+01:00"},
		{name: "at opening", hours: weekdaysOnly, now: "2026-11-23T09:00:00+01:00", want: "now"},
		{name: "just before closing", hours: weekdaysOnly, now: "2026-11-23T16:59:59.999+01:00", want: "now"},
		{name: "at closing", hours: weekdaysOnly, now: "2026-11-23T17:00:00+01:00", want: "2026-11-24T09:00:00+01:00"},
		{name: "over a weekend", hours: weekdaysOnly, now: "2026-11-27T17:00:00+01:00", want: "2026-11-30T09:00:00+01:00"},
		{name: "over a year's end", hours: weekdaysOnly, now: "2026-12-31T17:00:00+01:00", want: "2027-01-01T09:00:00+01:00"},
		{name: "now in another zone", hours: weekdaysOnly, now: "2026-11-23T08:00:00Z", want: "now"},
		{name: "the day is the zone's, not the caller's", hours: weekdaysOnly, now: "2026-11-22T23:30:00Z", want: "2026-11-23T09:00:00+01:00"},
		{name: "between two spans", hours: twice, now: "2026-11-23T12:00:00+01:00", want: "2026-11-23T13:30:00+01:00"},
		{name: "in the second span", hours: twice, now: "2026-11-23T14:00:00+01:00", want: "now"},
		{name: "a week later", hours: twice, now: "2026-11-23T17:00:00+01:00", want: "2026-11-30T09:00:00+01:00"},
		{name: "two spans that touch", hours: touching, now: "2026-11-23T12:00:00+01:00", want: "now"},

		{name: "closed today", hours: weekdaysOnly, closed: []Days{{"2026-12-25", "2026-12-25"}}, now: "2026-12-25T10:00:00+01:00", want: "2026-12-28T09:00:00+01:00"},
		{name: "closed tomorrow", hours: weekdaysOnly, closed: []Days{{"2026-12-24", "2026-12-25"}}, now: "2026-12-23T18:00:00+01:00", want: "2026-12-28T09:00:00+01:00"},
		{name: "last day of a range", hours: weekdaysOnly, closed: []Days{{"2026-08-03", "2026-08-14"}}, now: "2026-08-14T16:00:00+02:00", want: "2026-08-17T09:00:00+02:00"},
		{name: "day after a range", hours: weekdaysOnly, closed: []Days{{"2026-08-03", "2026-08-13"}}, now: "2026-08-14T16:00:00+02:00", want: "now"},

		{name: "no hours", hours: nil, now: "2026-11-23T10:00:00+01:00", want: "never"},
		{name: "days without spans", hours: Hours{time.Monday: {}}, now: "2026-11-23T10:00:00+01:00", want: "never"},
		{name: "closed for more than a year", hours: always, closed: []Days{{"2026-01-01", "2027-12-31"}}, now: "2026-11-23T10:00:00+01:00", want: "never"},
		{name: "closed for eleven months", hours: always, closed: []Days{{"2026-01-01", "2026-11-30"}}, now: "2026-01-01T10:00:00+01:00", want: "2026-12-01T00:00:00+01:00"},

		{name: "whole days: at midnight", hours: always, now: "2026-11-23T00:00:00+01:00", want: "now"},
		{name: "whole days: just before midnight", hours: always, now: "2026-11-23T23:59:59+01:00", want: "now"},
		{name: "whole days: in the hour that comes twice", hours: always, now: "2026-10-25T02:30:00+01:00", want: "now"},
		{name: "whole days: after the skipped hour", hours: always, now: "2026-03-29T03:00:00+02:00", want: "now"},
		{name: "one whole day ends at midnight", hours: sunday("00:00-24:00"), now: "2026-11-22T23:59:59+01:00", want: "now"},
		{name: "one whole day of 25 hours", hours: sunday("00:00-24:00"), now: "2026-10-25T23:59:59+01:00", want: "now"},
		{name: "one whole day of 23 hours is over", hours: sunday("00:00-24:00"), now: "2026-03-30T00:00:00+02:00", want: "2026-04-05T00:00:00+02:00"},

		{name: "spring: nine o'clock is the new nine", hours: sunday("09:00-12:00"), now: "2026-03-29T00:30:00+01:00", want: "2026-03-29T09:00:00+02:00"},
		{name: "spring: closes at the new noon", hours: sunday("09:00-12:00"), now: "2026-03-29T12:00:00+02:00", want: "2026-04-05T09:00:00+02:00"},
		{name: "spring: opens when the clocks skip its time", hours: sunday("02:30-12:00"), now: "2026-03-29T01:59:59+01:00", want: "2026-03-29T03:00:00+02:00"},
		{name: "spring: closes when the clocks skip its time", hours: sunday("00:00-02:30"), now: "2026-03-29T01:59:59+01:00", want: "now"},
		{name: "spring: closed once the clocks skipped its time", hours: sunday("00:00-02:30"), now: "2026-03-29T03:00:00+02:00", want: "2026-04-05T00:00:00+02:00"},
		{name: "spring: a span that does not happen", hours: sunday("02:10-02:50"), now: "2026-03-29T01:00:00+01:00", want: "2026-04-05T02:10:00+02:00"},
		{name: "spring: over the change", hours: weekdaysOnly, now: "2026-03-27T17:00:00+01:00", want: "2026-03-30T09:00:00+02:00"},
		{name: "autumn: nine o'clock is the new nine", hours: sunday("09:00-12:00"), now: "2026-10-25T00:30:00+02:00", want: "2026-10-25T09:00:00+01:00"},
		{name: "autumn: closes at the new noon", hours: sunday("09:00-12:00"), now: "2026-10-25T11:59:59+01:00", want: "now"},
		{name: "autumn: over the change", hours: weekdaysOnly, now: "2026-10-23T17:00:00+02:00", want: "2026-10-26T09:00:00+01:00"},

		// On 4 October 2020 midnight did not happen in Asunción: the day began at 01:00.
		{name: "a day without a midnight", hours: sunday("09:00-12:00"), zone: "America/Asuncion", now: "2020-10-03T20:00:00-04:00", want: "2020-10-04T09:00:00-03:00"},
		{name: "a whole day without a midnight", hours: sunday("00:00-24:00"), zone: "America/Asuncion", now: "2020-10-03T20:00:00-04:00", want: "2020-10-04T01:00:00-03:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			location := paris(t)
			if tt.zone != "" {
				var err error
				if location, err = time.LoadLocation(tt.zone); err != nil {
					t.Fatal(err)
				}
			}
			now, err := time.Parse(time.RFC3339, tt.now)
			if err != nil {
				t.Fatal(err)
			}
			o := Opening{Hours: tt.hours, Closed: tt.closed, Location: location}
			got, ok := o.Next(now)
			switch tt.want {
			case "never":
				if ok {
					t.Errorf("opens %v, want never", got)
				}
			case "now":
				if !ok || !got.Equal(now) {
					t.Errorf("opens %v (%v), want now", got, ok)
				}
			default:
				want, err := time.Parse(time.RFC3339, tt.want)
				if err != nil {
					t.Fatal(err)
				}
				if !ok || !got.Equal(want) {
					t.Errorf("opens %v (%v), want %v", got, ok, want)
				}
			}
			if got, want := o.At(now), tt.want == "now"; got != want {
				t.Errorf("open: %v, want %v", got, want)
			}
		})
	}
}

// A minute is open exactly when the clock on the wall says so, also around the two changes.
func TestOpeningFollowsTheWall(t *testing.T) {
	location := paris(t)
	o := Opening{Location: location, Hours: Hours{}}
	for _, d := range weekdays() {
		o.Hours[d] = []Span{{30, 90}, {9 * 60, 12*60 + 30}, {20 * 60, 24 * 60}}
	}
	for _, start := range []time.Time{
		time.Date(2026, 3, 28, 0, 0, 0, 0, location), time.Date(2026, 10, 24, 0, 0, 0, 0, location),
	} {
		for m := range 3 * 24 * 60 {
			now := start.Add(time.Duration(m) * time.Minute)
			wall := now.Hour()*60 + now.Minute()
			want := false
			for _, s := range o.Hours[now.Weekday()] {
				want = want || s.From <= wall && wall < s.To
			}
			if got := o.At(now); got != want {
				t.Errorf("%v: open %v, want %v", now, got, want)
			}
		}
	}
}

func TestHoursWeek(t *testing.T) {
	h := Hours{time.Monday: {{9 * 60, 12 * 60}, {13*60 + 30, 17 * 60}}, time.Sunday: {{0, 24 * 60}}, time.Friday: {}}
	if got, want := h.Week(), 30*time.Hour+30*time.Minute; got != want {
		t.Errorf("a week has %v, want %v", got, want)
	}
}

func TestBoothOpenings(t *testing.T) {
	closed := []Days{{"2026-12-25", "2026-12-25"}}
	b := &Booth{
		Site:     Site{Hours: Hours{time.Friday: {{9 * 60, 12 * 60}}}, Closed: closed},
		Partners: []Partner{{ID: "caf", Hours: Hours{time.Friday: {{11 * 60, 17 * 60}}}}},
	}
	now := time.Date(2026, 12, 18, 10, 30, 0, 0, paris(t))
	if !b.SiteOpening().At(now) || b.PartnerOpening(b.Partners[0]).At(now) {
		t.Error("at half past ten the room is open and the partner is not")
	}
	christmas := now.AddDate(0, 0, 7).Add(time.Hour)
	if b.SiteOpening().At(christmas) || !b.PartnerOpening(b.Partners[0]).At(christmas) {
		t.Error("at Christmas the room is closed and the partner is not")
	}
}

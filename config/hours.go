package config

import (
	"fmt"
	"strings"
	"time"
)

// Hours are weekly opening hours: for each day the spans in order. In a file they are a map of the days,
// monday to sunday, to lists of "HH:MM-HH:MM"; every_day stands for each day that is not named.
type Hours map[time.Weekday][]Span

// Span is a part of a day, in minutes since midnight: From included, To not included. 0 to 1440 is a whole day.
type Span struct{ From, To int }

// Days is a range of calendar days, both included, as "2006-01-02": one day has From == To.
// In a file a range is "2026-08-03/2026-08-14".
type Days struct{ From, To string }

// Phone is a telephone number as citizens dial it, in digits with spaces: "02 38 67 24 00", "3230".
type Phone string

// everyDay is the key of hours that stands for each day which is not named.
const everyDay = "every_day"

// weekdays are the days as files name them, in the order in which people here read a week.
func weekdays() []time.Weekday {
	return []time.Weekday{
		time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday,
	}
}

func dayName(d time.Weekday) string { return strings.ToLower(d.String()) }

// Week is how long it is open in a week without closed days.
func (h Hours) Week() time.Duration {
	var minutes int
	for _, spans := range h {
		for _, s := range spans {
			minutes += s.To - s.From
		}
	}
	return time.Duration(minutes) * time.Minute
}

// String writes a span as files do.
func (s Span) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", s.From/60, s.From%60, s.To/60, s.To%60)
}

// parseSpan reads "HH:MM-HH:MM"; it leaves the order of the two to the validation.
func parseSpan(text string) (Span, bool) {
	from, to, ok := strings.Cut(text, "-")
	if !ok {
		return Span{}, false
	}
	f, fromOK := parseClock(from)
	t, toOK := parseClock(to)
	return Span{From: f, To: t}, fromOK && toOK
}

// span reads "HH:MM-HH:MM".
func (d *document) span(text, path string) Span {
	s, ok := parseSpan(text)
	if !ok {
		d.report(path, `%s is not a span of hours; expected "HH:MM-HH:MM" such as "09:00-12:30"`, quoted(text))
	}
	return s
}

// parseClock reads "HH:MM" as minutes since midnight, up to "24:00".
func parseClock(text string) (int, bool) {
	if len(text) != len("00:00") || text[2] != ':' {
		return 0, false
	}
	for i, c := range []byte(text) {
		if i != 2 && (c < '0' || c > '9') {
			return 0, false
		}
	}
	hours := 10*int(text[0]-'0') + int(text[1]-'0')
	minutes := 10*int(text[3]-'0') + int(text[4]-'0')
	if minutes > 59 || hours > 24 || hours == 24 && minutes > 0 {
		return 0, false
	}
	return 60*hours + minutes, true
}

// String writes days as files do.
func (d Days) String() string {
	if d.From == d.To {
		return d.From
	}
	return d.From + "/" + d.To
}

// parseDays splits a range; the validation looks at the dates themselves.
func parseDays(text string) Days {
	from, to, ok := strings.Cut(text, "/")
	if !ok {
		to = from
	}
	return Days{From: from, To: to}
}

// Opening tells when somebody is there: weekly hours less closed days, in a time zone.
type Opening struct {
	Hours    Hours
	Closed   []Days
	Location *time.Location
}

// At tells whether it is open at t.
func (o Opening) At(t time.Time) bool {
	from, ok := o.Next(t)
	return ok && !from.After(t)
}

// Next returns t itself when it is open then, otherwise when it opens next;
// false when it does not open within a year. It is the pure core of At: the
// clock times are wall-clock times of Location, also on days when the clocks change.
func (o Opening) Next(t time.Time) (time.Time, bool) {
	t = t.In(o.Location)
	year, month, day := t.Date()
	for ahead := range 366 {
		// The calendar is reckoned in UTC: some zones have days without a midnight.
		date := time.Date(year, month, day+ahead, 0, 0, 0, 0, time.UTC)
		if o.closedOn(date) {
			continue
		}
		for _, s := range o.Hours[date.Weekday()] {
			from, to := o.clock(date, s.From), o.clock(date, s.To)
			switch {
			case !t.Before(to), !from.Before(to):
				// It is over, or lies wholly in the hour that the clocks skip.
			case from.Before(t):
				return t, true
			default:
				return from, true
			}
		}
	}
	return time.Time{}, false
}

// clock is the moment of a date at which the clocks on the wall show that many minutes since midnight.
// Where the clocks skip that time, it is the moment at which they skip it.
func (o Opening) clock(date time.Time, minutes int) time.Time {
	wall := date.Add(time.Duration(minutes) * time.Minute)
	year, month, day := wall.Date()
	t := time.Date(year, month, day, wall.Hour(), wall.Minute(), 0, 0, o.Location)
	_, offset := t.Zone()
	shown := t.Add(time.Duration(offset) * time.Second)
	if shown.Equal(wall) {
		return t
	}
	before, after := t.ZoneBounds()
	if shown.After(wall) {
		return before
	}
	return after
}

func (o Opening) closedOn(date time.Time) bool {
	s := date.Format(time.DateOnly)
	for _, c := range o.Closed {
		if c.From <= s && s <= c.To {
			return true
		}
	}
	return false
}

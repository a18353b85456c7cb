package config

import "time"

// Hours are weekly opening hours: for each day the spans "HH:MM-HH:MM" in order. "00:00-24:00" is a whole day.
type Hours map[time.Weekday][]Span

// Span is a part of a day, in minutes since midnight: From included, To not included.
type Span struct{ From, To int }

// Days is a range of calendar days, both included, as "2006-01-02": one day has From == To.
type Days struct{ From, To string }

// Phone is a telephone number as citizens dial it, in digits with spaces: "02 38 67 24 00", "3230".
type Phone string

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
	for day := range 366 {
		y, m, d := t.Date()
		date := time.Date(y, m, d+day, 0, 0, 0, 0, o.Location)
		if o.closedOn(date) {
			continue
		}
		for _, s := range o.Hours[date.Weekday()] {
			from := time.Date(y, m, d+day, 0, s.From, 0, 0, o.Location)
			to := time.Date(y, m, d+day, 0, s.To, 0, 0, o.Location)
			if !t.Before(to) {
				continue
			}
			if from.Before(t) {
				return t, true
			}
			return from, true
		}
	}
	return time.Time{}, false
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

package wire

import (
	"errors"
	"fmt"
	"regexp"
)

// Usage is what a booth counted in half a day. A booth sends it when the half
// day is over, as often as it must; the hub keeps it once, by HalfDay and Batch.
type Usage struct {
	// HalfDay is the site's day and its half, "2026-11-24-am": till 13 o'clock, or from then on.
	HalfDay string `json:"half_day"`
	// Batch tells two sets of counts of one half day apart, as after a new enrolment. It is random, and
	// another one for each half day, so that it links nothing.
	Batch  string  `json:"batch"`
	Counts []Count `json:"counts"`
}

// Count is how often something happened.
type Count struct {
	// Partner is "" for what concerns none.
	Partner string `json:"partner,omitempty"`
	// What is a word such as call_answered; kiosk/booth has them all. A hub keeps those that it does not know.
	What string `json:"what"`
	N    int    `json:"n"`
}

// UsageReply answers Usage: the hub has it, or will never take it (CodeMalformed).
type UsageReply struct {
	HalfDay string `json:"half_day,omitempty"`
	Batch   string `json:"batch,omitempty"`
	// Unsettled: a power cut at the hub may still take it. The booth keeps it and offers it again in a while.
	Unsettled bool `json:"unsettled,omitempty"`
	Code      Code `json:"code,omitempty"`
}

// maxCounts is more than a booth can have kinds of counts.
const maxCounts = 1000

var (
	halfDayPattern = regexp.MustCompile(`^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])-[ap]m$`)
	batchPattern   = regexp.MustCompile(`^[0-9a-z]{16,32}$`)
)

func checkBatch(halfDay, batch string) error {
	errs := []error{checkHalfDay("half_day", halfDay)}
	if !batchPattern.MatchString(batch) {
		errs = append(errs, fmt.Errorf("batch %.40q: expected 16 to 32 lower-case letters and digits", batch))
	}
	return errors.Join(errs...)
}

func checkHalfDay(field, halfDay string) error {
	if !halfDayPattern.MatchString(halfDay) {
		return fmt.Errorf("%s %.40q: expected a day and its half, as in 2026-11-24-am", field, halfDay)
	}
	return nil
}

func (m Usage) Validate() error {
	errs := []error{checkBatch(m.HalfDay, m.Batch), atMost("counts", len(m.Counts), maxCounts)}
	for _, c := range m.Counts {
		if c.Partner != "" {
			errs = append(errs, CheckID("partner", c.Partner))
		}
		errs = append(errs, word("what", c.What, 1, 48), count("n", c.N))
	}
	return errors.Join(errs...)
}

func (m UsageReply) Validate() error {
	switch m.Code {
	case "":
		return checkBatch(m.HalfDay, m.Batch)
	case CodeMalformed:
		return nil
	case CodeClosed, CodeUnknownSite, CodeUnknownPartner, CodeGone, CodeUnavailable:
	}
	return fmt.Errorf("code %.40q is not one for counts", m.Code)
}

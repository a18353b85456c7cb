package figures

import (
	"slices"
	"strings"

	"loiret.fr/visioborne/config"
)

// happening is something that can happen in a booth as a whole, by the words
// that are counted with it. The words of one call are bound to each other
// (somebody who gave up also waited), and whoever knows the booth knows that;
// so other worlds are made of happenings, never of single words.
type happening struct {
	words []string
	// sited: it has no partner.
	sited bool
}

// happenings are those that booths count (kiosk/booth/count.go), and each row that is written by hand.
func happenings(words []string) []happening {
	known := config.CountWords()
	with := func(prefix string) (all []string) {
		for _, w := range known {
			if strings.HasPrefix(w, prefix) {
				all = append(all, w)
			}
		}
		return all
	}
	waits, talks := with("wait_"), with("talk_")
	var all []happening
	call := func(words ...string) { all = append(all, happening{words: words}) }
	for _, begun := range begins() {
		for _, w := range waits {
			call(begun, "call_abandoned", w)
			call(begun, "call_answered", w) // and hung up before there was sound
			call(begun, "call_answered", w, "failed_media", "phone_shown")
			call(begun, "call_answered", w, "failed_device", "phone_shown")
			for _, t := range talks {
				call(begun, "call_answered", w, t)
				for _, f := range []string{"failed_device", "failed_call_lost", "failed_adviser_lost", "failed_too_long"} {
					call(begun, "call_answered", w, t, f, "phone_shown")
				}
			}
			for _, f := range []string{"failed_no_answer", "failed_hub_unreachable", "failed_refused", "failed_partner_closed"} {
				call(begun, w, f, "phone_shown")
			}
		}
	}
	for _, f := range []string{"failed_hub_unreachable", "failed_partner_closed"} { // refused by the booth itself
		call("call_wanted", f, "phone_shown")
	}
	call("failed_partner_closed", "phone_shown")
	for _, w := range slices.Concat(with("poor_"), with("setup_")) { // noted of a call, once it is over
		call(w)
	}
	for _, helped := range with("helped_") { // a citizen's answers, the second one only after the first
		for _, more := range append([][]string{nil}, each(with("quality_"))...) {
			said := append([]string{helped}, more...)
			call(said...)
			// Where each talk was answered about, there is no answer more or less without a call more or less.
			for _, w := range waits {
				for _, t := range talks {
					call(append([]string{"call_wanted", "call_answered", w, t}, said...)...)
				}
			}
		}
	}
	for _, l := range with("language_") {
		for _, begun := range []string{"session_touch", "session_presence"} {
			all = append(all, happening{words: []string{"session", begun, l}, sited: true})
		}
	}
	for _, help := range [][]string{{"help_shown"}, {"help_shown", "help_asked"}, {"help_asked"}} { // the last: asked again
		all = append(all, happening{words: help, sited: true})
	}
	for _, w := range words {
		if strings.HasPrefix(w, handPrefix) {
			all = append(all, happening{words: []string{w}, sited: true})
		}
	}
	return all
}

// each puts each word into a list of its own.
func each(words []string) (all [][]string) {
	for _, w := range words {
		all = append(all, []string{w})
	}
	return all
}

// begins are how a partner gets a call: Appeler is touched, the citizen is called back, or another partner passes the call on.
func begins() []string { return []string{"call_wanted", "call_back", "call_passed_on"} }

// laws are what always holds of a cell's counts: for each, the sum of the first words is at least that of the second. Who
// knows the booth knows them, so other worlds keep them.
func laws() [][2][]string {
	early := []string{"call_answered", "call_abandoned", "failed_no_answer", "failed_refused"}
	return [][2][]string{
		{{"call_answered"}, {"talk_*"}},
		{{"call_answered"}, {"setup_*"}},
		{{"call_answered"}, {"failed_media", "failed_device", "failed_call_lost", "failed_adviser_lost", "failed_too_long"}},
		{{"talk_*"}, {"failed_call_lost", "failed_adviser_lost", "failed_too_long"}},
		{{"talk_*"}, {"helped_*"}},
		{{"helped_*"}, {"quality_*"}},
		{{"talk_*"}, {"poor_sound"}},
		{{"talk_*"}, {"poor_picture"}},
		{{"talk_*"}, {"poor_delay"}},
		{{"talk_*"}, {"poor_interrupted"}},
		{begins(), slices.Concat(early, []string{"failed_hub_unreachable"})},
		{slices.Concat(early, []string{"failed_hub_unreachable", "failed_partner_closed"}), begins()},
		{{"wait_*"}, early},
		{begins(), {"wait_*"}},
	}
}

// weigh writes a law as a number for each word; its sum over the counts is never negative.
func weigh(law [2][]string, words []string) []int {
	weights := make([]int, len(words))
	for w, word := range words {
		row := config.GridRow{Kind: config.RowCounts, Counts: law[0]}
		if row.Counted(word) {
			weights[w]++
		}
		if row.Counts = law[1]; row.Counted(word) {
			weights[w]--
		}
	}
	return weights
}

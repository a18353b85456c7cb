package main

import (
	"slices"
	"testing"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/call"
)

// What a call is rated by is counted under words that the grid of figures knows.
func TestCausesAreWordsOfTheGrid(t *testing.T) {
	for prefix, causes := range map[string][]call.Cause{
		"poor_":  {call.CauseSound, call.CausePicture, call.CauseDelay, call.CauseInterrupted},
		"setup_": {call.CauseNoAnswer, call.CauseNoPath, call.CauseNoKeys, call.CauseNothing, call.CausePageClosed},
	} {
		for _, c := range causes {
			if word := prefix + string(c); !slices.Contains(config.CountWords(), word) {
				t.Errorf("the grid does not know %s", word)
			}
		}
	}
}

package booth

import (
	"strings"
	"time"
)

// A Count is one thing more that happened, for the attendance figures. It says
// of whom no more than the partner, and of when nothing: whoever keeps counts
// adds them up over half a day.
type Count struct {
	// Partner is "" where none was chosen.
	Partner string
	What    Counted
}

// Counted is what is counted; a few have classes or causes for endings.
type Counted string

const (
	CountedSession   Counted = "session"          // somebody began: chose a partner or a language
	CountedTouch     Counted = "session_touch"    // and began by touching a screen that had not greeted
	CountedPresence  Counted = "session_presence" // or was seen by the sensors, and greeted, before the first touch
	CountedWanted    Counted = "call_wanted"      // Appeler was touched
	CountedAnswered  Counted = "call_answered"    // an adviser answered
	CountedAbandoned Counted = "call_abandoned"   // the citizen left the line
	CountedPassedOn  Counted = "call_passed_on"   // an adviser of another partner has passed the call on to this one
	CountedBack      Counted = "call_back"        // the citizen has accepted to be called back
	CountedPhone     Counted = "phone_shown"      // the partner's number was shown instead
	CountedHelp      Counted = "help_shown"       // the help layer was opened
	CountedHelpAsked Counted = "help_asked"       // and the hotline rung from it
	CountedQuarter   Counted = "open_quarter"     // a quarter of an hour in which the room was open and the booth in order

	countedFailed   = "failed_"   // and the Reason
	countedLanguage = "language_" // and the language in which a session ended
	countedWait     = "wait_"     // and a class: from Appeler to an answer, to leaving, or to the failure
	countedTalk     = "talk_"     // and a class: with sound and picture
	countedPoor     = "poor_"     // and a Cause: of a call in which the two could talk
	countedSetup    = "setup_"    // and a Cause: of one that failed before
	countedHelped   = "helped_"   // and an Answer: whether the citizen was helped
	countedQuality  = "quality_"  // and an Answer: how sound and picture were
)

// quarter is what hours open are counted in.
const quarter = 15 * time.Minute

// class puts a time into one of four classes, so that no call is known by how long it was.
func class(prefix string, d time.Duration, minutes [3]int, names [4]string) Counted {
	for i, m := range minutes {
		if d < time.Duration(m)*time.Minute {
			return Counted(prefix + names[i])
		}
	}
	return Counted(prefix + names[3])
}

func waitClass(d time.Duration) Counted {
	return class(countedWait, d, [3]int{1, 5, 15}, [4]string{"under_1_min", "1_to_5_min", "5_to_15_min", "over_15_min"})
}

func talkClass(d time.Duration) Counted {
	return class(countedTalk, d, [3]int{5, 15, 30}, [4]string{"under_5_min", "5_to_15_min", "15_to_30_min", "over_30_min"})
}

// Counts is what has happened between a state and the next one. It looks at
// states, not at events, so that every way into a state counts the same.
func Counts(before, after State) []Count {
	if before.Config == nil || after.Config == nil || before.Training || after.Training {
		return nil
	}
	was, is := before.Session, after.Session
	var all []Count
	add := func(partner string, what Counted) { all = append(all, Count{partner, what}) }

	// A call back that nobody accepts is nobody's session.
	if (was.Phase == PhaseNone || was.Recalled) && is.Phase != PhaseNone && !is.Recalled {
		add("", CountedSession)
		if is.BegunBy == BegunByPresence {
			add("", CountedPresence)
		} else {
			add("", CountedTouch)
		}
	}
	if is.Help.Open && !was.Help.Open {
		add("", CountedHelp)
	}
	if is.Help.Request != "" && is.Help.Request != was.Help.Request {
		add("", CountedHelpAsked)
	}
	entered := func(p Phase) bool { return is.Phase == p && was.Phase != p }
	inLine := was.Phase == PhaseContacting || was.Phase == PhaseWaiting
	waited := waitClass(after.Now.Sub(was.CallSince))

	switch {
	case entered(PhaseContacting) && was.Phase == PhaseCalledBack:
		add(is.Partner, CountedBack)
	case entered(PhaseContacting):
		add(is.Partner, CountedWanted)
	case entered(PhaseFailed) && was.Phase == PhaseChoosing: // refused by the booth itself: closed meanwhile, or no network
		add(is.Partner, CountedWanted)
	}
	switch {
	case !inLine:
	case is.Phase == PhaseConnecting:
		add(was.Partner, CountedAnswered)
		add(was.Partner, waited)
	case is.Phase == PhaseNone || is.Phase == PhaseBrowsing:
		add(was.Partner, CountedAbandoned)
		add(was.Partner, waited)
	case is.Phase == PhaseFailed: // whoever waited in vain has waited
		add(was.Partner, waited)
	}
	if was.Phase.DevicesOpen() && is.Phase == PhaseWaiting {
		add(is.Partner, CountedPassedOn)
	}
	if was.Phase == PhaseInCall && is.Phase != PhaseInCall {
		add(was.Partner, talkClass(after.Now.Sub(was.TalkSince)))
	}
	if entered(PhaseFailed) {
		add(is.Partner, Counted(countedFailed+string(is.Reason)))
		add(is.Partner, CountedPhone)
	}
	if is.Call == was.Call && !was.Rated {
		for _, c := range is.Causes {
			switch {
			case !is.TalkSince.IsZero():
				add(is.Partner, Counted(countedPoor+string(c)))
			case is.Phase == PhaseFailed: // not given up by one of the two
				add(is.Partner, Counted(countedSetup+string(c)))
			}
		}
	}
	if was.Phase == PhaseEnded && is.Phase == PhaseEnded {
		if is.Opinion.Helped != was.Opinion.Helped {
			add(is.Partner, Counted(countedHelped+string(is.Opinion.Helped)))
		}
		if is.Opinion.Quality != was.Opinion.Quality {
			add(is.Partner, Counted(countedQuality+string(is.Opinion.Quality)))
		}
	}
	if was.Phase != PhaseNone && !was.Recalled && is.Phase == PhaseNone {
		add("", Counted(countedLanguage+strings.ReplaceAll(before.language(), "-", "_")))
	}
	// Only from one quarter to the next: a clock that is set by hours has not been open for them.
	if passed := after.Now.Truncate(quarter).Sub(before.Now.Truncate(quarter)); passed == quarter && !before.Closed() && len(before.Faults) == 0 && before.OutOfService == nil && !before.PanelDark {
		add("", CountedQuarter)
	}
	return all
}

package booth

// LanguagesAsked: the citizen opens or closes the layer in which a language is chosen, over whatever is shown. Session is the
// id of a new session if there is none.
type LanguagesAsked struct {
	Session string
	Open    bool
}

func (LanguagesAsked) isEvent() {}

func (n *stepping) languagesAsked(e LanguagesAsked) {
	if e.Open == n.Session.AsksLanguage || e.Open && !n.offersLanguages() {
		return
	}
	if !e.Open && n.Session.bare() {
		n.end() // it was opened by chance, and nothing was chosen
		return
	}
	n.begin(e.Session)
	n.Session.AsksLanguage = e.Open
	n.restartIdle()
}

// offersLanguages: there is a choice, and the screen is a citizen's.
func (n *stepping) offersLanguages() bool {
	if !n.welcomes() || len(n.Config.Site.Languages) < 2 {
		return false
	}
	switch n.screen().(type) {
	case TechnicianScreen, RestartingScreen, CheckingScreen, EnrolmentScreen, OccupiedScreen:
		return false
	case HomeScreen, NeedsScreen, PartnerScreen, CallingScreen, CallBackScreen, CallScreen, ThanksScreen, FailedScreen, ClosedScreen,
		OutOfServiceScreen:
	}
	return true
}

// closeLanguages closes the layer once something else happens to the session: an adviser answers, say.
func (n *stepping) closeLanguages(before Phase) {
	if before != PhaseNone && before != n.Session.Phase {
		n.Session.AsksLanguage = false
	}
}

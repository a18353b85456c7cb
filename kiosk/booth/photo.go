package booth

// PhotoStep is how far a sharp picture of a paper has got.
type PhotoStep string

const (
	PhotoNone PhotoStep = ""
	// PhotoWanted: the adviser would like one, and the citizen is asked.
	PhotoWanted PhotoStep = "wanted"
	// PhotoTaking: the citizen has agreed; the camera takes it.
	PhotoTaking PhotoStep = "taking"
)

type (
	// PhotoAsked: the adviser would like a sharp picture of a paper.
	PhotoAsked struct{ Call string }
	// PhotoTaken: it was taken, or could not be.
	PhotoTaken struct{ Call string }
	// Refused: the citizen does not agree to what a call's screen asks.
	Refused struct{}
)

func (PhotoAsked) isEvent() {}
func (PhotoTaken) isEvent() {}
func (Refused) isEvent()    {}

type (
	// TakePhoto takes a picture and sends it to the adviser. PhotoTaken follows.
	TakePhoto struct{ Call string }
	// RefusePhoto tells the adviser that the citizen does not agree.
	RefusePhoto struct{ Call string }
)

func (TakePhoto) isEffect()   {}
func (RefusePhoto) isEffect() {}

func (n *stepping) photoAsked(e PhotoAsked) {
	switch {
	case n.talking(e.Call) && n.Session.Photo == PhotoNone:
		n.Session.Photo = PhotoWanted
		n.Session.Help.Open, n.Session.AsksLanguage = false, false // the citizen is asked something
	case n.Session.Phase == PhaseConnecting && n.Session.Call == e.Call: // there is nothing to see yet
		n.do(RefusePhoto(e))
	}
}

// photoAnswered takes a picture if the citizen agrees, and never otherwise.
func (n *stepping) photoAnswered(agreed bool) {
	switch {
	case n.Session.Photo != PhotoWanted:
	case agreed:
		n.Session.Photo = PhotoTaking
		n.do(TakePhoto{n.Session.Call})
	default:
		n.Session.Photo = PhotoNone
		n.do(RefusePhoto{n.Session.Call})
	}
}

func (n *stepping) photoTaken(e PhotoTaken) {
	if n.mediaOf(e.Call) && n.Session.Photo == PhotoTaking {
		n.Session.Photo = PhotoNone
	}
}

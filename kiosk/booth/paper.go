package booth

// Paper is the page of a document that the adviser shows. Its picture is the touchscreen's; here is only which one.
type Paper struct {
	// ID is random, another one for each page.
	ID string `json:"id"`
	// Page of Pages, from 1.
	Page  int `json:"page"`
	Pages int `json:"pages"`
}

type (
	// PaperShown: the adviser shows a page, in place of the one before.
	PaperShown struct {
		Call  string
		Paper Paper
	}
	// PaperHidden: the adviser shows none any more.
	PaperHidden struct{ Call string }
)

func (PaperShown) isEvent()  {}
func (PaperHidden) isEvent() {}

func (n *stepping) showPaper(call string, p Paper) {
	if n.mediaOf(call) {
		n.Session.Paper = p
	}
}

// forget wipes what the adviser has shown and written, which is for the call only.
func (s *Session) forget() {
	s.Written, s.Conversation, s.Paper, s.Photo, s.Company = nil, Conversation{}, Paper{}, PhotoNone, CompanyNone
}

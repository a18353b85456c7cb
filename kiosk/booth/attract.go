package booth

// Attract is the waiting screen of an open room in which nobody is: the site's picture and logo, what the booth is for, and
// the partners. It is a part of home and no screen before it: whoever knows a partner touches it there, and calls with the
// second touch as ever; any other touch shows the whole of home.
type Attract struct {
	// Picture and Logo are the addresses of the site's own files; "" for the page's own drawing, and for no logo.
	Picture string `json:"picture"`
	Logo    string `json:"logo"`
}

// The addresses at which the page gets the site's own files.
const (
	PicturePath = "/attract/picture"
	LogoPath    = "/attract/logo"
)

// attract is the waiting screen; nil while somebody may be there. Sensors that see somebody end it before any touch; without
// sensors nobody is there when nothing was touched for as long as an untouched session lasts.
func (s State) attract() *Attract {
	if s.TouchedAt.IsZero() || !s.Quiet() || s.Presence.there() || s.Now.Sub(s.attendedAt()) < s.Config.Site.Limits.Idle {
		return nil
	}
	if _, home := s.screen().(HomeScreen); !home {
		return nil
	}
	return &Attract{s.Attract.Picture, s.Attract.Logo}
}

package wire

import (
	"errors"
	"fmt"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits on what is listed or counted: far more than any site has, little enough to be harmless.
const (
	maxPartners   = 64
	maxICEServers = 8
	maxURLs       = 8
	maxWarnings   = 32
	maxCalls      = 16
	maxCount      = 1_000_000
)

// Hello: a booth has connected. The hub gives up calls of that booth that are
// not in Calls: the booth has restarted and knows nothing of them.
type Hello struct {
	Version string   `json:"version"`
	Calls   []string `json:"calls"`
}

// Welcome answers Hello.
type Welcome struct {
	// Time is the hub's clock, by which a booth without a battery clock may notice that its own is wrong.
	Time     time.Time      `json:"time"`
	Partners []Availability `json:"partners"`
}

// Partners tells who can answer, for the site's partners.
type Partners struct {
	Partners []Availability `json:"partners"`
}

// Availability is what can be said of a partner's desks.
type Availability struct {
	ID      string `json:"id"`
	Online  int    `json:"online"`  // advisers who are available, ringing or in a call
	Free    int    `json:"free"`    // advisers who could answer now
	Waiting int    `json:"waiting"` // calls in line
}

// Place puts a call in a partner's line. Sending it again is harmless: the call keeps its place.
type Place struct {
	Call     string `json:"call"`
	Partner  string `json:"partner"`
	Language string `json:"language"`
	// Need is the id of the need that has led to the partner; absent where the citizen chose the partner.
	Need string `json:"need,omitempty"`
}

// Code is why the hub does not take, or no longer knows, a call.
type Code string

const (
	CodeClosed         Code = "closed"          // outside the partner's opening hours
	CodeUnknownSite    Code = "unknown_site"    // the hub has no such site
	CodeUnknownPartner Code = "unknown_partner" // not one of the site's partners
	CodeMalformed      Code = "malformed"       // the request could not be read
	CodeGone           Code = "gone"            // answers alive: the call is not in line
	CodeUnavailable    Code = "unavailable"     // the hub cannot reach its own storage; try again
)

// Placed is a call's place in line.
type Placed struct {
	Call string `json:"call"`
	// Place is 1 for the next call, 0 for one that has been answered.
	Place  int `json:"place"`
	Free   int `json:"free"`
	Online int `json:"online"`
}

// PlaceReply answers Place and Alive: the place, or a Code.
type PlaceReply struct {
	Placed
	Code Code `json:"code,omitempty"`
}

// Alive: a citizen still waits.
type Alive struct {
	Call string `json:"call"`
}

// Reason is why a call is over.
type Reason string

const (
	ReasonCancelled Reason = "cancelled" // the citizen left the line
	ReasonHungUp    Reason = "hung_up"   // one side hung up
	ReasonFailed    Reason = "failed"    // the booth could not set up or keep up the media
	ReasonDeskLost  Reason = "desk_lost" // the adviser's page went away for good
	ReasonSilent    Reason = "silent"    // the booth was silent for too long
	ReasonHub       Reason = "hub"       // the hub gave the call up
	ReasonRefused   Reason = "refused"   // the citizen does not want to be called back, or another one is there
)

// Leave: the citizen has left the line or the call.
type Leave struct {
	Call   string `json:"call"`
	Reason Reason `json:"reason"`
}

// Left answers Leave.
type Left struct {
	Call string `json:"call"`
}

// ICEServer is a STUN or TURN server, in the form that RTCPeerConnection takes.
type ICEServer struct {
	URLs       []string `json:"urls"`
	Username   string   `json:"username,omitempty"`
	Credential string   `json:"credential,omitempty"`
}

// Ringing: a desk rings; the booth makes its offer.
type Ringing struct {
	Call       string      `json:"call"`
	ICEServers []ICEServer `json:"ice_servers"`
}

// Answered: an adviser has answered.
type Answered struct {
	Call       string      `json:"call"`
	Adviser    string      `json:"adviser"`
	ICEServers []ICEServer `json:"ice_servers"`
}

// Requeued: the desk that rang did not answer; the call is back in line at its old age.
type Requeued struct {
	Call  string `json:"call"`
	Place int    `json:"place"`
}

// Renew: the adviser's page was loaded anew in mid-call and has no peer connection any more; the booth makes another one
// and offers.
type Renew struct {
	Call       string      `json:"call"`
	ICEServers []ICEServer `json:"ice_servers"`
}

// Transferred: an adviser has passed the call on to another partner, in whose line it is now. The booth ends its peer
// connection and waits.
type Transferred struct {
	Call    string `json:"call"`
	Partner string `json:"partner"`
	Place   int    `json:"place"`
	// Returned: nobody was there, and the call is back in the line of the partner that had passed it on.
	Returned bool `json:"returned,omitempty"`
}

// CallBack: an adviser would like to go on with a call that broke. It is the same call. The citizen is asked; Accept or
// Leave follows.
type CallBack struct {
	Call    string `json:"call"`
	Partner string `json:"partner"`
	Adviser string `json:"adviser"`
}

// Accept: the citizen wants to be called back. Answered follows.
type Accept struct {
	Call string `json:"call"`
}

// Ended: the call is over.
type Ended struct {
	Call   string `json:"call"`
	Reason Reason `json:"reason"`
}

// Status is what the hotline sees of a booth. It says nothing of the citizen.
type Status struct {
	Version string `json:"version"`
	// Phase is the session's: "none", "waiting", "in_call", ...
	Phase string `json:"phase"`
	// Since is when that phase began.
	Since time.Time `json:"since"`
	// Encoder is the one in use, or that would be, and EncoderReason the code of why that one.
	Encoder       string `json:"encoder,omitempty"`
	EncoderReason string `json:"encoder_reason,omitempty"`
	// Simulated lists the devices that are simulated.
	Simulated []string `json:"simulated,omitempty"`
	// Sensors are the presence sensors that the booth has: "motion", "distance". What is wrong with one is in Warnings.
	Sensors []string `json:"sensors,omitempty"`
	// Warnings are codes, such as camera_missing; the hotline's page has the words.
	Warnings []string `json:"warnings,omitempty"`
	// Update is the one under way, or the last one that failed.
	Update *Update `json:"update,omitempty"`
	// DeviceCheck is the last check of the devices; nil when there was none.
	DeviceCheck *DeviceCheck `json:"device_check,omitempty"`
	// Sound is that of the call under way; nil without one, or while there is too little of it to judge.
	Sound *Sound `json:"sound,omitempty"`
	// LastCall is the last one since the booth started; nil when there was none.
	LastCall *LastCall `json:"last_call,omitempty"`
	// Health is how the machine is; nil when the booth says nothing of it.
	Health *Health `json:"health,omitempty"`
	// Sent is the booth's clock when it sent this, by which the hub judges that clock.
	Sent time.Time `json:"sent,omitzero"`
	// RoundTripMS is how long the hub's NATS took to answer, in milliseconds; nil while it is not known.
	RoundTripMS *int `json:"round_trip_ms,omitempty"`
	// Company is a code: the site's agent has "offered" to take part in the call, or is "there".
	Company string `json:"company,omitempty"`
	// Pending is a restart that waits for the end of a session: "service" or "machine".
	Pending RestartWhat `json:"pending,omitempty"`
	// OutOfService is there while the hotline has taken the booth out of service.
	OutOfService *OutOfService `json:"out_of_service,omitempty"`
	// TestCall is the last one; nil when there was none.
	TestCall *TestCallResult `json:"test_call,omitempty"`
	// Configuration is the site's, as the booth has it; nil for a booth that takes none from the hub.
	Configuration *BoothConfiguration `json:"configuration,omitempty"`
}

func (m Hello) Validate() error {
	errs := []error{text("version", m.Version, 0, 64), atMost("calls", len(m.Calls), maxCalls)}
	for _, c := range m.Calls {
		errs = append(errs, CheckCall(c))
	}
	return errors.Join(errs...)
}

func (m Welcome) Validate() error {
	return errors.Join(notZero("time", m.Time), availabilities(m.Partners))
}

func (m Partners) Validate() error { return availabilities(m.Partners) }

func (m Availability) Validate() error {
	return errors.Join(CheckID("partner", m.ID),
		count("online", m.Online), count("free", m.Free), count("waiting", m.Waiting))
}

func (m Place) Validate() error {
	errs := []error{CheckCall(m.Call), CheckID("partner", m.Partner), word("language", m.Language, 1, 16)}
	if m.Need != "" {
		errs = append(errs, CheckID("need", m.Need))
	}
	return errors.Join(errs...)
}

func (m Placed) Validate() error {
	return errors.Join(CheckCall(m.Call), count("place", m.Place), count("free", m.Free), count("online", m.Online))
}

func (m PlaceReply) Validate() error {
	switch m.Code {
	case "":
		return m.Placed.Validate()
	// A request that could not be read has no call to name.
	case CodeMalformed:
		return nil
	case CodeClosed, CodeUnknownSite, CodeUnknownPartner, CodeGone, CodeUnavailable:
		return m.Placed.Validate()
	}
	return fmt.Errorf("code %.40q is unknown", m.Code)
}

func (m Alive) Validate() error { return CheckCall(m.Call) }
func (m Left) Validate() error  { return CheckCall(m.Call) }
func (m Leave) Validate() error { return errors.Join(CheckCall(m.Call), m.Reason.check()) }
func (m Ended) Validate() error { return errors.Join(CheckCall(m.Call), m.Reason.check()) }

func (m Ringing) Validate() error {
	return errors.Join(CheckCall(m.Call), iceServers(m.ICEServers))
}

func (m Answered) Validate() error {
	return errors.Join(CheckCall(m.Call), text("adviser", m.Adviser, 1, 120), iceServers(m.ICEServers))
}

func (m Renew) Validate() error {
	return errors.Join(CheckCall(m.Call), iceServers(m.ICEServers))
}

func (m Transferred) Validate() error {
	return errors.Join(CheckCall(m.Call), CheckID("partner", m.Partner), count("place", m.Place))
}

func (m CallBack) Validate() error {
	return errors.Join(CheckCall(m.Call), CheckID("partner", m.Partner), text("adviser", m.Adviser, 1, 120))
}

func (m Accept) Validate() error { return CheckCall(m.Call) }

func (m Requeued) Validate() error { return errors.Join(CheckCall(m.Call), count("place", m.Place)) }

func (m Status) Validate() error {
	errs := []error{
		text("version", m.Version, 0, 64), word("phase", m.Phase, 1, 32), notZero("since", m.Since),
		text("encoder", m.Encoder, 0, 64), text("encoder_reason", m.EncoderReason, 0, 300),
		word("company", m.Company, 0, 16), atMost("simulated", len(m.Simulated), 8), atMost("sensors", len(m.Sensors), 8), atMost("warnings", len(m.Warnings), maxWarnings),
	}
	if m.Update != nil {
		errs = append(errs, m.Update.Validate())
	}
	if m.DeviceCheck != nil {
		errs = append(errs, m.DeviceCheck.Validate())
	}
	if m.Sound != nil {
		errs = append(errs, m.Sound.Validate())
	}
	if m.LastCall != nil {
		errs = append(errs, m.LastCall.Validate())
	}
	if m.Health != nil {
		errs = append(errs, m.Health.Validate())
	}
	if m.RoundTripMS != nil {
		errs = append(errs, count("round_trip_ms", *m.RoundTripMS))
	}
	if m.Pending != "" {
		errs = append(errs, Restart{m.Pending}.Validate())
	}
	if m.OutOfService != nil {
		errs = append(errs, m.OutOfService.Validate())
	}
	if m.Configuration != nil {
		errs = append(errs, m.Configuration.Validate())
	}
	if m.TestCall != nil {
		errs = append(errs, m.TestCall.Validate())
	}
	for _, s := range m.Simulated {
		errs = append(errs, word("simulated", s, 1, 32))
	}
	for _, s := range m.Sensors {
		errs = append(errs, word("sensors", s, 1, 32))
	}
	for _, s := range m.Warnings {
		errs = append(errs, text("warnings", s, 1, 300))
	}
	return errors.Join(errs...)
}

func (r Reason) check() error {
	switch r {
	case ReasonCancelled, ReasonHungUp, ReasonFailed, ReasonDeskLost, ReasonSilent, ReasonHub, ReasonRefused:
		return nil
	}
	return fmt.Errorf("reason %.40q is unknown", r)
}

func availabilities(all []Availability) error {
	errs := []error{atMost("partners", len(all), maxPartners)}
	for _, a := range all {
		errs = append(errs, a.Validate())
	}
	return errors.Join(errs...)
}

func iceServers(all []ICEServer) error {
	errs := []error{atMost("ice_servers", len(all), maxICEServers)}
	for _, s := range all {
		errs = append(errs, atMost("urls", len(s.URLs), maxURLs),
			text("username", s.Username, 0, 256), text("credential", s.Credential, 0, 256))
		for _, u := range s.URLs {
			errs = append(errs, text("urls", u, 1, 256))
		}
	}
	return errors.Join(errs...)
}

// text checks a line of text for people: its length in bytes and that it has no control characters.
func text(field, s string, least, most int) error {
	if len(s) < least || len(s) > most {
		return fmt.Errorf("%s: %d bytes; expected %d to %d", field, len(s), least, most)
	}
	if !utf8.ValidString(s) {
		return fmt.Errorf("%s: not UTF-8", field)
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return fmt.Errorf("%s: control character %U", field, r)
		}
	}
	return nil
}

// word checks a token of our own: ASCII letters, digits, hyphens and underscores.
func word(field, s string, least, most int) error {
	if len(s) < least || len(s) > most {
		return fmt.Errorf("%s: %d bytes; expected %d to %d", field, len(s), least, most)
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return fmt.Errorf("%s: character %q; expected letters, digits, hyphens and underscores", field, c)
		}
	}
	return nil
}

func count(field string, n int) error { return within(field, n, maxCount) }

func within(field string, n, most int) error {
	if n < 0 || n > most {
		return fmt.Errorf("%s: %d is not in 0 to %d", field, n, most)
	}
	return nil
}

func atMost(field string, n, most int) error {
	if n > most {
		return fmt.Errorf("%s: %d are more than %d", field, n, most)
	}
	return nil
}

func notZero(field string, t time.Time) error {
	if t.IsZero() {
		return fmt.Errorf("%s: missing", field)
	}
	return nil
}

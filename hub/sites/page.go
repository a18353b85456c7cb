package sites

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/web"
	"loiret.fr/visioborne/hub/wire"
)

const maxBody = 256 << 10

// NoticeWait is the longest that an author waits for the notice to be sent.
const NoticeWait = 45 * time.Second

// Guards let those pass who may see or do something.
type Guards struct {
	// Editors change configurations, Readers see what is coming: a site's agents their own site, managers all.
	Editors, Readers func(http.Handler) http.Handler
	// Booth is what a site's booth says of its configuration; nil when it says nothing.
	Booth func(site string) *wire.BoothConfiguration
}

// Routes adds the page of the sites' configurations to mux.
func (s *Sites) Routes(mux *http.ServeMux, g Guards, pages http.Handler) {
	edit := func(f http.HandlerFunc) http.Handler { return g.Editors(f) }
	mux.Handle("GET /sites", g.Editors(pages))
	mux.Handle("GET /sites/", pages) // scripts and styles tell nothing
	mux.Handle("GET /sites/list", edit(s.serveList))
	mux.Handle("GET /sites/of/{site}", edit(func(w http.ResponseWriter, r *http.Request) {
		record, err := s.Record(r.Context(), r.PathValue("site"))
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		record.Booth = g.Booth(record.Site)
		web.Answer(w, http.StatusOK, record)
	}))
	mux.Handle("GET /sites/of/{site}/{number}", edit(s.serveVersion))
	mux.Handle("POST /sites/of/{site}/check", edit(s.serveCheck))
	mux.Handle("POST /sites/of/{site}/save", edit(s.serveSave))
	mux.Handle("GET /sites/coming", g.Readers(http.HandlerFunc(s.serveComing)))
}

// State is what became of a version, at the time of the answer.
type State string

const (
	StateInForce State = "in_force"
	StateComing  State = "coming"  // from its date on
	StatePending State = "pending" // its notice is being sent
	StateFailed  State = "failed"  // no notice could be sent: it is never in force
	StatePast    State = "past"    // it was in force, or another one came before its date
)

// Summary is a version without its texts.
type Summary struct {
	Number int       `json:"number"`
	State  State     `json:"state"`
	Author string    `json:"author"`
	Reason string    `json:"reason"`
	Nature string    `json:"nature"`
	Saved  time.Time `json:"saved"`
	Urgent string    `json:"urgent"`
	// From is null while the managers were not told, ToldAt also for the first version.
	From    *time.Time `json:"from"`
	ToldAt  *time.Time `json:"told_at"`
	Told    int        `json:"told"` // how many addresses
	Failure Failure    `json:"failure"`
}

// Record is a site's configuration and its history.
type Record struct {
	Site string `json:"site"`
	Name string `json:"name"`
	// InForce is a number; Coming is one too, or null. Latest is the last of all: what a change has to name as its base.
	InForce int  `json:"in_force"`
	Coming  *int `json:"coming"`
	Latest  int  `json:"latest"`
	// Text is what a change goes on from: that of version TextOf, the last that is in force or will be.
	Text     string    `json:"text"`
	TextOf   int       `json:"text_of"`
	Managers []string  `json:"managers"`
	Versions []Summary `json:"versions"` // the newest first
	// NoticeDays is how long managers are told before. CanSend: the hub has a mail server.
	NoticeDays float64 `json:"notice_days"`
	CanSend    bool    `json:"can_send"`
	// Booth is what the booth says; null when it says nothing.
	Booth *wire.BoothConfiguration `json:"booth"`
}

func (h History) state(v Version, now time.Time) State {
	switch {
	case v.Failure != "":
		return StateFailed
	case v.pending():
		return StatePending
	case v.Number == h.InForce(now).Number:
		return StateInForce
	case v.From.After(now) && v.Number > h.InForce(now).Number:
		return StateComing
	}
	return StatePast
}

func (h History) summary(v Version, now time.Time) Summary {
	s := Summary{
		Number: v.Number, State: h.state(v, now), Author: v.Author, Reason: v.Reason, Nature: v.Nature, Saved: v.Saved,
		Urgent: v.Urgent, Told: len(v.Told), Failure: v.Failure,
	}
	if !v.From.IsZero() {
		s.From = &v.From
	}
	if !v.ToldAt.IsZero() {
		s.ToldAt = &v.ToldAt
	}
	return s
}

// Record is a site's configuration and its history, as they are kept: whoever has just changed it sees his own change.
func (s *Sites) Record(ctx context.Context, site string) (Record, error) {
	h, err := s.options.Store.History(ctx, site)
	if err != nil {
		return Record{}, err
	}
	now := s.options.Now()
	text := h.Base()
	r := Record{
		Site: site, Name: site, InForce: h.InForce(now).Number, Latest: h.Latest().Number, Text: text.SiteYAML, TextOf: text.Number,
		Managers: []string{}, NoticeDays: s.options.Notice.Hours() / 24, CanSend: s.options.Send != nil,
	}
	if b, err := h.InForce(now).read(); err == nil {
		r.Name, r.Managers = b.Site.Name, append(r.Managers, b.Site.Managers...)
	}
	if next, ok := h.Coming(now); ok {
		r.Coming = &next.Number
	}
	r.Versions = h.Summaries(now)
	return r, nil
}

// Summaries are the versions at a time, the newest first.
func (h History) Summaries(now time.Time) []Summary {
	all := []Summary{}
	for _, v := range slices.Backward(h) {
		all = append(all, h.summary(v, now))
	}
	return all
}

// listed is a site in the list.
type listed struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Wanted
}

func (s *Sites) serveList(w http.ResponseWriter, _ *http.Request) {
	all := []listed{}
	for _, site := range s.options.Directory.Sites() {
		all = append(all, listed{site.ID, site.Name, s.Wanted(site.ID)})
	}
	web.Answer(w, http.StatusOK, map[string]any{"sites": all})
}

// Texts are those of a version.
type Texts struct {
	Number       int    `json:"number"`
	SiteYAML     string `json:"site_yaml"`
	PartnersYAML string `json:"partners_yaml"`
}

// Texts finds those of a version; ErrUnknownSite when there is none.
func (s *Sites) Texts(site string, number int) (Texts, error) {
	h, err := s.History(site)
	if err != nil {
		return Texts{}, err
	}
	v, ok := h.Version(number)
	if !ok {
		return Texts{}, fmt.Errorf("%w, or no version %d of it", ErrUnknownSite, number)
	}
	return Texts{v.Number, v.SiteYAML, v.PartnersYAML}, nil
}

func (s *Sites) serveVersion(w http.ResponseWriter, r *http.Request) {
	number, err := strconv.Atoi(r.PathValue("number"))
	var t Texts
	if err == nil {
		t, err = s.Texts(r.PathValue("site"), number)
	} else {
		err = ErrUnknownSite
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	web.Answer(w, http.StatusOK, t)
}

// Change is what an editor fills in.
type Change struct {
	// Base is the number of the latest version that the editor has seen.
	Base     int    `json:"base"`
	SiteYAML string `json:"site_yaml"`
	Reason   string `json:"reason"`
	Nature   string `json:"nature"`
	// From is a day, a moment, or "" (ParseWish).
	From   string `json:"from"`
	Urgent string `json:"urgent"`
}

// Mistake is something wrong in a text.
type Mistake struct {
	File    string `json:"file"`
	Line    int    `json:"line"` // from 1; 0 for the file as a whole
	Field   string `json:"field"`
	Problem string `json:"problem"`
}

// Checked is what a text would change, or what is wrong in it.
type Checked struct {
	Mistakes []Mistake  `json:"mistakes"`
	Site     []DiffLine `json:"site"`
	Partners []DiffLine `json:"partners"`
	// Against is the version that they are compared with: the one in force.
	Against int `json:"against"`
}

// problem is the answer to what was not done.
type problem struct {
	// Error is a word for the page: "unknown", "conflict", "same", "draft", "mistakes", "request" or "unavailable".
	Error string `json:"error"`
	// Detail says more, in English, for "draft" and "request".
	Detail   string    `json:"detail,omitempty"`
	Mistakes []Mistake `json:"mistakes,omitempty"`
}

func mistakesOf(err error) []Mistake {
	all := []Mistake{}
	var found config.Mistakes
	if errors.As(err, &found) {
		for _, m := range found {
			all = append(all, Mistake(m))
		}
	}
	return all
}

var errRequest = errors.New("the request cannot be read")

// readChange reads a request's body.
func readChange(body io.Reader) (Change, error) {
	var c Change
	d := json.NewDecoder(body)
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return Change{}, fmt.Errorf("%w: %w", errRequest, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Change{}, fmt.Errorf("%w: something follows the change", errRequest)
	}
	return c, nil
}

// receive reads a change to a site and the site's history as it is kept now.
func (s *Sites) receive(w http.ResponseWriter, r *http.Request) (Change, History, bool) {
	c, err := readChange(http.MaxBytesReader(w, r.Body, maxBody))
	var h History
	if err == nil {
		h, err = s.options.Store.History(r.Context(), r.PathValue("site"))
	}
	if err != nil {
		s.refuse(w, r, err)
		return Change{}, nil, false
	}
	return c, h, true
}

func (s *Sites) serveCheck(w http.ResponseWriter, r *http.Request) {
	c, h, ok := s.receive(w, r)
	if !ok {
		return
	}
	partnersYAML, err := s.options.Store.Check(r.Context(), h, h[0].Site+".yaml", c.SiteYAML)
	found := mistakesOf(err)
	if err != nil && len(found) == 0 {
		s.refuse(w, r, err)
		return
	}
	v := h.InForce(s.options.Now())
	checked := Checked{Mistakes: found, Site: Diff(v.SiteYAML, c.SiteYAML), Partners: []DiffLine{}, Against: v.Number}
	if err == nil {
		checked.Partners = Diff(v.PartnersYAML, partnersYAML)
	}
	web.Answer(w, http.StatusOK, checked)
}

func (s *Sites) serveSave(w http.ResponseWriter, r *http.Request) {
	c, h, ok := s.receive(w, r)
	if !ok {
		return
	}
	who, _ := account.From(r.Context())
	v, err := s.save(r.Context(), who.User, c, h)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if h, err = s.options.Store.History(r.Context(), v.Site); err != nil {
		s.refuse(w, r, err)
		return
	}
	web.Answer(w, http.StatusOK, h.summary(v, s.options.Now()))
}

// save keeps a change and waits for what becomes of it.
func (s *Sites) save(ctx context.Context, who string, c Change, h History) (Version, error) {
	zone := time.UTC
	if b, err := h.Base().read(); err == nil {
		zone = location(b)
	}
	wish, err := ParseWish(c.From, zone)
	if err != nil {
		return Version{}, err
	}
	v, err := s.options.Store.Save(ctx, h, Draft{
		Base: c.Base, Author: who, Reason: c.Reason, Nature: c.Nature, Wish: wish, Urgent: c.Urgent, SiteYAML: c.SiteYAML,
		Record: func(ctx context.Context, v Version) error {
			return s.options.Audit(ctx, who, "site_version_kept", v.Site, fmt.Sprintf("version=%d", v.Number))
		},
	}, s.options.Now())
	if err != nil {
		return Version{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, NoticeWait)
	defer cancel()
	return s.options.Store.Settled(ctx, v)
}

func (s *Sites) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p, status := problem{Error: "unavailable"}, http.StatusServiceUnavailable
	var tooLarge *http.MaxBytesError
	switch found := mistakesOf(err); {
	case len(found) > 0:
		p, status = problem{Error: "mistakes", Mistakes: found}, http.StatusUnprocessableEntity
	case errors.Is(err, ErrUnknownSite):
		p, status = problem{Error: "unknown"}, http.StatusNotFound
	case errors.Is(err, ErrConflict):
		p, status = problem{Error: "conflict"}, http.StatusConflict
	case errors.Is(err, ErrSame):
		p, status = problem{Error: "same"}, http.StatusUnprocessableEntity
	case errors.Is(err, ErrDraft):
		p, status = problem{Error: "draft", Detail: err.Error()}, http.StatusUnprocessableEntity
	case errors.As(err, &tooLarge), errors.Is(err, errRequest):
		p, status = problem{Error: "request", Detail: err.Error()}, http.StatusBadRequest
	case r.Context().Err() == nil:
		s.options.Log.Error("a site's configuration was not served", "path", strings.ToValidUTF8(r.URL.Path, ""), "error", err)
	}
	web.Answer(w, status, p)
}

// Coming is a change that is announced, for managers and agents.
type Coming struct {
	Site    string    `json:"site"`
	Name    string    `json:"name"`
	Version int       `json:"version"`
	Nature  string    `json:"nature"`
	From    time.Time `json:"from"`
	ToldAt  time.Time `json:"told_at"`
	// Timezone is the site's, for the date.
	Timezone string `json:"timezone"`
}

func (s *Sites) serveComing(w http.ResponseWriter, r *http.Request) {
	who, _ := account.From(r.Context())
	all := []Coming{}
	now := s.options.Now()
	for _, site := range s.options.Directory.Sites() {
		if who.Role == account.RoleAgent && who.Site != site.ID {
			continue
		}
		h, err := s.History(site.ID)
		if err != nil {
			continue
		}
		for _, v := range h {
			overtaken := slices.ContainsFunc(h, func(o Version) bool { return o.Number > v.Number && !o.From.IsZero() && !o.From.After(v.From) })
			if h.state(v, now) == StateComing && !overtaken {
				all = append(all, Coming{site.ID, site.Name, v.Number, v.Nature, v.From, v.ToldAt, site.Timezone})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Coming) int { return a.From.Compare(b.From) })
	web.Answer(w, http.StatusOK, map[string]any{"changes": all})
}

// Package roster is the administrators' page of who works with the hub: it
// lists accounts, adds them, changes what they may, disables them and gives
// one-time passwords, which it shows once.
//
// Everything that it does is put on record before it is done. An administrator
// cannot take his own rights away: one is always left who has them. It opens
// nothing and starts no goroutine; the accounts' file is the package account's.
package roster

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/audit"
	"loiret.fr/visioborne/hub/directory"
	"loiret.fr/visioborne/hub/web"
)

// maxBody is the largest request.
const maxBody = 4 << 10

// Options are what the roster needs.
type Options struct {
	Accounts  *account.Accounts
	Directory *directory.Directory
	Audit     *audit.Log
	Now       func() time.Time
	Log       *slog.Logger
}

// Roster is the administrators' page.
type Roster struct{ options Options }

// New returns a Roster.
func New(o Options) *Roster { return &Roster{o} }

// Routes adds the page and what it does to mux, behind guard, which lets administrators only pass.
func (r *Roster) Routes(mux *http.ServeMux, guard func(http.Handler) http.Handler, pages http.Handler) {
	mux.Handle("GET /accounts", guard(pages))
	mux.Handle("GET /accounts/", pages) // scripts and styles tell nothing
	mux.Handle("GET /accounts/list", guard(http.HandlerFunc(r.list)))
	mux.Handle("POST /accounts/add", guard(http.HandlerFunc(r.add)))
	mux.Handle("POST /accounts/user/{user}/{deed}", guard(http.HandlerFunc(r.change)))
}

// Row is an account as the page shows it.
type Row struct {
	User    string       `json:"user"`
	Name    string       `json:"name"`
	Role    account.Role `json:"role"`
	Partner string       `json:"partner"`
	Site    string       `json:"site"`
	Email   string       `json:"email"`
	// Password: there is one; without, the account signs in by the provider.
	Password bool `json:"password"`
	OneTime  bool `json:"one_time"`
	Disabled bool `json:"disabled"`
}

// Choice is a partner or a site to choose from.
type Choice struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// List is all that the page shows.
type List struct {
	// Me is who looks.
	Me       string         `json:"me"`
	Accounts []Row          `json:"accounts"`
	Roles    []account.Role `json:"roles"`
	Partners []Choice       `json:"partners"`
	Sites    []Choice       `json:"sites"`
}

func (r *Roster) list(w http.ResponseWriter, q *http.Request) {
	me, _ := account.From(q.Context())
	all, err := r.options.Accounts.List()
	if err != nil {
		r.unavailable(w, err)
		return
	}
	l := List{Me: me.User, Accounts: []Row{}, Roles: account.Roles(), Partners: []Choice{}, Sites: []Choice{}}
	for _, a := range all {
		l.Accounts = append(l.Accounts, Row{
			a.User, a.Name, a.Role, a.Partner, a.Site, a.Email, a.Password != "", !a.OneTime.IsZero(), a.Disabled,
		})
	}
	for _, p := range r.options.Directory.Partners() {
		l.Partners = append(l.Partners, Choice{p.ID, p.Short})
	}
	for _, s := range r.options.Directory.Sites() {
		l.Sites = append(l.Sites, Choice{s.ID, s.Name})
	}
	web.Answer(w, http.StatusOK, l)
}

// Fields are what an administrator fills in.
type Fields struct {
	User    string       `json:"user"`
	Name    string       `json:"name"`
	Role    account.Role `json:"role"`
	Partner string       `json:"partner"`
	Site    string       `json:"site"`
	Email   string       `json:"email"`
	// Password: with one, which is for one use.
	Password bool `json:"password"`
}

// problem is the answer to what was not done.
type problem struct {
	// Error is the field that is not right ("user", "name", "role", "partner", "site", "email"), or "exists", "self",
	// "gone" or "unavailable", for the page to put in words.
	Error string `json:"error"`
}

// given is a one-time password; "" when none was made.
type given struct {
	Password string `json:"password,omitempty"`
}

// known: a partner or a site that the hub does not have would be a desk or a page with nothing on it.
func (r *Roster) known(f Fields) string {
	if _, ok := r.options.Directory.Partner(f.Partner); f.Partner != "" && !ok {
		return "partner"
	}
	if _, ok := r.options.Directory.Site(f.Site); f.Site != "" && !ok {
		return "site"
	}
	return ""
}

// free: the record must not tell of what is then refused.
func (r *Roster) free(a account.Account, added bool) error {
	if err := a.Check(); err != nil {
		return err
	}
	_, taken, err := r.options.Accounts.Find(a.User)
	if err != nil {
		return err
	}
	if taken && added {
		return account.ErrExists
	}
	other, taken, err := r.options.Accounts.FindEmail(a.Email)
	if err != nil {
		return err
	}
	if taken && other.User != a.User {
		return account.ErrExists
	}
	return nil
}

func (r *Roster) add(w http.ResponseWriter, q *http.Request) {
	f, ok := r.fields(w, q)
	if !ok {
		return
	}
	a := account.Account{User: f.User, Name: f.Name, Role: f.Role, Partner: f.Partner, Site: f.Site, Email: f.Email}
	var password string
	var err error
	if f.Password {
		a.Email = strings.ToLower(a.Email)
		a, password, err = a.WithOneTime(r.options.Now())
	} else {
		a, err = account.New(a, "")
	}
	if err == nil {
		err = r.free(a, true)
	}
	if err == nil {
		err = r.record(q, "account_added", describe(a))
	}
	if err == nil {
		err = r.options.Accounts.Add(a, false)
	}
	if err != nil {
		r.refuse(w, err)
		return
	}
	web.Answer(w, http.StatusOK, given{password})
}

// change carries out one deed on an account.
func (r *Roster) change(w http.ResponseWriter, q *http.Request) {
	me, _ := account.From(q.Context())
	user, deed := q.PathValue("user"), q.PathValue("deed")
	deeds := map[string]struct {
		action string
		do     func(account.Account, Fields) (account.Account, string, error)
	}{
		"change": {"account_changed", func(a account.Account, f Fields) (account.Account, string, error) {
			if a.Role != f.Role || a.Partner != f.Partner || a.Site != f.Site || a.Email != strings.ToLower(f.Email) {
				a = a.Renewed() // what is open in a browser goes by the old role, or is another person's
			}
			a.Name, a.Role, a.Partner, a.Site, a.Email = f.Name, f.Role, f.Partner, f.Site, strings.ToLower(f.Email)
			return a, "", nil
		}},
		"disable": {"account_disabled", func(a account.Account, _ Fields) (account.Account, string, error) {
			a.Disabled = true
			return a.Renewed(), "", nil
		}},
		"enable": {"account_enabled", func(a account.Account, _ Fields) (account.Account, string, error) {
			a.Disabled = false
			return a, "", nil
		}},
		"reset": {"password_reset", func(a account.Account, _ Fields) (account.Account, string, error) {
			return a.WithOneTime(r.options.Now())
		}},
	}
	d, known := deeds[deed]
	if !known {
		http.NotFound(w, q)
		return
	}
	f, ok := r.fields(w, q)
	if !ok {
		return
	}
	if user == me.User && (deed == "disable" || deed == "change" && f.Role != account.RoleAdministrator) {
		web.Answer(w, http.StatusConflict, problem{"self"})
		return
	}
	var password string
	err := r.options.Accounts.Change(user, func(a account.Account) (account.Account, error) {
		// While nobody else changes accounts: who acts must still be who they were.
		if now, ok, err := r.options.Accounts.Find(me.User); err != nil || !ok || now.Disabled || now.Epoch != me.Epoch {
			return a, errors.Join(err, account.ErrUnknown)
		}
		changed, once, err := d.do(a, f)
		if err == nil {
			err = r.free(changed, false)
		}
		if err == nil {
			err = r.record(q, d.action, describe(changed))
		}
		password = once
		return changed, err
	})
	if err != nil {
		r.refuse(w, err)
		return
	}
	web.Answer(w, http.StatusOK, given{password})
}

// describe is what the record says of an account: what it may, not whose it is. The page puts it in words.
func describe(a account.Account) string {
	text := "user=" + a.User + " role=" + string(a.Role)
	if a.Partner != "" {
		text += " partner=" + a.Partner
	}
	if a.Site != "" {
		text += " site=" + a.Site
	}
	return text
}

func (r *Roster) record(q *http.Request, action, detail string) error {
	me, _ := account.From(q.Context())
	return r.options.Audit.Record(q.Context(), audit.Entry{Who: me.User, Action: action, Detail: detail})
}

// fields reads what an administrator filled in; a deed that needs nothing has an empty object.
func (r *Roster) fields(w http.ResponseWriter, q *http.Request) (Fields, bool) {
	f, err := decode(http.MaxBytesReader(w, q.Body, maxBody))
	if err != nil {
		http.Error(w, "keeping accounts: "+err.Error(), http.StatusBadRequest)
		return Fields{}, false
	}
	if field := r.known(f); field != "" {
		web.Answer(w, http.StatusUnprocessableEntity, problem{field})
		return Fields{}, false
	}
	return f, true
}

func decode(body io.Reader) (Fields, error) {
	var f Fields
	d := json.NewDecoder(body)
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return Fields{}, errors.New("the request is not what it should be; expected the account's fields")
	}
	if _, err := d.Token(); err != io.EOF {
		return Fields{}, errors.New("something follows the request")
	}
	return f, nil
}

func (r *Roster) refuse(w http.ResponseWriter, err error) {
	var invalid *account.InvalidError
	switch {
	case errors.Is(err, account.ErrUnknown):
		web.Answer(w, http.StatusNotFound, problem{"gone"})
	case errors.Is(err, account.ErrExists):
		web.Answer(w, http.StatusConflict, problem{"exists"})
	case errors.As(err, &invalid):
		web.Answer(w, http.StatusUnprocessableEntity, problem{invalid.Field})
	default:
		r.unavailable(w, err)
	}
}

func (r *Roster) unavailable(w http.ResponseWriter, err error) {
	r.options.Log.Error("accounts cannot be kept", "error", err)
	web.Answer(w, http.StatusServiceUnavailable, problem{"unavailable"})
}

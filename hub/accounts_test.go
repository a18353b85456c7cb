package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/audit"
	"loiret.fr/visioborne/hub/hotline"
	"loiret.fr/visioborne/hub/roster"
)

// send posts JSON from the hub's own page and reads the answer.
func (h *house) send(jar http.CookieJar, path, body string, into any) int {
	h.t.Helper()
	req, err := http.NewRequest(http.MethodPost, "http://"+h.addr+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Origin", "http://"+h.addr)
	r, err := (&http.Client{Jar: jar}).Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(b, into); err != nil {
			h.t.Fatalf("%s: %d %s: %v", path, r.StatusCode, b, err)
		}
	}
	return r.StatusCode
}

// read gets JSON.
func (h *house) read(jar http.CookieJar, path string, into any) int {
	h.t.Helper()
	r, err := (&http.Client{Jar: jar}).Get("http://" + h.addr + path)
	if err != nil {
		h.t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode == http.StatusOK {
		if err := json.NewDecoder(r.Body).Decode(into); err != nil {
			h.t.Fatalf("%s: %v", path, err)
		}
	}
	return r.StatusCode
}

type reply struct {
	Error    string `json:"error"`
	Next     string `json:"next"`
	Password string `json:"password"`
}

// An administrator adds an agent, who signs in with the one-time password, has to change it, and lands on his page; the
// administrator changes what he may, disables him and lets him in again. All of it is on record.
func TestAccountsStory(t *testing.T) {
	h := openHouse(t)
	administrator := h.as("administrator")
	var got reply
	if status := h.send(administrator, "/accounts/add", `{"user":"gien.1","name":"M. Petit","role":"agent","site":"gien","password":true}`, &got); status != 200 || len(got.Password) != 19 {
		t.Fatalf("adding: %d %+v", status, got)
	}
	once := got.Password
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	signIn := func(password string) (int, reply) {
		t.Helper()
		var r reply
		status := h.send(jar, "/sign-in", `{"user":"gien.1","password":"`+password+`","then":"/figures?month=2026-11"}`, &r)
		return status, r
	}
	if status, r := signIn(once); status != 200 || r.Next != "/password" {
		t.Fatalf("with the one-time password: %d %+v", status, r)
	}
	// It opens nothing but its own change.
	if status, _, header := h.get(jar, "/hotline"); status != 303 || header.Get("Location") != "/password" {
		t.Errorf("/hotline: %d %s", status, header.Get("Location"))
	}
	if status := h.send(jar, "/accounts/add", `{}`, nil); status != 403 {
		t.Errorf("adding an account with a one-time password: %d", status)
	}
	for _, c := range []struct{ body, want string }{
		{`{"old":"` + once + `","new":"court"}`, "password"},
		{`{"old":"` + once + `","new":"` + once + `"}`, "same"},
		{`{"old":"a wrong password","new":"` + password + `"}`, "wrong"},
	} {
		got = reply{}
		if status := h.send(jar, "/password", c.body, &got); status < 400 || got.Error != c.want {
			t.Errorf("%s: %d %+v", c.body, status, got)
		}
	}
	if status := h.send(jar, "/password", `{"old":"`+once+`","new":"`+password+`"}`, &got); status != 200 || got.Next != "/figures" {
		t.Fatalf("changing the password: %d %+v", status, got)
	}
	if status, r := signIn(once); status != 401 {
		t.Errorf("the one-time password a second time: %d %+v", status, r)
	}
	if status, r := signIn(password); status != 200 || r.Next != "/figures?month=2026-11" {
		t.Errorf("with his own password: %d %+v", status, r)
	}
	present := func() bool {
		t.Helper()
		var state struct {
			SignedIn bool `json:"signed_in"`
		}
		if status := h.read(jar, "/sign-in/state", &state); status != 200 {
			t.Errorf("state: %d", status)
		}
		return state.SignedIn
	}
	if !present() {
		t.Error("nobody has signed in")
	}
	for _, c := range []struct {
		deed, body, want string
		status           int
	}{
		{"user/gien.1/change", `{"name":"M. Petit","role":"agent","site":"nowhere"}`, "site", 422},
		{"user/gien.1/change", `{"name":"M. Petit","role":"adviser"}`, "partner", 422},
		{"user/gien.1/change", `{"name":"M. Petit","role":"adviser","partner":"nobody"}`, "partner", 422},
		{"user/nobody/disable", `{}`, "gone", 404},
		{"user/administrator/disable", `{}`, "self", 409},
		{"user/administrator/change", `{"name":"A","role":"hotline"}`, "self", 409},
		{"add", `{"user":"gien.1","name":"N","role":"manager","password":true}`, "exists", 409},
		{"add", `{"user":"G","name":"N","role":"manager","password":true}`, "user", 422},
		{"add", `{"user":"g","name":"N","role":"manager"}`, "email", 422},
		{"user/gien.1/change", `{"name":"M. Petit","role":"hotline","email":"Petit@loiret.fr"}`, "", 200},
	} {
		got = reply{}
		if status := h.send(administrator, "/accounts/"+c.deed, c.body, &got); status != c.status || got.Error != c.want {
			t.Errorf("%s %s: %d %+v", c.deed, c.body, status, got)
		}
	}
	if status := h.send(administrator, "/accounts/user/gien.1/dance", `{}`, nil); status != 404 {
		t.Errorf("an unknown deed: %d", status)
	}
	if status := h.send(administrator, "/accounts/add", `{"user":"g","king":true}`, nil); status != 400 {
		t.Errorf("an unknown field: %d", status)
	}
	// Another role ends the session that goes by the old one.
	if present() {
		t.Error("the session outlived the change of the role")
	}
	if status, r := signIn(password); status != 200 {
		t.Fatalf("as hotline: %d %+v", status, r)
	}
	ws, err := h.dial(jar, "/hotline/socket", "http://"+h.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	if status := h.send(administrator, "/accounts/user/gien.1/disable", `{}`, &got); status != 200 {
		t.Errorf("disabling: %d", status)
	}
	// What is open closes.
	if err := ws.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	for err == nil {
		var v hotline.View
		err = ws.ReadJSON(&v)
	}
	if !websocket.IsCloseError(err, 4401) {
		t.Errorf("the hotline's page ended with %v", err)
	}
	if present() {
		t.Error("a disabled account is signed in")
	}
	if status, _ := signIn(password); status != 401 {
		t.Errorf("a disabled account signed in: %d", status)
	}
	if status := h.send(administrator, "/accounts/user/gien.1/enable", `{}`, &got); status != 200 || present() {
		t.Errorf("enabling: %d; the old session must not come back", status)
	}
	if status := h.send(administrator, "/accounts/user/gien.1/reset", `{}`, &got); status != 200 || len(got.Password) != 19 {
		t.Errorf("resetting: %d %+v", status, got)
	}
	if status, r := signIn(got.Password); status != 200 || r.Next != "/password" {
		t.Errorf("with the second one-time password: %d %+v", status, r)
	}

	var list roster.List
	if status := h.read(administrator, "/accounts/list", &list); status != 200 || list.Me != "administrator" || len(list.Partners) != 5 || len(list.Sites) != 2 {
		t.Errorf("list: %d %+v", status, list)
	}
	want := roster.Row{User: "gien.1", Name: "M. Petit", Role: account.RoleHotline, Email: "petit@loiret.fr", Password: true, OneTime: true}
	if i := len(list.Accounts); i != 8 {
		t.Errorf("%d accounts", i)
	}
	for _, row := range list.Accounts {
		if row.User == want.User {
			if diff := cmp.Diff(want, row); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
	}

	var record audit.Page
	day := time.Now().UTC()
	period := "?from=" + day.AddDate(0, 0, -1).Format(time.DateOnly) + "&to=" + day.AddDate(0, 0, 1).Format(time.DateOnly)
	if status := h.read(administrator, "/audit/entries"+period, &record); status != 200 {
		t.Fatalf("the record: %d", status)
	}
	var told []string
	for _, e := range record.Entries {
		told = append(told, strings.TrimSpace(e.Who+" "+e.Action+" "+e.Detail))
	}
	if diff := cmp.Diff([]string{
		"administrator password_reset user=gien.1 role=hotline",
		"administrator account_enabled user=gien.1 role=hotline",
		"administrator account_disabled user=gien.1 role=hotline",
		"administrator account_changed user=gien.1 role=hotline",
		"gien.1 password_changed",
		"administrator account_added user=gien.1 role=agent site=gien",
	}, told); diff != "" {
		t.Errorf("the record (-want +got):\n%s", diff)
	}
	if status := h.read(administrator, "/audit/entries"+period+"&who=gien.1", &record); status != 200 || len(record.Entries) != 1 {
		t.Errorf("of one person: %d %+v", status, record)
	}
}

// Nobody but an administrator, and nobody from another site, keeps accounts.
func TestAccountsAreGuarded(t *testing.T) {
	h := openHouse(t)
	administrator, manager := h.as("administrator"), h.as("manager")
	for _, path := range []string{"/accounts/add", "/accounts/user/caf.1/change", "/accounts/user/caf.1/disable", "/accounts/user/caf.1/reset"} {
		for _, c := range []struct {
			who    string
			jar    http.CookieJar
			origin string
			want   int
		}{
			{"nobody", nil, "http://" + h.addr, 401},
			{"a manager", manager, "http://" + h.addr, 403},
			{"another site", administrator, "http://elsewhere.example", 403},
			{"a program", administrator, "", 403},
		} {
			if got := h.post(c.jar, path, c.origin, `{"user":"x","name":"X","role":"administrator","password":true}`); got != c.want {
				t.Errorf("%s by %s: %d; want %d", path, c.who, got, c.want)
			}
		}
	}
	kept, done, err := keepers(t.Context(), h.dir, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	if all, err := kept.List(); err != nil || len(all) != 7 {
		t.Errorf("afterwards %d accounts, %v", len(all), err)
	}
}

// Guessing is put on record, with the account only where there is one: what was typed may be a password.
func TestGuessingIsRecorded(t *testing.T) {
	h := openHouse(t)
	for range 8 {
		h.signIn("caf.1", "a wrong password")
		h.signIn("my-password", "caf.1")
	}
	var record audit.Page
	day := time.Now().UTC()
	path := "/audit/entries?from=" + day.AddDate(0, 0, -1).Format(time.DateOnly) + "&to=" + day.AddDate(0, 0, 1).Format(time.DateOnly)
	if status := h.read(h.as("administrator"), path, &record); status != 200 {
		t.Fatalf("the record: %d", status)
	}
	var told []string
	for _, e := range record.Entries {
		told = append(told, e.Action+" "+e.Detail)
	}
	want := []string{"sign_in_slowed from=127.0.0.1", "sign_in_slowed user=caf.1 from=127.0.0.1"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

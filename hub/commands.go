package main

import (
	"bufio"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/alert"
	"loiret.fr/visioborne/hub/broker"
	"loiret.fr/visioborne/hub/directory"
	"loiret.fr/visioborne/hub/enrol"
	"loiret.fr/visioborne/hub/signin"
	"loiret.fr/visioborne/hub/usage"
	"loiret.fr/visioborne/ui"
)

// serveFlags are those of hub serve, as they were given.
type serveFlags struct {
	addr, state, partners, sites, public, alerts, grid string
	config                                             string // the file that may have said some of them
	turn                                               turnOptions
	relays, relaySecret                                string
	nats                                               natsFlags
	tls                                                tlsOptions
	oidc                                               oidcFlags
	auditDays, noticeDays                              int
	demonstration, verbose                             bool
}

// oidcFlags are those of the OpenID Connect provider, all or none.
type oidcFlags struct{ name, issuer, client, secret, scopes, levels, public string }

// provider reads the client's secret and says which flags are missing.
func (f oidcFlags) provider() (signin.Provider, error) {
	if f.issuer == "" {
		if f.client+f.secret+f.public != "" {
			return signin.Provider{}, errors.New("-oidc-client, -oidc-secret and -public-url are for signing in by a provider; name it with -oidc-issuer, or leave them out")
		}
		return signin.Provider{}, nil
	}
	if f.client == "" || f.secret == "" || f.public == "" {
		return signin.Provider{}, errors.New("-oidc-issuer needs -oidc-client, -oidc-secret and -public-url too")
	}
	secret, err := os.ReadFile(f.secret)
	if err != nil {
		return signin.Provider{}, fmt.Errorf("reading -oidc-secret: %w", err)
	}
	return signin.Provider{
		Name: f.name, Issuer: f.issuer, ClientID: f.client, ClientSecret: strings.TrimSpace(string(secret)),
		Scopes: strings.Fields(f.scopes), Levels: strings.Fields(f.levels), Public: f.public,
	}, nil
}

// check says which of TURN's flags do not go together, and what to do about it.
func (t turnOptions) check(pages tlsOptions) error {
	for _, way := range []struct{ flag, addr string }{{"-turn-tcp", t.tcp}, {"-turn-tls", t.tls}} {
		if way.addr == "" {
			continue
		}
		if _, _, err := net.SplitHostPort(way.addr); err != nil {
			return fmt.Errorf("reading %s: %w; expected host:port, as in 203.0.113.7:5349", way.flag, err)
		}
	}
	switch {
	case t.tls == "" && t.name != "":
		return errors.New("-turn-name is for TURN over TLS; say where to serve it with -turn-tls, or leave it out")
	case t.tls == "" && pages.from == "" && t.cert+t.key != "":
		return errors.New("-tls-cert and -tls-key are for TLS; say what for with -tls file, for pages and booths, or -turn-tls, or leave them out")
	case t.tls != "" && pages.from != config.TLSACME && t.cert == "":
		return errors.New("-turn-tls needs a certificate; give its file with -tls-cert")
	case t.tls != "" && pages.from != config.TLSACME && t.key == "":
		return errors.New("-turn-tls needs the certificate's key; give its file with -tls-key")
	case strings.ContainsAny(t.name, ":/?@ "):
		return fmt.Errorf("reading -turn-name: %q is not a host's name; expected one as in the certificate, without a port, as in hub.example.fr", t.name)
	}
	return nil
}

func runServe(ctx context.Context, f serveFlags, out, errs io.Writer) error {
	level := slog.LevelInfo
	if f.verbose {
		level = slog.LevelDebug
	}
	o := options{
		addr: f.addr, state: f.state, turn: f.turn, tls: f.tls, pages: ui.FS(),
		log: slog.New(slog.NewTextHandler(errs, &slog.HandlerOptions{Level: level})),
	}
	var err error
	if f.public != "" {
		if o.public, err = netip.ParseAddr(f.public); err != nil {
			return fmt.Errorf("reading -public-address: %w", err)
		}
	}
	if err := f.check(); err != nil {
		return err
	}
	if o.cluster, err = f.nats.cluster(); err != nil {
		return err
	}
	if o.relays, err = f.externalRelays(); err != nil {
		return err
	}
	if o.provider, err = f.oidc.provider(); err != nil {
		return err
	}
	if f.auditDays < 1 {
		return fmt.Errorf("reading -audit-days: %d; expected 1 or more", f.auditDays)
	}
	if f.noticeDays < 1 {
		return fmt.Errorf("reading -notice-days: %d; expected 1 or more; what cannot wait is said to be urgent, change by change", f.noticeDays)
	}
	o.notice, o.publicURL = time.Duration(f.noticeDays)*24*time.Hour, f.oidc.public
	o.auditKeep = time.Duration(f.auditDays) * 24 * time.Hour
	if o.directory, err = directory.Open(f.partners, f.sites); err != nil {
		return err
	}
	if f.alerts != "" {
		if o.alerts, err = alert.LoadSettings(f.alerts); err != nil {
			return err
		}
	}
	if f.grid != "" {
		if o.grid, err = config.LoadGrid(f.grid); err != nil {
			return fmt.Errorf("reading the grid's layout: %w", err)
		}
	}
	var announce []string
	if f.demonstration {
		if o.demonstration, announce, err = demonstration(o.directory); err != nil {
			return err
		}
	}
	o.ready = func(at net.Addr) {
		address := at.(*net.TCPAddr)
		if address.IP.IsUnspecified() {
			address.IP = net.IPv4(127, 0, 0, 1)
		}
		scheme := "http"
		if f.tls.from != "" {
			scheme = "https"
		}
		for _, page := range []string{"desk", "hotline", "figures"} {
			fmt.Fprintf(out, "%s: %s://%s/%s\n", page, scheme, address, page)
		}
		for _, line := range announce {
			fmt.Fprintln(out, line)
		}
	}
	return serve(ctx, o)
}

// demonstration makes an account for each role and for each partner's desk, with new passwords, and the lines that tell of
// them.
func demonstration(d *directory.Directory) (all []account.Account, announce []string, err error) {
	add := func(what string, a account.Account) error {
		password := rand.Text()
		a, err := account.New(a, password)
		if err != nil {
			return fmt.Errorf("making the account of %s: %w", what, err)
		}
		a.Epoch = "" // so that who has signed in stays so when the demonstration is started anew
		all = append(all, a)
		announce = append(announce, fmt.Sprintf("account: %s user=%s password=%s", what, a.User, password))
		return nil
	}
	var errs []error
	for _, r := range []struct {
		role account.Role
		name string
	}{{account.RoleAdministrator, "administrateur"}, {account.RoleManager, "responsable"}, {account.RoleHotline, "assistance"}} {
		errs = append(errs, add(string(r.role), account.Account{User: string(r.role) + ".demo", Name: "Démonstration " + r.name, Role: r.role}))
	}
	for _, s := range d.Sites() {
		what := "agent " + s.ID
		errs = append(errs, add(what, account.Account{User: "agent-" + s.ID + ".demo", Name: "Démonstration accueil", Role: account.RoleAgent, Site: s.ID}))
	}
	for _, p := range d.Partners() {
		what := "desk " + p.ID
		errs = append(errs, add(what, account.Account{User: p.ID + ".demo", Name: "Démonstration " + p.Short, Role: account.RoleAdviser, Partner: p.ID}))
	}
	return all, announce, errors.Join(errs...)
}

func boothCredentials(state, site string, out io.Writer) error {
	keys, err := broker.OpenKeys(state)
	if err != nil {
		return err
	}
	text, err := keys.BoothCredentials(site)
	if err != nil {
		return err
	}
	if _, err := out.Write(text); err != nil {
		return fmt.Errorf("printing the credentials: %w", err)
	}
	return nil
}

// addAccount reads the password from in; without one, the account signs in by the provider.
func addAccount(ctx context.Context, state string, a account.Account, replace bool, in io.Reader, errs io.Writer) error {
	password, err := bufio.NewReader(io.LimitReader(in, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading the password: %w", err)
	}
	password = strings.TrimRight(password, "\r\n")
	if password == "" && a.Email == "" {
		return errors.New("adding an account: there is no password in the input; give one, or the address for the provider with -email")
	}
	if a, err = account.New(a, password); err != nil {
		return fmt.Errorf("adding an account: %w", err)
	}
	kept, done, err := keepers(ctx, state, errs)
	if err != nil {
		return err
	}
	defer done()
	return kept.Add(a, replace)
}

// removeAccount removes an account.
func removeAccount(ctx context.Context, state, user string, errs io.Writer) error {
	kept, done, err := keepers(ctx, state, errs)
	if err != nil {
		return err
	}
	defer done()
	return kept.Remove(user)
}

// keeper keeps accounts: the store of a hub, or the file in which they wait for its start.
type keeper interface {
	Add(a account.Account, replace bool) error
	Remove(user string) error
	List() ([]account.Account, error)
}

// keepers finds what keeps the accounts of a hub: its store when it runs. done is to be called in the end.
func keepers(ctx context.Context, state string, errs io.Writer) (k keeper, done func(), err error) {
	nc, js, _, err := running(state)
	if errors.Is(err, errNotRunning) {
		fmt.Fprintln(errs, "hub: no hub runs on this state directory: these are the accounts that wait for its next start.")
		return account.Stage(state), func() {}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if k, err = account.Open(ctx, js); err != nil {
		nc.Close()
		return nil, nil, err
	}
	return k, nc.Close, nil
}

// listAccounts prints one account a line: user, role, partner or site, name, and what is special.
func listAccounts(ctx context.Context, state string, out, errs io.Writer) error {
	kept, done, err := keepers(ctx, state, errs)
	if err != nil {
		return err
	}
	defer done()
	all, err := kept.List()
	if err != nil {
		return err
	}
	for _, a := range all {
		columns := []string{a.User, string(a.Role), cmp.Or(a.Partner, a.Site, "-"), a.Name}
		if a.Email != "" {
			columns = append(columns, a.Email)
		}
		if a.Disabled {
			columns = append(columns, "disabled")
		}
		if _, err := fmt.Fprintln(out, strings.Join(columns, "\t")); err != nil {
			return fmt.Errorf("printing the accounts: %w", err)
		}
	}
	return nil
}

// printUsage prints what booths counted in the half days that begin with a prefix, as CSV (RFC 4180). These are the counts
// themselves, small ones too: whoever operates the hub must be able to see whether they are right. The grid protects them.
func printUsage(ctx context.Context, state, prefix string, out, errs io.Writer) error {
	nc, js, _, err := running(state)
	if err != nil {
		return err
	}
	defer nc.Close()
	store, err := usage.OpenStore(ctx, usage.Options{JetStream: js})
	if err != nil {
		return err
	}
	rows, err := store.List(ctx, prefix)
	if err != nil {
		return err
	}
	fmt.Fprintln(errs, "hub: these counts are not protected: small numbers can tell of somebody. What may be passed on is at /figures.")
	w := csv.NewWriter(out)
	err = w.Write([]string{"site", "half_day", "partner", "what", "n"})
	for _, r := range rows {
		err = errors.Join(err, w.Write([]string{r.Site, r.HalfDay, r.Partner, r.What, strconv.Itoa(r.N)}))
	}
	w.Flush()
	if err := errors.Join(err, w.Error()); err != nil {
		return fmt.Errorf("printing the counts: %w", err)
	}
	return nil
}

func addBooth(ctx context.Context, state, site string, out io.Writer) error {
	nc, js, here, err := running(state)
	if err != nil {
		return err
	}
	defer nc.Close()
	code, expires, err := enrol.Add(ctx, js, site, here.siteIDs(), time.Now())
	if err != nil {
		return fmt.Errorf("making a code for %s: %w", site, err)
	}
	_, err = fmt.Fprintf(out, "%s\nOnce, until %s, for the booth of %s.\n", code, expires.Format("2 January 2006, 15:04"), site)
	return err
}

func revokeBooth(ctx context.Context, state, site string) error {
	nc, js, _, err := running(state)
	if err != nil {
		return err
	}
	defer nc.Close()
	if err := enrol.Revoke(ctx, js, site, time.Now()); err != nil {
		return fmt.Errorf("revoking the booth of %s: %w", site, err)
	}
	return nil
}

func listBooths(ctx context.Context, state string, out io.Writer) error {
	nc, js, _, err := running(state)
	if err != nil {
		return err
	}
	defer nc.Close()
	all, err := enrol.List(ctx, js)
	if err != nil {
		return err
	}
	for _, b := range all {
		what := "enrolled " + b.Enrolled.Format("2006-01-02") + "\tPIN " + b.PIN + "\tpassword " + b.Password
		if b.PublicKey == "" {
			what = "revoked"
		}
		if _, err := fmt.Fprintf(out, "%s\t%s\n", b.Site, what); err != nil {
			return fmt.Errorf("printing the booths: %w", err)
		}
	}
	return nil
}

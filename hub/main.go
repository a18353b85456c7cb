// Command hub is what booths, desks and the hotline connect to.
//
//	hub serve                    runs the hub
//	hub booth add SITE           prints a one-time code for a site's booth
//	hub booth revoke SITE        cuts a site's booth off
//	hub booth list               lists the booths
//	hub booth credentials SITE   issues credentials without an enrolment, for a booth on a developer's machine
//	hub release ...              keeps what booths install, and from when on
//	hub account add|remove|list  keeps the accounts of those who work with the hub
//	hub token add|remove|list    keeps programs' tokens for the API
//	hub site ...                 keeps the sites' configurations
//	hub status                   prints how the booths are
//	hub usage                    prints what booths counted, unprotected
//	hub backup FILE              puts all that the hub keeps into a file
//	hub restore FILE             makes a hub's state of such a file
//	hub nats-config              prints what the servers of a NATS cluster outside of the hub are told
//
// This file reads the command line, commands.go does what it says, serve.go
// puts the parts of the running hub together.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/audit"
	"loiret.fr/visioborne/hub/broker"
	"loiret.fr/visioborne/hub/certificate"
)

const help = `usage:
  hub serve -config hub.yaml                                                     (the file has the flags' names, with _ for -; flags win)
  hub serve -state DIR -partners FILE -sites FILES [-addr HOST:PORT] [-public-address IP] [-alerts FILE] [-grid FILE] [-demonstration] [-verbose]
      [-turn-tcp HOST:PORT] [-turn-tls HOST:PORT -tls-cert FILE -tls-key FILE [-turn-name NAME]]   (for networks that drop UDP)
      [-tls file -tls-cert FILE -tls-key FILE | -tls acme -acme-names NAMES [-acme-directory URL] [-acme-ca FILE] [-acme-email ADDRESS]]
      [-http HOST:PORT]                                                          (pages and booths over TLS; plain HTTP sends there)
      [-oidc-issuer URL -oidc-client ID -oidc-secret FILE -public-url URL [-oidc-name NAME] [-oidc-scopes "..."] [-oidc-levels "..."]]
                                                                                 (signing in by an OpenID Connect provider, beside passwords)
      [-audit-days N]
      [-nats ADDRESSES -nats-websocket ADDRESSES [-nats-ca FILE] [-nats-replicas N]]     (several hubs on one NATS cluster)
      [-turn ADDRESSES -turn-secret FILE]                                        (TURN servers elsewhere, as coturn)
  hub booth add -state DIR SITE                                                  (these three need the hub running on this machine)
  hub booth revoke -state DIR SITE
  hub booth list -state DIR
  hub booth credentials -state DIR SITE
  hub account add -state DIR -user USER -name NAME [-role adviser] -partner PARTNER [-email ADDRESS] [-replace]
  hub account add -state DIR -user USER -name NAME -role agent -site SITE ...    (reads the password from its input;
  hub account add -state DIR -user USER -name NAME -role manager|hotline|administrator ...    none: by the provider only)
  hub account remove -state DIR -user USER                                       (of a hub that does not run: those that wait for its start)
  hub account list -state DIR
  hub token add -state DIR -name NAME -role read|act                             (this and the following need the hub running on this machine)
  hub token remove -state DIR -name NAME
  hub token list -state DIR
  hub status -state DIR                                                          prints how the booths are; exit code 1 when one is unwell
  hub usage -state DIR [-month 2026-11]                                          prints what booths counted, as CSV, unprotected: for the operator's eyes
  hub backup -state DIR FILE
  hub nats-config -state DIR                                                     prints the common part of the configuration of nats-server
  hub restore -state DIR [-replace] FILE                                         (needs an empty DIR; with -replace that of a hub, which may be running)
  hub restore -state DIR -nats ADDRESSES [-nats-ca FILE] [-nats-replicas N] FILE (into an empty NATS cluster; DIR has the backup's keys)` + releaseUsage + siteUsage

// errUsage: the command line was wrong, and what is wrong has been said.
var errUsage = errors.New("see hub -help")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "hub:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) error {
	command := func(words ...string) bool {
		if len(args) < len(words) || strings.Join(args[:len(words)], " ") != strings.Join(words, " ") {
			return false
		}
		args = args[len(words):]
		return true
	}
	flags := flag.NewFlagSet("hub", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.Usage = func() { fmt.Fprintln(errs, help); flags.PrintDefaults() }
	state := flags.String("state", "", "the hub's state `directory`: keys, accounts and the store")
	user := flags.String("user", "", "what somebody signs in with")
	var file string
	parse := func(operands int) error {
		if err := flags.Parse(args); err != nil {
			return err
		}
		if err := fromFile(flags, file); err != nil {
			return err
		}
		if *state == "" {
			return fmt.Errorf("-state is missing; %w", errUsage)
		}
		if flags.NArg() != operands {
			return fmt.Errorf("%d operands; expected %d; %w", flags.NArg(), operands, errUsage)
		}
		return nil
	}
	if command("release") {
		return runRelease(ctx, args, out, errs)
	}
	if command("site") {
		return runSite(ctx, args, in, out, errs)
	}
	switch {
	case command("serve"):
		var f serveFlags
		flags.StringVar(&file, "config", "", "YAML `file` with what these flags say; flags win")
		flags.StringVar(&f.addr, "addr", "127.0.0.1:8090", "`host:port`, over TCP for pages and booths, over UDP for STUN and TURN")
		flags.StringVar(&f.partners, "partners", "", "the partner directory's `file`")
		flags.StringVar(&f.sites, "sites", "", "the sites' `files` or folders, with commas between them")
		flags.StringVar(&f.grid, "grid", "", "the `file` of the monthly grid's layout; the Loiret's when absent")
		flags.StringVar(&f.public, "public-address", "", "the `IP` at which booths and desks reach STUN and TURN, if not the one of -addr")
		flags.StringVar(&f.turn.tcp, "turn-tcp", "", "`host:port` for TURN over TCP")
		flags.StringVar(&f.turn.tls, "turn-tls", "", "`host:port` for TURN over TLS; needs -tls-cert and -tls-key, or -tls acme")
		flags.StringVar(&f.tls.from, "tls", "", "where the certificate for pages and booths comes from: `file or acme`; no TLS without it")
		flags.StringVar(&f.turn.cert, "tls-cert", "", "PEM `file` with the certificate for -tls and -turn-tls and its chain; taken anew when it changes")
		flags.StringVar(&f.tls.names, "acme-names", "", "the `names` to ask an authority for by ACME, with commas between them; this agrees to its terms")
		flags.StringVar(&f.tls.directory, "acme-directory", certificate.LetsEncrypt, "the `URL` of the authority's directory")
		flags.StringVar(&f.tls.ca, "acme-ca", "", "PEM `file` with the certificates by which that directory is known, if it is not public")
		flags.StringVar(&f.tls.email, "acme-email", "", "the `address` at which the authority reaches somebody")
		flags.StringVar(&f.tls.http, "http", "", "`host:port` of plain HTTP, which sends browsers to TLS and answers the authority")
		flags.StringVar(&f.turn.key, "tls-key", "", "PEM `file` with the key of -tls-cert")
		flags.StringVar(&f.turn.name, "turn-name", "", "the `name` that -tls-cert is for, if it is not for the IP")
		flags.StringVar(&f.relays, "turn", "", "`addresses` of STUN and TURN servers elsewhere, as coturn's, with commas between them; the hub then serves neither")
		flags.StringVar(&f.relaySecret, "turn-secret", "", "the `file` with the secret that is shared with the servers of -turn")
		flags.StringVar(&f.nats.servers, "nats", "", "`addresses` of the servers of a NATS cluster to keep everything in, with commas between them; a server of its own without it")
		flags.StringVar(&f.nats.websockets, "nats-websocket", "", "the `addresses` at which the same servers take websockets")
		flags.StringVar(&f.nats.ca, "nats-ca", "", "PEM `file` with the certificates by which these servers are known, if they are not public")
		flags.IntVar(&f.nats.replicas, "nats-replicas", 3, "on how many of these servers everything is kept: 1, 3 or 5")
		flags.StringVar(&f.oidc.name, "oidc-name", "ProConnect", "what the provider's button says")
		flags.StringVar(&f.oidc.issuer, "oidc-issuer", "", "the OpenID Connect provider's `URL`, below which /.well-known/openid-configuration lies")
		flags.StringVar(&f.oidc.client, "oidc-client", "", "the client `id` that the provider gave")
		flags.StringVar(&f.oidc.secret, "oidc-secret", "", "the `file` with the client secret that the provider gave")
		flags.StringVar(&f.oidc.scopes, "oidc-scopes", "email", "the `scopes` to ask for beside openid; the hub uses the e-mail address only")
		flags.StringVar(&f.oidc.levels, "oidc-levels", "", "the `levels` of assurance (acr) one of which the sign-in must have, as eidas1")
		flags.StringVar(&f.oidc.public, "public-url", "", "the hub's own `URL` as browsers have it, for the way back from the provider")
		flags.IntVar(&f.auditDays, "audit-days", int(audit.Keep/(24*time.Hour)), "keep the audit record for so many `days`")
		flags.IntVar(&f.noticeDays, "notice-days", defaultNoticeDays, "tell sites' managers so many `days` before something changes on their booth")
		flags.StringVar(&f.alerts, "alerts", "", "`file` that says whom to tell, by e-mail and webhook, of booths that are silent or unwell")
		flags.BoolVar(&f.demonstration, "demonstration", false, "make an account for each role and each partner's desk, with new passwords, and print them")
		flags.BoolVar(&f.verbose, "verbose", false, "log more")
		if err := parse(0); err != nil {
			return err
		}
		f.state, f.config = *state, file
		return runServe(ctx, f, out, errs)
	case command("nats-config"):
		if err := parse(0); err != nil {
			return err
		}
		return natsConfiguration(*state, out)
	case command("booth", "credentials"):
		if err := parse(1); err != nil {
			return err
		}
		return boothCredentials(*state, flags.Arg(0), out)
	case command("booth", "add"):
		if err := parse(1); err != nil {
			return err
		}
		return addBooth(ctx, *state, flags.Arg(0), out)
	case command("booth", "revoke"):
		if err := parse(1); err != nil {
			return err
		}
		return revokeBooth(ctx, *state, flags.Arg(0))
	case command("booth", "list"):
		if err := parse(0); err != nil {
			return err
		}
		return listBooths(ctx, *state, out)
	case command("status"):
		if err := parse(0); err != nil {
			return err
		}
		return printStatus(ctx, *state, out)
	case command("token", "add"):
		name := flags.String("name", "", "what the audit record calls whoever uses the token")
		role := flags.String("role", "read", "what it may do: `read` or act")
		if err := parse(0); err != nil {
			return err
		}
		return addToken(ctx, *state, *name, *role, out)
	case command("token", "remove"):
		name := flags.String("name", "", "the token's name")
		if err := parse(0); err != nil {
			return err
		}
		return removeToken(ctx, *state, *name)
	case command("token", "list"):
		if err := parse(0); err != nil {
			return err
		}
		return listTokens(ctx, *state, out)
	case command("usage"):
		month := flags.String("month", "", "only the half days of a `month`, as 2026-11")
		if err := parse(0); err != nil {
			return err
		}
		return printUsage(ctx, *state, *month, out, errs)
	case command("backup"):
		if err := parse(1); err != nil {
			return err
		}
		return backUp(ctx, *state, flags.Arg(0), out)
	case command("restore"):
		var into broker.Cluster
		replace := flags.Bool("replace", false, "restore beside the state in -state, of a hub that may be running: it goes on with it when it is started again")
		servers := flags.String("nats", "", "`addresses` of the servers of an empty NATS cluster to restore into; -state has the backup's keys then")
		flags.StringVar(&into.CA, "nats-ca", "", "PEM `file` with the certificates by which these servers are known")
		flags.IntVar(&into.Replicas, "nats-replicas", 3, "on how many of these servers everything is kept")
		if err := parse(1); err != nil {
			return err
		}
		if into.Servers = list(*servers); into.External() {
			return restoreInto(ctx, into, *state, flags.Arg(0), out)
		}
		return restore(ctx, *state, flags.Arg(0), *replace, out, errs)
	case command("account", "add"):
		a := account.Account{}
		flags.StringVar(&a.Name, "name", "", "what others read; an adviser's, citizens too")
		flags.StringVar((*string)(&a.Role), "role", string(account.RoleAdviser), "adviser, agent, manager, hotline or administrator")
		flags.StringVar(&a.Partner, "partner", "", "an adviser's partner, by its id")
		flags.StringVar(&a.Site, "site", "", "an agent's site, by its id")
		flags.StringVar(&a.Email, "email", "", "the `address` by which the OpenID Connect provider names the person")
		replace := flags.Bool("replace", false, "change an account that exists")
		if err := parse(0); err != nil {
			return err
		}
		a.User = *user
		return addAccount(ctx, *state, a, *replace, in, errs)
	case command("account", "remove"):
		if err := parse(0); err != nil {
			return err
		}
		return removeAccount(ctx, *state, *user, errs)
	case command("account", "list"):
		if err := parse(0); err != nil {
			return err
		}
		return listAccounts(ctx, *state, out, errs)
	}
	fmt.Fprintln(errs, help)
	if len(args) > 0 && strings.TrimLeft(args[0], "-") == "help" {
		return nil
	}
	return fmt.Errorf("no such command; %w", errUsage)
}

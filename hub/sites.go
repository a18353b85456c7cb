package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/user"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/alert"
	"loiret.fr/visioborne/hub/audit"
	"loiret.fr/visioborne/hub/hotline"
	"loiret.fr/visioborne/hub/signin"
	"loiret.fr/visioborne/hub/sites"
	"loiret.fr/visioborne/hub/wire"
)

// defaultNoticeDays is how many days before a change sites' managers are told where nothing else is configured.
const defaultNoticeDays = 7

// openSites opens the sites' configurations. tell has a site's booth ask for its own; changed is called when the directory
// says something else.
func openSites(ctx context.Context, js jetstream.JetStream, o options, record *audit.Log, tell func(site string), changed func()) (*sites.Sites, error) {
	store, err := sites.OpenStore(ctx, js)
	if err != nil {
		return nil, err
	}
	post, err := o.alerts.Post()
	if err != nil {
		return nil, err
	}
	options := sites.Options{
		Store: store, Directory: o.directory, Notice: o.notice, Tell: tell, Changed: changed, Audit: auditSites(record), Now: time.Now, Log: o.log,
	}
	if post != nil {
		options.Send = func(ctx context.Context, l sites.Letter) error { return post(ctx, alert.Letter(l)) }
	}
	if o.publicURL != "" {
		options.Page = strings.TrimSuffix(o.publicURL, "/") + "/figures"
	}
	return sites.Open(ctx, options)
}

func auditSites(record *audit.Log) func(ctx context.Context, who, action, site, detail string) error {
	return func(ctx context.Context, who, action, site, detail string) error {
		return record.Record(ctx, audit.Entry{Who: who, Action: action, Site: site, Detail: detail})
	}
}

// siteGuards: the hotline and administrators change configurations; agents and managers see what is coming.
func siteGuards(signIn *signin.SignIn, fleet *hotline.Hotline) sites.Guards {
	return sites.Guards{
		Editors: func(next http.Handler) http.Handler { return signIn.Require(next, account.RoleHotline) },
		Readers: func(next http.Handler) http.Handler {
			return signIn.Require(next, account.RoleAgent, account.RoleManager)
		},
		Booth: func(site string) *wire.BoothConfiguration {
			b, _ := fleet.Booth(site)
			return b.Configuration.Booth
		},
	}
}

const siteUsage = `
  hub site show -state DIR [-version N] SITE                                     prints a site's configuration: the one that a change goes on from (these need the hub running on this machine)
  hub site history -state DIR SITE
  hub site apply -state DIR -reason WHY [-nature TEXT] [-from DATE] [-at-once WHY] [-yes] SITE FILE
                                                                                 shows what changes, asks, tells the site's managers, and puts it in force
  hub site restore -state DIR [-reason WHY] [-nature TEXT] [-from DATE] [-at-once WHY] [-yes] SITE VERSION`

// siteCommand is what the command line of "hub site ..." says.
type siteCommand struct {
	state, reason, nature, from, urgent string
	version                             int
	yes                                 bool
	in                                  io.Reader
	out, errs                           io.Writer
}

// runSite carries out "hub site ...".
func runSite(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) error {
	if len(args) == 0 {
		return fmt.Errorf("which? expected show, history, apply or restore; %w", errUsage)
	}
	c := siteCommand{in: in, out: out, errs: errs}
	flags := flag.NewFlagSet("hub site "+args[0], flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.Usage = func() { fmt.Fprintln(errs, "usage:"+siteUsage); flags.PrintDefaults() }
	flags.StringVar(&c.state, "state", "", "the hub's state `directory`")
	flags.IntVar(&c.version, "version", 0, "the `number` of the version to show")
	flags.StringVar(&c.reason, "reason", "", "the `reason`, for colleagues")
	flags.StringVar(&c.nature, "nature", "", "what changes, in a French `sentence` for the site's managers and the booth's screen; the reason when absent")
	flags.StringVar(&c.from, "from", "", "the `date` from which on: 2026-12-03 for its beginning at the site; the first that may be when absent")
	flags.StringVar(&c.urgent, "at-once", "", "the `reason` for which the days of notice cannot be waited for; managers are told first all the same")
	flags.BoolVar(&c.yes, "yes", false, "do not ask")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	operands, expected := 1, "a site"
	switch args[0] {
	case "show", "history":
	case "apply":
		operands, expected = 2, "a site and a file"
	case "restore":
		operands, expected = 2, "a site and a version"
	default:
		return fmt.Errorf("no such command: hub site %s; expected show, history, apply or restore; %w", args[0], errUsage)
	}
	if c.state == "" {
		return fmt.Errorf("-state is missing; %w", errUsage)
	}
	if flags.NArg() != operands {
		return fmt.Errorf("%d operands; expected %s; %w", flags.NArg(), expected, errUsage)
	}
	nc, js, _, err := running(c.state)
	if err != nil {
		return err
	}
	defer nc.Close()
	store, err := sites.OpenStore(ctx, js)
	if err != nil {
		return err
	}
	h, err := store.History(ctx, flags.Arg(0))
	if err != nil {
		return fmt.Errorf("reading the configuration of %.40q: %w; hub status lists the sites", flags.Arg(0), err)
	}
	switch args[0] {
	case "show":
		return c.show(h)
	case "history":
		return c.history(h, time.Now())
	case "restore":
		number, err := strconv.Atoi(flags.Arg(1))
		v, ok := h.Version(number)
		if err != nil || !ok {
			return fmt.Errorf("there is no version %.20q of site %s; hub site history lists them", flags.Arg(1), h[0].Site)
		}
		c.reason = cmp.Or(c.reason, fmt.Sprintf("Retour à la version %d", number))
		return c.apply(ctx, js, store, h, h[0].Site+".yaml", v.SiteYAML)
	}
	text, err := os.ReadFile(flags.Arg(1))
	if err != nil {
		return fmt.Errorf("reading the site's file: %w", err)
	}
	return c.apply(ctx, js, store, h, flags.Arg(1), string(text))
}

func (c siteCommand) show(h sites.History) error {
	v := h.Base()
	if c.version != 0 {
		var ok bool
		if v, ok = h.Version(c.version); !ok {
			return fmt.Errorf("there is no version %d of site %s; hub site history lists them", c.version, h[0].Site)
		}
	}
	fmt.Fprintf(c.errs, "Version %d of site %s.\n", v.Number, v.Site) // beside the text, which may go into a file
	_, err := io.WriteString(c.out, v.SiteYAML)
	return err
}

func (c siteCommand) history(h sites.History, now time.Time) error {
	w := tabwriter.NewWriter(c.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "VERSION\tSTATE\tFROM\tKEPT\tBY\tREASON")
	for _, s := range h.Summaries(now) {
		from := "-"
		if s.From != nil {
			from = s.From.Local().Format("2006-01-02 15:04")
		}
		state := string(s.State)
		if s.Failure != "" {
			state += " (" + string(s.Failure) + ")"
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\n", s.Number, state, from, s.Saved.Local().Format("2006-01-02 15:04"), cmp.Or(s.Author, "-"), s.Reason)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("printing the history: %w", err)
	}
	return nil
}

// errNotAgreed: whoever was asked did not say yes.
var errNotAgreed = errors.New("nothing was changed: expected yes as the answer")

// apply shows what a text changes, asks, and keeps it as the next version.
func (c siteCommand) apply(ctx context.Context, js jetstream.JetStream, store *sites.Store, h sites.History, file, text string) error {
	if c.reason == "" {
		return fmt.Errorf("-reason is missing; %w", errUsage)
	}
	partnersYAML, err := store.Check(ctx, h, file, text)
	if err != nil {
		return err
	}
	now := time.Now()
	inForce := h.InForce(now)
	b, err := config.Read(config.Source{Name: file, Text: []byte(text)}, config.Source{Name: "partners.yaml", Text: []byte(partnersYAML)})
	if err != nil {
		return err
	}
	wish, err := sites.ParseWish(c.from, b.SiteOpening().Location)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "From version %d, in force, to version %d of site %s:\n%s", inForce.Number, h.Latest().Number+1, inForce.Site, sites.Unified(inForce.SiteYAML, text))
	if changes := sites.Unified(inForce.PartnersYAML, partnersYAML); changes != "" {
		fmt.Fprintf(c.out, "The partner directory, as the hub has it now:\n%s", changes)
	}
	if next, ok := h.Coming(now); ok {
		fmt.Fprintf(c.out, "Version %d is announced for %s: %s\n", next.Number, next.From.Local().Format("2006-01-02 15:04"), next.Nature)
	}
	if !c.yes {
		fmt.Fprint(c.out, "Tell the site's managers and put it in force? yes or no: ")
		answer, err := bufio.NewReader(io.LimitReader(c.in, 100)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("reading the answer: %w", err)
		}
		if strings.TrimSpace(answer) != "yes" {
			return errNotAgreed
		}
	}
	record, err := audit.Join(ctx, js, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	who := commandUser()
	v, err := store.Save(ctx, h, sites.Draft{
		Base: h.Latest().Number, Author: who, Reason: c.reason, Nature: c.nature, Wish: wish, Urgent: c.urgent, SiteYAML: text,
		Record: func(ctx context.Context, v sites.Version) error {
			return auditSites(record)(ctx, who, "site_version_kept", v.Site, fmt.Sprintf("version=%d", v.Number))
		},
	}, time.Now())
	if err != nil {
		return err
	}
	waiting, cancel := context.WithTimeout(ctx, sites.NoticeWait)
	defer cancel()
	if v, err = store.Settled(waiting, v); err != nil {
		return err
	}
	return c.tell(v)
}

// tell says what became of a version.
func (c siteCommand) tell(v sites.Version) error {
	switch {
	case v.Failure != "":
		why := map[sites.Failure]string{
			sites.NoMail:    "the hub has no mail server; name one with hub serve -alerts",
			sites.NoManager: "the site's configuration names no manager; add the field managers with their e-mail addresses",
			sites.NotSent:   "the mail server did not take it; the hub's log says why",
			sites.Unusable:  "the running hub cannot read it; is it older than this program?",
		}[v.Failure]
		return fmt.Errorf("version %d is kept but not put in force, because no notice could be sent: %s. Then: hub site restore SITE %d", v.Number, why, v.Number)
	case v.From.IsZero():
		return fmt.Errorf("version %d is kept, and its notice is not sent yet; hub site history tells what becomes of it", v.Number)
	}
	_, err := fmt.Fprintf(c.out, "Version %d is in force from %s on. Addresses that were told: %d.\n", v.Number, v.From.Local().Format("2 January 2006, 15:04"), len(v.Told))
	return err
}

// commandUser is who the record says works with commands.
func commandUser() string {
	if u, err := user.Current(); err == nil {
		return "command " + u.Username
	}
	return "command"
}

// Flash writes the booth's image to an SD card, and the settings of one site onto it.
//
//	flash -device /dev/sdb -site gien -hub wss://hub.example.fr -code K7PX-2M4Q
//
// It refuses every device that holds something of the running system, is in use, or does not look like a card; it writes
// the parts that the image's block map names, reads them back, and writes visioborne.yaml. It writes to nothing but the
// device (and, for a moment, a temporary folder), and waits for nothing but the person at the terminal.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/diskfs/go-diskfs/backend/file"
	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/config"
)

type options struct {
	image, device          string
	wish                   wish
	yes, toFile, forceDisk bool
}

// console is the person at the terminal.
type console struct {
	in       *bufio.Reader
	out      io.Writer
	answers  bool // the input is a terminal
	terminal bool // the output is
}

func main() {
	var o options
	flag.StringVar(&o.image, "image", "build/visioborne.img", "the image, .img or .img.xz; a block map beside it is taken")
	flag.StringVar(&o.device, "device", "", "the card's `device`, such as /dev/sdb")
	flag.StringVar(&o.wish.site, "site", "", "the `name` of the booth's site, such as gien")
	flag.StringVar(&o.wish.hub, "hub", "", "the hub's `address`, such as wss://hub.example.fr")
	flag.StringVar(&o.wish.code, "code", "", "the `code` for the booth, which `hub booth add SITE` prints")
	flag.StringVar(&o.wish.file, "settings", "", "a visioborne.yaml to put on the card; -hub and -code go before what it says")
	flag.BoolVar(&o.yes, "yes", false, "do not ask")
	flag.BoolVar(&o.toFile, "file", false, "the device is a file: make a disk image")
	flag.BoolVar(&o.forceDisk, "force-fixed", false, "write to a disk that does not look like a card; one that is in use is refused all the same")
	flag.Parse()
	c := console{in: bufio.NewReader(os.Stdin), out: os.Stdout, answers: isTerminal(os.Stdin), terminal: isTerminal(os.Stdout)}
	if err := run(o, flag.Args(), os.DirFS("/"), c); err != nil {
		fmt.Fprintln(os.Stderr, "flash:", err)
		os.Exit(1)
	}
}

func isTerminal(f *os.File) bool {
	_, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	return err == nil
}

// run flashes; /proc, /sys and /dev/disk are looked up below root.
func run(o options, args []string, root fs.FS, c console) error {
	if len(args) > 0 {
		return fmt.Errorf("%q is no option; see flash -help", args[0])
	}
	if o.device == "" {
		return fmt.Errorf("the card's device is missing: give -device (make: DEVICE=)%s", hint(root))
	}
	i, err := openImage(o.image)
	if err != nil {
		return err
	}
	parts, note, err := partsOf(i)
	if err != nil {
		return err
	}
	var d disk
	if !o.toFile {
		name, err := lookUp(root, o.device)
		if err != nil {
			return err
		}
		if d, err = examine(root, name); err != nil {
			return err
		}
		if err := d.refusal(i.bytes, o.forceDisk); err != nil {
			return err
		}
	}
	files, settings, err := settingsFor(o.wish, i, c.asker())
	if err != nil {
		return err
	}
	open := func() (*card, error) { return openFile(o.device, i) }
	if !o.toFile {
		if err := c.confirm(o, d, i); err != nil {
			return err
		}
		open = func() (*card, error) { return openDevice(d) }
	}
	if note != "" {
		fmt.Fprintln(c.out, note)
	}
	// Until here, Ctrl-C just ends the program. From here the card would be left half-written; a second one still does.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop)
	to, err := open()
	if err != nil {
		return err
	}
	if err := flash(ctx, i, parts, files, to, c); err != nil {
		return errors.Join(fmt.Errorf("%w\n%s is not usable like this and must be flashed again", err, to.name), to.Close())
	}
	if to.device {
		if err := to.eject(); err != nil {
			fmt.Fprintf(c.out, "note: %s: %v; eject it by hand\n", to.name, err)
		}
	}
	if err := to.Close(); err != nil {
		return fmt.Errorf("closing %s: %w", to.name, cause(err))
	}
	fmt.Fprintln(c.out, next(o, files, settings))
	return nil
}

// partsOf is what of the image must be written, by its block map or else everything; and what to tell of that.
func partsOf(i image) (parts []span, note string, err error) {
	everything := []span{{to: i.bytes}}
	m, err := readBlockMap(i.blockMapFile())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return everything, fmt.Sprintf("%s is not there; writing the whole image", i.blockMapFile()), nil
	case err != nil:
		return nil, "", err
	case m.imageBytes != i.bytes:
		return everything, fmt.Sprintf("%s is of another image; writing the whole image", i.blockMapFile()), nil
	}
	return m.spans, "", nil
}

// flash writes image and settings and reads both back.
func flash(ctx context.Context, i image, parts []span, files []cardFile, to *card, c console) (err error) {
	parts, err = plan(i, parts, to.bytes)
	if err != nil {
		return err
	}
	src, err := i.open()
	if err != nil {
		return fmt.Errorf("opening the image: %w", err)
	}
	defer src.Close()
	p := &progress{out: c.out, terminal: c.terminal, now: time.Now}
	defer func() {
		if err != nil {
			p.leave()
		}
	}()
	chunks, err := writeCard(ctx, src, i, parts, to, to.name, p)
	if err != nil {
		return err
	}
	if err := to.flush(); err != nil {
		return err
	}
	p.end()
	back := to.direct()
	defer back.Close()
	if err := verify(ctx, back, to.name, chunks, p); err != nil {
		return err
	}
	if len(files) == 0 {
		return nil
	}
	disk := file.New(to.File, false)
	if err := writeSettings(disk, i.settings, files); err != nil {
		return fmt.Errorf("writing the settings to %s: %w", to.name, err)
	}
	if err := to.flush(); err != nil {
		return err
	}
	if err := verifySettings(disk, i.settings, files); err != nil {
		return fmt.Errorf("verifying the settings on %s: %w", to.name, err)
	}
	return nil
}

// asker asks for a line of text; nil when nobody can answer.
func (c console) asker() func(string) (string, error) {
	if !c.answers {
		return nil
	}
	return func(question string) (string, error) {
		fmt.Fprint(c.out, question)
		line, err := c.in.ReadString('\n')
		if err != nil {
			fmt.Fprintln(c.out)
			return "", err
		}
		return strings.TrimSpace(line), nil
	}
}

// confirm has the device's name typed.
func (c console) confirm(o options, d disk, i image) error {
	fmt.Fprint(c.out, d.overwritten())
	if o.yes {
		return nil
	}
	if !c.answers {
		return fmt.Errorf("nobody is at the terminal to confirm that %s is overwritten; add -yes (make: YES=1)", devicePath(d.name))
	}
	answer, err := c.asker()(fmt.Sprintf("All of it will be overwritten with %s (%s). Type %s to go on: ", i.file, size(i.bytes), d.name))
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading the answer: %w", err)
	}
	if answer != d.name && answer != devicePath(d.name) {
		return fmt.Errorf("%q is not %s; nothing was written", answer, d.name)
	}
	return nil
}

// next is what the technician does now.
func next(o options, files []cardFile, s config.Settings) string {
	what := "The card"
	if o.toFile {
		what = o.device
	}
	if o.wish.site != "" {
		what += " for " + o.wish.site
	}
	what += " is ready: put it into the Raspberry Pi and switch it on."
	switch {
	case s.Code != "":
		return what + " The booth enrols itself with the code " + s.Code + ", which works once."
	case len(files) > 0:
		return what + " Its panel will ask for a code, which `hub booth add SITE` prints."
	default:
		return what + " Its panel will ask for what it does not know; a file visioborne.yaml on the card's VISIOBORNE partition tells it beforehand."
	}
}

package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"strings"
	"testing"
)

const module = "loiret.fr/visioborne/"

// rules say who may not import whom, and why. Patterns are paths below the
// module, as path.Match reads them; "..." at the end stands for everything below.
var rules = []struct {
	from, to string
	except   []string
	why      string
}{
	{from: "config", to: "...", why: "the configuration is read by everybody and knows nobody"},
	{from: "kiosk/durable", to: "...", why: "keeping a file needs no booth"},
	{from: "kiosk/gpioline", to: "...", why: "finding a pin needs no booth"},
	{from: "kiosk/presence", to: "...", why: "putting sensors' words together is pure: it needs neither a sensor nor a booth"},
	{from: "kiosk/presence/...", to: "kiosk/...", except: []string{"kiosk/gpioline"}, why: "a sensor knows its readings, never the booth; main wires them"},
	{from: "hub/wire", to: "...", why: "the messages between booth and hub are a leaf"},
	{
		from: "kiosk/booth", to: "...", except: []string{"config"},
		why: "the state machine is pure: it knows the configuration and nothing that does I/O",
	},
	{
		from: "kiosk/*", to: "kiosk/...", except: []string{"kiosk/booth", "kiosk/durable", "kiosk/gpioline"},
		why: "the booth's packages know the state machine, how to keep a file and how to find a pin, never a sibling; main wires them",
	},
	{from: "kiosk/*", to: "hub/...", except: []string{"hub/wire", "hub/wire/pieces"}, why: "a booth knows the hub by its messages only"},
	{from: "kiosk/page", to: "hub/...", why: "the touchscreen does not know that there is a hub"},
	{from: "kiosk/call", to: "hub/...", why: "a peer connection does not know that there is a hub"},
	{from: "kiosk/call/t140", to: "...", why: "how text is coded needs neither a connection nor a booth"},
	{from: "kiosk/media/...", to: "hub/...", why: "devices do not know that there is a hub"},
	{from: "hub/...", to: "kiosk/...", why: "the hub serves any booth that speaks its messages"},
	{from: "hub/audit", to: "...", why: "what was done is kept without knowing the parts that do it"},
	{from: "hub/account", to: "...", except: []string{"hub/bucket", "hub/wire"}, why: "who may what is known before there are pages"},
	{from: "kiosk/*", to: "firmware/...", why: "a booth's packages run on any machine; main brings in what the image has"},
	{from: "firmware/...", to: "kiosk/...", why: "the image holds the service as a program; init and it speak over a socket"},
	{from: "firmware/...", to: "hub/...", why: "the image knows no hub"},
	{from: "ui", to: "...", why: "the pages are files"},
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatalf("listing packages: %v", err)
	}
	packages := 0
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages++
		for _, imported := range p.Imports {
			if !strings.HasPrefix(imported, module) {
				continue
			}
			from, to := strings.TrimPrefix(p.ImportPath, module), strings.TrimPrefix(imported, module)
			for _, r := range rules {
				if matches(r.from, from) && matches(r.to, to) && !anyMatches(r.except, to) && !family(from, to) {
					t.Errorf("%s imports %s: %s", from, to, r.why)
				}
			}
		}
	}
	if packages < 10 {
		t.Errorf("only %d packages were looked at", packages)
	}
}

// family: a package and those below it may know each other (media and its parts).
func family(from, to string) bool {
	top := func(p string) string {
		return strings.Join(strings.SplitN(p, "/", 3)[:min(2, strings.Count(p, "/")+1)], "/")
	}
	return top(from) == top(to)
}

func anyMatches(patterns []string, name string) bool {
	for _, p := range patterns {
		if matches(p, name) {
			return true
		}
	}
	return false
}

func matches(pattern, name string) bool {
	if below, ok := strings.CutSuffix(pattern, "..."); ok {
		return strings.HasPrefix(name+"/", below)
	}
	ok, err := path.Match(pattern, name)
	return err == nil && ok
}

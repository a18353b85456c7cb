package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// inputs are the functions of booth and hub that take bytes apart, with the fuzz target that throws anything at them, as
// PACKAGE.FuzzX. Where nobody but the program itself writes what is read, or a type of wire that is fuzzed there is all that it reads,
// the reason stands instead, after a dash.
var inputs = map[string]string{
	// What a booth sends its hub, and the hub a booth.
	"hub/wire.Decode":               "hub/wire.FuzzDecode",
	"hub/wire.OpenManifest":         "hub/wire.FuzzOpenManifest",
	"hub/booths.answer":             "hub/booths.FuzzAnswer",
	"hub/booths.hello":              "hub/booths.FuzzAnswer",
	"hub/booths.place":              "hub/booths.FuzzAnswer",
	"hub/booths.accept":             "hub/booths.FuzzAnswer",
	"hub/booths.alive":              "hub/booths.FuzzAnswer",
	"hub/booths.leave":              "hub/booths.FuzzAnswer",
	"hub/booths.usage":              "hub/booths.FuzzAnswer",
	"hub/booths.release":            "hub/booths.FuzzAnswer",
	"hub/booths.networkTest":        "hub/booths.FuzzAnswer",
	"hub/booths.take":               "hub/booths.FuzzAnswer",
	"hub/enrol.serveEnrol":          "hub/enrol.FuzzEnrol",
	"kiosk/link.dispatch":           "kiosk/link.FuzzTake",
	"kiosk/link.greet":              "- a Welcome or nothing",
	"kiosk/link.send":               "- a Left or a PlaceReply or nothing",
	"kiosk/link.ask":                "- one of wire's answers or nothing",
	"kiosk/enrol.read":              "kiosk/enrol.FuzzRead",
	"kiosk/clock.read":              "kiosk/clock.FuzzRead",
	"kiosk/netcheck.post":           "- two numbers of a hub, of 1 KiB, which are compared with what was sent",
	"kiosk/usage.read":              "- a Usage or a file that is set aside",
	"hub/usage.List":                "- a Usage that Decode has let in before",
	"hub/hotline.Logs":              "- a LogPiece that Decode has let in before",
	"kiosk/update.install":          "hub/wire.FuzzOpenManifest",
	"kiosk/update.readRecord":       "- its own file",
	"kiosk/enrol.Load":              "- its own file",
	"kiosk/screen.Stage":            "- its own child's lines",
	"hub/desk.read":                 "hub/desk.FuzzDecode",
	"hub/desk.decode":               "hub/desk.FuzzDecode",
	"hub/hotline.ReadOrder":         "hub/hotline.FuzzReadOrder",
	"hub/roster.decode":             "hub/roster.FuzzDecode",
	"hub/signin.decode":             "hub/signin.FuzzBodies",
	"hub/signin.isAudience":         "hub/signin.FuzzAudience",
	"hub/signin.parseFlow":          "hub/signin.FuzzParseFlow",
	"hub/figures/page.parseWritten": "hub/figures/page.FuzzForm",
	"hub/audit.decode":              "hub/audit.FuzzDecode",
	"kiosk/page.read":               "kiosk/page.FuzzIntent",
	"kiosk/page.parseIntent":        "kiosk/page.FuzzIntent",
	"kiosk/page.serveVideo":         "kiosk/page.FuzzWanted",
	"kiosk/page.wanted":             "kiosk/page.FuzzWanted",
	"kiosk/call.take":               "kiosk/call.FuzzPapers",
	"kiosk/call.controlMessage":     "kiosk/call.FuzzControl",
	"hub/hotline.read":              "- the page says nothing: what comes is dropped",
	"hub/booths.help":               "hub/booths.FuzzAnswer",
	"hub/booths.configuration":      "hub/booths.FuzzAnswer",
	"hub/sites.decode":              "hub/sites.FuzzDecode",
	"hub/sites.readChange":          "hub/sites.FuzzReadChange",
	"hub/reception.decode":          "hub/reception.FuzzDecode",
	"kiosk/configuration.decode":    "kiosk/configuration.FuzzDecode",
	"kiosk/link.AskHelp":            "- one of wire's answers or nothing",
	"kiosk/training.write":          "- the booth's own end, of which it looks at one word",
	"hub/account.ShareBrake":        "- another hub's, or nothing",
	// Files that people bring to the hub's commands.
	"hub/backup.readManifest": "hub/backup.FuzzRead",
	"hub/account.decode":      "hub/account.FuzzDecode",
	"hub.signRelease":         "- the technician's own file",
	"hub/release.Add":         "hub/wire.FuzzOpenManifest",
	// What the hub has written into its own store, and NATS's answers.
	"hub/account.Find":          "- its own store",
	"hub/alert.take":            "- its own store",
	"hub.running":               "- its own file",
	"hub/broker.push":           "- NATS's answer",
	"hub/backup.withReplicas":   "hub/backup.FuzzRead",
	"hub/enrol.Run":             "- its own store",
	"hub/hotline.lastHelp":      "- its own store",
	"hub/backup.readAnswer":     "- NATS's answer",
	"hub/backup.restoreStream":  "hub/backup.FuzzRead",
	"hub/backup.state":          "- NATS's answer",
	"hub/enrol.change":          "- its own store",
	"hub/enrol.claim":           "- its own store",
	"hub/enrol.list":            "- its own store",
	"hub/figures/ledger.Hand":   "- its own store",
	"hub/figures/ledger.unpack": "- its own store",
	"hub/hotline.asked":         "- its own store",
	"hub/hotline.before":        "- its own store",
	"hub/hotline.entries":       "- its own store",
	"hub/hotline.keep":          "- its own store",
	"hub/hotline.load":          "- its own store",
	"hub/hotline.stop":          "- its own store",
	"hub/hotline.take":          "- its own store",
	"hub/queue.takeCall":        "- its own store",
	"hub/queue.takeDesk":        "- its own store",
	"hub/release.get":           "- its own store",
	"hub/release.names":         "- its own store",
	"hub/token.Find":            "- its own store",
	"hub/token.each":            "- its own store",
}

// Every function of booth and hub that takes a message apart has a fuzz target, or a reason why not.
func TestEveryInputIsFuzzed(t *testing.T) {
	takes, targets := map[string]bool{}, map[string]bool{}
	for _, top := range []string{"hub", "kiosk"} {
		if err := filepath.WalkDir(filepath.Join("..", top), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(name) != ".go" {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				return err
			}
			pkg := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(name)), "../")
			for _, d := range file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok || f.Body == nil {
					continue
				}
				switch {
				case strings.HasSuffix(name, "_test.go"):
					targets[pkg+"."+f.Name.Name] = strings.HasPrefix(f.Name.Name, "Fuzz")
				case takesApart(f.Body):
					takes[pkg+"."+f.Name.Name] = true
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	for name := range takes {
		if _, listed := inputs[name]; !listed {
			t.Errorf("%s takes bytes apart, but no fuzz target is named for it in kiosk/inputs_test.go", name)
		}
	}
	for name, by := range inputs {
		if !takes[name] {
			t.Errorf("%s takes nothing apart any more", name)
		}
		if !strings.HasPrefix(by, "- ") && !targets[by] {
			t.Errorf("%s is to be fuzzed by %s, which is not there", name, by)
		}
	}
}

// takesApart tells whether a function reads JSON, a message of wire or a websocket.
func takesApart(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		called := call.Fun
		if generic, ok := called.(*ast.IndexExpr); ok {
			called = generic.X
		}
		if s, ok := called.(*ast.SelectorExpr); ok {
			from, _ := s.X.(*ast.Ident)
			switch {
			case s.Sel.Name == "ReadMessage", s.Sel.Name == "ReadJSON":
				found = true
			case from != nil && from.Name == "json" && (s.Sel.Name == "Unmarshal" || s.Sel.Name == "NewDecoder"):
				found = true
			case from != nil && from.Name == "wire" && (s.Sel.Name == "Decode" || s.Sel.Name == "OpenManifest"):
				found = true
			}
		}
		return true
	})
	return found
}

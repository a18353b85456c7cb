package wire

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// fuzzed is every message, by its type's name, with what FuzzDecode does to it. TestEveryMessageIsFuzzed holds it to the package.
func fuzzed() map[string]func(*testing.T, []byte) {
	return map[string]func(*testing.T, []byte){
		"Accept": again[Accept], "AgentCall": again[AgentCall], "AgentJoin": again[AgentJoin], "Alive": again[Alive], "Answered": again[Answered], "AskConfiguration": again[AskConfiguration], "AskLogs": again[AskLogs],
		"AskRelease": again[AskRelease], "Availability": again[Availability], "CallBack": again[CallBack],
		"BoothConfiguration": again[BoothConfiguration], "CheckDevices": again[CheckDevices], "Configuration": again[Configuration], "DeviceCheck": again[DeviceCheck], "Ended": again[Ended], "Health": again[Health], "Help": again[Help], "HelpReply": again[HelpReply],
		"Hello": again[Hello], "LastCall": again[LastCall], "Leave": again[Leave], "Left": again[Left], "LogPiece": again[LogPiece],
		"Manifest": again[Manifest], "NetworkTest": again[NetworkTest], "NetworkTestReply": again[NetworkTestReply],
		"Offer": again[Offer], "OutOfService": again[OutOfService], "Partners": again[Partners], "Place": again[Place],
		"PlaceReply": again[PlaceReply], "Placed": again[Placed], "Renew": again[Renew], "Requeued": again[Requeued],
		"Restart": again[Restart], "Ringing": again[Ringing], "Signal": again[Signal], "Sound": again[Sound],
		"Status": again[Status], "TestCall": again[TestCall], "TestCallResult": again[TestCallResult],
		"Transferred": again[Transferred], "Update": again[Update], "Usage": again[Usage], "UsageReply": again[UsageReply],
		"Welcome": again[Welcome],
	}
}

// A type that can check itself is a message or a part of one.
func TestEveryMessageIsFuzzed(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var messages []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || f.Name.Name != "Validate" {
				continue
			}
			if name, ok := f.Recv.List[0].Type.(*ast.Ident); ok {
				messages = append(messages, name.Name)
			}
		}
	}
	slices.Sort(messages)
	if all := slices.Sorted(maps.Keys(fuzzed())); !slices.Equal(all, messages) {
		t.Errorf("messages %q; fuzzed are %q", messages, all)
	}
}

// Whatever arrives, decoding neither panics nor lets through what Encode would not send. Each input is tried as every message:
// what one type lets in, another one must refuse cleanly.
func FuzzDecode(f *testing.F) {
	now := time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
	ice := []ICEServer{{URLs: []string{"turn:hub.example:443?transport=udp"}, Username: "1795532400:x", Credential: "c2VjcmV0"}}
	for _, m := range []Message{
		Accept{call},
		Alive{call},
		Answered{call, "Mme Martin", ice},
		AskLogs{call},
		AskRelease{"1"},
		Availability{"caf", 3, 1, 2},
		CallBack{call, "caf", "Mme Martin"},
		CheckDevices{},
		DeviceCheck{DeviceCheckDone, now, []Finding{{"camera", "ok"}}},
		Ended{call, ReasonHungUp},
		Health{TemperatureC: new(-5), Power: "was_low", DiskFreeMB: new(0), Screen: "off"},
		Hello{"1", []string{call}},
		LastCall{HalfDay: "2026-11-24-am", Causes: []string{"no_path"}},
		Leave{call, ReasonCancelled},
		Left{call},
		LogPiece{Collection: call, Part: 1, Parts: 2, Lines: []string{"msg=x", ""}},
		Offer{},
		OutOfService{true, "Réparation"},
		Partners{[]Availability{{"caf", 0, 0, 0}}},
		Place{call, "caf", "fr", "rent"},
		Help{call},
		HelpReply{Request: call},
		PlaceReply{Code: CodeMalformed},
		PlaceReply{Placed: Placed{call, 1, 0, 0}},
		Renew{call, ice},
		Requeued{call, 1},
		Restart{RestartMachine},
		Ringing{call, nil},
		Signal{Kind: KindOffer, SDP: "v=0\r\n"},
		Signal{Kind: KindCandidate, Candidate: &Candidate{}},
		Sound{Echo: "good"},
		Status{Version: "1", Phase: "none", Since: now, Sent: now, Simulated: []string{"camera"}, Warnings: []string{"disk"}, Pending: RestartService, OutOfService: &OutOfService{}},
		TestCallResult{State: DeviceCheckDone, At: now, Verdict: "poor", Steps: []TestStep{{"turn_udp", "fail", "", "no_echo"}}},
		Transferred{call, "cpam", 1, true},
		Usage{"2026-11-24-am", "abcdefghijklmnop", []Count{{"caf", "call_wanted", 3}}},
		UsageReply{HalfDay: "2026-11-24-pm", Batch: "abcdefghijklmnop"},
		Welcome{now, nil},
		NetworkTestReply{Time: now, SpeedPath: SpeedPath, SpeedToken: "1.gien.x", Expires: now, ICEServers: ice},
	} {
		b, err := Encode(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	for _, seed := range []string{lastCall(`{"half_day":"2026-11-24-am"}`), networkTest, `{`, `null`, `[]`, `{"call":1e400}`, "{\"call\":\"\xff\"}"} {
		f.Add([]byte(seed))
	}
	all := fuzzed()
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, try := range all {
			try(t, b)
		}
	})
}

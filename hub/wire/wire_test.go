package wire

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const call = "0b9c1d6e-6a0f-4f4e-9d0a-0123456789ab"

// A message of every type goes out and comes back the same.
func TestRoundTrip(t *testing.T) {
	mid, line := "0", uint16(0)
	ice := []ICEServer{{URLs: []string{"turn:127.0.0.1:8090?transport=udp"}, Username: "1:x", Credential: "c"}}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	roundTrip(t, Hello{Version: "1.2.3", Calls: []string{call}})
	roundTrip(t, Welcome{Time: now, Partners: []Availability{{ID: "caf", Online: 2, Free: 1, Waiting: 3}}})
	roundTrip(t, Partners{Partners: []Availability{{ID: "adil-eie"}}})
	roundTrip(t, Place{Call: call, Partner: "caf", Language: "fr"})
	roundTrip(t, Place{Call: call, Partner: "caf", Language: "fr", Need: "caf-rent"})
	roundTrip(t, Help{Request: call})
	roundTrip(t, HelpReply{Request: call})
	roundTrip(t, HelpReply{Code: CodeUnavailable})
	roundTrip(t, Placed{Call: call, Place: 3, Free: 0, Online: 2})
	roundTrip(t, PlaceReply{Placed: Placed{Call: call}, Code: CodeClosed})
	roundTrip(t, PlaceReply{Code: CodeMalformed})
	roundTrip(t, Alive{Call: call})
	roundTrip(t, Leave{Call: call, Reason: ReasonCancelled})
	roundTrip(t, Left{Call: call})
	roundTrip(t, Ringing{Call: call, ICEServers: ice})
	roundTrip(t, Answered{Call: call, Adviser: "Mme Élodie D.", ICEServers: ice})
	roundTrip(t, Requeued{Call: call, Place: 1})
	roundTrip(t, Renew{Call: call, ICEServers: ice})
	roundTrip(t, Transferred{Call: call, Partner: "cpam", Place: 2, Returned: true})
	roundTrip(t, CallBack{Call: call, Partner: "caf", Adviser: "Mme Élodie D."})
	roundTrip(t, Accept{Call: call})
	roundTrip(t, Leave{Call: call, Reason: ReasonRefused})
	roundTrip(t, Ended{Call: call, Reason: ReasonDeskLost})
	roundTrip(t, Status{
		Version: "dev", Phase: "in_call", Since: now, Encoder: "openh264", EncoderReason: "no hardware encoder",
		Simulated: []string{"camera"}, Warnings: []string{"microphone absent"}, Sensors: []string{"motion", "distance"},
		Update:      &Update{State: UpdateLoading, Version: "1.2.4", Percent: 40},
		DeviceCheck: &DeviceCheck{State: DeviceCheckDone, At: now, Findings: []Finding{{"microphone", "silent"}}},
		Sound:       &Sound{MadeUpPerMille: 4},
		LastCall: &LastCall{
			HalfDay: "2026-11-24-am", Failed: "call_lost", Causes: []string{"sound", "interrupted"},
			Sound: &Sound{Echo: "good", EchoReducedDB: 38, MadeUpPerMille: 31},
		},
	})
	// What a booth of before says, and one that had a good call.
	roundTrip(t, Status{Version: "dev", Phase: "none", Since: now})
	roundTrip(t, Status{Version: "dev", Phase: "none", Since: now, LastCall: &LastCall{HalfDay: "2026-11-24-pm"}})
	roundTrip(t, Status{
		Version: "dev", Phase: "none", Since: now, Sent: now, RoundTripMS: new(38), Pending: RestartMachine,
		Health:       &Health{TemperatureC: new(-5), Power: "was_low", DiskFreeMB: new(0), DiskMB: new(28_000), Screen: "off"},
		OutOfService: &OutOfService{Out: true, Message: "Réparation jeudi."},
		TestCall:     &TestCallResult{State: DeviceCheckDone, At: now, Verdict: "poor", Steps: []TestStep{{"turn_udp", "fail", "", "no_echo"}, {Name: "down", State: "ok", Value: "4200 kbit/s"}}},
	})
	roundTrip(t, Restart{RestartService})
	roundTrip(t, OutOfService{})
	roundTrip(t, AskLogs{call})
	roundTrip(t, LogPiece{Collection: call, Part: 1, Parts: 2, Lines: []string{"msg=\"hub reachable\"", ""}})
	roundTrip(t, TestCall{})
	roundTrip(t, NetworkTest{})
	roundTrip(t, CheckDevices{})
	roundTrip(t, UsageReply{HalfDay: "2026-11-24-am", Batch: "abcdefghijklmnop", Unsettled: true})
	roundTrip(t, Usage{HalfDay: "2026-11-24-am", Batch: "abcdefghijklmnopqrstuvwxyz", Counts: []Count{{"caf", "call_wanted", 3}, {"", "session", 5}}})
	roundTrip(t, UsageReply{HalfDay: "2026-11-24-pm", Batch: "abcdefghijklmnop"})
	roundTrip(t, UsageReply{Code: CodeMalformed})
	roundTrip(t, NetworkTestReply{Time: now, SpeedPath: SpeedPath, SpeedToken: "1.gien.x-_", Expires: now, ICEServers: ice})
	roundTrip(t, Signal{Kind: KindOffer, SDP: "v=0\r\n"})
	roundTrip(t, Signal{Kind: KindHungUp})
	roundTrip(t, Signal{Kind: KindCandidate, Candidate: &Candidate{Candidate: "candidate:1 1 udp 1 127.0.0.1 9 typ host", SDPMid: &mid, SDPMLineIndex: &line}})
	// The end of candidates.
	roundTrip(t, Signal{Kind: KindCandidate, Candidate: &Candidate{}})
}

func roundTrip[M Message](t *testing.T, m M) {
	t.Helper()
	b, err := Encode(m)
	if err != nil {
		t.Errorf("Encode(%+v): %v", m, err)
		return
	}
	got, err := Decode[M](b)
	if err != nil {
		t.Errorf("Decode(%s): %v", b, err)
		return
	}
	if diff := cmp.Diff(m, got); diff != "" {
		t.Errorf("%T changed on the way (-sent +got):\n%s", m, diff)
	}
}

func lastCall(call string) string { return status(`"last_call":` + call) }

// status is one with a field more.
func status(field string) string {
	return `{"version":"","phase":"none","since":"2026-11-23T09:00:00Z",` + field + `}`
}

const networkTest = `{"time":"2026-11-23T09:00:00Z","speed_path":"/speed","speed_token":"token1","expires":"2026-11-23T09:02:00Z","ice_servers":[]}`

func TestDecodeRefuses(t *testing.T) {
	long := strings.Repeat("x", MaxBytes)
	for _, c := range []struct {
		name, in, want string
		decode         func([]byte) error
	}{
		{"nothing", ``, "EOF", decode[Alive]},
		{"not an object", `[]`, "cannot unmarshal array", decode[Alive]},
		{"null", `null`, "expected a UUID", decode[Alive]},
		{"an unknown field", `{"call":"` + call + `","partner":"caf","language":"fr","since":1}`, `unknown field "since"`, decode[Place]},
		{"a second value", `{"call":"` + call + `"}{}`, "something follows", decode[Alive]},
		{"garbage after", `{"call":"` + call + `"}x`, "something follows", decode[Alive]},
		{"an endless message", `{"call":"` + long + `"}`, "are more than 65536", decode[Alive]},
		{"a call that is a wildcard", `{"call":">"}`, "expected a UUID", decode[Alive]},
		{"a partner that is two tokens", `{"call":"` + call + `","partner":"caf.x","language":"fr"}`, `partner "caf.x"`, decode[Place]},
		{"a need in words", `{"call":"` + call + `","partner":"caf","language":"fr","need":"Je m’appelle Jean"}`, `need "Je m’appelle Jean"`, decode[Place]},
		{"help for somebody", `{"request":"Mme Martin"}`, "expected a UUID", decode[Help]},
		{"help with a story", `{"request":"` + call + `","text":"au secours"}`, `unknown field "text"`, decode[Help]},
		{"help that is closed", `{"code":"closed"}`, "not one for help", decode[HelpReply]},
		{"a language that is a sentence", `{"call":"` + call + `","partner":"caf","language":"fr ou en"}`, "language: character ' '", decode[Place]},
		{"a negative count", `{"call":"` + call + `","place":-1,"free":0,"online":0}`, "place: -1", decode[Placed]},
		{"a code of tomorrow", `{"call":"` + call + `","place":0,"free":0,"online":0,"code":"later"}`, `code "later" is unknown`, decode[PlaceReply]},
		{"an unknown reason", `{"call":"` + call + `","reason":"bored"}`, `reason "bored" is unknown`, decode[Leave]},
		{"an adviser with a line break", `{"call":"` + call + `","adviser":"a\nb","ice_servers":[]}`, "control character U+000A", decode[Answered]},
		{"a transfer to everybody", `{"call":"` + call + `","partner":"*","place":1}`, `partner "*"`, decode[Transferred]},
		{"a call back from nobody", `{"call":"` + call + `","partner":"caf","adviser":""}`, "adviser: 0 bytes", decode[CallBack]},
		{"a status without a date", `{"version":"","phase":"none"}`, "since: missing", decode[Status]},
		{"a status with a story", `{"version":"","phase":"none","since":"2026-11-23T09:00:00Z","warnings":["` + strings.Repeat("x", 301) + `"]}`, "warnings: 301 bytes", decode[Status]},
		{"a last call of a moment", lastCall(`{"half_day":"2026-11-24T10:12"}`), "last_call.half_day", decode[Status]},
		{"a last call with somebody", lastCall(`{"half_day":"2026-11-24-am","partner":"caf"}`), `unknown field "partner"`, decode[Status]},
		{"a last call with a story", lastCall(`{"half_day":"2026-11-24-am","causes":["he shouted"]}`), "last_call.causes", decode[Status]},
		{"more made up than there was", lastCall(`{"half_day":"2026-11-24-am","sound":{"made_up_per_mille":1001}}`), "made_up_per_mille: 1001", decode[Status]},
		{"a temperature of the sun", status(`"health":{"temperature_c":5500}`), "temperature_c: 5500", decode[Status]},
		{"a disk below nothing", status(`"health":{"disk_free_mb":-1}`), "disk_free_mb: -1", decode[Status]},
		{"a restart of something", status(`"pending":"universe"`), `what "universe"`, decode[Status]},
		{"a message of two lines", `{"out":true,"message":"a\nb"}`, "control character", decode[OutOfService]},
		{"a message without end", `{"out":true,"message":"` + strings.Repeat("x", MaxNotice+1) + `"}`, "message: 301 bytes", decode[OutOfService]},
		{"a piece after the last", `{"collection":"` + call + `","part":2,"parts":2,"lines":[]}`, "part 2 of 2", decode[LogPiece]},
		{"pieces without end", `{"collection":"` + call + `","part":0,"parts":1000,"lines":[]}`, "part 0 of 1000", decode[LogPiece]},
		{"a test call that never ended", status(`"test_call":{"state":"done"}`), "test_call.at: missing", decode[Status]},
		{"counts of a moment", `{"half_day":"2026-11-24T10:12","batch":"abcdefghijklmnop","counts":[]}`, "expected a day and its half", decode[Usage]},
		{"counts of a device", `{"half_day":"2026-11-24-am","batch":"02:42:ac:11:00:02","counts":[]}`, "batch", decode[Usage]},
		{"counts of somebody", `{"half_day":"2026-11-24-am","batch":"abcdefghijklmnop","counts":[{"what":"call","n":1,"name":"x"}]}`, `unknown field "name"`, decode[Usage]},
		{"counts below nothing", `{"half_day":"2026-11-24-am","batch":"abcdefghijklmnop","counts":[{"what":"call","n":-1}]}`, "n: -1", decode[Usage]},
		{"counts that are refused for no reason", `{"code":"closed"}`, "not one for counts", decode[UsageReply]},
		{"a test of something", `{"site":"gien"}`, `unknown field "site"`, decode[NetworkTest]},
		{"a test without a date", `{"time":"2026-11-23T09:00:00Z","speed_path":"/speed","speed_token":"x"}`, "expires: missing", decode[NetworkTestReply]},
		{"a test elsewhere", strings.Replace(networkTest, "/speed", "https://elsewhere.example/", 1), "expected a path on the hub", decode[NetworkTestReply]},
		{"a test at another host", strings.Replace(networkTest, "/speed", "//elsewhere.example/", 1), "expected a path on the hub", decode[NetworkTestReply]},
		{"a token of two words", strings.Replace(networkTest, "token1", "a b", 1), "speed_token", decode[NetworkTestReply]},
		{"a token with a line break", strings.Replace(networkTest, "token1", `a\nb`, 1), "speed_token: control character", decode[NetworkTestReply]},
		{"an unknown kind", `{"kind":"renegotiate"}`, `kind "renegotiate" is unknown`, decode[Signal]},
		{"an offer without SDP", `{"kind":"offer"}`, "expected an sdp", decode[Signal]},
		{"an endless offer", `{"kind":"offer","sdp":"` + strings.Repeat("x", maxSDP+1) + `"}`, "sdp: 49153 bytes", decode[Signal]},
		{"a candidate without one", `{"kind":"candidate"}`, "expected a candidate", decode[Signal]},
		{"a candidate of two lines", `{"kind":"candidate","candidate":{"candidate":"a\r\nb"}}`, "control character", decode[Signal]},
		{"a goodbye with an SDP", `{"kind":"bye","sdp":"v=0"}`, "expected neither", decode[Signal]},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.decode([]byte(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v; want one with %q", err, c.want)
			}
		})
	}
}

func decode[M Message](b []byte) error { _, err := Decode[M](b); return err }

func TestEncodeRefuses(t *testing.T) {
	if _, err := Encode(Place{Call: call, Partner: "CAF", Language: "fr"}); err == nil {
		t.Error("a message that the other side would refuse was encoded")
	}
}

func TestSubjects(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Subject
		bad  bool
	}{
		{in: Up("gien", VerbPlace), want: Subject{Site: "gien", Up: true, Verb: VerbPlace}},
		{in: Up("gien", VerbNetworkTest), want: Subject{Site: "gien", Up: true, Verb: VerbNetworkTest}},
		{in: Down("beaune-la-rolande", VerbRinging), want: Subject{Site: "beaune-la-rolande", Verb: VerbRinging}},
		{in: UpSignal("gien", call), want: Subject{Site: "gien", Up: true, Verb: VerbCall, Call: call}},
		{in: DownSignal("gien", call), want: Subject{Site: "gien", Verb: VerbCall, Call: call}},
		{in: "", bad: true},
		{in: "booth.gien.sideways.place", bad: true},
		{in: "booth.gien.up", bad: true},
		{in: "booth.gien.up.place.more", bad: true},
		{in: "booth.gien.up.call", bad: true},
		{in: "booth.gien.up.call.x", bad: true},
		{in: "booth.Gien.up.place", bad: true},
		{in: "booth.-gien.up.place", bad: true},
		{in: "booth.*.up.place", bad: true},
	} {
		got, err := ParseSubject(c.in)
		if (err != nil) != c.bad || got != c.want {
			t.Errorf("ParseSubject(%q) = %+v, %v; want %+v, bad %t", c.in, got, err, c.want, c.bad)
		}
	}
}

func again[M Message](t *testing.T, b []byte) {
	t.Helper()
	m, err := Decode[M](b)
	if err != nil {
		return
	}
	out, err := Encode(m)
	if err != nil {
		t.Fatalf("%T was let in as %s but may not go out: %v", m, b, err)
	}
	back, err := Decode[M](out)
	if err != nil || !reflect.DeepEqual(m, back) && !cmp.Equal(m, back) {
		t.Fatalf("%T: %s came back as %+v, %v", m, b, back, err)
	}
}

func FuzzParseSubject(f *testing.F) {
	f.Add(Up("gien", VerbPlace))
	f.Add(UpSignal("gien", call))
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseSubject(s)
		if err != nil {
			return
		}
		var again string
		switch {
		case got.Call != "" && got.Up:
			again = UpSignal(got.Site, got.Call)
		case got.Call != "":
			again = DownSignal(got.Site, got.Call)
		case got.Up:
			again = Up(got.Site, got.Verb)
		default:
			again = Down(got.Site, got.Verb)
		}
		if again != s {
			t.Fatalf("%q was taken for %q", s, again)
		}
	})
}

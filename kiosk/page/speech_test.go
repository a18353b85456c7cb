package page

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"loiret.fr/visioborne/kiosk/booth"
)

func TestSpeechIntents(t *testing.T) {
	for message, want := range map[string]booth.Event{
		`{"intent":"speech","on":true}`:           booth.SpeechAsked{On: true},
		`{"intent":"speech","on":false}`:          booth.SpeechAsked{},
		`{"intent":"speak","text":"Bonjour « »"}`: booth.SpeechWanted{Text: "Bonjour « »"},
		`{"intent":"speak"}`:                      booth.SpeechWanted{},
	} {
		got, err := parseIntent([]byte(message))
		if err != nil {
			t.Errorf("%s: %v", message, err)
			continue
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(booth.SpeechAsked{}, "Session")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", message, diff)
		}
		if asked, ok := got.(booth.SpeechAsked); ok && asked.Session == "" {
			t.Errorf("%s: a new session would have no id", message)
		}
	}
	if _, err := parseIntent([]byte(`{"intent":"speech"}`)); errorText(err) != `reading intent "speech": field on is missing; expected true or false` {
		t.Errorf("%v", err)
	}
}

// Keys are for the page that drives, each once and in their order.
func TestKeysReachThePageThatDrives(t *testing.T) {
	s := serve(t)
	s.Key(booth.KeyNext) // nobody is there
	s.Show(view("site"))
	first := s.dial(t, "/socket")
	if p := next(t, first); !p.Driving {
		t.Fatalf("%+v", p)
	}
	second := s.dial(t, "/socket")
	if p := next(t, second); p.Driving {
		t.Fatalf("%+v", p)
	}
	s.Key(booth.KeyNext)
	s.Key(booth.KeyChoose)
	s.Saying("Bonjour")
	for _, want := range []note{{Key: booth.KeyNext}, {Key: booth.KeyChoose}, {Saying: "Bonjour"}} {
		var got note
		if err := first.ReadJSON(&got); err != nil || got != want {
			t.Errorf("%+v, %v; expected %+v", got, err, want)
		}
	}
	s.Show(view("another"))
	if p := next(t, second); p.View.Site != "another" {
		t.Errorf("the page that does not drive got %+v", p)
	}
}

// A page that hangs costs the booth no more than its own keys.
func TestKeysOfAPageThatHangs(t *testing.T) {
	p := New(Options{})
	p.add(&conn{wake: make(chan struct{}, 1), notes: make(chan note, waitingNotes)})
	for range 3 * waitingNotes {
		p.Key(booth.KeyNext)
	}
	if n := len(p.conns[0].notes); n != waitingNotes {
		t.Errorf("%d keys wait", n)
	}
}

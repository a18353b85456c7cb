package link

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"loiret.fr/visioborne/hub/wire"
)

// What the hotline asks for arrives, and the log's lines go back in pieces.
func TestHotline(t *testing.T) {
	s := startNATS(t, -1)
	h := startHub(t, s, obliging)
	b := startLink(t, Options{URL: s.WebsocketURL()})
	next[Linked](b)
	h.push(wire.VerbRestart, wire.Restart{What: wire.RestartService})
	if e := next[RestartAsked](b); e.What != wire.RestartService {
		t.Errorf("restart: %+v", e)
	}
	h.push(wire.VerbOutOfService, wire.OutOfService{Out: true, Message: "Réparation jeudi."})
	if e := next[ServiceChanged](b); !e.Out || e.Message != "Réparation jeudi." {
		t.Errorf("out of service: %+v", e)
	}
	h.push(wire.VerbTestCall, wire.TestCall{})
	next[TestCallAsked](b)
	h.push(wire.VerbAgentCall, wire.AgentCall{Partner: "caf"})
	if e := next[AgentCallAsked](b); e.Partner != "caf" {
		t.Errorf("the agent's call: %+v", e)
	}
	h.push(wire.VerbAgentJoin, wire.AgentJoin{Here: true})
	if e := next[AgentJoinAsked](b); !e.Here {
		t.Errorf("the agent's company: %+v", e)
	}
	h.push(wire.VerbLogs, wire.AskLogs{Collection: callA})
	if e := next[LogsAsked](b); e.Collection != callA {
		t.Errorf("logs: %+v", e)
	}
	var lines []string
	for i := range 500 {
		lines = append(lines, fmt.Sprintf("%d %s", i, strings.Repeat("<", 60)))
	}
	b.link.SendLogs(callA, lines)
	var got []string
	for part, parts := 0, 1; part < parts; part++ {
		p, err := wire.Decode[wire.LogPiece](h.want(wire.Up("gien", wire.VerbLogs)).Data)
		if err != nil || p.Part != part || p.Collection != callA {
			t.Fatalf("piece %d: %+v, %v", part, p, err)
		}
		parts, got = p.Parts, append(got, p.Lines...)
	}
	if strings.Join(got, "\n") != strings.Join(lines, "\n") {
		t.Errorf("%d lines came, of %d", len(got), len(lines))
	}
}

// Pieces fit a message each, whatever the lines are; when there are too many lines the newest stay.
func TestLogPieces(t *testing.T) {
	if p := logPieces(nil); len(p) != 1 || len(p[0]) != 0 {
		t.Errorf("no lines: %v", p)
	}
	for _, char := range []string{"<", "\"", "é", "x"} {
		var lines []string
		for i := range 2000 {
			lines = append(lines, fmt.Sprint(i)+strings.Repeat(char, 390/len(char)))
		}
		pieces := logPieces(lines)
		if len(pieces) > wire.MaxLogPieces {
			t.Errorf("%q: %d pieces", char, len(pieces))
		}
		for i, p := range pieces {
			m := wire.LogPiece{Collection: callA, Part: i, Parts: len(pieces), Lines: p}
			if _, err := wire.Encode(m); err != nil {
				t.Errorf("%q: piece %d: %v", char, i, err)
			}
		}
		last := pieces[len(pieces)-1]
		if last[len(last)-1] != lines[1999] {
			t.Errorf("%q: the newest line is gone", char)
		}
	}
}

// A call for help is answered, refused, or given up; that somebody has seen it arrives.
func TestHelp(t *testing.T) {
	s := startNATS(t, -1)
	answers := map[string]wire.Message{
		callA: wire.HelpReply{Request: callA},
		callB: wire.HelpReply{Code: wire.CodeUnavailable},
	}
	h := startHub(t, s, func(subject wire.Subject, msg *nats.Msg) wire.Message {
		if subject.Verb != wire.VerbHelp {
			return obliging(subject, msg)
		}
		m, err := wire.Decode[wire.Help](msg.Data)
		if err != nil {
			t.Error(err)
		}
		return answers[m.Request]
	})
	b := startLink(t, Options{URL: s.WebsocketURL()})
	next[Linked](b)
	b.link.AskHelp(callA)
	if e := next[HelpRung](b); e.Request != callA {
		t.Errorf("rung: %+v", e)
	}
	h.push(wire.VerbHelp, wire.Help{Request: callA})
	if e := next[HelpSeen](b); e.Request != callA {
		t.Errorf("seen: %+v", e)
	}
	b.link.AskHelp(callB)
	if e := next[HelpUnanswered](b); e.Request != callB {
		t.Errorf("refused: %+v", e)
	}
	s.Shutdown()
	next[Unlinked](b)
	b.link.AskHelp(callA)
	if e := next[HelpUnanswered](b); e.Request != callA {
		t.Errorf("without a hub: %+v", e)
	}
}

package booth

import (
	"slices"
	"time"
)

// Opinion is what a citizen says of a call that is over, by a touch: two questions, one after the other, which nobody must
// answer. It is counted, and wiped with the session.
type Opinion struct {
	// Asks is the question on the screen, "" for none.
	Asks    Question
	Helped  Answer
	Quality Answer
}

// Question is what a citizen is asked after a call.
type Question string

const (
	QuestionHelped  Question = "helped"  // were you helped?
	QuestionQuality Question = "quality" // were sound and picture good?
)

// Answer is what a citizen answers to a question.
type Answer string

const (
	AnswerYes    Answer = "yes"
	AnswerPartly Answer = "partly"
	AnswerNo     Answer = "no"
	AnswerGood   Answer = "good"
	AnswerPoor   Answer = "poor"
)

// answers are those that a question has.
func (q Question) answers() []Answer {
	switch q {
	case QuestionHelped:
		return []Answer{AnswerYes, AnswerPartly, AnswerNo}
	case QuestionQuality:
		return []Answer{AnswerGood, AnswerPoor}
	}
	return nil
}

// opinionTime is how long a question stays: long enough to read it slowly, and no burden to who comes next, since any way
// home stays open and who leaves takes it along.
const opinionTime = 20 * time.Second

// OpinionGiven: the citizen answers the question on the screen.
type OpinionGiven struct{ Answer Answer }

func (OpinionGiven) isEvent() {}

// farewellTimer ends a call's farewell, and asks first how it went if the two could talk.
func (n *stepping) farewellTimer() {
	if n.Session.TalkSince.IsZero() {
		n.timer(n.limits().Thanks)
		return
	}
	n.Session.Opinion = Opinion{Asks: QuestionHelped}
	n.timer(max(opinionTime, n.limits().Thanks))
}

func (n *stepping) opinionGiven(e OpinionGiven) {
	o := &n.Session.Opinion
	if n.Session.Phase != PhaseEnded || !slices.Contains(o.Asks.answers(), e.Answer) {
		return
	}
	switch o.Asks {
	case QuestionHelped:
		o.Helped, o.Asks = e.Answer, QuestionQuality
		n.timer(max(opinionTime, n.limits().Thanks))
	case QuestionQuality:
		o.Quality, o.Asks = e.Answer, ""
		n.timer(n.limits().Thanks)
	}
}

package wire

import "errors"

// LastCall is what the hotline sees of the last call that an adviser answered: how it went, and when to half a day.
// It names neither the partner nor a time: in a room with few visitors they would tell who came for what.
type LastCall struct {
	// HalfDay is as in Usage.
	HalfDay string `json:"half_day"`
	// Failed is the code of why it failed, and Causes those of what was wrong with it otherwise; without any it was a good one.
	Failed string   `json:"failed,omitempty"`
	Causes []string `json:"causes,omitempty"`
	// Sound is nil if there was too little of it to judge.
	Sound *Sound `json:"sound,omitempty"`
}

// Sound is how the sound of a call fares in the booth.
type Sound struct {
	// Echo is a code: "none" was found, it is lowered well ("good") or too little ("poor"), or the canceller did not get
	// to know the room ("not_converged"); "" while there is too little of it to tell.
	Echo string `json:"echo,omitempty"`
	// EchoReducedDB is by how much it is lowered, if there is one.
	EchoReducedDB int `json:"echo_reduced_db,omitempty"`
	// MadeUpPerMille is the part of the adviser's sound that did not come and had to be made up.
	MadeUpPerMille int `json:"made_up_per_mille"`
}

// Validate checks the fields. Codes are words of the booth's: a hub takes those that it does not know.
func (m LastCall) Validate() error {
	errs := []error{
		checkHalfDay("last_call.half_day", m.HalfDay), word("last_call.failed", m.Failed, 0, 32),
		atMost("last_call.causes", len(m.Causes), 16),
	}
	for _, c := range m.Causes {
		errs = append(errs, word("last_call.causes", c, 1, 32))
	}
	if m.Sound != nil {
		errs = append(errs, m.Sound.Validate())
	}
	return errors.Join(errs...)
}

// Validate checks the fields.
func (m Sound) Validate() error {
	return errors.Join(word("sound.echo", m.Echo, 0, 32),
		within("sound.echo_reduced_db", m.EchoReducedDB, 100), within("sound.made_up_per_mille", m.MadeUpPerMille, 1000))
}

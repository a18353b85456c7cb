package room

// Named is a scene's settings with what it shows.
type Named struct {
	Name string
	Settings
}

// Scenes are those by which cancellers are measured. All have some seconds of
// the far voice alone first, as a call has.
func Scenes() []Named {
	usual := Settings{
		Seconds: 16, FarVoice: "a", Reverberation: 0.25, Delay: 0.04, Noise: -65, Distortion: 0.05, EchoLevel: 0,
	}
	with := func(name string, change func(s *Settings)) Named {
		s := usual
		change(&s)
		return Named{Name: name, Settings: s}
	}
	talk := func(s *Settings) { s.Seconds, s.NearVoice, s.NearStart = 18, "b", 4 }
	return []Named{
		with("usual room", func(*Settings) {}),
		with("linear loudspeaker", func(s *Settings) { s.Distortion = 0 }),
		with("bad loudspeaker", func(s *Settings) { s.Distortion = 0.15 }),
		with("reverberation 100 ms", func(s *Settings) { s.Reverberation, s.FarVoice = 0.1, "c" }),
		with("reverberation 400 ms", func(s *Settings) { s.Reverberation = 0.4 }),
		with("echo 10 dB louder", func(s *Settings) { s.EchoLevel = 10 }),
		with("delay 140 ms", func(s *Settings) { s.Delay, s.FarVoice = 0.14, "d" }),
		with("noise -45 dBFS", func(s *Settings) { s.Noise = -45 }),
		with("clocks 10 ppm apart", func(s *Settings) { s.DriftPPM = 10 }),
		with("clocks 100 ppm apart", func(s *Settings) { s.DriftPPM = 100 }),
		with("person moves at 8 s", func(s *Settings) { s.Move, s.ChangeAt = true, 8 }),
		with("delay +33 ms at 8 s", func(s *Settings) { s.DelayChange, s.ChangeAt = 0.033, 8 }),
		with("double talk", talk),
		with("double talk, near 6 dB softer", func(s *Settings) { talk(s); s.NearLevel = -6 }),
		with("double talk, echo 6 dB louder", func(s *Settings) { talk(s); s.EchoLevel = 6 }),
		with("double talk, man, 400 ms", func(s *Settings) { talk(s); s.NearVoice, s.FarVoice, s.Reverberation = "d", "c", 0.4 }),
		with("double talk, noise -45 dBFS", func(s *Settings) { talk(s); s.Noise = -45 }),
		with("double talk, 100 ppm", func(s *Settings) { talk(s); s.DriftPPM = 100 }),
	}
}

// HeldOut are scenes that nothing is tuned on: other rooms, voices, noise and a
// loudspeaker that distorts otherwise. They tell whether the cancellers do as
// well where they have not been before.
func HeldOut() []Named {
	usual := Settings{
		Seconds: 16, FarVoice: "e", Reverberation: 0.3, Delay: 0.06, Noise: -62, Distortion: 0.05, EchoLevel: 0, Office: true, Seed: 1,
	}
	with := func(name string, change func(s *Settings)) Named {
		s := usual
		change(&s)
		return Named{Name: name, Settings: s}
	}
	talk := func(s *Settings) { s.Seconds, s.NearVoice, s.NearStart, s.Seed = 18, "f", 4, s.Seed+1 }
	booth := func(s *Settings) { s.Office, s.Reverberation = false, 0.2 }
	return []Named{
		with("office", func(*Settings) {}),
		with("office, a woman's voice", func(s *Settings) { s.FarVoice = "f" }),
		with("office, bad loudspeaker", func(s *Settings) { s.Distortion, s.FarVoice = 0.15, "f" }),
		with("booth, membrane's excursion", func(s *Settings) { booth(s); s.Distortion, s.Excursion = 0, 0.15 }),
		with("booth, noise -45 dBFS", func(s *Settings) { booth(s); s.Noise, s.Seed = -45, 5 }),
		with("office, -60 ppm, delay 150 ms", func(s *Settings) { s.DriftPPM, s.Delay = -60, 0.15 }),
		with("office, double talk", talk),
		with("office, double talk, near 6 dB softer", func(s *Settings) { talk(s); s.NearLevel = -6 }),
		with("booth, double talk, echo 6 dB louder", func(s *Settings) { talk(s); booth(s); s.EchoLevel = 6 }),
		with("booth, double talk, voices changed", func(s *Settings) { talk(s); booth(s); s.FarVoice, s.NearVoice = "f", "e" }),
		with("office, double talk, noise -50 dBFS", func(s *Settings) { talk(s); s.Noise = -50 }),
		with("booth, double talk, excursion, -60 ppm", func(s *Settings) {
			talk(s)
			booth(s)
			s.Distortion, s.Excursion, s.DriftPPM = 0, 0.1, -60
		}),
	}
}

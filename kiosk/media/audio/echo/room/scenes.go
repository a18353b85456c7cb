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

package presence

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// clock is a booth's sensors with a time that only the test moves.
type clock struct {
	t    *testing.T
	o    Options
	now  time.Time
	s    State
	seen []string // each change, as "12s near"
	last string
	// what the sensors say while time passes; a nil distance says nothing
	moving   bool
	distance func(n int) Measured
	silent   bool
	n        int
}

func start(t *testing.T, o Options) *clock {
	o.NearMM, o.SeatedMM = 1500, 900
	return &clock{t: t, o: o, now: time.Unix(1_800_000_000, 0), distance: nobody}
}

func nobody(int) Measured { return Measured{Target: TargetNone} }

// at is somebody at a distance, who breathes.
func at(mm int) func(int) Measured {
	return func(n int) Measured { return Measured{TargetSeen, mm + n*7%11} }
}

func (c *clock) take(r Reading) {
	c.s = Step(c.s, c.o, c.now, r)
	is := fmt.Sprint(c.s.Level())
	for _, sensor := range []Sensor{SensorMotion, SensorDistance} {
		if f := c.s.Fault(sensor); f != "" {
			is += fmt.Sprintf(" %s_%s", sensor, f)
		}
	}
	if !c.s.Sees() {
		is += " blind"
	}
	if is != c.last {
		c.last = is
		c.seen = append(c.seen, fmt.Sprintf("%v %s", c.now.Sub(time.Unix(1_800_000_000, 0)).Round(time.Second), is))
	}
}

// pass lets time pass, with what the sensors say in it.
func (c *clock) pass(d time.Duration) {
	for end := c.now.Add(d); c.now.Before(end); c.now = c.now.Add(200 * time.Millisecond) {
		c.n++
		if !c.silent && c.o.Motion {
			c.take(Moved{c.moving})
		}
		if !c.silent && c.o.Distance {
			c.take(c.distance(c.n))
		}
		if c.silent || c.n%5 == 0 {
			c.take(Passed{})
		}
	}
}

func (c *clock) expect(want ...string) {
	c.t.Helper()
	if diff := cmp.Diff(want, c.seen); diff != "" {
		c.t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSomebodyComesSitsAndLeaves(t *testing.T) {
	c := start(t, Options{Distance: true})
	c.pass(10 * time.Second)
	c.distance = at(1300)
	c.pass(5 * time.Second)
	c.distance = at(700)
	c.pass(20 * time.Second)
	c.distance = at(960) // leans back: within the slack
	c.pass(10 * time.Second)
	c.distance = nobody // bends down for two seconds
	c.pass(2 * time.Second)
	c.distance = at(700)
	c.pass(13 * time.Second)
	c.distance = at(1600) // gets up: within the slack
	c.pass(10 * time.Second)
	c.distance = nobody
	c.pass(10 * time.Second)
	c.expect("0s absent", "10s near", "15s seated", "1m3s near", "1m15s absent")
}

func TestMotionAlone(t *testing.T) {
	c := start(t, Options{Motion: true})
	c.pass(10 * time.Second)
	c.moving = true
	c.pass(5 * time.Second)
	c.moving = false
	c.pass(90 * time.Second) // sits still: no sensor of this kind sees that
	c.take(Touched{})
	c.pass(5 * time.Minute)
	c.expect("0s absent", "10s near", "1m45s seated", "3m50s absent")
}

func TestBothSensors(t *testing.T) {
	c := start(t, Options{Motion: true, Distance: true})
	c.pass(5 * time.Second)
	c.moving = true // enters the room, beside the distance sensor's cone
	c.pass(4 * time.Second)
	c.moving, c.distance = false, at(800)
	c.pass(5 * time.Minute) // and sits, without a movement
	c.distance = nobody
	c.pass(time.Minute)
	c.expect("0s absent", "5s near", "9s seated", "5m14s absent")
}

// Without a sensor only touches are known, and nobody can be known to have left.
func TestTouchAlone(t *testing.T) {
	c := start(t, Options{})
	c.pass(10 * time.Second)
	c.take(Touched{})
	c.pass(5 * time.Minute)
	c.expect("1s absent blind", "10s seated blind", "2m16s absent blind")
}

func TestASpikeIsNobody(t *testing.T) {
	c := start(t, Options{Distance: true})
	c.distance = func(n int) Measured {
		if n%25 < 2 {
			return Measured{TargetSeen, 400}
		}
		return nobody(n)
	}
	c.pass(14 * time.Second)
	c.expect("0s absent")
}

func TestFaults(t *testing.T) {
	// visits are touches by people, far enough apart.
	visits := func(c *clock, n int) {
		for range n {
			c.take(Touched{})
			c.pass(6 * time.Minute)
		}
	}
	for _, test := range []struct {
		name   string
		o      Options
		sensor Sensor
		story  func(*clock)
		want   Fault
		heal   func(*clock)
	}{
		{"motion: good", Options{Motion: true}, SensorMotion, func(c *clock) {
			for range 100 {
				c.moving = !c.moving
				c.pass(3 * time.Second)
			}
		}, "", nil},
		{
			"motion: says nothing",
			Options{Motion: true},
			SensorMotion,
			func(c *clock) { c.silent = true; c.pass(40 * time.Second) }, FaultMissing,
			func(c *clock) { c.silent = false; c.pass(time.Second) },
		},
		{
			"motion: cannot be read",
			Options{Motion: true},
			SensorMotion,
			func(c *clock) { c.pass(time.Second); c.take(Lost{SensorMotion}) }, FaultMissing,
			func(c *clock) { c.pass(time.Second) },
		},
		{
			"motion: always on",
			Options{Motion: true},
			SensorMotion,
			func(c *clock) { c.moving = true; c.pass(movingTooLong + time.Minute) }, FaultStuck,
			func(c *clock) { c.moving = false; c.pass(time.Second) },
		},
		{
			"motion: sees nobody",
			Options{Motion: true},
			SensorMotion,
			func(c *clock) { visits(c, unseenVisits) }, FaultStuck,
			func(c *clock) { c.moving = true; c.pass(time.Second) },
		},
		{
			"motion: touches that are one visit",
			Options{Motion: true},
			SensorMotion,
			func(c *clock) {
				for range 20 {
					c.take(Touched{})
					c.pass(10 * time.Second)
				}
			}, "", nil,
		},
		{
			"motion: a loose wire",
			Options{Motion: true},
			SensorMotion,
			func(c *clock) {
				for range 100 {
					c.moving = !c.moving
					c.pass(200 * time.Millisecond)
				}
			}, FaultNoisy,
			func(c *clock) { c.pass(trustAfter + time.Second) },
		},
		{
			"distance: cannot be read",
			Options{Distance: true},
			SensorDistance,
			func(c *clock) { c.pass(time.Second); c.take(Lost{SensorDistance}) }, FaultMissing,
			func(c *clock) { c.pass(time.Second) },
		},
		{
			"distance: a long call",
			Options{Distance: true},
			SensorDistance,
			func(c *clock) { c.distance = at(700); c.take(Touched{}); c.pass(2 * time.Hour) }, "", nil,
		},
		{
			"distance: a chair",
			Options{Distance: true},
			SensorDistance,
			func(c *clock) { c.distance = at(700); c.pass(nearTooLong + time.Minute); visits(c, 1) }, FaultStuck,
			func(c *clock) { c.distance = nobody; c.pass(2 * time.Second) },
		},
		{
			"distance: sees nobody",
			Options{Distance: true},
			SensorDistance,
			func(c *clock) { visits(c, unseenVisits) }, FaultStuck,
			func(c *clock) { c.distance = at(700); c.pass(2 * time.Second) },
		},
		{
			"distance: frozen",
			Options{Distance: true},
			SensorDistance,
			func(c *clock) {
				c.distance = func(int) Measured { return Measured{TargetSeen, 700} }
				c.pass(2 * time.Minute)
				visits(c, frozenVisits)
			}, FaultStuck,
			func(c *clock) { c.distance = at(700); c.pass(time.Second) },
		},
		{
			"distance: errors",
			Options{Distance: true},
			SensorDistance,
			func(c *clock) {
				c.distance = func(n int) Measured {
					if n%3 == 0 {
						return Measured{Target: TargetInvalid}
					}
					return nobody(n)
				}
				c.pass(2 * time.Minute)
			}, FaultNoisy,
			func(c *clock) { c.distance = nobody; c.pass(trustAfter + time.Second) },
		},
		{
			"distance: farther than it can see",
			Options{Distance: true},
			SensorDistance,
			func(c *clock) { c.distance = at(8000); c.pass(time.Minute) }, FaultNoisy,
			func(c *clock) { c.distance = nobody; c.pass(trustAfter + time.Second) },
		},
		{
			"distance: jumps",
			Options{Distance: true},
			SensorDistance,
			func(c *clock) {
				c.distance = func(n int) Measured { return at([]int{500, 2500}[n%2])(n) }
				c.pass(time.Minute)
			}, FaultNoisy,
			func(c *clock) { c.distance = nobody; c.pass(trustAfter + time.Second) },
		},
		{
			"distance: people walk by",
			Options{Distance: true},
			SensorDistance,
			func(c *clock) {
				for range 60 {
					c.distance = at(1800)
					c.pass(2 * time.Second)
					c.distance = nobody
					c.pass(4 * time.Second)
				}
			}, "", nil,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := start(t, test.o)
			test.story(c)
			if got := c.s.Fault(test.sensor); got != test.want {
				t.Fatalf("the fault is %q, expected %q: %v", got, test.want, c.seen)
			}
			if test.want == "" {
				return
			}
			if c.s.Sees() {
				t.Error("a sensor with a fault is believed")
			}
			test.heal(c)
			if got := c.s.Fault(test.sensor); got != "" || !c.s.Sees() {
				t.Errorf("it behaves, and the fault is %q: %v", got, c.seen)
			}
		})
	}
}

// One sensor that is wrong leaves the other its word.
func TestAChairAndAMotionDetector(t *testing.T) {
	c := start(t, Options{Motion: true, Distance: true})
	c.distance = at(700)
	c.pass(nearTooLong + 10*time.Second)
	c.expect("0s absent", "1s seated", "3h0m1s seated distance_stuck", "3h0m6s absent distance_stuck")
}

// FuzzStep: whatever sensors say, a level is one of three, what is not believed does not lift it, and when all is quiet
// nobody is there.
func FuzzStep(f *testing.F) {
	f.Add([]byte{3}, []byte{0, 1, 2, 3, 4, 5, 6, 7})
	f.Add([]byte{1}, []byte{1, 1, 6, 0, 5, 200, 7, 7, 1})
	f.Add([]byte{2}, []byte{2, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4})
	f.Fuzz(func(t *testing.T, which, script []byte) {
		o := Options{NearMM: 1500, SeatedMM: 900}
		if len(which) > 0 {
			o.Motion, o.Distance = which[0]&1 != 0, which[0]&2 != 0
		}
		now := time.Unix(1_800_000_000, 0)
		var s State
		step := func(r Reading) {
			was := s
			s = Step(s, o, now, r)
			switch s.Level() {
			case Absent, Near, Seated:
			default:
				t.Fatalf("the level is %q", s.Level())
			}
			if _, touched := r.(Touched); s.Level().above(was.Level()) && !s.Sees() && !touched && s.touchedAt.IsZero() {
				t.Fatalf("%#v lifted the level to %s, and no sensor is believed", r, s.Level())
			}
			if (o.Motion && s.Fault(SensorMotion) == "" || o.Distance && s.Fault(SensorDistance) == "") != s.Sees() {
				t.Fatalf("sees: %v", s.Sees())
			}
			if again := Step(was, o, now, r); again != s {
				t.Fatal("the same step ends elsewhere")
			}
		}
		for i, b := range script {
			switch b % 8 {
			case 0, 1:
				step(Moved{b%8 == 1})
			case 2:
				step(Measured{TargetSeen, int(b) * 20})
			case 3:
				step(Measured{Target: TargetNone})
			case 4:
				step(Measured{Target: TargetInvalid})
			case 5:
				step(Touched{})
			case 6:
				step(Lost{[]Sensor{SensorMotion, SensorDistance}[i%2]})
			case 7:
				now = now.Add(time.Duration(b) * time.Second)
				step(Passed{})
			}
			now = now.Add(time.Duration(b%5) * 100 * time.Millisecond)
		}
		for range 200 {
			now = now.Add(time.Second)
			step(Moved{false})
			step(Measured{Target: TargetNone})
		}
		if s.Level() != Absent {
			t.Fatalf("nobody is there, and the level is %s", s.Level())
		}
	})
}

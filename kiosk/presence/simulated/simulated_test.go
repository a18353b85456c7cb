package simulated

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"loiret.fr/visioborne/kiosk/presence"
)

// level is when a level began.
type level struct {
	Level presence.Level
	At    time.Duration
}

// follow runs sensors and gives what their readings amount to.
func follow(t *testing.T, s Sensors, lasts time.Duration, meanwhile func()) (got []level, err error) {
	t.Helper()
	began := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), lasts)
	defer cancel()
	if meanwhile != nil {
		go meanwhile()
	}
	var state presence.State
	err = s.Run(ctx, func(r presence.Reading) {
		state = presence.Step(state, s.Options, time.Now(), r)
		if f := state.Fault(presence.SensorDistance) + state.Fault(presence.SensorMotion); f != "" {
			t.Fatalf("a fault after %v: %s", time.Since(began), f)
		}
		if len(got) == 0 || got[len(got)-1].Level != state.Level() {
			got = append(got, level{state.Level(), time.Since(began).Round(time.Second)})
		}
	})
	return got, err
}

func both() presence.Options {
	return presence.Options{Motion: true, Distance: true, NearMM: 1500, SeatedMM: 900}
}

func TestAVisit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, err := follow(t, Sensors{Options: both()}, 358*time.Second, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := []level{
			{"absent", 0},
			{"near", 30 * time.Second},
			{"seated", 40 * time.Second},
			{"near", 163 * time.Second},
			{"absent", 190 * time.Second},
			{"near", 195 * time.Second},
			{"seated", 205 * time.Second},
			{"near", 328 * time.Second},
			{"absent", 355 * time.Second},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestAFileSaysWhoIsThere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "presence")
	write := func(word string) {
		if err := os.WriteFile(file, []byte(word), 0o600); err != nil {
			t.Error(err)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		write("absent\n")
		got, err := follow(t, Sensors{File: file, Options: presence.Options{Distance: true, NearMM: 1500, SeatedMM: 900}}, time.Minute, func() {
			<-time.After(10*time.Second + every/2)
			write("seated\nand a remark")
			<-time.After(20 * time.Second)
			write("")
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]level{{"absent", 0}, {"seated", 11 * time.Second}, {"absent", 36 * time.Second}}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	write("assis")
	if err := (Sensors{File: file}).Run(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "expected absent, near or seated") {
		t.Errorf("another word: %v", err)
	}
	if err := (Sensors{File: file + "x"}).Run(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "reading who is there") {
		t.Errorf("no file: %v", err)
	}
}

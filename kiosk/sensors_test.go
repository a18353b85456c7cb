package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/media/camera"
)

// sense runs sensors while something happens, and gives what the booth heard.
func sense(t *testing.T, names *config.Presence, file string, log *slog.Logger, meanwhile func(*sensors)) (heard []booth.Event) {
	t.Helper()
	s := newSensors(names, file, func(e booth.Event) { heard = append(heard, e) }, log)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.run(ctx) }()
	meanwhile(s)
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	return heard
}

func TestSimulatedSensorsTellTheBooth(t *testing.T) {
	file := filepath.Join(t.TempDir(), "presence")
	write := func(word string) {
		if err := os.WriteFile(file, []byte(word), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("absent")
	synctest.Test(t, func(t *testing.T) {
		names := &config.Presence{Distance: config.Simulated, NearCM: 150, SeatedCM: 90}
		heard := sense(t, names, file, slog.New(slog.DiscardHandler), func(s *sensors) {
			<-time.After(10 * time.Second)
			write("near")
			<-time.After(10 * time.Second)
			write("seated")
			<-time.After(10 * time.Second)
			s.intent(booth.Touched{})
			s.intent(booth.PartnerChosen{Partner: "caf"})
			write("absent")
			<-time.After(12 * time.Second) // a touch is a person for longer
			s.intent(booth.Touched{})
			<-time.After(30 * time.Second)
		})
		seen := func(l booth.PresenceLevel) booth.Event { return booth.PresenceChanged{Level: l, Known: true} }
		want := []booth.Event{
			seen(booth.PresenceAbsent), seen(booth.PresenceNear), seen(booth.PresenceSeated),
			booth.Touched{},
			booth.PartnerChosen{Partner: "caf"},
			booth.Touched{},
			seen(booth.PresenceAbsent),
		}
		if diff := cmp.Diff(want, heard); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// The booth goes on without sensors, says what to do once, and tells the hotline.
func TestSensorsThatAreNotThere(t *testing.T) {
	describeSensors(config.Presence{Motion: "GPIO99"}) // periph looks for chips once, outside of the test's time
	synctest.Test(t, func(t *testing.T) {
		var said bytes.Buffer
		names := &config.Presence{Motion: "GPIO99", Distance: "/dev/i2c-99", NearCM: 150, SeatedCM: 90}
		heard := sense(t, names, "", slog.New(slog.NewTextHandler(&said, nil)), func(s *sensors) {
			<-time.After(5 * time.Minute)
			s.intent(booth.Touched{})
			<-time.After(time.Minute)
		})
		last := heard[len(heard)-1].(booth.PresenceChanged)
		if diff := cmp.Diff(booth.PresenceChanged{Level: booth.PresenceSeated, Faults: []string{"motion_missing", "distance_missing"}}, last); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for _, want := range []string{"sensor=motion", "sensor=distance", "/dev/i2c-99", "opening the motion detector"} {
			if !strings.Contains(said.String(), want) {
				t.Errorf("the log does not say %q: %s", want, &said)
			}
		}
		if n := strings.Count(said.String(), "level=ERROR"); n != 2 {
			t.Errorf("it is said %d times: %s", n, &said)
		}
		var sent wire.Status
		reporter(sources{
			configuration: (*configurations)(nil).state,
			send:          func(s wire.Status) { sent = s }, encoder: func() camera.Encoder { return camera.Encoder{} },
			sound:  func() *booth.Sound { return nil },
			health: func(booth.State) (*wire.Health, []string) { return nil, nil },
		})(booth.State{
			Now: time.Now(), Presence: booth.Presence{Faults: last.Faults},
		})
		if diff := cmp.Diff([]string{"presence_motion_missing", "presence_distance_missing"}, sent.Warnings); diff != "" {
			t.Errorf("the hotline (-want +got):\n%s", diff)
		}
	})
}

// A booth without sensors hears of touches, and of nobody's presence.
func TestABoothWithoutSensors(t *testing.T) {
	heard := sense(t, nil, "", slog.New(slog.DiscardHandler), func(s *sensors) { s.intent(booth.Touched{}) })
	if diff := cmp.Diff([]booth.Event{booth.Touched{}}, heard); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSimulatedSensorsAreSaid(t *testing.T) {
	names := config.Devices{Camera: "/dev/video0", Presence: &config.Presence{Motion: "GPIO17", Distance: config.Simulated}}
	if diff := cmp.Diff([]booth.Device{booth.DevicePresence}, simulatedOnes(names)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	names.Presence.Distance = "/dev/i2c-1"
	if got := simulatedOnes(names); len(got) > 0 {
		t.Errorf("%v", got)
	}
}

func TestSelftestTellsOfTheSensors(t *testing.T) {
	text := describeSensors(config.Presence{Motion: "GPIO99", Distance: "/dev/i2c-99"})
	for _, want := range []string{"motion detector: opening the motion detector: ", "\ndistance sensor: opening the distance sensor on /dev/i2c-99: "} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q: %s", want, text)
		}
	}
	if got, want := describeSensors(config.Presence{Motion: config.Simulated}), "motion detector: simulated\n"; got != want {
		t.Errorf("it says %q, expected %q", got, want)
	}
}

package main

import (
	"strings"
	"testing"
	"time"
)

func TestVerdict(t *testing.T) {
	born := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	at := func(d time.Duration) time.Time { return born.Add(d) }
	life := message{alive, 42}
	fresh := func(trial bool) *verdict { return &verdict{born: born, started: born, trial: trial} }

	t.Run("a service that lives", func(t *testing.T) {
		v := fresh(false)
		for s := range 7200 {
			if s%2 == 0 {
				v.said(life, at(time.Duration(s)*time.Second))
			}
			v.judge(at(time.Duration(s) * time.Second))
		}
		if v.kill != 0 || v.restart != "" {
			t.Errorf("killed %d, restarted %q", v.kill, v.restart)
		}
	})
	t.Run("one that never comes to life", func(t *testing.T) {
		v := fresh(false)
		v.judge(at(firstLife))
		if v.restart != "" {
			t.Errorf("restarted early: %s", v.restart)
		}
		v.judge(at(firstLife + time.Second))
		if !strings.Contains(v.restart, "no sign of life") {
			t.Errorf("restarted %q", v.restart)
		}
	})
	t.Run("one that hangs again and again", func(t *testing.T) {
		v := fresh(false)
		now := time.Duration(0)
		for n := range maxKills {
			v.said(life, at(now))
			now += 31 * time.Second
			v.judge(at(now))
			if v.kill != 42 || v.restart != "" {
				t.Fatalf("hanging for the %d. time: killed %d, restarted %q", n+1, v.kill, v.restart)
			}
			v.kill = 0
		}
		v.said(life, at(now))
		v.judge(at(now + 31*time.Second))
		if v.kill != 0 || !strings.Contains(v.restart, "4 times in an hour") {
			t.Errorf("hanging once more: killed %d, restarted %q", v.kill, v.restart)
		}
	})
	t.Run("one that hangs once a day", func(t *testing.T) {
		v := fresh(false)
		for day := range 30 {
			v.said(life, at(time.Duration(day)*24*time.Hour))
			v.judge(at(time.Duration(day)*24*time.Hour + 31*time.Second))
			if v.kill != 42 || v.restart != "" {
				t.Fatalf("day %d: killed %d, restarted %q", day, v.kill, v.restart)
			}
			v.kill = 0
		}
	})
	t.Run("a trial that nobody confirms", func(t *testing.T) {
		v := fresh(true)
		// Alive, but not well.
		for s := range 179 {
			v.said(life, at(time.Duration(s)*time.Second))
			v.judge(at(time.Duration(s) * time.Second))
		}
		if v.restart != "" {
			t.Fatalf("restarted early: %s", v.restart)
		}
		v.judge(at(181 * time.Second))
		if !strings.Contains(v.restart, "on trial") {
			t.Errorf("restarted %q", v.restart)
		}
	})
	t.Run("a trial that hangs does not win time by it", func(t *testing.T) {
		v := fresh(true)
		v.said(life, at(time.Second))
		v.judge(at(40 * time.Second))
		v.said(life, at(60*time.Second))
		v.judge(at(trialTime + time.Second))
		if !strings.Contains(v.restart, "on trial") {
			t.Errorf("restarted %q", v.restart)
		}
	})
	t.Run("a trial that is confirmed", func(t *testing.T) {
		v := fresh(true)
		v.said(message{confirm, 42}, at(time.Minute))
		for s := range 600 {
			v.said(life, at(time.Duration(s)*time.Second))
			v.judge(at(time.Duration(s) * time.Second))
		}
		if v.restart != "" {
			t.Errorf("restarted %q", v.restart)
		}
	})
	t.Run("a request", func(t *testing.T) {
		v := fresh(false)
		v.said(message{reboot, 42}, at(time.Minute))
		if v.restart == "" {
			t.Error("not restarted")
		}
	})
}

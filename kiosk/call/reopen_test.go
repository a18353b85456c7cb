package call

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// moment is as long as going over to other devices may take, on the bubble's clock.
const moment = 10 * time.Millisecond

func TestSoundGoesOverToOtherDevices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := talk(t, newLine(t, 20*time.Millisecond), rigOptions{})
		r.peer.SetVolume(40)
		r.peer.SetMicrophone(false)
		camera := r.devices.theCamera()
		for range 3 {
			speaker, microphone := r.devices.theSpeaker(), r.devices.theMicrophone()
			r.peer.ReopenSound()
			time.Sleep(moment)
			if !speaker.closed.Load() || r.devices.theSpeaker() == speaker {
				t.Fatal("the speaker is the same")
			}
			select {
			case <-microphone.closed:
			default:
				t.Error("the microphone is still open")
			}
			if r.devices.theMicrophone() == microphone {
				t.Fatal("the microphone is the same")
			}
			if v := r.devices.theSpeaker().volume.Load(); v != 40 {
				t.Errorf("its volume is %d", v)
			}
			if !r.devices.theMicrophone().muted.Load() {
				t.Error("it is open to a citizen who had switched it off")
			}
			wait(t, "the adviser's sound on it", r.devices.theSpeaker().packets)
			drain(r.browser.sound)
			wait(t, "its sound at the desk", r.browser.sound)
		}
		before := r.devices.count()
		for range 20 { // a handset that falls on its hook
			r.peer.ReopenSound()
		}
		time.Sleep(moment)
		if v := r.devices.theSpeaker(); v.closed.Load() {
			t.Error("the last speaker is closed")
		}
		if n := r.devices.count() - before; n < 2 || n > 40 {
			t.Errorf("%d devices were opened", n)
		}
		if r.devices.theCamera() != camera {
			t.Error("the camera was opened anew")
		}
		if r.devices.overlap {
			t.Error("two speakers were open at the same time")
		}
		if n := len(r.events); n > 0 {
			t.Errorf("%#v", <-r.events)
		}
	})
}

// Going over makes no call a poor one, and forgets nothing of one that was.
func TestReopenedSoundIsRatedAsAWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := talk(t, newLine(t, 20*time.Millisecond), rigOptions{})
		r.devices.theSpeaker().played.Store(int64(time.Minute))
		for range 5 {
			r.peer.ReopenSound()
			time.Sleep(moment)
		}
		if got := r.peer.Rating(); len(got) > 0 {
			t.Errorf("%v", got)
		}
		speaker := r.devices.theSpeaker()
		speaker.played.Store(int64(time.Minute))
		speaker.madeUp.Store(int64(10 * time.Second))
		for range 2 {
			r.peer.ReopenSound()
			time.Sleep(moment)
			if got := r.peer.Rating(); len(got) != 1 || got[0] != CauseSound {
				t.Errorf("after gaps on an earlier speaker: %v", got)
			}
		}
	})
}

// The other device is not there: that is a loss, and the first one stays closed until it is wanted again.
func TestSoundGoesOverToNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := talk(t, newLine(t, 20*time.Millisecond), rigOptions{})
		loudspeaker, absent := r.devices.theSpeaker(), errors.New("opening the handset: no such file or directory")
		r.devices.become(func() { r.devices.soundError = absent })
		r.peer.ReopenSound()
		time.Sleep(moment)
		r.event(t, DeviceLost{DeviceSpeaker, absent})
		time.Sleep(time.Minute) // it is tried again every eight seconds by now
		if !loudspeaker.closed.Load() || r.devices.theSpeaker() != loudspeaker {
			t.Error("the loudspeaker is open")
		}
		r.peer.ReopenSound() // to nothing once more
		time.Sleep(moment)
		if n := len(r.events); n > 0 {
			t.Errorf("%#v", <-r.events)
		}
		r.devices.become(func() { r.devices.soundError = nil })
		r.peer.ReopenSound()
		time.Sleep(moment)
		r.event(t, DeviceRecovered{DeviceSpeaker})
		wait(t, "sound", r.devices.theSpeaker().packets)
	})
}

// What was being opened when the handset was lifted never plays.
func TestSoundGoesOverWhileItIsOpened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := talk(t, newLine(t, 20*time.Millisecond), rigOptions{})
		first := r.devices.theSpeaker()
		var overtaken *fakeSpeaker
		times := 0
		r.devices.become(func() {
			r.devices.opening = func() {
				if times++; times == 1 {
					r.peer.ReopenSound()
				} else {
					overtaken = r.devices.speaker
				}
			}
		})
		r.peer.ReopenSound()
		time.Sleep(moment)
		time.Sleep(time.Second)
		r.devices.become(func() {
			if times != 2 || overtaken == first || !overtaken.closed.Load() || overtaken.volume.Load() != 0 || len(overtaken.packets) > 0 {
				t.Errorf("the speaker that was overtaken: %d openings, %d packets", times, len(overtaken.packets))
			}
		})
		wait(t, "sound", r.devices.theSpeaker().packets)
		if r.devices.overlap || len(r.events) > 0 {
			t.Errorf("two open at the same time: %v; %d events", r.devices.overlap, len(r.events))
		}
	})
}

func TestReopenSoundBeforeAndAfterACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, 20*time.Millisecond)
		r := newRigWith(t, rigOptions{booth: l.booth, desk: l.desk, mime: "video/H264"})
		r.peer.ReopenSound()
		time.Sleep(time.Second)
		if n := r.devices.count(); n != 0 {
			t.Errorf("%d devices are open before the adviser has answered", n)
		}
		r.peer.Start()
		r.event(t, Connected{})
		r.cancel()
		for range 10 {
			r.peer.ReopenSound()
		}
	})
}

package main

import (
	"reflect"
	"time"

	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/booth"
)

// reporter returns a function that tells the hotline when something that it
// sees has changed. Nothing of the citizen is in it.
func reporter(send func(wire.Status)) func(booth.State) {
	var last wire.Status
	return func(s booth.State) {
		status := wire.Status{
			Version: version, Phase: s.Session.Phase.String(), Since: last.Since,
			Encoder: "OpenH264", EncoderReason: "encodage logiciel : cette version n’utilise pas d’encodeur matériel",
		}
		for _, d := range s.Simulated {
			status.Simulated = append(status.Simulated, string(d))
		}
		for _, d := range s.Faults {
			status.Warnings = append(status.Warnings, warnings[d])
		}
		if status.Phase != last.Phase {
			status.Since = s.Now.Truncate(time.Second)
		}
		if reflect.DeepEqual(status, last) {
			return
		}
		last = status
		send(status)
	}
}

// warnings are a fault in the hotline's words.
var warnings = map[booth.Device]string{
	booth.DeviceCamera:     "La caméra n’est pas branchée.",
	booth.DeviceMicrophone: "Le microphone n’est pas branché.",
	booth.DeviceSpeaker:    "Le haut-parleur n’est pas branché.",
}

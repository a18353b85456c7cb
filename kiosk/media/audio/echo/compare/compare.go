//go:build compare

// Package compare runs two other echo cancellers as this project's own is run,
// to measure it beside them: speexdsp's (Debian's libspeexdsp-dev 1.2) and
// WebRTC's of 2016 (Debian's libwebrtc-audio-processing-dev 0.3). Nothing of
// the kiosk uses it.
package compare

// #cgo CXXFLAGS: -std=c++17 -O2 -w -DWEBRTC_AUDIO_PROCESSING_ONLY_BUILD -DWEBRTC_POSIX -I/usr/include/webrtc_audio_processing
// #cgo CFLAGS: -O2
// #cgo LDFLAGS: -l:libspeexdsp.a -lwebrtc_audio_processing -lstdc++ -lm
// #include <stdint.h>
// #include <speex/speex_echo.h>
// #include <speex/speex_preprocess.h>
// #include "webrtc.h"
import "C"

import "unsafe"

const frame = 480

// Speex is speexdsp's canceller with its preprocessor.
type Speex struct {
	echo       *C.SpeexEchoState
	preprocess *C.SpeexPreprocessState
}

// NewSpeex makes one with a tail of 260 ms, noise reduction at its usual
// strength and no gain control. suppress switches the preprocessor on.
func NewSpeex(suppress bool) *Speex {
	s := &Speex{echo: C.speex_echo_state_init(frame, 26*frame)}
	rate := C.int(48000)
	C.speex_echo_ctl(s.echo, C.SPEEX_ECHO_SET_SAMPLING_RATE, unsafe.Pointer(&rate))
	if suppress {
		s.preprocess = C.speex_preprocess_state_init(frame, rate)
		on := C.int(1)
		C.speex_preprocess_ctl(s.preprocess, C.SPEEX_PREPROCESS_SET_DENOISE, unsafe.Pointer(&on))
		C.speex_preprocess_ctl(s.preprocess, C.SPEEX_PREPROCESS_SET_ECHO_STATE, unsafe.Pointer(s.echo))
	}
	return s
}

// Process takes a frame of 10 ms.
func (s *Speex) Process(near, far, out []int16) {
	C.speex_echo_cancellation(s.echo, (*C.spx_int16_t)(unsafe.Pointer(&near[0])), (*C.spx_int16_t)(unsafe.Pointer(&far[0])),
		(*C.spx_int16_t)(unsafe.Pointer(&out[0])))
	if s.preprocess != nil {
		C.speex_preprocess_run(s.preprocess, (*C.spx_int16_t)(unsafe.Pointer(&out[0])))
	}
}

// Close frees it.
func (s *Speex) Close() {
	C.speex_echo_state_destroy(s.echo)
	if s.preprocess != nil {
		C.speex_preprocess_state_destroy(s.preprocess)
	}
}

// WebRTC is WebRTC's audio processing.
type WebRTC struct{ p unsafe.Pointer }

// NewWebRTC makes one with its extended filter, which finds the delay itself,
// high suppression, noise suppression and high-pass filter, as browsers had it.
func NewWebRTC() *WebRTC { return &WebRTC{C.visio_webrtc_new()} }

// Process takes a frame of 10 ms.
func (w *WebRTC) Process(near, far, out []int16) {
	C.visio_webrtc_process(w.p, (*C.int16_t)(unsafe.Pointer(&near[0])), (*C.int16_t)(unsafe.Pointer(&far[0])),
		(*C.int16_t)(unsafe.Pointer(&out[0])))
}

// Close frees it.
func (w *WebRTC) Close() { C.visio_webrtc_free(w.p) }

//go:build compare

#include "webrtc.h"

#include <cstring>

#include "webrtc/common.h"
#include "webrtc/modules/audio_processing/include/audio_processing.h"
#include "webrtc/modules/interface/module_common_types.h"

using namespace webrtc;

void *visio_webrtc_new(void) {
	Config config;
	config.Set<ExtendedFilter>(new ExtendedFilter(true));
	config.Set<DelayAgnostic>(new DelayAgnostic(true));
	AudioProcessing *p = AudioProcessing::Create(config);
	p->Initialize(48000, 48000, 48000, AudioProcessing::kMono, AudioProcessing::kMono, AudioProcessing::kMono);
	p->high_pass_filter()->Enable(true);
	p->echo_cancellation()->set_suppression_level(EchoCancellation::kHighSuppression);
	p->echo_cancellation()->enable_drift_compensation(false);
	p->echo_cancellation()->Enable(true);
	p->noise_suppression()->set_level(NoiseSuppression::kModerate);
	p->noise_suppression()->Enable(true);
	return p;
}

static void fill(AudioFrame *frame, const int16_t *samples) {
	frame->num_channels_ = 1;
	frame->sample_rate_hz_ = 48000;
	frame->samples_per_channel_ = 480;
	memcpy(frame->data_, samples, 480 * sizeof(int16_t));
}

void visio_webrtc_process(void *p, const int16_t *near, const int16_t *far, int16_t *out) {
	AudioProcessing *processing = static_cast<AudioProcessing *>(p);
	AudioFrame frame;
	fill(&frame, far);
	processing->ProcessReverseStream(&frame);
	fill(&frame, near);
	processing->set_stream_delay_ms(40);
	processing->ProcessStream(&frame);
	memcpy(out, frame.data_, 480 * sizeof(int16_t));
}

void visio_webrtc_free(void *p) { delete static_cast<AudioProcessing *>(p); }

// The part of libopus 1.3.1's interface that the Go side needs. The
// declarations are opus.h's and opus_defines.h's; the library itself comes
// with mediadevices. The two *_ctl functions are variadic, which cgo cannot
// call: hence the wrappers.
#ifndef VISIOBORNE_OPUS_H
#define VISIOBORNE_OPUS_H

#include <stdint.h>

typedef struct OpusEncoder OpusEncoder;
typedef struct OpusDecoder OpusDecoder;

OpusEncoder *opus_encoder_create(int32_t rate, int channels, int application, int *error);
int32_t opus_encode(OpusEncoder *e, const int16_t *pcm, int samples, unsigned char *packet, int32_t size);
int opus_encoder_ctl(OpusEncoder *e, int request, ...);
void opus_encoder_destroy(OpusEncoder *e);

OpusDecoder *opus_decoder_create(int32_t rate, int channels, int *error);
int opus_decode(OpusDecoder *d, const unsigned char *packet, int32_t size, int16_t *pcm, int samples, int fec);
int opus_decoder_ctl(OpusDecoder *d, int request, ...);
void opus_decoder_destroy(OpusDecoder *d);

const char *opus_strerror(int error);

#define OPUS_APPLICATION_VOIP 2048
#define OPUS_SIGNAL_VOICE 3001
#define OPUS_SET_BITRATE_REQUEST 4002
#define OPUS_SET_COMPLEXITY_REQUEST 4010
#define OPUS_SET_INBAND_FEC_REQUEST 4012
#define OPUS_SET_PACKET_LOSS_PERC_REQUEST 4014
#define OPUS_SET_DTX_REQUEST 4016
#define OPUS_SET_SIGNAL_REQUEST 4024
#define OPUS_GET_LOOKAHEAD_REQUEST 4027
#define OPUS_RESET_STATE 4028

static inline int visio_opus_encoder_set(OpusEncoder *e, int request, int32_t value) {
  return opus_encoder_ctl(e, request, value);
}
static inline int visio_opus_encoder_get(OpusEncoder *e, int request, int32_t *value) {
  return opus_encoder_ctl(e, request, value);
}
static inline int visio_opus_decoder_reset(OpusDecoder *d) { return opus_decoder_ctl(d, OPUS_RESET_STATE); }

#endif

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
void *visio_webrtc_new(void);
void visio_webrtc_process(void *p, const int16_t *near, const int16_t *far, int16_t *out);
void visio_webrtc_free(void *p);
#ifdef __cplusplus
}
#endif

#include "CFormats.h"
#include <stdio.h>
#include <string.h>
#include <webp/decode.h>
#include <webp/demux.h>

static const char *const names[] = {"WebPGetFeaturesInternal", "WebPDecodeRGBInto",
                                    "WebPDecodeRGBAInto"};
typedef struct {
  VP8StatusCode (*features)(const uint8_t *, size_t, WebPBitstreamFeatures *, int);
  uint8_t *(*rgb)(const uint8_t *, size_t, uint8_t *, size_t, int);
  uint8_t *(*rgba)(const uint8_t *, size_t, uint8_t *, size_t, int);
} webp_calls;

static const char *const animation_names[] = {
    "WebPAnimDecoderNewInternal", "WebPAnimDecoderGetNext", "WebPAnimDecoderDelete"};
typedef struct {
  WebPAnimDecoder *(*new)(const WebPData *, const WebPAnimDecoderOptions *, int);
  int (*next)(WebPAnimDecoder *, uint8_t **, int *);
  void (*delete)(WebPAnimDecoder *);
} animation_calls;

static int fail(lbk_picture *picture, int result, const char *why) {
  snprintf(picture->error, sizeof picture->error, "%s", why);
  return result;
}

// The first frame of an animation on its canvas.
static int animation(const uint8_t *bytes, size_t count, lbk_picture *picture, uint8_t *pixels) {
  animation_calls calls;
  if (!lbk_load("libwebpdemux.so.2", animation_names, (void **)&calls, 3, picture->error))
    return LBK_NO_LIBRARY;
  WebPData data = {bytes, count};
  WebPAnimDecoder *decoder = calls.new(&data, NULL, WEBP_DEMUX_ABI_VERSION);
  if (!decoder) return fail(picture, LBK_DAMAGED, "the animation can't be opened");
  uint8_t *canvas;
  int time, done = calls.next(decoder, &canvas, &time);
  if (done) memcpy(pixels, canvas, (size_t)picture->width * picture->height * 4);
  calls.delete(decoder);
  return done ? LBK_OK : fail(picture, LBK_DAMAGED, "its first frame can't be decoded");
}

int lbk_webp_read(const uint8_t *bytes, size_t count, lbk_picture *picture, uint8_t *pixels) {
  webp_calls calls;
  if (!lbk_load("libwebp.so.7", names, (void **)&calls, 3, picture->error)) return LBK_NO_LIBRARY;
  WebPBitstreamFeatures found;
  VP8StatusCode status = calls.features(bytes, count, &found, WEBP_DECODER_ABI_VERSION);
  // RIFF says how long the file is.
  size_t size = count < 8 ? 8 : 8 + ((size_t)bytes[4] | (size_t)bytes[5] << 8 |
                                     (size_t)bytes[6] << 16 | (size_t)bytes[7] << 24);
  if (count < size || status == VP8_STATUS_NOT_ENOUGH_DATA) {
    snprintf(picture->error, sizeof picture->error, "it should have %zu bytes and has %zu", size,
             count);
    return LBK_TRUNCATED;
  }
  if (status != VP8_STATUS_OK) return fail(picture, LBK_DAMAGED, "its header is damaged");
  picture->width = (uint32_t)found.width;
  picture->height = (uint32_t)found.height;
  picture->channels = found.has_alpha || found.has_animation ? 4 : 3;
  picture->bits = 8;
  if (!pixels) return LBK_OK;
  if (found.has_animation) return animation(bytes, count, picture, pixels);
  size_t stride = (size_t)picture->width * picture->channels;
  if ((picture->channels == 4 ? calls.rgba : calls.rgb)(bytes, count, pixels,
                                                        stride * picture->height, (int)stride))
    return LBK_OK;
  return fail(picture, LBK_DAMAGED, "its pixels can't be decoded");
}

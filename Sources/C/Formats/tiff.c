#include "CFormats.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

static const char *const names[] = {
    "TIFFClientOpenExt", "TIFFClose", "TIFFGetField", "TIFFGetFieldDefaulted", "TIFFSetField",
    "TIFFReadScanline", "TIFFScanlineSize64", "TIFFIsTiled", "TIFFReadRGBAImageOriented",
    "TIFFOpenOptionsAlloc", "TIFFOpenOptionsFree", "TIFFOpenOptionsSetErrorHandlerExtR",
    "TIFFOpenOptionsSetWarningHandlerExtR"};
typedef struct {
  TIFF *(*open)(const char *, const char *, thandle_t, TIFFReadWriteProc, TIFFReadWriteProc,
                TIFFSeekProc, TIFFCloseProc, TIFFSizeProc, TIFFMapFileProc, TIFFUnmapFileProc,
                TIFFOpenOptions *);
  void (*close)(TIFF *);
  int (*get)(TIFF *, uint32_t, ...);
  int (*get_default)(TIFF *, uint32_t, ...);
  int (*set)(TIFF *, uint32_t, ...);
  int (*line)(TIFF *, void *, uint32_t, uint16_t);
  uint64_t (*line_size)(TIFF *);
  int (*is_tiled)(TIFF *);
  int (*rgba)(TIFF *, uint32_t, uint32_t, uint32_t *, int, int);
  TIFFOpenOptions *(*options)(void);
  void (*free_options)(TIFFOpenOptions *);
  void (*set_errors)(TIFFOpenOptions *, TIFFErrorHandlerExtR, void *);
  void (*set_warnings)(TIFFOpenOptions *, TIFFErrorHandlerExtR, void *);
} tiff_calls;

// A file in memory. `past` says whether more was wanted than is there.
typedef struct {
  const uint8_t *bytes;
  uint64_t count, at;
  int past;
  lbk_picture *picture;
} source;

static tmsize_t take(thandle_t handle, void *into, tmsize_t wanted) {
  source *from = handle;
  uint64_t left = from->at < from->count ? from->count - from->at : 0;
  uint64_t count = (uint64_t)wanted < left ? (uint64_t)wanted : left;
  if (count < (uint64_t)wanted) from->past = 1;
  memcpy(into, from->bytes + (left ? from->at : 0), count);
  from->at += count;
  return (tmsize_t)count;
}

static tmsize_t refuse(thandle_t handle, void *from, tmsize_t count) {
  (void)handle, (void)from, (void)count;
  return -1;
}

static toff_t seek(thandle_t handle, toff_t offset, int whence) {
  source *from = handle;
  from->at = offset + (whence == SEEK_SET ? 0 : whence == SEEK_CUR ? from->at : from->count);
  return from->at;
}

static int shut(thandle_t handle) { return (void)handle, 0; }
static toff_t size(thandle_t handle) { return ((source *)handle)->count; }

static int keep(TIFF *file, void *data, const char *module, const char *format, va_list list) {
  (void)file, (void)module;
  lbk_picture *picture = ((source *)data)->picture;
  if (!picture->error[0]) vsnprintf(picture->error, sizeof picture->error, format, list);
  return 1;
}
static int drop(TIFF *file, void *data, const char *module, const char *format, va_list list) {
  return (void)file, (void)data, (void)module, (void)format, (void)list, 1;
}

// Whether rows can be taken as they are: grey or RGB of 8 or 16 bits, perhaps with alpha of its own.
static int is_plain(const tiff_calls *calls, TIFF *file, lbk_picture *picture, uint16_t light) {
  uint16_t bits = 0, samples = 0, planes = 0, format = 0, extra = 0, *kinds = NULL;
  calls->get_default(file, TIFFTAG_BITSPERSAMPLE, &bits);
  calls->get_default(file, TIFFTAG_SAMPLESPERPIXEL, &samples);
  calls->get_default(file, TIFFTAG_PLANARCONFIG, &planes);
  calls->get_default(file, TIFFTAG_SAMPLEFORMAT, &format);
  calls->get_default(file, TIFFTAG_EXTRASAMPLES, &extra, &kinds);
  uint16_t colours = light == PHOTOMETRIC_RGB ? 3 : 1;
  if (light != PHOTOMETRIC_RGB && light != PHOTOMETRIC_MINISBLACK && light != PHOTOMETRIC_MINISWHITE)
    return 0;
  int has_alpha = samples == colours + 1 && extra == 1 && kinds && kinds[0] == EXTRASAMPLE_UNASSALPHA;
  if ((bits != 8 && bits != 16) || planes != PLANARCONFIG_CONTIG || format != SAMPLEFORMAT_UINT ||
      (samples != colours && !has_alpha) || calls->is_tiled(file))
    return 0;
  picture->channels = samples;
  picture->bits = bits;
  return calls->line_size(file) == (uint64_t)picture->width * samples * bits / 8;
}

static int read_plain(const tiff_calls *calls, TIFF *file, lbk_picture *picture, uint8_t *pixels,
                      uint16_t light) {
  size_t samples = (size_t)picture->width * picture->channels, bytes = samples * picture->bits / 8;
  for (uint32_t y = 0; y < picture->height; y++) {
    uint8_t *row = pixels + y * bytes;
    if (calls->line(file, row, y, 0) < 0) return 0;
    uint8_t flip = light == PHOTOMETRIC_MINISWHITE ? 255 : 0;
    for (size_t i = 0; i < samples; i++) {
      uint8_t mask = picture->channels == 2 && i % 2 ? 0 : flip;
      if (picture->bits == 8) {
        row[i] ^= mask;
      } else {
        uint16_t x;
        memcpy(&x, row + 2 * i, 2);
        row[2 * i] = (uint8_t)(x >> 8) ^ mask;
        row[2 * i + 1] = (uint8_t)x ^ mask;
      }
    }
  }
  return 1;
}

// Everything else by the library's own conversion, over white.
static int read_any(const tiff_calls *calls, TIFF *file, lbk_picture *picture, uint8_t *pixels) {
  size_t count = (size_t)picture->width * picture->height;
  uint32_t *raster = malloc(count * sizeof *raster);
  if (!raster) return 0;
  int done = calls->rgba(file, picture->width, picture->height, raster, ORIENTATION_TOPLEFT, 1);
  for (size_t i = 0; done && i < count; i++) {
    // Colours are multiplied by alpha already.
    uint32_t rest = 255 - TIFFGetA(raster[i]);
    uint32_t parts[] = {TIFFGetR(raster[i]), TIFFGetG(raster[i]), TIFFGetB(raster[i])};
    for (uint32_t c = 0; c < picture->channels; c++)
      pixels[i * picture->channels + c] = (uint8_t)(parts[c] + rest > 255 ? 255 : parts[c] + rest);
  }
  free(raster);
  return done;
}

int lbk_tiff_read(const uint8_t *bytes, size_t count, lbk_picture *picture, uint8_t *pixels) {
  tiff_calls calls;
  if (!lbk_load("libtiff.so.6", names, (void **)&calls, sizeof names / sizeof *names,
                picture->error))
    return LBK_NO_LIBRARY;
  source from = {bytes, count, 0, 0, picture};
  picture->error[0] = 0;
  TIFFOpenOptions *options = calls.options();
  if (!options) return LBK_DAMAGED;
  calls.set_errors(options, keep, &from);
  calls.set_warnings(options, drop, &from);
  TIFF *file =
      calls.open("image", "rm", &from, take, refuse, seek, shut, size, NULL, NULL, options);
  calls.free_options(options);
  if (!file) return from.past ? LBK_TRUNCATED : LBK_DAMAGED;
  uint16_t light = PHOTOMETRIC_MINISBLACK;
  int done = calls.get(file, TIFFTAG_IMAGEWIDTH, &picture->width) &&
             calls.get(file, TIFFTAG_IMAGELENGTH, &picture->height);
  calls.get(file, TIFFTAG_PHOTOMETRIC, &light);
  // The caller turns the picture; pixels come as they are stored.
  calls.set(file, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  int plain = done && is_plain(&calls, file, picture, light);
  if (!plain) {
    int grey = light == PHOTOMETRIC_MINISBLACK || light == PHOTOMETRIC_MINISWHITE;
    picture->channels = grey ? 1 : 3;
    picture->bits = 8;
  }
  if (done && pixels)
    done = plain ? read_plain(&calls, file, picture, pixels, light)
                 : read_any(&calls, file, picture, pixels);
  calls.close(file);
  // A palette beyond the file's end is only a warning to the library, and the picture would be grey.
  if (done && !from.past) return LBK_OK;
  if (!picture->error[0])
    snprintf(picture->error, sizeof picture->error, "the file ends before its data does");
  // Where strips reach beyond the file's end, only the error's text tells.
  if (strstr(picture->error, "Read error") || strstr(picture->error, "got ")) from.past = 1;
  return from.past ? LBK_TRUNCATED : LBK_DAMAGED;
}

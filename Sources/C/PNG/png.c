#include "CPNG.h"
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

typedef struct {
  const uint8_t *bytes;
  size_t count, at;
} input;

typedef struct {
  uint8_t *bytes;
  size_t count, capacity;
} output;

static void read_failed(png_structp png, png_const_charp text) {
  lbk_png *state = png_get_error_ptr(png);
  snprintf(state->error, sizeof state->error, "%s", text);
  png_longjmp(png, 1);
}

static void read_warned(png_structp png, png_const_charp text) {
  lbk_png *state = png_get_error_ptr(png);
  size_t used = strlen(state->warnings);
  snprintf(state->warnings + used, sizeof state->warnings - used, "%s%s", used ? "; " : "", text);
}

static void read_bytes(png_structp png, png_bytep to, size_t count) {
  input *in = png_get_io_ptr(png);
  if (count > in->count - in->at) png_error(png, "the data ends early");
  memcpy(to, in->bytes + in->at, count);
  in->at += count;
}

int lbk_png_read(const uint8_t *bytes, size_t count, lbk_png *state, uint8_t *rows,
                 const volatile uint8_t *stop) {
  input in = {bytes, count, 0};
  state->error[0] = state->warnings[0] = 0;
  png_structp png =
      png_create_read_struct(PNG_LIBPNG_VER_STRING, state, read_failed, read_warned);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_read_struct(&png, NULL, NULL);
    snprintf(state->error, sizeof state->error, "libpng could not be set up");
    return 0;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return 0;
  }
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_set_read_fn(png, &in, read_bytes);
  png_read_info(png, info);
  png_set_expand(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  state->width = png_get_image_width(png, info);
  state->height = png_get_image_height(png, info);
  state->channels = png_get_channels(png, info);
  state->depth = png_get_bit_depth(png, info);
  state->row_bytes = png_get_rowbytes(png, info);
  if (rows) {
    for (int pass = 0; pass < passes; pass++)
      for (uint32_t y = 0; y < state->height; y++) {
        if (*stop) png_error(png, "interrupted");
        png_read_row(png, rows + y * state->row_bytes, NULL);
      }
    png_read_end(png, NULL);
  }
  png_destroy_read_struct(&png, &info, NULL);
  return 1;
}

static void write_failed(png_structp png, png_const_charp text) {
  snprintf(png_get_error_ptr(png), 256, "%s", text);
  png_longjmp(png, 1);
}

static void write_warned(png_structp png, png_const_charp text) { write_failed(png, text); }

static void write_bytes(png_structp png, png_bytep from, size_t count) {
  output *out = png_get_io_ptr(png);
  if (out->capacity - out->count < count) {
    size_t capacity = (out->capacity + count) * 2;
    uint8_t *grown = realloc(out->bytes, capacity);
    if (!grown) png_error(png, "out of memory");
    out->bytes = grown;
    out->capacity = capacity;
  }
  memcpy(out->bytes + out->count, from, count);
  out->count += count;
}

static void flush(png_structp png) { (void)png; }

int lbk_png_write(const uint8_t *pixels, uint32_t width, uint32_t height, int channels,
                  uint32_t times, uint8_t **bytes, size_t *count, char error[256]) {
  static const int types[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
                              PNG_COLOR_TYPE_RGB_ALPHA};
  output out = {NULL, 0, 0};
  uint8_t *row = malloc((size_t)width * times * channels);
  if (!row) {
    snprintf(error, 256, "out of memory");
    return 0;
  }
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, error, write_failed, write_warned);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_write_struct(&png, NULL);
    free(row);
    snprintf(error, 256, "libpng could not be set up");
    return 0;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    free(row);
    free(out.bytes);
    return 0;
  }
  png_set_write_fn(png, &out, write_bytes, flush);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  // The bytes of an enlarged pixel are equal, and so are its rows.
  if (times > 1) {
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
    png_set_compression_strategy(png, Z_RLE);
  }
  png_set_IHDR(png, info, width * times, height * times, 8, types[channels - 1], PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (uint32_t y = 0; y < height; y++) {
    const uint8_t *from = pixels + (size_t)y * width * channels;
    uint8_t *to = row;
    for (uint32_t x = 0; x < width; x++, from += channels)
      for (uint32_t i = 0; i < times; i++)
        for (int c = 0; c < channels; c++) *to++ = from[c];
    for (uint32_t i = 0; i < times; i++) png_write_row(png, row);
  }
  png_write_end(png, NULL);
  png_destroy_write_struct(&png, &info);
  free(row);
  *bytes = out.bytes;
  *count = out.count;
  return 1;
}

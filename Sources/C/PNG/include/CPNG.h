// libpng reports errors by longjmp, which Swift can't cross: these calls keep it inside C.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint32_t width, height;
  int channels;        // of the rows: 1 grey, 2 grey + alpha, 3 RGB, 4 RGBA
  int depth;           // bits a sample has in the rows: 8, or 16 (big-endian)
  size_t row_bytes;
  char error[256];     // libpng's message when a call gives 0
  char warnings[512];  // libpng's warnings, parted by "; "
} lbk_png;

// Reads a PNG's header and, unless `rows` is NULL, its height * row_bytes bytes of pixels. 1 or 0; it
// ends early, with 0, when `*stop` is no longer 0.
int lbk_png_read(const uint8_t *bytes, size_t count, lbk_png *png, uint8_t *rows,
                 const volatile uint8_t *stop);

// Writes 8-bit pixels, each enlarged to a square of `times` by `times`, as a PNG into a block that the
// caller frees. 1 or 0.
int lbk_png_write(const uint8_t *pixels, uint32_t width, uint32_t height, int channels,
                  uint32_t times, uint8_t **bytes, size_t *count, char error[256]);

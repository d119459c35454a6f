// libjpeg reports errors by a callback that must not return, so by longjmp, which Swift can't cross:
// this call keeps it inside C.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint32_t width, height;
  int channels;        // of the rows: 1 grey, 3 RGB, 4 CMYK as it is stored
  uint32_t rows_read;  // rows that were complete when a call gave 0
  int ended_early;     // whether the data ended before the image did
  size_t missing;      // bytes known to be missing, 0 where that can't be told
  char error[256];     // libjpeg's message when a call gives 0
  char warnings[512];  // its harmless warnings, parted by "; "
} lbk_jpeg;

// Reads a JPEG's header and, unless `rows` is NULL, its height * width * channels bytes of pixels, both
// divided by `divisor` (1, 2, 4 or 8) and rounded up. Warnings that mean damaged pixels are errors. 1 or 0;
// it ends early, with 0, when `*stop` is no longer 0.
int lbk_jpeg_read(const uint8_t *bytes, size_t count, int divisor, lbk_jpeg *jpeg, uint8_t *rows,
                  const volatile uint8_t *stop);

// Writes height * width * channels (1 or 3) bytes of pixels as a JPEG at a quality of 1 to 100 into
// memory that the caller frees. 1 or 0.
int lbk_jpeg_write(const uint8_t *rows, uint32_t width, uint32_t height, int channels, int quality,
                   uint8_t **file, size_t *count);

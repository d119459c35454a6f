// WebP, GIF and TIFF by their libraries, which are loaded when the first such file is met: most people have
// none, and the three would add to every start. In C for the libraries' callbacks, macros and unions.
#pragma once
#include <stddef.h>
#include <stdint.h>

// What went wrong.
enum { LBK_OK, LBK_NO_LIBRARY, LBK_DAMAGED, LBK_TRUNCATED };

typedef struct {
  uint32_t width, height;
  // Samples of a pixel: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA; of 8 or (big-endian) 16 bits.
  uint32_t channels, bits;
  // In words, where the result is not LBK_OK.
  char error[256];
} lbk_picture;

// Each fills `picture` where `pixels` is NULL; else it writes rows of width * channels samples, as many as it
// said before of the same bytes. The first frame, where there are several.
int lbk_webp_read(const uint8_t *bytes, size_t count, lbk_picture *picture, uint8_t *pixels);
int lbk_gif_read(const uint8_t *bytes, size_t count, lbk_picture *picture, uint8_t *pixels);
int lbk_tiff_read(const uint8_t *bytes, size_t count, lbk_picture *picture, uint8_t *pixels);

// Loads a library's functions: `calls` are `count` pointers, by `names`. 0 and the reason where that fails.
int lbk_load(const char *file, const char *const *names, void **calls, size_t count, char error[256]);

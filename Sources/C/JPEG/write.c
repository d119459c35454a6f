#include "CJPEG.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// jpeglib.h needs stdio.h first.
#include <jpeglib.h>

typedef struct {
  struct jpeg_error_mgr errors;
  jmp_buf jump;
} writer;

static void failed(j_common_ptr cinfo) { longjmp(((writer *)cinfo->client_data)->jump, 1); }

static void said(j_common_ptr cinfo, int level) {
  (void)cinfo;
  (void)level;
}

int lbk_jpeg_write(const uint8_t *rows, uint32_t width, uint32_t height, int channels, int quality,
                   uint8_t **file, size_t *count) {
  struct jpeg_compress_struct cinfo;
  writer w;
  unsigned long size = 0;
  memset(&cinfo, 0, sizeof cinfo);
  *file = NULL;
  cinfo.err = jpeg_std_error(&w.errors);
  w.errors.error_exit = failed;
  w.errors.emit_message = said;
  cinfo.client_data = &w;
  if (setjmp(w.jump)) {
    jpeg_destroy_compress(&cinfo);
    return 0;
  }
  jpeg_create_compress(&cinfo);
  jpeg_mem_dest(&cinfo, file, &size);
  cinfo.image_width = width;
  cinfo.image_height = height;
  cinfo.input_components = channels;
  cinfo.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&cinfo);
  jpeg_set_quality(&cinfo, quality, TRUE);
  jpeg_start_compress(&cinfo, TRUE);
  size_t stride = (size_t)width * channels;
  while (cinfo.next_scanline < height) {
    JSAMPROW row = (JSAMPROW)(rows + cinfo.next_scanline * stride);
    jpeg_write_scanlines(&cinfo, &row, 1);
  }
  jpeg_finish_compress(&cinfo);
  jpeg_destroy_compress(&cinfo);
  *count = size;
  return 1;
}

#include "CJPEG.h"
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
// jpeglib.h needs stdio.h first.
#include <jpeglib.h>
#include <jerror.h>

typedef struct {
  struct jpeg_error_mgr errors;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  jmp_buf jump;
  lbk_jpeg *state;
  const volatile uint8_t *stop;
} reader;

static void failed(j_common_ptr cinfo) {
  reader *r = cinfo->client_data;
  char text[JMSG_LENGTH_MAX];
  cinfo->err->format_message(cinfo, text);
  snprintf(r->state->error, sizeof r->state->error, "%s", text);
  longjmp(r->jump, 1);
}

static void stop(j_common_ptr cinfo, const char *text) {
  reader *r = cinfo->client_data;
  snprintf(r->state->error, sizeof r->state->error, "%s", text);
  longjmp(r->jump, 1);
}

static void said(j_common_ptr cinfo, int level) {
  if (level >= 0) return;  // a trace message
  switch (cinfo->err->msg_code) {
  case JWRN_EXTRANEOUS_DATA:
  case JWRN_ADOBE_XFORM:
  case JWRN_BOGUS_PROGRESSION:
  case JWRN_JFIF_MAJOR:
  case JWRN_NOT_SEQUENTIAL:
  case JWRN_TOO_MUCH_DATA: {
    lbk_jpeg *state = ((reader *)cinfo->client_data)->state;
    char text[JMSG_LENGTH_MAX];
    cinfo->err->format_message(cinfo, text);
    size_t used = strlen(state->warnings);
    snprintf(state->warnings + used, sizeof state->warnings - used, "%s%s", used ? "; " : "", text);
    return;
  }
  default:
    failed(cinfo);
  }
}

static void nothing(j_decompress_ptr cinfo) { (void)cinfo; }

static boolean ended(j_decompress_ptr cinfo) {
  ((reader *)cinfo->client_data)->state->ended_early = 1;
  stop((j_common_ptr)cinfo, "premature end of JPEG file");
  return FALSE;
}

static void skip(j_decompress_ptr cinfo, long count) {
  if (count <= 0) return;
  if ((size_t)count > cinfo->src->bytes_in_buffer) {
    ((reader *)cinfo->client_data)->state->missing = count - cinfo->src->bytes_in_buffer;
    ended(cinfo);
  }
  cinfo->src->next_input_byte += count;
  cinfo->src->bytes_in_buffer -= count;
}

// A progressive file can hold any number of scans, each of which costs a pass over the image.
static void watch(j_common_ptr cinfo) {
  if (*((reader *)cinfo->client_data)->stop) stop(cinfo, "interrupted");
  if (cinfo->is_decompressor && ((j_decompress_ptr)cinfo)->input_scan_number > 500)
    stop(cinfo, "more than 500 scans");
}

int lbk_jpeg_read(const uint8_t *bytes, size_t count, int divisor, lbk_jpeg *state, uint8_t *rows,
                  const volatile uint8_t *wanted) {
  struct jpeg_decompress_struct cinfo;
  reader r;
  memset(&r, 0, sizeof r);
  memset(&cinfo, 0, sizeof cinfo);
  state->error[0] = state->warnings[0] = 0;
  state->ended_early = 0;
  state->missing = 0;
  state->rows_read = 0;
  r.state = state;
  r.stop = wanted;
  cinfo.err = jpeg_std_error(&r.errors);
  r.errors.error_exit = failed;
  r.errors.emit_message = said;
  cinfo.client_data = &r;
  if (setjmp(r.jump)) {
    jpeg_destroy_decompress(&cinfo);
    return 0;
  }
  jpeg_create_decompress(&cinfo);
  cinfo.mem->max_memory_to_use = 2000000000;
  r.source.init_source = nothing;
  r.source.fill_input_buffer = ended;
  r.source.skip_input_data = skip;
  r.source.resync_to_restart = jpeg_resync_to_restart;
  r.source.term_source = nothing;
  r.source.next_input_byte = bytes;
  r.source.bytes_in_buffer = count;
  cinfo.src = &r.source;
  r.progress.progress_monitor = watch;
  cinfo.progress = &r.progress;
  jpeg_read_header(&cinfo, TRUE);
  switch (cinfo.jpeg_color_space) {
  case JCS_GRAYSCALE:
    cinfo.out_color_space = JCS_GRAYSCALE;
    break;
  case JCS_CMYK:
  case JCS_YCCK:
    cinfo.out_color_space = JCS_CMYK;
    break;
  case JCS_UNKNOWN:
    stop((j_common_ptr)&cinfo, "neither grey, RGB nor CMYK");
  default:
    cinfo.out_color_space = JCS_RGB;
  }
  cinfo.scale_num = 1;
  cinfo.scale_denom = (unsigned)divisor;
  jpeg_calc_output_dimensions(&cinfo);
  state->width = cinfo.output_width;
  state->height = cinfo.output_height;
  state->channels = cinfo.out_color_components;
  if (rows) {
    size_t stride = (size_t)state->width * state->channels;
    jpeg_start_decompress(&cinfo);
    while (cinfo.output_scanline < cinfo.output_height) {
      if (*wanted) stop((j_common_ptr)&cinfo, "interrupted");
      JSAMPROW row = rows + cinfo.output_scanline * stride;
      jpeg_read_scanlines(&cinfo, &row, 1);
      state->rows_read = cinfo.output_scanline;
    }
    jpeg_finish_decompress(&cinfo);
  }
  jpeg_destroy_decompress(&cinfo);
  return 1;
}

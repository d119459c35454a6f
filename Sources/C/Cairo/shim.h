#pragma once
#include <cairo/cairo.h>
#include <cairo/cairo-pdf.h>
#include <cairo/cairo-svg.h>

// The functions that are used. They are looked up by their names when the library is first needed, since
// loading it takes a good part of the time of a start.
#define FUNCTIONS(F) \
  F(arc) F(clip) F(close_path) F(create) F(destroy) F(fill) F(font_options_create) \
  F(font_options_destroy) F(font_options_set_hint_metrics) F(get_source) F(get_target) \
  F(image_surface_create) F(image_surface_get_data) F(image_surface_get_height) \
  F(image_surface_get_stride) F(image_surface_get_width) F(line_to) F(move_to) F(new_path) \
  F(paint) F(pattern_set_extend) F(pattern_set_filter) F(pdf_surface_create_for_stream) \
  F(pdf_surface_set_metadata) F(rectangle) F(restore) F(rotate) F(save) F(scale) \
  F(select_font_face) F(set_dash) F(set_font_options) F(set_font_size) F(set_line_join) \
  F(set_line_width) F(set_source_rgba) F(set_source_surface) F(show_text) F(status) \
  F(status_to_string) F(stroke) F(surface_destroy) F(surface_finish) F(surface_flush) \
  F(surface_get_type) F(surface_mark_dirty) F(surface_set_mime_data) F(surface_status) \
  F(surface_write_to_png_stream) F(svg_surface_create_for_stream) F(text_extents) F(translate) \
  F(user_to_device) F(version_string)

typedef struct {
#define F(name) __typeof__(cairo_##name) *_Nonnull name;
  FUNCTIONS(F)
#undef F
} CairoFunctions;

static const char *_Nonnull const cairo_names[] = {
#define F(name) "cairo_" #name,
    FUNCTIONS(F)
#undef F
};
#undef FUNCTIONS

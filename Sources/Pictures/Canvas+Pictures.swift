import CCairo
import Host
import Images

extension Canvas {
  /// Draws a bitmap into a rectangle. Enlarged pixels stay square, so that the picture shows what a
  /// network saw.
  func image(_ bitmap: Bitmap, in area: Box) throws {
    guard bitmap.width > 0, bitmap.height > 0 else { return }
    // The squares are computed here, four times finer than needed, because an SVG viewer smooths an
    // enlarged picture and cairo's own nearest-neighbour filter is uneven at odd sizes.
    let enlargement = max(area.width / Double(bitmap.width), area.height / Double(bitmap.height))
    let times =
      enlargement > 1
      ? max(1, min(Int((enlargement * 4).rounded(.up)), 2048 / max(bitmap.width, bitmap.height)))
      : 1
    let source = times > 1 ? bitmap.enlarged(times) : bitmap
    guard
      let image = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, Int32(source.width), Int32(source.height)),
      let data = cairo_image_surface_get_data(image)
    else { throw Failure("draw", "draw: cairo could not create a surface") }
    defer { cairo_surface_destroy(image) }
    let stride = Int(cairo_image_surface_get_stride(image))
    // SAFETY: as in `bitmap`.
    for y in 0..<source.height {
      for x in 0..<source.width {
        let pixel = data + (y * stride + x * 4)
        let at = (y * source.width + x) * 3
        pixel[2] = source.rgb[at]
        pixel[1] = source.rgb[at + 1]
        pixel[0] = source.rgb[at + 2]
      }
    }
    cairo_surface_mark_dirty(image)
    cairo_save(context)
    defer { cairo_restore(context) }
    cairo_rectangle(context, area.x, area.y, area.width, area.height)
    cairo_clip(context)
    cairo_translate(context, area.x, area.y)
    cairo_scale(
      context, area.width / Double(source.width), area.height / Double(source.height))
    cairo_set_source_surface(context, image, 0, 0)
    // The border is repeated, so that edges do not fade into the background.
    cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_PAD)
    cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_GOOD)
    cairo_paint(context)
  }
}

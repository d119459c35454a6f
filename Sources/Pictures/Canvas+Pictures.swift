import CCairo
import Glibc
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
    let (width, height) = (bitmap.width * times, bitmap.height * times)
    guard
      let image = cairo.image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)),
      let data = cairo.image_surface_get_data(image)
    else { throw Failure("draw", "draw: cairo could not create a surface") }
    defer { cairo.surface_destroy(image) }
    let stride = Int(cairo.image_surface_get_stride(image))
    // SAFETY: as in `bitmap`.
    bitmap.rgb.withUnsafeBufferPointer { rgb in
      for y in 0..<bitmap.height {
        let first = data + y * times * stride
        first.withMemoryRebound(to: UInt32.self, capacity: width) { row in
          for x in 0..<bitmap.width {
            let at = (y * bitmap.width + x) * 3
            let pixel = UInt32(rgb[at]) << 16 | UInt32(rgb[at + 1]) << 8 | UInt32(rgb[at + 2])
            (row + x * times).update(repeating: pixel, count: times)
          }
        }
        for i in 1..<max(1, times) {
          (first + i * stride).update(from: first, count: width * 4)
        }
      }
    }
    cairo.surface_mark_dirty(image)
    // Cairo itself would write it with three channels and every filter, which takes most of the time of a page.
    if cairo.surface_get_type(cairo.get_target(context)) == CAIRO_SURFACE_TYPE_SVG {
      try attach(bitmap.png(enlarged: times), to: image)
    }
    cairo.save(context)
    defer { cairo.restore(context) }
    cairo.rectangle(context, area.x, area.y, area.width, area.height)
    cairo.clip(context)
    cairo.translate(context, area.x, area.y)
    cairo.scale(
      context, area.width / Double(width), area.height / Double(height))
    cairo.set_source_surface(context, image, 0, 0)
    // The border is repeated, so that edges do not fade into the background.
    cairo.pattern_set_extend(cairo.get_source(context), CAIRO_EXTEND_PAD)
    cairo.pattern_set_filter(cairo.get_source(context), CAIRO_FILTER_GOOD)
    cairo.paint(context)
  }

  /// Gives a surface the bytes of the PNG file that an SVG file takes in its place.
  private func attach(_ png: [UInt8], to image: OpaquePointer) throws {
    guard let copy = malloc(png.count) else { throw Failure("draw", "draw: out of memory") }
    png.withUnsafeBytes {
      copy.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(copy), byteCount: png.count)
    }
    let status = cairo.surface_set_mime_data(
      image, CAIRO_MIME_TYPE_PNG, copy.assumingMemoryBound(to: UInt8.self), UInt(png.count), free,
      copy)
    guard status == CAIRO_STATUS_SUCCESS else {
      free(copy)
      throw cairo.failure(status)
    }
  }
}

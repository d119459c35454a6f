import Images
import CCairo
import Host

/// The surface that pictures are drawn on: cairo pixels or SVG. Lengths are in points, and y grows
/// downwards. This is the only file that calls cairo.
public final class Canvas {
  /// The alignment of a text at its point.
  enum Anchor { case start, middle, end }

  /// A style of the default font.
  struct Font {
    var size = 10.0
    var bold = false
  }

  private let surface: OpaquePointer
  private let context: OpaquePointer

  private init(surface: OpaquePointer) throws {
    self.surface = surface
    context = cairo_create(surface)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    try check()
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// Throws cairo's error; cairo remembers the first one and then ignores all calls.
  private func check() throws {
    for status in [cairo_status(context), cairo_surface_status(surface)]
    where status != CAIRO_STATUS_SUCCESS {
      throw Failure("draw", "draw: cairo: \(String(cString: cairo_status_to_string(status)))")
    }
  }

  static var libraryVersion: String { String(cString: cairo_version_string()) }

  // MARK: Results

  /// Draws at `density` pixels per point, on white.
  static func bitmap(_ size: Size, density: Double, _ draw: (Canvas) throws -> Void) throws
    -> Bitmap
  {
    let canvas = try pixels(size, density: density, draw)
    let width = Int(cairo_image_surface_get_width(canvas.surface))
    let height = Int(cairo_image_surface_get_height(canvas.surface))
    let stride = Int(cairo_image_surface_get_stride(canvas.surface))
    guard let data = cairo_image_surface_get_data(canvas.surface) else {
      throw Failure("draw", "draw: cairo returned no pixels")
    }
    var bitmap = Bitmap(width: width, height: height)
    // SAFETY: an RGB24 surface holds `height` rows of `stride` bytes, four per pixel, in native
    // byte order: blue, green, red, unused on little-endian machines.
    for y in 0..<height {
      for x in 0..<width {
        let pixel = data + (y * stride + x * 4)
        let at = (y * width + x) * 3
        bitmap.rgb[at] = pixel[2]
        bitmap.rgb[at + 1] = pixel[1]
        bitmap.rgb[at + 2] = pixel[0]
      }
    }
    return bitmap
  }

  /// Draws and returns the bytes of a PNG file.
  static func png(_ size: Size, density: Double, _ draw: (Canvas) throws -> Void) throws -> [UInt8]
  {
    let canvas = try pixels(size, density: density, draw)
    return try collect { write, closure in
      cairo_surface_write_to_png_stream(canvas.surface, write, closure)
    }
  }

  /// Draws and returns the bytes of an SVG file.
  static func svg(_ size: Size, _ draw: (Canvas) throws -> Void) throws -> [UInt8] {
    try collect { write, closure in
      guard
        let surface = cairo_svg_surface_create_for_stream(write, closure, size.width, size.height)
      else { return CAIRO_STATUS_NO_MEMORY }
      let canvas = try Canvas(surface: surface)
      canvas.fill(Box(x: 0, y: 0, width: size.width, height: size.height), .white)
      try draw(canvas)
      try canvas.check()
      cairo_surface_finish(surface)
      return cairo_surface_status(surface)
    }
  }

  private static func pixels(
    _ size: Size, density: Double, _ draw: (Canvas) throws -> Void
  ) throws -> Canvas {
    let width = (size.width * density).rounded(.up)
    let height = (size.height * density).rounded(.up)
    guard width >= 1, height >= 1, width <= 32767, height <= 32767 else {
      throw Failure(
        "picture-size",
        "draw: the picture would be \(describe(width)) by \(describe(height)) pixels; each side "
          + "must be from 1 to 32767")
    }
    try Memory.reserve(Int(width * height) * 4, for: "draw: a picture of that size")
    Memory.release(Int(width * height) * 4)
    guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    else { throw Failure("draw", "draw: cairo could not create a surface") }
    let canvas = try Canvas(surface: surface)
    // Pixels are filled completely, also the last ones, which the size may cover only in part.
    canvas.set(.white)
    cairo_paint(canvas.context)
    cairo_scale(canvas.context, density, density)
    try draw(canvas)
    try canvas.check()
    cairo_surface_flush(surface)
    return canvas
  }

  private static func describe(_ x: Double) -> String {
    x.isFinite && abs(x) < 1e15 ? String(Int(x)) : String(x)
  }

  private final class Collector {
    var bytes: [UInt8] = []
  }

  private static func collect(
    _ body: (@escaping cairo_write_func_t, UnsafeMutableRawPointer) throws -> cairo_status_t
  ) throws -> [UInt8] {
    let collector = Collector()
    let status = try withExtendedLifetime(collector) {
      try body(
        { closure, data, count in
          guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
          // SAFETY: `closure` is the collector, which the caller keeps alive during the call.
          Unmanaged<Collector>.fromOpaque(closure).takeUnretainedValue().bytes.append(
            contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
          return CAIRO_STATUS_SUCCESS
        }, Unmanaged.passUnretained(collector).toOpaque())
    }
    guard status == CAIRO_STATUS_SUCCESS else {
      throw Failure("draw", "draw: cairo: \(String(cString: cairo_status_to_string(status)))")
    }
    return collector.bytes
  }

  // MARK: Shapes

  private func set(_ colour: DrawnColour) {
    cairo_set_source_rgba(context, colour.red, colour.green, colour.blue, colour.alpha)
  }

  /// Fills a rectangle.
  func fill(_ area: Box, _ colour: DrawnColour) {
    set(colour)
    cairo_rectangle(context, area.x, area.y, area.width, area.height)
    cairo_fill(context)
  }

  /// Draws the outline of a rectangle.
  func stroke(_ area: Box, _ colour: DrawnColour, width: Double = 1) {
    set(colour)
    cairo_set_line_width(context, width)
    cairo_rectangle(context, area.x, area.y, area.width, area.height)
    cairo_stroke(context)
  }

  /// Draws connected lines.
  func line(_ points: [Point], _ colour: DrawnColour, width: Double = 1, dashes: [Double] = []) {
    guard let first = points.first else { return }
    set(colour)
    cairo_set_line_width(context, width)
    cairo_set_dash(context, dashes, Int32(dashes.count), 0)
    cairo_move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
    cairo_stroke(context)
    cairo_set_dash(context, nil, 0, 0)
  }

  /// Fills a disc.
  func disc(_ centre: Point, radius: Double, _ colour: DrawnColour) {
    set(colour)
    cairo_new_path(context)
    cairo_arc(context, centre.x, centre.y, radius, 0, 2 * Double.pi)
    cairo_fill(context)
  }

  /// Draws with clipping to a rectangle.
  func clipped(to area: Box, _ body: () throws -> Void) rethrows {
    cairo_save(context)
    cairo_rectangle(context, area.x, area.y, area.width, area.height)
    cairo_clip(context)
    defer { cairo_restore(context) }
    try body()
  }

  // MARK: Text

  /// The width of a line of text, for callers that need it before there is a canvas.
  static func width(of text: String, _ font: Font) throws -> Double {
    guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, 1) else {
      throw Failure("draw", "draw: cairo could not create a surface")
    }
    return try Canvas(surface: surface).width(of: text, font)
  }

  /// Wraps a text into lines of at most `limit`, unless a single word is wider.
  static func lines(of text: String, _ font: Font, limit: Double) throws -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if let last = lines.last, try width(of: "\(last) \(word)", font) <= limit {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  private func select(_ font: Font) {
    cairo_select_font_face(
      context, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
      font.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_font_size(context, font.size)
  }

  /// The width of a line of text.
  func width(of text: String, _ font: Font) -> Double {
    select(font)
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, text, &extents)
    return extents.x_advance
  }

  /// Draws a line of text; `at` is on its baseline. `turned` draws it upwards.
  func text(
    _ text: String, at point: Point, _ font: Font, _ colour: DrawnColour = .ink,
    anchor: Anchor = .start, turned: Bool = false
  ) {
    select(font)
    set(colour)
    let shift =
      switch anchor {
      case .start: 0.0
      case .middle: width(of: text, font) / 2
      case .end: width(of: text, font)
      }
    cairo_save(context)
    cairo_translate(context, point.x, point.y)
    if turned { cairo_rotate(context, -Double.pi / 2) }
    cairo_move_to(context, -shift, 0)
    cairo_show_text(context, text)
    cairo_restore(context)
  }

  /// The text, with its end replaced by `…` if it is wider than `limit`.
  func fitted(_ text: String, _ font: Font, to limit: Double) -> String {
    if width(of: text, font) <= limit { return text }
    var short = Array(text)
    while short.count > 1 {
      short.removeLast()
      let candidate = String(short) + "…"
      if width(of: candidate, font) <= limit { return candidate }
    }
    return "…"
  }

  // MARK: Pictures

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

import Images
import CCairo
import Host

/// The surface that pictures are drawn on: cairo pixels, SVG or PDF. Lengths are in points, and y
/// grows downwards. The files of this class are the only ones that call cairo.
public final class Canvas {
  private let surface: OpaquePointer
  let context: OpaquePointer
  /// The texts that were drawn, if they are recorded.
  var texts: [PlacedText]?

  private init(surface: OpaquePointer) throws {
    self.surface = surface
    context = cairo_create(surface)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    // Widths are the same at every density and in every format, so that a layout can be computed
    // before there is a surface.
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
    try check()
  }

  /// A canvas without pixels, to measure texts.
  static func measuring() throws -> Canvas {
    guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, 1) else {
      throw Failure("draw", "draw: cairo could not create a surface")
    }
    return try Canvas(surface: surface)
  }

  /// Draws without pixels and returns the texts, for tests of a layout.
  static func texts(_ draw: (Canvas) throws -> Void) throws -> [PlacedText] {
    let canvas = try measuring()
    canvas.texts = []
    try draw(canvas)
    return canvas.texts ?? []
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
      try onPaper(
        cairo_svg_surface_create_for_stream(write, closure, size.width, size.height), size, draw)
    }
  }

  /// Draws and returns the bytes of a PDF file of one page. It has no date, so that equal drawings
  /// give equal files.
  static func pdf(
    _ size: Size, title: String, subject: String, _ draw: (Canvas) throws -> Void
  ) throws -> [UInt8] {
    try collect { write, closure in
      let surface = cairo_pdf_surface_create_for_stream(write, closure, size.width, size.height)
      for (key, text) in [
        (CAIRO_PDF_METADATA_TITLE, title), (CAIRO_PDF_METADATA_SUBJECT, subject),
        (CAIRO_PDF_METADATA_CREATE_DATE, ""),
      ] {
        cairo_pdf_surface_set_metadata(surface, key, text)
      }
      return try onPaper(surface, size, draw)
    }
  }

  /// Draws on the white paper of a surface and finishes it.
  private static func onPaper(
    _ surface: OpaquePointer?, _ size: Size, _ draw: (Canvas) throws -> Void
  ) throws -> cairo_status_t {
    guard let surface else { return CAIRO_STATUS_NO_MEMORY }
    let canvas = try Canvas(surface: surface)
    canvas.fill(Box(x: 0, y: 0, width: size.width, height: size.height), .white)
    try draw(canvas)
    try canvas.check()
    cairo_surface_finish(surface)
    return cairo_surface_status(surface)
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

  func set(_ colour: DrawnColour) {
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

  /// Fills the area inside connected lines.
  func fill(_ points: [Point], _ colour: DrawnColour) {
    guard let first = points.first else { return }
    set(colour)
    cairo_move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
    cairo_close_path(context)
    cairo_fill(context)
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

  /// Draws with the origin at a point and lengths multiplied by `scale`.
  func moved(to point: Point, scale: Double, _ body: () throws -> Void) rethrows {
    cairo_save(context)
    cairo_translate(context, point.x, point.y)
    cairo_scale(context, scale, scale)
    defer { cairo_restore(context) }
    try body()
  }
}

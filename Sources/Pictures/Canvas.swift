import Images
import CCairo
import Host

/// The surface that pictures are drawn on: cairo pixels, SVG or PDF. Lengths are in points, and y
/// grows downwards. The files of this class are the only ones that call cairo.
public final class Canvas {
  let cairo: CairoFunctions
  private let surface: OpaquePointer
  let context: OpaquePointer
  /// The texts that were drawn, if they are recorded.
  var texts: [PlacedText]?

  private init(_ cairo: CairoFunctions, surface: OpaquePointer) throws {
    self.cairo = cairo
    self.surface = surface
    guard let context = cairo.create(surface) else {
      throw Failure("draw", "draw: cairo could not create a context")
    }
    self.context = context
    cairo.set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    // Widths are the same at every density and in every format, so that a layout can be computed
    // before there is a surface.
    let options = cairo.font_options_create()
    cairo.font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo.set_font_options(context, options)
    cairo.font_options_destroy(options)
    try check()
  }

  /// A canvas without pixels, to measure texts.
  static func measuring() throws -> Canvas {
    let cairo = try Cairo.functions()
    guard let surface = cairo.image_surface_create(CAIRO_FORMAT_RGB24, 1, 1) else {
      throw Failure("draw", "draw: cairo could not create a surface")
    }
    return try Canvas(cairo, surface: surface)
  }

  /// Draws without pixels and returns the texts, for tests of a layout.
  static func texts(_ draw: (Canvas) throws -> Void) throws -> [PlacedText] {
    let canvas = try measuring()
    canvas.texts = []
    try draw(canvas)
    return canvas.texts ?? []
  }

  deinit {
    cairo.destroy(context)
    cairo.surface_destroy(surface)
  }

  /// Throws cairo's error; cairo remembers the first one and then ignores all calls.
  private func check() throws {
    for status in [cairo.status(context), cairo.surface_status(surface)]
    where status != CAIRO_STATUS_SUCCESS {
      throw cairo.failure(status)
    }
  }

  static var libraryVersion: String? {
    (try? Cairo.functions())?.version_string().map { String(cString: $0) }
  }

  // MARK: Results

  /// Draws at `density` pixels per point, on white.
  static func bitmap(_ size: Size, density: Double, _ draw: (Canvas) throws -> Void) throws
    -> Bitmap
  {
    let canvas = try pixels(size, density: density, draw)
    let cairo = canvas.cairo
    let width = Int(cairo.image_surface_get_width(canvas.surface))
    let height = Int(cairo.image_surface_get_height(canvas.surface))
    let stride = Int(cairo.image_surface_get_stride(canvas.surface))
    guard let data = cairo.image_surface_get_data(canvas.surface) else {
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
    return try collect { cairo, write, closure in
      cairo.surface_write_to_png_stream(canvas.surface, write, closure)
    }
  }

  /// Draws and returns the bytes of an SVG file.
  static func svg(_ size: Size, _ draw: (Canvas) throws -> Void) throws -> [UInt8] {
    try collect { cairo, write, closure in
      try onPaper(
        cairo, cairo.svg_surface_create_for_stream(write, closure, size.width, size.height), size,
        draw)
    }
  }

  /// Draws and returns the bytes of a PDF file of one page. It has no date, so that equal drawings
  /// give equal files.
  static func pdf(
    _ size: Size, title: String, subject: String, _ draw: (Canvas) throws -> Void
  ) throws -> [UInt8] {
    try collect { cairo, write, closure in
      let surface = cairo.pdf_surface_create_for_stream(write, closure, size.width, size.height)
      for (key, text) in [
        (CAIRO_PDF_METADATA_TITLE, title), (CAIRO_PDF_METADATA_SUBJECT, subject),
        (CAIRO_PDF_METADATA_CREATE_DATE, ""),
      ] {
        cairo.pdf_surface_set_metadata(surface, key, text)
      }
      return try onPaper(cairo, surface, size, draw)
    }
  }

  /// Draws on the white paper of a surface and finishes it.
  private static func onPaper(
    _ cairo: CairoFunctions, _ surface: OpaquePointer?, _ size: Size,
    _ draw: (Canvas) throws -> Void
  ) throws -> cairo_status_t {
    guard let surface else { return CAIRO_STATUS_NO_MEMORY }
    let canvas = try Canvas(cairo, surface: surface)
    canvas.fill(Box(x: 0, y: 0, width: size.width, height: size.height), .white)
    try draw(canvas)
    try canvas.check()
    cairo.surface_finish(surface)
    return cairo.surface_status(surface)
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
    let cairo = try Cairo.functions()
    guard let surface = cairo.image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    else { throw Failure("draw", "draw: cairo could not create a surface") }
    let canvas = try Canvas(cairo, surface: surface)
    // Pixels are filled completely, also the last ones, which the size may cover only in part.
    canvas.set(.white)
    cairo.paint(canvas.context)
    cairo.scale(canvas.context, density, density)
    try draw(canvas)
    try canvas.check()
    cairo.surface_flush(surface)
    return canvas
  }

  private static func describe(_ x: Double) -> String {
    x.isFinite && abs(x) < 1e15 ? String(Int(x)) : String(x)
  }

  private final class Collector {
    var bytes: [UInt8] = []
  }

  private static func collect(
    _ body: (CairoFunctions, @escaping cairo_write_func_t, UnsafeMutableRawPointer) throws
      -> cairo_status_t
  ) throws -> [UInt8] {
    let cairo = try Cairo.functions()
    let collector = Collector()
    let status = try withExtendedLifetime(collector) {
      try body(
        cairo,
        { closure, data, count in
          guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
          // SAFETY: `closure` is the collector, which the caller keeps alive during the call.
          Unmanaged<Collector>.fromOpaque(closure).takeUnretainedValue().bytes.append(
            contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
          return CAIRO_STATUS_SUCCESS
        }, Unmanaged.passUnretained(collector).toOpaque())
    }
    guard status == CAIRO_STATUS_SUCCESS else {
      throw cairo.failure(status)
    }
    return collector.bytes
  }

  // MARK: Shapes

  func set(_ colour: DrawnColour) {
    cairo.set_source_rgba(context, colour.red, colour.green, colour.blue, colour.alpha)
  }

  /// Fills a rectangle.
  func fill(_ area: Box, _ colour: DrawnColour) {
    set(colour)
    cairo.rectangle(context, area.x, area.y, area.width, area.height)
    cairo.fill(context)
  }

  /// Draws the outline of a rectangle.
  func stroke(_ area: Box, _ colour: DrawnColour, width: Double = 1) {
    set(colour)
    cairo.set_line_width(context, width)
    cairo.rectangle(context, area.x, area.y, area.width, area.height)
    cairo.stroke(context)
  }

  /// Draws connected lines.
  func line(_ points: [Point], _ colour: DrawnColour, width: Double = 1, dashes: [Double] = []) {
    guard let first = points.first else { return }
    set(colour)
    cairo.set_line_width(context, width)
    cairo.set_dash(context, dashes, Int32(dashes.count), 0)
    cairo.move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo.line_to(context, point.x, point.y) }
    cairo.stroke(context)
    cairo.set_dash(context, nil, 0, 0)
  }

  /// Fills the area inside connected lines.
  func fill(_ points: [Point], _ colour: DrawnColour) {
    guard let first = points.first else { return }
    set(colour)
    cairo.move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo.line_to(context, point.x, point.y) }
    cairo.close_path(context)
    cairo.fill(context)
  }

  /// Fills a disc.
  func disc(_ centre: Point, radius: Double, _ colour: DrawnColour) {
    set(colour)
    cairo.new_path(context)
    cairo.arc(context, centre.x, centre.y, radius, 0, 2 * Double.pi)
    cairo.fill(context)
  }

  /// Draws with clipping to a rectangle.
  func clipped(to area: Box, _ body: () throws -> Void) rethrows {
    cairo.save(context)
    cairo.rectangle(context, area.x, area.y, area.width, area.height)
    cairo.clip(context)
    defer { cairo.restore(context) }
    try body()
  }

  /// Draws with the origin at a point and lengths multiplied by `scale`.
  func moved(to point: Point, scale: Double, _ body: () throws -> Void) rethrows {
    cairo.save(context)
    cairo.translate(context, point.x, point.y)
    cairo.scale(context, scale, scale)
    defer { cairo.restore(context) }
    try body()
  }
}

import CChafa
import Glibc
import Host

/// Draws pictures in the terminal with chafa: in pixels if the terminal supports them (kitty,
/// iTerm2, sixel), otherwise in coloured block characters.
public enum TerminalPictures {
  /// The name of the drawing library and the version that it was built against.
  public static var version: String {
    "chafa \(CHAFA_MAJOR_VERSION).\(CHAFA_MINOR_VERSION).\(CHAFA_MICRO_VERSION)"
  }

  /// The graphics that the terminal on standard output supports, for `doctor`: `kitty`, `sixel`,
  /// `iterm2`, `symbols, 24-bit colour` ...; nil if standard output is not a terminal.
  public static var ability: String? {
    guard isatty(1) == 1, let terminal = detect() else { return nil }
    defer { chafa_term_info_unref(terminal) }
    let (pixels, colours) = modes(of: terminal)
    switch pixels {
    case CHAFA_PIXEL_MODE_KITTY: return "kitty"
    case CHAFA_PIXEL_MODE_ITERM2: return "iterm2"
    case CHAFA_PIXEL_MODE_SIXELS: return "sixel"
    default:
      switch colours {
      case CHAFA_CANVAS_MODE_TRUECOLOR: return "symbols, 24-bit colour"
      case CHAFA_CANVAS_MODE_INDEXED_240: return "symbols, 256 colours"
      case CHAFA_CANVAS_MODE_INDEXED_16: return "symbols, 16 colours"
      default: return "symbols, no colour"
      }
    }
  }

  /// Returns the bytes that draw a picture (RGB, row by row) on a terminal of the given size; nil
  /// if the terminal is a dumb one. Blocks have no colour if NO_COLOR is set.
  public static func text(
    rgb: [UInt8], width: Int, height: Int,
    terminal size: (columns: Int, rows: Int, width: Int, height: Int)
  ) -> String? {
    guard width > 0, height > 0, width < 1 << 15, height < 1 << 15,
      rgb.count == width * height * 3, let terminal = detect()
    else { return nil }
    defer { chafa_term_info_unref(terminal) }
    let (pixels, colours) = modes(of: terminal)
    let cellWidth = size.width > 0 ? max(1, size.width / size.columns) : 8
    let cellHeight = size.height > 0 ? max(1, size.height / max(1, size.rows)) : 16

    // The picture is drawn at its own size if that fits; a small one is enlarged to be visible.
    let natural = max(24, (width + cellWidth - 1) / cellWidth)
    var columns = Int32(max(8, min(size.columns - 1, natural)))
    var rows = Int32(max(4, size.rows * 3 / 4))
    chafa_calc_canvas_geometry(
      Int32(width), Int32(height), &columns, &rows, Float(cellWidth) / Float(cellHeight), 1, 0)
    guard columns > 0, rows > 0, let config = chafa_canvas_config_new() else { return nil }
    defer { chafa_canvas_config_unref(config) }
    chafa_canvas_config_set_geometry(config, columns, rows)
    chafa_canvas_config_set_cell_geometry(config, Int32(cellWidth), Int32(cellHeight))
    chafa_canvas_config_set_pixel_mode(config, pixels)
    chafa_canvas_config_set_canvas_mode(config, colours)
    if let symbols = chafa_symbol_map_new() {
      chafa_symbol_map_add_by_tags(symbols, CHAFA_SYMBOL_TAG_BLOCK)
      chafa_symbol_map_add_by_tags(symbols, CHAFA_SYMBOL_TAG_SPACE)
      chafa_canvas_config_set_symbol_map(config, symbols)
      chafa_symbol_map_unref(symbols)
    }
    guard let canvas = chafa_canvas_new(config) else { return nil }
    defer { chafa_canvas_unref(canvas) }
    rgb.withUnsafeBufferPointer {
      chafa_canvas_draw_all_pixels(
        canvas, CHAFA_PIXEL_RGB8, $0.baseAddress, Int32(width), Int32(height), Int32(width * 3))
    }
    guard let text = chafa_canvas_print(canvas, terminal) else { return nil }
    defer { g_string_free(text, 1) }
    // SAFETY: a GString holds `len` bytes at `str`, here until the defer above.
    let bytes = UnsafeRawBufferPointer(start: text.pointee.str, count: Int(text.pointee.len))
    return String(decoding: bytes, as: UTF8.self) + "\n"
  }

  private static func detect() -> OpaquePointer? {
    // chafa takes a dumb terminal for one with 256 colours.
    guard getenv("TERM").map({ String(cString: $0) }) != "dumb",
      let database = chafa_term_db_get_default()
    else { return nil }
    return chafa_term_db_detect(database, environ)
  }

  private static func modes(of terminal: OpaquePointer) -> (ChafaPixelMode, ChafaCanvasMode) {
    func has(_ sequence: ChafaTermSeq) -> Bool {
      chafa_term_info_have_seq(terminal, sequence) != 0
    }
    let isPlain = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
    let colours =
      isPlain
      ? CHAFA_CANVAS_MODE_FGBG
      : has(CHAFA_TERM_SEQ_SET_COLOR_FGBG_DIRECT)
        ? CHAFA_CANVAS_MODE_TRUECOLOR
        : has(CHAFA_TERM_SEQ_SET_COLOR_FGBG_256)
          ? CHAFA_CANVAS_MODE_INDEXED_240
          : has(CHAFA_TERM_SEQ_SET_COLOR_FGBG_16)
            ? CHAFA_CANVAS_MODE_INDEXED_16 : CHAFA_CANVAS_MODE_FGBG
    let pixels =
      has(CHAFA_TERM_SEQ_BEGIN_KITTY_IMMEDIATE_IMAGE_V1)
      ? CHAFA_PIXEL_MODE_KITTY
      : has(CHAFA_TERM_SEQ_BEGIN_ITERM2_IMAGE)
        ? CHAFA_PIXEL_MODE_ITERM2
        : has(CHAFA_TERM_SEQ_BEGIN_SIXELS) ? CHAFA_PIXEL_MODE_SIXELS : CHAFA_PIXEL_MODE_SYMBOLS
    return (pixels, colours)
  }
}

import Host

/// The library for regular expressions, in its form for UTF-8, which is loaded when it is needed.
struct PCRE {
  typealias Address = UnsafeMutableRawPointer
  typealias Compile =
    @convention(c) (
      UnsafePointer<UInt8>?, Int, UInt32, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int>,
      Address?
    ) -> Address?
  typealias Match =
    @convention(c) (
      Address, UnsafePointer<UInt8>?, Int, Int, UInt32, Address, Address?
    ) -> Int32
  typealias MakeData = @convention(c) (Address, Address?) -> Address?
  typealias MakeContext = @convention(c) (Address?) -> Address?
  typealias SetLimit = @convention(c) (Address, UInt32) -> Int32
  typealias SetOffset = @convention(c) (Address, Int) -> Int32
  typealias Offsets = @convention(c) (Address) -> UnsafeMutablePointer<Int>?
  typealias Information = @convention(c) (Address, UInt32, Address?) -> Int32
  typealias Message = @convention(c) (Int32, UnsafeMutablePointer<UInt8>, Int) -> Int32
  typealias Configuration = @convention(c) (UInt32, Address?) -> Int32
  typealias Release = @convention(c) (Address?) -> Void

  let compile: Compile
  let match: Match
  let makeData: MakeData
  let makeContext: MakeContext
  let setMatchLimit: SetLimit
  let setHeapLimit: SetLimit
  let setOffsetLimit: SetOffset
  let offsets: Offsets
  let information: Information
  let releaseCode: Release
  let releaseData: Release
  let releaseContext: Release
  private let message: Message
  private let configuration: Configuration

  /// The library, once it has been loaded.
  static let shared = Result { try PCRE() }

  /// Loads the library. Throws `library` if it is not installed.
  private init() throws {
    let all = try SharedLibrary(
      "libpcre2-8.so.0", called: Pattern.library.name, package: Pattern.library.package,
      for: "a pattern")
    func function<Function>(_ name: String, _: Function.Type) throws -> Function {
      try all.function("pcre2_\(name)_8", as: Function.self)
    }
    compile = try function("compile", Compile.self)
    match = try function("match", Match.self)
    makeData = try function("match_data_create_from_pattern", MakeData.self)
    makeContext = try function("match_context_create", MakeContext.self)
    setMatchLimit = try function("set_match_limit", SetLimit.self)
    setHeapLimit = try function("set_heap_limit", SetLimit.self)
    setOffsetLimit = try function("set_offset_limit", SetOffset.self)
    offsets = try function("get_ovector_pointer", Offsets.self)
    information = try function("pattern_info", Information.self)
    releaseCode = try function("code_free", Release.self)
    releaseData = try function("match_data_free", Release.self)
    releaseContext = try function("match_context_free", Release.self)
    message = try function("get_error_message", Message.self)
    configuration = try function("config", Configuration.self)
  }

  /// What an error's number means.
  func text(of error: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = Int(message(error, &buffer, buffer.count))
    guard length > 0 else { return "error \(error)" }
    return String(decoding: buffer.prefix(length), as: UTF8.self)
  }

  /// The version: `10.42`.
  var version: String {
    var buffer = [UInt8](repeating: 0, count: 64)
    let length = buffer.withUnsafeMutableBytes { configuration(11, $0.baseAddress) }
    guard length > 1 else { return "" }
    let text = String(decoding: buffer.prefix(Int(length) - 1), as: UTF8.self)
    return text.split(separator: " ").first.map(String.init) ?? ""
  }
}

/// The numbers of the library's header that are used.
enum PCREConstant {
  static let ignoresCase: UInt32 = 0x8
  static let unicodeClasses: UInt32 = 0x20000
  static let utf: UInt32 = 0x80000
  static let neverHalfCharacters: UInt32 = 0x100000
  static let usesOffsetLimit: UInt32 = 0x800000
  /// Options of a match.
  static let skipsUTFCheck: UInt32 = 0x4000_0000
  static let notEmptyAtStart: UInt32 = 0x8
  /// Results of a match.
  static let noMatch: Int32 = -1
  static let tooManySteps: Int32 = -47
  static let tooMuchMemory: Int32 = -63
  /// What is asked of a pattern.
  static let captureCount: UInt32 = 4
  static let nameCount: UInt32 = 17
  static let nameEntrySize: UInt32 = 18
  static let nameTable: UInt32 = 19
}

import Glibc

/// A library that is loaded when it is needed, since most runs do without it.
public struct SharedLibrary {
  // SAFETY: a library that is loaded stays loaded, so its functions can be called at any time.
  private let handle: UnsafeMutableRawPointer
  private let name: String

  /// Loads the library in a file. Throws `library` if that fails, with its name, its Debian package and
  /// what needs it: `kernel`.
  public init(_ file: String, called name: String, package: String, for use: String) throws {
    guard let handle = dlopen(file, RTLD_NOW | RTLD_LOCAL) else {
      let reason = dlerror().map { String(cString: $0) } ?? ""
      throw Failure(
        "library", "\(use) needs \(name), which could not be loaded: \(reason)",
        hint: "install Debian's package: apt-get install \(package)")
    }
    (self.handle, self.name) = (handle, name)
  }

  /// Returns one of its functions, whose type is that of its C declaration. Throws `library` if the
  /// library does not have it.
  public func function<Function>(_ symbol: String, as type: Function.Type) throws -> Function {
    guard let address = dlsym(handle, symbol) else {
      throw Failure("library", "\(name) does not have the function \(symbol)")
    }
    // SAFETY: the caller gives the type of the C declaration.
    return unsafeBitCast(address, to: type)
  }

  /// Returns a structure of C whose fields are functions; their names are an array of C, in the same order.
  /// Throws `library` as `function` does.
  public func functions<Names, Functions>(_ names: Names, as type: Functions.Type) throws
    -> Functions
  {
    try withUnsafeBytes(of: names) { names in
      let addresses = try names.bindMemory(to: UnsafePointer<CChar>.self).map {
        try function(String(cString: $0), as: UnsafeMutableRawPointer.self)
      }
      precondition(addresses.count * MemoryLayout<Int>.size == MemoryLayout<Functions>.size)
      // SAFETY: the structure has one pointer to a function for each name.
      return addresses.withUnsafeBytes { $0.load(as: Functions.self) }
    }
  }
}

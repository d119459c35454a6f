/// A host with its own working folder, independent of the process's, so that two engines in one
/// process can have different ones.
open class FolderHost: ForwardingHost {
  private let folder: String

  /// Wraps another host; a relative `folder` refers to that host's working folder.
  public init(_ base: any Host, folder: String) {
    self.folder = folder.hasPrefix("/") ? folder : "\(base.workingFolder)/\(folder)"
    super.init(base)
  }

  /// An absolute path; an empty path stays empty, since it does not refer to anything.
  open override func path(_ path: String) -> String {
    path.isEmpty || path.hasPrefix("/") ? path : "\(folder)/\(path)"
  }

  /// The folder that relative paths refer to, absolute.
  open override var workingFolder: String { folder }
}

/// A host whose relative paths begin in a folder of its own, whatever the process's is: two engines in one
/// process each have theirs.
open class FolderHost: ForwardingHost {
  private let folder: String

  /// Makes a host over another; a relative `folder` is meant from that one's.
  public init(_ base: any Host, folder: String) {
    self.folder = folder.hasPrefix("/") ? folder : "\(base.workingFolder)/\(folder)"
    super.init(base)
  }

  /// An absolute path; an empty one stays empty, as it names nothing.
  open override func path(_ path: String) -> String {
    path.isEmpty || path.hasPrefix("/") ? path : "\(folder)/\(path)"
  }

  /// The folder that relative paths begin in, absolute.
  open override var workingFolder: String { folder }
}

import Formats
import Host

/// Tells Jupyter of the kernel.
public enum KernelInstall {
  /// Writes the description of the kernel to the user's folder of Jupyter, and returns the folder.
  /// `program` is the path of `limbeck`. Throws `kernel` if HOME is not set.
  public static func install(program: String, host: any Host) throws -> String {
    let folder = try "\(dataFolder(host))/kernels/limbeck"
    let description = JSON.object([
      ("argv", .array(["\(program)", "kernel", "{connection_file}"].map { .string($0) })),
      ("display_name", .string("Limbeck")), ("language", .string("limbeck")),
      ("interrupt_mode", .string("message")),
      ("metadata", .object([("supported_encryption", .array([.string("curve")]))])),
    ])
    try host.makeFolder(folder)
    try host.write(Array((description.indentedText + "\n").utf8), to: "\(folder)/kernel.json")
    return folder
  }

  /// The folder in which Jupyter looks for what a user has installed.
  private static func dataFolder(_ host: any Host) throws -> String {
    if let folder = host.environment("JUPYTER_DATA_DIR"), !folder.isEmpty { return folder }
    guard let folder = UserFolder.data.path(on: host) else {
      throw Failure(
        "kernel", "kernel install: HOME is not set",
        hint: "JUPYTER_DATA_DIR names the folder as well")
    }
    return "\(folder)/jupyter"
  }
}

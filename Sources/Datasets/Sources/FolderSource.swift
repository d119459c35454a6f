import Glibc
import Host
import Images
import Tensors

/// PNG and JPEG files in class folders, read when their pixels are wanted. Images have three
/// channels: a grey one is repeated.
final class FolderSource: RecordSource {
  let identity: String
  var title: String { root }
  let classes: [String]
  let labels: [Int32]
  let imageShape: [Int]? = [3, -1, -1]
  let isResident = false
  private let root: String
  private let files: [String]
  private let host: Host
  private let leftOut: Int
  // SAFETY: guarded by `lock`.
  private var noted: Set<String> = []
  private var lock = pthread_mutex_t()

  /// `files` are paths inside `root`.
  init(
    root: String, files: [String], labels: [Int32], classes: [String], leftOut: Int,
    identity: String?, host: Host
  ) {
    self.root = root
    self.files = files
    self.labels = labels
    self.classes = classes
    self.leftOut = leftOut
    self.host = host
    var digest = Digest()
    for file in files { digest.add(file) }
    self.identity = (identity ?? "image_folder \(root)") + " \(digest.text)"
    pthread_mutex_init(&lock, nil)
  }
  deinit { pthread_mutex_destroy(&lock) }

  var contentKey: String { "\(identity) in \(root)" }
  var count: Int { files.count }
  func name(_ record: Int) -> String { files[record] }

  func load(_ record: Int) throws -> Sample {
    let path = root + "/" + files[record]
    let image = try ImageFile.decode(host.read(path), name: path) { warning in
      pthread_mutex_lock(&lock)
      noted.insert(warning)
      pthread_mutex_unlock(&lock)
    }
    return Sample(try Colour.rgb(image))
  }

  func content(_ record: Int) throws -> Digest {
    var digest = Digest()
    // How the bytes become pixels is a part of the key: another way of decoding is another text here.
    digest.add("exact")
    let bytes = try host.read(root + "/" + files[record])
    digest.add(UInt64(bytes.count))
    bytes.withUnsafeBytes { digest.add($0) }
    return digest
  }

  var warnings: [String] {
    pthread_mutex_lock(&lock)
    defer { pthread_mutex_unlock(&lock) }
    let others = leftOut == 1 ? "1 file is" : "\(leftOut) files are"
    return (leftOut > 0 ? ["\(others) neither PNG nor JPEG and left out"] : []) + noted.sorted()
  }
}

import Host
import Synchronization
import Tensors

/// The cached records of one chain, as one run sees them: those in segments, and those that this
/// run has rendered and not yet written.
final class DiskStore: Sendable {
  /// The file with the title of the chain, for `limbeck cache`.
  static let titleFile = "chain.txt"

  private struct State {
    var segments: Set<String> = []
    var places: [ContentKey: DiskSegment.Place] = [:]
    var pending: [ContentKey: Sample] = [:]
    var pendingBytes = 0
    /// Segments that this run has used.
    var touched: Set<String> = []
    /// The lock that marks the folder as in use.
    var hold: Hold?
    var isOff = false

    /// Stops a debug build if the count of bytes differs from the size of the pending samples, or
    /// if a record refers to a segment that has not been opened.
    func checkInvariants() {
      assert(pendingBytes == pending.values.reduce(0) { $0 + $1.image.byteCount })
      assert(
        places.values.allSatisfy { place in
          place.path.split(separator: "/").last.map { segments.contains(String($0)) } ?? false
        })
    }
  }

  private let folder: String
  private let title: String
  private let room: DiskRoom
  private var host: Host { room.files.host }
  private let state: Mutex<State>
  /// Held while a segment is written, so that two threads do not write the same records.
  private let writing = Mutex(())

  /// The size of a segment in bytes of pixels.
  private let segmentBytes: Int

  init(_ folder: String, title: String, room: DiskRoom, segmentBytes: Int = 32 << 20) {
    self.folder = folder
    self.title = title
    self.segmentBytes = segmentBytes
    self.room = room
    var state = State()
    DiskStore.look(folder, room.files.host, &state)
    self.state = Mutex(state)
  }

  deinit { flush() }

  /// Opens new segments. Those that can't be read are skipped.
  private static func look(_ folder: String, _ host: Host, _ state: inout State) {
    guard host.kind(of: folder) == .folder else { return }
    if state.hold == nil { state.hold = host.hold(folder, alone: false) }
    guard let names = try? host.list(folder) else { return }
    for name in names where name.hasSuffix(DiskSegment.ending) && !name.hasPrefix(".") {
      guard state.segments.insert(name).inserted,
        let segment = try? DiskSegment.read("\(folder)/\(name)", host)
      else { continue }
      state.places.merge(segment.places) { old, _ in old }
    }
  }

  /// Returns a record's sample, if it is in the cache and intact.
  func sample(_ key: ContentKey) -> Sample? {
    let (pending, place) = state.withLock { ($0.pending[key], $0.places[key]) }
    if let pending { return pending }
    guard let place else { return nil }
    if let sample = try? place.sample(host) {
      // The least recently used files are removed first.
      if state.withLock({ $0.touched.insert(place.path).inserted }) { host.touch(place.path) }
      return sample
    }
    // The segment is damaged or its file is gone: the record is rendered and written again.
    state.withLock { if $0.places[key] == place { $0.places[key] = nil } }
    return nil
  }

  /// Adds a record's sample, which is later written together with others.
  func keep(_ sample: Sample, of key: ContentKey) {
    guard DiskSegment.holds(sample) else { return }
    let isFull = state.withLock { state in
      guard !state.isOff, state.places[key] == nil, state.pending[key] == nil else { return false }
      state.pending[key] = sample
      state.pendingBytes += sample.image.byteCount
      return state.pendingBytes >= segmentBytes
    }
    if isFull { flush() }
  }

  /// Writes pending samples, except those that another run has written in the meantime. If the disk
  /// or the cache is full or the folder can't be written, this is reported once and the run
  /// continues without the cache.
  func flush() {
    writing.withLock { _ in
      let samples = state.withLock { state in
        state.checkInvariants()
        if !state.pending.isEmpty { DiskStore.look(folder, host, &state) }
        return state.pending.filter { state.places[$0.key] == nil }
          .sorted { ($0.key.a, $0.key.b) < ($1.key.a, $1.key.b) }
      }
      var written: (name: String, segment: DiskSegment)?
      do {
        if !samples.isEmpty { written = try write(samples) }
      } catch {
        let isFirst = state.withLock { state in
          defer { state.isOff = true }
          return !state.isOff
        }
        if isFirst { host.report("note: cached: \(error); the run continues without it\n") }
      }
      state.withLock { state in
        if let (name, segment) = written {
          state.segments.insert(name)
          state.places.merge(segment.places) { _, new in new }
        }
        // Samples may have been added in the meantime: only those handled here are removed.
        if state.isOff {
          state.pending = [:]
        } else {
          state.pending = state.pending.filter { state.places[$0.key] == nil }
        }
        state.pendingBytes = state.pending.reduce(0) { $0 + $1.value.image.byteCount }
        state.checkInvariants()
      }
    }
  }

  private func write(_ samples: [(key: ContentKey, value: Sample)]) throws -> (String, DiskSegment)
  {
    // The name is derived from the content: two runs that write the same samples write the same
    // file.
    var digest = Digest()
    for (key, _) in samples {
      digest.add(key.a)
      digest.add(key.b)
    }
    let name = digest.text + DiskSegment.ending
    let path = "\(folder)/\(name)"
    let (bytes, segment) = DiskSegment.bytes(of: samples, path: path)
    try room.make(for: bytes.count)
    try open()
    try host.write(bytes, to: path)
    return (name, segment)
  }

  /// Creates the folder and locks it.
  private func open() throws {
    // Until it is locked, another process may remove it and its contents.
    for _ in 0..<8 where host.kind(of: folder) == nil || !state.withLock({ $0.hold != nil }) {
      try host.makeFolder(folder)
      let hold = host.hold(folder, alone: false)
      state.withLock { $0.hold = hold }
    }
    let path = "\(folder)/\(DiskStore.titleFile)"
    if host.kind(of: path) == nil { try host.write(Array(title.utf8), to: path) }
  }
}

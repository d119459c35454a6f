import Host
import Synchronization
import Tensors

/// One chain's records on disk, as one run sees them: what the segments hold, and what this run has made
/// and not yet written.
final class DiskStore: Sendable {
  /// Says what the chain is, for `limbeck cache`.
  static let titleFile = "chain.txt"

  private struct State {
    var segments: Set<String> = []
    var places: [ContentKey: DiskSegment.Place] = [:]
    var pending: [ContentKey: Sample] = [:]
    var pendingBytes = 0
    /// Segments of which this run has used something.
    var touched: Set<String> = []
    /// Says that the folder is in use.
    var hold: Hold?
    var isOff = false

    /// Stops a debug build where the bytes are not those of what is pending, or a place has a segment that
    /// was not looked at.
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

  /// Bytes of pixels that make a segment.
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

  /// Takes up segments that have appeared. Those that can't be read are passed over.
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

  /// A record's sample, if it is there and whole.
  func sample(_ key: ContentKey) -> Sample? {
    let (pending, place) = state.withLock { ($0.pending[key], $0.places[key]) }
    if let pending { return pending }
    guard let place else { return nil }
    if let sample = try? place.sample(host) {
      // Files used long ago are the first that go.
      if state.withLock({ $0.touched.insert(place.path).inserted }) { host.touch(place.path) }
      return sample
    }
    // Damaged, or its file is gone: it is rendered again, and written again.
    state.withLock { if $0.places[key] == place { $0.places[key] = nil } }
    return nil
  }

  /// Keeps a record's sample, which is written with others.
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

  /// Writes what is not yet written, less what another run has written meanwhile. That the disk or the
  /// cache is full or its folder can't be written is said once, and the run goes on without.
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
        // Others may have been kept meanwhile: only what was looked at is done with.
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
    // The name is that of the content: two runs that write the same write the same file.
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

  /// Makes the folder, and holds it.
  private func open() throws {
    // Another process may remove it, with what it held, until it is held.
    for _ in 0..<8 where host.kind(of: folder) == nil || !state.withLock({ $0.hold != nil }) {
      try host.makeFolder(folder)
      let hold = host.hold(folder, alone: false)
      state.withLock { $0.hold = hold }
    }
    let path = "\(folder)/\(DiskStore.titleFile)"
    if host.kind(of: path) == nil { try host.write(Array(title.utf8), to: path) }
  }
}

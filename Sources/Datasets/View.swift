import Host
import Images
import Tensors

/// A sequence of records, each with its chain of transforms: lazy, immutable, without splits. Every
/// change of the records or the transforms gives another view of the same records.
public final class View {
  /// A record of the view: its strand, and its number in that strand's source.
  struct Entry: Hashable {
    var strand: Int32
    var record: Int32
  }

  let strands: [Strand]
  let entries: [Entry]
  /// The names of the classes, by label.
  public let classes: [String]
  /// The values that belong to each record besides its image.
  let values: RecordValues
  /// The names of the splits that its records were ever part of, sorted.
  public let origins: [String]

  init(
    strands: [Strand], entries: [Entry], classes: [String], values: RecordValues, origins: [String]
  ) {
    self.strands = strands
    self.entries = entries
    self.classes = classes
    self.values = values
    self.origins = origins
  }

  /// All records of a source, without transforms.
  convenience init(_ source: RecordSource) {
    self.init(
      strands: [Strand(source)],
      entries: (0..<source.count).map { Entry(strand: 0, record: Int32($0)) },
      classes: source.classes, values: RecordValues(), origins: [])
  }

  /// The number of records.
  public var count: Int { entries.count }

  func strand(_ i: Int) -> Strand { strands[Int(entries[i].strand)] }
  func record(_ i: Int) -> Int { Int(entries[i].record) }

  /// The label of record `i`.
  public func label(_ i: Int) -> Int32 { strand(i).source.labels[record(i)] }
  /// The name of record `i`: a file's path, or a number.
  public func name(_ i: Int) -> String { strand(i).source.name(record(i)) }
  /// Whether the records have labels.
  public var isLabelled: Bool { strands.allSatisfy(\.source.isLabelled) }
  /// The scale of the numbers of image `i`.
  public func scale(_ i: Int) -> PixelScale { strand(i).form.scale }
  /// All labels, int32 [n]. Throws `no-labels` if there are none.
  public func labels() throws -> Tensor { try labels(0..<count) }

  func labels(_ positions: some Collection<Int>) throws -> Tensor {
    if let strand = strands.first(where: { !$0.source.isLabelled }) {
      throw Failure(
        "no-labels",
        "labels: the records of \(strand.source.title) have no labels, which training, evaluation and "
          + "batches need",
        hint:
          "image_folder takes the labels from one folder of images for each class; .images and "
          + "outputs(f, d) need no labels")
    }
    let labels = strands.map(\.source.labels)
    return try Tensor(
      positions.map { labels[Int(entries[$0].strand)][Int(entries[$0].record)] },
      shape: [positions.count])
  }

  /// Each record's attributes, [n, attributes], which transforms leave as they are; nil if there is
  /// a record without. Throws the source's errors, and `shape` where sources have different ones.
  public func attributes() throws -> Tensor? {
    let tables = try strands.compactMap { try $0.source.attributes() }
    guard let first = tables.first, tables.count == strands.count else { return nil }
    var starts = [0]
    for table in tables { starts.append(starts[starts.count - 1] + table.shape[0]) }
    let rows = entries.map { Int32(starts[Int($0.strand)]) + $0.record }
    let table = tables.count == 1 ? first : try Tensor.concat(tables)
    return try table.at([.tensor(Tensor(rows, shape: [rows.count]))])
  }

  /// Whether no transform is random or unknown, so that results may be cached.
  public var isFixed: Bool { strands.allSatisfy(\.isFixed) }

  /// A key of the content and order of the view's records: two views share it only if they give the
  /// same numbers; nil unless `isFixed`.
  public var viewKey: String? {
    guard isFixed else { return nil }
    // With two hashes of 64 bits, an accidental collision is not a concern.
    var hash = Digest()
    for entry in entries {
      hash.add(
        UInt64(UInt32(bitPattern: entry.strand)) << 32 | UInt64(UInt32(bitPattern: entry.record)))
    }
    return strands.map { $0.keys[$0.fixedCount] }.joined(separator: " + ")
      + " [\(count) records, \(hash.text)]"
  }

  /// Adds everything that an iteration over the view depends on: records, their order, transforms,
  /// labels, classes, weights, kept outputs. Files are read, since their content counts, and neither
  /// where they are nor when they were written. The functions of scripts are in `scripts`.
  public func addContent(to digest: inout Digest) throws {
    for (strand, copy) in zip(strands, copyNumbers) {
      try strand.addContent(to: &digest)
      if copy > 0 { digest.add(UInt64(copy)) }
    }
    digest.add(UInt64(count))
    let haveContents = strands.map { !$0.source.isNumbered }
    let contents: [Digest?] =
      try haveContents.contains(true)
      ? parallelMap(count, grain: 16) { i in
        let strand = Int(entries[i].strand)
        guard haveContents[strand] else { return nil }
        return try strands[strand].source.content(Int(entries[i].record))
      } : []
    let labels = strands.map(\.source.labels)
    for (i, entry) in entries.enumerated() {
      let (strand, record) = (Int(entry.strand), Int(entry.record))
      digest.add(UInt64(UInt32(bitPattern: entry.strand)))
      digest.add(UInt64(UInt32(bitPattern: entry.record)))
      if haveContents[strand], let content = contents[i] { digest.add(content) }
      digest.add(UInt64(UInt32(bitPattern: labels[strand][record])))
    }
    // A folder of images without labels is named as the class of them all.
    if isLabelled { for name in classes { digest.add(name) } }
    for numbers in [values.chances, values.weights] {
      digest.add(UInt64(numbers?.count ?? 0))
      for number in numbers ?? [] { digest.add(UInt64(number.bitPattern)) }
    }
    for (place, rows) in try outputs() {
      digest.add(place)
      digest.add(rows)
    }
  }

  /// The functions of scripts among the transforms, in order.
  public var scripts: [Any] {
    strands.flatMap { $0.steps.compactMap(\.transform.script) }
  }

  /// The transforms and `cached` as scripts write them, if all records have the same chain.
  public var transforms: [String]? {
    let texts = strands.map(\.texts)
    return texts.allSatisfy { $0 == texts.first } ? texts.first ?? [] : nil
  }

  /// How many records are computed at once where batches only bound the memory: as many as have 8 MB of
  /// pixels, from 16 to 250, and 32 if their size is not known.
  public var batchSize: Int {
    guard let imageShape else { return 32 }
    let bytes = imageShape.reduce(MemoryLayout<Float>.size, *)
    return min(max((8 << 20) / max(bytes, 1), 16), 250)
  }

  /// The shape of every image, if it is known without loading any.
  public var imageShape: [Int]? {
    guard let first = strands.first?.imageShape, !first.contains(-1),
      strands.allSatisfy({ $0.imageShape == first })
    else { return nil }
    return first
  }

  /// Adds a transform. `seed` is the seed of its random numbers, if it draws any. If it can't be
  /// applied to the records, the error occurs when a record is rendered; `Dataset.mapped` reports
  /// it at once.
  public func mapped(_ transform: Transform, seed: UInt64 = 0) -> View {
    mapped { $0.appending(transform, seed: seed) }
  }

  /// The same records, with the results of their transforms cached on disk from run to run.
  public func cached(on disk: DiskCache) -> View { mapped { $0.kept(on: disk) } }

  private func mapped(_ change: (Strand) -> Strand) -> View {
    View(
      strands: strands.map(change), entries: entries, classes: classes, values: values,
      origins: origins)
  }

  /// The same records as a split of that name.
  func asSplit(_ name: String) -> View {
    if origins.contains(name) { return self }
    return View(
      strands: strands, entries: entries, classes: classes, values: values,
      origins: (origins + [name]).sorted())
  }

  /// The records at these positions, which must exist.
  public func selecting(_ positions: some Sequence<Int>) -> View {
    let positions = Array(positions)
    return View(
      strands: strands, entries: positions.map { entries[$0] }, classes: classes,
      values: values.selecting(positions), origins: origins)
  }

  /// The same records with other values besides their images.
  func with(_ change: (inout RecordValues) -> Void) -> View {
    var values = values
    change(&values)
    return View(
      strands: strands, entries: entries, classes: classes, values: values, origins: origins)
  }

  /// The first position at which the records of two views differ in identity or number, or the
  /// count of the shorter view; nil if they are the same.
  func firstDifference(from other: View) -> Int? {
    let mine = strands.map(\.source.identity)
    let others = other.strands.map(\.source.identity)
    let same = mine.map { identity in others.map { $0 == identity } }
    for i in 0..<min(count, other.count) {
      let (a, b) = (entries[i], other.entries[i])
      if a.record != b.record || !same[Int(a.strand)][Int(b.strand)] { return i }
    }
    return count == other.count ? nil : min(count, other.count)
  }
}

import Tensors

/// The products of a fully connected layer with the blocked kernel, where the sizes allow it. The
/// weights, which are the large operand, are read row by row where they are; the rows of the batch
/// are packed instead.
struct DenseProduct<T: Real> {
  let rows: Int
  let inputs: Int
  let outputs: Int

  /// Nil if the sizes do not fill the kernel's blocks.
  init?(rows: Int, inputs: Int, outputs: Int) {
    guard rows >= 8, rows % 8 == 0, inputs % 16 == 0, outputs % 16 == 0, inputs > 0, outputs > 0
    else { return nil }
    self.rows = rows
    self.inputs = inputs
    self.outputs = outputs
  }

  private var rowBlocks: Int { Blocked.blocks(rows) }
  /// The number of outputs per part.
  private var grain: Int { max(64, (outputs / 64 + 15) / 16 * 16) }

  /// y = x wᵀ + b, clamped below at 0 with `relu`.
  func forward(
    _ x: UnsafePointer<T>, _ w: UnsafePointer<T>, bias: UnsafePointer<T>?, relu: Bool,
    into y: UnsafeMutablePointer<T>
  ) throws {
    let packed = try transposed(x, inputs)
    try packed.read(T.self) { packed in
      try parallel(outputs, grain: grain, scratch: rowBlocks * grain * 16, of: T.self) {
        range, sums in
        T.multiply(
          BlockedProduct(
            rows: range.count, blocks: rowBlocks, depth: inputs, a: w + range.lowerBound * inputs,
            order: .rows(step: inputs, block: 16), b: packed, bBlock: inputs * 16, c: sums,
            cBlock: grain * 16))
        for block in 0..<rowBlocks {
          let from = sums + block * grain * 16
          for i in 0..<range.count {
            let b = bias?[range.lowerBound + i] ?? 0
            for lane in 0..<16 {
              let sum = from[i * 16 + lane] + b
              from[i * 16 + lane] = relu ? .relu(sum) : sum
            }
          }
          for i in stride(from: 0, to: range.count, by: 16) {
            let to = y + block * 16 * outputs + range.lowerBound + i
            if rows - block * 16 >= 16 {
              T.transpose(from + i * 16, sign: nil, step: 16, to: to, targetStep: outputs)
            } else {
              for lane in 0..<rows - block * 16 {
                for j in 0..<16 { to[lane * outputs + j] = from[(i + j) * 16 + lane] }
              }
            }
          }
        }
      }
    }
  }

  /// dw = gᵀ x.
  func weightGradient(
    _ x: UnsafePointer<T>, _ g: UnsafePointer<T>, into dw: UnsafeMutablePointer<T>
  ) throws {
    let packed = try packed(x)
    packed.read(T.self) { packed in
      // Eight full rows of weights at a time, so that memory is written in long runs.
      parallel(outputs, grain: 16) { range in
        for first in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
          T.multiply(
            BlockedProduct(
              rows: 8, blocks: inputs / 16, depth: rows, a: g + first,
              order: .depths(step: outputs), b: packed, bBlock: rows * 16, c: dw + first * inputs,
              cBlock: 16, cRow: inputs))
        }
      }
    }
  }

  /// Computes dw as `weightGradient` does, without memory for all of it: calls `body` with every part,
  /// on the thread pool. A part is in consecutive columns of one row; `body` gets the position of its
  /// first element, its elements and their number. `packed` is what `packed(x)` gives.
  func eachWeightGradient(
    _ packed: UnsafePointer<T>, _ g: UnsafePointer<T>,
    _ body: (Int, UnsafePointer<T>, Int) -> Void
  ) {
    // Eight rows of as many columns stay in the second-level cache.
    let strip = min(inputs, 2048)
    parallel(outputs, grain: 16) { range in
      withUnsafeTemporaryAllocation(byteCount: 8 * strip * MemoryLayout<T>.stride, alignment: 64) {
        guard let rows = $0.baseAddress?.bindMemory(to: T.self, capacity: 8 * strip) else { return }
        for first in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
          for column in stride(from: 0, to: inputs, by: strip) {
            let count = min(strip, inputs - column)
            T.multiply(
              BlockedProduct(
                rows: 8, blocks: count / 16, depth: self.rows, a: g + first,
                order: .depths(step: outputs), b: packed + column * self.rows,
                bBlock: self.rows * 16, c: rows, cBlock: 16, cRow: strip))
            for row in 0..<8 {
              body((first + row) * inputs + column, UnsafePointer(rows) + row * strip, count)
            }
          }
        }
      }
    }
  }

  /// dx = g w, one strip of w's columns at a time.
  func inputGradient(
    _ g: UnsafePointer<T>, _ w: UnsafePointer<T>, into dx: UnsafeMutablePointer<T>
  ) throws {
    let strip = 64
    let depth = 256
    try parallel(inputs, grain: strip, scratch: depth * strip, of: T.self) { range, packed in
      let blocks = range.count / 16
      for first in stride(from: 0, to: outputs, by: depth) {
        let count = min(depth, outputs - first)
        for k in 0..<count {
          let from = w + (first + k) * inputs + range.lowerBound
          for block in 0..<blocks {
            store16(row16(from + block * 16), packed + (block * count + k) * 16)
          }
        }
        T.multiply(
          BlockedProduct(
            rows: rows, blocks: blocks, depth: count, a: g + first,
            order: .rows(step: outputs, block: 16), b: packed, bBlock: count * 16,
            c: dx + range.lowerBound, cBlock: 16, cRow: inputs, adds: first > 0))
      }
    }
  }

  /// `[rows, columns]` as `[rows / 16][columns][16]`, with rows as lanes and zeros beyond the last
  /// row.
  private func transposed(_ x: UnsafePointer<T>, _ columns: Int) throws -> Tensor {
    var packed = try Tensor(uninitialized: [rowBlocks * columns * 16], T.dtype)
    try packed.write(T.self) { packed in
      parallel(rowBlocks * columns / 16, grain: 64) { parts in
        for part in parts {
          let (block, column) = (part / (columns / 16), part % (columns / 16) * 16)
          let from = x + block * 16 * columns + column
          let to = packed + (block * columns + column) * 16
          let lanes = min(16, rows - block * 16)
          if lanes == 16 {
            T.transpose(from, sign: nil, step: columns, to: to, targetStep: 16)
          } else {
            for j in 0..<16 {
              for lane in 0..<16 { to[j * 16 + lane] = lane < lanes ? from[lane * columns + j] : 0 }
            }
          }
        }
      }
    }
    return packed
  }

  /// The inputs `[rows, inputs]` as `[inputs / 16][rows][16]`.
  func packed(_ x: UnsafePointer<T>) throws -> Tensor {
    var packed = try Tensor(uninitialized: [rows * inputs], T.dtype)
    try packed.write(T.self) { packed in
      parallel(inputs / 16, grain: 16) { blocks in
        for block in blocks {
          for row in 0..<rows {
            store16(row16(x + row * inputs + block * 16), packed + (block * rows + row) * 16)
          }
        }
      }
    }
    return packed
  }
}

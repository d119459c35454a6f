import Host
import Tensors

/// The common floating-point type of an operation's inputs. Throws `dtype` if an input is not
/// floating-point or the types differ.
func commonReal(_ operation: String, _ inputs: [Variable]) throws -> DType {
  let first = inputs[0].dtype
  for input in inputs where !input.dtype.isFloating || input.dtype != first {
    throw Failure(
      "dtype",
      input.dtype.isFloating
        ? "\(operation): expected one element type, got \(first.name) and \(input.dtype.name)"
        : "\(operation): expected a float32 or float64 tensor, got \(input.dtype.name)",
      hint: "convert with x.astype(\"float32\")")
  }
  return first
}

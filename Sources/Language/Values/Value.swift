/// A value of the language: nine bytes, copied freely. Lists and maps are references; host objects
/// (tensors, datasets, models ...) are what `HostObject` says they are.
public enum Value {
  /// `nil`.
  case `nil`
  /// `true`, `false`.
  case bool(Bool)
  /// Every number is an IEEE double.
  case number(Double)
  /// A string.
  case string(StringBox)
  /// A list.
  case list(List)
  /// A map that keeps insertion order.
  case map(Map)
  /// `0..10`, the end excluded.
  case range(RangeBox)
  /// A function of the script.
  case function(Closure)
  /// A function of the library.
  case builtin(Builtin)
  /// A value of the library: tensor, dataset, model ...
  case object(HostObject)
  /// A `let` that has not run. Never seen by a script.
  case unset

  /// The string as a value.
  public init(_ text: String) { self = .string(StringBox(text)) }
}

extension ElementType {
  /// The element type of a storage class, such as `torch.FloatStorage`, or of a dtype, such as
  /// `torch.float8_e4m3fn`; nil for those that are not read.
  init?(torch name: String) {
    guard let type = ElementType.torch[name] else { return nil }
    self = type
  }

  /// The size of the elements of a storage class, also of those that are not read; nil for an
  /// unknown one.
  static func torchSize(_ storage: String) -> Int? {
    ElementType(torch: storage)?.size ?? unreadSizes[storage]
  }

  private static let unreadSizes = [
    "torch.ComplexFloatStorage": 8, "torch.ComplexDoubleStorage": 16, "torch.QInt8Storage": 1,
    "torch.QUInt8Storage": 1, "torch.QInt32Storage": 4, "torch.QUInt4x2Storage": 1,
    "torch.QUInt2x4Storage": 1, "torch.storage.UntypedStorage": 1, "torch.UntypedStorage": 1,
  ]

  /// The names of dtypes, which checkpoints contain as values.
  static let torchNames = Set(
    [
      "float", "double", "half", "int", "long", "short", "char", "byte", "complex32", "complex64",
      "complex128", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu", "float4_e2m1fn_x2",
      "qint8", "quint8", "qint32", "strided", "contiguous_format", "channels_last",
      "preserve_format",
    ].map { "torch." + $0 }
  ).union(torch.keys.filter { !$0.hasSuffix("Storage") })

  private static let torch: [String: ElementType] = [
    "torch.FloatStorage": .float32, "torch.DoubleStorage": .float64, "torch.HalfStorage": .float16,
    "torch.BFloat16Storage": .bfloat16, "torch.LongStorage": .int64, "torch.IntStorage": .int32,
    "torch.ShortStorage": .int16, "torch.CharStorage": .int8, "torch.ByteStorage": .uint8,
    "torch.BoolStorage": .bool, "torch.bool": .bool, "torch.uint8": .uint8, "torch.int8": .int8,
    "torch.uint16": .uint16, "torch.int16": .int16, "torch.uint32": .uint32,
    "torch.int32": .int32, "torch.uint64": .uint64, "torch.int64": .int64,
    "torch.float8_e4m3fn": .float8_e4m3, "torch.float8_e5m2": .float8_e5m2,
    "torch.float16": .float16, "torch.bfloat16": .bfloat16, "torch.float32": .float32,
    "torch.float64": .float64,
  ]
}

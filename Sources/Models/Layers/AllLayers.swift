extension LayerKind {
  /// Every kind of layer that a file can describe. Add new kinds here.
  static let all: [LayerKind] =
    [
      Conv.kind, ConvTranspose.kind, Dense.kind, Embedding.kind, BatchNorm.kind,
      RecordNorm.layerNorm, RecordNorm.groupNorm, RecordNorm.instanceNorm, Pooling.max,
      Pooling.average, AdaptivePooling.max, AdaptivePooling.average, Upsample.kind,
      LocalResponseNorm.kind, LeakyRelu.kind, Dropout.kind, Normalize.kind,
      InputScale.kind, Sequential.kind, Residual.kind, Bundle.kind, Graph.kind, Custom.kind,
      Function.scriptKind,
    ] + Function.kinds
}

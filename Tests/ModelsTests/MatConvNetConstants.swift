/// What PyTorch gives for the networks in Data, by Reference/matconvnet.py.
enum MatConvNetConstants {
  static let image: [Float] = [
    0.2542744, 0.03185883, -0.805158, 0.3593267, -0.2133621,
  ]
  static let channels: [Float] = [
    0.2600732, 0.03125979, -0.816318, 0.3647916, -0.2175561,
  ]
  static let grey: [Float] = [
    0.07392547, 1.064205, 1.077167, 0.3678247, 1.512936, 0.6366008, 0.4113838, 1.380239,
    0.6509324, 0.9281726, 1.863935, 0.3320518,
  ]
  static let branches: [Float] = [
    0.6757027, 0.1219941, -0.09211425, 0.1804672, -0.3261489, -0.2698854, -0.1552097, -0.3091098,
    -0.5518082, -0.03675297,
  ]
}

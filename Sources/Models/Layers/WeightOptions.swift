import Formats
import Gradients
import Tensors

/// The options shared by layers with a weight and a bias.
public struct WeightOptions: Sendable {
  /// Whether there is a bias.
  public var hasBias = true
  /// How the weights are initialised.
  public var initializer = Initializer.standard
  /// The learning rate multipliers of weight and bias.
  public var rates = (weight: 1.0, bias: 1.0)
  /// The weight decay multipliers of weight and bias.
  public var decays = (weight: 1.0, bias: 1.0)

  /// Creates the default options.
  public init() {}

  /// Those of a new last layer in the paper's fine-tuning: weights drawn from N(0, 0.01), ten and
  /// twenty times the learning rate, no decay on the bias.
  public static let newHead = {
    var options = WeightOptions()
    options.initializer = .normal(0.01)
    options.rates = (10, 20)
    options.decays = (1, 0)
    return options
  }()

  func parameters(declared: [Int?], outputs: Int) -> (weight: Parameter, bias: Parameter?) {
    let weight = Parameter(declared: declared)
    weight.rateMultiplier = rates.weight
    weight.decayMultiplier = decays.weight
    guard hasBias else { return (weight, nil) }
    let bias = Parameter(declared: [outputs])
    bias.rateMultiplier = rates.bias
    bias.decayMultiplier = decays.bias
    return (weight, bias)
  }

  /// The entries written to a file; defaults are left out.
  var json: [(String, JSON)] {
    var all: [(String, JSON)] = []
    if !hasBias { all.append(("bias", .bool(false))) }
    if initializer != .standard { all.append(("init", initializer.json)) }
    if rates != (1, 1) {
      all.append(("rates", .array([.number(rates.weight), .number(rates.bias)])))
    }
    if decays != (1, 1) {
      all.append(("decays", .array([.number(decays.weight), .number(decays.bias)])))
    }
    return all
  }

  init(_ reader: ArchitectureReader) throws {
    hasBias = try reader.bool("bias", default: true)
    if let json = reader.optional("init") {
      guard let initializer = Initializer(json) else { throw reader.wrong("init") }
      self.initializer = initializer
    }
    if reader.optional("rates") != nil {
      let pair = try reader.numbers("rates", count: 2)
      rates = (pair[0], pair[1])
    }
    if reader.optional("decays") != nil {
      let pair = try reader.numbers("decays", count: 2)
      decays = (pair[0], pair[1])
    }
  }
}

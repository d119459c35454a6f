import Tensors
import Testing

@testable import Gradients

@Suite struct GeneralOperationsTests {
  @Test("every general operation's gradient equals its finite differences")
  func checks() throws {
    for operation in TapeOperation.general {
      #expect(try operation.verify() == [], "\(operation.name)")
    }
  }
}

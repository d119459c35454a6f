import Testing
@testable import Gradients

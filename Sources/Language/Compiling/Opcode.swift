/// The machine's instructions. R is the register window of the running function and K its
/// constants; a, b and c are the instruction's fields (see `Instruction`). Where a register "dies",
/// it is cleared after it is read: it was a temporary, or this was a variable's last use.
enum Opcode: UInt8 {
  // Registers.
  /// R[a] = R[b]
  case move
  /// R[a] = R[b], and R[b] is cleared.
  case take
  /// R[a] = K[c]
  case constant
  /// R[a] = nil
  case loadNil
  /// R[a] = b != 0
  case loadBool
  /// R[a ..< a + c] are cleared.
  case clear

  // Variables that are not in registers.
  /// R[a] = captures[c]
  case getCapture
  /// R[a] = the value of the cell captures[c]; an error before its `let` has run.
  case getCaptureCell
  /// The cell captures[c] is set to R[a], which dies.
  case setCaptureCell
  /// R[a] = a new cell whose `let` has not run.
  case newCell
  /// R[a] = a new cell that holds R[b], which dies.
  case wrapCell
  /// R[a] = the value of the cell R[b]; an error before its `let` has run.
  case getCell
  /// The cell R[a] is set to R[b], which dies; c says whether its `let` must have run.
  case setCell
  /// R[a] = globals[c]; an error before its `let` has run.
  case getGlobal
  /// globals[c] = R[a], which dies: a declaration.
  case setGlobal
  /// globals[c] = R[a], which dies: an assignment; an error before its `let` has run.
  case assignGlobal
  /// R[a] = the value of references[c]: a module of stdlib or a member of one.
  case getReference
  /// R[a] = the running function
  case getSelf
  /// R[a] = a closure of functions[c]
  case closure

  // Arithmetic: R[a] = R[b] op R[c]. Bits 16 and 17 of c: R[b], R[c] dies.
  case add, subtract, multiply, divide, floorDivide, remainder, matmul, power
  // R[a] = R[b] op K[c], where the constant is a number. Bit 16 of c: R[b] dies.
  case addConstant, subtractConstant, multiplyConstant, divideConstant
  case floorDivideConstant, remainderConstant
  // R[a] = R[b] op R[c], with the same bits.
  case equal, notEqual, less, lessEqual, greater, greaterEqual
  /// R[a] = R[b] in R[c]; bit 18 of c negates.
  case contains
  /// R[a] = -R[b]
  case negate
  /// R[a] = not R[b]
  case not
  /// R[a] = the truth of R[b]
  case truth

  // Jumps: c is the distance from the next instruction.
  case jump
  /// Jumps backwards and checks for Ctrl-C.
  case loop
  case jumpIfFalse, jumpIfTrue
  // Jumps unless R[a] op R[b].
  case unlessEqual, unlessNotEqual, unlessLess, unlessLessEqual, unlessGreater, unlessGreaterEqual
  // Jumps unless R[a] op K[b].
  case unlessEqualConstant, unlessNotEqualConstant, unlessLessConstant, unlessLessEqualConstant
  case unlessGreaterConstant, unlessGreaterEqualConstant

  // Calls: the b arguments begin at R[a]; the result is stored in R[a].
  /// Calls R[c].
  case call
  /// Calls globals[c].
  case callGlobal
  /// Calls the running function.
  case callSelf
  /// Calls the builtin K[c].
  case callBuiltin
  /// Calls the builtin K[c], a function of one number.
  case callNumeric
  /// Calls sites[c].name on R[a].
  case callMethod
  /// `R[c].append(R[a + 1])` if R[c] is a list, and skips the `callMethod` that follows; otherwise
  /// R[a] = R[c] and that `callMethod` runs.
  case append
  /// Calls R[a] with the b arguments after it, named as sites[c] says; or the method that sites[c]
  /// names.
  case callNamed
  /// Returns R[a] from the function.
  case `return`
  /// Jumps by c if the parameter R[a] was given.
  case unlessMissing
  /// R[a] = a function that evaluates the code up to `endDeferred`; jumps by c.
  case deferred
  /// Ends a deferred argument with R[a] as its value.
  case endDeferred

  // Containers.
  /// R[a] = a list of R[b ..< b + c], which die.
  case list
  /// R[b ..< b + c], which die, are appended to the list R[a].
  case extend
  /// R[a] = a map of c entries, whose keys and values alternate from R[b] on and die.
  case map
  /// c more entries are inserted into the map R[a].
  case insert
  /// R[a] = R[b] .. R[c]
  case range
  /// R[a] = the text of format sites[c] with the values from R[b] on, which die.
  case format
  /// R[a ..< a + c] = the c elements of R[b]
  case unpack
  /// R[a] = R[b][R[c]], with the same bits as arithmetic.
  case getIndex
  /// R[a][R[b]] = R[c]; bit 17 of c: R[c] dies.
  case setIndex
  /// R[a] = R[b][...] with the positions of sites[c] from R[b + 1] on; all of them die.
  case getIndexMany
  /// R[a] = R[b].name of fields[c]; bit 23 of c: R[b] dies.
  case getField
  /// R[a].name of fields[c] = R[b]; bit 23 of c: R[b] dies.
  case setField
  /// If R[b] is an object whose fields[c] is another list or map than R[a], it is set to R[a].
  case storeBack
  /// R[a] = the value at the place that paths[c] describes, with positions from R[b] on.
  case readPath
  /// That place is set to R[a]; bit 23 of c: R[a] dies.
  case assignPath

  // Loops over R[a] with its state in R[a ..< a + 3].
  /// R[a] becomes the state of a loop over R[b]; bit 0 of c: R[b] dies.
  case forPrepare
  /// R[b] = the next element, and jumps back by c; continues at the end.
  case forNext
  /// R[b], R[b + 1] = the next key and value of a map, or the two parts of the next element.
  case forNextPair

  // Errors and modules.
  /// From here on, errors jump to the handler, at distance c, with the error in R[a]; R[b...] are
  /// cleared.
  case pushTry
  case popTry
  /// R[a] = the module that uses[c] is bound to
  case use
}

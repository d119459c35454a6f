import CMachine
import Host

extension Machine {
  /// Pushes a frame for a function or a file and runs it. The arguments are already bound.
  func enter(
    _ header: UnsafeMutablePointer<Code.Header>, closure: UnsafeRawPointer?, arguments: [Value]
  ) throws -> Value {
    try checkNativeStack()
    let base = top
    try reserve(base + header.pointee.registers)
    for (i, value) in arguments.enumerated() { base[i] = value }
    return try push(header, closure, base)
  }

  /// Pushes a frame whose arguments are already in its registers, and runs it.
  func push(
    _ header: UnsafeMutablePointer<Code.Header>, _ closure: UnsafeRawPointer?,
    _ base: UnsafeMutablePointer<Value>
  ) throws -> Value {
    guard depth < Machine.deepest else { throw Machine.tooDeep }
    frames[depth] = CallFrame(
      header: header, closure: closure, base: base, next: header.pointee.instructions, shift: 0,
      isDeferred: false)
    depth += 1
    let oldTop = top
    defer {
      top = oldTop
      if depth == 0 { dropSpareCalls() }
    }
    return try execute()
  }

  @inline(never)
  private func dropSpareCalls() {
    for i in spareCalls.indices { spareCalls[i] = nil }
  }

  /// Runs the topmost frame until it returns. The frames that it calls are run by the same loop;
  /// builtins that call functions enter it recursively.
  ///
  /// Most instructions are run by `limbeck_run`, a loop in C. It returns before an instruction that it
  /// leaves to the code below: one that is not worth a place there, one whose operands are not of the
  /// usual kinds, or one before which a request is to be answered.
  func execute() throws -> Value {
    let entry = depth - 1
    // The running frame, kept in local variables.
    var next = frames[entry].next
    var base = frames[entry].base
    var header = frames[entry].header
    while true {
      do {
        while true {
          state.pointee.next = address(next)
          state.pointee.base = address(base)
          state.pointee.header = address(header)
          state.pointee.depth = depth
          state.pointee.entry = entry
          state.pointee.initialized = address(initialized)
          limbeck_run(state)
          next = address(state.pointee.next)
          base = address(state.pointee.base)
          header = address(state.pointee.header)
          depth = state.pointee.depth
          let constants = header.pointee.constants
          let globals = header.pointee.globals
          let word = next.pointee
          next += 1
          switch word.operation {

          // MARK: Registers and variables
          case .move, .take, .constant, .loadNil, .loadBool, .clear, .getCapture, .jump,
            .unlessMissing, .operands:
            preconditionFailure("an instruction that the loop in C runs in each case")
          case .getCaptureCell:
            try readCell(frames[depth - 1].captures + word.cIndex, to: base + word.a, next)
          case .setCaptureCell:
            try writeCell(
              frames[depth - 1].captures + word.cIndex, base + word.a, mustBeSet: true, next)
          case .newCell: (base + word.a).replace(.object(Cell(.unset)))
          case .wrapCell:
            let value = (base + word.b).taken()
            (base + word.a).replace(.object(Cell(value)))
          case .getCell: try readCell(base + word.b, to: base + word.a, next)
          case .setCell: try writeCell(base + word.a, base + word.b, mustBeSet: word.c != 0, next)
          case .getGlobal: try readGlobal(globals + word.cIndex, to: base + word.a, next)
          case .setGlobal: writeGlobal(globals + word.cIndex, base + word.a)
          case .assignGlobal:
            try checkSet(globals + word.cIndex, next)
            writeGlobal(globals + word.cIndex, base + word.a)
          case .getReference:
            frames[depth - 1].next = next
            top = base + header.pointee.registers
            let value = try self.value(of: header.pointee.code.tables.references[word.cIndex])
            (base + word.a).replace(value)
          case .getSelf: readSelf(to: base + word.a)
          case .closure: makeClosure(word, base)

          // MARK: Operators
          case .add: try binary(.add, word, base)
          case .subtract: try binary(.subtract, word, base)
          case .multiply: try binary(.multiply, word, base)
          case .divide: try binary(.divide, word, base)
          case .floorDivide: try binary(.floorDivide, word, base)
          case .remainder: try binary(.remainder, word, base)
          case .matmul: try binary(.matmul, word, base)
          case .power: try binary(.power, word, base)
          case .addConstant: try binaryConstant(.add, word, base, constants)
          case .subtractConstant: try binaryConstant(.subtract, word, base, constants)
          case .multiplyConstant: try binaryConstant(.multiply, word, base, constants)
          case .divideConstant: try binaryConstant(.divide, word, base, constants)
          case .floorDivideConstant: try binaryConstant(.floorDivide, word, base, constants)
          case .remainderConstant: try binaryConstant(.remainder, word, base, constants)
          case .equal: try binary(.equal, word, base)
          case .notEqual: try binary(.notEqual, word, base)
          case .less: try binary(.less, word, base)
          case .lessEqual: try binary(.lessEqual, word, base)
          case .greater: try binary(.greater, word, base)
          case .greaterEqual: try binary(.greaterEqual, word, base)
          case .contains: try contains(word, base, globals, next)
          case .negate:
            let value = try Operators.negate((base + word.b).pointee)
            (base + word.a).replace(value)
          case .not:
            let truth = try Operators.truth((base + word.b).pointee, of: "not")
            (base + word.a).set(!truth)
          case .truth:
            let truth = try Operators.truth((base + word.b).pointee, of: "and, or")
            (base + word.a).set(truth)

          // MARK: Jumps
          case .loop:
            if requests.pointee != 0 { try poll(next) }
            next += word.c
          case .jumpIfFalse:
            if try !Operators.truth((base + word.a).pointee, of: nil) { next += word.c }
          case .jumpIfTrue:
            if try Operators.truth((base + word.a).pointee, of: nil) { next += word.c }
          case .unlessEqual:
            if try !compare(.equal, base + word.a, base + word.b) { next += word.c }
          case .unlessNotEqual:
            if try !compare(.notEqual, base + word.a, base + word.b) { next += word.c }
          case .unlessLess:
            if try !compare(.less, base + word.a, base + word.b) { next += word.c }
          case .unlessLessEqual:
            if try !compare(.lessEqual, base + word.a, base + word.b) { next += word.c }
          case .unlessGreater:
            if try !compare(.greater, base + word.a, base + word.b) { next += word.c }
          case .unlessGreaterEqual:
            if try !compare(.greaterEqual, base + word.a, base + word.b) { next += word.c }
          case .unlessEqualConstant:
            if try !compare(.equal, base + word.a, constants + word.b) { next += word.c }
          case .unlessNotEqualConstant:
            if try !compare(.notEqual, base + word.a, constants + word.b) { next += word.c }
          case .unlessLessConstant:
            if try !compare(.less, base + word.a, constants + word.b) { next += word.c }
          case .unlessLessEqualConstant:
            if try !compare(.lessEqual, base + word.a, constants + word.b) { next += word.c }
          case .unlessGreaterConstant:
            if try !compare(.greater, base + word.a, constants + word.b) { next += word.c }
          case .unlessGreaterEqualConstant:
            if try !compare(.greaterEqual, base + word.a, constants + word.b) { next += word.c }

          // MARK: Calls
          case .call, .callGlobal, .callSelf:
            if requests.pointee != 0 { try poll(next) }
            let window = base + word.a
            let callee = word.operation == .callGlobal ? globals + word.cIndex : base + word.cIndex
            frames[depth - 1].next = next
            let closure: UnsafeRawPointer
            if word.operation == .callSelf, let running = frames[depth - 1].closure {
              closure = running
            } else if case .function(let function) = callee.pointee {
              closure = UnsafeRawPointer(Unmanaged.passUnretained(function).toOpaque())
            } else {
              top = base + header.pointee.registers
              try callValue(callee, window, word.b, next)
              continue
            }
            // SAFETY: the register, global or frame that the function was read from retains it
            // until the call returns; a global that is overwritten in the meantime is moved to
            // `retired`.
            let target = Unmanaged<Closure>.fromOpaque(closure)._withUnsafeGuaranteedRef {
              $0.header
            }
            if target.pointee.parameters != word.b {
              try fillArguments(target, window, word.b)
            }
            guard depth < Machine.deepest else { throw Machine.tooDeep }
            try reserve(window + target.pointee.registers)
            header = target
            base = window
            next = header.pointee.instructions
            frames[depth] = CallFrame(
              header: header, closure: closure, base: base, next: next, shift: 0,
              isDeferred: false)
            depth += 1
          case .callNumeric:
            frames[depth - 1].next = next
            top = base + header.pointee.registers
            try callBuiltin(constants + word.cIndex, base + word.a, word.b)
          case .callBuiltin:
            if requests.pointee != 0 { try poll(next) }
            frames[depth - 1].next = next
            top = base + header.pointee.registers
            try callBuiltin(constants + word.cIndex, base + word.a, word.b)
          case .callDirect:
            if requests.pointee != 0 { try poll(next) }
            let window = base + word.b
            let operands = next.pointee
            next += 1
            frames[depth - 1].next = next
            top = base + header.pointee.registers
            try moveOperands(operands, base, globals, to: window, next)
            try callBound(constants + word.cIndex, window, operands.operandCount)
            if word.a != word.b { (base + word.a).replace(window.taken()) }
          case .append:
            let receiver =
              word.b == 0 ? base + word.cIndex : place(word.cRegister, base, globals)
            if try append(receiver, base + word.a, next) { next += 1 }
          case .callMethod, .callNamed:
            if requests.pointee != 0 { try poll(next) }
            frames[depth - 1].next = next
            top = base + header.pointee.registers
            let site = header.pointee.sites[word.cIndex]
            let pushed =
              word.operation == .callMethod
              ? try callMethod(site, base + word.a, word.b)
              : try site._withUnsafeGuaranteedRef { try callNamed($0, base + word.a, word.b) }
            if pushed {
              base = frames[depth - 1].base
              header = frames[depth - 1].header
              next = header.pointee.instructions
            }
          case .return:
            // The return of the frame that this loop began with.
            let result = (base + word.a).taken()
            for i in 0..<header.pointee.registers { (base + i).clear() }
            depth -= 1
            return result
          case .deferred:
            let argument = Deferred(self, next: next)
            (base + word.a).replace(.object(argument))
            next += word.c
          case .endDeferred:
            let result = (base + word.a).taken()
            depth -= 1
            return result

          // MARK: Containers
          case .list: try makeList(word, base)
          case .extend: try extendList(word, base)
          case .map: try makeMap(word, base)
          case .mapOf: try makeMap(header.pointee.code.tables.shapes[word.cIndex], word, base)
          case .insert: try insertEntries(base + word.a, base + word.b, word.cIndex)
          case .range: try makeRange(base + word.b, base + word.cRegister, to: base + word.a)
          case .format: try format(word, base, header.pointee.code)
          case .unpack: try unpack(word, base)
          case .getIndex:
            let (container, index) = (base + word.b, base + word.cRegister)
            try getIndex(container, index, to: base + word.a, next)
            if word.bDies { container.clear() }
            if word.cDies { index.clear() }
          case .getIndexAt:
            let index = base + word.cRegister
            try getIndex(place(word.b, base, globals), index, to: base + word.a, next)
            if word.cDies { index.clear() }
          case .getPair: try getPair(base + word.b, word, base, next)
          case .getPairAt: try getPair(place(word.b, base, globals), word, base, next)
          case .setIndex:
            try setIndex(
              base + word.a, base + word.b, base + word.cRegister, dies: word.cDies, next)
          case .setIndexAt:
            try setIndex(
              place(word.a, base, globals), base + word.b, base + word.cRegister, dies: word.cDies,
              next)
          case .getIndexMany: try getIndexMany(word, base, header.pointee.code)
          case .getSlice: try getSlice(word, base)
          case .getField:
            let container = base + word.b
            try getField(container, header.pointee.fields + word.cIndex, to: base + word.a, next)
            if word.topBit { container.clear() }
          case .getFieldAt:
            try getField(
              place(word.b, base, globals), header.pointee.fields + word.cIndex, to: base + word.a,
              next)
          case .setField:
            try setField(
              base + word.a, header.pointee.fields + word.cIndex, base + word.b, dies: word.topBit,
              next)
          case .setFieldAt:
            try setField(
              place(word.a, base, globals), header.pointee.fields + word.cIndex, base + word.b,
              dies: word.topBit, next)
          case .storeBack:
            if (base + word.b).isObject {
              try storeBack(
                base + word.a, to: .field(header.pointee.fields + word.cIndex), of: base + word.b)
            }
          case .storeBackAt:
            if (base + word.b).isObject {
              try storeBack(
                base + word.a, to: .index([.value(base[word.cRegister])]), of: base + word.b)
            }
          case .readPath: try readPath(word, base, header, next)
          case .assignPath: try assignPath(word, base, header, next)

          // MARK: Loops
          case .forRange:
            try makeRange(base + word.a, base + word.a + 1, to: base + word.a)
            try prepareLoop(base + word.a, base + word.a, dies: true)
          case .forPrepare: try prepareLoop(base + word.a, base + word.b, dies: word.c != 0)
          case .forNext:
            if requests.pointee != 0 { try poll(next) }
            frames[depth - 1].next = next
            top = base + header.pointee.registers
            if try advance(base + word.a, base + word.b) { next += word.c }
          case .forNextPair:
            if requests.pointee != 0 { try poll(next) }
            frames[depth - 1].next = next
            top = base + header.pointee.registers
            if try advancePair(base + word.a, base + word.b) { next += word.c }

          // MARK: Errors and modules
          case .pushTry:
            handlers.append(
              Handler(depth: depth, target: next + word.c, error: word.a, floor: word.b))
          case .popTry: handlers.removeLast()
          case .use:
            frames[depth - 1].next = next
            top = base + header.pointee.registers
            let slots = try self.slots(of: header.pointee.code.tables.uses[word.cIndex])
            (base + word.a).replace(.object(ModuleObject(slots)))
          @unknown default: preconditionFailure("an unknown instruction")
          }
        }
      } catch {
        frames[depth - 1].next = next
        try recover(error, entry)
        header = frames[depth - 1].header
        base = frames[depth - 1].base
        next = frames[depth - 1].next
      }
    }
  }

  /// A pointer as the loop in C knows it, or back.
  // SAFETY: both types have the same layout, which a test compares.
  @inline(__always)
  private func address<T, U>(_ pointer: UnsafePointer<T>) -> UnsafePointer<U> {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: U.self)
  }

  @inline(__always)
  private func address<T, U>(_ pointer: UnsafePointer<T>) -> UnsafeMutablePointer<U> {
    UnsafeMutableRawPointer(mutating: pointer).assumingMemoryBound(to: U.self)
  }

  @inline(__always)
  private func address<T, U>(_ pointer: UnsafeMutablePointer<T>) -> UnsafePointer<U> {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: U.self)
  }

  @inline(__always)
  private func address<T, U>(_ pointer: UnsafeMutablePointer<T>) -> UnsafeMutablePointer<U> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: U.self)
  }
}

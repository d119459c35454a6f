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
    defer { top = oldTop }
    return try execute()
  }

  /// Runs the topmost frame until it returns. The frames that it calls are run by the same loop;
  /// builtins that call functions enter it recursively.
  func execute() throws -> Value {
    let entry = depth - 1
    let interrupt = requests
    // The running frame, kept in local variables.
    var next = frames[entry].next
    var base = frames[entry].base
    var header = frames[entry].header
    var constants = header.pointee.constants
    var globals = header.pointee.globals

    while true {
      do {
        while true {
          let word = next.pointee
          next += 1
          switch word.operation {

          // MARK: Registers
          case .move: (base + word.a).copy(base + word.b)
          case .take: (base + word.a).take(base + word.b)
          case .constant: (base + word.a).copy(constants + word.cIndex)
          case .loadNil: (base + word.a).clear()
          case .loadBool: (base + word.a).set(word.b != 0)
          case .clear:
            var register = base + word.a
            let end = register + word.cIndex
            while register < end {
              register.clear()
              register += 1
            }

          // MARK: Variables
          case .getCapture:
            (base + word.a).copy(frames[depth - 1].captures + word.cIndex)
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
          case .getGlobal:
            let global = globals + word.cIndex
            if case .number(let x) = global.pointee {
              (base + word.a).set(x)
            } else {
              try readGlobal(global, to: base + word.a, next)
            }
          case .setGlobal: writeGlobal(globals + word.cIndex, base + word.a)
          case .assignGlobal:
            let global = globals + word.cIndex
            if case .number = global.pointee {
              global.take(base + word.a)
            } else {
              try checkSet(global, next)
              writeGlobal(global, base + word.a)
            }
          case .getReference:
            frames[depth - 1].next = next
            top = base + header.pointee.registers
            let value = try self.value(of: header.pointee.code.tables.references[word.cIndex])
            (base + word.a).replace(value)
          case .getSelf: readSelf(to: base + word.a)
          case .closure: makeClosure(word, base)

          // MARK: Arithmetic
          case .add:
            if case .number(let x) = (base + word.b).pointee,
              case .number(let y) = (base + word.cRegister).pointee
            {
              (base + word.a).set(x + y)
            } else {
              try binary(.add, word, base)
            }
          case .subtract:
            if case .number(let x) = (base + word.b).pointee,
              case .number(let y) = (base + word.cRegister).pointee
            {
              (base + word.a).set(x - y)
            } else {
              try binary(.subtract, word, base)
            }
          case .multiply:
            if case .number(let x) = (base + word.b).pointee,
              case .number(let y) = (base + word.cRegister).pointee
            {
              (base + word.a).set(x * y)
            } else {
              try binary(.multiply, word, base)
            }
          case .divide:
            if case .number(let x) = (base + word.b).pointee,
              case .number(let y) = (base + word.cRegister).pointee
            {
              (base + word.a).set(x / y)
            } else {
              try binary(.divide, word, base)
            }
          case .floorDivide:
            if case .number(let x) = (base + word.b).pointee,
              case .number(let y) = (base + word.cRegister).pointee
            {
              (base + word.a).set(Operators.floorDivide(x, y))
            } else {
              try binary(.floorDivide, word, base)
            }
          case .remainder:
            if case .number(let x) = (base + word.b).pointee,
              case .number(let y) = (base + word.cRegister).pointee
            {
              (base + word.a).set(Operators.remainder(x, y))
            } else {
              try binary(.remainder, word, base)
            }
          case .matmul: try binary(.matmul, word, base)
          case .power: try binary(.power, word, base)
          case .addConstant:
            if case .number(let x) = (base + word.b).pointee,
              case .number(let y) = (constants + word.cRegister).pointee
            {
              (base + word.a).set(x + y)
            } else {
              try binaryConstant(.add, word, base, constants)
            }
          case .subtractConstant:
            if case .number(let x) = (base + word.b).pointee,
              case .number(let y) = (constants + word.cRegister).pointee
            {
              (base + word.a).set(x - y)
            } else {
              try binaryConstant(.subtract, word, base, constants)
            }
          case .multiplyConstant:
            if case .number(let x) = (base + word.b).pointee,
              case .number(let y) = (constants + word.cRegister).pointee
            {
              (base + word.a).set(x * y)
            } else {
              try binaryConstant(.multiply, word, base, constants)
            }
          case .divideConstant:
            if case .number(let x) = (base + word.b).pointee,
              case .number(let y) = (constants + word.cRegister).pointee
            {
              (base + word.a).set(x / y)
            } else {
              try binaryConstant(.divide, word, base, constants)
            }
          case .floorDivideConstant:
            if case .number(let x) = (base + word.b).pointee,
              case .number(let y) = (constants + word.cRegister).pointee
            {
              (base + word.a).set(Operators.floorDivide(x, y))
            } else {
              try binaryConstant(.floorDivide, word, base, constants)
            }
          case .remainderConstant:
            if case .number(let x) = (base + word.b).pointee,
              case .number(let y) = (constants + word.cRegister).pointee
            {
              (base + word.a).set(Operators.remainder(x, y))
            } else {
              try binaryConstant(.remainder, word, base, constants)
            }
          case .equal:
            if case .number(let x) = (base + word.b).pointee,
              case .number(let y) = (base + word.cRegister).pointee
            {
              (base + word.a).set(x == y)
            } else {
              try binary(.equal, word, base)
            }
          case .notEqual:
            if case .number(let x) = (base + word.b).pointee,
              case .number(let y) = (base + word.cRegister).pointee
            {
              (base + word.a).set(x != y)
            } else {
              try binary(.notEqual, word, base)
            }
          case .less:
            if case .number(let x) = (base + word.b).pointee,
              case .number(let y) = (base + word.cRegister).pointee
            {
              (base + word.a).set(x < y)
            } else {
              try binary(.less, word, base)
            }
          case .lessEqual:
            if case .number(let x) = (base + word.b).pointee,
              case .number(let y) = (base + word.cRegister).pointee
            {
              (base + word.a).set(x <= y)
            } else {
              try binary(.lessEqual, word, base)
            }
          case .greater:
            if case .number(let x) = (base + word.b).pointee,
              case .number(let y) = (base + word.cRegister).pointee
            {
              (base + word.a).set(x > y)
            } else {
              try binary(.greater, word, base)
            }
          case .greaterEqual:
            if case .number(let x) = (base + word.b).pointee,
              case .number(let y) = (base + word.cRegister).pointee
            {
              (base + word.a).set(x >= y)
            } else {
              try binary(.greaterEqual, word, base)
            }
          case .contains: try contains(word, base)
          case .negate:
            if case .number(let x) = (base + word.b).pointee {
              (base + word.a).set(-x)
            } else {
              let value = try Operators.negate((base + word.b).pointee)
              (base + word.a).replace(value)
            }
          case .not:
            let truth = try Operators.truth((base + word.b).pointee, of: "not")
            (base + word.a).set(!truth)
          case .truth:
            let truth = try Operators.truth((base + word.b).pointee, of: "and, or")
            (base + word.a).set(truth)

          // MARK: Jumps
          case .jump: next += word.c
          case .loop:
            if interrupt.pointee != 0 { try poll(next) }
            next += word.c
          case .jumpIfFalse:
            if case .bool(let x) = (base + word.a).pointee {
              if !x { next += word.c }
            } else if try !Operators.truth((base + word.a).pointee, of: nil) {
              next += word.c
            }
          case .jumpIfTrue:
            if case .bool(let x) = (base + word.a).pointee {
              if x { next += word.c }
            } else if try Operators.truth((base + word.a).pointee, of: nil) {
              next += word.c
            }
          case .unlessEqual:
            if case .number(let x) = (base + word.a).pointee,
              case .number(let y) = (base + word.b).pointee
            {
              if !(x == y) { next += word.c }
            } else if try !compare(.equal, base + word.a, base + word.b) {
              next += word.c
            }
          case .unlessNotEqual:
            if case .number(let x) = (base + word.a).pointee,
              case .number(let y) = (base + word.b).pointee
            {
              if !(x != y) { next += word.c }
            } else if try !compare(.notEqual, base + word.a, base + word.b) {
              next += word.c
            }
          case .unlessLess:
            if case .number(let x) = (base + word.a).pointee,
              case .number(let y) = (base + word.b).pointee
            {
              if !(x < y) { next += word.c }
            } else if try !compare(.less, base + word.a, base + word.b) {
              next += word.c
            }
          case .unlessLessEqual:
            if case .number(let x) = (base + word.a).pointee,
              case .number(let y) = (base + word.b).pointee
            {
              if !(x <= y) { next += word.c }
            } else if try !compare(.lessEqual, base + word.a, base + word.b) {
              next += word.c
            }
          case .unlessGreater:
            if case .number(let x) = (base + word.a).pointee,
              case .number(let y) = (base + word.b).pointee
            {
              if !(x > y) { next += word.c }
            } else if try !compare(.greater, base + word.a, base + word.b) {
              next += word.c
            }
          case .unlessGreaterEqual:
            if case .number(let x) = (base + word.a).pointee,
              case .number(let y) = (base + word.b).pointee
            {
              if !(x >= y) { next += word.c }
            } else if try !compare(.greaterEqual, base + word.a, base + word.b) {
              next += word.c
            }
          case .unlessEqualConstant:
            if case .number(let x) = (base + word.a).pointee,
              case .number(let y) = (constants + word.b).pointee
            {
              if !(x == y) { next += word.c }
            } else if try !compare(.equal, base + word.a, constants + word.b) {
              next += word.c
            }
          case .unlessNotEqualConstant:
            if case .number(let x) = (base + word.a).pointee,
              case .number(let y) = (constants + word.b).pointee
            {
              if !(x != y) { next += word.c }
            } else if try !compare(.notEqual, base + word.a, constants + word.b) {
              next += word.c
            }
          case .unlessLessConstant:
            if case .number(let x) = (base + word.a).pointee,
              case .number(let y) = (constants + word.b).pointee
            {
              if !(x < y) { next += word.c }
            } else if try !compare(.less, base + word.a, constants + word.b) {
              next += word.c
            }
          case .unlessLessEqualConstant:
            if case .number(let x) = (base + word.a).pointee,
              case .number(let y) = (constants + word.b).pointee
            {
              if !(x <= y) { next += word.c }
            } else if try !compare(.lessEqual, base + word.a, constants + word.b) {
              next += word.c
            }
          case .unlessGreaterConstant:
            if case .number(let x) = (base + word.a).pointee,
              case .number(let y) = (constants + word.b).pointee
            {
              if !(x > y) { next += word.c }
            } else if try !compare(.greater, base + word.a, constants + word.b) {
              next += word.c
            }
          case .unlessGreaterEqualConstant:
            if case .number(let x) = (base + word.a).pointee,
              case .number(let y) = (constants + word.b).pointee
            {
              if !(x >= y) { next += word.c }
            } else if try !compare(.greaterEqual, base + word.a, constants + word.b) {
              next += word.c
            }

          // MARK: Calls
          case .call, .callGlobal, .callSelf:
            if interrupt.pointee != 0 { try poll(next) }
            let closure: UnsafeRawPointer
            if word.operation == .callSelf, let running = frames[depth - 1].closure {
              closure = running
            } else if case .function(let function) =
              (word.operation == .callGlobal ? globals + word.cIndex : base + word.cIndex).pointee
            {
              closure = UnsafeRawPointer(Unmanaged.passUnretained(function).toOpaque())
            } else {
              let callee =
                word.operation == .callGlobal ? globals + word.cIndex : base + word.cIndex
              frames[depth - 1].next = next
              top = base + header.pointee.registers
              try callValue(callee, base + word.a, word.b, next)
              continue
            }
            let window = base + word.a
            // SAFETY: the register, global or frame that the function was read from retains it
            // until the call returns; a global that is overwritten in the meantime is moved to
            // `retired`.
            let target = Unmanaged<Closure>.fromOpaque(closure)._withUnsafeGuaranteedRef {
              $0.header
            }
            frames[depth - 1].next = next
            if target.pointee.parameters != word.b {
              try fillArguments(target, window, word.b)
            }
            guard depth < Machine.deepest else { throw Machine.tooDeep }
            try reserve(window + target.pointee.registers)
            header = target
            base = window
            next = header.pointee.instructions
            constants = header.pointee.constants
            globals = header.pointee.globals
            frames[depth] = CallFrame(
              header: header, closure: closure, base: base, next: next, shift: 0,
              isDeferred: false)
            depth += 1
          case .callNumeric:
            if case .number(let x) = (base + word.a).pointee {
              (base + word.a).set(numeric(constants + word.cIndex, x))
            } else {
              frames[depth - 1].next = next
              top = base + header.pointee.registers
              try callBuiltin(constants + word.cIndex, base + word.a, word.b)
            }
          case .callBuiltin:
            if interrupt.pointee != 0 { try poll(next) }
            frames[depth - 1].next = next
            top = base + header.pointee.registers
            try callBuiltin(constants + word.cIndex, base + word.a, word.b)
          case .append:
            if try append(base + word.cIndex, base + word.a) { next += 1 }
          case .callMethod, .callNamed:
            if interrupt.pointee != 0 { try poll(next) }
            frames[depth - 1].next = next
            top = base + header.pointee.registers
            let site = header.pointee.code.tables.sites[word.cIndex]
            let pushed =
              word.operation == .callMethod
              ? try callMethod(site, base + word.a, word.b)
              : try callNamed(site, base + word.a, word.b)
            if pushed {
              base = frames[depth - 1].base
              header = frames[depth - 1].header
              next = header.pointee.instructions
              constants = header.pointee.constants
              globals = header.pointee.globals
            }
          case .return:
            let result = (base + word.a).taken()
            var register = base
            let end = base + header.pointee.registers
            while register < end {
              if !register.isTrivial { register.replace(.nil) }
              register += 1
            }
            depth -= 1
            let target = base - frames[depth].shift
            if depth == entry { return result }
            if target.isTrivial { target.initialize(to: result) } else { target.replace(result) }
            header = frames[depth - 1].header
            base = frames[depth - 1].base
            next = frames[depth - 1].next
            constants = header.pointee.constants
            globals = header.pointee.globals
          case .unlessMissing:
            if case .unset = (base + word.a).pointee {} else { next += word.c }
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
          case .insert: try insertEntries(base + word.a, base + word.b, word.cIndex)
          case .range: try makeRange(word, base)
          case .format: try format(word, base, header.pointee.code)
          case .unpack: try unpack(word, base)
          case .getIndex:
            if case .number(let x) = (base + word.cRegister).pointee,
              case .list(let list) = (base + word.b).pointee, !word.bDies,
              let i = Positions.position(x, list.storage.count)
            {
              let value = list.storage[i]
              (base + word.a).replace(value)
            } else {
              try getIndex(word, base)
            }
          case .setIndex:
            if case .number(let x) = (base + word.b).pointee,
              case .list(let list) = (base + word.a).pointee,
              let i = Positions.position(x, list.storage.count)
            {
              list.storage[i] =
                word.cDies ? (base + word.cRegister).taken() : (base + word.cRegister).pointee
            } else {
              try setIndex(word, base)
            }
          case .getIndexMany: try getIndexMany(word, base, header.pointee.code)
          case .getField: try getField(word, base, header)
          case .setField: try setField(word, base, header)
          case .storeBack: if (base + word.b).isObject { try storeBack(word, base, header) }
          case .readPath: try readPath(word, base, header, next)
          case .assignPath: try assignPath(word, base, header, next)

          // MARK: Loops
          case .forPrepare: try prepareLoop(base + word.a, base + word.b, dies: word.c != 0)
          case .forNext:
            if interrupt.pointee != 0 { try poll(next) }
            let state = base + word.a
            // A plain range counts in the second and third registers.
            if case .nil = state.pointee, case .number(let x) = state[1],
              case .number(let end) = state[2]
            {
              if x < end {
                (base + word.b).set(x)
                (state + 1).initialize(to: .number(x + 1))
                next += word.c
              }
            } else {
              frames[depth - 1].next = next
              top = base + header.pointee.registers
              if try advance(state, base + word.b) { next += word.c }
            }
          case .forNextPair:
            if interrupt.pointee != 0 { try poll(next) }
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
          }
        }
      } catch {
        frames[depth - 1].next = next
        try recover(error, entry)
        header = frames[depth - 1].header
        base = frames[depth - 1].base
        next = frames[depth - 1].next
        constants = header.pointee.constants
        globals = header.pointee.globals
      }
    }
  }
}

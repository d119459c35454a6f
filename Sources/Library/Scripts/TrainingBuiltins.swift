import Host
import Language

private let about = Argument(
  "about", .map,
  "the label, the model, the history and the epochs, and whatever else is of interest")
private let loop = Argument("f", .callable, "a function without parameters: the training")
private let step = Argument("f", .callable, "a function without parameters: the step")

/// The builtins by which a training can be looked at and interrupted without losing anything.
func trainingBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "training", "Gives the training that runs or is parked, as a map; nil if none is.",
      details: """
        The map has the `label`, the `model`, the `history` so far, the `epoch`, counted from 0, and the number \
        of `epochs`. Of trainings inside each other it is the innermost. `as_training` gives a custom loop one.
        """,
      searchTerms: ["progress", "status", "running"], [], result: "map or nil",
      examples: [
        Example(
          "as_training({label: \"mine\", history: [1, 2]}, () -> training().epoch)", "2")
      ],
      traits: .touchesHidden
    ) { _ in library.run.trainings.last.map { TrainingStatus($0).value } ?? .nil },
    Builtin(
      "as_training", "Calls a function that trains, and describes it to `training()` meanwhile.",
      details: """
        `train` and `distill` do it with `{label, model, history, epochs}`. Ctrl-C at the prompt then says in which \
        epoch the loop was paused.
        """,
      searchTerms: ["progress", "status"], [about, loop], result: "what the function gives",
      examples: [
        Example("as_training({label: \"mine\"}, () -> training().label)", "\"mine\"")
      ]
    ) { call in
      let description = try call[about]
      library.run.trainings.append(description)
      // Another entry may have begun one since, or have ended it.
      defer {
        if let last = library.run.trainings.lastIndex(where: { $0 === description }) {
          library.run.trainings.remove(at: last)
        }
      }
      return try call.machine.call(call[loop], CallArguments())
    },
    Builtin(
      "as_step", "Calls a function that takes a step of a training and notes it, as a whole.",
      details: """
        Ctrl-C and the like are answered within `minimize` and `grad` before anything is changed, and else when \
        the function has ended. So the model and what is noted about it always fit together.
        """,
      searchTerms: ["atomic", "transaction"], [step], result: "what the function gives",
      examples: [Example("let n = 0\nas_step(fn() { n += 1 })\nn", "1")]
    ) { call in
      try WorkingThread.postponing { try call.machine.call(call[step], CallArguments()) }
    },
    Builtin(
      "checkpoint_wanted",
      "Tells whether the signal USR2 has asked for a checkpoint since the last call.",
      details:
        "`kill -USR2` makes trainings that write checkpoints write one after the step, and go on.",
      searchTerms: ["signal", "SIGUSR2", "preemption"], [], result: "bool",
      examples: [Example("checkpoint_wanted()", "false")]
    ) { call in
      // The signal may reach each rank at another step.
      let own = RunContext.current.interrupt.takesCheckpointRequest()
      guard let ranks = call.ranks else { return .bool(own) }
      return .bool(try ranks.sums("checkpoint_wanted", [own ? 1 : 0])[0] > 0)
    },
  ]
}

/// What a training tells about itself.
struct TrainingStatus {
  private let description: Map

  init(_ description: Map) { self.description = description }

  /// The number of epochs that are over.
  private var epoch: Int {
    if case .list(let history)? = description[.string("history")] { history.items.count } else { 0 }
  }

  /// The map that `training()` gives. Its history is a copy, which does not grow.
  var value: Value {
    let map = Map()
    for (key, value) in description.entries {
      if case .list(let list) = value {
        map.entries[key] = .list(List(list.items))
      } else {
        map.entries[key] = value
      }
    }
    map.entries[.string("epoch")] = .number(Double(epoch))
    return .map(map)
  }

  /// Where it is, for people: `epoch 53 of 400 (train)`.
  var place: String {
    var text = "epoch \(epoch + 1)"
    if case .number(let count)? = description[.string("epochs")] {
      text += " of \(Value.number(count).printed)"
    }
    if case .string(let label)? = description[.string("label")] { text += " (\(label.text))" }
    return text
  }
}

extension Library {
  /// Where the training is that runs or is parked: `epoch 53 of 400 (train)`; nil if none is.
  public var trainingPlace: String? { run.trainings.last.map { TrainingStatus($0).place } }
}

import Language

private let label = Argument("label", .string, "a name for what is trained")

/// The builtin `metrics`.
func metricsBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "metrics", "Records numbers of a training in the run's folder, step by step.",
      details: """
        `m.record(values)` is called after each step and `m.record_epoch(values)` after each epoch, as `train` and \
        `distill` do. The rows are in `metrics.jsonl` and, for TensorBoard, under `events`, where each label \
        is a run of its own: `tensorboard --logdir runs`. A label that is used again is given a number. A loop \
        that starts in the middle, because the run was resumed, gives `step`: what was recorded from there on \
        is replaced. Where a run is not recorded (`--no-record`), nothing is written.
        """,
      searchTerms: ["TensorBoard", "SummaryWriter", "add_scalar", "wandb", "log", "history"],
      [label], result: "metrics",
      examples: [
        Example(
          "let m = metrics(\"mine\")\nm.record({loss: 0.5})\nm.record_epoch({val_accuracy: 0.8})\nm",
          "metrics of mine: 1 steps, 1 epochs")
      ],
      traits: .touchesHidden
    ) { call in
      library.record()
      let label = try call[label]
      return .object(
        MetricsObject(label, library.run.recorder.map { MetricSeries(label, in: $0.metrics) }))
    }
  ]
}

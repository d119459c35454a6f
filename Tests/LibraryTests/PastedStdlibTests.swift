import Stdlib
import Testing

@testable import Library

/// Every function of stdlib, copied into a script under another name, runs as it is: what `??distill` shows
/// is there to be copied and changed.
struct PastedStdlibTests {
  /// What each function is called with, as a script says it.
  private static let calls: [String: [String: String]] = [
    "training": [
      "train": "my_train(net(), d, epochs: 1, batch: 8)",
      "staged": "my_staged(net(), d, low, epochs: 1, batch: 8)",
      "fit":
        "my_fit(f, sgd(f, lr: 0.1), 1, 0.1, \"own\", (epoch, pass) -> {batches: batches(d, 8), val: d, loss: (x, y) -> cross_entropy(f(x), y)})",
      "run_epochs":
        "my_run_epochs(f, opt, 1, 0.1, \"own\", (epoch, pass) -> {batches: batches(d, 8), val: nil, loss: (x, y) -> cross_entropy(f(x), y)}, {patience: nil, monitor: \"val_loss\", min_delta: 0}, {history: [], pass: 0, batch: 0, steps: 0, totals: {}, seen: 0, seconds: 0, stopped: nil}, nil, nil, nil, \"last\", nil, nil)",
      "layers": "my_layers({a: f, b: {c: f}})",
      "checked": "my_checked(\"own\", 2, nil, 3, \"best\", nil)",
      "best": "my_best([{val_accuracy: 0.5}], {monitor: \"val_accuracy\", min_delta: 0})",
      "explained": "my_explained(\"own\", 0, 2, 0.1, \"now\", nil)",
      "cause": "my_cause(f, {batches: batches(d, 4)}, [x, y])",
      "told": "my_told((x, y) -> mean(x), [x, y]).loss",
      "means": "my_means({loss: 2, kl: 1}, 2)",
      "divergence": "my_divergence(f(x), f(x) * 2, 4)",
      "finite": "my_finite(x)",
      "bad_weights": "my_bad_weights(f, \"f\")",
      "bad_images": "my_bad_images(x / 0, d, [0, 1], \"d\")",
      "bad_rows": "my_bad_rows(x, d, [0, 1], \"x\")",
      "worst": "my_worst(x)",
      "expect": "my_expect(\"own\", \"x\", 1, [\"number\"])",
      "optimizer": "my_optimizer(f, nil, 0.9, 0)",
      "rates": "my_rates(nil, nil)(0, 2)",
      "part": "len(my_part(d, \"train\"))",
    ],
    "distilling": [
      "distill": "my_distill(f, d, low, epochs: 1, batch: 8)",
      "read_teacher":
        "write({ids: [0], logits: eye(1)}, folder + \".npz\"); my_read_teacher(folder + \".npz\")",
      "method": "my_method(nil, 4, \"cross_entropy\", 2)(0)",
      "places": "my_places({at: \"0\"})",
      "listed": "my_listed(\"0\", \"output\")",
      "chosen": "my_chosen({a: 1, b: 2}, [\"b\"])",
      "looked": "my_looked(f, x, [\"0\"], \"f\")",
      "is_kept": "my_is_kept(f, pairs(d, low), [\"0\"])",
      "term": "my_term(methods.logits(), f(x), f(x), y, y, nil)",
      "first_parts": "my_first_parts(methods.hint(\"0\"), f, f, d, low, 1, \"own\", nil)",
      "made": "my_made(methods.hint(\"0\"), ones(1, 3), ones(1, 3), nil)",
    ],
    "losses": [
      "kl": "my_kl(f(x), f(x))",
      "hint": "my_hint(f(x), f(x))",
      "attention": "my_attention(x, x)",
      "similarity": "my_similarity(x, x)",
      "rkd": "my_rkd(f(x), f(x))",
      "dkd": "my_dkd(f(x), f(x), y)",
      "dist": "my_dist(f(x), f(x))",
      "uncorrelated": "my_uncorrelated(f(x), f(x), 0)",
      "mmd": "my_mmd(f(x), f(x))",
      "coral": "my_coral(f(x), f(x))",
      "crd": "my_crd(f(x), ones(5, 3), [0, 4], ones(2, 5), 2)",
      "crd_scale": "my_crd_scale(f(x), ones(5, 3), [0, 4], ones(2, 5))",
      "unit": "my_unit(x)",
      "huber": "my_huber(x)",
      "squared_distances": "my_squared_distances(f(x), f(x))",
    ],
    "methods": [
      "soft": "my_soft(T: 4)",
      "logits": "my_logits()",
      "hint": "my_hint(\"0\").parts(ones(1, 3), ones(1, 3))",
      "attention": "my_attention(\"0\")",
      "similarity": "my_similarity(\"0\")",
      "rkd": "my_rkd()",
      "mmd": "my_mmd(\"0\")",
      "coral": "my_coral(\"0\")",
      "dkd": "my_dkd()",
      "dist": "my_dist()",
      "crd": "my_crd(\"0\", size: 2, negatives: 3).parts(f(x), f(x), pairs(d, d))",
      "negatives": "my_negatives(d.labels, y, 3)",
      "counted": "my_counted(tensor([[1], [0]], dtype: \"int32\"), 3)",
      "learned_temperature":
        "my_learned_temperature().loss(f(x), f(x), y, y, my_learned_temperature().parts(x, x))",
      "soft_labels": "my_soft_labels(f, d)",
      "combined": "my_combined([methods.soft()])",
      "ensemble": "my_ensemble([f, f])(x)",
      "mutual": "my_mutual()(methods.ensemble([f, f]), x, y).loss",
      "compared": "my_compared(\"own\", \"0\", losses.hint, 1).loss(x, x, y, y, nil)",
      "couples": "my_couples({a: x}, {b: x})",
      "total": "my_total([1, 2], n -> n)",
      "joined": "my_joined([\"0\", [\"0\", \"1\"]])",
    ],
    "checkpoints": [
      "open": "let kept = my_open(\"own\", folder, f, 3, {lr: rates}, {batch: 8}, memory: memory)",
      "interval": "my_interval(\"own\", \"10 min\")",
      "compare":
        "my_compare(\"own\", folder, {key: {a: 1}, epochs: 3}, {key: {a: 1}, epochs: 3}, {}, nil)",
      "depends": "my_depends(rates, 2, 3, nil)",
      "known": "my_known([1], nil)",
      "captured": "my_captured({lr: rates}, nil)",
      "add_captured": "my_add_captured({}, rates, nil)",
      "readable": "try { my_readable(\"own\", folder, \"none\") } catch e { e.message }",
      "layers": "my_layers(f)",
      "expect_unchanged": "my_expect_unchanged(kept, f)",
      "begin": "my_begin(kept, f, opt, run)",
      "key": "my_key(f, {lr: rates}, {batch: 8}, memory)",
      "is_left": "my_is_left({key: {a: 1}}, {a: 1})",
      "take": "my_take(kept, f, opt, run)",
      "write_all": "my_write_all(kept, f, opt, run, folder + \"/all.safetensors\")",
      "leave": "my_leave(kept, run)",
      "go_on": "my_go_on(kept, {from: random_state(), now: random_state()})",
      "planned": "my_planned(kept, f, run, () -> 1)",
      "remember": "my_remember(memory, {b: 2})",
      "keep": "my_keep(kept, f, opt, run, true)",
      "store": "my_store(kept, f, opt, run)",
      "keep_best": "my_keep_best(kept, f)",
      "finish": "my_finish(kept)",
    ],
    "evaluation": [
      "evaluate": "my_evaluate(f, d)",
      "accuracy": "my_accuracy(f, d, top_k: 2)",
      "class_accuracy": "my_class_accuracy(f, d)",
      "confusion": "my_confusion(f, d)",
      "confusion_chart": "my_confusion_chart(confusion(f, d), d.classes)",
      "over": "my_over(f, d, 4, (logits, y) -> len(y))",
      "over_crops": "my_over_crops(f, ones(2, 1, 9, 9), 10)",
      "ranks": "my_ranks(f(x), y)",
      "logits": "my_logits(f, x)",
    ],
    "imagenet": ["classes": "my_classes()"],
    "networks": [
      "efficientnet_lite0": "my_efficientnet_lite0(classes: 3)",
      "efficientnet_lite1": "my_efficientnet_lite1(classes: 3)",
      "efficientnet_lite2": "my_efficientnet_lite2(classes: 3)",
      "efficientnet_lite":
        "my_efficientnet_lite(\"efficientnet_lite0\", 1, 1, 0.2, true, asked)",
      "lite_blocks": "my_lite_blocks(1, 1)",
      "lite_block": "my_lite_block(8, 8, 3, 1, 6)",
      "lite_norm": "my_lite_norm()",
      "rounded": "my_rounded(33)",
      "alexnet": "my_alexnet(classes: 3)",
      "vgg_m": "my_vgg_m(classes: 3)",
      "vgg_vd_16": "my_vgg_vd_16(classes: 3)",
      "vgg_vd_19": "my_vgg_vd_19(classes: 3)",
      "vgg_vd": "my_vgg_vd(\"vgg\", [1, 1, 1, 1, 1], true, asked)",
      "resnet18": "my_resnet18(classes: 3)",
      "resnet34": "my_resnet34(classes: 3)",
      "resnet": "my_resnet(\"resnet\", [1, 1, 1, 1], true, asked)",
      "resnet_block": "my_resnet_block(8, true)",
      "mobilenet_v2": "my_mobilenet_v2(classes: 3)",
      "mobile_block": "my_mobile_block(8, 8, 1, 6)",
      "mobile_conv": "my_mobile_conv(8, 3)",
      "small_cnn": "my_small_cnn(classes: 3)",
      "mlp": "my_mlp(classes: 3)",
      "scaled": "my_scaled(true, [1, 8, 8])",
      "made": "my_made(\"net\", asked, dense, n -> sequential([dense(n)]))",
      "fronted": "my_fronted(f, f)",
      "outputs": "my_outputs(f)",
    ],
    "looking": [
      "degradations_panel": "my_degradations_panel(d, [lowres(4), [grey(), lowres(4)]])",
      "degraded": "my_degraded(d, 0, lowres(4))",
      "named": "my_named([lowres(4)])",
      "short": "my_short(lowres(4))",
      "kind": "my_kind(3)",
    ],
    "saliency": [
      "gradient": "my_gradient(f, x, y)",
      "tau": "my_tau(ones(8, 8), [0, 0, 4, 8])",
      "panel": "my_panel([f, f], d[0..2], share: true)",
      "checked": "my_checked(ones(1, 2, 2))",
      "shares": "my_shares(ones(1, 2, 2))",
      "numbered": "my_numbered([f])",
    ],
    "schedules": [
      "linear": "my_linear(1, 2)(0, 3)",
      "constant": "my_constant(1)(0, 3)",
      "steps": "my_steps(1, at: [2])(0, 3)",
      "cosine": "my_cosine(1)(0, 3)",
      "cub": "my_cub(0, 3)",
      "cars": "my_cars(0, 3)",
      "at": "my_at(1, 0, 3)",
    ],
  ]

  private static let before = """
    seed(1)
    let d = shapes(10, size: 8)
    let low = d |> lowres(4)
    fn net() { sequential([flatten, dense(3)], input: [1, 8, 8]) }
    let f = net()
    let x = d[0..2].images
    let y = d[0..2].labels
    let folder = output_dir() + "/checkpoints"
    let opt = sgd(f, lr: 0.1)
    let memory = {a: 1}
    let rates = linear(1, 2)
    let run = {history: [], batch: 0, steps: 1, stopped: nil}
    let asked = {classes: 3, weights: nil, input: nil, from: nil}

    """

  @Test(arguments: calls.keys.sorted()) func runs(_ module: String) throws {
    let session = TestSession()
    let calls = try #require(PastedStdlibTests.calls[module])
    var script = PastedStdlibTests.before
    var last = ""
    for (name, function) in try session.library.functions(of: module) {
      guard let call = calls[name] else {
        Issue.record("\(module).\(name) has no call here")
        continue
      }
      let parts = function.text.split(separator: "fn \(name)(", maxSplits: 1)
      let head = function.text.hasPrefix("fn \(name)(") ? "" : String(parts.first ?? "")
      script += head + "fn my_\(name)(" + (parts.last ?? "") + "\n"
      last += call + "\n"
    }
    try session.run(script + last)
  }

  @Test func everyModuleIsPasted() {
    #expect(Set(PastedStdlibTests.calls.keys) == Set(Stdlib.modules).union(Stdlib.globals.values))
  }

  @Test func everythingIsPublic() throws {
    let session = TestSession()
    for module in PastedStdlibTests.calls.keys {
      let members = try session.machine.world.modules.stdlib(module).members.keys
      #expect(members.allSatisfy { !$0.hasPrefix("_") }, "\(module)")
    }
  }
}

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
      "run_epoch":
        "my_run_epoch(f, opt, 1, 0.1, \"own\", (epoch, pass) -> {batches: batches(d, 8), val: nil, loss: (x, y) -> cross_entropy(f(x), y)}, {patience: nil, monitor: \"val_loss\", min_delta: 0}, {history: [], pass: 0, batch: 0, steps: 0, totals: {}, seen: 0, seconds: 0, stopped: nil}, nil, nil, \"last\", nil, nil, metrics(\"own\"))",
      "layers": "my_layers({a: f, b: {c: f}})",
      "checked": "my_checked(\"own\", 2, nil, 3, \"best\", nil)",
      "best": "my_best([{val_accuracy: 0.5}], {monitor: \"val_accuracy\", min_delta: 0})",
      "explained": "my_explained(\"own\", 0, 2, 0.1, \"now\", nil)",
      "cause": "my_cause(f, {batches: batches(d, 4)}, [x, y])",
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
      "least": "my_least(f, 2)",
      "in_parts": "my_in_parts((items, at) -> at, [x, y], [0, 1])",
      "agreed_cause": "my_agreed_cause({batches: {divided: false}}, nil)",
    ],
    "adapting": [
      "adapt": "my_adapt(net(), d, low, adapting.coral(), epochs: 1, batch: 8)",
      "check": "my_check(adapting.coral())",
      "told": "my_told(adapting.coral(), {g: f, x: x, y: y, z: x, w: y}).loss",
      "looked": "my_looked(adapting.coral(), {g: f, x: x, z: x}).a",
      "first_parts": "my_first_parts(f, d, low, adapting.dann(), 1, \"own\")",
      "in_grid": "my_in_grid(adapting.coral()).needs",
      "mmd": "my_mmd().loss({a: f(x), b: f(x)})",
      "coral": "my_coral().loss({a: f(x), b: f(x)})",
      "dann": "my_dann().parts({})",
      "grown": "my_grown(0.5)",
      "apart": "my_apart(dense(2, input: 3), f(x), f(x), 1)",
      "separation": "my_separation(\"output\").parts({a: f(x), x: x})",
      "images": "my_images().parts({x: x})",
      "multitask": "my_multitask(\"output\").parts({on_A: f(x)})",
      "colourisation": "my_colourisation(\"output\").needs",
      "small": "my_small(x).shape",
    ],
    "aligning": [
      "coral": "my_coral(f(x), f(x)).source(f(x))",
      "subspace": "my_subspace(f(x), f(x), 1).target(f(x))",
      "augmented": "my_augmented(f(x), f(x)).source(f(x))",
      "in_grid": "my_in_grid(\"output\").needs",
      "of_records": "my_of_records(f, d, \"output\")",
      "covariance": "my_covariance(f(x), 0.1)",
      "root": "my_root(eye(2), 0.5)",
      "components": "my_components(f(x), 1)",
    ],
    "measures": [
      "roc": "my_roc([0.1, 0.9], [0, 1]).area",
      "precision_recall": "my_precision_recall([0.1, 0.9], [0, 1]).average",
      "mean_average_precision":
        "my_mean_average_precision(tensor([[0.1], [0.9]]), tensor([[0], [1]]))",
      "by_class": "my_by_class(eye(2))",
      "steps": "my_steps([0.1, 0.9], [0, 1])",
    ],
    "privileged": [
      "generalised": "my_generalised()",
      "svm_plus": "my_svm_plus(tensor([[0, 1], [1, 0]]), tensor([true, false]), steps: 10).b",
      "quadratic":
        "my_quadratic(eye(2, dtype: \"float64\"), zeros(2, dtype: \"float64\"), ones(1, 2, dtype: \"float64\"), ones(1, dtype: \"float64\"), steps: 10)",
      "inverse": "my_inverse(eye(2, dtype: \"float64\"))",
      "probabilities": "my_probabilities({ids: [0], logits: tensor([[0.5, 0.5]])}).logits",
      "machines": "my_machines(\"output\").needs",
    ],
    "warping": [
      "transformer": "my_transformer(net(), warping.localiser())(x)",
      "localiser": "my_localiser()(x)",
      "maps": "my_maps(zeros(2, 6))",
      "moved": "my_moved(x, warping.maps(zeros(2, 6)))",
      "transformed": "my_transformed().needs",
      "congealed": "my_congealed(x, reach: 1).moved",
      "closest": "my_closest(x, x[0], 1).moved",
      "shifted": "my_shifted(x, 1, 0)",
      "congealing": "my_congealing().needs",
      "detector": "my_detector().needs",
      "framed": "my_framed(d)",
      "cropped": "my_cropped(x, tensor([[0, 0, 1, 1], [0, 0, 0.5, 0.5]]))",
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
      "check": "my_check(methods.logits())",
      "term": "my_term(methods.logits(), f(x), f(x), y, y, nil)",
      "first_parts": "my_first_parts(methods.hint(\"0\"), f, f, d, low, 1, \"own\", nil)",
      "gathered": "my_gathered({a: x})",
      "made": "my_made(methods.hint(\"0\"), ones(1, 3), ones(1, 3), nil)",
    ],
    "losses": [
      "kl": "my_kl(f(x), f(x))",
      "binary_cross_entropy": "my_binary_cross_entropy(f(x), zeros(2, 3))",
      "triplet": "my_triplet(f(x), f(x), f(x) + 1)",
      "reduced": "my_reduced(x, \"sum\")",
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
      "expect_logits": "my_expect_logits(\"kl\", ones(1, 2), ones(1, 2), 1)",
      "expect_records": "my_expect_records(\"rkd\", ones(1, 2), ones(1, 3))",
      "expect_samples": "my_expect_samples(\"mmd\", ones(1, 2), ones(2, 2))",
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
      "leave": "my_leave(kept, f, opt, run)",
      "spoil": "my_spoil(nil)",
      "progress_of": "my_progress_of(run)",
      "go_on": "my_go_on(kept, {from: random_state(), now: random_state()})",
      "planned": "my_planned(kept, f, run, () -> 1)",
      "remember": "my_remember(memory, {b: 2})",
      "keep": "my_keep(kept, f, opt, run, true)",
      "store": "my_store(kept, f, opt, run)",
      "keep_best": "my_keep_best(kept, f)",
      "finish": "my_finish(kept)",
      "clear": "my_clear(folder)",
    ],
    "cells": [
      "literal": "my_literal(\"a[1]*\")",
      "store": "my_store(folder)",
      "kept": "my_kept(cells.store(), \"a\", digest(1), folder -> 1)",
      "has": "my_has(cells.store(), \"a\", digest(1))",
      "id": "my_id(\"a\", digest(1))",
      "start": "my_start(net, 0)",
      "model": "my_model(cells.store(), \"a\", digest(1), f, d, options, 1)",
      "run": "let cell = my_run(\"a\", nil, options, 1)",
      "counts": "my_counts(cell)",
      "about": "my_about(\"a\", digest(1), [1], options).parameters",
      "older": "my_older(cells.store(), [])",
      "fit": "my_fit(cell, net(), d)",
      "distilled": "my_distilled(cell, f, d, low, net())",
      "adapted": "my_adapted(cell, d, low, net(), adapting.coral())",
      "counted": "my_counted(cell, f, options, {}, (opt, state, on_epoch, folder) -> 1)",
      "rate": "my_rate({lr: 1, lr_scale: 2})(0, 1)",
      "weight": "my_weight({lambda: nil, lambda_scale: 2, method: nil, T: 4})(0, 1)",
      "changed": "my_changed({a: 1}, {a: 2})",
      "of_labels": "my_of_labels()",
      "without": "my_without({a: 1}, [\"a\"])",
      "clear": "my_clear(folder)",
      "joined": "my_joined({a: 1}, {b: 2})",
      "tested": "my_tested(f, d)",
      "pace": "my_pace(f, d, 4).update",
    ],
    "grids": [
      "of":
        "my_of(data, data, net, nil, [\"B\"], 1, cells.store(), cells.joined(options, {T: nil}), {}, \"test\", 1, \"\").seeds",
      "seeds_of": "my_seeds_of(1..3)",
      "expect_use": "my_expect_use({B: experiments.named().B}, options, {B: {lr: 1}}, nil)",
      "expect_distilling": "my_expect_distilling(\"own\", {CQD: experiments.named().CQD}, 4, nil)",
      "takes": "my_takes(experiments.named().CQD, \"T\")",
      "idle": "my_idle(\"A\", {B: experiments.named().B}, nil)",
      "grid":
        "let grid = my_grid(data, data |> lowres(4), net, nil, [\"B\"], 1, cells.store(), options, {}, \"test\", 1, \"\")",
      "chosen_methods": "my_chosen_methods([\"B\"])",
      "pair": "my_pair(\"a\", 1)",
      "part": "my_part(data, \"test\")",
      "options_of": "my_options_of(grid, \"B\", {needs: []})",
      "of_distillation": "my_of_distillation()",
      "plan": "let plan = my_plan(grid, 0)",
      "name_of": "my_name_of(grid, plan, \"B\")",
      "key": "my_key(grid, plan, \"B\")",
      "cell": "my_cell(grid, plan, \"B\").accuracy",
      "source": "my_source(grid, plan.sources.A)",
      "tools": "my_tools(grid, plan, cells.run(\"a\", nil, options, 1), {}).new_network()",
      "announce": "my_announce(grid, 1, [])",
      "missing": "my_missing([grid])",
      "plan_of": "my_plan_of(grid, 0)",
      "jobs_of": "my_jobs_of([grid], [])",
      "job": "my_job(grid, 0, \"B\").weight",
      "source_job": "my_source_job(grid, 0, \"A\", plan.sources.A).id",
      "passes": "my_passes(\"B\", {needs: []})",
      "about": "my_about(grid, plan, \"B\")",
      "duration": "my_duration(90)",
    ],
    "jobs": [
      "finish": "my_finish([work])",
      "groups": "my_groups(1)",
      "is_done": "my_is_done(work)",
      "agreed": "my_agreed(() -> 1)",
      "taken": "my_taken([work], nil, nil)",
      "awaited": "my_awaited([work], {}, nil)",
      "tickets": "let tickets = my_tickets([work])",
      "take": "my_take(tickets + \"/0\")",
      "clear": "my_clear(tickets)",
      "tell": "my_tell(\"a\", {message: \"out of luck\", place: \"\"}, [work, work])",
      "raise": "try { my_raise({a: {message: \"out of luck\"}}, [work]) } catch e { e.message }",
    ],
    "comparisons": [
      "common": "my_common(result, \"B\", \"B\")",
      "of": "my_of(result, \"B\")",
      "right": "my_right(result, \"B\")",
      "paired": "my_paired(result, \"B\", \"B\")",
      "interval": "my_interval(ones(2, 3, dtype: \"float64\"))",
      "t_quantile": "my_t_quantile(3)",
      "mcnemar": "my_mcnemar(result, \"B\", \"B\")",
      "sign_test": "my_sign_test(1, 2)",
      "t_test": "my_t_test([1, 2, 4], [1, 1, 2]).p",
      "t_tail": "my_t_tail(2, 1)",
      "bootstrap": "my_bootstrap([1, 2, 3], draws: 5).low",
      "rows": "my_rows(result, nil)",
      "add_closed": "my_add_closed(result.rows)",
      "mean_of": "my_mean_of([{a: 1}], \"a\")",
      "percent": "my_percent(result.rows[0])",
      "table_of": "my_table_of(result.rows, nil)",
      "gained": "my_gained(result, \"B\", \"B\")",
      "gallery": "try { my_gallery(result, \"B\", \"B\") } catch e { e.message }",
    ],
    "experiments": [
      "compare": "my_compare(data, data, net, methods: [\"B\"], seeds: 1, epochs: 1, batch: 8)",
      "named": "my_named()",
      "table1":
        "my_table1(data, {low: data}, net, methods: [\"B\"], seeds: 1, epochs: 1, batch: 8)",
      "columns": "my_columns({a: result})",
      "table2": "my_table2(data, data, net, net, seeds: 1, epochs: 1, batch: 8)",
      "sweep": "my_sweep({a: [1, 2]}, o -> o.a)",
      "choices": "my_choices({a: [1, 2]}, nil, \"a\")",
      "sweep_figure": "my_sweep_figure([{a: 1, score: 1}, {a: 2, score: 2}], \"a\", \"score\")",
      "swept": "my_swept([{a: 1, score: 1}, {a: 2, score: 2}], \"a\")",
      "brief": "my_brief(1)",
      "trial": "my_trial(cells.store(), {a: 1}, o -> o.a, \"a\").id",
      "tune":
        "my_tune(data, data, net, methods: [\"B\"], over: {B: [{lr: 1}]}, epochs: 1, batch: 8)",
      "held_out": "my_held_out(data, 1/3, \"A\")",
      "usual": "my_usual({needs: []}, 0.1)",
    ],
    "curriculum": [
      "expect_numbers": "my_expect_numbers(\"own\", {first: 1})",
      "stages": "my_stages([d, low], at: [1])(0)",
      "mixing": "my_mixing(d, low, linear(0, 1))(0, 2)",
      "degrading": "my_degrading(d, (d, size) -> d |> lowres(size), 4)(0, 2)",
      "ordered": "my_ordered(d, arange(10), 0.5, equal_updates: true)(0, 2)",
      "root_pace": "my_root_pace(0.1)(0, 2)",
      "linear_pace": "my_linear_pace(0.1)(0, 2)",
      "step_pace": "my_step_pace()(0)",
      "losses": "my_losses(f, d)",
      "transfer_losses": "my_transfer_losses(f, d, at: \"1\", epochs: 1)",
      "order": "my_order(arange(10), labels: d.labels)",
      "share": "my_share(\"mixing\", linear(0, 1), 0, 2)",
      "anti": "my_anti(arange(10))",
      "random_order": "my_random_order(10)",
      "self_paced":
        "let own = my_self_paced(d)\nlet update = own.update(f)\nupdate([])\nlet view = own.of(low)\nview(1)",
      "easiness": "my_easiness(arange(10), 5, soft: true)",
      "kept": "my_kept(d, arange(10))",
      "annealed": "my_annealed(8, 1)(0, 2)",
      "chain": "my_chain(f, [d, low], (f, A, B, stage) -> f)",
      "with_train": "my_with_train(d, low)",
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
      "filters": "my_filters(seen)",
      "activations": "my_activations(seen, x[0], at: \"conv\")",
      "curves": "my_curves([{epoch: 0, loss: 1}])",
      "gallery": "my_gallery({f: f, seen: seen}, d)",
      "predictions": "my_predictions(f, d)",
      "pca": "my_pca(x.reshape(2, 64), k: 1)",
      "pca_scatter": "my_pca_scatter(seen, d, at: \"conv\")",
    ],
    "calibration": [
      "of_logits": "my_of_logits(f(x), y)",
      "measured": "my_measured(f, d)",
      "diagram": "my_diagram(f, d)",
    ],
    "saliency": [
      "expect_places": "my_expect_places(\"own\", ones(2, 2), [0, 0, 1, 1])",
      "gradient": "my_gradient(f, x, y)",
      "smoothgrad": "my_smoothgrad(f, x, y, n: 2)",
      "integrated": "my_integrated(f, x, y, steps: 2)",
      "grad_cam": "my_grad_cam(seen, x, y, at: \"conv\")",
      "guided": "my_guided(f, x, y)",
      "occlusion": "my_occlusion(f, x, y)",
      "expect_count": "my_expect_count(\"own\", \"n\", 1)",
      "enlarged": "my_enlarged(ones(2, 2), [4, 4])",
      "interpolation": "my_interpolation(2, 4)",
      "within": "my_within(4, 1, 2)",
      "batched": "my_batched(x, y, (images, labels) -> images)",
      "slopes": "my_slopes(\"own\", f, x, y, \"odds\").gradients",
      "shifted": "my_shifted(seen, \"conv\", () -> 1)(x)",
      "score": "my_score(f, x, y, \"likelihood\")",
      "odds": "my_odds(f(x), y)",
      "own": "my_own(f(x), y)",
      "softplus": "my_softplus(x)",
      "combined": "my_combined(x, \"norm\")",
      "scaled": "my_scaled(x, ones(2))",
      "factors": "my_factors(x, zeros(2), true).factor",
      "energy": "my_energy(ones(8, 8), [0, 0, 4, 8])",
      "pointing": "my_pointing(ones(8, 8), [0, 0, 4, 8])",
      "over": "my_over(f, d)",
      "tau_scatter": "my_tau_scatter({f: f, seen: seen}, d).table",
      "randomisation": "my_randomisation(f, x, y, {gradient: saliency.gradient})",
      "rank_correlation": "my_rank_correlation(x[0], x[1])",
      "ranks": "my_ranks(x)",
      "computed": "my_computed(f, x, y)",
      "maps": "my_maps([f], d[0..2])",
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
    let seen = sequential({conv: conv(2, 3), flat: flatten, fc: dense(3)}, input: [1, 8, 8])
    let x = d[0..2].images
    let y = d[0..2].labels
    let folder = output_dir() + "/checkpoints"
    let opt = sgd(f, lr: 0.1)
    let memory = {a: 1}
    let rates = linear(1, 2)
    let run = {history: [], batch: 0, steps: 1, stopped: nil}
    let asked = {classes: 3, weights: nil, input: nil, from: nil}
    let data = split(d, test: 3)
    let options = {
      epochs: 1, batch: 8, lr: 0.1, lr_scale: 1, momentum: 0, weight_decay: 0, optimizer: nil, drop_last: false,
      clip: nil, early_stop: nil, keep: "last", ema: nil, T: 4, lambda: nil, lambda_scale: 1, method: nil,
    }
    let work = {id: "a", needs: [], weight: 1, is_result: true, is_done: () -> true, make: () -> 1}
    let result = experiments.compare(data, data, net, methods: ["B"], seeds: 1, epochs: 1, batch: 8)

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

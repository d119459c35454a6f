extension Library {
  /// The explanations that `limbeck explain` shows for the error codes of the library.
  public var explanations: [String: String] { Library.explained }

  private static let explained: [String: String] = [
    // Runs.
    "run": """
    The folder given to `limbeck run --resume` or `limbeck runs compare` is not the folder of a recorded run, \
    or is one of another script. `limbeck runs` lists the runs. Or the script of a point of `limbeck sweep` has \
    changed since the sweep was started: start it again.
    """,
    "file-locked": """
    Another run is using the folder, or its file system has no locks, so that this cannot be excluded. A lock \
    ends with the process that has it, however it ends.
    """,
    "ranks": """
    The processes of a run (docs/several-machines.md) could not be joined, or did not make the same calls in the \
    same order. Both calls are named. Rank 0 alone prints and writes, so a script hardly needs `if rank() == 0`.
    """,
    "parts": """
    A batch that is given in parts (`parts: 4`) is computed one part after another, so nothing in a part can ask for \
    something about the whole batch: a loss that couples its records, or a mean with weights. All parts must use \
    the same parameters and report the same numbers. Without `parts` the batch is computed at once.
    """,
    "rank-failed": """
    Another rank of the run failed, and all were stopped. The message is that of the rank, with its place. The \
    line that is shown is where rank 0 waited.
    """,
    // Values.
    "shape": """
    The shapes of tensors do not fit together. Broadcasting aligns shapes at their last dimension; sizes \
    must be equal or 1. In a @ b the last size of a is the last but one of b.
    """,
    "dtype":
      "The operation does not support the tensor's element type; x.astype(dtype) converts.",
    "value": "The value has the right type but is outside the range that the operation accepts.",
    "division-by-zero": """
    A tensor of integers was divided by zero, for which its type has no value. Convert it to a floating-point \
    type first, where the result is inf or nan.
    """,
    "overflow": "The result does not fit the tensor's integer type.",
    "no-digest": """
    The value, or something that it contains, captures or names, has no digest: batches, progress, \
    lazy sequences, states of models and figures have no content that could be found again. Use \
    the values that they were made from.
    """,
    "error": "The script itself raised the error, by error(message).",
    "assertion":
      "What an `assert`, `assert_equal` or `assert_close` of the script demands did not hold.",
    "name": "The name is not defined: neither the script nor the library declares it.",
    "axis": """
    The axes of a tensor are numbered from 0, negative ones from the end. The tensor does not have \
    this axis, or an axis was given twice.
    """,
    "labels": """
    The labels do not fit: there must be one label for each record, a whole number from 0 to the \
    number of classes minus one. A label outside this range often means that the model has fewer \
    outputs than the data set has classes.
    """,
    "blas-missing": """
    Matrix products need OpenBLAS, which is loaded when the first one is computed. Its Debian \
    package is libopenblas0; `limbeck doctor` shows the library and the kernels in use.
    """,
    // Gradients and models.
    "nested-gradient": """
    Only first-order gradients are supported: inside grad, value_and_grad and minimize no other \
    gradient can be computed. Compute the inner gradient first; it is then a constant.
    """,
    "no-gradient": """
    The result does not depend differentiably on the tensors or parameters: an operation in \
    between has no gradient, or stop_gradient cuts the graph. This is an error rather than a \
    gradient of zeros, so that no parameter silently fails to learn.
    """,
    "pattern": """
    A pattern of paths of parameters, as `freeze` and `rates:` take them, matches none: a frozen layer \
    that trains would be found late. `keys(g.parameters)` lists the paths; `*` is any text, and the path \
    of a layer stands for all parameters in it.
    """,
    "cycle": """
    A model can't be a part of itself, directly or inside another part. `copy(g)` is a model of its own \
    that can be one.
    """,
    "recording": """
    While a gradient is being computed, inside minimize and grad, no layer can be replaced: the gradient \
    is that of the layers that ran. Replace it before or after.
    """,
    "forward": """
    A file of a model with a forward function has the name of the function, not its code, which loading \
    would have to run. Give it, `load(path, forward: mine.forward)`, or `use` the file that it is in; or \
    make the model and load the weights: `load(path, into: g)`.
    """,
    "outputs": """
    A network whose forward function gives a list or a map of tensors was called where one tensor is needed: \
    as a layer of another one, say. A model around it chooses one: \
    `model({net: g}, (m, x) -> m.net(x).kind)`.
    """,
    "not-run": """
    `features` asked for a layer that the model has, but its forward function did not call for this batch.
    """,
    "not-scalar":
      "The gradient of a single number is computed: reduce the loss, by mean or sum, before returning it.",
    "not-finite": """
    A loss or a gradient is inf or nan. `train` and `distill` look for the cause in images and \
    weights; if they find none, try a smaller learning rate first. clip keeps the arguments of \
    logarithms and divisors in bounds.
    """,
    "random": """
    The result of random transforms differs from epoch to epoch, so it can't be computed once and \
    cached. Compute it batch by batch, or use the data set without the random transforms.
    """,
    "unsized": """
    A layer takes its input size from its first call, and has no weights before it. Call the model \
    once, or pass `input:` when the layer is made.
    """,
    "graph": """
    The nodes of a `graph` do not fit each other: an input or output is not the name of a node, two nodes have \
    one name, nothing takes what a node gives, or nodes take each other's outputs in a cycle. The message names \
    the nodes.
    """,
    "inputs": """
    A layer was given another number of tensors than it takes. In a `graph`, `add`, `multiply`, `concat` and \
    functions of several tensors take as many as the node names, and all other layers one.
    """,
    "onnx": """
    ONNX has no operator for a layer of the model that is saved, or a node of the file that is loaded has an \
    operator, an attribute or a shape that no layer computes. The message names the layer or the node. Functions \
    of a script and forward functions can't be written: a network with branches can be a `graph`.
    """,
    // Data sets and images.
    "splits": """
    The data set has splits (train, test, val), and the function needs one of them, so that nobody \
    trains or tunes on the test set by accident.
    """,
    "fields": """
    A batch was asked for something that its records do not have: a data set has images, pairs have first and \
    second, and only what `outputs` gives has logits and features.
    """,
    "pairs": """
    pairs(A, B) needs two views of the same records in the same order, so that each image of B is \
    the degraded version of its image of A.
    """,
    "classes": """
    Data sets that are combined, or a model and its data, do not have the same class names in the \
    same order. `g.classes` are a model's names; set it to nil to continue with other classes.
    """,
    "record": "The data set has no such record, or not exactly one output was stored for it.",
    "no-box": "The record has no bounding box. Boxes come with cub, cars and shapes.",
    "empty-folder": """
    image_folder needs a folder for each class with at least one image in each, or a folder that \
    contains only images, whose records have no labels.
    """,
    "no-labels": """
    The records have no labels: image_folder was given a folder of images without a folder for each class, \
    or labels: false. Their images can be displayed, used as backgrounds and passed to a model; \
    training, evaluation and batches need labels.
    """,
    "layout": """
    A data set's folder differs from the published one: a file is missing, or two of its lists \
    disagree. The download or the unpacking was interrupted, or the path leads to another folder.
    """,
    "box": "The box has no area, or is outside its image.",
    "mat-format": """
    The file is not a MATLAB file, or it is damaged: it declares more data than it contains, or a \
    checksum is wrong. save(..., '-v7') and scipy.io.savemat write files that can be read.
    """,
    "mat-truncated": "The MATLAB file is truncated: it ends before its variables do.",
    "mat-variable": "The MATLAB file has no such variable, or its type is not supported.",
    "matconvnet": """
    The MATLAB file holds no network of MatConvNet, or one that can't be built: the message begins \
    with the path of what is missing, of another type, too large or not known.
    """,
    "idx-format": """
    The file is not an IDX file, since it does not begin with the format's magic number, or images \
    and labels were exchanged.
    """,
    "idx-truncated":
      "The IDX file is truncated: it is shorter than its header says. Download it again.",
    "npy-format":
      "The file is not in NumPy's format, or its element type is not supported.",
    "element-type": """
    The file is intact, but no tensor or string can represent its elements exactly: complex \
    numbers, dates, Python objects, whole numbers beyond 2^53. Save them with another type.
    """,
    "npy-truncated": "The NumPy file is truncated: it is shorter than its header says.",
    "zip-format": """
    The file, such as a .npz file, is not a zip archive, or it is damaged or truncated; the message says how.
    """,
    "csv": "The table is not valid CSV; the message names the line.",
    "json": "The text is not JSON, or JSON can't represent a value.",
    "image-format": "The file is not a PNG, JPEG, WebP, GIF, BMP or TIFF, whatever its name says.",
    "regular-expression":
      "A regular expression or what replaces its matches is not valid, or a text can be matched in too many ways.",
    "library":
      "A library that is loaded when it is needed is not installed; the message names its Debian package.",
    "kernel":
      "The kernel could not be registered with Jupyter or could not serve it; the message says why.",
    "no-program":
      "Another program does this, and it is not installed or it failed; the message names it.",
    "image-library":
      "The library that reads images of this format is not installed; the message names its package.",
    "image-truncated": "The image's file is truncated: it ends before the image does.",
    "image-damaged": "The image's file can't be decoded; the message comes from the decoder.",
    "image-too-large":
      "The image has more pixels than the limit, which the message gives.",
    "pixel-range": """
    The transform clamps pixels to 0..1 or converts them to bytes, but these are on another scale: \
    after `normalize`, or numbers of 0..255. Write it before `normalize`, or scale the numbers to \
    0..1 first.
    """,
    "image-shape":
      "Images must be [c, h, w], or [n, c, h, w] for several; images of a batch must have one size.",
    "image-size": "The number of pixels is not the product of the image's sides.",
    "edges-forest": """
    The edge detector's forest is damaged or has an unsupported version. scripts/train-edges \
    trains it again.
    """,
    "edges-example": """
    The data that an edge detector is trained or scored on is inconsistent: segments and image \
    differ in size, a file has no segments, or no image shows a boundary.
    """,
    "image-write": "The image could not be encoded; the message comes from the encoder.",
    // Pictures.
    "draw": "The drawing library reported an error, which is in the message.",
    "no-data":
      "There is nothing to draw: no picture, or no value that is a finite number on these axes.",
    "picture-size":
      "A picture must be 1 to 32767 pixels wide and high; use fewer rows or columns.",
    // Tools.
    "module-missing": "The library has no module of that name; `help` lists the modules.",
    "not-parked": """
    `resume`, `abandon` or `debug` was called while nothing is paused. Ctrl-C pauses the entry that runs at the prompt.
    """,
    "singular": """
    The matrix has no inverse, or none that can be computed: its columns depend on each other, to within rounding. \
    `lstsq` and `pinv` give the solution with the smallest length.
    """,
    "debug": """
    The debugger can't assign to a variable that a function captured and that no function assigns to: each has its \
    own copy.
    """,
    "no-prompt":
      "The builtin works only at the prompt; a script has no entries to edit, load or save.",
    "quit": "A cell of the notebook called `quit`; the cells below it have not run.",
    "no-entries": """
    save_script writes the entries of the session that worked, without those that only looked at something. \
    The session has none yet.
    """,
    "process": "Another program that Limbeck uses, such as an editor or pip, could not be started.",
    "weights": "pip could not fetch a network's published weights, or they are not in its package.",
    "editor": "The editor named by EDITOR could not be started, or failed.",
    "no-variables": """
    save_session can save the variables of a script's top level only if the script itself calls \
    it. In a file that the script uses, most of their names are not known at run time.
    """,
    "unsaved":
      "A saved session is a script, and the value can't be written as part of a script.",
    "output-closed":
      "The reader of Limbeck's output closed it, as `head` does after its last line.",
    // Files.
    "file-missing": """
    No file or folder has the path. Relative paths begin in the folder that Limbeck was started in.
    """,
    "unsafe-pickle": """
    A PyTorch file is a pickle, which can call any function of Python. Limbeck runs no code: it rebuilds tensors \
    and plain containers and refuses everything else by name. Write the weights alone in Python: \
    torch.save(model.state_dict(), path).
    """,
    "file-permission": "The file or folder may not be read or written by this user.",
    "file-is-folder": "The path is a folder, but a file is needed.",
    "file-is-no-folder": "The path is a file, but a folder is needed.",
    "file-special": "The path leads to a pipe, a socket or a device; only regular files are read.",
    "file-changed":
      "The file has changed since its data set was opened; open the data set again.",
    "file-exists": "A folder can't be made, because there is a file with its path.",
    "file-name": "The path is too long for the file system.",
    "file-read": "The file could not be read completely.",
    "file-write": "The file could not be written; no partial file is left behind.",
    "file-format": """
    The file's bytes do not match its format: it is damaged, truncated, or of another kind.
    """,
    "cache": """
    A file of the cache on disk is damaged or truncated; it is ignored, and its records are \
    rendered again. `limbeck cache` lists and clears the cache.
    """,
    "cache-full": """
    cached("disk") can't write its results within LIMBECK_CACHE_LIMIT, because running processes \
    use the rest of the cache, which is not removed. The run continues without writing.
    """,
    "disk-full": "The disk, or the user's quota, is full; no partial file is left behind.",
  ]
}

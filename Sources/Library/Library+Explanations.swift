extension Library {
  /// The explanations that `limbeck explain` shows for the error codes of the library.
  public var explanations: [String: String] { Library.explained }

  private static let explained: [String: String] = [
    // Runs.
    "run": """
    The folder given to `limbeck run --resume` or `limbeck runs compare` is not the folder of a recorded run, \
    is one of another script, or another process is using it. `limbeck runs` lists the runs.
    """,
    // Values.
    "shape": """
    The shapes of tensors do not fit together. Broadcasting aligns shapes at their last dimension; sizes \
    must be equal or 1. In a @ b the last size of a is the last but one of b.
    """,
    "dtype":
      "The tensor's element type does not fit the operation; tensor(x, dtype:) converts.",
    "value": "The value is of the right kind but outside of what the operation can take.",
    "division-by-zero": """
    A tensor of integers was divided by zero, for which its type has no value. Convert it to a floating-point \
    type first, where the result is inf or nan.
    """,
    "overflow": "The result does not fit the tensor's integer type.",
    "no-digest": """
    The value, or something that it holds, captures or names, has no digest: batches, progress, lazy sequences, \
    states of models and figures are not content that could be found again. Give the digest what they were made of.
    """,
    "error": "The script itself raised the error, by error(message).",
    "assertion": "An `assert` of the script did not hold.",
    "name": "Nothing is called so: neither the script nor the library declares the name.",
    "axis": """
    An axis counts a tensor's dimensions from 0, negative ones from the end; the tensor has no such one, or \
    one was given twice.
    """,
    "labels": """
    The labels do not fit: one label a record is wanted, each a whole number from 0 up to the number of \
    classes less one. A label outside often means that the model has fewer outputs than the data set has \
    classes.
    """,
    "blas-missing": """
    Matrix products are OpenBLAS's, which is loaded when the first one is computed. Debian's package is \
    libopenblas0; `limbeck doctor` says which library and which kernels run.
    """,
    // Gradients and models.
    "nested-gradient": """
    Gradients are of first order: inside grad, value_and_grad and minimize no other gradient can be taken. \
    An inner gradient computed before is a constant.
    """,
    "no-gradient": """
    No gradient leads from the result back to what it was asked for: an operation between has none, or \
    stop_gradient cuts it. It is an error rather than zeros, so that nothing silently fails to learn.
    """,
    "not-scalar":
      "A gradient is of one number: reduce the loss, by mean or sum, before it is given back.",
    "not-finite": """
    A loss or a gradient is inf or nan. `train` and `distill` look for the cause in images and weights; where \
    they find none, a smaller learning rate is the first thing to try. clip keeps logarithms and quotients \
    in bounds.
    """,
    "random": """
    What depends on random transforms is another thing in every epoch, and can't be computed once and \
    kept. Compute it batch by batch, or take the data set without the random transforms.
    """,
    "unsized": """
    A layer takes its input size from its first call, and has no weights before. Call the model once, or \
    give `input:` when the layer is made.
    """,
    // Data sets and images.
    "splits": """
    The data set has splits (train, test, val), and the function wants one of them, so that nobody trains \
    or tunes on the test set by accident.
    """,
    "pairs": """
    pairs(A, B) wants two views of the same records, in the same order, so that each image of B is its \
    image of A seen worse.
    """,
    "classes": """
    Data sets that are put together, or a model and the data it is given, do not name the same classes in \
    the same order. `g.classes` are a model's names; nil lets it go on with other classes.
    """,
    "record": "The data set has no such record, or nothing was kept for it.",
    "no-box": "The record has no bounding box. Boxes come with cub, cars and shapes.",
    "empty-folder": """
    image_folder wants a folder for each class with at least one image in each, or a folder of images, \
    whose records have no labels then.
    """,
    "no-labels": """
    The records have no labels: image_folder was given a folder of images without a folder for each class, \
    or labels: false. Their images can be looked at, used as backgrounds and given to a model; training, \
    evaluation and batches want labels.
    """,
    "layout": """
    A data set's folder is not as its authors made it: a file is missing, or two of its lists disagree. \
    The download or the unpacking was cut short, or the path leads to another folder.
    """,
    "box": "The box has no area, or lies outside the image that it belongs to.",
    "mat-format": """
    The file is not a MATLAB file of version 4 to 7, or it is damaged: it declares sizes that it does not \
    hold. save(..., '-v7') and scipy.io.savemat write files that can be read.
    """,
    "mat-truncated": "The MATLAB file ends before its variables do: it was cut short.",
    "mat-variable": "The MATLAB file has no such variable, or one of a kind that is not read.",
    "mat-library": "libmatio, which reads MATLAB files, is not installed or can't be loaded.",
    "idx-format": """
    The file is not IDX: it does not begin with the format's magic number, or images and labels were \
    exchanged.
    """,
    "idx-truncated":
      "The IDX file is shorter than its header says: it was cut short. Fetch it again.",
    "npy-format":
      "The file is not NumPy's format, or holds elements of a type that Limbeck does not have.",
    "element-type": """
    The file is whole, but its elements are of a kind that no tensor or string holds exactly: complex \
    numbers, dates, Python's objects, whole numbers beyond 2^53. Save them in another type.
    """,
    "npy-truncated": "The NumPy file is shorter than its header says: it was cut short.",
    "zip-format": """
    The file, a .npz for instance, is not a zip archive, or it is damaged or cut short; the message says how.
    """,
    "csv": "The table's text is not CSV as Limbeck reads it; the message names the line.",
    "json": "The text is not JSON, or a value has no form in JSON.",
    "image-format": "The file is not a PNG, JPEG, WebP, GIF, BMP or TIFF, whatever its name says.",
    "image-library":
      "The library that reads images of this format is not installed; the message names its package.",
    "image-truncated": "The image's file ends before the image does: it was cut short.",
    "image-damaged": "The image's file can't be decoded; the message is the decoder's.",
    "image-too-large":
      "The image has more pixels than Limbeck decodes; the message says the limit.",
    "pixel-range": """
    The transform limits pixels to 0..1, or makes bytes of them, and these lie elsewhere: after `normalize`, or \
    as numbers of 0..255. Write it before `normalize`, or bring the numbers to 0..1 first.
    """,
    "image-shape":
      "Images are [c, h, w], or [n, c, h, w] for several; images of a batch are of one size.",
    "image-size": "The number of pixels is not the product of the image's sides.",
    "edges-forest": """
    The edge detector's forest is damaged, or of another version than this program reads. \
    scripts/train-edges makes it again.
    """,
    "edges-example": """
    What an edge detector is trained or scored on does not fit together: segments and image differ in \
    size, a file has no segments, or no image shows a boundary.
    """,
    "image-write": "The image could not be encoded; the message is the encoder's.",
    // Pictures.
    "draw": "The drawing library refused the picture; the message is its own.",
    "no-data":
      "There is nothing to draw: no picture, or no value that is a finite number on these axes.",
    "picture-size":
      "A picture is from 1 to 32767 pixels wide and high; fewer rows or columns make it smaller.",
    // The session.
    "module-missing": "The library has no module of that name; `help` lists those that there are.",
    "no-prompt": "The builtin belongs to the prompt; a script has no entries to edit or load.",
    "editor": "The editor that EDITOR names could not be started, or gave an error.",
    "no-variables": """
    save_session keeps the variables of a script's top level by name if the script itself calls it. Where \
    only a file that it uses does, most of them have no name any more.
    """,
    "unsaved":
      "A saved session is a script; the value has no form that a script could make it from.",
    "output-closed": "Whatever read Limbeck's output closed it, as `head` does when it has enough.",
    // Files.
    "file-missing": """
    No file or folder has the path. Relative paths begin in the folder that Limbeck was started in.
    """,
    "file-permission": "The file or folder may not be read or written by this user.",
    "file-is-folder": "The path leads to a folder where a file is wanted.",
    "file-is-no-folder": "The path leads to a file where a folder is wanted.",
    "file-special": "The path leads to a pipe, a socket or a device; only regular files are read.",
    "file-changed":
      "The file is not what it was when its data set was opened; open the data set again.",
    "file-exists": "There is a file where a folder is to be made.",
    "file-name": "The path is too long for the file system.",
    "file-read": "The file could not be read to its end.",
    "file-write": "The file could not be written; nothing is left half-written in its place.",
    "file-format": """
    The file's bytes are not what its format demands: it is damaged, cut short, or of another kind.
    """,
    "cache": """
    A file of the cache on disk is damaged or cut short; it is not believed, and its records are rendered \
    again. `limbeck cache` lists and clears what is kept.
    """,
    "cache-full": """
    What cached("disk") would write is more than LIMBECK_CACHE_LIMIT allows beside the chains that running \
    processes use, whose files stay; the run goes on without.
    """,
    "disk-full": "The disk, or the user's share of it, is full; nothing is left half-written.",
  ]
}

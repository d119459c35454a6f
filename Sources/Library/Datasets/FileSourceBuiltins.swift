import Datasets
import Host
import Language

private let listsRoot = Argument(
  "root", .string, "the folder with images.txt and the other lists")
private let root = Argument("root", .string, "the folder")
private let isLabelled = Argument(
  "labels", .bool, default: true,
  "whether folders are classes; false opens all images at any depth, without labels", named: true)
private let order = Argument(
  "order", .optional(ArgumentType<ClassOrder>.choice),
  "the order of the classes: \"text\" as in torchvision, \"number\" as nil but without a note",
  named: true)
private let table = Argument("file", .string, "the CSV file")
private let tableRoot = Argument(
  "root", .optional(.string), "the folder that paths are relative to; nil means the file's folder",
  named: true)

private let unreadable = Argument(
  "unreadable", ArgumentType<Unreadable>.choice, default: "error",
  "\"error\" throws when such a record is needed; \"skip\" reads all images once at the start and "
    + "leaves those out, and those whose box has no area", named: true)
private let orient = Argument(
  "orient", .bool, default: true,
  "whether images are rotated by their EXIF orientation; boxes then refer to the rotated image",
  named: true)
private let fast = Argument(
  "fast", .bool, default: false,
  "whether JPEGs are decoded at 1/2, 1/4 or 1/8 of their size if resize follows, alone or after "
    + "crop_to_box; pixels then differ", named: true)
private let id = Argument(
  "id", .optional(.string),
  "a name for the records: data sets with the same id and the same files can be paired",
  named: true)

/// The builtins that open data sets of image files: `cub`, `cars`, `image_folder`, `csv_dataset`.
func fileSourceBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "cub",
      "Opens CUB-200-2011, birds of 200 species with boxes and parts, from its folder.",
      details: """
        The folder is CUB_200_2011, as the archive unpacks it, or another with its layout. \
        `.train` and `.test` are the official split. A record's `parts` is a map of its visible \
        parts: `r.parts["left eye"]` is [x, y]; a data set's `attributes` are the 312 of its birds, \
        [n, 312]. If parts/ or attributes/ is missing, there are none. The lists \
        are first checked against each other and against the images' folders, and an error names \
        what is missing or contradictory. \(pixelsAsStored)
        """,
      searchTerms: ["CUB-200", "Caltech-UCSD Birds", "fine-grained", "benchmark"],
      [listsRoot, unreadable, fast],
      result: "dataset with train and test",
      examples: [Example("let d = try { cub(\"CUB_200_2011\") } catch e { nil }")]
    ) { call in
      library.opened(
        try CUB.dataset(call[listsRoot], options: call.files(host), host: host), "cub")
    },
    Builtin(
      "cars",
      "Opens Stanford Cars, 196 models with boxes, from its folder.",
      details: """
        Both releases can be opened: cars_annos.mat with car_ims/, and devkit/ (cars_meta.mat, \
        cars_train_annos.mat, cars_test_annos_withlabels.mat) with cars_train/ and cars_test/; so \
        can the copies on Kaggle (cars_train/cars_train/; names.csv, anno_train.csv with \
        car_data/). The devkit's own list of test images has no classes, so without the list with \
        labels there is no `.test`. \(pixelsAsStored)
        """,
      searchTerms: ["StanfordCars", "Cars196", "fine-grained", "benchmark"],
      [root, unreadable, fast],
      result: "dataset with train and test",
      examples: [Example("let d = try { cars(\"stanford_cars\") } catch e { nil }")]
    ) { call in
      library.opened(
        try Cars.dataset(call[root], options: call.files(host), host: host), "cars")
    },
    Builtin(
      "image_folder",
      "Makes a data set from a folder that holds a folder of images for each class.",
      details: """
        Folders named train, test and val (training, testing, valid, validation, test_set; upper \
        or lower case) above the class folders become splits; other folders with images next to \
        train are an error. A class consists of all images below its folder, at any depth. Classes \
        are sorted by name; if all names are numbers they are sorted as numbers, with a note if \
        that makes a difference. A folder that contains images but no folders gives records \
        without labels, for pictures, backgrounds and outputs. Images have three channels: a grey \
        channel is repeated, and transparent pixels are blended with white. Files are read when \
        their pixels are needed.
        """,
      searchTerms: ["ImageFolder", "imageDatastore"],
      [root, isLabelled, order, unreadable, orient, fast, id],
      result: "dataset, with splits if there are such folders",
      examples: [
        Example("let d = try { image_folder(\"birds\") } catch e { nil }"),
        Example(
          "for name in [\"2\", \"10\"] {\n"
            + "  mkdir(output_dir() + \"/digits/\" + name)\n"
            + "  write(zeros(1, 4, 4), output_dir() + \"/digits/\" + name + \"/a.png\")\n}\n"
            + "image_folder(output_dir() + \"/digits\", order: \"number\").classes",
          "[\"2\", \"10\"]"),
      ]
    ) { call in
      library.opened(
        try ImageFolder.dataset(
          call[root], isLabelled: call[isLabelled], order: call[order], id: call[id],
          options: call.files(host, orient: call[orient]), host: host), "image_folder")
    },
    Builtin(
      "csv_dataset",
      "Makes a data set from a table of image files: path, label, optional box and split.",
      details: """
        The first line names the columns: path (or image, file, filename, image_path, image_id) and label \
        (or class, class_name, target, category); a box as x, y, width, height or x1, y1, x2, y2 (or \
        xmin, ymin, xmax, ymax; left, top, right, bottom; bbox_x1 ...; bbox, a cell of x, y, width, \
        height), in pixels from the upper left corner, empty if a record has none; split, which is \
        train, val or test. Labels must be all whole numbers from 0, or all names, which are \
        sorted to number the classes. Spaces around cells are ignored. Images are read as in \
        `image_folder`.
        """,
      searchTerms: ["annotations", "dataframe"], [table, tableRoot, unreadable, orient, fast, id],
      result: "dataset, with splits if there is such a column",
      examples: [Example("let d = try { csv_dataset(\"birds.csv\") } catch e { nil }")]
    ) { call in
      library.opened(
        try CSVDataset.dataset(
          call[table], root: call[tableRoot], id: call[id],
          options: call.files(host, orient: call[orient]), host: host), "csv_dataset")
    },
  ]
}

extension Library {
  /// Returns the object of a data set that `operation` opened, after its warnings have been
  /// reported.
  fileprivate func opened(_ dataset: Dataset, _ operation: String) -> Value {
    for text in dataset.notes { note("\(operation): \(text)") }
    return Value(dataset)
  }
}

private let pixelsAsStored = """
  Boxes and parts refer to the pixels as stored, so the EXIF orientation of the images is ignored.
  """

extension Call {
  /// How files are read.
  fileprivate func files(_ host: Host, orient: Bool = false) throws -> FileOptions {
    try FileOptions(
      host: host, unreadable: self[unreadable], isOriented: orient, isFast: self[fast])
  }
}

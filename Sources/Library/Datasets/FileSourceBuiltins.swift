import Datasets
import Host
import Language

/// Data sets of image files: `cub`, `cars`, `image_folder`, `csv_dataset`.
func fileSourceBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "cub",
      "Gives CUB-200-2011, birds of 200 species with boxes and parts, from its folder.",
      details: """
        The folder is the one that the archive unpacks, CUB_200_2011, or another in its layout. `.train` \
        and `.test` are the official split. A record's `parts` are a map of the visible ones, \
        `r.parts["left eye"]` is [x, y]; where parts/ is missing there are none. The lists are compared \
        with each other and with the images' folders first: what is missing or contradicts itself is \
        named. \(pixelsAsStored)
        """,
      [
        .required("root", .string, "the folder with images.txt and the lists beside it"),
        .unreadable, .fast,
      ],
      result: "dataset with train and test",
      examples: [Example("let d = try { cub(\"CUB_200_2011\") } catch e { nil }")]
    ) { call in
      library.opened(
        try CUB.dataset(call.string("root"), options: call.files(host), host: host), "cub")
    },
    Builtin(
      "cars",
      "Gives Stanford Cars, 196 models with boxes, from its folder.",
      details: """
        Both releases are read: cars_annos.mat with car_ims/, and devkit/ (cars_meta.mat, \
        cars_train_annos.mat, cars_test_annos_withlabels.mat) with cars_train/ and cars_test/; and the \
        copies on Kaggle (cars_train/cars_train/; names.csv, anno_train.csv with car_data/). The \
        devkit's own list of test images has no classes: without the one with labels there is no \
        `.test`. \(pixelsAsStored)
        """,
      [.required("root", .string, "the folder"), .unreadable, .fast],
      result: "dataset with train and test",
      examples: [Example("let d = try { cars(\"stanford_cars\") } catch e { nil }")]
    ) { call in
      library.opened(
        try Cars.dataset(call.string("root"), options: call.files(host), host: host), "cars")
    },
    Builtin(
      "image_folder",
      "Makes a data set from a folder that holds a folder of images for each class.",
      details: """
        Folders named train, test and val (training, testing, valid, validation, test_set; in capitals or \
        not) above those of the classes become splits; others with images beside train are refused. A \
        class has all images below its folder, at any depth. Classes are in the order of their names; \
        names that are all numbers in that of the numbers, which is said where it makes a difference. A \
        folder of images without folders gives records without labels: for pictures, backgrounds, \
        outputs. Images have three channels, a grey one is repeated, what is transparent lies on white; \
        files are read when their pixels are wanted.
        """,
      [
        .required("root", .string, "the folder"),
        .optional(
          "labels", .bool, .bool(true),
          "false takes all images at any depth, without labels", namedOnly: true),
        .optional(
          "order", .string, .nil,
          "the classes' order: \"number\" as nil, without a note, \"text\" as torchvision has it",
          namedOnly: true),
        .unreadable, .orient, .fast, .fileID,
      ],
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
      let id = call.isNil("id") ? nil : try call.string("id")
      let order = try call.isNil("order") ? nil : ClassOrder(rawValue: call.string("order"))
      if order == nil, !call.isNil("order") {
        throw call.wrong("order", "\"number\" or \"text\"")
      }
      return library.opened(
        try ImageFolder.dataset(
          call.string("root"), isLabelled: call.bool("labels"), order: order, id: id,
          options: call.files(host, orient: call.bool("orient")), host: host), "image_folder")
    },
    Builtin(
      "csv_dataset",
      "Makes a data set from a table of image files: path, label, perhaps a box and a split.",
      details: """
        The first line names the columns: path (or image, file, filename, image_path, image_id) and label \
        (or class, class_name, target, category); a box as x, y, width, height or x1, y1, x2, y2 (or \
        xmin, ymin, xmax, ymax; left, top, right, bottom; bbox_x1 ...; bbox, a cell of x, y, width, \
        height), in pixels from the upper left corner, empty where a record has none; split, which is \
        train, val or test. Labels are whole numbers from 0, or names, \
        whose order makes the classes; both together are refused. Spaces around cells don't count. \
        Images are read as `image_folder` reads them.
        """,
      [
        .required("file", .string, "the CSV file"),
        .optional(
          "root", .string, .nil, "the folder that paths begin in; nil is the file's",
          namedOnly: true),
        .unreadable, .orient, .fast, .fileID,
      ], result: "dataset, with splits if there is such a column",
      examples: [Example("let d = try { csv_dataset(\"birds.csv\") } catch e { nil }")]
    ) { call in
      let root = call.isNil("root") ? nil : try call.string("root")
      let id = call.isNil("id") ? nil : try call.string("id")
      return library.opened(
        try CSVDataset.dataset(
          call.string("file"), root: root, id: id,
          options: call.files(host, orient: call.bool("orient")), host: host), "csv_dataset")
    },
  ]
}

extension Library {
  /// The object of a data set that `operation` opened, after what was odd about it has been said.
  fileprivate func opened(_ dataset: Dataset, _ operation: String) -> Value {
    for text in dataset.notes { note("\(operation): \(text)") }
    return .object(DatasetObject(dataset))
  }
}

private let pixelsAsStored = """
  Boxes and parts belong to the pixels as they are stored, so images are not turned as a camera noted.
  """

extension Parameter {
  fileprivate static let unreadable = Parameter.optional(
    "unreadable", .string, Value("error"),
    "\"error\" when such a record is wanted, or \"skip\": read all images once now, leave those out, and "
      + "those with a box without area",
    namedOnly: true)
  fileprivate static let orient = Parameter.optional(
    "orient", .bool, .bool(true),
    "turn images as the camera noted; boxes are then those of the turned image", namedOnly: true)
  fileprivate static let fast = Parameter.optional(
    "fast", .bool, .bool(false),
    "decode JPEGs at 1/2, 1/4 or 1/8 where resize follows, alone or after crop_to_box: other pixels",
    namedOnly: true)
  fileprivate static let fileID = Parameter.optional(
    "id", .string, .nil,
    "a name for the records: data sets with the same id and the same files can be paired",
    namedOnly: true)
}

extension Call {
  /// How files are read.
  fileprivate func files(_ host: Host, orient: Bool = false) throws -> FileOptions {
    guard let unreadable = Unreadable(rawValue: try string("unreadable")) else {
      throw wrong("unreadable", "\"error\" or \"skip\"")
    }
    return try FileOptions(
      host: host, unreadable: unreadable, isOriented: orient, isFast: bool("fast"))
  }
}

import Language

private let rows = Argument(
  "rows", .value(.list | .map | .tensor),
  "a list of maps, lists or tensors; a tensor of rows; or a map of columns")
private let columns = Argument(
  "columns", .optional(.texts), "the column headings; nil uses the maps' keys")
private let decimals = Argument(
  "decimals", .whole(0...15), default: 4, "the digits after the decimal point", named: true)

/// The builtin `table`.
func tableBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "table", "Formats rows as a table with column headings, for printing.",
      details: """
        A row is a map from column to value, or a list. Numbers are aligned to the right; a column \
        with fractions shows `decimals` digits. `.markdown`, `.latex` and `.csv` give the table as \
        text for papers and programs.
        """,
      searchTerms: ["dataframe", "LaTeX", "tabular"], [rows, columns, decimals], result: "table",
      examples: [
        Example(
          "table([{method: \"B\", accuracy: 76.7}, {method: \"CQD\", accuracy: 79.45}], decimals: 2)",
          "method  accuracy\n────────────────\nB          76.70\nCQD        79.45")
      ]
    ) { call in
      let given = try call[columns] ?? []
      guard let (items, keys) = try TableObject.rows(of: call[rows]),
        let table = try TableObject(
          rows: items, columns: given.isEmpty ? keys : given, decimals: call[decimals])
      else {
        throw call.wrong(rows, "a list of maps, lists or tensors, a tensor or a map of columns")
      }
      return .object(table)
    }
  ]
}

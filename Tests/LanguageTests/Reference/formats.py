"""Writes FormatConstants.swift: Python's own repr and format of numbers and texts."""
import sys

numbers = [0.0, -0.0, 1.0, -3.0, 0.1, 1 / 3, 123456789.0, 1234.5678, 2.5, 3.5, 0.5, 1e15, 1e16, 1e17,
           1.5e300, 1e-4, 1e-5, 5e-324, 0.1 + 0.2, 9007199254740991.0, 123456789012345680.0]
specs = [".2f", ".0f", ",.1f", "e", ".3e", ".3g", "g", ".1%", "%", "+.1f", " .1f", "10.2f", "<10.2f", "^11.2f",
         "*>10.1f", "010.2f", "_.2f", "E", "G", "#.3g"]
wholes = [0, 7, -42, 255, 1234567]
whole_specs = ["d", "5d", "05d", "+d", ",d", "_d", "x", "X", "#x", "b", "#b", "o", "08b", "_b", "^7d", "<4", ">6", ","]
texts = ["", "s", "long text", "λx"]
text_specs = ["", "5", "<5", ">5", "^5", "*^6", ".2", "5.1", "s"]

def literal(x):
    return repr(float(x))

with open(sys.argv[1], "w") as out:
    out.write("// Written by Reference/formats.py; Python %d.%d.\n\n" % sys.version_info[:2])
    out.write("/// What Python writes: number, spec, text.\n")
    out.write("let pythonReprs: [(Double, String)] = [\n")
    for x in numbers:
        text = repr(x)
        out.write('  (%s, "%s"),\n' % (literal(x), text[:-2] if text.endswith(".0") else text))
    out.write("]\n\nlet pythonNumbers: [(Double, String, String)] = [\n")
    for x in numbers:
        if x > 1e20:
            continue
        for spec in specs:
            out.write('  (%s, "%s", "%s"),\n' % (literal(x), spec, format(x, spec)))
    for x in wholes:
        for spec in whole_specs:
            out.write('  (%s, "%s", "%s"),\n' % (literal(x), spec, format(x, spec)))
    out.write("]\n\nlet pythonTexts: [(String, String, String)] = [\n")
    for x in texts:
        for spec in text_specs:
            out.write('  ("%s", "%s", "%s"),\n' % (x, spec, format(x, spec)))
    out.write("]\n")

"""Holds the Pygments lexer against the language: it knows the reserved words of the parser, and splits every script of
the project without an error and without losing a character.

    pip install pygments==2.21.0 ./editors/pygments
    python pygments_lexer.py
"""

import pathlib
import re

from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import Comment, Error, Keyword, String

import limbeck_lexer

root = pathlib.Path(__file__).parents[3]
lexer = get_lexer_by_name('limbeck', ensurenl=False, stripnl=False)
assert type(get_lexer_for_filename('x.lbk')) is limbeck_lexer.LimbeckLexer

enum = re.search(r'enum Keyword[^{]*\{(.*?)\}', (root / 'Sources/Syntax/Lexing/Token.swift').read_text(), re.S)
words = set()
for line in re.findall(r'case (.*)', enum[1]):
    words |= {name.split('=')[-1].strip(' "`') for name in line.split(',')}
assert words == set(limbeck_lexer.KEYWORDS), words ^ set(limbeck_lexer.KEYWORDS)

count = 0
for path in sorted(root.glob('[a-zA-Z]*/**/*.lbk')):
    text = path.read_text()
    tokens = list(lexer.get_tokens(text))
    wrong = [value for kind, value in tokens if kind is Error]
    assert not wrong, f'{path}: {wrong[0]!r}'
    assert ''.join(value for _, value in tokens) == text, path
    count += 1
assert count > 100

tokens = list(lexer.get_tokens('let s = f"{m["if"]:>8} {{x}}" # note\nm.in\n'))
assert (String.Escape, '{{') in tokens and (Comment.Single, '# note') in tokens
assert [value for kind, value in tokens if kind in Keyword] == ['let'], tokens
print(f'{count} scripts')

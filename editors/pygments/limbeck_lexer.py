"""A Pygments lexer for Limbeck: `pygmentize x.lbk`, Sphinx, minted, nbconvert."""

from pygments.lexer import RegexLexer, bygroups, include, words
from pygments.token import (
    Comment, Keyword, Name, Number, Operator, Punctuation, String, Whitespace)

KEYWORDS = [
    'let', 'fn', 'if', 'else', 'for', 'in', 'while', 'break', 'continue', 'return', 'and', 'or',
    'not', 'true', 'false', 'nil', 'use', 'as', 'try', 'catch']
CONSTANTS = ['true', 'false', 'nil']
WORD_OPERATORS = ['and', 'or', 'not', 'in']


def string(quote):
    """The states of a string that ends with a quote, and of an f-string that does."""
    inside = r'[^\\{}%s]+' % quote[0]
    own = [
        (quote, String, '#pop'),
        (r'\\(x[0-9A-Fa-f]{2}|u\{[0-9A-Fa-f]+\}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|(?s:.))', String.Escape),
    ]
    rest = [(inside, String), (quote[0], String)]
    formatted = [(r'\{\{|\}\}', String.Escape), (r'\{', String.Interpol, 'value')]
    return own + [(r'[{}]', String)] + rest, own + formatted + rest


class LimbeckLexer(RegexLexer):
    """The lexer of docs/language.md."""

    name = 'Limbeck'
    aliases = ['limbeck', 'lbk']
    filenames = ['*.lbk']
    mimetypes = ['text/x-limbeck']

    tokens = {
        'root': [include('expression')],
        'expression': [
            (r'\s+', Whitespace),
            (r'##.*', String.Doc),
            (r'# %%.*', Comment.Special),
            (r'#.*', Comment.Single),
            (r'f"""', String.Affix, 'f"""'), (r"f'''", String.Affix, "f'''"),
            (r'f"', String.Affix, 'f"'), (r"f'", String.Affix, "f'"),
            (r'"""', String, '"""'), (r"'''", String, "'''"),
            (r'"', String, '"'), (r"'", String, "'"),
            # After a dot, and before a colon, a keyword is an ordinary name.
            (r'(\.)([^\W\d]\w*)', bygroups(Punctuation, Name.Attribute)),
            (words(KEYWORDS, prefix=r'\b', suffix=r'(?=:)'), Name),
            (r'\b(let)(\s+)([^\W\d]\w*)', bygroups(Keyword.Declaration, Whitespace, Name.Variable)),
            (r'\b(fn)(\s+)([^\W\d]\w*)', bygroups(Keyword.Declaration, Whitespace, Name.Function)),
            (words(CONSTANTS, prefix=r'\b', suffix=r'\b'), Keyword.Constant),
            (words(WORD_OPERATORS, prefix=r'\b', suffix=r'\b'), Operator.Word),
            (words(KEYWORDS, prefix=r'\b', suffix=r'\b'), Keyword),
            (r'0[xX][0-9A-Fa-f_]+', Number.Hex),
            (r'\d[\d_]*(\.\d[\d_]*)?([eE][+-]?\d+)?', Number),
            (r'[^\W\d]\w*(?=\()', Name.Function),
            (r'[^\W\d]\w*', Name),
            (r'->|\|>|\.\.\.?|//=?|[-+*/%^]=|[=!<>]=|[-+*/%@^<>=]', Operator),
            (r'\?\??', Operator),
            (r'\{', Punctuation, 'braces'),
            (r'[()\[\],;:.}]', Punctuation),
        ],
        'braces': [(r'\}', Punctuation, '#pop'), include('expression')],
        # What is inserted into an f-string: its format begins at a colon outside of brackets.
        'value': [
            (r'\}', String.Interpol, '#pop'),
            (r'(:)([^{}]*)', bygroups(String.Interpol, String.Interpol)),
            (r'[(\[]', Punctuation, 'brackets'),
            include('expression'),
        ],
        'brackets': [
            (r'[)\]]', Punctuation, '#pop'),
            (r'[(\[]', Punctuation, '#push'),
            include('expression'),
        ],
    }
    for _quote in ['"""', "'''", '"', "'"]:
        tokens[_quote], tokens['f' + _quote] = string(_quote)

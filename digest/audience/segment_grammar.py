"""The language of segments: `section:"In brief" and not language:es`. From text to the plan of its parts, and no more.

    either    both ("or" both)*
    both      one ("and" one)*
    one       "not" one  |  "(" either ")"  |  term
    term      field ":" value          section, language, rhythm (or frequency), timezone (or zone)
    value     "quoted", or words up to the next and, or, parenthesis or end

Case is ignored in the small words and in fields. In quotation marks `\\"` is a quotation mark and `\\\\` a backslash.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

_GRAMMAR = r"""
?either: both (OR both)*
?both: one (AND one)*
?one: NOT one -> without
    | "(" either ")"
    | FIELD value -> term
value: QUOTED | WORD+

FIELD.3: /[^\W\d_]+\s*:/
OR.2: /or(?![^\s()])/i
AND.2: /and(?![^\s()])/i
NOT.2: /not(?![^\s()])/i
QUOTED.2: /"(?:[^"\\]|\\.)*"/ | /“[^”]*”/ | /'[^']*'(?![^\s()])/
WORD: /[^\s():"“”]+/
%ignore /\s+/
"""

_WORDS = {
    "FIELD": "a field like section: or language:",
    "NOT": "not",
    "LPAR": "(",
    "RPAR": ")",
    "AND": "and",
    "OR": "or",
    "QUOTED": "a value",
    "WORD": "a value",
    "$END": "the end",
}


class NotUnderstood(Exception):
    """The text is no segment. `column` counts characters from 1, `hint` says what would do."""

    def __init__(self, text: str, *, column: int, hint: str = "") -> None:
        super().__init__(text)
        self.column = column
        self.hint = hint


def parse(text: str) -> Tree[Token]:
    """The parts of a segment as they are written. Raises NotUnderstood."""
    try:
        return _parser().parse(text)
    except UnexpectedToken as error:
        at_end = error.token.type == "$END"
        found = "it ends here" if at_end else f"“{error.token}” does not go here"
        column = len(text) + 1 if at_end else error.column
        raise NotUnderstood(found, column=column, hint=_expected(error.accepts or error.expected)) from None
    except UnexpectedCharacters as error:
        found = f"“{text[error.pos_in_stream or 0]}” does not go here"
        raise NotUnderstood(found, column=error.column, hint=_unexpected(error, text)) from None
    except UnexpectedInput as error:  # pragma: no cover  # the two above are all that this parser knows
        raise NotUnderstood(str(error), column=1) from None


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, start="either", parser="lalr", lexer="contextual")


def _unexpected(error: UnexpectedCharacters, text: str) -> str:
    """A colon or a quotation mark where none goes: two terms with nothing between, or a name that wants quoting."""
    if text[error.pos_in_stream or 0] in ":\"“”'":
        return "put and, or between two terms; put a name with such a mark in quotation marks, and close them"
    return _expected(error.allowed or ())


def _expected(kinds: Collection[str]) -> str:
    named = dict.fromkeys(words for kind, words in _WORDS.items() if kind in kinds)
    quoting = "; a name that has and, or, not in it goes in quotation marks" if "FIELD" in kinds else ""
    return f"expected here: {', '.join(named) or 'and, or, the end'}{quoting}"

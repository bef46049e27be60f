"""From text to sqlglot's tree, bounded before anything is parsed.

Characters first, then words, then the parser: what reaches the parser is short, shallow and made only of words that a
rule may have, so its time and its stack are bounded.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlglot import exp
from sqlglot.errors import ParseError, TokenError
from sqlglot.parser import Parser
from sqlglot.tokenizer_core import Token, TokenType
from sqlglot.tokens import Tokenizer

from yitong.kernel.predicates import faults
from yitong.kernel.predicates.faults import (
    PredicateNotAllowed,
    PredicateTooLarge,
    PredicateUnreadable,
)

LONGEST: Final = 20_000
MOST_TOKENS: Final = 5_000
DEEPEST: Final = 24

_PLAIN: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ \t\r\n'\"(),.+-*=<>!"
)
_WIDE: Final = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    "“": '"', "”": '"', "‘": "'", "’": "'", "、": ",", "；": ";", "\u3000": " ", "−": "-", "×": "*",
}  # fmt: skip
_REASONS: Final[Mapping[str, str]] = {
    ";": faults.STATEMENT, "/": faults.DIVISION, "%": faults.DIVISION, "#": faults.COMMENT, "?": faults.PARAMETER,
    "$": faults.PARAMETER, "@": faults.PARAMETER, ":": faults.CAST, "|": faults.JOINED, "~": faults.PATTERN,
}  # fmt: skip
_LETTERS: Final = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo"})
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

T = TokenType
_WORDS: Final[Mapping[TokenType, frozenset[str]]] = {
    kind: frozenset(texts.split())
    for kind, texts in {
        T.L_PAREN: "(", T.R_PAREN: ")", T.COMMA: ",", T.PLUS: "+", T.DASH: "-", T.STAR: "*",
        T.EQ: "=", T.NEQ: "<> !=", T.LT: "<", T.LTE: "<=", T.GT: ">", T.GTE: ">=",
        T.AND: "AND", T.OR: "OR", T.NOT: "NOT", T.IN: "IN", T.BETWEEN: "BETWEEN", T.IS: "IS",
        T.NULL: "NULL", T.LIKE: "LIKE", T.TRUE: "TRUE", T.FALSE: "FALSE", T.DATE: "DATE",
    }.items()
}  # fmt: skip
_FREE: Final = frozenset({T.VAR, T.IDENTIFIER, T.STRING, T.NUMBER})
_WHY: Final[Mapping[TokenType, str]] = {
    T.SELECT: faults.SUBQUERY, T.WITH: faults.SUBQUERY, T.EXISTS: faults.SUBQUERY, T.ANY: faults.SUBQUERY,
    T.ALL: faults.SUBQUERY, T.SOME: faults.SUBQUERY, T.FROM: faults.SUBQUERY, T.VALUES: faults.SUBQUERY,
    T.CASE: faults.BRANCH, T.WHEN: faults.BRANCH, T.END: faults.BRANCH, T.DOT: faults.DOTTED, T.ALIAS: faults.CAST,
    T.ILIKE: faults.PATTERN, T.RLIKE: faults.PATTERN, T.SIMILAR_TO: faults.PATTERN, T.ESCAPE: faults.PATTERN,
    T.GLOB: faults.PATTERN, T.DIV: faults.DIVISION, T.MOD: faults.DIVISION, T.CURRENT_DATE: faults.CLOCK,
    T.CURRENT_TIMESTAMP: faults.CLOCK, T.CURRENT_TIME: faults.CLOCK, T.TIMESTAMP: faults.CAST,
}  # fmt: skip
_RISES: Final = frozenset({T.NOT, T.DASH})


def place(text: str, offset: int) -> dict[str, Any]:
    """Line and column of an offset, as people count."""
    offset = max(0, min(offset, len(text)))
    before = text[:offset]
    return {"line": before.count("\n") + 1, "column": offset - (before.rfind("\n") + 1) + 1}


def read(text: str) -> exp.Expr:
    """The one condition of a text as sqlglot's tree; a PredicateRefusal for anything else."""
    if len(text) > LONGEST:
        raise PredicateTooLarge(faults.TOO_LONG, length=len(text), most=LONGEST)
    if not text.strip():
        raise PredicateUnreadable(faults.EMPTY)
    _check_signs(text)
    tokens = _tokens(text)
    _check_words(text, tokens)
    _check_depth(text, tokens)
    return _parsed(text, tokens)


def _check_signs(text: str) -> None:
    """No comment, no look-alike, no character that is not seen, every quote closed."""
    quote, opened = "", 0
    for at, sign in enumerate(text):
        if quote:
            if sign == quote:
                quote = ""
            elif _is_unseen(sign):
                raise PredicateNotAllowed(
                    faults.HIDDEN_SIGN, **place(text, at), sign=f"U+{ord(sign):04X}"
                )
        elif sign in "'\"":
            quote, opened = sign, at
        else:
            _check_sign(text, at)
    if quote:
        raise PredicateUnreadable(faults.OPEN_QUOTE, **place(text, opened))


def _check_sign(text: str, at: int) -> None:
    sign, there = text[at], place
    if sign in _PLAIN:
        if text.startswith("--", at):
            raise PredicateNotAllowed(faults.COMMENT, **there(text, at))
        return
    if text.startswith("/*", at):
        raise PredicateNotAllowed(faults.COMMENT, **there(text, at))
    if sign in _WIDE:
        raise PredicateUnreadable(
            faults.WIDE_SIGN, **there(text, at), sign=sign, narrow=_WIDE[sign]
        )
    if _is_unseen(sign):
        raise PredicateNotAllowed(faults.HIDDEN_SIGN, **there(text, at), sign=f"U+{ord(sign):04X}")
    if unicodedata.category(sign) not in _LETTERS:
        raise PredicateNotAllowed(
            _REASONS.get(sign, faults.STRAY_SIGN), **there(text, at), sign=sign
        )


def _is_unseen(sign: str) -> bool:
    """Controls, formats, halves of characters; and what has another standard form, so two texts would look alike."""
    if sign.isascii():
        return not sign.isprintable()
    return (
        unicodedata.category(sign) in _UNSEEN
        or bool(unicodedata.combining(sign))
        or not unicodedata.is_normalized("NFC", sign)
    )


def _tokens(text: str) -> Sequence[Token]:
    try:
        return Tokenizer().tokenize(text)
    except TokenError:
        # Every quote is closed by now: only a caller near the end of the stack comes here.
        raise PredicateUnreadable(faults.UNREADABLE) from None


def _check_words(text: str, tokens: Sequence[Token]) -> None:
    if len(tokens) > MOST_TOKENS:
        raise PredicateTooLarge(faults.TOO_MANY_WORDS, most=MOST_TOKENS)
    for token in tokens:
        kind = token.token_type
        if token.comments:
            raise PredicateNotAllowed(faults.COMMENT, **place(text, token.start))
        if kind in _FREE or token.text.upper() in _WORDS.get(kind, ()):
            continue
        what = token.text[:40]
        raise PredicateNotAllowed(
            _WHY.get(kind, faults.NOT_LISTED), **place(text, token.start), what=what, name=what
        )


def _check_depth(text: str, tokens: Sequence[Token]) -> None:
    """Parentheses, and signs that stand before what they change: each is a level for the parser."""
    opened = risen = 0
    for token in tokens:
        kind = token.token_type
        opened += (kind is T.L_PAREN) - (kind is T.R_PAREN)
        risen = risen + 1 if kind in _RISES else 0
        if opened + risen > DEEPEST:
            raise PredicateTooLarge(faults.TOO_DEEP, **place(text, token.start), most=DEEPEST)


def _parsed(text: str, tokens: Sequence[Token]) -> exp.Expr:
    try:
        found = Parser().parse(list(tokens), text)
    except ParseError as error:
        raise PredicateUnreadable(faults.UNREADABLE, **_where(text, error)) from None
    if len(found) != 1 or found[0] is None:
        raise PredicateNotAllowed(faults.STATEMENT)
    return found[0]


def _where(text: str, error: ParseError) -> dict[str, Any]:
    first: Mapping[str, Any] = error.errors[0] if error.errors else {}
    line, column = first.get("line") or 1, first.get("col") or 1
    wrong = str(first.get("highlight") or "")
    return {"line": line, "column": max(1, column - max(0, len(wrong) - 1))}

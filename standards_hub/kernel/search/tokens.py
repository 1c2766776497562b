"""The tokeniser of the index and of queries: bigrams for Chinese, words for Latin letters, numbers with their points.

`GB/T 20234.3—2023` becomes gb, t, 20234.3, 2023, so any dash finds it; 20234 is kept apart, where it finds all parts
without breaking up phrases. 氢能标准 becomes 氢能, 能标, 标准; a query of two characters is one of them, a longer one is a phrase.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

HAN = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
PIECE = re.compile(rf"(?P<han>[{HAN}]+)|(?P<number>[0-9]+(?:\.[0-9]+)*)|(?P<word>[^\W\d_{HAN}]+)")
MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f]")
"""Accents as NFKD takes them off their letters."""
LONGEST_TOKEN = 64
MOST_PHRASES = 12
"""Phrases of a query that count; a pasted page of text is cut off here."""
MOST_TOKENS = 40


class Token(Struct, frozen=True):
    """A token and the characters of the text, from `start` before `end`, that it stands for."""

    text: str
    start: int
    end: int


class Phrase(Struct, frozen=True):
    """Tokens that stand side by side; with `prefix`, the last may be the beginning of one."""

    tokens: tuple[str, ...]
    prefix: bool = False


def folded(text: str) -> str:
    """Full width to half width, capitals to small letters, accents away (NFKD without its marks)."""
    if text.isascii():
        return text.lower()
    return MARKS.sub("", unicodedata.normalize("NFKD", text)).lower()


_letters = lru_cache(maxsize=8192)(folded)
"""What one character folds to."""


def _pieces(text: str) -> Iterator[tuple[str, str, int, int]]:
    for match in PIECE.finditer(text):
        kind = match.lastgroup or ""
        yield kind, match[0], match.start(), match.end()


def words_of(text: str) -> tuple[list[str], list[str]]:
    """The tokens of a text in order, and those that find it too but stand in no phrase."""
    words: list[str] = []
    beside: list[str] = []
    for match in PIECE.finditer(folded(text)):
        kind, piece = match.lastgroup, match[0]
        if kind == "word":
            words.append(piece[:LONGEST_TOKEN])
        elif kind == "han" and len(piece) > 1:
            words += [piece[i : i + 2] for i in range(len(piece) - 1)]
            beside.append(piece[-1])
        else:
            words.append(piece[:LONGEST_TOKEN])
            if "." in piece:
                parts = piece[:LONGEST_TOKEN].split(".")
                beside += [".".join(parts[:n]) for n in range(1, len(parts))]
    return words, beside


def phrases_of(query: str) -> list[Phrase]:
    """What a query asks for, all of it to be found. Nothing in it is an operator.

    A single Chinese character stands for every word that begins with it, or ends a run of characters with it.
    """
    found: list[Phrase] = []
    for chunk in folded(query).split():
        tokens: list[str] = []
        for kind, piece, _start, _end in _pieces(chunk):
            if kind == "han" and len(piece) == 1:
                found += [Phrase(tuple(tokens))] if tokens else []
                found.append(Phrase((piece,), prefix=True))
                tokens = []
            elif kind == "han":
                tokens += [piece[i : i + 2] for i in range(len(piece) - 1)]
            else:
                tokens.append(piece[:LONGEST_TOKEN])
        if tokens:
            found.append(Phrase(tuple(tokens[:MOST_TOKENS])))
    return list(dict.fromkeys(found))[:MOST_PHRASES]


def marks(text: str, phrases: list[Phrase]) -> list[tuple[int, int]]:
    """Where the phrases stand in a text: ranges of its characters, in order and not overlapping."""
    tokens = list(_located(text))
    spans: list[tuple[int, int]] = []
    for phrase in phrases:
        wanted, size = phrase.tokens, len(phrase.tokens)
        first = wanted[0][0]
        for i in range(len(tokens) - size + 1):
            if tokens[i].text[0] == first and all(
                _fits(tokens[i + k].text, wanted[k], phrase.prefix or "." not in wanted[k]) for k in range(size)
            ):
                last = tokens[i + size - 1]
                end = last.start + 1 if phrase.prefix else last.end
                spans.append((tokens[i].start, end))
    return _joined(spans)


def _fits(token: str, wanted: str, opened: bool) -> bool:
    if token == wanted:
        return True
    begins = len(wanted) == 1 and not wanted.isascii() and token[0] == wanted
    return opened and (begins or token.startswith(wanted + "."))


def _located(text: str) -> Iterator[Token]:
    """The tokens with their places in the text as it was before folding."""
    places: Sequence[int] = range(len(text) + 1)
    plain = folded(text)
    if plain != text and not text.isascii():  # folding may have made other lengths
        letters: list[str] = []
        places = []
        for at, char in enumerate(text):
            for letter in _letters(char):
                letters.append(letter)
                places.append(at)
        plain = "".join(letters)
        places.append(len(text))
    for kind, piece, start, end in _pieces(plain):
        if kind == "han" and len(piece) > 1:
            for i in range(start, end - 1):
                yield Token(plain[i : i + 2], places[i], places[i + 1] + 1)
            yield Token(plain[end - 1], places[end - 1], places[end - 1] + 1)
        else:
            yield Token(piece[:LONGEST_TOKEN], places[start], places[end - 1] + 1)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined

"""The tokeniser of the index and of queries: bigrams for Chinese, words for Latin letters, numbers with their points.

`GB/T 20234.3—2023` becomes gb, t, 20234.3, 2023, so any dash finds it; 20234 is kept apart, where it finds all parts
without breaking up phrases. 氢能标准 becomes 氢能, 能标, 标准; a query of two characters is one of them, a longer one is a phrase.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

HAN = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LETTER = rf"[^\W\d_{HAN}]"
PIECE = re.compile(rf"(?P<han>[{HAN}]+)|(?P<number>[0-9]+(?:\.[0-9]+)*)|(?P<word>{LETTER}+)")
HAN_TOKEN = re.compile(rf"[{HAN}]+")
BETWEEN = r"(?:(?![0-9])[\W\d_])*"
"""What may stand between two pieces: nothing that is a piece itself."""
MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f]")
"""Accents as NFKD takes them off their letters."""
LONGEST_TOKEN = 64
MOST_PHRASES = 12
"""Phrases of a query that count; a pasted page of text is cut off here."""
MOST_TOKENS = 40


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
        for match in PIECE.finditer(chunk):
            kind, piece = match.lastgroup, match[0]
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
    plain, places = _placed(text)
    found = sorted(match.span(1) for phrase in phrases for match in _pattern(phrase).finditer(plain))
    joined: list[tuple[int, int]] = []
    for begin, after in found:
        start, end = places[begin], places[after - 1] + 1
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


@lru_cache(maxsize=512)
def _pattern(phrase: Phrase) -> re.Pattern[str]:
    """A phrase as it stands in a folded text; looked for ahead, so that two that overlap are both found."""
    runs: list[str] = []
    for token in phrase.tokens:
        if runs and HAN_TOKEN.fullmatch(token) and HAN_TOKEN.fullmatch(runs[-1]) and runs[-1][-1] == token[0]:
            runs[-1] += token[1:]
        else:
            runs.append(token)
    return re.compile(f"(?=({BETWEEN.join(_one(run) for run in runs)}))")


def _one(token: str) -> str:
    """A run of Chinese anywhere; a word whole; a number whole, or with the parts after it if it has none itself."""
    if HAN_TOKEN.fullmatch(token):
        return token
    if not token[0].isdecimal():
        rest = f"{LETTER}*" if len(token) == LONGEST_TOKEN else ""
        return f"(?<!{LETTER}){re.escape(token)}{rest}(?!{LETTER})"
    parts = "" if "." in token else r"(?:\.[0-9]+)*"
    return rf"(?<![0-9])(?<![0-9]\.){re.escape(token)}{parts}(?!\.?[0-9])"


def _placed(text: str) -> tuple[str, Sequence[int]]:
    """A text folded, and for each of its characters the place in the text as it was before."""
    plain = folded(text)
    if plain == text or text.isascii():
        return plain, range(len(text))
    letters = [(letter, at) for at, char in enumerate(text) for letter in _letters(char)]  # folding may have made other lengths
    return "".join(letter for letter, _ in letters), [at for _, at in letters]

"""The natural order of clauses: general remarks, the parts before clause 1, 3.2 before 3.10, then annexes and the bibliography."""

import re
import unicodedata

WHOLE = re.compile(r"|全文|总体|整体|整个标准|通篇|general|whole( document)?|all|[-—/]+")
BEFORE = (
    (1, re.compile(r"封面|标题|标准名称|名称|cover|title")),
    (2, re.compile(r"目次|目录|contents|table of contents")),
    (3, re.compile(r"前言|foreword")),
    (4, re.compile(r"引言|introduction")),
)
BIBLIOGRAPHY = re.compile(r"参考文献|索引|bibliography|index")
CLAUSE = re.compile(r"(?:第|条款|章节|章条|[章条节]|clause|cl\.|section|sub-?clause|§)?\s*(\d+(?:\.\d+)*)")
ANNEX = re.compile(r"(?:附录|annex|appendix)?\s*([a-z])((?:\.?\d+)(?:\.\d+)*)?(?![a-z])")
CHINESE = re.compile(r"第([一二三四五六七八九])?(十)?([一二三四五六七八九])?(?=[章条节])")
FIGURES = "零一二三四五六七八九"
WIDTH = 4
MOST_PARTS = 8


def clause_key(clause: str) -> str:
    """A text that sorts as people sort clauses: digits alone, so that every database orders it alike."""
    text = CHINESE.sub(_arabic, unicodedata.normalize("NFKC", clause).strip().lower())
    if WHOLE.fullmatch(text):
        return "0"
    if found := CLAUSE.match(text):
        return "5" + _numbers(found[1])
    for order, pattern in BEFORE:
        if pattern.match(text):
            return str(order)
    if BIBLIOGRAPHY.match(text):
        return "7"
    if found := ANNEX.match(text):
        return f"6{ord(found[1]) - ord('a'):02}" + _numbers(found[2] or "")
    digits = re.findall(r"\d+", text)
    return "8" + _numbers(".".join(digits))


def _arabic(found: re.Match[str]) -> str:
    """第三章 as 第3章, 第二十章 as 第20章."""
    first, ten, last = found.groups()
    if not ten:
        return "第" + "".join(str(FIGURES.index(figure)) for figure in (first, last) if figure)
    return f"第{FIGURES.index(first or '一') * 10 + FIGURES.index(last or '零')}"


def _numbers(text: str) -> str:
    parts = [part for part in text.split(".") if part][:MOST_PARTS]
    return "".join(f"{min(int(part[:9]), 10**WIDTH - 1):0{WIDTH}}" for part in parts)

"""List texts that have no English, and English that nothing says. Exits 1 if there is any.

Chinese is the source text, said by `say("…")` in Python and in templates; English stands in each room's `locale/en.po`.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).parents[1] / "standards_hub"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2"), ("**/templates/**.xml", "jinja2")]
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
"""Characters, and punctuation that English writes otherwise."""
PLACE = re.compile(r"{(\w*)")
ENTRY = re.compile(r'^msgid ((?:".*"\n)+)', re.MULTILINE)


def said(package: Path) -> dict[str, str]:
    """Every text and where it is first said."""
    found: dict[str, str] = {}
    for name, line, text, *_ in extract_from_dir(package, METHODS, keywords={"say": None}):
        if isinstance(text, str):
            found.setdefault(text, f"{name}:{line}")
    return found


def unreadable(package: Path) -> Iterator[str]:
    """Calls of `say` whose text is put together at run time, so that no one can translate it."""
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                text = node.args[0] if node.args else None
                if not (isinstance(text, ast.Constant) and isinstance(text.value, str)):
                    yield f"{path.relative_to(package)}:{node.lineno}: say() needs its text in full; put what varies into {{places}}"


def problems(package: Path = PACKAGE) -> list[str]:
    """What is wrong with the translations of a package, a line each; nothing if all is well."""
    texts, found, english = said(package), list(unreadable(package)), dict[str, tuple[str, str]]()
    for path in sorted(package.glob("**/locale/en.po")):
        where = str(path.relative_to(package))
        with path.open("rb") as file:
            entries = [entry for entry in read_po(file, locale="en", abort_invalid=True) if entry.id]
        twice = [text for text, times in Counter(ENTRY.findall(path.read_text("utf-8"))).items() if times > 1]
        found += [f"{where}: stands twice: {text.strip()}" for text in twice]  # which Babel passes over, keeping one
        for entry in entries:
            text, translation, line = str(entry.id), str(entry.string), f"{where}:{entry.lineno}"
            if text not in texts:
                found.append(f"{line}: nothing says {text!r}")
            if not translation or entry.fuzzy:
                found.append(f"{line}: not translated: {text!r}")
            elif set(PLACE.findall(text)) != set(PLACE.findall(translation)):
                found.append(f"{line}: other places than the text has: {text!r}")
            elif text in english and english[text][0] != translation:
                found.append(f"{line}: {text!r} already has other English in {english[text][1]}")
            english.setdefault(text, (translation, line))
    found += [f"{where}: no English for {text!r}" for text, where in texts.items() if CHINESE.search(text) and text not in english]
    return found


if __name__ == "__main__":
    if found := problems():
        sys.exit("\n".join([*found, f"{len(found)} texts need a hand"]))

"""Every text that access and the kernel say has an English form with the same places."""

import ast
import re
from pathlib import Path

import pytest

from standards_hub.kernel import messages

KERNEL = Path(messages.__file__).parent
FILES = sorted([*KERNEL.glob("*.py"), *(KERNEL / "access").glob("*.py")])


def said(path: Path) -> list[str]:
    calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    return [c.args[0].value for c in calls if getattr(c.func, "id", "") == "say" and isinstance(c.args[0], ast.Constant)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(KERNEL)))
def test_every_text_has_its_english(path: Path) -> None:
    for text in said(path):
        english = messages.catalogue().get(text, "")
        assert english and not re.search(r"[\u4e00-\u9fff]", english), text
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", text)), text

"""Reading one row's cells as what their columns want; whatever cannot be read is noted on the draft, never raised."""

from datetime import date
from difflib import get_close_matches

from standards_hub.kernel.cleanliness import IN_TEXT
from standards_hub.kernel.messages import say
from standards_hub.lifecycle.intake.columns import CHOICES, SEPARATORS, choices, column, folded, tracks
from standards_hub.lifecycle.intake.days import read_day
from standards_hub.lifecycle.intake.reading import Row
from standards_hub.lifecycle.intake.values import Draft

FORMULA = ("=", "+", "-", "@")
"""First letters that a spreadsheet may take for a formula."""


class Cells:
    """The cells of a row, and the draft on which their faults are noted."""

    def __init__(self, row: Row, draft: Draft) -> None:
        self.row = row
        self.draft = draft

    def text(self, key: str) -> str | None:
        value = self.row.cells.get(key)
        if value is None:
            return None
        if isinstance(value, date):
            self.draft.wrong(key, "cell.day", say("单元格是日期，此列应为文字，请把单元格格式设为“文本”后重新填写"))
            return None
        text = str(value)
        return text if self._fits(key, text, " ".join(text.split())) else None

    def _fits(self, key: str, text: str, shown: str) -> bool:
        wanted = column(key)
        if IN_TEXT.search(text):
            self.draft.wrong(key, "cell.control", say("含有控制字符，请重新输入"))
        elif len(text) > wanted.most:
            self.draft.wrong(key, "cell.long", say("有 {length} 字，最多 {most} 字", length=len(text), most=wanted.most))
        elif text.startswith(FORMULA) and key != "note":
            self.draft.wrong(key, "cell.formula", say("不能以 {sign} 开头，请删去", sign=text[0]))
        elif text.startswith("#") and text.rstrip("!?/0AN").isupper():
            self.draft.wrong(key, "cell.error", say("公式出错（{text}），请改为值", text=shown[:20]))
        else:
            return True
        return False

    def line(self, key: str) -> str | None:
        """A text on one line."""
        text = self.text(key)
        return " ".join(text.split()) if text else None

    def day(self, key: str) -> date | None:
        value = self.row.cells.get(key)
        if value is None:
            return None
        found = read_day(value)
        if found is None:
            self.draft.wrong(key, "cell.day", say("“{text}”不是日期，请按年-月-日填写，如 2026-11-24", text=str(value)[:30]))
        return found

    def choice(self, key: str) -> str | None:
        value = self.row.cells.get(key)
        if value is None:
            return None
        wanted = column(key)
        name, text = wanted.choices or "", str(value)
        found = choices(name).get(folded(text))
        if found is None:
            names = [t.name for t in tracks().values()] if name == "track" else list(CHOICES[name].values())
            near = get_close_matches(text, [str(n) for n in names], 1, 0.5)
            if near:
                why = say("“{text}”不在可选值之内，是否应为“{near}”？", text=text[:60], near=near[0])
            else:
                why = say("“{text}”不在可选值之内，可填：{names}", text=text[:60], names=names)
            self.draft.wrong(key, "cell.choice", why)
        return found

    def flag(self, key: str) -> bool:
        return self.choice(key) == "yes"

    def members(self, key: str) -> list[str]:
        """The members of a list, each once and in order."""
        value = self.row.cells.get(key)
        if value is None:
            return []
        found = [" ".join(part.split()) for part in SEPARATORS.split(str(value)) if part.strip()]
        kept = [part for part in dict.fromkeys(found) if self._fits(key, part, part)]
        if len(set(found)) != len(found):
            self.draft.wrong(key, "cell.twice", say("列有重复的内容，重复的只计一次"), warn=True)
        return kept

"""The day of an act that is recorded."""

from datetime import date

from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work


def day_of(work: Work, on: date | None) -> date:
    """The day something was true, today if nobody says; a day to come is refused, for nothing has happened then."""
    if on is not None and on > work.today:
        raise BadInput(
            say("日期 {day} 晚于今天", day=on),
            unmet=[Unmet("date.future", say("请填写今天（{today}）或更早的日期", today=work.today), "on")],
        )
    return on or work.today

"""What can happen to divisions of targets; they stand in the log of their plan."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from standards_hub.kernel.events import Change, Event, Stamp, insert, named, projection, update
from standards_hub.kernel.messages import say
from standards_hub.linkage.allotments.models import AllotmentRow
from standards_hub.linkage.allotments.values import Allotment

projection(AllotmentRow)


class TargetAllotted(Event, frozen=True, kw_only=True):
    """A target was divided, or divided anew: the version before ends on that day."""

    allotment: Allotment
    before: UUID | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        if self.before:
            yield update(AllotmentRow, self.before, superseded_on=at.effective_on)
        facts = {name: getattr(self.allotment, name) for name in self.allotment.__struct_fields__}
        yield insert(AllotmentRow, plan_id=at.subject, **{**facts, "cells": msgspec.to_builtins(self.allotment.cells)})


named({TargetAllotted: say("分解指标")})

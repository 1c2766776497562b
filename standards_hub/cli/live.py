"""The live count at each step of a track, where this machine has a database."""

from collections.abc import Mapping
from functools import cached_property

from sqlalchemy.engine import make_url

from standards_hub.cli.runtime import run, settings
from standards_hub.cli.tracks import Counts
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.tracks.model import Track


class Live(Counts):
    """Counts of the hub of this machine; none where its SQLite file is not there yet."""

    def of(self, track: Track) -> Mapping[str, int] | None:
        found = self._all
        return None if found is None else {step: count for (id, step), count in found.items() if id == track.id}

    @cached_property
    def _all(self) -> dict[tuple[str, str], int] | None:
        url = make_url(settings().database_url)
        if url.get_backend_name() == "sqlite" and not (settings().home / "hub.sqlite").exists():
            return None

        async def task(work: Work) -> dict[tuple[str, str], int]:
            counts: dict[tuple[str, str], int] = {}
            for (track, step, _status), count in (await repository.by_step(work.connection)).items():
                counts[track, step] = counts.get((track, step), 0) + count
            return counts

        return run(task, writes=False)

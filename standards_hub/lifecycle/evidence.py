"""The port for evidence that is not a paper: ballots, comments, verification and documents answer gates here.

A provider is registered under the name that a track's gate carries. Until one is there, or where it has nothing to
say, the gate is met by the signed paper in the dossier, and that stays possible for ever; only an answer that is
`final`, a vote that failed on this very text, is not outweighed by one.
"""

from collections.abc import Container
from typing import Protocol

from standards_hub.kernel.work import Work
from standards_hub.lifecycle.gates import Evidence
from standards_hub.lifecycle.tracks.model import Gate
from standards_hub.lifecycle.values import Standard


class EvidenceProvider(Protocol):
    async def __call__(self, work: Work, standard: Standard, gate: Gate, /) -> Evidence | None:
        """What it knows about this gate for this standard; None if nothing."""
        ...


_providers: dict[str, EvidenceProvider] = {}


def register(name: str, provider: EvidenceProvider) -> None:
    """Let a provider answer the gates that name it."""
    _providers[name] = provider


def answering() -> Container[str]:
    """The names under which a provider is there."""
    return _providers.keys()


async def gathered(work: Work, standard: Standard, gates: tuple[Gate, ...]) -> dict[str, Evidence]:
    """What the providers say about some gates, by gate."""
    found: dict[str, Evidence] = {}
    for gate in gates:
        provider = _providers.get(gate.provider or "") or _providers.get(f"field:{gate.field}" if gate.field else "")
        evidence = await provider(work, standard, gate) if provider else None
        if evidence is not None:
            found[gate.key] = evidence
    return found

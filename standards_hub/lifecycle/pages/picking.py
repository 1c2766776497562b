"""Choosing bodies, people and standards in a form: by a name as it is typed, with suggestions, or among what a search found."""

from collections import Counter
from collections.abc import Iterable
from itertools import count
from uuid import UUID

from msgspec import Struct, structs

from standards_hub.committees import repository as bodies
from standards_hub.kernel import search
from standards_hub.kernel.errors import BadInput, NotFound
from standards_hub.kernel.forms import NAME, Form
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.catalogue import repository as catalogue
from standards_hub.lifecycle.catalogue.schemas import EntryLine
from standards_hub.lifecycle.identifiers import IdentifierError, parse
from standards_hub.lifecycle.values import UNDER_WAY, Standard

PICKED = {
    "committee_id": "committees",
    "department_id": "organisations",
    "organisation_id": "organisations",
    "leader_id": "people",
    "person_id": "people",
}
"""Fields that name somebody: by the last part of their name, what they choose from."""
MOST = 500
"""Suggestions of one list. Whoever is not among them is still found by the exact name."""
FOUND = 12
BETWEEN = " · "
"""What stands between somebody's name and employer."""


class Lists(Struct):
    """What may be chosen: {list: {id: name as it is typed}}."""

    names: dict[str, dict[UUID, str]]

    def name(self, kind: str, id: UUID) -> str:
        return self.names[kind].get(id, str(id))

    def suggestions(self, kind: str) -> list[str]:
        return sorted(set(self.names[kind].values()))

    def ids(self, kind: str) -> dict[str, UUID]:
        """The ids by name: no two have the same."""
        return {name: id for id, name in self.names[kind].items()}


async def lists(work: Work, also: Iterable[tuple[str, UUID]] = ()) -> Lists:
    """Those that forms suggest, and of `also` (list, id) the names too."""
    c = work.connection
    organisations = await bodies.organisations(c, active=True, limit=MOST)
    committees = [one for one in await bodies.committees(c, limit=MOST) if one.state != "dissolved"]
    people = await bodies.people(c, active=True, limit=MOST)
    for kind, id in also:
        try:
            if kind == "organisations" and id not in {one.id for one in organisations}:
                organisations.append(await bodies.organisation(c, id))
            elif kind == "committees" and id not in {one.id for one in committees}:
                committees.append(await bodies.committee(c, id))
            elif kind == "people" and id not in {one.id for one in people}:
                people.append(await bodies.person(c, id))
        except NotFound:
            continue
    employers = await bodies.organisation_names(c, [one.organisation_id for one in people if one.organisation_id])
    return Lists({
        "organisations": _told_apart({one.id: one.name_zh for one in organisations}),
        "committees": _told_apart({one.id: f"{one.number} {one.name_zh}" if one.number else one.name_zh for one in committees}),
        "people": _told_apart(
            {one.id: BETWEEN.join(filter(None, (one.name, employers.get(one.organisation_id or one.id)))) for one in people}
        ),
    })  # fmt: skip


def _told_apart(names: dict[UUID, str]) -> dict[UUID, str]:
    """Names as they are typed, with the id behind those that several have: a form that was opened and saved must not swap them."""
    times = Counter(names.values())
    return {id: name if times[name] == 1 else f"{name}（{id}）" for id, name in names.items()}


def picks(form: Form) -> list[tuple[str, str]]:
    """The fields of a form that name somebody, each with what it chooses from."""
    found = []
    for name in form.fields:
        last = next((part for part in reversed(NAME.findall(name)) if part != "[]"), "")
        if last in PICKED:
            found.append((name, PICKED[last]))
    return found


def named(form: Form, chosen: Lists) -> Form:
    """A form that holds ids, with the names that are shown for them."""
    fields = dict(form.fields)
    for name, kind in picks(form):
        fields[name] = [chosen.name(kind, one) if (one := id_of(value)) else value for value in form.many(name)]
    return Form(fields, form.files, form.error)


async def resolved(work: Work, form: Form) -> Form:
    """A form as it was typed, with ids in place of names; a name that nobody has stays and is refused where it is read."""
    fields = {name: [str(id)] for name, _ in picks(form) if (id := id_of(form.text(name)))}
    wanted = [(name, kind) for name, kind in picks(form) if form.text(name) and name not in fields]
    offered = await lists(work) if wanted else None
    for name, kind in wanted:
        typed = form.text(name).strip()
        found = (offered and offered.ids(kind).get(typed)) or await _by_name(work, kind, typed)
        fields[name] = [str(found) if found else typed]
    return Form({**form.fields, **fields}, form.files, form.error)


TEAM = {"drafting_units": "organisation_id", "drafters": "person_id"}
"""The rows of a team: by their name, the field that says who."""


def ranked(form: Form) -> Form:
    """A form whose rows of a team all have a rank: where none was typed, the first that is free, in the order of the rows."""
    fields = dict(form.fields)
    for name, who in TEAM.items():
        filled = [f"{name}[{row}]" for row in form.rows(name) if form.text(f"{name}[{row}][{who}]").strip()]
        typed = {form.text(f"{place}[rank]").strip() for place in filled}
        free = (str(rank) for rank in count(1) if str(rank) not in typed)
        fields |= {f"{place}[rank]": [next(free)] for place in filled if not form.text(f"{place}[rank]").strip()}
    return structs.replace(form, fields=fields)


async def _by_name(work: Work, kind: str, typed: str) -> UUID | None:
    try:
        if kind == "organisations":
            return (await bodies.find_organisation(work.connection, typed)).id
        if kind == "committees":
            return (await bodies.find_committee(work.connection, typed)).id
        return (await bodies.find_person(work.connection, typed.replace(BETWEEN, "，", 1))).id
    except (NotFound, BadInput):
        return None


def id_of(text: str) -> UUID | None:
    """The id that a field holds, by itself or behind a name that several have."""
    try:
        return UUID(text.strip().removesuffix("）").rpartition("（")[2])
    except ValueError:
        return None


class Target(Struct, frozen=True):
    """A standard, catalogue entry or identifier that may be chosen; `value` is what the form sends."""

    value: str
    name: str
    about: Message | str


async def targets(
    work: Work, typed: str, kinds: tuple[str, ...] = ("standard", "catalogue"), but: UUID | None = None, *, under_way: bool = False
) -> list[Target]:
    """What somebody may mean by a number or words: standards here, entries of the catalogue, and the number itself.

    `under_way`: of the standards here, only those that are not yet published or ended.
    """
    if not typed.strip():
        return []
    try:
        hits = await search.search(work.connection, typed[:200], kinds=kinds, limit=FOUND)
    except BadInput:
        return []
    own = await repository.standards(work.connection, [UUID(hit.key) for hit in hits if hit.kind == "standard"])
    if under_way:
        own = {id: standard for id, standard in own.items() if standard.status in UNDER_WAY}
    entries = await catalogue.lines(work.connection, [UUID(hit.key) for hit in hits if hit.kind == "catalogue"])
    found = [await target(work, f"{hit.kind}:{hit.key}", own, entries) for hit in hits if hit.key != str(but)]
    if "catalogue" in kinds and (canonical := _canonical(typed)):
        found.append(Target(f"identifier:{canonical}", canonical, say("只登记标准号")))
    return [one for one in found if one]


async def target(
    work: Work, value: str, own: dict[UUID, Standard] | None = None, entries: dict[UUID, EntryLine] | None = None
) -> Target | None:
    """The target that a form's value names, if there is one."""
    kind, _, key = value.partition(":")
    if kind == "identifier":
        return Target(value, key, say("只登记标准号")) if key else None
    if (id := id_of(key)) is None:
        return None
    if kind == "standard":
        here = own if own is not None else await repository.standards(work.connection, [id])
        standard = here.get(id)
        return Target(value, standard.number or standard.plan_number or "—", standard.title_zh) if standard else None
    there = entries if entries is not None else await catalogue.lines(work.connection, [id])
    return Target(value, there[id].docid, there[id].title) if id in there else None


def _canonical(typed: str) -> str | None:
    try:
        return parse(typed).canonical
    except IdentifierError:
        return None

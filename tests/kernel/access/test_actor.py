"""The one table of permissions, and what an actor may do by it."""

import re
import tomllib
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from standards_hub.kernel.access.actor import HUB, PUBLIC, ROLE_NAMES, SYSTEM, TABLE, Actor, Body, Grant, Permission, permissions
from standards_hub.kernel.access.values import BODY_NAMES, ROLE_BODIES
from standards_hub.kernel.errors import Forbidden, NotSignedIn

SOMEBODY = UUID(int=1)
ROLES = sorted(ROLE_NAMES)
names = st.sampled_from(sorted(permissions()))
bodies = st.one_of(st.just(HUB), st.tuples(st.sampled_from(["committee", "standard", "project"]), st.sampled_from(["a", "b"])))
grants = st.lists(st.builds(Grant, st.sampled_from(ROLES), bodies), max_size=5).map(tuple)


class Thing:
    def __init__(self, of: set[Body]) -> None:
        self.of = of

    def bodies(self) -> set[Body]:
        return self.of


things = st.sets(bodies.filter(lambda body: body != HUB), max_size=3).map(Thing)


@pytest.mark.parametrize("name", sorted(permissions()))
def test_each_row_of_the_table_says_who_in_known_roles_and_both_languages(name: str) -> None:
    row, rule = tomllib.loads(TABLE.read_text(encoding="utf-8"))[name], permissions()[name]
    assert re.fullmatch(r"[a-z]+(\.[a-z_]+)?", name)
    assert set(row) <= set(Permission.__struct_fields__)
    assert set(rule.roles) <= set(ROLE_NAMES)
    assert [bool(rule.roles), rule.signed_in, rule.everyone].count(True) == 1
    assert re.search(r"[\u4e00-\u9fff]", rule.zh) and rule.en.isascii()


def test_every_role_has_a_kind_of_body_and_may_do_something() -> None:
    assert set(ROLE_BODIES) == set(ROLE_NAMES)
    assert set(ROLE_BODIES.values()) <= set(BODY_NAMES)
    used = {role for rule in permissions().values() for role in rule.roles}
    assert used >= set(ROLE_NAMES) - {"member"}


@given(names, grants, things)
def test_the_public_and_the_system_stand_at_the_ends(name: str, held: tuple[Grant, ...], thing: Thing) -> None:
    actor = Actor(account=SOMEBODY, grants=held)
    assert SYSTEM.may(name, thing)
    assert not PUBLIC.may(name, thing) or actor.may(name, thing)
    assert PUBLIC.may(name, thing) == permissions()[name].everyone


@given(names, grants, grants, things)
def test_more_grants_never_take_anything_away(name: str, some: tuple[Grant, ...], more: tuple[Grant, ...], thing: Thing) -> None:
    if Actor(account=SOMEBODY, grants=some).may(name, thing):
        assert Actor(account=SOMEBODY, grants=some + more).may(name, thing)


@given(names, grants, things)
def test_what_may_be_done_to_one_thing_may_be_done_somewhere(name: str, held: tuple[Grant, ...], thing: Thing) -> None:
    actor = Actor(account=SOMEBODY, grants=held)
    assert actor.may(name) or not actor.may(name, thing)


@given(names, st.sampled_from(ROLES), things)
def test_a_role_counts_only_in_its_body_and_in_the_hub(name: str, role: str, thing: Thing) -> None:
    rule = permissions()[name]
    assume(rule.roles)
    elsewhere = Actor(account=SOMEBODY, grants=(Grant(role, ("committee", "elsewhere")),))
    everywhere = Actor(account=SOMEBODY, grants=(Grant(role, HUB),))
    assert not elsewhere.may(name, thing)
    assert everywhere.may(name, thing) == (role in rule.roles)
    assert all(Actor(account=SOMEBODY, grants=(Grant(role, body),)).may(name, thing) == (role in rule.roles) for body in thing.of)


@given(names, grants, things)
def test_require_raises_exactly_when_may_says_no(name: str, held: tuple[Grant, ...], thing: Thing) -> None:
    for actor in (PUBLIC, Actor(account=SOMEBODY, grants=held)):
        try:
            actor.require(name, thing)
        except NotSignedIn:
            assert actor is PUBLIC and not actor.may(name, thing)
        except Forbidden:
            assert actor is not PUBLIC and not actor.may(name, thing)
        else:
            assert actor.may(name, thing)


def test_the_refusal_names_the_act_and_who_may_do_it() -> None:
    with pytest.raises(Forbidden) as refused:
        Actor(account=SOMEBODY).require("standard.waive")
    assert refused.value.message.into("zh") == "您无权豁免条件；可由秘书处人员、归口主管部门人员办理"
    english = refused.value.message.into("en")
    assert "waive a condition" in english and english.isascii()


def test_the_log_names_actors_by_id() -> None:
    assert [PUBLIC.label, SYSTEM.label, Actor(system=True, name="demo").label] == ["public", "system", "system:demo"]
    assert Actor(account=SOMEBODY, name="甲").label == f"account:{SOMEBODY}"

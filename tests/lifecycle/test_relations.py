"""Relations: what may be said, and that replacement never comes back to its start."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards_hub.lifecycle.relations import KINDS, RELATION_NAMES, closes_cycle, unmet_for_relation


@pytest.mark.parametrize(
    ("kind", "degree", "targets", "level", "codes"),
    [
        ("adopts", "IDT", 1, "national", []),
        ("adopts", None, 1, "national", ["relation.degree"]),
        ("adopts", "IDT", 1, "local", ["relation.adopts"]),
        ("adopts", "NEQ", 1, "industry", []),
        ("replaces", "IDT", 1, "national", ["relation.degree"]),
        ("replaces", None, 0, "national", ["relation.target"]),
        ("replaces", None, 2, "national", ["relation.target"]),
        ("likes", None, 1, "national", ["relation.kind"]),
    ],
)
def test_a_relation_is_said_whole(kind, degree, targets, level, codes):
    assert [unmet.code for unmet in unmet_for_relation(kind, degree=degree, targets=targets, level=level)] == codes


def test_every_relation_can_be_read_from_both_ends():
    assert set(KINDS) == set(RELATION_NAMES)


def test_a_replacement_chain_does_not_close():
    edges = {"b": ["a"], "c": ["b"]}
    assert closes_cycle("a", "c", edges)
    assert not closes_cycle("d", "c", edges)
    assert closes_cycle("a", "a", {})


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=40))
def test_edges_that_close_no_cycle_keep_the_graph_free_of_cycles(pairs):
    edges: dict[int, list[int]] = {}
    for start, target in pairs:
        if not closes_cycle(start, target, edges):
            edges.setdefault(start, []).append(target)
    assert not any(closes_cycle(node, onward, edges) for node, onwards in edges.items() for onward in onwards)

"""How templates are compiled: what is escaped, and what stands in the code already."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, StrictUndefined, TemplateAssertionError, UndefinedError
from markupsafe import Markup, escape

from standards_hub.kernel.compiling import Templates, escaped
from standards_hub.kernel.messages import say
from standards_hub.kernel.templates import environment


def written(source: str, language: str = "zh", **values: Any) -> str:
    return environment(language).from_string(source).render(values)


@given(st.text())
def test_a_text_is_escaped_as_markupsafe_does_it(text: str) -> None:
    assert escaped(text) == str(escape(text))
    assert written("{{ text }}", text=text) == str(escape(text))


@pytest.mark.parametrize(
    ("value", "html"), [(7, "7"), (None, "None"), (Markup("<b>"), "<b>"), (date(2026, 11, 23), "2026-11-23"), (say("标准"), "标准")]
)
def test_other_values_are_written_as_they_are_and_markup_is_not_escaped_again(value: Any, html: str) -> None:
    assert written("{{ value }}", value=value) == html


def test_what_a_macro_and_a_set_block_give_is_escaped_once() -> None:
    source = "{% macro bold(text) %}<b>{{ text }}</b>{% endmacro %}{% set kept %}{{ text }}{% endset %}{{ bold(text) }}{{ kept }}"
    assert written(source, text="a&b") == "<b>a&amp;b</b>a&amp;b"


def test_a_name_that_nobody_gave_is_an_error() -> None:
    for source in (
        "{{ nobody }}",
        "{{ nobody.name }}",
        "{% if nobody.name %}{% endif %}",
        "{{ nobody() }}",
        "{{ kept.nothing }}",
        "{{ kept.nothing() }}",
    ):
        with pytest.raises(UndefinedError):
            written(source, kept={"name": 1})


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("{{ box.name }}", "attribute"),
        ("{{ box.inner.name }}", "key"),
        ("{{ pair.first.name ~ pair.second.name }}", "attributekey"),
        ("{{ box.of(pair.second).name }}{{ box.inner.name }}", "keykey"),
        ("{{ box.nothing is none }}", "True"),
        ("{% for one in [box, box.inner] %}{{ one.name }}{% endfor %}", "attributekey"),
        ("{{ [box, box.inner] | map(attribute='name') | join }}", "attributekey"),
    ],
)
def test_a_dot_is_an_attribute_or_else_a_key(source: str, html: str) -> None:
    inner = {"name": "key"}
    box = SimpleNamespace(name="attribute", inner=inner, nothing=None, of=lambda one: one)
    assert written(source, box=box, pair={"first": box, "second": inner}) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("{{ told() }}", "/"),
        ("{{ told(1, told(2), n=told(3)) }}", "1,2//n=3/"),
        ("{{ told(*[1, 2], **{'class': 'a'}) }}", "1,2/class=a"),
        ("{{ told(class='a') }}", "/class=a"),
        ("{% for n in [1, 2] %}{{ told(n, last=loop.last) }}{{ loop.cycle('a', 'b') }};{% endfor %}", "1/last=Falsea;2/last=Trueb;"),
        ("{% macro box(a, b=2) %}[{{ a }}{{ b }}{{ caller(a) if caller is defined else '' }}]{% endmacro %}{{ box(1) }}{{ box(1, b=3) }}"
         "{% call(x) box('<') %}{{ told(x) }}{% endcall %}", "[12][13][&lt;2&lt;/]"),
        ("{% block one %}{{ told('<') }}{% endblock %}{{ self.one() }}", "&lt;/&lt;/"),
    ],
)  # fmt: skip
def test_calls_take_what_they_are_given(source: str, html: str) -> None:
    def told(*args: object, **named: object) -> str:
        return f"{','.join(map(str, args))}/{','.join(f'{name}={value}' for name, value in named.items())}"

    assert written(source, told=told) == html


def test_a_function_asks_for_no_context_since_none_is_passed_to_it() -> None:
    assert not [name for name, value in environment("zh").globals.items() if hasattr(value, "jinja_pass_arg")]


@pytest.mark.parametrize(("language", "said"), [("zh", "还差 2 项"), ("en", "2 conditions are not met")])
def test_a_text_with_places_is_translated_when_it_is_compiled_and_filled_when_it_is_written(language: str, said: str) -> None:
    engine = environment(language)
    source = '{{ say("还差 {count} 项", count=n) }}'
    assert engine.from_string(source).render(n=2) == said
    assert "还差" not in engine.compile(source, raw=True) or language == "zh"


def test_places_are_filled_in_the_language_of_the_page_and_escaped() -> None:
    source = '{{ say("{due} 前", due=day) }}'
    assert "2026-11-23" in written(source, day=date(2026, 11, 23))
    assert "23 Nov 2026" in written(source, "en", day=date(2026, 11, 23))
    assert "&lt;b&gt;" in written(source, day="<b>")


def test_what_depends_on_no_request_stands_in_the_code() -> None:
    assert "hub.css?v=" in environment("zh").compile("{{ static('hub.css') }}", raw=True)
    assert "static" not in environment("zh").compile("{{ static('hub.css') }}", raw=True).replace("/static/", "")


ROOM = {
    "frame": "<{% block one %}frame{% endblock %}|{% block two %}{{ name }}{% endblock %}>{% include 'part' %}",
    "page": "{% extends 'frame' %}ignored{% block one %}{% for name in names %}{% include 'part' %}{% endfor %}{{ super() }}{% endblock %}",
    "part": "[{{ name }}]",
    "plain": "{% set name = 'b&' %}{% include 'leaf' %}{% for name in names %}{% include 'leaf' %}{% endfor %}{% include 'leaf' %}",
    "leaf": "({{ name }}{% for n in [1, 2] %}{{ n }}{% endfor %})",
    "own": "{% set name = 'own' %}{% macro more() %}{% endmacro %}{{ name }}",
    "around": "{% extends 'frame' %}{% block two %}{% include 'own' %}{% include 'part' %}"
              "{% for n in [1] %}{{ name }}{{ more is defined }}{% endfor %}{% endblock %}",
    "framing": "{% block one %}mine{% endblock %}{% include 'page' %}{% block three %}{{ name }}{% endblock %}",
    "told": "yield from parent_template",
}  # fmt: skip


def room(template: str, **values: Any) -> str:
    engine = Templates(loader=DictLoader(ROOM), autoescape=True, undefined=StrictUndefined)
    engine.fixed = {}
    return engine.get_template(template).render(values)


def test_what_is_included_knows_the_names_around_it_and_what_extends_fills_the_blocks() -> None:
    assert room("page", name="a", names=["x", "<"]) == "<[x][&lt;]frame|a>[a]"
    assert room("plain", names=["x"]) == "(b&amp;12)(x12)(b&amp;12)"


def test_what_is_included_gives_no_name_away_and_has_blocks_of_its_own() -> None:
    assert room("around", name="a") == "<frame|own[a]aFalse>[a]"
    assert room("framing", name="a", names=["x"]) == "mine<[x]frame|a>[a]a"


def test_a_text_that_looks_like_code_is_a_text() -> None:
    assert room("told") == ROOM["told"]


@pytest.mark.parametrize(
    "source",
    [
        "{% include 'leaf' ignore missing %}",
        "{% include 'leaf' without context %}",
        "{% block a scoped %}{% endblock %}",
        "{% if name %}{% extends 'frame' %}{% endif %}",
    ],
)
def test_what_no_template_here_does_is_refused_when_it_is_compiled(source: str) -> None:
    with pytest.raises(TemplateAssertionError):
        environment("zh").compile(source)


def test_templates_have_the_globals_of_their_engine_and_those_that_one_is_given() -> None:
    engine = Templates()
    assert engine.make_globals(None) is engine.globals
    assert engine.make_globals({"own": 1})["own"] == 1

"""How templates are compiled: what is escaped, and what stands in the code already."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
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
    for source in ("{{ nobody }}", "{{ nobody.name }}", "{% if nobody.name %}{% endif %}"):
        with pytest.raises(UndefinedError):
            written(source)


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


def test_templates_have_the_globals_of_their_engine_and_those_that_one_is_given() -> None:
    engine = Templates()
    assert engine.make_globals(None) is engine.globals
    assert engine.make_globals({"own": 1})["own"] == 1

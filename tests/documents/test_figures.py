"""Figures in pages: what vl-convert draws is let in only as shapes, words and links to this hub."""

import pytest

from standards_hub.documents import figures
from standards_hub.documents.fonts import SANS

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


def test_styles_roles_and_fonts_go_and_links_are_this_hubs() -> None:
    drawn = f'{HEAD}<a xlink:href="{figures.NOWHERE}/standards?a=1&amp;b=2"><text style="fill:red" font-family="X" aria-label="国家标准 3">3</text></a></svg>'
    assert figures.fit_for_page(drawn) == (
        '<svg xmlns="http://www.w3.org/2000/svg"><a href="/standards?a=1&amp;b=2" aria-label="国家标准 3"><text>3</text></a></svg>'
    )


def test_a_bare_shape_does_not_repeat_its_link_to_readers() -> None:
    drawn = f'{HEAD}<a xlink:href="{figures.NOWHERE}/standards"><path d="M0,0"/></a></svg>'
    assert '<a href="/standards" tabindex="-1" aria-hidden="true">' in figures.fit_for_page(drawn)


@pytest.mark.parametrize("inside", [
    '<script>1</script>', '<image xlink:href="x"/>', '<a xlink:href="https://other.example/"><path/></a>', '<style>a{}</style>',
    f'<a xlink:href="{figures.NOWHERE}.example/"><path/></a>', '<foreignObject/>',
])  # fmt: skip
def test_anything_else_is_refused(inside: str) -> None:
    with pytest.raises(ValueError):
        figures.fit_for_page(f"{HEAD}{inside}</svg>")


def test_a_figure_whose_margins_are_known_is_drawn_without_measuring_and_without_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    draw = figures.vl_convert.vegalite_to_svg
    monkeypatch.setattr(figures.vl_convert, "vegalite_to_svg", lambda spec, **how: asked.append(spec) or draw(spec, **how))
    rows = [{"name": "国家标准", "n": 3}, {"name": "地方标准", "n": 5}]
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json", "width": 300, "height": {"step": 30},
        "data": {"values": rows}, "mark": "bar", "config": {"font": SANS},
        "encoding": {
            "y": {"field": "name", "type": "nominal"}, "x": {"field": "n", "type": "quantitative", "axis": None},
            "color": {"field": "name", "type": "nominal", "legend": {"orient": "top"}},
        },
    }  # fmt: skip
    drawn = figures.placed(spec, left=70, below=20)
    assert 'width="372"' in drawn and 'height="82"' in drawn and "translate(70,2)" in drawn
    assert drawn.count("国家标准") == 1 and SANS not in asked[0], "a key would name the level once more, and its words would be measured"
    assert figures.inline(spec).count("国家标准") == 2 and SANS in asked[1]

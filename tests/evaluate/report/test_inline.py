"""An SVG document becomes inert markup of the page."""

from __future__ import annotations

from rag.evaluate.report.inline import inline

SVG = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 width="10pt" height="5pt" viewBox="0 0 10 5" version="1.1">
 <metadata><x href="http://evil.test/"/></metadata>
 <defs><style type="text/css">*{stroke: red}</style><path id="m1" d="M 0 0
L 1 1"/></defs>
 <g id="axes_1"><use xlink:href="#m1" style="stroke: #D55E00; stroke-width: 2"/>
 <text style="font-size: 9px; font-family: 'Evil'; fill: #123456">a &lt;b&gt;</text></g>
 <g clip-path="url(#c1)"/><defs><clipPath id="c1"/></defs>
</svg>"""


def test_nothing_but_the_drawing_is_left() -> None:
    markup, rules = inline(SVG, "one", 'a "label" <', {"bad": "#d55e00"})
    (stroke,) = (name for name, rule in rules.items() if "stroke" in rule)
    (text,) = (name for name in rules if name != stroke)
    assert rules == {
        stroke: "stroke:var(--bad);stroke-width:2",
        text: "font-size:9px;fill:#123456",
    }
    assert markup == (
        '<svg viewBox="0 0 10 5" role="img" aria-label="a &quot;label&quot; &lt;">'
        '<defs><path id="one-m1" d="M 0 0 L 1 1" /></defs>'
        f'<g><use href="#one-m1" class="{stroke}" />'
        f'<text class="{text}">a &lt;b&gt;</text></g>'
        '<g clip-path="url(#one-c1)" /><defs><clipPath id="one-c1" /></defs></svg>'
    )


def test_equal_styles_share_a_class_and_ids_of_two_drawings_do_not_meet() -> None:
    one, rules = inline(SVG, "one", "x", {})
    two, same = inline(SVG, "two", "x", {})
    assert rules == same
    assert 'id="one-m1"' in one and 'id="two-m1"' in two

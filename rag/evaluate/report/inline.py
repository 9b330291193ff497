"""An SVG document becomes a part of the page: no foreign id, style attribute or address is left.

The page's policy forbids style attributes; each becomes a class, and its colours the page's
variables, so that one drawing serves light and dark.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from xml.etree import ElementTree

_REFERENCE = re.compile(r"#([\w.-]+)")
_DROPPED = frozenset({"metadata", "style", "title"})


def inline(
    svg: str, prefix: str, label: str, colours: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    """The drawing as HTML and its classes: name to declarations.

    ``prefix`` sets its ids apart from those of other drawings, ``label`` is for those who cannot
    see it; ``colours`` maps the name of a variable to the colour (#rrggbb) that it replaces.
    """
    root = ElementTree.fromstring(svg)
    used = {
        name
        for element in root.iter()
        for value in element.attrib.values()
        for name in _REFERENCE.findall(value)
    }
    classes: dict[str, str] = {}
    _rewrite(root, prefix, used, {value: name for name, value in colours.items()}, classes)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-label", label)
    return ElementTree.tostring(root, encoding="unicode"), classes


def _rewrite(
    element: ElementTree.Element,
    prefix: str,
    used: set[str],
    colours: Mapping[str, str],
    classes: dict[str, str],
) -> None:
    element.tag = _local(element.tag)
    attributes = {_local(key): value for key, value in element.attrib.items()}
    element.attrib.clear()
    for key, value in attributes.items():
        if key == "id":
            if value in used:
                element.set("id", f"{prefix}-{value}")
        elif key == "style":
            if declarations := _declarations(value, colours):
                name = "p" + hashlib.sha256(declarations.encode()).hexdigest()[:8]
                classes[name] = declarations
                element.set("class", name)
        elif key in ("d", "points"):
            element.set(key, " ".join(value.split()))
        else:
            element.set(key, _REFERENCE.sub(rf"#{prefix}-\1", value))
    if element.tag != "text" and element.tag != "tspan":
        element.text = None
    element.tail = None
    for child in list(element):
        if _local(child.tag) in _DROPPED:
            element.remove(child)
        else:
            _rewrite(child, prefix, used, colours, classes)


def _declarations(style: str, colours: Mapping[str, str]) -> str:
    """The declarations but the font's family, which is the page's."""
    kept = []
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name and name != "font-family":
            variable = colours.get(value.lower())
            kept.append(f"{name}:var(--{variable})" if variable else f"{name}:{value}")
    return ";".join(kept)


def _local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]

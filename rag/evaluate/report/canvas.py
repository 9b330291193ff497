"""matplotlib behind one door: a chart becomes inline SVG for the page or a PNG file.

Its settings are global, so one chart is drawn at a time, from the library's defaults: what a user's
matplotlibrc says changes nothing.
"""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 5.0
"""Inches, of every chart: 360 units of the SVG, so that its type keeps its size on a phone."""

FONTS = ("Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC",
         "Hiragino Sans GB", "Microsoft YaHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
         "SimHei")  # fmt: skip
"""Fonts with Chinese, the first that is installed is used."""

LATIN = "DejaVu Sans"
"""Comes with matplotlib."""

COLOURS: Final = {
    "ink": "#1f2430",
    "muted": "#6a7180",
    "line": "#d5d9e0",
    "good": "#0072b2",
    "bad": "#d55e00",
    "band": "#f0e442",
}
"""By role, colour-blind safe (Okabe and Ito, Color Universal Design, 2008). The page replaces each
by its variable of the same name, so that a dark page has its own."""

_TITLE = 0.42
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a chart draws on: a figure, of which it has the lower ``height`` inches.

    ``say(zh, en)`` picks the language of its labels; ``text`` makes a word from outside drawable: what no font has becomes "?".
    """

    figure: Figure
    height: float
    say: Callable[[str, str], str]
    text: Callable[[str], str]

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Bare axes at these inches from the lower left corner."""
        high = self.figure.get_figheight()
        axes = self.figure.add_axes((left / WIDTH, bottom / high, width / WIDTH, height / high))
        axes.patch.set_alpha(0)
        for side in ("top", "left", "right"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(COLOURS["line"])
        axes.tick_params(length=0, colors=COLOURS["muted"], labelsize=10, pad=5)
        axes.set_axisbelow(True)
        return axes


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: ``name`` is its file's, ``height`` in inches, ``title`` in Chinese and English."""

    name: str
    title: tuple[str, str]
    height: float
    draw: Callable[[Sheet], None]


def chinese_font() -> str | None:
    """The first of ``FONTS`` that is installed."""
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in FONTS if name in installed), None)


def svg(chart: Chart) -> str:
    """An SVG document, labels in Chinese as text: it is drawn by the reader's fonts."""
    with _figure(chart.height, chinese_font()) as figure, warnings.catch_warnings():
        # A font that is missing here is not missing at the reader's.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        chart.draw(Sheet(figure, chart.height, lambda zh, en: zh, lambda text: text))
        target = io.StringIO()
        nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
        figure.savefig(target, format="svg", transparent=True, metadata=nothing)
        return target.getvalue()


def png(chart: Chart, path: Path, font: str | None) -> None:
    """Writes the chart with its title; labels are Chinese where ``font`` has them, else English."""
    zh = font is not None
    with _figure(chart.height + _TITLE, font) as figure:
        known = _characters(font)
        chart.draw(
            Sheet(
                figure,
                chart.height,
                lambda chinese, english: chinese if zh else english,
                lambda text: "".join(c if ord(c) in known else "?" for c in text),
            )
        )
        title = chart.title[0] if zh else chart.title[1]
        top = 1 - 0.12 / figure.get_figheight()
        figure.text(0.03, top, title, size=13, weight="bold", va="top", color=COLOURS["ink"])
        figure.savefig(path, format="png", dpi=200, facecolor="white", metadata={"Software": None})


@contextmanager
def _figure(height: float, font: str | None) -> Iterator[Figure]:
    import matplotlib
    from matplotlib.figure import Figure

    with _LOCK, matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            {
                "font.family": [font, LATIN] if font else [LATIN],
                "svg.fonttype": "none",
                "svg.hashsalt": "yinju",
                "text.parse_math": False,
            }
        )
        yield Figure(figsize=(WIDTH, height))


@lru_cache(maxsize=4)
def _characters(font: str | None) -> frozenset[int]:
    """The code points that a PNG can show."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    found: set[int] = set()
    for name in (font, LATIN):
        if name:
            found |= set(get_font(findfont(FontProperties(family=name))).get_charmap())
    return frozenset(found)

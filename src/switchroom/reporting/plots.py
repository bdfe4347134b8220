"""Small plots as SVG text, for a page that needs nothing else: bars, lines, a heat map.

They are drawn for the width of a phone and scale up; colours are classes, so that the page's style decides about light,
dark and print. Every mark has a title, which browsers show and screen readers read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

import attrs

WIDTH, HEIGHT = 400, 200
LEFT, RIGHT, TOP, BOTTOM = 46, 8, 10, 24
INNER_WIDTH, INNER_HEIGHT = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

MAX_LABELS = 7
"""Labels along the bottom: as many as a phone has room for."""

Format = Callable[[float], str]


@attrs.frozen
class Series:
    """Values in the order of the slots, None where there is none. ``style``: the class that colours it."""

    name: str
    style: str
    values: tuple[float | None, ...]


def bars(labels: Sequence[str], series: Sequence[Series], what: str, form: Format) -> str:
    """Stacked bars, one for each slot."""
    sums = [sum(one.values[slot] or 0 for one in series) for slot in range(len(labels))]
    top = nice(max(sums, default=0))
    wide = INNER_WIDTH / max(1, len(labels))
    gap = min(2.0, wide / 4)
    marks: list[str] = []
    for slot, label in enumerate(labels):
        reached = 0.0
        for one in series:
            value = one.values[slot] or 0
            if value:
                low, high = _y(reached, top), _y(reached + value, top)
                marks.append(
                    f'<rect class="{one.style}" x="{LEFT + slot * wide + gap / 2:.1f}" y="{high:.1f}" '
                    f'width="{wide - gap:.1f}" height="{low - high:.1f}">{_title(label, one.name, form(value))}</rect>'
                )
            reached += value
    return _frame(labels, top, form, what, "".join(marks))


def lines(
    labels: Sequence[str],
    series: Sequence[Series],
    what: str,
    form: Format,
    *,
    top: float | None = None,
    target: float | None = None,
) -> str:
    """One line for each series, broken where there is no value; the first one is filled. ``target``: a mark across."""
    highest = nice(max((value for one in series for value in one.values if value is not None), default=0))
    top = highest if top is None else top
    wide = INNER_WIDTH / max(1, len(labels))
    marks: list[str] = []
    for one in series:
        for run in _runs(one.values):
            points = [(LEFT + (slot + 0.5) * wide, _y(one.values[slot] or 0, top)) for slot in run]
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            if "area" in one.style:
                base = _y(0, top)
                marks.append(
                    f'<polygon class="{one.style} fill" points="{points[0][0]:.1f},{base} {path} '
                    f'{points[-1][0]:.1f},{base}"/>'
                )
            marks.append(f'<polyline class="{one.style} stroke" points="{path}"/>')
            marks.extend(
                f'<circle class="{one.style} dot" cx="{x:.1f}" cy="{y:.1f}" r="{2 if len(run) > 1 else 2.5}">'
                f"{_title(labels[slot], one.name, form(one.values[slot] or 0))}</circle>"
                for slot, (x, y) in zip(run, points, strict=True)
            )
    if target is not None:
        y = _y(target, top)
        marks.append(f'<line class="target" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        marks.append(f'<text class="target" x="{WIDTH - RIGHT}" y="{y - 4:.1f}">target {escape(form(target))}</text>')
    return _frame(labels, top, form, what, "".join(marks))


def heat_map(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[float]]], what: str, form: Format) -> str:
    """One cell for each row and column; the stronger its colour, the more."""
    most = max((value for _, values in rows for value in values), default=0) or 1
    left = 8 + 6.4 * max((len(_short(name)) for name, _ in rows), default=0)
    wide, high = (WIDTH - left - RIGHT) / max(1, len(columns)), 20.0
    height = TOP + high * len(rows) + BOTTOM
    marks: list[str] = []
    for place, (name, values) in enumerate(rows):
        y = TOP + place * high
        marks.append(f'<text class="row" x="{left - 6:.1f}" y="{y + high / 2 + 4:.1f}">{escape(_short(name))}</text>')
        marks.extend(
            f'<rect class="heat" x="{left + slot * wide:.1f}" y="{y:.1f}" width="{max(0.5, wide - 1):.1f}" '
            f'height="{high - 1}" rx="2" style="fill-opacity:{0.06 + 0.94 * value / most:.2f}">'
            f"{_title(columns[slot], name, form(value))}</rect>"
            for slot, value in enumerate(values)
        )
    marks.append(_labels(columns, left, wide, TOP + high * len(rows) + 14))
    return _svg(height, what, "".join(marks))


# -- parts


def nice(value: float) -> float:
    """A round number not below a value: the top of an axis.

    >>> nice(0), nice(7), nice(23), nice(180)
    (1, 8.0, 25.0, 200.0)
    """
    if value <= 0:
        return 1
    unit = 10 ** math.floor(math.log10(value))
    return float(next(unit * step for step in (1, 2, 2.5, 4, 5, 8, 10) if unit * step >= value))


def _frame(labels: Sequence[str], top: float, form: Format, what: str, marks: str) -> str:
    """The axes around some marks."""
    grid: list[str] = []
    for part in range(5):
        y = _y(top * part / 4, top)
        grid.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        if part % 2 == 0:
            grid.append(f'<text class="tick" x="{LEFT - 5}" y="{y + 4:.1f}">{escape(form(top * part / 4))}</text>')
    wide = INNER_WIDTH / max(1, len(labels))
    return _svg(HEIGHT, what, "".join(grid) + marks + _labels(labels, LEFT, wide, HEIGHT - 8))


def _labels(labels: Sequence[str], left: float, wide: float, y: float) -> str:
    """Some of the labels, evenly apart, whole hours before others."""
    return "".join(
        f'<text class="label" x="{left + (slot + 0.5) * wide:.1f}" y="{y:.1f}">{escape(labels[slot])}</text>'
        for slot in _chosen(labels)
    )


def _chosen(labels: Sequence[str]) -> list[int]:
    whole = [slot for slot, label in enumerate(labels) if label.endswith(":00")] or list(range(len(labels)))
    step = -(-len(whole) // MAX_LABELS)
    return whole[step // 2 :: step] if step else []


def _runs(values: Sequence[float | None]) -> list[list[int]]:
    """The slots that have a value, in unbroken runs."""
    runs: list[list[int]] = []
    for slot, value in enumerate(values):
        if value is None:
            continue
        if runs and runs[-1][-1] == slot - 1:
            runs[-1].append(slot)
        else:
            runs.append([slot])
    return runs


def _y(value: float, top: float) -> float:
    return TOP + INNER_HEIGHT * (1 - min(value, top) / top)


def _title(*parts: str) -> str:
    return f"<title>{escape(', '.join(parts))}</title>"


def _short(name: str) -> str:
    return name if len(name) <= 14 else f"{name[:13]}…"


def _svg(height: float, what: str, inside: str) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(what)}">{inside}</svg>'

"""The pictures of a run: small SVG, drawn with the page's own colours, readable without a script."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kit.evals import BLAMES, OUTCOMES, Figure, Part, RiskCoverage

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["Row", "Track", "blame_rows", "outcome_rows", "risk_coverage_chart", "track"]

_WIDE, _HIGH, _EDGE = 420, 220, 40


@dataclass(frozen=True)
class Track:
    """Where value, interval and target lie on a line from 0 to 100."""

    low: float
    value: float
    high: float
    goal: float | None = None


def track(figure: Figure, goal: float | None = None) -> Track | None:
    """A figure's place on its line; None where there is nothing to draw, or no scale to draw it on.

    Shares and indexes have one; what has not is drawn only beside a target, which then lies in the middle.
    """
    if figure.value is None:
        return None
    if figure.unit in ("share", "index"):
        whole = 1.0
    elif goal:
        whole = 2 * goal
    else:
        return None
    low, high = (figure.value if end is None else end for end in (figure.low, figure.high))
    spots = [100 * min(1.0, max(0.0, spot / whole)) for spot in (low, figure.value, high)]
    return Track(spots[0], spots[1], spots[2], None if goal is None else 100 * min(1.0, goal / whole))


@dataclass(frozen=True)
class Row:
    """A line of a chart: its cells are counts, each with its share of the row, and whether that is what should be."""

    name: str
    total: int
    cells: tuple[tuple[str, int, float, bool], ...]
    note: str = ""


def outcome_rows(came: Counter[tuple[str, str]]) -> tuple[Row, ...]:
    """What was expected, line by line, against what came: only the diagonal is right."""
    rows = []
    for expect, wanted in OUTCOMES.items():
        counts = [(outcome, came[(expect, outcome)]) for outcome in OUTCOMES.values()]
        total = sum(count for _, count in counts)
        if total:
            cells = tuple((outcome, n, n / total, outcome == wanted) for outcome, n in counts)
            rows.append(Row(expect, total, cells))
    return tuple(rows)


def blame_rows(counts: Counter[Part]) -> tuple[Row, ...]:
    """The parts that cases failed by, most frequent first."""
    most = max(counts.values(), default=1)
    return tuple(Row(part, n, ((part, n, n / most, False),), BLAMES[part]) for part, n in counts.most_common())


def risk_coverage_chart(curve: RiskCoverage | None, *, bound: float | None = None) -> "Markup | None":
    """The share of answers that are wrong over the share of questions answered; the bound is a dashed line.

    None where there are too few points for a curve.
    """
    from markupsafe import Markup

    if curve is None or len(curve.coverage) < 3:
        return None
    top = max(0.2, min(1.0, 1.15 * max(curve.risk[len(curve.risk) // 10 :])))

    def spot(coverage: float, risk: float) -> str:
        x = _EDGE + coverage * (_WIDE - _EDGE - 20)
        y = 10 + (1 - min(risk, top) / top) * (_HIGH - _EDGE - 10)
        return f"{x:.1f},{y:.1f}"

    def line(start: tuple[float, float], end: tuple[float, float], kind: str) -> str:
        (x1, y1), (x2, y2) = spot(*start).split(","), spot(*end).split(",")
        return f'<line class="{kind}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'

    parts = [f'<svg class="chart" viewBox="0 0 {_WIDE} {_HIGH}" role="img">']
    parts.append("<title>Wrong answers over questions answered, the surest first</title>")
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = spot(share, 0).split(",")
        parts.append(f'<text x="{x}" y="{float(y) + 16:.1f}" text-anchor="middle">{share:.0%}</text>')
        x, y = spot(0, top * share).split(",")
        parts.append(f'<text x="{float(x) - 6:.1f}" y="{float(y) + 4:.1f}" text-anchor="end">{top * share:.0%}</text>')
        parts.append(line((0, top * share), (1, top * share), "grid"))
    if bound is not None and bound <= top:
        parts.append(line((0, bound), (1, bound), "goal"))
    points = " ".join(spot(*point) for point in zip(curve.coverage, curve.risk, strict=True))
    parts.append(f'<polyline class="curve" points="{points}"/>')
    parts.append(f'<text x="{_WIDE / 2}" y="{_HIGH - 4}" text-anchor="middle">questions answered</text></svg>')
    return Markup("".join(parts))

"""The reliability diagram of a confidence: for the terminal, as an SVG picture, as a page."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from kit.errors import KitError
from kit.feasibility import Bin, Calibration, Quality
from kit.files import write_whole

__all__ = ["check_diagram_name", "reliability_html", "reliability_svg", "reliability_text", "write_reliability"]

_WIDE = 24
_SIDE, _EDGE, _GAP = 260, 44, 36
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#18181b}.small{font-size:11px;fill:#52525b}.title{font-weight:600}"
    ".frame{fill:none;stroke:#a1a1aa}.even{stroke:#a1a1aa;stroke-dasharray:4 4}.gap{stroke:#b42318;stroke-width:2}"
    ".dot{fill:#2f5fb3;fill-opacity:.75}"
)


def reliability_text(done: Calibration) -> str:
    """Both diagrams in letters: a line for each bar, with `|` where the confidence is and `#` up to the share right."""
    return "\n\n".join(
        "\n".join((_title(name, judged), *map(_bar, bars)))
        for name, judged, bars in (
            ("Before", done.before, done.bars_before),
            ("After (each case judged by a fit without its group)", done.after, done.bars_after),
        )
    )


def _title(name: str, judged: Quality) -> str:
    auc = "–" if judged.auc is None else f"{judged.auc:.3f}"
    return (
        f"{name}: ECE {judged.ece:.3f} ({judged.chance_ece:.3f} would be chance on so few), "
        f"Brier {judged.brier:.3f}, AUC {auc}, n = {judged.n}"
    )


def _bar(bar: Bin) -> str:
    filled, mark = round(bar.right * _WIDE), min(_WIDE - 1, round(bar.confidence * _WIDE))
    cells = ["#"] * filled + ["."] * (_WIDE - filled)
    cells[mark] = "|"
    right = f"{bar.right:.2f} right of {bar.n}"
    return f"  {bar.low:.1f} to {bar.high:.1f}  {''.join(cells)}  says {bar.confidence:.2f}, {right}"


def reliability_svg(done: Calibration) -> str:
    """Both diagrams side by side: one picture, no scripts, nothing loaded from elsewhere.

    A dot is a bin: its confidence to the right, the share right upwards; its area is the number of its cases.
    """
    width, height = 2 * (_EDGE + _SIDE) + _GAP + 12, _SIDE + 96
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'role="img">',
        "<title>Reliability of the confidence, before and after calibration</title>",
        f"<style>{_STYLE}</style>",
        *_panel(_EDGE, "Before", done.before, done.bars_before),
        *_panel(2 * _EDGE + _SIDE + _GAP - 8, "After, on unseen cases", done.after, done.bars_after),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _panel(left: int, name: str, judged: Quality, bars: Sequence[Bin]) -> list[str]:
    top = 40

    def spot(across: float, up: float) -> tuple[float, float]:
        return round(left + across * _SIDE, 1), round(top + (1 - up) * _SIDE, 1)

    most = max((bar.n for bar in bars), default=1)
    parts = [
        f'<text class="title" x="{left}" y="16">{escape(name)}</text>',
        f'<text class="small" x="{left}" y="32">ECE {judged.ece:.3f} (chance {judged.chance_ece:.3f}), '
        f"Brier {judged.brier:.3f}, n = {judged.n}</text>",
        f'<rect class="frame" x="{left}" y="{top}" width="{_SIDE}" height="{_SIDE}"/>',
        f'<line class="even" x1="{left}" y1="{top + _SIDE}" x2="{left + _SIDE}" y2="{top}"/>',
        f'<text class="small" x="{left + _SIDE / 2}" y="{top + _SIDE + 34}" text-anchor="middle">confidence</text>',
        f'<text class="small" transform="translate({left - 30} {top + _SIDE / 2}) rotate(-90)" '
        'text-anchor="middle">share right</text>',
    ]
    for tick in (0.0, 0.5, 1.0):
        x, y = spot(tick, tick)
        parts.append(f'<text class="small" x="{x}" y="{top + _SIDE + 16}" text-anchor="middle">{tick:g}</text>')
        parts.append(f'<text class="small" x="{left - 6}" y="{y + 4}" text-anchor="end">{tick:g}</text>')
    for bar in bars:
        x, y = spot(bar.confidence, bar.right)
        even = spot(bar.confidence, bar.confidence)[1]
        said = f"says {bar.confidence:.2f}, {bar.right:.2f} right of {bar.n}"
        parts.append(f'<line class="gap" x1="{x}" y1="{even}" x2="{x}" y2="{y}"/>')
        radius = round(3 + 9 * (bar.n / most) ** 0.5, 1)
        parts.append(f'<circle class="dot" cx="{x}" cy="{y}" r="{radius}"><title>{said}</title></circle>')
    return parts


def reliability_html(done: Calibration) -> str:
    """The picture with what is to be known of it, as a page of its own."""
    rows = "".join(
        f"<tr><td>{name}</td><td>{one.ece:.3f}</td><td>{one.chance_ece:.3f}</td><td>{one.brier:.3f}</td>"
        f"<td>{'–' if one.auc is None else format(one.auc, '.3f')}</td><td>{one.n}</td></tr>"
        for name, one in (("before", done.before), ("after, on unseen cases", done.after))
    )
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Reliability of the confidence</title>\n'
        "<style>body{font:15px system-ui,sans-serif;max-width:760px;margin:2rem auto;padding:0 1rem;color:#18181b}"
        "table{border-collapse:collapse}td,th{padding:.3rem .8rem;text-align:left;border-bottom:1px solid #d4d4d8}"
        "svg{max-width:100%;height:auto}</style>\n<h1>Reliability of the confidence</h1>\n"
        f"<p>{escape(done.bound)}</p>\n{reliability_svg(done)}"
        f"<table><tr><th></th><th>ECE</th><th>by chance</th><th>Brier</th><th>AUC</th><th>n</th></tr>{rows}</table>\n"
        "<p>Perfectly calibrated, all dots would lie on the line; red is how far they are from it.</p>\n</html>\n"
    )


def write_reliability(done: Calibration, path: Path) -> None:
    """Write the diagram as a picture or a page, as the name of the file says.

    Raises:
        KitError: it ends in neither `.svg` nor `.html`.
    """
    check_diagram_name(path)
    write_whole(path, reliability_svg(done) if path.suffix.lower() == ".svg" else reliability_html(done))


def check_diagram_name(path: Path) -> None:
    """Insist on a name that says which it is to be; said before anything is calibrated.

    Raises:
        KitError: it ends in neither `.svg` nor `.html`.
    """
    if path.suffix.lower() not in (".svg", ".html"):
        raise KitError("A diagram is written as .svg or .html.", path=path, remedy="Give a name that ends so.")

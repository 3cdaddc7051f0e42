"""A playbook as an SVG picture: the steps from the top as they stand in the file, the jumps in lanes beside them."""

from collections.abc import Iterator
from html import escape
from textwrap import wrap

from kit.playbooks.drawing.lanes import lanes
from kit.playbooks.drawing.picture import Box, Shape, Way, boxes, notes, ways
from kit.playbooks.language import Playbook

__all__ = ["svg"]

LEFT, WIDTH, HEIGHT, GAP, LANE, LINE = 24, 400, 62, 26, 18, 15
_COLOURS: dict[Shape, tuple[str, str]] = {
    "words": ("#ffffff", "#52525b"),
    "question": ("#eef4ff", "#2f5fb3"),
    "check": ("#f5f0ff", "#6b46c1"),
    "tool": ("#ffffff", "#52525b"),
    "change": ("#fff3d6", "#9a6700"),
    "person": ("#fde2e2", "#b42318"),
    "end": ("#e3f4e8", "#1a7f37"),
    "jump": ("#f4f4f5", "#71717a"),
}
_SAID: dict[Shape, str] = {
    "words": "says",
    "question": "asks",
    "check": "checks",
    "tool": "looks up",
    "change": "does, once confirmed",
    "person": "hands off",
    "end": "ends",
    "jump": "goes on",
}
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#18181b}.id{font-weight:600}.kind,.label{fill:#52525b;font-size:11px}"
    ".title{font-size:16px;font-weight:600}path.way{fill:none;stroke:#52525b;stroke-width:1.3}"
)


def svg(playbook: Playbook) -> str:
    """The picture: one file, no scripts, nothing loaded from elsewhere."""
    drawn, written = list(ways(playbook)), [line for note in notes(playbook) for line in wrap(note, 90)]
    jumps = [way for way in drawn if way.to != way.start + 1]
    of_jump = lanes(jumps)
    falls_off = any(way.to == len(playbook.steps) for way in drawn)
    top = 56 + LINE * len(written)
    height = top + (len(playbook.steps) + falls_off) * (HEIGHT + GAP) + 8
    width = max(LEFT + WIDTH + 40 + LANE * (max(of_jump, default=0) + 1) + 24, 640)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-label="{escape(f"The steps of {playbook.title}")}">',
        f"<style>{_STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#52525b"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text class="title" x="{LEFT}" y="28">{escape(playbook.title)}</text>',
        *(f'<text class="kind" x="{LEFT}" y="{48 + LINE * n}">{escape(note)}</text>' for n, note in enumerate(written)),
        *(part for box in boxes(playbook) for part in _box(box, top)),
    ]
    if falls_off:
        parts += _box(Box(len(playbook.steps), "the end", "", "end"), top)
    parts += [_down(way, top) for way in drawn if way.to == way.start + 1]
    starts: set[int] = set()
    for way, lane in zip(jumps, of_jump, strict=True):
        parts.append(_jump(way, lane, top, second=way.start in starts))
        starts.add(way.start)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _top(number: int, top: int) -> int:
    return top + number * (HEIGHT + GAP)


def _box(box: Box, top: int) -> Iterator[str]:
    y, (fill, stroke) = _top(box.number, top), _COLOURS[box.shape]
    lines = wrap(box.text, 57)
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1][:55]}…"]
    yield (
        f'<rect x="{LEFT}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="{8 if box.shape in ("words", "end") else 2}" '
        f'fill="{fill}" stroke="{stroke}"><title>{escape(box.text)}</title></rect>'
    )
    yield f'<text class="id" x="{LEFT + 10}" y="{y + 17}">{escape(box.id)}</text>'
    kind = escape(_SAID[box.shape])
    yield f'<text class="kind" x="{LEFT + WIDTH - 10}" y="{y + 17}" text-anchor="end">{kind}</text>'
    for number, line in enumerate(lines):
        yield f'<text x="{LEFT + 10}" y="{y + 35 + LINE * number}">{escape(line)}</text>'


def _down(way: Way, top: int) -> str:
    x, y = LEFT + 40, _top(way.start, top) + HEIGHT
    label = f'<text class="label" x="{x + 6}" y="{y + 16}">{escape(way.label)}</text>' if way.label else ""
    return f'<path class="way" d="M{x} {y}V{y + GAP}" marker-end="url(#tip)"/>{label}'


def _jump(way: Way, lane: int, top: int, *, second: bool) -> str:
    right = LEFT + WIDTH
    x = right + 40 + LANE * lane
    # Ways out leave in the lower half of a box and ways in arrive in the upper half, so that they are told apart.
    start, end = _top(way.start, top) + (HEIGHT - 6 if second else HEIGHT * 2 // 3), _top(way.to, top) + HEIGHT // 3
    label = f'<text class="label" x="{right + 4}" y="{start - 4}">{escape(way.label)}</text>' if way.label else ""
    return f'<path class="way" d="M{right} {start}H{x}V{end}H{right}" marker-end="url(#tip)"/>{label}'

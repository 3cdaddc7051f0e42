"""A playbook as a Mermaid flow chart."""

from kit.playbooks.drawing.picture import Shape, boxes, notes, ways
from kit.playbooks.language import Playbook

__all__ = ["mermaid"]

_SHAPES: dict[Shape, tuple[str, str]] = {
    "words": ("(", ")"),
    "question": ("[/", "/]"),
    "check": ("{", "}"),
    "tool": ("[", "]"),
    "change": ("[[", "]]"),
    "person": ("{{", "}}"),
    "end": ("([", "])"),
    "jump": ("((", "))"),
}
_LONGEST = 80


def mermaid(playbook: Playbook) -> str:
    """The flow as Mermaid, which GitHub, GitLab and many editors draw."""
    lines = ["flowchart TD"]
    for place, note in enumerate(notes(playbook)):
        lines.append(f'    note{place}["{_escaped(note)}"]:::note')
    for box in boxes(playbook):
        left, right = _SHAPES[box.shape]
        lines.append(f'    s{box.number}{left}"{box.id}<br/>{_escaped(box.text)}"{right}:::{box.shape}')
    drawn = list(ways(playbook))
    if any(way.to == len(playbook.steps) for way in drawn):
        lines.append(f'    s{len(playbook.steps)}(["the end"]):::end')
    for way in drawn:
        lines.append(f"    s{way.start} {f'-- {way.label} -->' if way.label else '-->'} s{way.to}")
    lines += [
        "    classDef person fill:#fde2e2,stroke:#b42318",
        "    classDef end fill:#e3f4e8,stroke:#1a7f37",
        "    classDef change fill:#fff3d6,stroke:#9a6700",
        "    classDef note fill:#f4f4f5,stroke:#a1a1aa,stroke-dasharray:3",
    ]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """The text on one line, shortened, with what Mermaid would act on written as entities."""
    text = " ".join(text.split())
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    # The number sign first, since it begins every entity.
    for char, name in (("#", "#35;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("`", "#96;")):
        text = text.replace(char, name)
    return text

"""What one version of a playbook says that another does not: the shape of a change, and how texts are compared."""

import ast
import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kit.yamlfile import KeyPath

__all__ = ["GROUPS", "Change", "Group", "begun", "condition_change", "marked", "moved"]

Group = Literal["limits", "hand_offs", "questions", "steps", "texts", "duties", "routing", "tests", "about"]
# In the order in which they are told: what costs money first, what nobody but the team sees last.
GROUPS: dict[Group, str] = {
    "limits": "Limits",
    "hand_offs": "Hand-offs",
    "questions": "What customers are asked",
    "steps": "Steps",
    "texts": "Texts",
    "duties": "What has to be said, and what must not",
    "routing": "Which messages it is for",
    "tests": "Tests",
    "about": "About the playbook",
}
_TOKEN = re.compile(r"\s+|[^\s\w]|\w+(?:[.,'’]\w+)*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Change:
    """One difference between two versions.

    Attributes:
        group: what it is about.
        text: the difference in a sentence.
        where: its place in the newer version, or in the older one if it is gone there.
        before: what was there, as it was written; None if nothing.
        after: what is there now; None if nothing.
    """

    group: Group
    text: str
    where: KeyPath
    before: Any = None
    after: Any = None


def marked(before: str, after: str) -> str:
    """The newer text with what went and what came marked word by word: `within [-30-]{+14+} days`."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    said: list[str] = []
    for kind, i, j, k, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            said += new[k:end]
            continue
        gone, come = "".join(old[i:j]), "".join(new[k:end])
        said += [f"[-{gone}-]"] if gone else []
        said += [f"{{+{come}+}}"] if come else []
    return "".join(said)


def moved(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    """What changed its place, as few names as can be: each with a neighbour, and whether it now comes before it."""
    old = [name for name in before if name in after]
    new = [name for name in after if name in before]
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    kept = {new[place] for block in blocks for place in range(block.b, block.b + block.size)}
    for place, name in enumerate(new):
        if name not in kept:
            passed = [other for other in new[place + 1 :] if other in kept and old.index(other) < old.index(name)]
            if passed:
                yield name, passed[0], True
                continue
            behind = [other for other in new[:place] if other in kept and old.index(other) > old.index(name)]
            if behind:
                yield name, behind[-1], False


def begun(text: str) -> str:
    """The text with a capital letter, as a sentence begins."""
    return text[:1].upper() + text[1:]


def condition_change(before: str, after: str, name: str, where: KeyPath, group: Group = "steps") -> Iterator[Change]:
    """How a condition differs: the limits within it, if nothing but limits differ, else the whole."""
    old, new = _limits(before), _limits(after)
    if before == after or (old is None and new is None):
        return
    if old is None or new is None or old[0] != new[0]:
        yield Change(group, f"{begun(name)} now decides by `{after}`, not `{before}`.", where, before, after)
        return
    for (was, unit), (now, _) in zip(old[1], new[1], strict=True):
        if was != now:
            said = f"The limit in {name} went from {was} to {now}{unit}."
            yield Change("limits", said, where, before, after)


def _limits(condition: str) -> tuple[str, list[tuple[str, str]]] | None:
    """A condition with its figures and dates taken out, and these, each with the unit that its name gives away."""
    if not condition:
        return None
    tree = ast.parse(condition.strip(), mode="eval").body
    found: list[tuple[str, str]] = []

    def take(node: ast.AST, unit: str) -> None:
        if isinstance(node, ast.Compare):
            unit = " days" if "days" in ast.unparse(node) else ""
        if isinstance(node, ast.Constant) and _is_limit(node.value):
            found.append((f"{node.value:g}" if isinstance(node.value, float) else str(node.value), unit))
            node.value = 0
        for child in ast.iter_child_nodes(node):
            take(child, unit)

    take(tree, "")
    return ast.unparse(tree), found


def _is_limit(value: Any) -> bool:
    if isinstance(value, str):
        return bool(_DATE.fullmatch(value))
    return isinstance(value, int | float) and not isinstance(value, bool)

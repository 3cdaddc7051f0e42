"""Playbooks, thresholds and prompts with one thing wrong; and which of all corruptions are tried."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence

from kit.assistant import Prompt
from kit.evals.mutating.corruption import CORRUPTION_KINDS, Corruption
from kit.playbooks import Source, Tool, mutants, routed

__all__ = ["drawn", "playbook_corruptions", "prompt_corruptions", "threshold_corruptions"]

_THRESHOLDS = ("answer_threshold", "clarify_threshold", "scope_threshold")


def playbook_corruptions(sources: Sequence[Source], tools: Mapping[str, Tool], root: str) -> Iterator[Corruption]:
    """The changes that `kit playbooks mutate` knows, to every playbook.

    Args:
        sources: the playbooks with their files.
        tools: those of the workspace.
        root: the workspace's folder, which paths leave out.
    """
    others = {source.playbook.id: source.playbook for source in sources}
    for source in sources:
        for mutant in mutants(source.playbook, tools, others):
            yield Corruption(
                kind="playbook",
                target=source.playbook.id,
                what=mutant.description,
                path=str(source.located.path).removeprefix(f"{root}/"),
                line=source.located.line(mutant.where),
                playbook=mutant.playbook,
                routes=routed(mutant.playbook) != routed(source.playbook),
            )


def threshold_corruptions(settings: Mapping[str, float]) -> Iterator[Corruption]:
    """Each threshold of the assistant at both its ends, unless it stands there."""
    for name in _THRESHOLDS:
        for value in (0.0, 1.0):
            if settings[name] != value:
                yield Corruption(
                    kind="threshold",
                    target=name,
                    what=f"it is {value:g} instead of {settings[name]:g}",
                    path="kit.toml",
                    settings={name: value},
                )


def prompt_corruptions(prompts: Sequence[Prompt]) -> Iterator[Corruption]:
    """Each prompt without one of its paragraphs or points."""
    for prompt in prompts:
        parts = re.split(r"(\n\s*\n|\n(?=[-*] ))", prompt.text)
        for place in range(0, len(parts), 2):
            if parts[place].strip() and len(parts) > 1:
                text = "".join([*parts[:place], *parts[place + 1 :]])
                yield Corruption(
                    kind="prompt",
                    target=prompt.name,
                    what=f"it lacks “{' '.join(parts[place].split())[:60]}”",
                    path=f"prompts/{prompt.name}.md",
                    line=prompt.text.count("\n", 0, prompt.text.find(parts[place])) + 1,
                    prompt=Prompt(prompt.name, text),
                )


def drawn(corruptions: Sequence[Corruption], sample: int | None, seed: int) -> list[Corruption]:
    """So many of them, as evenly over the kinds as there are, in their order; all without a number."""
    if sample is None or sample >= len(corruptions):
        return list(corruptions)
    left = {kind: [one for one in corruptions if one.kind == kind] for kind in CORRUPTION_KINDS}
    chosen: set[str] = set()
    source = random.Random(seed)
    for ones in left.values():
        source.shuffle(ones)
    while len(chosen) < sample:
        for ones in left.values():
            if ones and len(chosen) < sample:
                chosen.add(ones.pop().key)
    return [one for one in corruptions if one.key in chosen]

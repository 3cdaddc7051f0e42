"""What a message tells a play: answers, facts given unasked, corrections. Nothing is done about it yet."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kit.playbooks.engine.advance import Setting
from kit.playbooks.engine.play import Play
from kit.playbooks.language import Collect, ConditionError, Playbook, evaluate
from kit.playbooks.reading import corrected, does_not_know, read_field, read_yes_no, volunteered

__all__ = ["Heard", "hear"]


@dataclass(frozen=True)
class Heard:
    """What was heard.

    Attributes:
        values: fields that are known now and were not before.
        corrections: fields that were known and are different now.
        agreed: the answer to a step that had to be confirmed; None if there was none.
        answered: whether what was waited for is answered.
        unknown: whether the answer is that the customer does not know.
    """

    values: dict[str, Any] = field(default_factory=dict)
    corrections: dict[str, Any] = field(default_factory=dict)
    agreed: bool | None = None
    answered: bool = False
    unknown: bool = False

    @property
    def anything(self) -> bool:
        """Whether the message told the play anything at all."""
        return self.answered or bool(self.values or self.corrections)


def hear(
    playbook: Playbook,
    play: Play,
    message: str,
    setting: Setting,
    *,
    earlier: Sequence[str] = (),
    with_reader: bool = False,
) -> Heard:
    """What the message tells the play.

    Args:
        playbook: what the play follows.
        play: where it stands.
        message: what the customer wrote now.
        setting: what it is played with.
        earlier: what the customer wrote before the play began, oldest first; read for facts given unasked.
        with_reader: whether the setting's reader may help with what was waited for.
    """
    kind, _, name = (play.waiting or "").partition(":")
    known = play.known
    asked = {item.name: item for item in playbook.collect}.get(name) if kind == "field" else None
    corrections = _corrections(playbook, play, message, setting, yes_no=kind == "confirm" or _is_yes_no(asked))
    known |= corrections

    values: dict[str, Any] = {}
    for text in (message, *reversed(earlier)):
        for item in playbook.collect:
            if item.name not in known and item.name not in values and item is not asked:
                alone = sum(other.type == item.type for other in playbook.collect) == 1
                value = volunteered(item, text, today=setting.today, alone=alone)
                if value is not None and meets(item, value, known | values, setting):
                    values[item.name] = value

    if kind == "confirm":
        agreed = None if corrections else read_yes_no(message)
        return Heard(values, corrections, agreed, agreed is not None)
    if asked is None:
        return Heard(values, corrections)
    value = None if corrections and asked.type == "text" else read_field(asked, message, today=setting.today)
    # Any words are a text, so there they are looked at first.
    anything = asked.type == "text" and not asked.pattern
    if asked.optional and (value is None or anything) and does_not_know(message):
        return Heard({**values, asked.name: asked.default}, corrections, answered=True, unknown=True)
    if value is None and with_reader and setting.reader is not None:
        value = setting.reader(asked, message)
    if value is None or not meets(asked, value, known | values, setting):
        return Heard(values, corrections)
    return Heard({**values, asked.name: value}, corrections, answered=True)


def meets(item: Collect, value: Any, known: dict[str, Any], setting: Setting) -> bool:
    """Whether a value meets the field's own condition; one that cannot be evaluated yet is met."""
    if not item.valid:
        return True
    try:
        scope = {"today": setting.today, "customer": setting.customer, **known, item.name: value}
        return bool(evaluate(item.valid, scope))
    except ConditionError:
        return True


def _is_yes_no(item: Collect | None) -> bool:
    return item is not None and item.type == "yes_no"


def _corrections(playbook: Playbook, play: Play, message: str, setting: Setting, *, yes_no: bool) -> dict[str, Any]:
    """The fields that the message corrects. While a yes or no is waited for, that is what a yes or no is."""
    found: dict[str, Any] = {}
    kinds = {item.name: (item.type, item.pattern, item.choices) for item in playbook.collect}
    for item in playbook.collect:
        if play.values.get(item.name) is None or (yes_no and item.type == "yes_no"):
            continue
        value = corrected(item, play.values[item.name], message, today=setting.today)
        if value is not None and meets(item, value, play.known, setting):
            found[item.name] = value
    # "Make it 4" fits every number that is known: then only the one that the message also names is meant.
    alike = Counter(kinds[name] for name in found)
    return {
        name: value
        for name, value in found.items()
        if alike[kinds[name]] == 1 or str(play.values[name]).casefold() in message.casefold()
    }

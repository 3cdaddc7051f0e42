"""Holds what a test expects against what happened."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from itertools import chain

from kit.playbooks.engine import Made
from kit.playbooks.language import Expect
from kit.playbooks.trying.calls import mismatch
from kit.playbooks.trying.host import Said
from kit.playbooks.trying.results import Departure
from kit.playbooks.trying.values import same, shown
from kit.playbooks.trying.ways import way_taken
from kit.text import sentences, squash
from kit.yamlfile import KeyPath

__all__ = ["departures"]


def departures(expect: Expect, replies: Sequence[Said], *, turn: int, place: KeyPath) -> Iterator[Departure]:
    """What is otherwise than expected.

    Args:
        expect: what has to hold.
        replies: what it is about: one reply, or all of a conversation. What can only be one thing, such as the step at
            which it stands, is that of the last.
        turn: the number of the last of them, from 0.
        place: where `expect` stands within the test.
    """
    yield from _Held(expect, replies, turn, place).all()


@dataclass(frozen=True)
class _Held:
    expect: Expect
    replies: Sequence[Said]
    turn: int
    place: KeyPath

    @property
    def last(self) -> Said:
        return self.replies[-1]

    def all(self) -> Iterator[Departure]:
        expect = self.expect
        if expect.playbook is not None:
            yield from self.playbook(expect.playbook)
        if expect.outcome is not None and expect.outcome != self.last.outcome:
            why = f", for `{self.last.handoff.reason}`" if self.last.handoff else ""
            found = f"it is `{self.last.outcome}`{why}"
            yield self.departure(("outcome",), f"the outcome `{expect.outcome}`", found, self.why())
        if expect.step is not None and expect.step != self.last.at:
            at = f"it is at `{self.last.at}`" if self.last.at else "it is at no step yet"
            yield self.departure(("step",), f"step `{expect.step}`", at, self.why())
        yield from self.steps()
        yield from self.fields()
        yield from self.calls()
        yield from self.words()
        yield from self.hand_off()

    def departure(
        self, key: KeyPath, expected: str, found: str, hint: str = "", *, turn: int | None = None
    ) -> Departure:
        return Departure(self.turn if turn is None else turn, (*self.place, *key), expected, found, hint)

    def why(self, turn: int | None = None) -> str:
        """The way that the play took in a turn, by default the last, for someone who wonders how it came there."""
        way = way_taken(self.last if turn is None else self.replies[turn - self.turn - 1])
        return f"Its way: {way}." if way else ""

    def playbook(self, expected: str) -> Iterator[Departure]:
        found = self.last.playbook or "none"
        if found == expected:
            return
        said = f"no playbook leads, the message was taken for: {self.last.route}"
        if self.last.playbook:
            said = f"the playbook `{found}` leads"
        wanted = "no playbook" if expected == "none" else f"the playbook `{expected}`"
        hint = "" if expected == "none" else f"If customers say it like this, add it to the `examples` of `{expected}`."
        yield self.departure(("playbook",), wanted, said, hint)

    def steps(self) -> Iterator[Departure]:
        path = [step for said in self.replies for step in said.path]
        rest = iter(path)
        for number, step in enumerate(self.expect.steps):
            if step not in rest:
                earlier = " after the ones before it" if step in path else ""
                found = f"the steps were {', '.join(path) or 'none'}"
                yield self.departure(("steps", number), f"step `{step}`{earlier}", found, self.why())
                break
        for number, step in enumerate(self.expect.not_steps):
            if step in path:
                turn = self.turn_of(partial(_took, step))
                yield self.departure(
                    ("not_steps", number), f"no step `{step}`", "it was taken", self.why(turn), turn=turn
                )

    def turn_of(self, holds: Callable[[Said], bool]) -> int:
        """The number of the first reply of which something holds."""
        first = self.turn - len(self.replies) + 1
        return next(first + number for number, said in enumerate(self.replies) if holds(said))

    def fields(self) -> Iterator[Departure]:
        for name, expected in self.expect.fields.items():
            found = self.last.fields.get(name)
            if not same(expected, found):
                wanted = f"`{name}` to be {shown(expected)}" if expected is not None else f"`{name}` not to be known"
                yield self.departure(("fields", name), wanted, f"it is {shown(found)}")

    def calls(self) -> Iterator[Departure]:
        made = list(chain.from_iterable(said.calls for said in self.replies))
        for number, tool in enumerate(self.expect.not_calls):
            if any(call.tool == tool for call in made):
                turn = self.turn_of(partial(_called, tool))
                yield self.departure(("not_calls", number), f"no call of `{tool}`", "it was called", turn=turn)
        wrong = None if self.expect.calls is None else mismatch(made, self.expect.calls)
        if wrong is not None:
            turn = self.turn_of(partial(_made, wrong.call)) if wrong.call else self.turn
            place: KeyPath = ("calls", *wrong.place)
            yield self.departure(place, wrong.expected, wrong.found, self.why(turn), turn=turn)

    def words(self) -> Iterator[Departure]:
        for number, words in enumerate(self.expect.says):
            if not any(_says(words, said) for said in self.replies):
                yield self.departure(
                    ("says", number), f"the words “{words}”", "they are not said", self.alike(words) or self.why()
                )
        for number, words in enumerate(self.expect.never_says):
            if any(_says(words, said) for said in self.replies):
                turn = self.turn_of(partial(_says, words))
                yield self.departure(("never_says", number), f"not the words “{words}”", "they are said", turn=turn)
        cited = list(dict.fromkeys(article for said in self.replies for article in said.cites))
        for number, article in enumerate(self.expect.cites):
            if article not in cited:
                found = f"cited is {', '.join(cited) or 'nothing'}"
                yield self.departure(("cites", number), f"a citation of `{article}`", found)

    def alike(self, words: str) -> str:
        """The sentence said that is most like these words, if one is."""
        said = {_plain(one): one for reply in self.replies for one in sentences(reply.text)}
        found = get_close_matches(_plain(words), said, n=1, cutoff=0.6)
        return f"It says: “{said[found[0]]}”" if found else ""

    def hand_off(self) -> Iterator[Departure]:
        expected = self.expect.hand_off
        if expected is None:
            return
        handoff = next((said.handoff for said in reversed(self.replies) if said.handoff), None)
        if handoff is None:
            yield self.departure(("hand_off",), "a hand-off", "there is none", self.why())
            return
        for key in ("reason", "team", "priority"):
            wanted, found = getattr(expected, key), getattr(handoff, key)
            if wanted is not None and wanted != found:
                yield self.departure(("hand_off", key), f"{key} `{wanted}`", f"it is `{found}`", self.why())
        for number, name in enumerate(expected.fields):
            if name not in handoff.fields:
                given = ", ".join(handoff.fields) or "nothing"
                yield self.departure(
                    ("hand_off", "fields", number), f"the person to be given `{name}`", f"given is {given}"
                )


def _called(tool: str, said: Said) -> bool:
    return any(call.tool == tool for call in said.calls)


def _made(wanted: Made, said: Said) -> bool:
    return any(call is wanted for call in said.calls)


def _took(step: str, said: Said) -> bool:
    return step in said.path


def _says(words: str, said: Said) -> bool:
    return _plain(words) in _plain(said.text)


def _plain(text: str) -> str:
    return squash(text).casefold()

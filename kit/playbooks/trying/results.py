"""What came of the tests of playbooks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kit.playbooks.engine import Taken
from kit.playbooks.trying.host import Said
from kit.yamlfile import KeyPath

__all__ = ["Departure", "Exchange", "PlaybookResult", "TrialReport", "TrialResult"]


@dataclass(frozen=True)
class Exchange:
    """A message and the reply to it."""

    customer: str
    said: Said


@dataclass(frozen=True)
class Departure:
    """Something that went otherwise than expected.

    Attributes:
        turn: the exchange at which it shows, from 0; None where there is none.
        place: what was not met, as keys within the trial, such as `turns, 1, expect, step`.
        expected: in words that follow "expected".
        found: what happened instead, as a sentence without its full stop.
        hint: what to look at, as a sentence; empty if there is nothing to say.
    """

    turn: int | None
    place: KeyPath
    expected: str
    found: str
    hint: str = ""


@dataclass(frozen=True)
class TrialResult:
    """What came of one test.

    Attributes:
        trial_id: which.
        passed: whether all was as expected.
        departures: what was not, in the order of the conversation.
        transcript: the conversation.
        steps: the steps of the playbook under test that were taken, in order, each as often as it was.
        taken: the same of all playbooks, with branches, hand-off rules and refused answers.
        about: what it shows, in a sentence of the playbook's owner; may be empty.
    """

    trial_id: str
    passed: bool
    departures: tuple[Departure, ...]
    transcript: tuple[Exchange, ...]
    steps: tuple[str, ...]
    taken: tuple[Taken, ...] = ()
    about: str = ""


@dataclass(frozen=True)
class PlaybookResult:
    """What came of the tests of a playbook; `lines` are those of the parts of its file."""

    playbook: str
    path: Path
    results: tuple[TrialResult, ...]
    lines: Mapping[KeyPath, int] = field(default_factory=dict)

    @property
    def failed(self) -> tuple[TrialResult, ...]:
        """The tests that failed."""
        return tuple(result for result in self.results if not result.passed)

    def line_of(self, result: TrialResult, departure: Departure | None = None) -> int | None:
        """The line of a test, or of what it expected."""
        number = [other.trial_id for other in self.results].index(result.trial_id)
        return self.line(("tests", number, *(departure.place if departure else ())))

    def line(self, place: KeyPath) -> int | None:
        """The line of a part of the file, or of the closest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place)


@dataclass(frozen=True)
class TrialReport:
    """What came of the tests of several playbooks; `seconds` is how long they took."""

    playbooks: Sequence[PlaybookResult]
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether no test failed; a playbook without tests has none that could."""
        return not any(one.failed for one in self.playbooks)

    @property
    def untested(self) -> tuple[str, ...]:
        """The playbooks without a test."""
        return tuple(one.playbook for one in self.playbooks if not one.results)

    @property
    def turns(self) -> int:
        """How many messages were sent."""
        return sum(len(result.transcript) for one in self.playbooks for result in one.results)

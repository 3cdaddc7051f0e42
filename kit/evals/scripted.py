"""Scripted conversations: the replies before the last, each with what its turn of the script expects."""

from dataclasses import dataclass

from kit.evals.types import OUTCOMES, Case, Expect, ScriptedTurn, Transcript

__all__ = ["Step", "steps"]

_EXPECTS: dict[str, Expect] = {outcome: expect for expect, outcome in OUTCOMES.items()}


@dataclass(frozen=True)
class Step:
    """A reply in the course of a conversation, as a case of its own, so that it is judged like any other.

    Attributes:
        number: of the turn, from 1.
        case: what its turn expects.
        transcript: the conversation up to this reply.
    """

    number: int
    case: Case
    transcript: Transcript


def steps(case: Case, transcript: Transcript) -> tuple[Step, ...]:
    """The replies before the last of which the script expects something; none for a single question."""
    return tuple(
        Step(number, _case(case, number, turn, transcript), _until(transcript, number))
        for number, turn in enumerate(case.turns[: len(transcript.replies)], start=1)
        if turn.expects and number < len(case.turns)
    )


def _case(case: Case, number: int, turn: ScriptedTurn, transcript: Transcript) -> Case:
    said = turn.model_dump(exclude={"customer", "expect"})
    expect = turn.expect or _EXPECTS[transcript.replies[number - 1].outcome]
    return Case(id=f"{case.id}.{number}", question=turn.customer, expect=expect, cluster=case.group, **said)


def _until(transcript: Transcript, number: int) -> Transcript:
    """The conversation as it was after so many replies; what is only known of its end is left out."""
    replies = transcript.replies[:number]
    return Transcript(turns=transcript.turns[: 2 * number], replies=replies, answer=replies[-1].text)

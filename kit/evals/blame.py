"""Where a case went wrong: which part has to be mended."""

from dataclasses import dataclass
from typing import Final, Literal

from kit.evals.metrics.right import contains, faults, playbook_of
from kit.evals.types import Case, Record, Transcript

__all__ = ["BLAMES", "Blame", "Part", "blame"]

Part = Literal["infrastructure", "simulator", "retrieval", "knowledge", "playbook", "composer", "decision"]

BLAMES: Final[dict[Part, str]] = {
    "infrastructure": "The case could not be run: a model, a file or the network failed.",
    "simulator": "The simulated customer misbehaved; the case says nothing about the assistant.",
    "retrieval": "The right article was not found, or not first.",
    "knowledge": "What was asked stands in no passage that was cited: an article to write or to extend.",
    "playbook": "The wrong playbook was followed, or the right one came to another end.",
    "composer": "The right passage was at hand, and the reply left out or added something.",
    "decision": "It answered, asked back or handed off where it should have done something else.",
}


@dataclass(frozen=True)
class Blame:
    """The part to mend, and why that one."""

    part: Part
    because: str


def blame(record: Record) -> Blame | None:
    """The part that a case failed by, None where nothing is wrong with it.

    The first that explains the fault: what comes after a part that failed had no chance.
    """
    case, transcript = record.case, record.transcript
    if transcript is None:
        return Blame("infrastructure", record.error or "there is no transcript")
    if transcript.simulated and transcript.simulated.failures:
        return Blame("simulator", transcript.simulated.failures[0])
    wrong = faults(case, transcript)
    if not wrong:
        return None
    followed = playbook_of(transcript)
    if case.playbook or followed:
        meant = f", and {case.playbook} was meant" if case.playbook and case.playbook != followed else ""
        return Blame("playbook", f"{followed or 'no playbook'} was followed{meant}: {wrong[0]}")
    if case.expect != "answer":
        return Blame("decision", wrong[0])
    return _of_an_answer(case, transcript, wrong)


def _of_an_answer(case: Case, transcript: Transcript, wrong: tuple[str, ...]) -> Blame:
    """The part that a question to the knowledge base failed by."""
    found = list(dict.fromkeys(passage.rpartition("#")[0] for passage in transcript.retrieved))
    right = [article for article in case.articles if article in found]
    answered = transcript.reply.outcome == "answered"
    if case.articles and not right:
        return Blame("retrieval", f"not found: {' or '.join(case.articles)}")
    if case.articles and found and found[0] not in case.articles:
        return Blame("retrieval", f"{found[0]} stands before {right[0]}")
    if not answered:
        return Blame("decision", f"{wrong[0]}, although the right article was found first")
    cited = " ".join((transcript.passages or {}).values())
    lacking = [text for text in case.must_contain if not contains(transcript.answer, text)]
    if lacking and not any(contains(cited, text) for text in lacking):
        return Blame("knowledge", f"no cited passage says “{lacking[0]}”")
    return Blame("composer", wrong[0])

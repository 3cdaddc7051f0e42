"""When is a reply right? The one place that decides, so that all metrics mean the same by it."""

import re
import unicodedata
from functools import lru_cache

from kit.evals.metrics.once import once
from kit.evals.types import OUTCOMES, Case, Transcript
from kit.text import squash

__all__ = ["article_fault", "contains", "faults", "plain_text", "playbook_of", "text_faults"]

_DASHES = dict.fromkeys(range(0x2010, 0x2016), "-") | {ord("’"): "'", ord("‘"): "'", ord("“"): '"', ord("”"): '"'}


@lru_cache(maxsize=1024)
def plain_text(text: str) -> str:
    """Text as it is compared: one case, plain dashes and quotes, no Markdown emphasis."""
    text = unicodedata.normalize("NFKC", text).translate(_DASHES).replace("*", "").replace("`", "")
    return squash(text).casefold()


def contains(text: str, wanted: str) -> bool:
    """Whether the text contains what is wanted; a number is not found inside a longer one (`4.99` in `14.99`)."""
    pattern = re.escape(wanted := plain_text(wanted))
    if wanted[:1].isdigit():
        pattern = r"(?<!\d)(?<!\d[.,])" + pattern
    if wanted[-1:].isdigit():
        pattern += r"(?!\d)(?![.,]\d)"
    return re.search(pattern, plain_text(text)) is not None


def playbook_of(transcript: Transcript) -> str | None:
    """The playbook that the conversation was in last."""
    return next((reply.playbook for reply in reversed(transcript.replies) if reply.playbook), None)


def article_fault(case: Case, transcript: Transcript) -> str:
    """What is wrong with the cited articles; empty where nothing is, or the case names none."""
    cited = transcript.cited
    missing = [article for article in case.articles if article not in cited]
    if not missing or (not case.articles_all and len(missing) < len(case.articles)):
        return ""
    return f"cited {', '.join(cited) or 'nothing'}, not {(' and ' if case.articles_all else ' or ').join(missing)}"


@once
def text_faults(case: Case, transcript: Transcript) -> tuple[str, ...]:
    """Required texts that the reply lacks and forbidden ones that it has."""
    answer = transcript.answer
    lacking = [f"lacks “{text}”" for text in case.must_contain if not contains(answer, text)]
    return (*lacking, *(f"contains “{text}”" for text in case.must_not_contain if contains(answer, text)))


@once
def faults(case: Case, transcript: Transcript) -> tuple[str, ...]:
    """All that is wrong with the judged reply. None: it is right.

    A reply is right when its outcome is the expected one, it cites an acceptable article, follows the playbook,
    contains what it must and nothing that it must not, and gives an acceptable reason for a hand-off, each as far as
    the case says so.
    """
    reply, expected = transcript.reply, OUTCOMES[case.expect]
    if reply.outcome != expected:
        return (f"{reply.outcome} instead of {expected}",)
    found = [article_fault(case, transcript), *text_faults(case, transcript)]
    if case.playbook and playbook_of(transcript) != case.playbook:
        found.append(f"followed {playbook_of(transcript) or 'no playbook'}, not {case.playbook}")
    if case.reason and (reply.handoff is None or reply.handoff.reason not in case.reason):
        given = reply.handoff.reason if reply.handoff else "no reason"
        found.append(f"handed off for {given}, not {' or '.join(case.reason)}")
    return tuple(filter(None, found))

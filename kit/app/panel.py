"""The panel beside the conversation: what stands behind a reply. Everything shown passes Jinja's escaping."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from kit.app.markdown import plain_text, web_host

if TYPE_CHECKING:
    from jinja2 import Environment

    from kit.assistant import Reply
    from kit.playbooks import HandoffReason

__all__ = ["Source", "confidence_text", "panel_html", "render", "sources_of", "trace_html"]

# From an article id and a passage id to the headings above the passage.
Headings = Callable[[str, str], tuple[str, ...]]

OUTCOMES = {"answered": "Answered", "clarified": "Clarified", "handed_off": "Handed off", "declined": "Declined"}
REASONS: "dict[HandoffReason, str]" = {
    "customer_request": "The customer asked for a person",
    "missing_knowledge": "No article answers this",
    "unsupported_request": "The assistant may not do this",
    "policy_restriction": "The playbook leaves this to a person",
    "tool_failure": "A system did not answer",
    "pending_clarification": "The question could not be clarified",
    "sensitive": "A matter for a person",
    "safety": "Danger to people or property",
}


@dataclass
class Source:
    """A cited article, once, with its quotes under the headings they stand under.

    `url` and `host` are empty unless a browser may open the article.
    """

    title: str
    url: str
    host: str
    quotes: dict[tuple[str, ...], list[str]] = field(default_factory=dict)


def sources_of(reply: "Reply", headings: Headings) -> list[Source]:
    """The articles that the reply cites, in order."""
    found: dict[str, Source] = {}
    for citation in reply.citations:
        host = web_host(citation.url)
        fresh = Source(citation.title or citation.article_id, citation.url if host else "", host)
        source = found.setdefault(citation.article_id, fresh)
        quotes = source.quotes.setdefault(headings(citation.article_id, citation.passage_id), [])
        quote = _shown(citation.quote)
        if quote not in quotes:
            quotes.append(quote)
    return list(found.values())


def _shown(quote: str) -> str:
    """A quote without Markdown's marks; a row of a table, which is no table by itself, without its outer bars."""
    text = plain_text(quote)
    return text.strip("| ") if text.startswith("|") and text.endswith("|") else text


def confidence_text(confidence: float | None) -> str:
    """`Confidence 83 %`; empty where no answer was in question."""
    return "" if confidence is None else f"Confidence {confidence:.0%}".replace("%", " %")


def panel_html(
    reply: "Reply | None",
    *,
    headings: Headings,
    playbook_titles: Mapping[str, str] | None = None,
) -> str:
    """Outcome, confidence, playbook, hand-off and sources of a reply."""
    sources: Sequence[Source] = sources_of(reply, headings) if reply else ()
    playbook = (playbook_titles or {}).get(reply.playbook, reply.playbook) if reply and reply.playbook else ""
    return render(
        "panel.html.j2",
        reply=reply,
        outcome=OUTCOMES[reply.outcome] if reply else "",
        confidence=confidence_text(reply.confidence) if reply else "",
        playbook=playbook,
        reason=REASONS[reply.handoff.reason] if reply and reply.handoff else "",
        sources=sources,
    )


def trace_html(reply: "Reply | None") -> str:
    """What each node of the turn decided, and how long it took."""
    return render("trace.html.j2", reply=reply)


def render(template: str, **values: object) -> str:
    """The template with the values, each escaped."""
    return _environment().get_template(template).render(**values)


@lru_cache(maxsize=1)
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("kit.app"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

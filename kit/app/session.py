"""One visitor's conversation, as the page keeps it between two messages."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.app.markdown import escape_markdown, safe_markdown, web_host
from kit.errors import KitError

if TYPE_CHECKING:
    from kit.app.backend import Backend
    from kit.assistant import Conversation, Reply

__all__ = ["Session", "Step", "respond"]

_log = logging.getLogger(__name__)

Message = Mapping[str, Any]


@dataclass(frozen=True)
class Session:
    """A conversation, its last reply, and the messages as shown. `conversation` is None until the first message."""

    conversation: "Conversation | None" = None
    last: "Reply | None" = None
    shown: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Step:
    """What the page shows next. `session` is set once the reply is complete, `error` when there will be none."""

    messages: tuple[Message, ...]
    session: Session | None = None
    error: str = ""


def respond(backend: "Backend", session: Session, message: str) -> Iterator[Step]:
    """Send a message and show the reply as it comes.

    A turn that fails leaves the conversation as it was: the last step shows it without the message and says why.
    """
    asked = {"role": "user", "content": escape_markdown(message)}
    yield Step((*session.shown, asked))
    conversation = session.conversation or backend.assistant.start()
    text = ""
    try:
        for piece in backend.assistant.stream(conversation, message):
            if isinstance(piece, str):
                text += piece
                yield Step((*session.shown, asked, _said(text)))
            else:
                following, reply = piece
                # Silent, where a person has the conversation.
                said = (_said(reply.text, reply),) if reply.text else ()
                shown = (*session.shown, asked, *said)
                yield Step(shown, Session(following, reply, shown))
    except KitError as error:
        yield Step(session.shown, error=str(error))
    except Exception:  # Whatever a model or a tool does, the page goes on, and the log tells the rest.
        _log.exception("a turn failed")
        yield Step(session.shown, error="Something went wrong with this reply. Please try again.")


def _said(text: str, reply: "Reply | None" = None) -> Message:
    # Which articles are cited is only known at the end; until then no link is one.
    hosts = {web_host(citation.url) for citation in reply.citations} - {""} if reply else set()
    return {"role": "assistant", "content": safe_markdown(text, hosts)}

"""A ticket: what a customer asked in the past, and what happened to it; its cells as exports write them."""

import json
import math
import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from kit.assistant import Role

__all__ = ["Message", "Ticket"]

_YES, _NO = {"true", "yes", "y", "1"}, {"false", "no", "n", "0"}


def _text(value: Any) -> Any:
    return "" if value is None else str(value).strip() if isinstance(value, str | int) else value


def _moment(value: Any) -> Any:
    """ISO 8601; a time without a zone is taken for UTC."""
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    try:
        read = datetime.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(f"`{value}` is not a date that can be read") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _yes_no(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word not in {"", *_YES, *_NO}:
        raise ValueError(f"`{value}` is neither yes nor no")
    return word in _YES if word else None


def _rating(value: Any) -> Any:
    number = _number(value)
    if number is not None and number not in {1, 2, 3, 4, 5}:
        raise ValueError(f"`{value}` is not a rating from 1 to 5")
    return None if number is None else int(number)


def _number(value: Any) -> float | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"`{value}` is not a number") from None
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"`{value}` is not a number of 0 or more")
    return number


def _listed(value: Any) -> Any:
    """A cell such as `a; b` stands for a list."""
    if isinstance(value, str):
        return [part.strip() for part in re.split(r"[;,|\n]", value) if part.strip()]
    return () if value is None else value


def _messages(value: Any) -> Any:
    """A cell holds the list as JSON text."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return ()
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise ValueError("this is not a list of messages in JSON") from None


Text = Annotated[str, BeforeValidator(_text)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]
YesNo = Annotated[bool | None, BeforeValidator(_yes_no)]
Listed = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Message(_Value):
    """One thing that was said in a ticket."""

    role: Role
    text: Text
    at: Moment = None


class Ticket(_Value):
    """One customer request of the past. None means that the export does not say.

    Attributes:
        messages: what was said, in order; at least one message is the customer's.
        csat: the customer's rating, 1 to 5.
        handle_minutes: how long people worked on it.
        resolution: the agent's last answer.
        articles_linked: ids of the articles that the agent sent or used.
        source: the export's other fields, as they were.
    """

    id: Annotated[Text, Field(min_length=1)]
    created_at: Moment = None
    subject: Text = ""
    messages: Annotated[tuple[Message, ...], BeforeValidator(_messages)]
    channel: Text = ""
    tags: Listed = ()
    resolved_at: Moment = None
    reopened: YesNo = None
    escalated: YesNo = None
    csat: Annotated[int | None, BeforeValidator(_rating)] = None
    csat_comment: Text = ""
    handle_minutes: Annotated[float | None, BeforeValidator(_number)] = None
    resolution: Text = ""
    articles_linked: Listed = ()
    source: dict[str, Any] = {}

    @property
    def question(self) -> str:
        """The customer's first message, without the subject: in many systems agents write that, or rewrite it."""
        return next(message.text for message in self.messages if message.role == "customer" and message.text)

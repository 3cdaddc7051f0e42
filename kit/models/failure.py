"""What to say when a call to a model fails, and whether the model is on this machine."""

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from kit.errors import KitError, ModelUnavailable
from kit.retrying import retry_after

__all__ = ["asked_to_wait", "call_failure", "is_local", "may_pass"]

_OUT_OF_QUOTA = "insufficient_quota"
# What no second attempt mends.
_LASTING = {"ContextOverflowError", "LocalProtocolError", "UnsupportedProtocol", "InvalidURL", "UnicodeEncodeError"}
# What the way to a server and a server's bad moment raise.
_PASSING = {
    "ModelConnectionError",
    "APIConnectionError",
    "TransportError",
    "OSError",
    "IncompleteRead",
    "ValueError",
    "TypeError",
    "LookupError",
    "AttributeError",
    "APIResponseValidationError",
}


def call_failure(error: BaseException, subject: str) -> str:
    """What went wrong in a call to a model, as one plain sentence.

    It is made of the error's type and status code alone, so it holds no part of what was sent, of the answer, the
    address or the key, and may be stored in a trace.

    Args:
        error: what the call raised.
        subject: what was called, such as `chat model`.
    """
    if isinstance(error, KitError):
        return error.problem
    chain = list(_causes(error))
    kinds = _kinds(chain)
    if "ContextOverflowError" in kinds:
        return f"The prompt is too long for the {subject}."
    if status := next(filter(None, map(_status, chain)), 0):
        return f"The {subject}'s server {_refusal(status, out_of_quota=_out_of_quota(chain))} (HTTP {status})."
    if any("Timeout" in kind for kind in kinds):
        return f"The {subject} did not answer in time."
    if "ConnectionRefusedError" in kinds or any(str(each).endswith("Connection refused") for each in chain):
        return f"Nothing answers at the {subject}'s address: the connection was refused."
    if kinds & {"RemoteProtocolError", "ReadError", "WriteError", "IncompleteRead", "ConnectionResetError"}:
        return f"The connection to the {subject}'s server broke off."
    if kinds & {"LocalProtocolError", "UnsupportedProtocol", "InvalidURL", "UnicodeEncodeError"}:
        return f"The {subject} could not be called: its address or key holds a character that is not allowed."
    if kinds & {"ModelConnectionError", "APIConnectionError", "TransportError", "OSError"}:
        return f"The {subject}'s server cannot be reached."
    if kinds & {"ValueError", "TypeError", "LookupError", "AttributeError", "APIResponseValidationError"}:
        return f"The {subject}'s server sent a broken answer ({type(error).__name__})."
    return f"The {subject} failed ({type(error).__name__})."


def may_pass(error: BaseException) -> bool:
    """Whether the same call may succeed a moment later: a refusal for now, a server's fault, a broken answer."""
    chain = list(_causes(error))
    kinds = _kinds(chain)
    if kinds & _LASTING or isinstance(error, KitError):
        return False
    if status := next(filter(None, map(_status, chain)), 0):
        return (status >= 500 or status in (408, 409, 425, 429)) and not _out_of_quota(chain)
    return bool(kinds & _PASSING) or any("Timeout" in kind for kind in kinds)


def asked_to_wait(error: BaseException) -> float | None:
    """The seconds for which the server asked to be left alone, if it did."""
    for each in _causes(error):
        headers = getattr(getattr(each, "response", None), "headers", None)
        if headers is not None and (asked := headers.get("Retry-After")):
            return retry_after(asked)
    return None


def is_local(address: str, *, section: str) -> bool:
    """Whether a server's address is on this machine.

    Args:
        address: the `base_url` of `kit.toml`.
        section: where it stands there.

    Raises:
        ModelUnavailable: it is no web address. It is not repeated, because it may hold a password.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname if parts.scheme in ("http", "https") and parts.port != 0 else None
    except ValueError:
        host = None
    if not host:
        raise ModelUnavailable(
            f"`base_url` under [{section}] is not a web address.", remedy="Write it as `http://127.0.0.1:8000/v1`."
        )
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return ip.is_loopback or ip.is_unspecified


def _kinds(chain: list[BaseException]) -> set[str]:
    return {cls.__name__ for each in chain for cls in type(each).__mro__}


def _out_of_quota(chain: list[BaseException]) -> bool:
    return any(getattr(each, "code", "") == _OUT_OF_QUOTA for each in chain)


def _refusal(status: int, *, out_of_quota: bool) -> str:
    return {
        401: "refused the key",
        403: "refused the key",
        404: "knows no such model or address",
        408: "did not get the request in time",
        413: "found the request too long",
        429: "says that the account's quota is used up" if out_of_quota else "has had too many requests for now",
    }.get(status, "failed" if status >= 500 else "rejected the request")


def _status(error: BaseException) -> int:
    """The HTTP status of a refusal; 0 where the error is none, or came with a response that was a success."""
    response = getattr(error, "response", None)
    for status in (getattr(error, "status_code", 0), getattr(response, "status_code", 0), getattr(error, "code", 0)):
        if isinstance(status, int) and status >= 400:
            return status
    return 0


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, nearest first."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)

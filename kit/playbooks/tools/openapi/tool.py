"""Tools that are operations of an HTTP API."""

import ipaddress
import os
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kit.errors import KitError
from kit.playbooks.tools.openapi.answers import read_answer
from kit.playbooks.tools.openapi.document import read_document
from kit.playbooks.tools.openapi.entry import VARIABLE, OpenApiEntry
from kit.playbooks.tools.openapi.operation import Operation, find_operation, is_address, operation_names
from kit.playbooks.tools.openapi.request import DECIMAL, build_request
from kit.playbooks.tools.openapi.sending import send
from kit.playbooks.tools.origin import Origin
from kit.playbooks.tools.table import Table
from kit.playbooks.tools.tools import Kind, ToolFailure
from kit.text import digest, nearest

if TYPE_CHECKING:
    import httpx

__all__ = ["OpenApiTool"]

# What a server sets for one customer must not go along with the next one's request.
_NO_COOKIES = DefaultCookiePolicy(allowed_domains=[])


@dataclass(frozen=True, eq=False)
class OpenApiTool:
    """An operation as a tool. Its file is read when something about it is first asked."""

    entry: OpenApiEntry
    origin: Origin

    @property
    def description(self) -> str:
        return self.entry.description or self.operation.summary

    @property
    def changes(self) -> bool:
        return not self.operation.reads if self.entry.changes is None else self.entry.changes

    @property
    def timeout(self) -> float:
        # A little more than the request has, so that its own account of what happened comes first.
        return self.entry.timeout + 1

    @property
    def mock(self) -> Table | None:
        return self.entry.mock

    @property
    def parameters(self) -> Mapping[str, bool]:
        return self.operation.parameters

    @property
    def returns(self) -> Mapping[str, Kind] | None:
        kinds = self.operation.returns if self.entry.stated is None else self.entry.stated
        return {"found": "yes_no", **(kinds or {})} if self.entry.found and kinds is not None else kinds

    @cached_property
    def operation(self) -> Operation:
        """The operation in its file.

        Raises:
            KitError: the file cannot be used, or has no such operation.
        """
        document = read_document(self.origin.file(self.entry.openapi, "openapi"))
        found = find_operation(document, self.entry.operation)
        if found is None:
            known = operation_names(document)
            guess = nearest(self.entry.operation, known)
            remedy = f"Did you mean `{guess}`?" if guess else f"Some it has: {', '.join(known[:8]) or 'none'}."
            problem = f"`{self.entry.openapi}` has no operation `{self.entry.operation}`."
            raise self.origin.error(problem, ("operation",), remedy=remedy)
        return found

    def call(self, args: Mapping[str, Any], *, key: str = "") -> dict[str, Any]:
        """Send the request; `key` makes the `Idempotency-Key` of one that changes something.

        Raises:
            ToolFailure: an argument is missing or does not fit, or the answer is not what was agreed.
            KitError: the tool cannot be set up.
        """
        request = build_request(self.operation, self._address, args)
        headers = self._sent_headers()
        if self.changes and key:
            # Of the tool too: the calls of two tools are never the same one. Hashed, as keys may hold who is talking.
            headers["Idempotency-Key"] = digest(self.origin.name, key)[:32]
        retry = self.operation.reads and not self.changes
        answer = send(self._client, request, headers, timeout=self.entry.timeout, changes=self.changes, retry=retry)
        if answer.status == 404:
            if self.entry.found:
                return {"found": False}
            raise ToolFailure("the server refused (HTTP 404)", kind="refused")
        try:
            found = read_answer(self.operation, answer)
        except ToolFailure as failure:
            # The server answered, so it has most likely done something.
            raise ToolFailure(str(failure), kind=failure.kind, unknown=self.changes) from None
        if self.entry.stated is not None:
            found = {name: _taken(found[name], kind) for name, kind in self.entry.stated.items() if name in found}
        return {"found": True, **found} if self.entry.found else found

    def problems(self) -> list[KitError]:
        """What is wrong with it, found without asking the server."""
        problems: list[KitError] = []
        returns: Mapping[str, Kind] | None = None
        try:
            self.operation.parameters  # noqa: B018
            self.operation.body  # noqa: B018
            returns = self.returns
            self._address  # noqa: B018
        except KitError as error:
            problems.append(error)
        try:
            self._sent_headers()
        except KitError as error:
            problems.append(error)
        return problems + (list(self.origin.misfits(self.mock, returns, "mock")) if self.mock else [])

    @property
    def _address(self) -> str:
        server = self.entry.server or self.operation.server
        if not is_address(server):
            raise self.origin.error(
                f"`{self.entry.openapi}` names no web address to call.",
                ("openapi",),
                remedy="Add `server: https://…` to this tool.",
            )
        return server

    def _sent_headers(self) -> dict[str, str]:
        """The headers with the values of the environment in them; read for each call, so that a new secret counts."""
        found: dict[str, str] = {}
        for name, value in self.entry.headers.items():
            missing = [one for one in VARIABLE.findall(value) if not os.environ.get(one, "").strip()]
            if missing:
                raise self.origin.error(
                    f"The environment variable {missing[0]} is not set.", ("headers", name), remedy="Set it."
                )
            found[name] = VARIABLE.sub(lambda match: os.environ[match[1]].strip(), value)
            if not found[name].isascii() or not found[name].isprintable():
                raise self.origin.error(
                    f"What the environment has for {name} holds a character that headers do not have.",
                    ("headers", name),
                    remedy="Set the variable anew.",
                )
        return found

    @cached_property
    def _client(self) -> "httpx.Client":
        import httpx

        # A proxy of the environment is not asked for what is on this machine.
        try:
            client = httpx.Client(
                trust_env=not _is_local(self._address), follow_redirects=False, cookies=CookieJar(_NO_COOKIES)
            )
        except (ImportError, ValueError, OSError) as error:
            raise self.origin.error(
                f"The tool cannot be set up ({type(error).__name__}).",
                remedy="Check the environment's variables for proxies and certificates.",
            ) from None
        weakref.finalize(self, client.close)
        return client


def _taken(value: Any, kind: Kind) -> Any:
    """A value as the type that is stated for it: many APIs write amounts as text, such as `"4.99"`."""
    if kind in ("number", "money") and isinstance(value, str) and DECIMAL.fullmatch(value):
        return float(value) if "." in value else int(value)
    return value


def _is_local(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")

"""Tools that are operations of an HTTP API."""

import ipaddress
import json
import os
import re
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from kit.errors import KitError
from kit.playbooks.tools.kinds import name_of
from kit.playbooks.tools.openapi.document import read_document
from kit.playbooks.tools.openapi.operation import Operation, find_operation, is_address, operation_ids
from kit.playbooks.tools.openapi.request import build_request
from kit.playbooks.tools.openapi.sending import Answer, send
from kit.playbooks.tools.origin import Origin
from kit.playbooks.tools.results import MAX_LEVELS
from kit.playbooks.tools.table import Table
from kit.playbooks.tools.tools import TIMEOUT, Kind, ToolFailure
from kit.text import digest, nearest

if TYPE_CHECKING:
    import httpx

__all__ = ["OpenApiEntry", "OpenApiTool"]

# What a server sets for one customer must not go along with the next one's request.
_NO_COOKIES = DefaultCookiePolicy(allowed_domains=[])
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
# Headers that hold nothing but secrets, and those that the kit or the connection sets.
_SECRET = re.compile(r"authorization|cookie|token|secret|password|api-?key", re.IGNORECASE)
_RESERVED = {
    *("host", "connection", "content-length", "content-type", "transfer-encoding", "te", "upgrade"),
    *("accept-encoding", "idempotency-key", "expect"),
}


def _headers(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not re.fullmatch(r"[A-Za-z0-9-]+", name) or name.lower() in _RESERVED:
            raise ValueError(f"the header {name} cannot be set")
        if _SECRET.search(name) and not _VARIABLE.search(value):
            raise ValueError(f"the secret of {name} does not belong in this file; write ${{NAME}} and set it outside")
        if not value.isascii() or not value.isprintable():
            raise ValueError(f"the header {name} holds a character that headers do not have")
    return headers


def _server(server: str) -> str:
    if server and not is_address(server.rstrip("/")):
        raise ValueError("it should be like `https://api.example.com/v1`, without user, password or query")
    return server.rstrip("/")


class OpenApiEntry(BaseModel):
    """A tool of `tools.yaml` that is an operation of an HTTP API."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    openapi: str = Field(min_length=1, description="The OpenAPI file, relative to the tools file.")
    operation: str = Field(min_length=1, description="The operation's `operationId`.")
    description: str = Field("", description="By default the operation's own summary.")
    changes: bool | None = Field(None, description="By default what HTTP says of the method: GET and HEAD do not.")
    server: Annotated[str, AfterValidator(_server)] = ""
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = {}
    timeout: float = Field(TIMEOUT, gt=0, le=60, description="Seconds, tries included.")
    found: bool = Field(False, description="Whether 404 is an answer, `{found: false}`, and others get `found: true`.")
    stated: dict[str, Kind] | None = Field(None, alias="returns", description="All that is kept of an answer.")
    mock: Table | None = None


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
        return self.entry.timeout + 0.5

    @property
    def mock(self) -> Table | None:
        return self.entry.mock

    @property
    def parameters(self) -> Mapping[str, bool]:
        return self.operation.parameters

    @property
    def returns(self) -> Mapping[str, Kind] | None:
        kinds = self.entry.stated or self.operation.returns
        return {"found": "yes_no", **(kinds or {})} if self.entry.found and kinds else kinds

    @cached_property
    def operation(self) -> Operation:
        """The operation in its file.

        Raises:
            KitError: the file cannot be used, or has no such operation.
        """
        document = read_document(self.origin.file(self.entry.openapi, "openapi"))
        found = find_operation(document, self.entry.operation)
        if found is None:
            known = operation_ids(document)
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
        return self._read(answer)

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
            missing = [one for one in _VARIABLE.findall(value) if not os.environ.get(one, "").strip()]
            if missing:
                raise self.origin.error(
                    f"The environment variable {missing[0]} is not set.", ("headers", name), remedy="Set it."
                )
            found[name] = _VARIABLE.sub(lambda match: os.environ[match[1]].strip(), value)
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

    def _read(self, answer: Answer) -> dict[str, Any]:
        if answer.status == 404:
            if self.entry.found:
                return {"found": False}
            raise ToolFailure("the server refused (HTTP 404)", kind="refused")
        try:
            value = json.loads(answer.body, parse_constant=_no_number) if answer.body.strip() else {}
        except (ValueError, RecursionError):
            raise ToolFailure("the answer is not JSON", kind="nonsense", unknown=self.changes) from None
        schema = self.operation.schema_of(answer.status)
        if schema and self.operation.method != "HEAD":
            problem = schema.document.misfit(value, schema, sent=False)
            if problem:
                what = f"the answer does not fit its description: {problem}"
                raise ToolFailure(what, kind="nonsense", unknown=self.changes)
        named = _named(value)
        if not isinstance(named, dict):
            raise ToolFailure("the answer is no mapping of names to values", kind="nonsense", unknown=self.changes)
        if self.entry.stated is not None:
            named = {name: held for name, held in named.items() if name in self.entry.stated}
        return {"found": True, **named} if self.entry.found else named


def _named(value: Any, level: int = 1) -> Any:
    """The answer with its names written the playbook's way; what cannot have such a name is left out."""
    if level > MAX_LEVELS + 1:
        return value
    if isinstance(value, dict):
        found: dict[str, Any] = {}
        for key, inner in value.items():
            if (name := name_of(key)) and name not in found:
                found[name] = _named(inner, level + 1)
        return found
    return [_named(inner, level + 1) for inner in value] if isinstance(value, list) else value


def _no_number(word: str) -> float:
    raise ValueError(word)


def _is_local(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")

"""What `tools.yaml` says of a tool that is an operation of an HTTP API."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from kit.playbooks.tools.openapi.operation import is_address
from kit.playbooks.tools.table import Table
from kit.playbooks.tools.tools import TIMEOUT, Kind

__all__ = ["VARIABLE", "OpenApiEntry"]

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
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
        if _SECRET.search(name) and not VARIABLE.search(value):
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
    operation: str = Field(min_length=1, description="Its `operationId`, or `GET /path/{id}` where it has none.")
    description: str = Field("", description="By default the operation's own summary.")
    changes: bool | None = Field(None, description="By default what HTTP says of the method: GET and HEAD do not.")
    server: Annotated[str, AfterValidator(_server)] = ""
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = {}
    timeout: float = Field(TIMEOUT, gt=0, le=60, description="Seconds, tries included.")
    found: bool = Field(False, description="Whether 404 is an answer, `{found: false}`, and others get `found: true`.")
    stated: dict[str, Kind] | None = Field(None, alias="returns", description="All that is kept of an answer.")
    mock: Table | None = None

"""One operation of an OpenAPI file: where its arguments go, and what its answers are."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from kit.playbooks.tools.kinds import name_of
from kit.playbooks.tools.openapi.document import Document, Node
from kit.playbooks.tools.openapi.shapes import is_list, kinds_of_schema, properties_of
from kit.playbooks.tools.tools import Kind

__all__ = ["Operation", "Place", "find_operation", "is_address", "operation_names"]

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
# The kit sets these itself, so they are no arguments.
OWN_HEADERS = {"accept", "authorization", "content-type", "idempotency-key"}


@dataclass(frozen=True, eq=False)
class Place:
    """Where an argument goes."""

    kind: Literal["path", "query", "header", "body"]
    name: str
    required: bool
    schema: Node
    explode: bool = True


@dataclass(frozen=True, eq=False)
class Operation:
    """An operation; `node` is its part of the file, `item` that of its path."""

    method: str
    path: str
    node: Node
    item: Node

    @property
    def name(self) -> str:
        """Its `operationId`, or `GET /orders/{id}` where it has none."""
        return self.node.text("operationId") or f"{self.method} {self.path}"

    @property
    def reads(self) -> bool:
        """Whether HTTP says that it changes nothing."""
        return self.method in ("GET", "HEAD")

    @property
    def summary(self) -> str:
        return self.node.text("summary") or self.node.text("description")

    @cached_property
    def server(self) -> str:
        """The first address that the file names for it, without a slash at its end; empty where it names none."""
        for holder in (self.node, self.item, self.node.document.root):
            for server in holder["servers"].each():
                defaults = {name: variable.text("default") for name, variable in server["variables"].items()}
                url = re.sub(r"\{([^{}]+)\}", lambda found: defaults.get(found[1], ""), server.text("url"))  # noqa: B023
                return url.rstrip("/")
        return ""

    @cached_property
    def places(self) -> Mapping[str, tuple[Place, ...]]:
        """The places of each argument; an argument may go to several, such as an id in the path and in the body.

        Raises:
            KitError: it needs what a playbook cannot give.
        """
        found: dict[str, list[Place]] = {}
        every = list(self._places())
        for name in re.findall(r"\{([^{}]*)\}", self.path):
            if not any(place.kind == "path" and place.name == name for place in every):
                raise self.node.error(f"The path's parameter `{name}` is not described")
        for place in every:
            name = name_of(place.name)
            if name is None:
                if place.required:
                    raise place.schema.error(f"`{place.name}` is required, and no name that a playbook can use")
                continue
            if any(other.name != place.name for other in found.get(name, [])):
                raise place.schema.error(f"Two parameters would both be called `{name}` in a playbook")
            found.setdefault(name, []).append(place)
        return {name: tuple(places) for name, places in found.items()}

    @property
    def parameters(self) -> dict[str, bool]:
        """The arguments, and whether each is required."""
        body = self.body_required
        return {
            name: any(place.required and (body or place.kind != "body") for place in places)
            for name, places in self.places.items()
        }

    @cached_property
    def body(self) -> Node | None:
        """The schema of the JSON that it takes.

        Raises:
            KitError: it only takes something else.
        """
        schema = _json(self.node["requestBody"])
        if schema is None and self.body_required:
            raise self.node["requestBody"].error("This operation takes no JSON, which is all that tools can send")
        return schema

    @property
    def body_required(self) -> bool:
        return self.node["requestBody"]["required"].value is True

    @cached_property
    def returns(self) -> Mapping[str, Kind] | None:
        """What a good answer has.

        Raises:
            KitError: a good answer is a list, or no JSON.
        """
        for status, response in self.node["responses"].items():
            if status.startswith("2"):
                schema = _json(response)
                if schema is None and response["content"].value and not _has_json(response):
                    raise response.error("This operation does not answer with JSON, which is all that tools can read")
                if schema is not None and is_list(schema):
                    raise schema.error("This operation answers with a list, and a playbook needs names and values")
                return kinds_of_schema(schema) if schema else None
        return None

    def schema_of(self, status: int) -> Node | None:
        """The schema of the answer with this status, where the file has one."""
        responses = self.node["responses"]
        for key in (str(status), f"{status // 100}XX", f"{status // 100}xx", "default"):
            if responses[key]:
                return _json(responses[key])
        return None

    def _places(self) -> Iterator[Place]:
        # What the operation says of a parameter replaces what its path says of it.
        parameters: dict[tuple[str, str], Node] = {}
        for holder in (self.item, self.node):
            for one in holder["parameters"].each():
                parameters[one.text("in"), one.text("name")] = one
        for (kind, name), one in parameters.items():
            required = one["required"].value is True or kind == "path"
            if kind == "header" and name.lower() in OWN_HEADERS:
                continue
            usual = {"path": "simple", "header": "simple", "query": "form"}.get(kind, "")
            if not usual or (one.text("style") or usual) != usual or not one["schema"]:
                if required:
                    raise one.error(f"The parameter `{name}` is of a form that tools cannot send")
                continue
            explode = one["explode"].value is not False if kind == "query" else False
            yield Place(kind, name, required, one["schema"], explode)  # type: ignore[arg-type]  # one of `usual`
        for name, (schema, required) in properties_of(self.body).items() if self.body else ():
            if schema["readOnly"].value is not True:
                yield Place("body", name, required, schema)


def find_operation(document: Document, named: str) -> Operation | None:
    """The operation of this name; None where the file has none.

    Raises:
        KitError: it has several.
    """
    found = [operation for operation in _operations(document) if operation.name == named]
    if len(found) > 1:
        raise found[1].node.error(f"The operationId `{named}` is here twice")
    return found[0] if found else None


def operation_names(document: Document) -> list[str]:
    """The names of all operations."""
    return [operation.name for operation in _operations(document)]


def is_address(url: str) -> bool:
    """Whether this is an address that tools may call: http(s), with neither user nor query."""
    return bool(re.fullmatch(r"https?://(\[[0-9a-fA-F:.]+\]|[\w.-]+)(:\d{1,5})?(/[\w.~-]+)*", url, re.ASCII))


def _operations(document: Document) -> Iterator[Operation]:
    for path, item in document.root["paths"].items():
        if not path.startswith("/"):
            continue  # an extension; and nothing may run into the host's name
        for method in METHODS:
            if item[method]:
                yield Operation(method.upper(), path, item[method], item)


def _json(holder: Node) -> Node | None:
    """The schema of the JSON in a request body or response, where it has one."""
    schemas = (content["schema"] for media, content in holder["content"].items() if _is_json(media))
    schema = next(schemas, None)
    return schema if schema else None


def _has_json(holder: Node) -> bool:
    return any(_is_json(media) for media, _ in holder["content"].items())


def _is_json(media: str) -> bool:
    kind = media.partition(";")[0].strip().lower()
    return kind in ("application/json", "*/*", "application/*") or kind.endswith("+json")

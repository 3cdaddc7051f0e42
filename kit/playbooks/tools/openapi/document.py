"""An OpenAPI file: its parts by their place, with references followed, and values checked against its schemas."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kit.errors import KitError
from kit.yamlfile import Located, load_yaml, read_text

__all__ = ["Document", "Node", "read_document"]

MAX_REFERENCES = 20  # in a row
_ADDRESS = "urn:kit:openapi"


@dataclass(frozen=True, eq=False)
class Document:
    """A file with `openapi: 3.0.x` or `3.1.x`."""

    located: Located
    version: str

    @property
    def root(self) -> "Node":
        return Node(self, self.located.data, ())

    def misfit(self, value: Any, schema: "Node", *, sent: bool) -> str | None:
        """Where a value does not fit a schema, as `total (type)`, without anything of the value; None where it does.

        Args:
            value: plain data.
            schema: a part of this document.
            sent: whether it goes to the server; else it comes from there. OpenAPI 3.0 tells the two apart. Formats
                are only checked of what is sent: servers write dates in many ways, and JSON Schema lets them.

        Raises:
            KitError: the schema is none.
        """
        import openapi_schema_validator as schemas
        from referencing.exceptions import Unresolvable

        if self.version == "3.1":
            kind = schemas.OAS31Validator
        else:
            kind = schemas.OAS30WriteValidator if sent else schemas.OAS30ReadValidator
        pointer = "".join(f"/{quote(part.replace('~', '~0').replace('/', '~1'))}" for part in schema.pointer)
        formats = kind.FORMAT_CHECKER if sent else None
        checker = kind({"$ref": f"{_ADDRESS}#{pointer}"}, registry=self._registry, format_checker=formats)
        try:
            error = next(checker.iter_errors(value), None)
        except Unresolvable as broken:
            raise self.error("A `$ref` of this schema leads to nothing in this file", schema.pointer) from broken
        except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as broken:
            raise self.error(f"This schema cannot be used ({type(broken).__name__})", schema.pointer) from broken
        if error is None:
            return None
        # The words of the error hold the value; the names of the schema's own properties tell nothing of it.
        named = [str(part) for part in error.absolute_schema_path if isinstance(part, str)]
        properties = [named[at + 1] for at, part in enumerate(named[:-1]) if part == "properties"]
        return f"{'.'.join(properties) or 'the whole'} ({error.validator or 'type'})"

    def error(self, problem: str, pointer: tuple[str, ...] = ()) -> KitError:
        """An error about a part of this file, to be raised."""
        keys = tuple(int(part) if part.isdigit() else part for part in pointer)
        return self.located.error(f"{problem}.", keys, remedy="Correct the file, or ask who wrote it.")

    @cached_property
    def _registry(self) -> Any:
        """Only this file: a reference elsewhere is never fetched."""
        from referencing import Registry
        from referencing.jsonschema import DRAFT202012

        return Registry().with_resource(_ADDRESS, DRAFT202012.create_resource(self.located.data))


@dataclass(frozen=True, eq=False)
class Node:
    """A part of a document; one that does not exist has the value None."""

    document: Document
    value: Any
    pointer: tuple[str, ...]

    def __getitem__(self, key: str) -> "Node":
        """The part under this key, references followed."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Node(self.document, value, (*self.pointer, key))._followed()

    def __bool__(self) -> bool:
        return self.value is not None

    def items(self) -> Iterator[tuple[str, "Node"]]:
        """The parts of a mapping, references followed."""
        for key in self.value if isinstance(self.value, dict) else ():
            yield key, self[key]

    def each(self) -> Iterator["Node"]:
        """The items of a list, references followed."""
        for number, value in enumerate(self.value if isinstance(self.value, list) else ()):
            yield Node(self.document, value, (*self.pointer, str(number)))._followed()

    def text(self, key: str) -> str:
        value = self[key].value
        return value if isinstance(value, str) else ""

    def error(self, problem: str) -> KitError:
        return self.document.error(problem, self.pointer)

    def _followed(self) -> "Node":
        node = self
        for _ in range(MAX_REFERENCES):
            target = node.value.get("$ref") if isinstance(node.value, dict) else None
            if not isinstance(target, str):
                return node
            if not target.startswith("#/"):
                raise node.error(f"`{target}` refers to another file, and this one has to hold all it needs")
            pointer = tuple(part.replace("~1", "/").replace("~0", "~") for part in target[2:].split("/"))
            value = self.document.located.data
            for part in pointer:
                inner = value.get(part) if isinstance(value, dict) else None
                if isinstance(value, list) and part.isdigit() and int(part) < len(value):
                    inner = value[int(part)]
                value = inner
            if value is None:
                raise node.error(f"`{target}` leads to nothing in this file")
            node = Node(self.document, value, pointer)
        raise self.error("These references go round in circles")


def read_document(path: Path) -> Document:
    """An OpenAPI file, in JSON (by its suffix) or YAML.

    Raises:
        KitError: it cannot be read, or is not OpenAPI 3.0 or 3.1.
    """
    changed = path.stat()
    return _read(path, changed.st_mtime_ns, changed.st_size)


@lru_cache(maxsize=16)
def _read(path: Path, changed: int, size: int) -> Document:
    """Read once for each state of the file: its operations share it."""
    text = read_text(path)
    if path.suffix == ".json":
        try:
            located = Located(json.loads(text), path, {(): 1})
        except (ValueError, RecursionError) as error:
            line = getattr(error, "lineno", None)
            raise KitError("This is not valid JSON.", path=path, line=line, remedy="Export the file anew.") from error
    else:
        located = load_yaml(text, path=path)
    stated = located.data.get("openapi") if isinstance(located.data, dict) else None
    version = str(stated)[:3]
    if version not in ("3.0", "3.1"):
        raise located.error(
            "This is not an OpenAPI file of version 3.0 or 3.1.",
            ("openapi",) if stated else (),
            remedy="Convert it; most API tools export 3.0.",
        )
    return Document(located, version)

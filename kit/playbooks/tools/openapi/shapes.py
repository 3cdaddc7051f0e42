"""What the schemas of an OpenAPI file say of an object: its properties, which are required, and their types."""

from kit.playbooks.tools.kinds import common_kind, name_of
from kit.playbooks.tools.openapi.document import Node
from kit.playbooks.tools.tools import Kind

__all__ = ["is_list", "kind_of_schema", "kinds_of_schema", "properties_of", "type_of"]

MAX_LEVELS = 8  # of schemas made of schemas


def properties_of(schema: Node, level: int = 0) -> dict[str, tuple[Node, bool]]:
    """Each property with its schema and whether it is required; alternatives (`oneOf`, `anyOf`) require nothing."""
    found: dict[str, tuple[Node, bool]] = {}
    if level > MAX_LEVELS:
        return found
    required = schema["required"].value
    for name, node in schema["properties"].items():
        found[name] = (node, isinstance(required, list) and name in required)
    for kind in ("allOf", "oneOf", "anyOf"):
        for part in schema[kind].each():
            for name, (node, needed) in properties_of(part, level + 1).items():
                before = found.get(name, (node, False))
                found[name] = (before[0], before[1] or (needed and kind == "allOf"))
    if isinstance(required, list):  # what is required may be described in a part
        found = {name: (node, needed or name in required) for name, (node, needed) in found.items()}
    return found


def kinds_of_schema(schema: Node) -> dict[str, Kind] | None:
    """The playbook's names and types of what an object has; None where the schema does not say."""
    return {
        name: kind_of_schema(node)
        for key, (node, _) in properties_of(schema).items()
        if (name := name_of(key)) and node["writeOnly"].value is not True
    } or None


def kind_of_schema(schema: Node, level: int = 0) -> Kind:
    """The type of a value."""
    kind = type_of(schema)
    if kind == "string":
        return "date" if schema.text("format") in ("date", "date-time") else "text"
    simple: dict[str, Kind] = {"integer": "number", "number": "number", "boolean": "yes_no", "array": "list"}
    if kind in simple:
        return simple[kind]
    if kind == "" and level < MAX_LEVELS:
        values = schema["enum"].value
        if isinstance(values, list) and values and all(isinstance(value, str) for value in values):
            return "text"
        for parts in ("allOf", "oneOf", "anyOf"):
            inner = [part for part in schema[parts].each() if part["type"].value != "null"]
            kinds = [kind_of_schema(part, level + 1) for part in inner]
            if parts == "allOf":
                kinds = [one for one in kinds if one != "any"]
            if kinds:
                return common_kind(kinds)
    return "any"


def type_of(schema: Node, level: int = 0) -> str:
    """The one type that a schema names beside null, also by its parts; empty where it names none or several."""
    named = schema["type"].value
    types = set(named if isinstance(named, list) else [named] if named else [])
    for parts in ("allOf", "oneOf", "anyOf") if not types and level < MAX_LEVELS else ():
        types |= {type_of(part, level + 1) for part in schema[parts].each()} - ({""} if parts == "allOf" else set())
    types -= {"null"}
    return str(types.pop()) if len(types) == 1 else ""


def is_list(schema: Node) -> bool:
    """Whether the schema is that of a list."""
    return type_of(schema) == "array"

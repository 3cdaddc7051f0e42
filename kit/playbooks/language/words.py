"""The `{name}` and `{name.key}` within the texts of a playbook."""

import re
from collections.abc import Callable

__all__ = ["filled", "placeholders"]

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)((?:\.[a-z][a-z0-9_]*)*)\}")


def placeholders(text: str) -> list[tuple[str, str]]:
    """The `{name}` and `{name.key}` in a text, each as the name and the whole path."""
    return [(name, name + rest) for name, rest in _PLACEHOLDER.findall(text)]


def filled(text: str, value: Callable[[str], str]) -> str:
    """The text with the value of each placeholder's path in its place; braces within a value stay what they are."""
    return _PLACEHOLDER.sub(lambda match: value(match[1] + match[2]), text)

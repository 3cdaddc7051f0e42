r"""The regular expressions of playbooks, on RE2, which reads any message in time that grows with its length.

So no pattern can be written that keeps a conversation waiting. What RE2 does not know, looking ahead and behind and
back references, no number of an order needs. `\d` and `\w` are those of ASCII.
"""

from functools import lru_cache
from typing import Any

import re2

__all__ = ["compiled", "pattern_problem"]


@lru_cache(1024)
def compiled(pattern: str) -> Any:
    """The pattern, case aside; used as those of `re` are.

    Raises:
        re2.error: it is none.
    """
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return re2.compile(pattern, options)


def pattern_problem(pattern: str) -> tuple[str, str] | None:
    """What is wrong with a pattern, and what to do about it; None if nothing is."""
    try:
        compiled(pattern)
    except re2.error as error:
        said = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        return f"`{pattern}` is not a regular expression that can be used here: {said}.", _mend(said)
    return None


def _mend(said: str) -> str:
    if "repetition size" in said:
        return "Repeat at most 1,000 times in all."
    if "perl operator" in said or "escape sequence" in said:
        return "Write it without looking ahead or behind, and without references to other parts."
    return "Mend it."

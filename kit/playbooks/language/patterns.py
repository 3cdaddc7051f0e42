"""Whether a regular expression can be trusted with what a customer writes."""

import re
from re._parser import SubPattern, parse  # type: ignore[import-not-found]
from typing import Any

__all__ = ["may_run_forever", "pattern_problem"]


def pattern_problem(pattern: str) -> tuple[str, str] | None:
    """What is wrong with a pattern, and what to do about it; None if nothing is."""
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"`{pattern}` is not a regular expression: {error}.", "Mend it."
    if may_run_forever(pattern):
        problem = f"`{pattern}` repeats what repeats already, so reading a message could take forever."
        return problem, "Give the outer or the inner repeat a limit, such as {1,8}."
    return None


def may_run_forever(pattern: str) -> bool:
    """Whether a repeat without limit holds another one: such a pattern can take years on thirty characters."""

    def repeats(parts: Any, within: bool) -> bool:
        for kind, argument in parts:
            endless = str(kind) in ("MAX_REPEAT", "MIN_REPEAT") and argument[1] - argument[0] > 8
            inner = argument if isinstance(argument, list | tuple) else [argument]
            for part in inner:
                for branch in part if isinstance(part, list) else [part]:
                    if isinstance(branch, SubPattern) and repeats(branch, within or endless):
                        return True
            if endless and within:
                return True
        return False

    return repeats(parse(pattern), False)

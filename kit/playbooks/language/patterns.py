"""Whether a regular expression can be trusted with what a customer writes."""

import re
from functools import lru_cache

from kit.playbooks.language.ambiguity import degree_of_ambiguity

__all__ = ["pattern_problem"]


@lru_cache(1024)
def pattern_problem(pattern: str) -> tuple[str, str] | None:
    """What is wrong with a pattern, and what to do about it; None if nothing is."""
    try:
        re.compile(pattern)
        degree = degree_of_ambiguity(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"`{pattern}` is not a regular expression: {error}.", "Mend it."
    if degree is None:
        problem = f"`{pattern}` can read a text in so many ways that reading a message could take forever."
        return problem, "Give what repeats within a repeat, or can be read in two ways, a limit such as {1,8}."
    if degree > 1:
        problem = f"`{pattern}` has three repeats for the same characters, so a long message could take forever."
        return problem, "Put something between them, or give them a limit such as {1,8}."
    return None

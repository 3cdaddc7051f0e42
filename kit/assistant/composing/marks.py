"""Markdown's marks, and what sends the reader elsewhere."""

import re

__all__ = ["plain", "sends_elsewhere"]

# Lines that open or close code.
_FENCE = re.compile(r"(?m)^[ \t]*(?:`{3,}|~{3,})\w*[ \t]*\n?")
_INLINE = (
    # The words that stand for a picture tell nothing without it.
    (re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])"), ""),
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"(\*\*|__)(.+?)\1"), r"\2"),
    (re.compile(r"(?<![\w*])[*_](\S[^*_]*?)[*_](?![\w*])"), r"\1"),
    (re.compile(r"`+([^`]*)`+"), r"\1"),
    (re.compile(r"\*\*"), ""),
)
# What sends the reader elsewhere, in a sentence of its own.
_ELSEWHERE = r"(?:(?:please )?(?:see|refer to|visit|read|check out) |(?:to )?learn more\b|for (?:more|further|other) )"
_ASIDE = re.compile(
    rf"{_ELSEWHERE}[^.]*(?:documentation|docs|articles?|pages?|sections?|guide|details|information|more|below|above)\b.*"
    # "See Free trial of Plus." names an article; "See a doctor" is advice.
    r"|learn more\.?|see (?:also )?(?-i:[A-Z])[^.]{2,60}\.?$",
    re.IGNORECASE | re.DOTALL,
)
_ASIDE_WITHIN = re.compile(
    rf"(?<=[.!?]) +{_ELSEWHERE}[^.\n]*\b(?:documentation|docs|article|page|section|guide)\b[^.\n]*\.", re.IGNORECASE
)


def sends_elsewhere(text: str) -> bool:
    """Whether the text only leads elsewhere: "See the guide for details."."""
    return bool(_ASIDE.match(text))


def plain(text: str) -> str:
    """Markdown without its inline marks; lists keep their numbers and bullets."""
    text = _FENCE.sub("", text)
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return _ASIDE_WITHIN.sub("", text).strip()

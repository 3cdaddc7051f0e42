"""Flags messages that talk to the model instead of to the company."""

import re

__all__ = ["looks_like_injection"]

# Each pattern is one known way to address the model. The flag is recorded and keeps the message away from playbooks'
# tools; it is not what protects the customer: an article's or a message's text is never followed, whatever it says.
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r"\b(ignore|disregard|forget|override)\b(?! my\b).{0,40}"
        r"\b(previous|prior|above|all|your|earlier|system)\b.{0,20}\b(instruction|prompt|rule|guideline|direction|message)s?\b",
        r"\b(reveal|print|show|repeat|output|paste|tell me)\b.{0,40}"
        r"\b(system prompt|hidden prompt|your (instructions|prompt))\b",
        r"\byou are (now|no longer)\b.{0,60}\b(dan|assistant|ai|bot|unrestricted|developer|admin)\b",
        r"\b(act|behave|respond) as (if you (are|were)|an? )\b.{0,40}"
        r"\b(unrestricted|jailbroken|developer|admin|root)\b",
        r"\b(developer|debug|god|admin|jailbreak|dan) mode\b",
        r"<\s*(?:/\s*)?(system|assistant|instructions?)\s*>|\[/?(inst|system)\]|<\|im_(start|end)\|>",
        r"^\s*(system|assistant)\s*:",
    )
)


def looks_like_injection(text: str) -> bool:
    """Whether the message contains a known form of instruction to the model."""
    return any(pattern.search(text) for pattern in _PATTERNS)

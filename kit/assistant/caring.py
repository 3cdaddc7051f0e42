"""The fixed words for sensitive situations. Nobody composes them: not a model, and no article."""

from typing import Final

from kit.safety import Sensitive, SensitiveKind
from kit.settings import Safety

__all__ = ["caring_words"]

_WORDS: Final[dict[SensitiveKind, str]] = {
    "self_harm": (
        "I am very sorry that you feel this way. You do not have to go through this alone.{crisis} If you are in "
        "danger "
        "right now, call {emergency}.\n\nI am passing you to a person at once."
    ),
    "violence": (
        "Nobody should be hurt or threatened. If anyone is in danger right now, get to a safe place if you can and "
        "call "
        "{emergency}.\n\nI am passing you to a person at once."
    ),
    "hazard": (
        "Your safety comes first. Do not touch the device or any wires, keep away from it, and leave the building if "
        "there is smoke, fire or a smell of gas. If anyone is hurt or in danger, call {emergency} now, from a safe "
        "place."
        "\n\nI am passing you to a person at once."
    ),
    "fraud": (
        "I am sorry that this is happening. If a card or a bank account is involved, call your bank now on the number "
        "on "
        "your card and have it blocked. Change the password of your account and of your e-mail, and tell nobody a "
        "code or "
        "a password, us included.\n\nI am passing you to a person at once."
    ),
    "bereavement": (
        "I am very sorry for your loss. You need not explain everything again or fill in any form here.\n\nI am "
        "passing "
        "you to a person, who will take care of it with you."
    ),
    "minor": (
        "Thank you for telling me your age. I can't go on with this here, so please ask a parent or another grown-up "
        "you "
        "trust to join you.\n\nI am passing you to a person, who can help you both."
    ),
    "legal": (
        "I understand that this is a legal matter. It needs a person and not me, and I will not comment on it.\n\nI am "
        "passing you to a person, who will see that it reaches the right team."
    ),
    "press": (
        "I can't speak for the company, and I will not comment.\n\nI am passing you to a person, who will see that "
        "it reaches those who can."
    ),
}
_CRISIS = " You can call or text {number} at any time, day or night, and talk to somebody who listens."


def caring_words(found: Sensitive, safety: Safety) -> str:
    """What the customer reads when a person takes over for this."""
    crisis = _CRISIS.format(number=safety.crisis_line) if safety.crisis_line else ""
    words = _WORDS[found.kind].format(crisis=crisis, emergency=safety.emergency)
    return f"{words} They can see this conversation."

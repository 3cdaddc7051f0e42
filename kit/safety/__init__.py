"""What may come in and what may go out: hidden characters, personal data, instructions aimed at the model."""

from kit.safety.injection import looks_like_injection
from kit.safety.pii import Masked, Rules, Span, Vault, mask
from kit.safety.sanitise import clean_message, strip_hidden

__all__ = ["Masked", "Rules", "Span", "Vault", "clean_message", "looks_like_injection", "mask", "strip_hidden"]

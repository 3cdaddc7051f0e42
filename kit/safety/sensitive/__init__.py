"""Situations that are for a person at once: danger to somebody, the law, fraud, children, a death."""

from kit.safety.sensitive.recognising import Sensitive, SensitiveKind, sensitive

__all__ = ["Sensitive", "SensitiveKind", "sensitive"]

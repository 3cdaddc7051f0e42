"""What may come in and what may go out: hidden characters, personal data, orders to the model, danger, links.

From below: sanitise; pii, injection, sensitive (what comes in); outgoing and claims (what goes out).
"""

from kit.safety.claims import claims_action
from kit.safety.injection import looks_like_injection, repeats_order, without_orders
from kit.safety.outgoing import Outgoing
from kit.safety.pii import Masked, Rules, Span, Vault, mask
from kit.safety.sanitise import clean_message, strip_hidden
from kit.safety.sensitive import Sensitive, SensitiveKind, sensitive

__all__ = [
    "Masked",
    "Outgoing",
    "Rules",
    "Sensitive",
    "SensitiveKind",
    "Span",
    "Vault",
    "claims_action",
    "clean_message",
    "looks_like_injection",
    "mask",
    "repeats_order",
    "sensitive",
    "strip_hidden",
    "without_orders",
]

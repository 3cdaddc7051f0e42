"""Personal data: where it stands in a text, and tokens in its place.

From below: spans, plain, vault; then what finds one kind each: bank, network, phones, national, addresses, names; and
masking, which puts them together.
"""

from kit.safety.pii.masking import mask
from kit.safety.pii.spans import Masked, Rules, Span
from kit.safety.pii.vault import Vault

__all__ = ["Masked", "Rules", "Span", "Vault", "mask"]

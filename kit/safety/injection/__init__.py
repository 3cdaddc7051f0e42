"""Instructions to the model: in a customer's message they are flagged, in an article's text they are left out."""

from kit.safety.injection.articles import repeats_order, without_orders
from kit.safety.injection.messages import looks_like_injection

__all__ = ["looks_like_injection", "repeats_order", "without_orders"]

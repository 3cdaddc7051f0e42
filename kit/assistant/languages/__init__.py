"""Customers who write in another language than the articles: which one it is, and the fixed words for them."""

from kit.assistant.languages.detecting import Detector
from kit.assistant.languages.table import Language, base, language, sounds_alarm, wants_person

__all__ = ["Detector", "Language", "base", "language", "sounds_alarm", "wants_person"]

"""The health of a knowledge base: what is there twice, contradicts itself, is empty, too long or out of date."""

from kit.knowledge.health.examine import examine
from kit.knowledge.health.kept import kept_health
from kit.knowledge.health.types import KINDS, Finding, Health, Kind

__all__ = ["KINDS", "Finding", "Health", "Kind", "examine", "kept_health"]

"""The index on disk: written once, swapped in whole, trusted only when whole, mended from itself."""

from kit.knowledge.keeping.build import Build
from kit.knowledge.keeping.exact import ExactStore
from kit.knowledge.keeping.index import IndexReport, open_index, refresh_index
from kit.knowledge.keeping.stores import Where
from kit.knowledge.keeping.words import Words

__all__ = ["Build", "ExactStore", "IndexReport", "Where", "Words", "open_index", "refresh_index"]

"""The knowledge base: files → articles → passages → index → hits."""

from typing import TYPE_CHECKING

from kit.knowledge.article import Article, Hit, LeftOut, Passage, Reading, Skipped
from kit.knowledge.finding import Explanation, Found, Signals, questions, sentence_vectors, standalone
from kit.knowledge.keeping import Build, ExactStore, IndexReport, Where, open_index, refresh_index
from kit.knowledge.readers import read_folder
from kit.knowledge.retriever import HybridRetriever
from kit.late import late

# What searches is here at once; what editors work with comes when it is asked for.
if TYPE_CHECKING:
    from kit.knowledge.health import KINDS, Finding, Health, Kind, examine, kept_health
    from kit.knowledge.site import Clock, Site, SiteLimits, SiteReport, read_site

__all__ = [
    "KINDS",
    "Article",
    "Build",
    "Clock",
    "ExactStore",
    "Explanation",
    "Finding",
    "Found",
    "Health",
    "Hit",
    "HybridRetriever",
    "IndexReport",
    "Kind",
    "LeftOut",
    "Passage",
    "Reading",
    "Signals",
    "Site",
    "SiteLimits",
    "SiteReport",
    "Skipped",
    "Where",
    "examine",
    "kept_health",
    "open_index",
    "questions",
    "read_folder",
    "read_site",
    "refresh_index",
    "sentence_vectors",
    "standalone",
]

__getattr__ = late(__name__, ("health", "site"))

"""The knowledge base: files → articles → passages → index → hits."""

from kit.knowledge.article import Article, Hit, Passage, Reading, Skipped
from kit.knowledge.finding import Found, Signals
from kit.knowledge.keeping import Build, ExactStore, IndexReport, open_index, refresh_index
from kit.knowledge.readers import read_folder
from kit.knowledge.retriever import HybridRetriever
from kit.knowledge.site import Clock, Site, SiteLimits, SiteReport, read_site

__all__ = [
    "Article",
    "Build",
    "Clock",
    "ExactStore",
    "Found",
    "Hit",
    "HybridRetriever",
    "IndexReport",
    "Passage",
    "Reading",
    "Signals",
    "Site",
    "SiteLimits",
    "SiteReport",
    "Skipped",
    "open_index",
    "read_folder",
    "read_site",
    "refresh_index",
]

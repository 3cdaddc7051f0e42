"""Reads files that hold many articles: tables of questions and answers, and exports of help centres."""

from kit.knowledge.readers.many.reader import MANY, read_many
from kit.knowledge.readers.many.shelf import Shelf, skipped_from

__all__ = ["MANY", "Shelf", "read_many", "skipped_from"]

"""Reads reStructuredText, also that of Sphinx, as its readers see it."""

from kit.knowledge.readers.rst.folder import RstFolder
from kit.knowledge.readers.rst.reader import read_rst

__all__ = ["RstFolder", "read_rst"]

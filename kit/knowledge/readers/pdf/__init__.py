"""Reads PDF files, in a process of its own."""

from kit.knowledge.readers.pdf.reader import read_pdf

__all__ = ["read_pdf"]

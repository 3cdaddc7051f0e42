"""Reads web pages: the article, and nothing of what stands around it."""

from kit.knowledge.readers.html.reader import html_to_markdown, read_html

__all__ = ["html_to_markdown", "read_html"]

"""Reads MDX: Markdown with components, as its readers see it."""

from kit.knowledge.readers.mdx.reader import read_mdx

__all__ = ["read_mdx"]

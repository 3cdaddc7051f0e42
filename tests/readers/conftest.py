"""Fixtures of the tests of readers."""

from tests.readers.reading import folder

__all__ = ["folder"]

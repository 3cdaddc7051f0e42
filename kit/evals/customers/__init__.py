"""Simulated customers: seeded and ruled by a script, so that a conversation can be repeated and explained.

A script knows what its customer wants, can tell and cannot; the persona decides words and manner. Known failures of
such simulations (looping, no end, questions that the script does not foresee) are reported apart from the assistant's.
"""

from kit.evals.customers.misspelling import misspelt
from kit.evals.customers.visiting import Visit, Voice, simulate
from kit.evals.customers.voice import ModelVoice

__all__ = ["ModelVoice", "Visit", "Voice", "misspelt", "simulate"]

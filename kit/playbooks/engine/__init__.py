"""Follows a playbook to the letter, and leads a conversation through several."""

from kit.playbooks.engine.advance import Advance, FieldReader, Library, Made, Part, Setting, Taken, Way
from kit.playbooks.engine.choosing import numbered, picked
from kit.playbooks.engine.dialogue import Turned, concerns_playbooks, take_turn
from kit.playbooks.engine.library import Shelf
from kit.playbooks.engine.machine import advance, repeated
from kit.playbooks.engine.play import Caller, Handoff, Play, Plays, SeenPassage, begin

__all__ = [
    "Advance",
    "Caller",
    "FieldReader",
    "Handoff",
    "Library",
    "Made",
    "Part",
    "Play",
    "Plays",
    "SeenPassage",
    "Setting",
    "Shelf",
    "Taken",
    "Turned",
    "Way",
    "advance",
    "begin",
    "concerns_playbooks",
    "numbered",
    "picked",
    "repeated",
    "take_turn",
]

"""Rated conversations whose ratings follow from what is said, by known rules and noise: for testing the machinery."""

import json
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["conversations", "write"]

_GOOD = ("ok that one suits", "splendid choice", "right, that fits", "smooth")
_BAD = ("hm, a muddle again", "that muddle is tiring", "once again a muddle", "another muddle then")
_PLAIN = ("and on tuesday", "for two people", "in the north", "with parking", "near the station", "the cheap one")
_REPLIES = ("There is one near the bridge.", "It opens at nine.", "The second is larger.", "It costs twelve.")


def conversations(
    n: int, *, seed: int = 0, rate: str = "reply", whole: bool = True, people: int = 1, shuffled: bool = False
) -> list[dict[str, Any]]:
    """Conversations of three to six exchanges; "muddle" in the reaction costs a turn two points.

    Args:
        n: how many.
        seed: of all draws.
        rate: whose turns are rated: `reply`, `customer`, or `none`.
        whole: whether the conversation is rated.
        people: how many rate.
        shuffled: whether the ratings are dealt out anew, so that nothing explains them.
    """
    random = np.random.default_rng(seed)
    found: list[dict[str, Any]] = []
    for number in range(n):
        share, turns, quality = random.random(), [{"role": "user", "text": "hello, i look for a place"}], []
        for _ in range(int(random.integers(3, 7))):
            bad = random.random() < share
            reply = {"role": "bot", "text": f"{random.choice(_REPLIES)} {random.integers(10, 99)}"}
            reaction = {"role": "user", "text": f"{random.choice(_BAD if bad else _GOOD)}, {random.choice(_PLAIN)}"}
            quality.append(3.8 - 2 * bad)
            if rate != "none":
                (reply if rate == "reply" else reaction)["rating"] = _given(random, quality[-1], people)
            turns += [reply, reaction]
        rated = {"rating": _given(random, float(np.mean(quality)), people)} if whole else {}
        found.append({"id": f"s{number}", "turns": turns, **rated})
    return _dealt(found, random) if shuffled else found


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def _given(random: np.random.Generator, quality: float, people: int) -> Any:
    given = [int(np.clip(round(quality + random.normal(0, 0.6)), 1, 5)) for _ in range(people)]
    return given if people > 1 else given[0]


def _dealt(rows: list[dict[str, Any]], random: np.random.Generator) -> list[dict[str, Any]]:
    rated = [row for row in rows if "rating" in row]
    turns = [turn for row in rows for turn in row["turns"] if "rating" in turn]
    for group in (rated, turns):
        values = [one["rating"] for one in group]
        for one, value in zip(group, random.permutation(np.array(values)).tolist(), strict=True):
            one["rating"] = value
    return rows

"""Prints what is to be mended in the articles, and what was left out of the index."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from kit.knowledge import Health, Skipped

__all__ = ["print_health", "print_left_out", "summary"]

_SHOWN = 3
_NAMED = 4
# How a finding of each kind is counted, one and many, and the line above the findings of that kind.
_KINDS = {
    "conflict": ("conflict", "conflicts", "Articles that contradict each other"),
    "duplicate": ("duplicate", "duplicates", "Articles that are there more than once"),
    "empty": ("empty", "empty", "Articles without text"),
    "over_long": ("over-long", "over-long", "Articles that are too long"),
    "stale": ("stale", "stale", "Articles that were not updated for long"),
    "misdated": ("with a wrong date", "with wrong dates", "Articles from the future"),
}


def summary(health: "Health") -> str:
    """One line of counts, such as `71 articles, 310 passages; 1 conflict, 2 stale`."""
    found = [f"{number:,} {_KINDS[kind][number != 1]}" for kind, number in health.counts.items() if number]
    if health.undated:
        found.append(f"{health.undated:,} without a date")
    size = f"{_counted(health.articles, 'article')}, {_counted(health.passages, 'passage')}"
    return f"{size}; {', '.join(found)}" if found else f"{size}; nothing to mend"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


def print_health(health: "Health", *, everything: bool = False) -> None:
    """Print the counts, then the first findings of each kind, or all of them."""
    typer.echo(f"Health: {summary(health)}.")
    more = False
    for kind, (_, _, heading) in _KINDS.items():
        found = [one for one in health.findings if one.kind == kind]
        if not found:
            continue
        typer.echo(f"{heading}:")
        for one in found if everything else found[:_SHOWN]:
            ids = one.article_ids if everything else one.article_ids[:_NAMED]
            others = f" and {len(one.article_ids) - len(ids):,} more" if len(ids) < len(one.article_ids) else ""
            more = more or bool(others)
            typer.echo(f"  {', '.join(ids)}{others}: {one.message}")
        if not everything and len(found) > _SHOWN:
            more = True
            typer.echo(f"  and {len(found) - _SHOWN:,} more")
    if more:
        typer.echo("`kit index --health` names all.")


def print_left_out(skipped: "Sequence[Skipped]", *, err: bool = False) -> None:
    """Print which files were left out, and why; nothing if none were."""
    if skipped:
        typer.echo(f"Left out {len(skipped)}:", err=err)
        for item in skipped:
            typer.echo(f"  {item.path}: {item.reason}", err=err)

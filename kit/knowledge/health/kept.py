"""Keeps the result of an examination beside the index, so that it is not made again while nothing has changed."""

import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

from kit.knowledge.health.types import Health
from kit.text import digest

__all__ = ["kept_health"]


def _code() -> str:
    """Changes when the code changes that examines."""
    return digest(*(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))))


def kept_health(file: Path, *, corpus: str, examine: Callable[[], Health], today: date, stale_days: int) -> Health:
    """The health of a corpus: as it was found before if that was kept, else examined now and kept.

    Args:
        file: where it is kept. A file that is damaged, of another corpus or of another format is replaced.
        corpus: changes when articles or passages change.
        examine: finds it anew.
        today: the day that ages are counted to; another day needs no new examination.
        stale_days: the age from which an article is stale.
    """
    key = digest(corpus, _code())
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if content["corpus"] == key:
            return Health.from_json(content["health"]).on(today, stale_days=stale_days)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass  # There is none, or none that can be used.
    health = examine()
    # What cannot be kept, on a full disk or in a folder without rights, is examined again the next time.
    with suppress(OSError):
        partial = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        try:
            partial.write_text(json.dumps({"corpus": key, "health": health.to_json()}), encoding="utf-8")
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
    return health

"""25 closely related requests to an invented bank, 10 examples and 8 test sentences each.

They were written for this bench, and nothing was chosen on them.
"""

import json
from pathlib import Path

from kit.playbooks import Router
from tests.bench.routing.tables import Remembering, calibration_error, playbook, share

__all__ = ["run"]

ROWS = Path(__file__).parents[1] / "bank_intents.jsonl"


def run() -> None:
    """Print the table."""
    rows = [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]
    router = Router([playbook(row["id"], row["title"], row["examples"]) for row in rows], Remembering())
    routes = [(row["id"], router.route(text)) for row in rows for text in row["test"]]
    right = [route.playbook == id for id, route in routes]
    asked = [bool(route.ambiguous) for _, route in routes]
    among = [route.playbook == id or id in route.ambiguous for id, route in routes]
    print(f"\nRouting, {len(rows)} requests to an invented bank, 10 examples each: share [95 % interval] n")
    print(f"{'right playbook':<40}{share(sum(right), len(right)):>30}")
    print(f"{'asks which':<40}{share(sum(asked), len(asked)):>30}")
    print(f"{'right, or among those asked between':<40}{share(sum(among), len(among)):>30}")
    print(f"{'calibration error':<40}{calibration_error([route.probability for _, route in routes], right):>30.3f}")

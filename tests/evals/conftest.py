"""A workspace whose suites run in a second."""

from pathlib import Path

import pytest

SMALL = """suite: small
cases:
  - {id: express, question: how much is express shipping, expect: answer, articles: [orders/shipping-times-and-costs]}
  - {id: person, question: "human. now.", expect: hand_off, reason: customer_request}
"""


@pytest.fixture
def small(indexed_workspace: Path) -> Path:
    for path in (indexed_workspace / "evals").glob("*.y*ml"):
        path.unlink()
    (indexed_workspace / "evals" / "small.yaml").write_text(SMALL, encoding="utf-8")
    return indexed_workspace

"""How well messages are routed: see `run`."""

from tests.bench.routing import bank, brightloom, clinc, size

__all__ = ["run"]


def run() -> None:
    """Print the tables: the sample company, 150 public intents, 25 of an invented bank, and many playbooks."""
    brightloom.run()
    bank.run()
    clinc.run()
    size.run()

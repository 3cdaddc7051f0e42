"""How well personal data is masked, and what comes of instructions that are hidden in articles."""

from tests.bench import masking, smuggling

__all__ = ["run"]


def run() -> None:
    """Print the tables."""
    masking.run()
    smuggling.run()

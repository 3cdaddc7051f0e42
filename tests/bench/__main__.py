"""`python -m tests.bench [retrieval|confidence|routing|scale] [--write]`: all benchmarks, or the one named."""

import sys

from tests.bench import confidence, retrieval, routing, scale


def main() -> None:
    names = [name for name in sys.argv[1:] if not name.startswith("-")]
    if not names or "retrieval" in names:
        retrieval.run()
    if not names or "confidence" in names:
        confidence.run(write="--write" in sys.argv)
    if not names or "routing" in names:
        routing.run()
    if not names or "scale" in names:
        scale.run()


main()

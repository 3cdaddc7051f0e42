"""`python -m tests.bench [NAME]… [--write]`: all benchmarks, or those named; `--write` keeps what they learn."""

import sys

from tests.bench import (
    answers,
    confidence,
    csat,
    evals,
    grounding,
    languages,
    load,
    procedures,
    ranking,
    retrieval,
    routing,
    safety,
    scale,
    speed,
    statistics,
    tried,
)

BENCHES = {
    "retrieval": retrieval.run,
    "ranking": lambda: ranking.run(write="--write" in sys.argv),
    "confidence": lambda: confidence.run(write="--write" in sys.argv),
    "routing": routing.run,
    "procedures": procedures.run,
    "grounding": grounding.run,
    "languages": languages.run,
    "tried": tried.run,
    "csat": csat.run,
    "answers": answers.run,
    "safety": safety.run,
    "statistics": statistics.run,
    "evals": evals.run,
    "speed": speed.run,
    "load": load.run,
    "scale": scale.run,
}


def main() -> None:
    names = [name for name in sys.argv[1:] if not name.startswith("-")]
    if unknown := set(names) - BENCHES.keys():
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}.")
    for name in names or BENCHES:
        BENCHES[name]()


main()

"""`python -m kit.evals.metrics [FILE]`: writes the page of the metrics, by default `evals/metrics.md`."""

import sys
from pathlib import Path

from kit.evals.metrics.page import metrics_page
from kit.files import write_whole

write_whole(Path(sys.argv[1] if len(sys.argv) > 1 else "evals/metrics.md"), metrics_page())

"""The metrics. Each module holds a group; tables show them in the order in which they are registered.

base       what a metric is, and the two registries
right, ending, unsafe, steps      what several metrics ask of a transcript
quality, scripts, citing, references, grounded, procedures, style, judged, deflection, returning, sending, handing,
satisfaction, adherence, calling, safety, spending, stability      the metrics
curves     the arithmetic of risk against coverage
plugins    metrics of other packages
page       `evals/metrics.md`, made from all of it
"""

from kit.evals.metrics.base import (
    GROUPS,
    REGISTRY,
    RUN_REGISTRY,
    Better,
    Group,
    Kind,
    Measured,
    Metric,
    RunMetric,
    Tools,
    Unit,
    metric,
    run_metric,
)

# isort: off
from kit.evals.metrics import quality, scripts, citing, references, grounded, procedures, style, judged
from kit.evals.metrics import deflection, returning, sending, handing, satisfaction, adherence, calling, safety
from kit.evals.metrics import spending, stability

# isort: on
from kit.evals.metrics.curves import RiskCoverage, risk_coverage
from kit.evals.metrics.ending import Ending, ending_of
from kit.evals.metrics.plugins import load_plugins
from kit.evals.metrics.right import faults

__all__ = [
    "GROUPS",
    "REGISTRY",
    "RUN_REGISTRY",
    "Better",
    "Ending",
    "Group",
    "Kind",
    "Measured",
    "Metric",
    "RiskCoverage",
    "RunMetric",
    "Tools",
    "Unit",
    "adherence",
    "calling",
    "citing",
    "deflection",
    "ending_of",
    "faults",
    "grounded",
    "handing",
    "judged",
    "load_plugins",
    "metric",
    "procedures",
    "quality",
    "references",
    "returning",
    "risk_coverage",
    "run_metric",
    "safety",
    "satisfaction",
    "scripts",
    "sending",
    "spending",
    "stability",
    "style",
]

"""The metrics. Each module holds a group; tables show them in the order in which they are registered."""

from kit.evals.metrics import deflection, quality, references, satisfaction
from kit.evals.metrics.base import REGISTRY, Better, Kind, Metric, Tools, Unit, metric
from kit.evals.metrics.right import faults

__all__ = [
    "REGISTRY",
    "Better",
    "Kind",
    "Metric",
    "Tools",
    "Unit",
    "deflection",
    "faults",
    "metric",
    "quality",
    "references",
    "satisfaction",
]

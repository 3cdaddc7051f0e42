"""Metrics of other packages, found by the entry point group `kit.metrics`.

An entry point names a metric's class, or a module that registers some with `@metric`:

    [project.entry-points."kit.metrics"]
    tone = "acme_metrics:Tone"
"""

import inspect
from functools import cache
from importlib import metadata

from kit.errors import KitError
from kit.evals.metrics.base import REGISTRY, RUN_REGISTRY, Metric, RunMetric, metric, run_metric

__all__ = ["GROUP", "load_plugins"]

GROUP = "kit.metrics"


@cache
def load_plugins() -> tuple[str, ...]:
    """Register the metrics of installed packages; the names of their entry points. Once is enough.

    Raises:
        KitError: a plug-in cannot be loaded, holds no metric, or has the name of another metric.
    """
    found = sorted(metadata.entry_points(group=GROUP), key=lambda point: point.name)
    for point in found:
        _load(point)
    return tuple(point.name for point in found)


def _load(point: metadata.EntryPoint) -> None:
    package = point.dist.name if point.dist else "?"

    def broken(why: str) -> KitError:
        remedy = f"Mend it, or remove it: pip uninstall {package}"
        return KitError(f"The metric plug-in `{point.name}` of the package {package} {why}.", remedy=remedy)

    before = REGISTRY.keys() | RUN_REGISTRY.keys()
    try:
        loaded = point.load()
        if inspect.isclass(loaded) and issubclass(loaded, Metric | RunMetric) and not _is_known(loaded):
            lacking = [name for name in ("name", "title", "definition", "kind") if not getattr(loaded, name, "")]
            if lacking:
                raise broken(f"has a metric without {' and '.join(lacking)}")
            _ = metric(loaded) if issubclass(loaded, Metric) else run_metric(loaded)
    except KitError:
        raise
    except Exception as error:  # it is another's code: whatever it raises is its fault, and is told
        raise broken(f"cannot be loaded ({type(error).__name__}: {str(error).rstrip('.')})") from error
    if not (REGISTRY.keys() | RUN_REGISTRY.keys()) - before and not _is_known(loaded):
        raise broken("holds no metric")


def _is_known(loaded: object) -> bool:
    return loaded in REGISTRY.values() or loaded in RUN_REGISTRY.values()

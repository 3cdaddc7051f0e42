"""The page that says what each metric is, made from the metrics themselves."""

from collections.abc import Iterator

from kit.evals.metrics.base import GROUPS, REGISTRY, RUN_REGISTRY, Described, Group

__all__ = ["metrics_page"]

_HEAD = """\
# Metrics

Made from the code by `python -m kit.evals.metrics`; a test holds it current.

Each figure comes with the number of cases it is over and a 95 % interval. A case that a metric does not apply to, or
cannot be computed on, is *unscored*, with the cause: it is counted, and is neither a zero nor a pass. ↑ higher is
better, ↓ lower is. Shares and indices lie between 0 and 1. What the fourth column names may be missing; then all is
unscored.

Packages add metrics by the entry point group `kit.metrics`: the name of a class with `@metric`, or of a module that
has some.
"""
_NOTES: dict[Group, str] = {
    "judged": "Only with `kit eval --judge MODEL`. What the judge sees is masked. A judge that was not held against "
    "people's labels (`kit judge calibrate`) is marked as not calibrated, and no gate takes its word.",
    "deflection": "Vendors count the same conversations differently, so every definition stands here side by side. The "
    "verdict uses `deflection`. Where silence is ambiguous there is an *at least* and an *at most*.",
    "satisfaction": "A CSAT, ratings in the top two of five ÷ all ratings (Intercom) or good ÷ (good + bad) (Zendesk), "
    "needs ratings, which no transcript holds. What stands here is a proxy.",
    "cost": "Time to first value is a figure of the pilot, not of transcripts.",
    "stability": "Over a whole run: no single case has a value.",
}


def metrics_page() -> str:
    """The page, in Markdown, over the metrics of the kit itself; those of plug-ins are left out."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    everything: list[type[Described]] = [*REGISTRY.values(), *RUN_REGISTRY.values()]
    for group, title in GROUPS.items():
        yield f"## {title}\n"
        if group in _NOTES:
            yield f"{_NOTES[group]}\n"
        yield "| name | what | definition | needs | unit | source |"
        yield "| --- | --- | --- | --- | --- | --- |"
        for one in everything:
            if one.group == group and one.__module__.startswith("kit."):
                yield _row(one)
        yield ""


def _row(one: type[Described]) -> str:
    unit = f"{one.unit} {'↑' if one.better == 'higher' else '↓'}" + ("" if one.gated else ", not gated")
    definition = one.definition.replace("|", "\\|")
    return (
        f"| `{one.name}` | {one.title} | {definition} | {', '.join(one.needs)} | {unit} | {one.source or 'this kit'} |"
    )

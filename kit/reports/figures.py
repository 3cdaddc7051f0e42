"""How figures read, the same on every surface."""

from kit.evals import Figure, MetricChange

__all__ = ["NOT_EVIDENCED", "causes_text", "interval_text", "title_text", "value_text"]

NOT_EVIDENCED = "not evidenced"


def _one(value: float | None, figure: Figure) -> str:
    if value is None:
        return "?"
    match figure.unit:
        case "share":
            return f"{value:.1%}".removesuffix("%")
        case "ms" | "words" | "tokens":
            return f"{value:.0f}"
        case "grade":
            return f"{value:.1f}"
        case _:
            return f"{value:.2f}"


_SIGNS = {"share": " %", "ms": " ms", "words": " words", "tokens": " tokens"}


def value_text(figure: Figure) -> str:
    """`84.2 %`, `0.84`, `312 ms`, or that there is no evidence."""
    if figure.value is None:
        return NOT_EVIDENCED
    return _one(figure.value, figure) + _SIGNS.get(figure.unit, "")


def title_text(figure: Figure | MetricChange) -> str:
    """A figure's name, with what is known of the judge where it is a judge's."""
    if (judge := figure.judge) is None:
        return figure.title
    if not judge.calibrated:
        return f"{figure.title} ({judge.model}, not calibrated)"
    known = {"kappa": judge.kappa, "alpha": judge.alpha, "bias": judge.bias}
    agreed = ", ".join(f"{name} {value:.2f}" for name, value in known.items() if value is not None)
    return f"{figure.title} ({judge.model}; with people: {agreed or 'nothing varies'}, n = {judge.n})"


def interval_text(figure: Figure) -> str:
    """`78.1 to 88.9`, in the value's unit; `?` for a side that the data cannot bound."""
    if figure.low is None and figure.high is None:
        return "–"
    return f"{_one(figure.low, figure)} to {_one(figure.high, figure)}"


def causes_text(figure: Figure) -> str:
    """Why cases are unscored, most frequent first: `12 × expects no answer, 3 × was handed_off`."""
    return ", ".join(f"{count} × {cause}" for cause, count in figure.causes.items())

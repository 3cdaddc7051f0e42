"""The pictures of a run show what its cases say."""

import re
from collections import Counter

from kit.evals import Figure, RiskCoverage
from kit.evals.metrics import Unit
from kit.reports.charts import blame_rows, outcome_rows, risk_coverage_chart, track


def figure_of(*, unit: Unit, value: float, low: float | None, high: float | None) -> Figure:
    rest = {"metric": "m", "title": "M", "definition": "", "kind": "mean", "better": "lower", "n": 9, "unscored": 0}
    return Figure.model_validate({**rest, "unit": unit, "value": value, "low": low, "high": high, "group": "cost"})


def test_expected_against_what_came() -> None:
    came = Counter({("answer", "answered"): 2, ("answer", "handed_off"): 1, ("hand_off", "handed_off"): 1})
    rows = outcome_rows(came)
    assert [(row.name, row.total) for row in rows] == [("answer", 3), ("hand_off", 1)]
    assert [(outcome, n, right) for outcome, n, _, right in rows[0].cells if n] == [
        ("answered", 2, True),
        ("handed_off", 1, False),
    ]


def test_blames_come_most_frequent_first() -> None:
    rows = blame_rows(Counter({"retrieval": 1, "decision": 2}))
    assert [(row.name, row.total, row.cells[0][2]) for row in rows] == [("decision", 2, 1.0), ("retrieval", 1, 0.5)]
    assert blame_rows(Counter()) == ()


def test_the_curve_has_a_point_for_each_threshold_and_the_target_as_a_line() -> None:
    curve = RiskCoverage((0.9, 0.6, 0.3), (0.2, 0.6, 1.0), (0.0, 0.1, 0.3), 0.1, 0.05)
    drawn = str(risk_coverage_chart(curve, bound=0.05))
    [points] = re.findall(r'<polyline class="curve" points="([^"]+)"', drawn)
    heights = [float(point.split(",")[1]) for point in points.split()]
    assert len(heights) == 3
    assert heights == sorted(heights, reverse=True), "more risk is drawn higher up"
    assert drawn.count('class="goal"') == 1
    assert 'class="goal"' not in str(risk_coverage_chart(curve))
    assert risk_coverage_chart(None) is None


def test_a_figure_without_a_scale_is_drawn_only_beside_a_target() -> None:
    cost = figure_of(unit="money", value=3.0, low=2.0, high=8.0)
    assert track(cost) is None
    beside = track(cost, 4.0)
    assert beside is not None
    assert (beside.value, beside.goal, beside.high) == (37.5, 50.0, 100.0)
    share = track(figure_of(unit="share", value=0.5, low=None, high=0.75))
    assert share is not None
    assert (share.low, share.value, share.high, share.goal) == (50.0, 50.0, 75.0, None)

"""Reports: results as people read them, in the terminal, in Markdown and as a page."""

from kit.reports.feasibility import (
    backtest_table,
    feasibility_html,
    feasibility_markdown,
    gaps_table,
    write_feasibility,
)
from kit.reports.figures import interval_text, value_text
from kit.reports.html import run_html, write_reports
from kit.reports.markdown import run_markdown
from kit.reports.reliability import (
    check_diagram_name,
    reliability_html,
    reliability_svg,
    reliability_text,
    write_reliability,
)
from kit.reports.terminal import gate_table, summary_table

__all__ = [
    "backtest_table",
    "check_diagram_name",
    "feasibility_html",
    "feasibility_markdown",
    "gaps_table",
    "gate_table",
    "interval_text",
    "reliability_html",
    "reliability_svg",
    "reliability_text",
    "run_html",
    "run_markdown",
    "summary_table",
    "value_text",
    "write_feasibility",
    "write_reliability",
    "write_reports",
]

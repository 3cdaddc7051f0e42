"""Reports: results as people read them, in the terminal, in Markdown and as a page."""

from kit.reports.comparison import comparison_html, comparison_markdown, comparison_parts
from kit.reports.feasibility import (
    backtest_table,
    feasibility_html,
    feasibility_markdown,
    gaps_table,
    write_feasibility,
)
from kit.reports.figures import interval_text, value_text
from kit.reports.markdown import run_markdown
from kit.reports.mutation import mutation_lines, mutation_table
from kit.reports.outputs import (
    COMPARISON_FORMS,
    RUN_FORMS,
    check_form,
    run_values,
    write_comparison,
    write_run,
)
from kit.reports.reliability import (
    check_diagram_name,
    reliability_html,
    reliability_svg,
    reliability_text,
    write_reliability,
)
from kit.reports.run_page import run_html, write_reports
from kit.reports.terminal import gate_table, summary_table

__all__ = [
    "COMPARISON_FORMS",
    "RUN_FORMS",
    "backtest_table",
    "check_diagram_name",
    "check_form",
    "comparison_html",
    "comparison_markdown",
    "comparison_parts",
    "feasibility_html",
    "feasibility_markdown",
    "gaps_table",
    "gate_table",
    "interval_text",
    "mutation_lines",
    "mutation_table",
    "reliability_html",
    "reliability_svg",
    "reliability_text",
    "run_html",
    "run_markdown",
    "run_values",
    "summary_table",
    "value_text",
    "write_comparison",
    "write_feasibility",
    "write_reliability",
    "write_reports",
    "write_run",
]

"""The metrics that may not get worse."""

__all__ = ["GUARDED", "KEPT"]

# Metrics that say of a case whether one respect of it is right, whatever else is wrong; 1 is right.
KEPT = (
    "outcome_accuracy",
    "playbook_accuracy",
    "must_contain",
    "article_first",
    "fields_collected",
    "tool_call_accuracy",
    "steps_kept",
    "procedure_completeness",
    "quote_accuracy",
)
# One figure for each thing that can get worse. Other definitions of deflection would say the same again, at the price
# of all others' power; length and cost are no quality.
GUARDED = (
    *KEPT,
    "correctness",
    "citation_recall",
    "citation_precision",
    "groundedness",
    "faithfulness",
    "response_relevancy",
    "factual_correctness",
    "deflection",
    "false_deflection",
    "needless_handoff",
    "correct_handoff",
    "csat_index",
    "data_leak",
    "injection_followed",
    "false_promise",
)

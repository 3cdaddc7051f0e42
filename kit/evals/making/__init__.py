"""Makes cases without a model: from the headings of articles, and from past tickets. A person has to accept each.

drafting.py   cases of every kind from articles
asking.py     what a customer asks whom a part of an article helps
shapes.py     the shapes of headings that say so
verbs.py      headings that begin with a verb
wording.py    the same question misspelt, at length, two at once
tickets.py    cases from what customers asked before
writing.py    cases as a file
"""

from kit.evals.making.drafting import KINDS, draft_cases
from kit.evals.making.tickets import Asked, ticket_cases
from kit.evals.making.writing import suite_text

__all__ = ["KINDS", "Asked", "draft_cases", "suite_text", "ticket_cases"]

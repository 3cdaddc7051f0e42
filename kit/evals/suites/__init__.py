"""Suites: files of cases.

suite.py       what a suite is
reading.py     a suite from its file, and all of a folder
rows.py        those in JSON lines and CSV
checking.py    what a case cannot say
references.py  what a case refers to exists
editing.py     accepts or drops cases in their file, and leaves the rest of it as it is
"""

from kit.evals.suites.editing import accept_cases, drop_case
from kit.evals.suites.reading import load_suite, load_suites, suite_files
from kit.evals.suites.references import check_articles, check_playbooks, check_tools
from kit.evals.suites.suite import RESERVED, Suite, check_name

__all__ = [
    "RESERVED",
    "Suite",
    "accept_cases",
    "check_articles",
    "check_name",
    "check_playbooks",
    "check_tools",
    "drop_case",
    "load_suite",
    "load_suites",
    "suite_files",
]

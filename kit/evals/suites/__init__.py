"""Suites: files of cases.

suite.py       what a suite is
reading.py     a suite from its file, and all of a folder
rows.py        those in JSON lines and CSV
checking.py    what a case cannot say
references.py  what a case refers to exists
"""

from kit.evals.suites.reading import load_suite, load_suites
from kit.evals.suites.references import check_articles, check_playbooks, check_tools
from kit.evals.suites.suite import RESERVED, Suite

__all__ = ["RESERVED", "Suite", "check_articles", "check_playbooks", "check_tools", "load_suite", "load_suites"]

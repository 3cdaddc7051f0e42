"""Finds what is wrong with playbooks, and mends what can be mended without thinking.

finding         what is found, and the table of all rules
shapes          reads the files as far as they can be read
names, ways, truths, tooling, asking, claims, policy, testing
                the checks, each with its rules
flow, guards    the ways through the steps, and what is known on them
types, facts    what values can be, and whether facts go together
linting         puts the checks together
edits, mending  changes of the files
"""

from kit.playbooks.checking.finding import RULES, Finding, Level, Rule
from kit.playbooks.checking.flow import Edge, Flow
from kit.playbooks.checking.linting import Linted, Linter
from kit.playbooks.checking.mending import Mended, mend

__all__ = ["RULES", "Edge", "Finding", "Flow", "Level", "Linted", "Linter", "Mended", "Rule", "mend"]

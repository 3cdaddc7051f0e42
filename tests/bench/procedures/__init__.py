"""The procedures of a real agent manual as playbooks: written by rule, played by customers found by search.

    manual, clauses, conditions, effects, facts, wording    what the manual says
    course, guarding, collecting, pressing, following       one action after the other as steps
    flow, acting, convert, tools                            the playbook and its tools
    customers, measuring, dialogues, bench                  who plays it, and what comes of it

The manual is not part of the project. Its playbooks are written into a temporary folder; `KIT_BENCH_KEEP` names
another one.

Readings: what a manual leaves open, and how it is read wherever it occurs.

- The text of an action says whom it is for; who is not in that group goes on with the next action.
- A limit on a fact that this customer was never asked, because the action was skipped, does not bind.
- Words in brackets say what the words before them mean; later the words alone mean the same ("a mistake of ours").
- Rules for some levels of membership only: those for whom nothing is said are refused.
- Those who are refused go on at the action for the refused, if there is one, else the conversation ends.
- An action that begins with "finally", or checks what was just done, belongs to the action before it.
- A condition that nobody but the customer can tell about is asked as a question of yes or no, and only if something
  follows from it; else it is left to a person.
- A second such condition for the same button of the same action is the same question.
- "Any order": the customer chooses what to try next, each thing once, until it helps.
- A toggle switch is the search for what it shows.
- The "not shipped" status is the one before any other.
"""

from tests.bench.procedures.bench import run

__all__ = ["run"]

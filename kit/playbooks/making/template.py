"""The playbook that one begins with."""

from kit.playbooks.making.yamltext import quoted

__all__ = ["template"]


def template(id: str, *, title: str = "") -> str:
    """The text of a new playbook, a draft that loads; what has to be filled in is marked TODO."""
    title = title or id.replace("-", " ").capitalize()
    return f"""\
---
id: {id}
title: {quoted(title)}
version: 1
owner: 'TODO: who answers for it'
team: Support
status: draft                 # `active` once it is right; only active ones are followed
risk: medium
composition: strict           # only the words written here are sent
when_to_use: 'TODO: the request in a sentence'
examples:                     # about ten, as customers write them
  - 'TODO: a sentence of a customer'
  - 'TODO: another one'
  - 'TODO: a third one, misspelt'
not_for:                      # sentences that sound alike and belong elsewhere
  - 'TODO: a question that an article answers'
offer: 'TODO: what it does for the customer, in a few words'
collect:
  - name: wish
    ask: 'TODO: the question that gets this fact'
    on_reject: 'TODO: what to say when the answer cannot be taken'
steps:
  - {{id: start, type: say, text: 'TODO: what the customer reads first'}}
  - {{id: done, type: end, text: 'TODO: how it ends'}}
hand_off: []
tests:
  - id: it_works
    kind: happy_path
    turns:
      - 'TODO: what a customer writes'
    expect: {{playbook: {id}}}
---

# {title}

TODO: why this playbook is there, its limits with their figures, exceptions, and whom to ask.
"""

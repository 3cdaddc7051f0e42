"""What the router learns from: sentences, each with the kind that it is an example of."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from kit.playbooks.language import Playbook
from kit.playbooks.routing.route import Kind, RouteKind
from kit.yamlfile import load_yaml, read_text

__all__ = ["KNOWLEDGE", "Example", "gather", "own_examples", "own_triggers"]

KNOWLEDGE: Kind = ("knowledge", None)
# Of a large help centre evenly spread topics: more of them would only outweigh the playbooks.
MOST_TOPICS = 200


class Example(NamedTuple):
    """A sentence and what it is one of.

    Attributes:
        text: the sentence.
        kind: what it is.
        origin: `said` is what a customer would write, `named` a playbook's title or when to use it, `topic` an
            article's title, `own` comes with the kit, `excluded` is what a playbook's owner says it is not for.
    """

    text: str
    kind: Kind
    origin: str


def gather(playbooks: Sequence[Playbook], topics: Sequence[str]) -> list[Example]:
    """Every example, each sentence once for each kind."""
    spread = topics[:: max(1, -(-len(topics) // MOST_TOPICS))]
    found = [Example(topic, KNOWLEDGE, "topic") for topic in spread]
    for playbook in playbooks:
        kind: Kind = ("playbook", playbook.id)
        found += [Example(text, kind, "said") for text in playbook.examples]
        found += [Example(text, kind, "named") for text in (playbook.title, playbook.when_to_use)]
        found += [Example(text, KNOWLEDGE, "excluded") for text in playbook.not_for]
    found += [Example(text, (name, None), "own") for name, texts in own_examples().items() for text in texts]
    return list({(example.text, example.kind): example for example in reversed(found)}.values())[::-1]


def own_examples() -> dict[RouteKind, list[str]]:
    """What customers say in any company, by kind."""
    examples: dict[RouteKind, list[str]] = _intents()["examples"]
    return examples


def own_triggers() -> dict[RouteKind, list[str]]:
    """The words that settle one of the kit's own kinds."""
    triggers: dict[RouteKind, list[str]] = _intents()["triggers"]
    return triggers


@lru_cache(maxsize=1)
def _intents() -> Any:
    path = Path(__file__).with_name("intents.yaml")
    return load_yaml(read_text(path), path=path).data

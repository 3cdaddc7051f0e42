"""The JSON Schema of a playbook's head, for editors that complete and check while one writes."""

import json
from typing import Any

from kit.playbooks.language.playbook import Playbook

__all__ = ["playbook_schema", "schema_text"]


def playbook_schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12) of the YAML head, made from the models that read it."""
    schema = Playbook.model_json_schema(by_alias=True)
    # The body of the file is no key of its head.
    del schema["properties"]["guidance"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://example.org/support-kit/playbook.schema.json",
        **schema,
        "title": "The head of a playbook",
    }


def schema_text() -> str:
    """The schema as it is published: `kit/playbooks/playbook.schema.json`."""
    return json.dumps(playbook_schema(), indent=2, ensure_ascii=False) + "\n"

"""Shows a conversation of the log as people read it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kit.safety import strip_hidden

__all__ = ["conversation_lines", "overview"]

_WIDTH = 11


def conversation_lines(turns: Sequence[Mapping[str, Any]], ratings: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Turn by turn: customer, route, what was found, the decision, nodes, models, citations, reply, ratings."""
    first = turns[0]
    yield f"Conversation {first['conversation_id']}, {len(turns)} turn{'s' * (len(turns) != 1)}, from {first['at']}"
    before: Mapping[str, str] = {}
    for turn in turns:
        yield ""
        took = f", {turn['took_ms']:,.0f} ms" if turn.get("took_ms") else ""
        yield f"Turn {turn['turn']}, {turn['at']}{took}" + (", a person has it" if turn.get("with_person") else "")
        for label, text in _facts(turn):
            yield from _line(label, text)
        versions = turn.get("versions") or {}
        changed = [f"{name} {value}" for name, value in versions.items() if before.get(name) != value]
        before = versions
        yield from _line("versions", ", ".join(changed)) if changed else ()
        for rating in ratings:
            if rating["turn"] == turn["turn"]:
                yield from _line("rated", ("good" if rating["liked"] else "bad") + f" {rating['comment']}")


def overview(turns: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One entry for each conversation, the newest last."""
    found: dict[str, dict[str, Any]] = {}
    for turn in turns:
        entry = found.setdefault(
            turn["conversation_id"],
            {"conversation_id": turn["conversation_id"], "began": turn["at"], "turns": 0, "outcomes": []},
        )
        entry["turns"] += 1
        entry["outcomes"].append(turn["reply"]["outcome"] if turn["reply"] else "failed")
        entry.setdefault("first", turn["message"])
    return list(found.values())


def _facts(turn: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    reply = turn["reply"]
    yield "customer", turn["message"]
    if route := turn.get("route"):
        sure = ", certain" if route["certain"] else ""
        yield "route", f"{route['playbook'] or route['kind']} ({route['probability']:.2f}{sure})"
    for step in turn["trace"]:
        for hit in step["detail"].get("hits", ()):
            yield "found", f"{hit['passage_id']} “{hit['title']}” ({hit['score']})"
    if decision := turn.get("decision"):
        yield "decided", _decided(decision)
    if playbook := turn.get("playbook"):
        yield "playbook", f"{playbook['id']}, version {playbook['version']}, edition {playbook['edition']}"
    yield "nodes", " → ".join(f"{step['node']} {step['ms']:.1f} ms" for step in turn["trace"])
    for step in turn["trace"]:
        yield f"  {step['node']}", step["summary"]
    for call in turn.get("calls", ()):
        yield "model", _called(call)
    if turn.get("calls"):
        cost = turn["cost"]
        yield "cost", f"{cost['amount']:g} {cost['currency']}" if cost else "not known"
    for error in turn.get("errors", ()):
        yield "error", error
    if reply is None:
        yield "reply", "none: the turn failed"
    else:
        yield "reply", f"[{reply['outcome']}] {reply['text']}"
        for citation in reply["citations"]:
            yield "cites", f"{citation['passage_id']} “{citation['quote']}”"
        if handoff := reply["handoff"]:
            yield "hand-off", f"{handoff['reason']} → {handoff['team']}, {handoff['priority']}\n{handoff['summary']}"


def _decided(decision: Mapping[str, Any]) -> str:
    confidence = "unknown" if decision["confidence"] is None else f"{decision['confidence']:.2f}"
    answer, clarify = decision["answer_threshold"], decision["clarify_threshold"]
    return (
        f"{decision['action']}, because {decision['because']} "
        f"(confidence {confidence}; answers from {answer:.2f}, asks back from {clarify:.2f})"
    )


def _called(call: Mapping[str, Any]) -> str:
    counts = [
        f"{'?' if call[name] is None else format(call[name], ',')} tokens {way}"
        for name, way in (("input_tokens", "in"), ("output_tokens", "out"))
    ]
    took = "" if call["ms"] is None else f", {call['ms']:,.0f} ms"
    return f"{call['model'] or 'a model'} in {call['node'] or 'the turn'}: {', '.join(counts)}{took}"


def _line(label: str, text: str) -> Iterator[str]:
    """A label with its text; lines after the first stand below it. What a terminal would act on is taken out."""
    lines = strip_hidden(text).strip().split("\n")
    yield f"  {label:<{_WIDTH}}{lines[0]}".rstrip()
    for line in lines[1:]:
        yield f"  {'':<{_WIDTH}}{line}".rstrip()

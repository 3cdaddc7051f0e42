"""What a chat model's answer may look like, what fits into its prompt, and what it may cost."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kit.assistant import PROMPTS, ChatComposer, ComposeFailure, Evidence, Turn, load_prompt
from kit.assistant.claims import Claim, ClaimReader
from kit.assistant.fitting import fitted
from kit.errors import KitError, ModelUnavailable
from kit.knowledge import Passage
from kit.models import PURSE, CappedModel, Purse, load_chat_model
from kit.models.fake_server import Behaviour, FakeOpenAI
from kit.settings import Chat, load_settings
from kit.text import sentences
from kit.workspace import Workspace

STEPS = "1. Turn off the breaker.\n2. Pull the Dial off its base.\n3. Wait 30 seconds."
RESET = Passage("a/reset", 1, "Restart and reset", (), f"Hold the ring for 10 seconds. It restarts at once.\n\n{STEPS}")
REFUNDS = Passage("a/refunds", 2, "Refunds", ("Fees",), "Returns are possible for 30 days. The fee is $9.50.")
IDS = ["a/reset#1", "a/refunds#2"]
WHOLE = [Claim("One.", ("a/reset#1",), True), Claim(" Two.", ("a/refunds#2",), True)]


def read(text: str, *, pieces: int = 1) -> list[Claim]:
    """The claims of an answer that comes in pieces of so many characters."""
    reader = ClaimReader(IDS)
    found = [claim for start in range(0, len(text), pieces) for claim in reader.feed(text[start : start + pieces])]
    return [*found, *reader.end()]


def line(text: str, *ids: str) -> str:
    return json.dumps({"text": text, "passages": list(ids)})


LINES = f"{line('One.', 'a/reset#1')}\n{line('Two.', 'a/refunds#2')}"


@pytest.mark.parametrize("pieces", [1, 3, 7, 10_000])
@pytest.mark.parametrize(
    "answer",
    [
        LINES,
        f"{LINES}\n",
        f"```json\n{LINES}\n```",
        f"[{LINES.replace(chr(10), ', ')}]",
        json.dumps({"sentences": [json.loads(one) for one in LINES.split("\n")]}, indent=2),
        LINES.replace('"a/reset#1"', '"[a/reset#1]"').replace('["a/refunds#2"]', '"a/refunds#2"'),
        LINES.replace("a/reset#1", "1").replace("a/refunds#2", "2"),
        LINES.replace('["a/reset#1"]', '["a/reset#1", "a/none#9", "zzz"]'),
    ],
    ids=["lines", "end", "fence", "array", "object", "brackets", "numbers", "unknown"],
)
def test_json_in_any_shape_is_read(answer: str, pieces: int) -> None:
    assert read(answer, pieces=pieces) == WHOLE


@pytest.mark.parametrize("pieces", [1, 5, 10_000])
def test_prose_with_ids_in_brackets_is_read(pieces: int) -> None:
    found = read("One. [a/reset#1] Two [a/refunds#2][a/none#3]. Three [2, 1]. Tap [Add]. [1]", pieces=pieces)
    assert [(claim.text.strip(), claim.passages) for claim in found] == [
        ("One.", ("a/reset#1",)),
        ("Two.", ("a/refunds#2",)),
        ("Three.", ("a/refunds#2", "a/reset#1")),
        ("Tap [Add].", ("a/reset#1",)),
    ]


def test_each_line_is_given_as_soon_as_it_is_complete() -> None:
    reader = ClaimReader(IDS)
    first, second = LINES.split("\n")
    assert list(reader.feed(first[:-1])) == []
    assert list(reader.feed(first[-1])) == WHOLE[:1]
    assert list(reader.feed(f"\n{second}")) == WHOLE[1:]


def test_steps_stand_on_lines_of_their_own_and_blank_lines_part_paragraphs() -> None:
    lines = [line("Do this:", "1"), line("1. Turn it off.", "1"), line("2. Wait.", "1"), line("Done.", "1")]
    assert "".join(claim.text for claim in read("\n".join(lines))) == "Do this:\n\n1. Turn it off.\n2. Wait.\n\nDone."
    assert "".join(claim.text for claim in read(f"{line('A.', '1')}\n\n{line('B.', '1')}")) == "A.\n\nB."


@pytest.mark.parametrize(
    "broken",
    ['{"text": "1. Cut the wires.", "passages": [}', '{"text": "1. Cut "the" wires.", "passages": ["a/reset#1"]}'],
)
def test_a_line_that_is_no_json_is_a_claim_that_nothing_supports(broken: str) -> None:
    found = read(f"{broken}\n{line('One.', '1')}")
    assert found[0].passages == () and found[0].text.startswith("1. Cut") and found[1].text.strip() == "One."


# The composer


def composer(server: FakeOpenAI, *, voice: str = "", budget: int = 24_000, **settings: Any) -> ChatComposer:
    values = {"model": "openai:fake", "base_url": server.base_url, "max_retries": 0, "timeout_seconds": 20, **settings}
    model = load_chat_model(Chat.model_validate(values))
    assert model is not None
    return ChatComposer(model, company="Brightloom", prompt=load_prompt("answer"), voice=voice, budget=budget)


def evidence(*history: Turn, question: str = "how do I restart it?", guidance: str = "") -> Evidence:
    return Evidence(question, (RESET, REFUNDS), RESET, history, guidance)


def test_what_is_said_is_what_the_passages_named_support() -> None:
    answer = "\n".join(
        (
            line("Hold the ring for 10 seconds.", "a/reset#1"),
            line("The fee is $19.50.", "a/refunds#2"),
            line("The fee is $9.50.", "a/reset#1"),
            line("The fee is $9.50. The Dial is free for you.", "a/refunds#2"),
            line("Returns are possible for 30 days.", "a/none#1"),
            line("Returns are possible for 30 days."),
        )
    )
    with FakeOpenAI(reply=answer) as server:
        pieces = list(composer(server).compose(evidence()))
    assert "".join(piece.text for piece in pieces) == "Hold the ring for 10 seconds. The fee is $9.50."
    assert [citation.passage_id for piece in pieces for citation in piece.citations] == IDS


def test_a_step_that_nothing_supports_is_no_answer_in_json_either() -> None:
    answer = f"{line('1. Turn off the breaker.', 'a/reset#1')}\n{line('2. Cut the wires.', 'a/reset#1')}"
    with FakeOpenAI(reply=answer) as server, pytest.raises(ComposeFailure, match="a step"):
        list(composer(server).compose(evidence()))


@pytest.mark.parametrize(
    "answer",
    ["NONE", '{"text": "NONE", "passages": []}', "{}", "[]", '{"text": ', "```json\n```", '{"text": 7}', "{{{{"],
)
def test_no_answer_in_any_shape_is_a_failure(answer: str) -> None:
    with FakeOpenAI(reply=answer) as server, pytest.raises(ComposeFailure):
        list(composer(server).compose(evidence()))


@pytest.mark.parametrize("kind", ["bad_json", "truncated_json", "cut", "unfinished"])
def test_lines_given_before_a_fault_stand(kind: str) -> None:
    answer = "\n".join([line("Hold the ring for 10 seconds.", "a/reset#1")] * 12)
    given: list[str] = []
    behaviour = Behaviour(kind)  # type: ignore[arg-type]
    with FakeOpenAI(reply=answer, behaviour=behaviour) as server, pytest.raises(ComposeFailure):
        for piece in composer(server).compose(evidence()):
            given.append(piece.text.strip())
    assert 0 < len(given) < 12 and set(given) == {"Hold the ring for 10 seconds."}


def system(server: FakeOpenAI) -> str:
    [request] = server.requests
    return str(request["messages"][0]["content"])


def test_the_voice_and_the_playbook_s_guidance_stand_in_the_prompt() -> None:
    with FakeOpenAI() as server:
        list(composer(server, voice="Short and warm, {guidance} never cute.").compose(evidence(guidance="Be brief.")))
        said = system(server)
    assert "How Brightloom writes: Short and warm, {guidance} never cute." in said
    assert "Be brief." in said and "{voice}" not in said and "{company}" not in said
    with FakeOpenAI() as server:
        list(composer(server).compose(evidence()))
        assert "How Brightloom writes" not in system(server)


def test_a_changed_prompt_changes_the_facts_of_a_run(indexed_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Workspace.open(indexed_workspace).facts()
    texts = {name: load_prompt(name) for name in PROMPTS}
    for changed in PROMPTS:

        def other(name: str, changed: str = changed) -> Any:
            return replace(texts[name], text=f"{texts[name].text}!") if name == changed else texts[name]

        monkeypatch.setattr("kit.assistant.load_prompt", other)
        after = Workspace.open(indexed_workspace).facts()
        assert after["prompt"] != before["prompt"] and {**after, "prompt": 0} == {**before, "prompt": 0}


# What fits


def passage(number: int, text: str, article: str = "a") -> Passage:
    return Passage(article, number, "Title", (), text)


def texts(turns: Sequence[Turn]) -> list[str]:
    return [turn.text for turn in turns]


def test_the_oldest_turns_and_the_least_relevant_passages_go_first() -> None:
    history = [Turn(role="customer", text=f"{number} " + "x" * 300) for number in range(6)]
    best = passage(3, "The battery is a CR2477. " + "y" * 400)
    others = [passage(1, "The weather. " + "z" * 400), passage(2, "A battery lasts. " + "z" * 400), best]
    turns, kept = fitted("which battery?", others, best, history, budget=4_000)
    assert (texts(turns), kept) == (texts(history[-2:]), others)
    turns, kept = fitted("which battery?", others, best, history, budget=1_500)
    assert (texts(turns), kept) == (texts(history[-1:]), others[1:])
    turns, kept = fitted("which battery?", others, best, history, budget=700)
    assert (turns, kept) == ([], [best])


def test_what_is_too_long_by_itself_ends_with_a_sentence() -> None:
    text = " ".join(f"Sentence number {number} says something." for number in range(100))
    _, [kept] = fitted("q", [passage(1, text)], passage(1, text), [], budget=500)
    assert text.startswith(kept.text) and 300 < len(kept.text) <= 440
    assert kept.text.endswith(".") and all(one in sentences(text) for one in sentences(kept.text))
    assert fitted("q", [passage(1, "word " * 900)], passage(1, "word " * 900), [], budget=500) == ([], [])


def test_no_prompt_is_longer_than_its_budget() -> None:
    history = [Turn(role="customer", text="before " * 900) for _ in range(6)]
    with FakeOpenAI() as server:
        list(composer(server, budget=2_000).compose(evidence(*history)))
        [request] = server.requests
    assert sum(len(message["content"]) for message in request["messages"][1:]) <= 2_000


# What it may cost


class Purses:
    """A chat model behind caps, asked as a turn asks it."""

    def __init__(self, server: FakeOpenAI, **caps: Any) -> None:
        values = {"model": "openai:fake", "base_url": server.base_url, "input_price": 1.0, "output_price": 10.0, **caps}
        settings = Chat.model_validate(values)
        model = load_chat_model(settings)
        assert model is not None
        self.day, self.before = date(2026, 3, 1), 0.0
        self.model = CappedModel(model, settings=settings, spent_before=lambda: self.before, today=lambda: self.day)

    def ask(self, purse: Purse) -> str:
        from langchain_core.runnables import RunnableLambda

        def turn(_: str) -> str:
            return "".join(chunk.text for chunk in self.model.stream("how?"))

        return str(RunnableLambda(turn).invoke("", {"configurable": {PURSE: purse}}))


def test_a_conversation_s_purse_is_filled_and_then_closed() -> None:
    with FakeOpenAI(reply="word " * 40) as server:
        purses, purse = Purses(server, max_tokens_per_conversation=60), Purse()
        purses.ask(purse)
        assert purse.tokens > 40 and purse.cost == pytest.approx((1 + 50 * 10) / 1e6, rel=0.2)
        purses.ask(purse)
        with pytest.raises(ModelUnavailable, match="tokens in one conversation"):
            purses.ask(purse)
        purses.ask(Purse())
        assert len(server.requests) == 3


def test_caps_on_cost_of_a_conversation_and_of_a_day() -> None:
    with FakeOpenAI(reply="word " * 40) as server:
        purses, purse = Purses(server, max_cost_per_conversation=0.0004), Purse()
        purses.ask(purse)
        with pytest.raises(ModelUnavailable, match="cost of one conversation"):
            purses.ask(purse)
        purses = Purses(server, max_cost_per_day=0.002)
        purses.before = 0.0015
        purses.ask(Purse())
        with pytest.raises(ModelUnavailable, match="cost of one day"):
            purses.ask(Purse())
        purses.day = date(2026, 3, 2)
        purses.ask(Purse())


@pytest.mark.parametrize("cap", ["max_cost_per_conversation", "max_cost_per_day"])
def test_a_cap_on_cost_needs_prices(tmp_path: Path, cap: str) -> None:
    (tmp_path / "kit.toml").write_text(f'[chat]\nmodel = "openai:fake"\n{cap} = 1.0\n', encoding="utf-8")
    with pytest.raises(KitError, match="input_price"):
        load_settings(tmp_path)


def test_when_the_cap_is_reached_the_passages_answer_and_the_trace_says_why(indexed_workspace: Path) -> None:
    ask = "how long is the warranty on the Dial?"
    with FakeOpenAI() as server:
        settings = indexed_workspace / "kit.toml"
        chat = f'[chat]\nmodel = "openai:fake"\nbase_url = "{server.base_url}"\nmax_tokens_per_conversation = 10\n'
        settings.write_text(f"{settings.read_text(encoding='utf-8')}\n{chat}", encoding="utf-8")
        assistant = Workspace.open(indexed_workspace).assistant()
        conversation, first = assistant.reply(assistant.start(), ask)
        assert conversation.tokens > 10
        conversation, second = assistant.reply(conversation, "what does Plus cost per month?")
        assert len(server.requests) == 1
    notes = [step.summary for reply in (first, second) for step in reply.trace if step.node == "compose"]
    assert notes[0].startswith("chat, ")
    assert "The cap on the tokens in one conversation is reached" in notes[1] and "extractive, " in notes[1]
    assert second.outcome == "answered"

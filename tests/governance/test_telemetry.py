import gzip
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes
from opentelemetry.trace import SpanKind, StatusCode

from kit.assistant import TurnRecord
from kit.errors import KitError
from kit.governance import Telemetry, load_telemetry
from kit.governance.telemetry import _PROVIDERS
from kit.models.fake_server import Behaviour, FakeOpenAI
from tests.conftest import Run
from tests.governance.conftest import Open
from tests.governance.receiver import Receiver, handed_off
from tests.governance.test_turns import QUESTION, REFUND, chat, talk

ADA = "ada@example.org"


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def telemetry(exporter: InMemorySpanExporter) -> Iterator[Telemetry]:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    one = Telemetry(provider, agent="Bright", company="Brightloom")
    yield one
    one.close()


def spans(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in exporter.get_finished_spans()}


def attributes(span: ReadableSpan) -> dict[str, object]:
    return dict(span.attributes or {})


def within(inner: ReadableSpan, outer: ReadableSpan) -> bool:
    assert inner.start_time and inner.end_time and outer.start_time and outer.end_time
    slack = 2_000_000  # two clocks
    return outer.start_time - slack <= inner.start_time <= inner.end_time <= outer.end_time + slack


def test_a_turn_is_an_agent_with_its_nodes_and_its_model(
    open_with: Open, telemetry: Telemetry, exporter: InMemorySpanExporter
) -> None:
    with FakeOpenAI() as server:
        space = open_with(chat(server, "input_price = 1\noutput_price = 1"))
        conversation, (reply,) = talk(space.assistant(on_turn=telemetry.record_turn), QUESTION)
    found = spans(exporter)
    assert set(found) == {
        "invoke_agent Bright",
        "node receive",
        "node route",
        "retrieval Brightloom",
        "node decide",
        "node compose",
        "chat gpt-fake",
    }
    root, model = found["invoke_agent Bright"], found["chat gpt-fake"]
    told = attributes(root)
    assert (told["gen_ai.operation.name"], told["gen_ai.conversation.id"]) == ("invoke_agent", conversation.id)
    assert (told["kit.outcome"], told["gen_ai.provider.name"]) == ("answered", "openai")
    assert root.parent is None and root.kind is SpanKind.INTERNAL and model.kind is SpanKind.CLIENT
    assert root.context and found["node compose"].context and model.parent
    assert model.parent.span_id == found["node compose"].context.span_id
    for name in set(found) - {"invoke_agent Bright", "chat gpt-fake"}:
        parent = found[name].parent
        assert parent and parent.span_id == root.context.span_id
        assert within(found[name], root)
    assert within(model, found["node compose"])
    asked = attributes(model)
    assert asked["gen_ai.operation.name"] == "chat" and asked["gen_ai.request.model"] == "gpt-fake"
    assert asked["gen_ai.response.finish_reasons"] == ("stop",)
    assert asked["gen_ai.usage.input_tokens"] == told["gen_ai.usage.input_tokens"]
    search = attributes(found["retrieval Brightloom"])
    assert search["gen_ai.operation.name"] == "retrieval" and search["kit.hits"]
    assert attributes(found["node decide"])["kit.decision"] == "answer"
    everything = "".join(span.to_json() for span in found.values())
    assert QUESTION not in everything and reply.text[-40:] not in everything


def test_every_name_is_one_of_the_conventions(
    open_with: Open, telemetry: Telemetry, exporter: InMemorySpanExporter
) -> None:
    """Against the names of the installed opentelemetry-semantic-conventions, so that an update shows what changed."""
    known = {value for name, value in vars(gen_ai_attributes).items() if name.startswith("GEN_AI_")}
    with FakeOpenAI() as server:
        space = open_with(chat(server, "input_price = 1\noutput_price = 1"))
        talk(space.assistant(on_turn=telemetry.record_turn), QUESTION, REFUND)
    used = {name for span in exporter.get_finished_spans() for name in attributes(span) if name.startswith("gen_ai.")}
    assert used <= known and {"gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.conversation.id"} <= used
    operations = {kind.value for kind in gen_ai_attributes.GenAiOperationNameValues}
    made = {attributes(span).get("gen_ai.operation.name") for span in exporter.get_finished_spans()} - {None}
    assert made == {"invoke_agent", "retrieval", "chat"} and made <= operations
    providers = {kind.value for kind in gen_ai_attributes.GenAiProviderNameValues}
    assert set(_PROVIDERS.values()) | {"openai", "anthropic"} <= providers


def test_a_turn_that_breaks_is_an_error_with_its_times(
    open_with: Open, telemetry: Telemetry, exporter: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = open_with().assistant(on_turn=telemetry.record_turn)
    monkeypatch.setattr(type(assistant._nodes), "decide", lambda *_: 1 / 0)
    began = time.time_ns()
    talk(assistant, QUESTION)
    ended = time.time_ns()
    found = spans(exporter)
    root = found["invoke_agent Bright"]
    assert root.status.status_code is StatusCode.ERROR and attributes(root)["kit.handoff.reason"] == "tool_failure"
    assert (
        root.start_time and root.end_time and began - 2_000_000 <= root.start_time <= root.end_time <= ended + 2_000_000
    )
    assert all(within(span, root) for span in found.values())
    assert {name for name in found if name.startswith("node ")} == {"node receive", "node route"}


def test_a_play_names_its_steps_and_no_values(
    open_with: Open, telemetry: Telemetry, exporter: InMemorySpanExporter
) -> None:
    talk(open_with().assistant(on_turn=telemetry.record_turn), REFUND)
    play = attributes(spans(exporter)["node play"])
    assert "look_up" in play["kit.playbook.steps"]  # type: ignore[operator]
    assert attributes(spans(exporter)["invoke_agent Bright"])["kit.playbook"] == "refund"
    assert "BL-104233" not in "".join(span.to_json() for span in exporter.get_finished_spans())


def test_a_model_that_fails_is_an_error(open_with: Open, telemetry: Telemetry, exporter: InMemorySpanExporter) -> None:
    with FakeOpenAI(behaviour=Behaviour("status", status=500)) as server:
        talk(open_with(chat(server)).assistant(on_turn=telemetry.record_turn), QUESTION)
    model = spans(exporter)["chat gpt-fake"]
    assert model.status.status_code is StatusCode.ERROR and attributes(model)["error.type"] == "model_call_failed"


def test_a_turn_that_fails_is_an_error(telemetry: Telemetry, exporter: InMemorySpanExporter) -> None:
    one = handed_off()
    telemetry.record_turn(TurnRecord(one.conversation, "x", None, began=1.0, errors=("It failed.",)))
    [root] = exporter.get_finished_spans()
    assert root.status.status_code is StatusCode.ERROR and attributes(root)["error.type"] == "turn_failed"


def test_texts_go_along_masked_where_they_are_asked_for(exporter: InMemorySpanExporter) -> None:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    Telemetry(provider, agent="Bright", content=True).record_turn(handed_off(f"I am {ADA}"))
    provider.shutdown()
    told = attributes(exporter.get_finished_spans()[0])
    assert json.loads(str(told["gen_ai.input.messages"])) == [
        {"role": "user", "parts": [{"type": "text", "content": "I am <EMAIL_1>"}]}
    ]
    assert json.loads(str(told["gen_ai.output.messages"]))[0]["role"] == "assistant"


def test_without_an_endpoint_there_is_nothing_and_nothing_is_loaded(kit: Run) -> None:
    assert load_telemetry(agent="x", environment={}) is None
    off = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_SDK_DISABLED": "true"}
    assert load_telemetry(agent="x", environment=off) is None


def test_a_protocol_that_is_none_is_said() -> None:
    environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_EXPORTER_OTLP_PROTOCOL": "smoke"}
    with pytest.raises(KitError, match=r"no protocol that is known: smoke\. Set it to `http/protobuf`"):
        load_telemetry(agent="x", environment=environment)


def test_a_missing_package_is_said_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(KitError, match="pip install opentelemetry-exporter-otlp-proto-http"):
        load_telemetry(agent="x", environment={"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"})


def test_spans_reach_a_collector_over_http(indexed_workspace: Path, kit: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with Receiver() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", collector.url)
        result = kit("ask", QUESTION, "-w", indexed_workspace)
    assert result.returncode == 0, result.stderr
    names: set[str] = set()
    for post in collector.posts:
        body = gzip.decompress(post.body) if post.headers.get("content-encoding") == "gzip" else post.body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            assert any(one.value.string_value == "support-kit" for one in resource.resource.attributes)
            names |= {span.name for scope in resource.scope_spans for span in scope.spans}
    assert {"invoke_agent Brightloom's support assistant", "retrieval Brightloom", "node route"} <= names

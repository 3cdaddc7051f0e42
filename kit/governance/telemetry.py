"""OpenTelemetry spans of a turn, after the semantic conventions for generative AI (in development as of 2026).

A turn is an `invoke_agent` span; below it stand its nodes (the search as `retrieval`), and below these the calls of
chat models as `chat`. They are made from the record of the turn when it is over, so a turn that is not traced costs
nothing. No text of a customer is in them, unless `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` asks for it; it
is masked then.
"""

import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kit.assistant import ModelCall, TraceStep, TurnRecord
from kit.errors import KitError
from kit.safety import Vault, mask

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

__all__ = ["Telemetry", "load_telemetry"]

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
# The names that the conventions give to providers, where LangChain has others.
_PROVIDERS = {
    "amazon_bedrock": "aws.bedrock",
    "azure": "azure.ai.openai",
    "google_genai": "gcp.gemini",
    "google_vertexai": "gcp.vertex_ai",
    "mistralai": "mistral_ai",
    "mistral": "mistral_ai",
    "xai": "x_ai",
}


class Telemetry:
    """Makes spans from the records of turns.

    Args:
        provider: where they go.
        agent: the assistant's name.
        company: whose knowledge base it is.
        content: whether the masked texts go along.
    """

    def __init__(self, provider: "TracerProvider", *, agent: str, company: str = "", content: bool = False) -> None:
        self._provider, self._agent, self._company, self._content = provider, agent, company, content

    def record_turn(self, record: TurnRecord) -> None:
        """Make the spans of one turn."""
        from opentelemetry.trace import SpanKind, set_span_in_context

        tracer = self._provider.get_tracer("support-kit")
        root = tracer.start_span(
            f"invoke_agent {self._agent}",
            kind=SpanKind.INTERNAL,
            attributes=_told(self._turn(record)),
            start_time=_nanoseconds(record.began),
        )
        inside = set_span_in_context(root)
        nodes: dict[str, Any] = {}
        for step, start in zip(record.trace, record.starts_ms, strict=False):
            began = record.began + start / 1000
            span = tracer.start_span(
                f"retrieval {self._company}".strip() if step.node == "retrieve" else f"node {step.node}",
                context=inside,
                attributes=_told(_node(step, record)),
                start_time=_nanoseconds(began),
            )
            nodes[step.node] = set_span_in_context(span)
            span.end(_nanoseconds(began + step.ms / 1000))
        for call in record.calls:
            _chat(tracer, call, nodes.get(call.node, inside))
        if record.reply is None or record.broke:
            _failed(root, "turn_failed")
        root.end(_nanoseconds(record.began + record.took_ms / 1000))

    def close(self) -> None:
        """Send what is left, and end."""
        self._provider.shutdown()

    def _turn(self, record: TurnRecord) -> dict[str, Any]:
        reply, calls = record.reply, record.calls
        attributes: dict[str, Any] = {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.agent.name": self._agent,
            "gen_ai.agent.version": record.versions.get("kit"),
            "gen_ai.conversation.id": record.conversation.id,
            "gen_ai.provider.name": _provider(calls[0]) if calls else None,
            "gen_ai.request.model": calls[0].model if calls else None,
            "gen_ai.usage.input_tokens": _sum([call.input_tokens for call in calls]),
            "gen_ai.usage.output_tokens": _sum([call.output_tokens for call in calls]),
            "kit.playbook": record.playbook.id if record.playbook else None,
            "kit.playbook.edition": record.playbook.edition if record.playbook else None,
            "kit.with_person": record.was_with_person,
        }
        if reply:
            attributes |= {
                "kit.outcome": reply.outcome,
                "kit.confidence": reply.confidence,
                "kit.citations": len(reply.citations),
                "kit.handoff.reason": reply.handoff.reason if reply.handoff else None,
            }
        if self._content:
            vault = Vault()
            attributes["gen_ai.input.messages"] = _message("user", record.message, vault)
            if reply:
                attributes["gen_ai.output.messages"] = _message("assistant", reply.text, vault)
        return attributes


def load_telemetry(*, agent: str, company: str = "", environment: Mapping[str, str] = os.environ) -> Telemetry | None:
    """Spans go where the environment's OTLP variables say; None where they name no endpoint.

    Raises:
        KitError: the package for the protocol is missing, or the protocol is none that is known.
    """
    if not any(environment.get(name) for name in _ENDPOINTS) or environment.get("OTEL_SDK_DISABLED") == "true":
        return None
    protocol = next(filter(None, map(environment.get, _PROTOCOLS)), "http/protobuf")
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES stand above this name.
    named = environment.get("OTEL_SERVICE_NAME") or "service.name=" in environment.get("OTEL_RESOURCE_ATTRIBUTES", "")
    provider = TracerProvider(resource=Resource.create({} if named else {"service.name": "support-kit"}))
    provider.add_span_processor(BatchSpanProcessor(_exporter(protocol)))
    return Telemetry(provider, agent=agent, company=company, content=environment.get(_CONTENT, "").lower() == "true")


def _exporter(protocol: str) -> Any:
    try:
        if protocol == "grpc":
            from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as Grpc

            return Grpc()
        if protocol == "http/protobuf":
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as Http

            return Http()
    except ImportError as error:
        package = f"opentelemetry-exporter-otlp-proto-{protocol.partition('/')[0]}"
        remedy = f"Install it with `pip install {package}`, or unset {_ENDPOINTS[1]}."
        raise KitError(f"Traces need the package {package}.", remedy=remedy) from error
    remedy = "Set it to `http/protobuf` or `grpc`."
    raise KitError(f"{_PROTOCOLS[1]} names no protocol that is known: {protocol}.", remedy=remedy)


def _node(step: TraceStep, record: TurnRecord) -> dict[str, Any]:
    """What is told of a node: figures and names, never its summary, which may quote the customer."""
    attributes: dict[str, Any] = {"kit.node": step.node}
    if step.node == "retrieve":
        hits = step.detail.get("hits", ())
        attributes |= {
            "gen_ai.operation.name": "retrieval",
            "gen_ai.data_source.id": record.versions.get("index"),
            "kit.hits": [str(hit["passage_id"]) for hit in hits],
        }
    if step.node == "route" and (route := record.considered.get("route")):
        attributes |= {"kit.route": route["playbook"] or route["kind"], "kit.route.probability": route["probability"]}
    if step.node == "decide" and (decision := record.considered.get("decision")):
        attributes |= {
            "kit.decision": decision["action"],
            "kit.decision.confidence": decision["confidence"],
            "kit.decision.answer_threshold": decision["answer_threshold"],
        }
    if step.node == "play":
        attributes["kit.playbook.steps"] = [str(one) for one in step.detail.get("steps", ())]
        attributes["kit.tools"] = [str(call["tool"]) for call in step.detail.get("calls", ())]
    return attributes


def _chat(tracer: "Tracer", call: ModelCall, inside: Any) -> None:
    from opentelemetry.trace import SpanKind

    attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": _provider(call),
        "gen_ai.request.model": call.model or None,
        "gen_ai.request.temperature": call.temperature,
        "gen_ai.response.model": call.answered_by or None,
        "gen_ai.response.finish_reasons": [call.finish] if call.finish else None,
        "gen_ai.usage.input_tokens": call.input_tokens,
        "gen_ai.usage.output_tokens": call.output_tokens,
    }
    span = tracer.start_span(
        f"chat {call.model}".strip(),
        context=inside,
        kind=SpanKind.CLIENT,
        attributes=_told(attributes),
        start_time=_nanoseconds(call.began),
    )
    if call.error:
        _failed(span, "model_call_failed", call.error)
    span.end(_nanoseconds(call.began + (call.ms or 0.0) / 1000))


def _failed(span: "Span", kind: str, text: str = "") -> None:
    from opentelemetry.trace import Status, StatusCode

    span.set_attribute("error.type", kind)
    span.set_status(Status(StatusCode.ERROR, text or None))


def _provider(call: ModelCall) -> str:
    return _PROVIDERS.get(call.provider, call.provider) or "unknown"


def _sum(counts: list[int | None]) -> int | None:
    """The sum, where every part of it is known."""
    known = [count for count in counts if count is not None]
    return sum(known) if counts and len(known) == len(counts) else None


def _message(role: str, text: str, vault: Vault) -> str:
    parts = [{"type": "text", "content": mask(text, vault=vault).text}]
    return json.dumps([{"role": role, "parts": parts}], ensure_ascii=False)


def _told(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """What has a value: an attribute that is not known is left out."""
    return {name: value for name, value in attributes.items() if value is not None}


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1_000_000_000)

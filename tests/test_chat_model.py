import os
import sys
from typing import Any

import pytest
from langchain_core.exceptions import ContextOverflowError
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from pydantic import SecretStr

from kit.errors import ModelUnavailable
from kit.models.chat import chat_failure, load_chat_model
from kit.models.fake_server import Behaviour, FakeOpenAI
from kit.models.patient import PatientModel
from kit.settings import Chat

SECRET = "sk-very-secret-0123456789"
PROMPT = "[1] Reset > Steps\nHold the dial. Wait ten seconds. Let go.\n\nQuestion: my address is 12 Elm Street, how?"
ANSWER = '{"text": "Hold the dial.", "passages": ["1"]}\n{"text": "Wait ten seconds.", "passages": ["1"]}'
BROKE_OFF = "The connection to the chat model's server broke off."
TOO_SLOW = "The chat model did not answer in time."


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, no provider's own settings and no proxy of the machine that runs the tests."""
    for name in list(os.environ):
        if name.upper().startswith(("OPENAI_", "AZURE_", "LANGSMITH_", "LANGCHAIN_")) or name.lower().endswith(
            "_proxy"
        ):
            monkeypatch.delenv(name)


def load(server: FakeOpenAI, **more: Any) -> PatientModel:
    settings = {"model": "openai:fake", "base_url": server.base_url, "max_retries": 0, "timeout_seconds": 30, **more}
    model = load_chat_model(Chat.model_validate(settings))
    assert model
    return model


def answer(model: PatientModel, how: str) -> str:
    if how == "invoke":
        return model.invoke(PROMPT).text
    return "".join(piece.text for piece in model.stream(PROMPT))


both = pytest.mark.parametrize("how", ["invoke", "stream"])


@pytest.mark.parametrize("model", ["", "  "])
def test_no_model_is_none(model: str) -> None:
    assert load_chat_model(Chat(model=model, base_url="nonsense")) is None


@both
def test_a_local_server_needs_no_key(how: str) -> None:
    with FakeOpenAI() as server:
        assert answer(load(server, temperature=0.25), how) == ANSWER
        assert server.requests[0]["temperature"] == 0.25
        assert server.requests[0]["messages"][-1]["content"] == PROMPT


@pytest.mark.parametrize(
    "address", ["http://localhost:9/v1", "http://[::1]:9/v1", "http://127.8.8.8:9", "http://0.0.0.0:9"]
)
@pytest.mark.parametrize("model", ["openai:some-local-model", "gpt-4o"])
def test_what_is_local(model: str, address: str) -> None:
    assert load_chat_model(Chat(model=model, base_url=address))


@pytest.mark.parametrize("address", ["", "https://models.example.com/v1", "http://10.0.0.7:8000/v1"])
def test_elsewhere_a_key_is_needed(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Chat(model="openai:gpt-5-mini", base_url=address)
    with pytest.raises(ModelUnavailable) as caught:
        load_chat_model(settings)
    assert str(caught.value) == (
        "The model `openai:gpt-5-mini` needs the key OPENAI_API_KEY. "
        "Set it in the environment, or remove `model` under [chat] in kit.toml."
    )
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    model = load_chat_model(settings)
    assert SECRET not in f"{model!r} {model}"


def test_the_key_of_the_environment_is_preferred_to_the_placeholder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    model: Any = load_chat_model(Chat(model="openai:fake", base_url="http://127.0.0.1:9/v1"))
    assert model.model.openai_api_key.get_secret_value() == SECRET


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (
            "llama3",
            "The provider of the model `llama3` is not known. Write the provider before it, such as `openai:llama3`.",
        ),
        ("llama3:8b", "Write the provider before it, such as `openai:llama3:8b`."),
        ("OpenAI:gpt-5", "Did you mean `openai:gpt-5`?"),
        ("antropic:claude", "Did you mean `anthropic:claude`?"),
        ("openai:", "`openai:` names a provider but no model."),
        ("azure_openai:x", "needs the key AZURE_OPENAI_API_KEY."),
    ],
)
def test_an_id_that_cannot_be_used(model: str, says: str) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        load_chat_model(Chat(model=model))
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("model", "package"),
    [
        ("anthropic:claude-x", "langchain-anthropic"),
        ("google_genai:gemini-x", "langchain-google-genai"),
        ("ollama:llama3", "langchain-ollama"),
    ],
)
def test_a_missing_package_is_named(model: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package.replace("-", "_"), None)
    with pytest.raises(ModelUnavailable) as caught:
        load_chat_model(Chat(model=model))
    assert caught.value.problem == f"The model `{model}` needs the package {package}."
    assert f"`pip install {package}`" in str(caught.value)


@pytest.mark.parametrize(
    "address", ["localhost:8000/v1", "nonsense", "http://", "http://[bad", "ftp://x", "http://u:pw@h:99999"]
)
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(ModelUnavailable, match="not a web address") as caught:
        load_chat_model(Chat(model="openai:x", base_url=address))
    assert "pw" not in str(caught.value)


class Silent(FakeListChatModel):
    """A provider's class that starts without a key, as Anthropic's and Mistral's do."""

    anthropic_api_key: SecretStr = SecretStr("")

    @property
    def lc_secrets(self) -> dict[str, str]:
        return {"anthropic_api_key": "ANTHROPIC_API_KEY", "mcp_servers": "ANTHROPIC_MCP_SERVERS"}


def test_a_key_that_the_provider_does_not_ask_for_is_still_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_AUTH_TOKEN", raising=False)
    monkeypatch.setattr("langchain.chat_models.init_chat_model", lambda name, **options: Silent(responses=["yes"]))
    with pytest.raises(ModelUnavailable, match="needs the key ANTHROPIC_API_KEY"):
        load_chat_model(Chat(model="anthropic:claude-x"))
    assert load_chat_model(Chat(model="anthropic:claude-x", base_url="http://localhost:9"))
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", SECRET)
    assert load_chat_model(Chat(model="anthropic:claude-x"))


def refusing(monkeypatch: pytest.MonkeyPatch, text: str) -> list[dict[str, Any]]:
    """Make LangChain refuse with a text; what it was given."""
    given: list[dict[str, Any]] = []

    def refuse(name: str, **options: Any) -> None:
        given.append(options)
        raise ValueError(text)

    monkeypatch.setattr("langchain.chat_models.init_chat_model", refuse)
    return given


def test_a_provider_that_borrows_the_openai_client_gets_its_own_key_named(monkeypatch: pytest.MonkeyPatch) -> None:
    refusing(monkeypatch, "Missing credentials. Set the `OPENAI_API_KEY` environment variable.")
    with pytest.raises(ModelUnavailable, match=r"needs the key DEEPSEEK_API_KEY\."):
        load_chat_model(Chat(model="deepseek:chat"))


def test_other_refusals_are_passed_on_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    address = "https://user:password@models.example.com/v1"
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    refusing(monkeypatch, f"OPENAI_API_KEY {SECRET} does not fit\n{address}.")
    with pytest.raises(ModelUnavailable) as caught:
        load_chat_model(Chat(model="openai:x", base_url=address))
    assert caught.value.problem == "The model `openai:x` cannot be set up: OPENAI_API_KEY … does not fit …."
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_what_a_provider_refuses_is_said_in_its_words() -> None:
    with pytest.raises(ModelUnavailable) as caught:
        load_chat_model(Chat(model="azure_openai:x", base_url="https://models.example.com"))
    assert caught.value.problem.startswith("The model `azure_openai:x` cannot be set up: As of openai>=1.0.0, Azure")
    assert "models.example.com" not in str(caught.value)


def test_ollama_gets_its_timeout_where_it_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    given = refusing(monkeypatch, "no")
    with pytest.raises(ModelUnavailable):
        load_chat_model(Chat(model="ollama:llama3", timeout_seconds=7))
    assert given[0]["client_kwargs"] == {"timeout": 7}
    assert "timeout" not in given[0]


@both
@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        (Behaviour("slow", seconds=600), TOO_SLOW),
        (Behaviour("status", status=429), "The chat model's server has had too many requests for now (HTTP 429)."),
        (
            Behaviour("status", status=429, retry_after=1),
            "The chat model's server has had too many requests for now (HTTP 429).",
        ),
        (Behaviour("status", status=500), "The chat model's server failed (HTTP 500)."),
        (Behaviour("status", status=401), "The chat model's server refused the key (HTTP 401)."),
        (Behaviour("status", status=404), "The chat model's server knows no such model or address (HTTP 404)."),
        (Behaviour("status", status=400), "The chat model's server rejected the request (HTTP 400)."),
        (Behaviour("bad_json"), "The chat model's server sent a broken answer (JSONDecodeError)."),
        (Behaviour("truncated_json"), "The chat model's server sent a broken answer (JSONDecodeError)."),
        (Behaviour("web_page"), "The chat model's server sent a broken answer (ValueError)."),
        (Behaviour("cut"), BROKE_OFF),
    ],
    ids=lambda value: f"{value.kind}-{value.status}" if isinstance(value, Behaviour) else "",
)
def test_every_failure_of_a_call_is_told_in_a_sentence(behaviour: Behaviour, says: str, how: str) -> None:
    with FakeOpenAI(behaviour=behaviour) as server:
        model = load(server, timeout_seconds=1 if behaviour.kind == "slow" else 30)
        with pytest.raises(Exception) as caught:
            answer(model, how)
        assert len(server.requests) == 1
    assert chat_failure(caught.value) == says


@both
def test_answers_that_are_odd_but_whole(how: str) -> None:
    with FakeOpenAI(behaviour=["empty", "huge", "unfinished"], reply="Half of it") as server:
        model = load(server)
        assert answer(model, how) == ""
        assert len(answer(model, how)) == 1024 * 1024
        assert 0 < len(answer(model, how)) < len("Half of it")


def test_an_unfinished_answer_can_be_told_by_its_finish_reason() -> None:
    with FakeOpenAI(behaviour=["ok", "unfinished"]) as server:
        model = load(server)
        reasons = [[p.response_metadata.get("finish_reason") for p in model.stream(PROMPT)] for _ in range(2)]
        assert ["stop" in each for each in reasons] == [True, False]
        assert model.invoke(PROMPT).response_metadata["finish_reason"] == "length"


def test_a_failed_call_is_tried_again_as_often_as_the_settings_say() -> None:
    with FakeOpenAI(behaviour=[Behaviour("status", status=429, retry_after=0.01), "ok"]) as server:
        assert answer(load(server, max_retries=1), "invoke") == ANSWER
        assert len(server.requests) == 2


@both
def test_a_server_that_is_gone(how: str) -> None:
    with FakeOpenAI() as server:
        model = load(server)
    with pytest.raises(Exception) as caught:
        answer(model, how)
    assert chat_failure(caught.value) == "Nothing answers at the chat model's address: the connection was refused."


class Refused(Exception):
    """A provider's error as their packages shape it."""

    def __init__(self, code: Any, status_code: int | None = None) -> None:
        super().__init__(f"{PROMPT} {SECRET}")
        self.code, self.status_code = code, status_code


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            Refused("insufficient_quota", 429),
            "The chat model's server says that the account's quota is used up (HTTP 429).",
        ),
        (Refused(503), "The chat model's server failed (HTTP 503)."),
        (ContextOverflowError(SECRET), "The prompt is too long for the chat model."),
        (TimeoutError(SECRET), TOO_SLOW),
        (caused(RuntimeError(SECRET), ConnectionResetError(SECRET)), BROKE_OFF),
        (caused(RuntimeError(SECRET), OSError(SECRET)), "The chat model's server cannot be reached."),
        (KeyError(SECRET), "The chat model's server sent a broken answer (KeyError)."),
        (RuntimeError(SECRET), "The chat model failed (RuntimeError)."),
        (ModelUnavailable("The model `x` needs a key."), "The model `x` needs a key."),
    ],
)
def test_a_failure_of_any_provider_is_told_without_what_it_carries(error: Exception, says: str) -> None:
    assert chat_failure(error) == says


def test_a_key_that_cannot_be_sent_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"{SECRET}\n")
    with FakeOpenAI() as server:
        with pytest.raises(Exception) as caught:
            answer(load(server), "invoke")
        assert server.requests == []
    assert chat_failure(caught.value) == (
        "The chat model could not be called: its address or key holds a character that is not allowed."
    )


def test_errors_that_cause_each_other_end() -> None:
    first = RuntimeError(SECRET)
    assert chat_failure(caused(first, caused(OSError(SECRET), first))) == "The chat model's server cannot be reached."

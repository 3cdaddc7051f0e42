"""The chat model that `kit.toml` names, and what to say when it fails."""

import os
import re
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr, ValidationError

from kit.errors import ModelUnavailable
from kit.models.failure import call_failure, is_local
from kit.models.patient import PatientModel
from kit.settings import Chat
from kit.text import nearest, squash

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["chat_failure", "load_chat_model"]

_REMOVE = "remove `model` under [chat] in kit.toml"
# For "did you mean" only: LangChain knows more, and what it knows is never refused here.
_PROVIDERS = "anthropic azure_openai cohere deepseek google_genai groq mistralai ollama openai openrouter xai".split()
# Local servers ask for no key, but the client of the OpenAI protocol refuses to start without one.
_PLACEHOLDER = "not-needed"
# Keys whose absence LangChain's class lets pass (the first call then fails), with what may stand in for each.
_UNCHECKED_KEYS: dict[str, tuple[str, ...]] = {"ANTHROPIC_API_KEY": ("ANTHROPIC_AUTH_TOKEN",), "MISTRAL_API_KEY": ()}
_KEY_NAME = re.compile(r"\b[A-Z][A-Z0-9_]*_(?:KEY|TOKEN)\b")
_PACKAGE = re.compile(r"pip install (?:-\S+ )*[\"'`]?([\w.\-]+(?:\[[\w,\-]+\])?)")


def load_chat_model(settings: Chat) -> PatientModel | None:
    """The chat model that the settings name, ready to be called; None where they name none.

    Nothing is sent to the provider. The key is read from the environment by the provider's own package.

    Raises:
        ModelUnavailable: an id whose provider is not known, a missing package or key, an address that is none.
    """
    name = settings.model.strip()
    if not name:
        return None
    options: dict[str, Any] = {
        "temperature": settings.temperature,
        "timeout": settings.timeout_seconds,
        # `PatientModel` tries again, within one deadline; two that do would multiply.
        "max_retries": 0,
    }
    local = False
    if address := settings.base_url.strip():
        options["base_url"] = address
        local = is_local(address, section="chat")
    provider = name.partition(":")[0] if ":" in name else ""
    speaks_openai = provider == "openai" or name.lower().startswith(("gpt-", "chatgpt", "o1", "o3"))
    if local and speaks_openai and not os.environ.get("OPENAI_API_KEY"):
        options["api_key"] = _PLACEHOLDER
    if speaks_openai and (settings.input_price or settings.output_price):
        # By default other servers than OpenAI's own are not asked for the count while they stream.
        options["stream_usage"] = True
    if provider == "ollama":
        # Its class takes no `timeout` and would drop the setting without a word.
        options["client_kwargs"] = {"timeout": options.pop("timeout")}
    if name.endswith(":"):
        raise ModelUnavailable(f"`{name}` names a provider but no model.", remedy="Write it as `openai:gpt-5-mini`.")

    from langchain.chat_models import init_chat_model

    try:
        model: BaseChatModel = init_chat_model(name, **options)
    except ImportError as error:
        raise _missing_package(name, error) from error
    except Exception as error:
        # Not chained: the original text may show the address with its password.
        raise _cannot_start(name, provider, address, error) from None
    if type(model).__module__.startswith("langchain_community"):
        # What LangChain falls back to where langchain-ollama is missing; no longer maintained.
        raise _needs_package(name, "langchain-ollama")
    for attribute, variable in model.lc_secrets.items():
        given = _is_set(getattr(model, attribute, None)) or any(map(os.environ.get, _UNCHECKED_KEYS.get(variable, ())))
        if variable in _UNCHECKED_KEYS and not given and not local:
            raise _missing_key(name, variable)
    return PatientModel(model, seconds=settings.timeout_seconds, retries=settings.max_retries)


def chat_failure(error: BaseException) -> str:
    """What went wrong in a call to a chat model, as one plain sentence.

    It is made of the error's type and status code alone, so it holds no part of the prompt, the answer, the address or
    the key, and may be stored in a trace.
    """
    return call_failure(error, "chat model")


def _missing_package(name: str, error: ImportError) -> ModelUnavailable:
    found = _PACKAGE.search(str(error))
    if found:
        return _needs_package(name, found[1].rstrip("."))
    return ModelUnavailable(f"The model `{name}` needs a package: {squash(str(error))}.", remedy=f"Or {_REMOVE}.")


def _needs_package(name: str, package: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"The model `{name}` needs the package {package}.",
        remedy=f"Install it with `pip install {package}`, or {_REMOVE}.",
    )


def _missing_key(name: str, variable: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"The model `{name}` needs the key {variable}.", remedy=f"Set it in the environment, or {_REMOVE}."
    )


def _cannot_start(name: str, provider: str, address: str, error: Exception) -> ModelUnavailable:
    """Why a provider's class would not start, as far as its error tells."""
    text = str(error)
    if "infer model provider" in text or "Unsupported provider" in text:
        # In `llama3:8b` the first part is a model, and no provider's name holds a digit.
        guess = nearest(provider.lower(), _PROVIDERS) if re.fullmatch(r"\D+", provider) else None
        example = f"{guess}:{name.partition(':')[2]}" if guess else f"openai:{name}"
        return ModelUnavailable(
            f"The provider of the model `{name}` is not known.",
            remedy=f"Did you mean `{example}`?" if guess else f"Write the provider before it, such as `{example}`.",
        )
    if found := _KEY_NAME.search(text):
        variable = found[0]
        if variable == "OPENAI_API_KEY" and provider not in ("", "openai"):
            # Several providers are served by the OpenAI client, which then asks for its own key and not for theirs.
            variable = f"{provider.upper()}_API_KEY"
        if not os.environ.get(variable):
            return _missing_key(name, variable)
    reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else text
    for secret in (address, *(value for key, value in os.environ.items() if _KEY_NAME.fullmatch(key))):
        # What is shorter is no key, and taking it out would tear the sentence.
        if len(secret) >= 8:
            reason = reason.replace(secret, "…")
    reason = squash(reason).removeprefix("Value error, ").rstrip(".")
    return ModelUnavailable(f"The model `{name}` cannot be set up: {reason}.", remedy=f"Mend that, or {_REMOVE}.")


def _is_set(value: object) -> bool:
    """Whether a plain or hidden value holds anything."""
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)

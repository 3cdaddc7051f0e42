"""What a workspace is set to: `kit.toml`, read once, checked whole."""

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from kit.errors import KitError
from kit.text import nearest

__all__ = ["Include", "Settings", "cache_folder", "find_workspace", "load_settings"]

FILE = "kit.toml"
Share = Annotated[float, Field(ge=0, le=1)]
Include = Literal["drafts", "internal", "archived"]


def _server(address: str) -> str:
    """The address of a server, without a slash at its end.

    A name and a password in it would stand in the logs of every machine on the way.
    """
    if address and not re.fullmatch(r"https?://(\[[0-9a-fA-F:.]+\]|[\w.-]+)(:\d{1,5})?/?", address):
        raise ValueError("it should be `http://host:port` or `https://host:port`")
    return address.rstrip("/")


def _web_address(address: str) -> str:
    """A web address that holds no name and no password: both belong into the environment."""
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.username is not None or any(char.isspace() for char in address):
        raise ValueError("it should be `https://host/path`, without a name and a password")
    return address


def _pattern(expression: str) -> str:
    """A regular expression for a kind of number, which no text can keep busy."""
    try:
        compiled = re.compile(expression)
    except re.error as error:
        raise ValueError(f"it is not a regular expression ({error})") from error
    if compiled.match(""):
        raise ValueError("it matches nothing at all, and so everywhere")
    # Outside of brackets; a backslash takes the meaning from what follows.
    plain = re.sub(r"\\.|\[\^?\]?[^\]]*\]", "", expression)
    if re.search(r"[*+]|\{\d*,\}|\)[?{]", plain):
        raise ValueError("say how often a part may repeat, as in `[0-9]{4,9}`, and repeat no group")
    return expression


def _domain(name: str) -> str:
    """A domain, without a scheme or a path."""
    if not re.fullmatch(r"(?:[\w-]+\.)+[\w-]+", name):
        raise ValueError("it should be a domain, such as `help.example.com`")
    return name.lower()


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Knowledge(_Section):
    """Where the articles are and how they are cut."""

    folder: str = "playbooks/knowledge"
    passage_tokens: int = Field(
        180, ge=32, le=2000, description="Target length of a passage, in the embedder's tokens."
    )
    include: tuple[Include, ...] = Field(
        (), description="What else of an export is indexed, with the audience `internal`; else only what is public is."
    )
    stale_days: int = Field(730, ge=0, description="An article that was updated longer ago is reported; 0: none is.")


class Embedder(_Section):
    """Which model turns text into vectors."""

    model: str = Field("packaged", description="`packaged` (MiniLM), a folder, or a model hub id.")
    backend: Literal["onnxruntime", "openvino"] = Field(
        "onnxruntime",
        description="What runs the model; `openvino` computes in bfloat16 and needs the extra of this name.",
    )


class Reranker(_Section):
    """A model that puts the best hits in order, if any. Without one the kit's own ranking stands."""

    model: str = Field(
        "",
        description="`cross-encoder:` with a folder or hub id; or `cohere:`, `jina:` or `hosted:` with a model's name.",
    )
    base_url: str = Field("", description="Address of a server that speaks the /rerank protocol; for `hosted:` needed.")
    top: int = Field(20, ge=2, le=200, description="How many hits are ranked again.")
    timeout_seconds: float = Field(
        10.0, gt=0, le=600, description="How long a hosted reranker may take, retries included."
    )
    max_retries: int = Field(2, ge=0, le=10)


class Chat(_Section):
    """The chat model, if any. Without one the kit composes answers from the passages themselves."""

    model: str = Field("", description="An id that LangChain's init_chat_model takes, such as `openai:gpt-5-mini`.")
    base_url: str = Field("", description="Address of a server that speaks the provider's protocol.")
    temperature: float = Field(0.0, ge=0, le=2)
    timeout_seconds: float = Field(
        30.0, gt=0, le=600, description="How long a customer waits for it in one turn, retries included."
    )
    max_retries: int = Field(2, ge=0, le=10, description="Where it refuses for now, fails or sends a broken answer.")
    input_price: float | None = Field(
        None, ge=0, description="What a million tokens sent cost, in the currency under [costs]; unset: not known."
    )
    output_price: float | None = Field(None, ge=0, description="What a million tokens received cost.")
    prompt_chars: int = Field(
        24_000,
        ge=2_000,
        description="Characters of history, question and passages that are sent for an answer, at most.",
    )
    max_tokens_per_conversation: int = Field(
        200_000, ge=0, description="After these the answers are composed without the model; 0: no limit."
    )
    max_cost_per_conversation: float | None = Field(None, ge=0, description="The same in money; needs both prices.")
    max_cost_per_day: float | None = Field(None, ge=0, description="The same for all conversations of a day.")

    @model_validator(mode="after")
    def _has_prices(self) -> "Chat":
        capped = self.max_cost_per_conversation is not None or self.max_cost_per_day is not None
        if capped and (self.input_price is None or self.output_price is None):
            raise ValueError("a cap on the cost needs `input_price` and `output_price`")
        return self

    def price(self, sent: int, received: int) -> float | None:
        """What so many tokens cost; None where no prices are set."""
        if self.input_price is None or self.output_price is None:
            return None
        return (sent * self.input_price + received * self.output_price) / 1_000_000


class Assistant(_Section):
    """How the assistant presents itself and when it dares to answer."""

    name: str = "{company}'s support assistant"
    voice: str = Field("", max_length=2000, description="How the company writes, for a chat model: a sentence or two.")
    answer_threshold: Share = Field(
        0.5,
        description="Answer from this confidence on; unset, what `kit calibrate` chose goes before 0.5.",
    )
    clarify_threshold: Share = Field(0.3, description="Between this and answer_threshold, ask back, at most twice.")
    scope_threshold: Share = Field(
        0.3, description="Below this similarity to every article a question is off topic, and never answered."
    )
    disclosure: str = Field(
        "You are chatting with {name}, an AI.", min_length=1, description="Opens the first reply; the law requires it."
    )
    max_message_chars: int = Field(8000, ge=100, le=200_000)
    max_turns: int = Field(
        60, ge=2, le=1000, description="After this many messages of one conversation a person takes over."
    )


class Safety(_Section):
    """What is masked beside what always is, where links may lead, and whom to call in an emergency."""

    region: str = Field(
        "US", pattern=r"^[A-Z]{2}$", description="Where phone numbers without a country code belong (ISO 3166)."
    )
    patterns: dict[Annotated[str, Field(pattern=r"^[A-Z][A-Z_]{0,19}$")], Annotated[str, AfterValidator(_pattern)]] = (
        Field({}, description='The company\'s own numbers to mask, such as ORDER = "BL-[0-9]{6}".')
    )
    names: bool = Field(False, description="Mask the names of people too; needs the extra `presidio`.")
    link_domains: tuple[Annotated[str, AfterValidator(_domain)], ...] = Field(
        (), description="Links in a reply may lead to these domains and those below them, and to the cited article."
    )
    emergency: str = Field("911", min_length=2, description="The number to call where a life is in danger.")
    crisis_line: str = Field("988", description="The number for people who think of suicide; empty if there is none.")


class Demo(_Section):
    """What the browser app shows."""

    questions: tuple[str, ...] = Field(
        (), max_length=8, description="To begin with; by default the smoke suite's first."
    )


class Costs(_Section):
    """What a contact costs; the basis of the value model."""

    currency: str = "USD"
    per_agent_contact: float = Field(6.0, ge=0, description="Full cost of one contact handled by a person.")
    per_assistant_contact: float = Field(
        0.05, ge=0, description="Running cost of one contact handled by the assistant."
    )
    per_wrong_answer: float = Field(
        12.0, ge=0, description="What one wrong answer costs: a second contact and lost trust."
    )
    contacts_per_month: int = Field(1000, ge=0)


class HandoffDelivery(_Section):
    """Where hand-offs go. What cannot be delivered waits in `.kit/outbox` and is tried again."""

    to: Literal["file", "webhook", "zendesk", "none"] = Field(
        "file",
        description="`webhook` posts the kit's JSON, `zendesk` that of a ticket; without `url` to the file.",
    )
    url: Annotated[str, AfterValidator(_web_address)] = Field("", description="Where `webhook` and `zendesk` post to.")
    file: str = Field(".kit/handoffs.jsonl", min_length=1, description="JSON lines, below the workspace's folder.")
    personal_data: Literal["masked", "clear"] = Field(
        "masked", description="`clear`: e-mail addresses and the like go along, and lie in the outbox until delivered."
    )
    timeout_seconds: float = Field(10.0, gt=0, le=120, description="For one attempt, as a whole.")
    max_attempts: int = Field(8, ge=1, le=50, description="After these one waits for `kit handoffs --retry`.")
    backoff_seconds: float = Field(2.0, gt=0, le=600, description="Before the second attempt; doubles each time.")
    custom_fields: dict[str, int] = Field({}, description="The ids of Zendesk's custom fields, by a playbook's field.")

    @model_validator(mode="after")
    def _has_address(self) -> "HandoffDelivery":
        if self.to == "webhook" and not self.url:
            raise ValueError('`to = "webhook"` needs a `url`')
        return self


class Audit(_Section):
    """The log of turns."""

    retention_days: int = Field(
        365, ge=0, description="Turns, ratings and hand-offs older than this are deleted; 0: none are."
    )


class Targets(_Section):
    """What the pilot has to reach."""

    deflection: Share = 0.4
    wrong_answers: Share = 0.05
    csat_index: Share = 0.6
    cost_per_contact: float | None = Field(
        None, gt=0, description="Cost of one contact, handled by whomever; without it that is no target."
    )


class Settings(_Section):
    """The whole of `kit.toml`."""

    name: str = "My company"
    language: str = "en"
    chroma: Annotated[str, AfterValidator(_server)] = Field(
        "", description="Address of a Chroma server, `http(s)://host:port`; empty keeps the vectors in the workspace."
    )
    knowledge: Knowledge = Knowledge()
    embedder: Embedder = Embedder()
    reranker: Reranker = Reranker()
    chat: Chat = Chat()
    assistant: Assistant = Assistant()
    safety: Safety = Safety()
    demo: Demo = Demo()
    costs: Costs = Costs()
    handoff: HandoffDelivery = HandoffDelivery()
    audit: Audit = Audit()
    targets: Targets = Targets()

    @property
    def disclosure(self) -> str:
        """What a customer is told first: that this is an AI."""
        return self.assistant.disclosure.replace("{name}", self.assistant.name).replace("{company}", self.name)


def find_workspace(start: Path | None = None) -> Path:
    """The nearest folder with a `kit.toml`, from `start` (default: the current folder) upwards.

    Raises:
        KitError: there is none.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return folder
    raise KitError(
        f"No {FILE} here or in any folder above.",
        path=here,
        remedy="Make a workspace with `kit init PATH --sample`, or name one with `-w DIR`.",
    )


def load_settings(folder: Path) -> Settings:
    """Read and check `folder/kit.toml`.

    Raises:
        KitError: missing, not TOML, or holding a key or value that the kit does not know; names file and line.
    """
    path = folder / FILE
    if not path.is_file():
        raise KitError(
            f"There is no {FILE}, so this is not a workspace.", path=folder, remedy="Make one with `kit init`."
        )
    try:
        source = path.read_text(encoding="utf-8-sig")
        raw = tomllib.loads(source)
    except UnicodeDecodeError as error:
        raise KitError("This is not UTF-8 text.", path=path, remedy="Save the file as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        problem, _, place = str(error).partition(" (at ")
        found = re.search(r"line (\d+)", place)
        number = int(found.group(1)) if found else source.count("\n") + 1
        raise KitError(
            f"This is not valid TOML: {problem}.", path=path, line=number, remedy="Mend this line."
        ) from error
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        keys = [str(part) for part in first["loc"]]
        line = _line_of(source, keys)
        if first["type"] == "extra_forbidden":
            raise _unknown_key(path, line, keys) from error
        problem = first["msg"].removeprefix("Value error, ")
        raise KitError(f"`{'.'.join(keys)}`: {problem}.", path=path, line=line, remedy="Change the value.") from error


def _unknown_key(path: Path, line: int | None, keys: list[str]) -> KitError:
    """The error for a key nobody reads, with the nearest one that somebody does."""
    section: type[BaseModel] = Settings
    for key in keys[:-1]:
        section = section.model_fields[key].annotation  # type: ignore[assignment]
    known = list(section.model_fields)
    if len(keys) > 1 and keys[-1] in Settings.model_fields:
        remedy = f"`{keys[-1]}` stands at the top of the file, above the first [section]."
        return KitError(f"Unknown key `{'.'.join(keys)}`.", path=path, line=line, remedy=remedy)
    guess = nearest(keys[-1], known)
    remedy = f"Did you mean `{guess}`?" if guess else f"Known here: {', '.join(known)}."
    return KitError(f"Unknown key `{'.'.join(keys)}`.", path=path, line=line, remedy=remedy)


def _line_of(source: str, keys: list[str]) -> int | None:
    """The line that sets `keys`, as people write TOML: a `[section]` header, then `key =`."""
    section = ""
    for number, line in enumerate(source.splitlines(), start=1):
        text = line.strip()
        if text.startswith("["):
            section = text.strip("[] ").split("]")[0]
            if section == ".".join(keys):
                return number
        name = text.split("=")[0].strip().strip("\"'")
        if ".".join(filter(None, [section, name])) == ".".join(keys):
            return number
    return None


def cache_folder() -> Path:
    """Where the kit keeps what every workspace of this user shares: exported models, sites that were read.

    `KIT_CACHE` in the environment overrides the platform's own place.
    """
    import platformdirs

    return Path(os.environ.get("KIT_CACHE") or platformdirs.user_cache_dir("support-kit", appauthor=False))

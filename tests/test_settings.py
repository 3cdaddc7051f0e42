from pathlib import Path

import pytest
from pydantic import ValidationError

from kit.errors import IndexUnavailable, KitError, ModelUnavailable
from kit.settings import FILE, Settings, cache_folder, find_workspace, load_settings
from tests.conftest import ROOT


def settings(folder: Path, text: str) -> Settings:
    (folder / FILE).write_text(text, encoding="utf-8")
    return load_settings(folder)


def test_every_key_may_be_left_out(tmp_path: Path) -> None:
    assert settings(tmp_path, "") == Settings()


def test_keys_have_their_values(tmp_path: Path) -> None:
    found = settings(
        tmp_path, '\ufeffname = "Ünder & Söhne"\n[assistant]\nanswer_threshold = 1\n[chat]\nmodel = "openai:x"\n'
    )
    assert (found.name, found.assistant.answer_threshold, found.chat.model) == ("Ünder & Söhne", 1.0, "openai:x")
    assert found.assistant.clarify_threshold == Settings().assistant.clarify_threshold


def test_the_address_of_a_server_is_taken(tmp_path: Path) -> None:
    for address in ("http://127.0.0.1:8000", "https://chroma.internal", "http://[::1]:8000"):
        assert settings(tmp_path, f'chroma = "{address}/"\n').chroma == address


def test_the_samples_settings_are_in_order() -> None:
    assert load_settings(ROOT).name == "Brightloom"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('nmae = "x"\n', 1, "Unknown key `nmae`. Did you mean `name`?"),
        ("[chat]\nmodel = ''\n\ntemprature = 1\n", 4, "Unknown key `chat.temprature`. Did you mean `temperature`?"),
        ("[asistant]\nname = 'x'\n", 1, "Unknown key `asistant`. Did you mean `assistant`?"),
        ("chat.modle = 'x'\n", 1, "Unknown key `chat.modle`. Did you mean `model`?"),
        ("[costs]\nzzzz = 1\n", 2, "Unknown key `costs.zzzz`. Known here: currency, per_agent_contact,"),
        (
            "name = 'x'\n[targets]\ndeflection = 45\n",
            3,
            "`targets.deflection`: Input should be less than or equal to 1.",
        ),
        ("[knowledge]\npassage_tokens = 'many'\n", 2, "`knowledge.passage_tokens`: Input should be a valid integer"),
        ("name = 3\n", 1, "`name`: Input should be a valid string."),
        ("chat = 'openai:x'\n", 1, "`chat`: "),
        ("[chat]\nmax_retries = -1\n", 2, "`chat.max_retries`: "),
        ("[reranker]\nmodell = 'x'\n", 2, "Unknown key `reranker.modell`. Did you mean `model`?"),
        ("[reranker]\ntop = 1\n", 2, "`reranker.top`: Input should be greater than or equal to 2."),
        ("[reranker]\ntimeout_seconds = inf\n", 2, "`reranker.timeout_seconds`: "),
        ("[knowledge]\nstale_days = -1\n", 2, "`knowledge.stale_days`: Input should be greater than or equal to 0."),
        ("chroma = 'localhost:8000'\n", 1, "`chroma`: it should be `http://host:port` or `https://host:port`."),
        ("chroma = 'http://me:secret@host:8000'\n", 1, "`chroma`: it should be `http://host:port` or"),
        (
            "[knowledge]\nchroma = 'http://host:8000'\n",
            2,
            "Unknown key `knowledge.chroma`. `chroma` stands at the top of the file, above the first [section].",
        ),
    ],
)
def test_a_key_that_is_not_right_is_named_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(KitError) as caught:
        settings(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / FILE}:{line}: {says}")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name = \n", "This is not valid TOML"),
        (b"name = 'a'\nname = 'b'\n", "This is not valid TOML"),
        (b"name = 'caf\xe9'\n", "This is not UTF-8 text."),
        (b"\x00", "This is not valid TOML"),
    ],
)
def test_a_file_that_is_not_toml(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(KitError, match=says) as caught:
        load_settings(tmp_path)
    assert caught.value.path == tmp_path / FILE


def test_a_folder_without_settings_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="this is not a workspace"):
        load_settings(tmp_path)
    (tmp_path / FILE).mkdir()
    with pytest.raises(KitError, match="this is not a workspace"):
        load_settings(tmp_path)


def test_the_nearest_workspace_is_found_from_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "outer" / "inner"
    deep = inner / "playbooks" / "knowledge"
    deep.mkdir(parents=True)
    (inner.parent / FILE).touch()
    assert find_workspace(deep) == inner.parent
    (inner / FILE).touch()
    assert find_workspace(deep) == inner
    monkeypatch.chdir(deep)
    assert find_workspace() == inner
    with pytest.raises(KitError, match=r"No kit\.toml here or in any folder above\."):
        find_workspace(tmp_path)


def test_the_disclosure_names_the_assistant_and_the_company(tmp_path: Path) -> None:
    assert settings(tmp_path, "name = 'Acme'").disclosure == "You are chatting with Acme's support assistant, an AI."
    named = "name = 'Acme'\n[assistant]\nname = 'Ada of {company}'\ndisclosure = 'I am {name}. {other} {'"
    assert settings(tmp_path, named).disclosure == "I am Ada of Acme. {other} {"


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings().name = "other"  # type: ignore[misc]


def test_the_cache_is_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIT_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("KIT_CACHE")
    assert cache_folder().name == "support-kit"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (KitError("It broke."), "It broke."),
        (KitError("It broke.", path="a.md"), "a.md: It broke."),
        (KitError("It broke.", path=Path("a.md"), line=3, remedy="Mend it."), "a.md:3: It broke. Mend it."),
        (IndexUnavailable("No index.", remedy="Run `kit index`."), "No index. Run `kit index`."),
        (ModelUnavailable("No key."), "No key."),
    ],
)
def test_an_error_says_where_and_what_to_do(error: KitError, text: str) -> None:
    assert str(error) == text
    assert error.exit_code == 2

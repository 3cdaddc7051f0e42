"""Exports of help centres: told by their fields, only what is public is read, and the rest is counted."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kit.errors import KitError
from kit.knowledge.article import Article, Reading
from kit.knowledge.readers import read_folder
from kit.settings import Include, load_settings
from tests.conftest import Run


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Reading]:
    """Reads files, given by name; what is no text is written as JSON."""

    def reading(files: dict[str, Any], *include: Include) -> Reading:
        folder = tmp_path / "articles"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            (folder / name).write_text(content if isinstance(content, str) else json.dumps(content))
        return read_folder(folder, include=include)

    return reading


def ids(reading: Reading) -> list[str]:
    return [one.article_id for one in reading.articles]


def skipped(reading: Reading) -> list[tuple[str, str]]:
    return [(one.path, one.reason) for one in reading.skipped]


def zendesk(number: int, **facts: Any) -> dict[str, Any]:
    return {
        "id": number,
        "html_url": f"https://help.example.com/hc/en-us/articles/{number}",
        "title": f"Article {number}",
        "name": f"Article {number}",
        "body": f"<h1>Article {number}</h1><p>First<br>second.</p><ol><li>Open it</li><li>Press</li></ol>",
        "draft": False,
        "locale": "en-us",
        "source_locale": "en-us",
        "section_id": 7,
        "label_names": ["billing"],
        "user_segment_id": None,
        "outdated": False,
        "created_at": "2023-01-02T03:04:05Z",
        "updated_at": "2024-05-06T00:00:00Z",
        "edited_at": "2024-02-03T00:00:00Z",
        **facts,
    }


# Zendesk


def test_a_zendesk_article_keeps_what_is_known_of_it(read: Callable[..., Reading]) -> None:
    page = {
        "count": 1,
        "next_page": None,
        "articles": [zendesk(360001)],
        "sections": [{"id": 7, "name": "Invoices", "category_id": 9}],
        "categories": [{"id": 9, "name": "Lamp X"}],
    }
    assert read({"dump.json": page}) == Reading(
        (
            Article(
                article_id="360001",
                title="Article 360001",
                text="First\nsecond.\n\n1. Open it\n2. Press",
                source="dump.json",
                url="https://help.example.com/hc/en-us/articles/360001",
                updated=date(2024, 2, 3),
                created=date(2023, 1, 2),
                language="en-us",
                product="Lamp X",
                labels=("billing", "Invoices"),
            ),
        )
    )


@pytest.mark.parametrize(
    "content",
    [
        {"articles": [zendesk(1), zendesk(2)], "meta": {"has_more": False}, "links": {"next": None}},
        [zendesk(1), zendesk(2)],
        [{"articles": [zendesk(1)]}, {"articles": [zendesk(2)]}],
        "\n".join(json.dumps({"articles": [zendesk(n)], "meta": {}}) for n in (1, 2)),
        "\n".join(json.dumps(zendesk(n)) for n in (1, 2)),
        "\n".join(json.dumps({"article": zendesk(n)}) for n in (1, 2)),
        json.dumps({"results": [zendesk(1), zendesk(2)]}, indent=2),
    ],
)
@pytest.mark.parametrize("name", ["a.json", "a.ndjson"])
def test_zendesk_in_each_form(read: Callable[..., Reading], content: Any, name: str) -> None:
    reading = read({name: content})
    assert (ids(reading), reading.skipped) == (["1", "2"], ())


def test_what_zendesk_does_not_show_to_everybody_stays_out_and_is_counted(read: Callable[..., Reading]) -> None:
    files = {
        "a.json": {
            "articles": [
                zendesk(1),
                zendesk(2, draft=True),
                zendesk(3, draft=True, user_segment_id=5),
                zendesk(4, user_segment_id=5),
                zendesk(5, outdated=True),
                zendesk(6, draft=True),
            ]
        }
    }
    reading = read(files)
    assert ids(reading) == ["1"]
    assert skipped(reading) == [
        ("a.json", "3 articles are drafts; `[knowledge] include` adds them."),
        ("a.json", "1 article is archived or outdated; `[knowledge] include` adds it."),
        ("a.json", "1 article is not public; `[knowledge] include` adds it."),
    ]
    drafts = read(files, "drafts")
    assert [(one.article_id, one.audience) for one in drafts.articles] == [
        ("1", ""),
        ("2", "internal"),
        ("6", "internal"),
    ]
    assert ("a.json", "2 articles are not public; `[knowledge] include` adds them.") in skipped(drafts)
    assert len(read(files, "drafts", "internal", "archived").articles) == 6


def test_translations_have_ids_of_their_own(read: Callable[..., Reading]) -> None:
    reading = read({"de.json": [zendesk(1, locale="de", title="Eins")], "en.json": [zendesk(1)]})
    assert [(one.article_id, one.language) for one in reading.articles] == [("1/de", "de"), ("1", "en-us")]


def test_a_record_whose_id_is_in_use_is_left_out_and_the_others_are_not(read: Callable[..., Reading]) -> None:
    reading = read(
        {"1.md": "# One", "a.json": [zendesk(1), zendesk(2)], "b.json": [zendesk(2), zendesk(3), zendesk(3)]}
    )
    assert sorted(ids(reading)) == ["1", "2", "3"]
    assert skipped(reading) == [
        ("a.json:1", "Its id is `1`, and so is that of 1.md."),
        ("b.json:1", "Its id is `2`, and so is that of a.json:2."),
        ("b.json:3", "Its id is `3`, and so is that of b.json:2."),
    ]


def test_damaged_records_do_not_stop_the_others(read: Callable[..., Reading]) -> None:
    broken = [
        zendesk(1, body=None),
        zendesk(2, title="", name=None),
        zendesk(3, body="<p " + "a=1 " * 9000 + ">"),
        {"x": 1},
    ]
    reading = read({"a.json": [*broken, "text", zendesk(6)]})
    assert ids(reading) == ["6"]
    assert dict(skipped(reading)) == {
        "a.json:1": "It has no text.",
        "a.json:2": "It has no title.",
        "a.json:3": "It is broken: a tag has thousands of attributes.",
        "a.json:4": "It is no article, as those beside it are.",
        "a.json:5": "It is no article, as those beside it are.",
    }


def test_addresses_that_are_none_of_the_web_are_dropped(read: Callable[..., Reading]) -> None:
    assert read({"a.json": [zendesk(1, html_url="javascript:alert(1)")]}).articles[0].url == ""


# Intercom


def test_intercom_articles_and_their_translations(read: Callable[..., Reading]) -> None:
    article = {
        "type": "article",
        "id": "6871",
        "workspace_id": "w1",
        "title": "Pay by card",
        "description": "Which cards we take",
        "body": "<p>Visa and Mastercard.</p>",
        "author_id": 12,
        "state": "published",
        "default_locale": "en",
        "url": "https://intercom.example/en/articles/6871",
        "created_at": 1672628645,
        "updated_at": 1717200000,
        "tags": {"type": "tag.list", "tags": [{"type": "tag", "id": "1", "name": "cards"}]},
        "translated_content": {
            "type": "article_translated_content",
            "en": {"title": "Pay by card", "body": "<p>Visa.</p>", "state": "published"},
            "de": {
                "title": "Kartenzahlung",
                "body": "<p>Visa, ja.</p>",
                "state": "published",
                "url": "https://i.example/de",
            },
            "fr": {"title": "Carte", "body": "<p>Oui.</p>", "state": "draft"},
            "es": {"title": "", "body": "", "state": "draft"},
        },
    }
    other = {**article, "id": "6872", "state": "draft", "translated_content": None}
    reading = read({"a.json": {"type": "list", "data": [article, other], "pages": {"page": 1}, "total_count": 2}})
    assert reading.articles == (
        Article(
            article_id="6871",
            title="Pay by card",
            text="Which cards we take\n\nVisa and Mastercard.",
            source="a.json",
            url="https://intercom.example/en/articles/6871",
            updated=date(2024, 6, 1),
            created=date(2023, 1, 2),
            language="en",
            labels=("cards",),
        ),
        Article(
            article_id="6871/de",
            title="Kartenzahlung",
            text="Visa, ja.",
            source="a.json",
            url="https://i.example/de",
            language="de",
            labels=("cards",),
        ),
    )
    assert skipped(reading) == [("a.json", "2 articles are drafts; `[knowledge] include` adds them.")]
    with_drafts = read({"a.json": {"data": [article, other]}}, "drafts")
    assert [(one.article_id, one.audience) for one in with_drafts.articles] == [
        ("6871", ""),
        ("6871/de", ""),
        ("6871/fr", "internal"),
        ("6872", "internal"),
    ]


# Freshdesk


def freshdesk(number: int, **facts: Any) -> dict[str, Any]:
    return {
        "id": number,
        "title": f"Solution {number}",
        "description": "<p>Do <strong>this</strong>.</p>",
        "description_text": "Do this.",
        "status": 2,
        "folder_id": 20,
        "category_id": 10,
        "tags": ["setup"],
        "created_at": "2023-01-02T00:00:00Z",
        "updated_at": "2024-05-06T00:00:00Z",
        **facts,
    }


def test_freshdesk_articles_by_themselves(read: Callable[..., Reading]) -> None:
    hierarchy = [
        {"type": "category", "data": {"id": 10, "name": "Lamp X"}},
        {"type": "folder", "data": {"id": 20, "name": "Start"}},
    ]
    text_only = freshdesk(2, description="", folder={"name": "Staff", "visibility": 3})
    reading = read({"a.json": [freshdesk(1, hierarchy=hierarchy), text_only, freshdesk(3, status=1)]})
    assert reading.articles == (
        Article(
            article_id="1",
            title="Solution 1",
            text="Do **this**.",
            source="a.json",
            updated=date(2024, 5, 6),
            created=date(2023, 1, 2),
            product="Lamp X",
            labels=("setup", "Start"),
        ),
    )
    assert skipped(reading) == [
        ("a.json", "1 article is a draft; `[knowledge] include` adds it."),
        ("a.json", "1 article is not public; `[knowledge] include` adds it."),
    ]
    internal = read({"a.json": [text_only]}, "internal").articles[0]
    assert (internal.text, internal.audience, internal.labels) == ("Do this.", "internal", ("setup", "Staff"))


def test_freshdesk_articles_within_and_beside_their_folders(read: Callable[..., Reading]) -> None:
    nested = {
        "category": {
            "id": 10,
            "name": "Lamp X",
            "folders": [
                {"id": 20, "name": "Start", "visibility": 1, "articles": [freshdesk(1)]},
                {"id": 21, "name": "Agents", "visibility": 3, "articles": [freshdesk(2, folder_id=21)]},
            ],
        }
    }
    beside = {
        "articles": [freshdesk(3), freshdesk(4, folder_id=21)],
        "folders": [{"id": 20, "name": "Start", "visibility": 1}, {"id": 21, "name": "Agents", "visibility": 3}],
        "categories": [{"id": 10, "name": "Lamp X"}],
    }
    reading = read({"a.json": [nested], "b.json": beside})
    assert [(one.article_id, one.product, one.labels) for one in reading.articles] == [
        ("1", "Lamp X", ("setup", "Start")),
        ("3", "Lamp X", ("setup", "Start")),
    ]
    assert [reason for _, reason in skipped(reading)] == ["1 article is not public; `[knowledge] include` adds it."] * 2


# Salesforce


def salesforce(
    article: str, version: int, status: str = "Online", language: str = "en_US", **facts: Any
) -> dict[str, Any]:
    return {
        "attributes": {"type": "Knowledge__kav"},
        "Id": f"ka0{article}{version}",
        "KnowledgeArticleId": article,
        "ArticleNumber": "000001234",
        "Title": f"Title {article} v{version}",
        "UrlName": f"title-{article}",
        "Summary": "In short.",
        "PublishStatus": status,
        "Language": language,
        "VersionNumber": version,
        "LastPublishedDate": "2024-05-06T10:00:00.000+0000",
        "Root_Cause__c": "<p>Dust.</p>",
        "Resolution__c": "<ol><li>Clean</li><li>Restart</li></ol>",
        "Internal_Notes__c": "<p>Blame the vendor.</p>",
        "Product__c": "Lamp X",
        "Reviewed__c": "true",
        **facts,
    }


def test_a_salesforce_article_joins_its_fields(read: Callable[..., Reading]) -> None:
    assert read({"a.json": {"totalSize": 1, "done": True, "records": [salesforce("kA1", 1)]}}).articles == (
        Article(
            article_id="kA1",
            title="Title kA1 v1",
            text="In short.\n\n## Root cause\n\nDust.\n\n## Resolution\n\n1. Clean\n2. Restart",
            source="a.json",
            updated=date(2024, 5, 6),
            language="en-US",
            product="Lamp X",
        ),
    )


def test_only_the_newest_published_version_stays(read: Callable[..., Reading]) -> None:
    versions = [
        salesforce("kA1", 1),
        salesforce("kA1", 10),
        salesforce("kA1", 9),
        salesforce("kA1", 11, "Draft"),
        salesforce("kA1", 2, language="de"),
        salesforce("kA2", 1, "Draft"),
        salesforce("kA3", 1, "Archived"),
        salesforce("kA4", 1, IsVisibleInPkb=False),
    ]
    reading = read({"a.json": versions})
    assert [(one.article_id, one.title) for one in reading.articles] == [
        ("kA1", "Title kA1 v10"),
        ("kA1/de", "Title kA1 v2"),
    ]
    assert skipped(reading) == [
        ("a.json", "3 other versions of articles stay out; the newest published one counts."),
        ("a.json", "1 article is a draft; `[knowledge] include` adds it."),
        ("a.json", "1 article is archived or outdated; `[knowledge] include` adds it."),
        ("a.json", "1 article is not public; `[knowledge] include` adds it."),
    ]
    everything = read({"a.json": versions}, "drafts", "archived", "internal")
    assert sorted(ids(everything)) == ["kA1", "kA1/de", "kA2", "kA3", "kA4"]


def test_salesforce_as_csv_in_capitals(read: Callable[..., Reading]) -> None:
    head = "ID,KNOWLEDGEARTICLEID,TITLE,URLNAME,PUBLISHSTATUS,LANGUAGE,VERSIONNUMBER,ANSWER__C\n"
    reading = read(
        {"a.csv": head + 'a,kA1,Reset,reset,Online,en_US,1.0,"<p>Press ""on"".</p>"\nb,kA2,X,x,Draft,en_US,1,y\n'}
    )
    assert [(one.article_id, one.title, one.text) for one in reading.articles] == [("kA1", "Reset", 'Press "on".')]
    assert skipped(reading) == [("a.csv", "1 article is a draft; `[knowledge] include` adds it.")]


# What is no export, and the whole way


def test_exports_of_tickets_are_sent_elsewhere(read: Callable[..., Reading]) -> None:
    ticket = {"id": 1, "subject": "s", "description": "d", "priority": "high", "requester_id": 2, "status": "open"}
    conversation = {"id": "1", "title": "t", "state": "open", "source": {"body": "b", "subject": "s"}}
    talk = {**conversation, "conversation_parts": {}, "conversation_rating": {}}
    case = "Id,CaseNumber,Subject,Description,Status,Priority,IsClosed\n1,2,s,d,New,High,false\n"
    good = {"good.md": "# Good"}
    reading = read({"a.json": {"tickets": [ticket]}, "b.ndjson": json.dumps(talk), "c.csv": case, **good})
    assert ids(reading) == ["good"]
    assert [path for path, _ in skipped(reading)] == ["a.json", "b.ndjson", "c.csv"]
    assert all("give it to `kit tickets import`" in reason for _, reason in skipped(reading))


def test_a_folder_of_drafts_is_an_error_that_counts_them(read: Callable[..., Reading]) -> None:
    with pytest.raises(KitError, match=r"a\.json \(2 articles are drafts; `\[knowledge\] include` adds them\)"):
        read({"a.json": [zendesk(1, draft=True), zendesk(2, draft=True)]})


def test_the_setting_takes_only_what_there_is(tmp_path: Path) -> None:
    (tmp_path / "kit.toml").write_text('[knowledge]\ninclude = ["drafts", "internal", "archived"]\n')
    assert load_settings(tmp_path).knowledge.include == ("drafts", "internal", "archived")
    (tmp_path / "kit.toml").write_text('[knowledge]\ninclude = ["draft"]\n')
    with pytest.raises(KitError, match=r"`knowledge\.include\.0`.*'drafts', 'internal' or 'archived'"):
        load_settings(tmp_path)


def test_from_an_export_to_a_passage(kit: Run, tmp_path: Path) -> None:
    export = tmp_path / "export.json"
    pages = [
        zendesk(11, title="Cancel a subscription", body="<p>Open Billing and press Cancel.</p>"),
        zendesk(12, title="Change the bulb", body="<p>Unscrew the old bulb first.</p>"),
        zendesk(13, title="Refund limits for agents", body="<p>Agents refund up to 50.</p>", user_segment_id=4),
    ]
    export.write_text(json.dumps({"articles": pages}))
    shop = tmp_path / "shop"
    assert kit("init", shop, "--docs", export).returncode == 0
    indexed = kit("index", "-w", shop)
    assert indexed.stdout.startswith("Indexed 2 articles"), indexed.stderr
    assert "  export.json: 1 article is not public; `[knowledge] include` adds it." in indexed.stdout.splitlines()
    found = json.loads(kit("search", "how do I cancel my subscription", "--json", "-w", shop).stdout)
    assert (found["hits"][0]["article_id"], found["hits"][0]["text"]) == ("11", "Open Billing and press Cancel.")
    settings = shop / "kit.toml"
    settings.write_text(settings.read_text() + '\n[knowledge]\ninclude = ["internal"]\n')
    assert kit("index", "-w", shop).stdout.startswith("Indexed 3 articles")

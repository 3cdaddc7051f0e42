"""MDX: components are gone, what a reader sees of them stays."""

from datetime import date
from pathlib import Path

import pytest

from kit.knowledge.readers import read_folder
from tests.readers.reading import read_one, reasons, write

PAGE = """---
title: Pair the lamp
created: 2025-05-06
---
import { Note, Tabs } from '@site/components'
import Panel from "./panel.mdx"

export const code = {
  minutes: 5,

  label: "five",
}

{/* for writers
only */}

Hold the button for {5} seconds{" "}
until it {blinks ? "blinks" : "shines"}blinks. 1 < 2 and \\{kept\\}.

<Note>
  The lamp must be **off**.
</Note>

## By phone {#phone}

<Tabs items={["Web", 'Phone']}>
  <Tab title="iPhone">
    1. Open the app.
    2. Tap **Add**.

       <Warning>Stay near the lamp.</Warning>

    3. Wait.
  </Tab>
  <Tab title="Android">
    Tap it.

    ```jsx title="app.jsx"
    <Note>{this} stays</Note>
      import x from "y"
    ```
  </Tab>
</Tabs>

<Steps>
  <Step title="Open the box">
    Take out:

    - the lamp
    - the cable
  </Step>
  <Step>
    Plug it in.
  </Step>
</Steps>

<AccordionGroup>
  <Accordion title="Why does it blink?" icon="bulb">
    It looks for `<Wifi />` or {`a network`}.
  </Accordion>
</AccordionGroup>

<details>
<summary>Is it <b>safe</b>?</summary>

Yes.

</details>

<CardGroup cols={2}>
  <Card title="Plans" icon={<Icon name="x" />} href="/plans">
    What they cost.
  </Card>
</CardGroup>

<Frame caption="The lamp from above">
  <img src="/lamp.png" alt="A lamp" style={{ width: "50%" }} />
</Frame>

See <a href="https://shop.example">the shop</a>, <Link to="/x">this</Link> or <Tooltip tip="x">that</Tooltip><br/>now.

| Plan | Price |
| --- | --- |
| One<br />year | {9} |

<Video src="x.mp4" />
"""

TEXT = """Hold the button for 5 seconds
until it blinks. 1 < 2 and {kept}.

> **Note:** The lamp must be **off**.

## By phone

**iPhone**

1. Open the app.
2. Tap **Add**.

   > **Warning:** Stay near the lamp.

3. Wait.

**Android**

Tap it.

```jsx title="app.jsx"
<Note>{this} stays</Note>
  import x from "y"
```

1. **Open the box**

   Take out:

   - the lamp
   - the cable
2. Plug it in.

### Why does it blink?

It looks for `<Wifi />` or a network.

### Is it **safe**?

Yes.

**Plans**

What they cost.

A lamp

The lamp from above

See [the shop](https://shop.example), this or that
now.

| Plan | Price |
| --- | --- |
| One year | 9 |"""


def test_a_page_reads_as_it_is_shown(folder: Path) -> None:
    article = read_one(folder, "a.mdx", PAGE)
    assert article.title == "Pair the lamp"
    assert article.text == TEXT
    assert article.created == date(2025, 5, 6)
    assert article.anchors == (("By phone", "phone"),)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (":::tip Good to know\n\nPress **it**.\n\n:::\n\nEnd.", "> **Good to know:** Press **it**.\n\nEnd."),
        (":::warning[Heat]\n- It is hot.\n:::", "> **Heat:**\n>\n> - It is hot."),
        (":::note\nOne\n\n::::danger\nTwo\n::::\n:::\nEnd.", "> **Note:** One\n>\n> > **Danger:** Two\n\nEnd."),
        ('<Callout type="warning">Hot.</Callout>', "> **Warning:** Hot."),
        ('<Admonition type="tip" title="Hint">\n\nPress.\n\n</Admonition>', "> **Hint:** Press."),
        (
            "<Tabs items={['Web', \"Phone\"]}>\n<Tabs.Tab>A</Tabs.Tab>\n<Tabs.Tab>B</Tabs.Tab>\n</Tabs>",
            "**Web**\n\nA\n\n**Phone**\n\nB",
        ),
        ('<Tabs><TabItem value="mac" label="Mac">Here.</TabItem></Tabs>', "**Mac**\n\nHere."),
        ("<Steps>\n### One\nDo.\n### Two\nDone.\n</Steps>", "### One\nDo.\n### Two\nDone."),
        ("<CodeGroup>\n```sh a\nkit {x}\n```\n</CodeGroup>", "```sh a\nkit {x}\n```"),
        ("<Unknown kind={x => x > 1}>\n  Words **stay**.\n</Unknown>", "Words **stay**."),
        ("Say <Unknown>the word</Unknown> and {props.name}go.", "Say the word and go."),
        ("<>\nFragment\n</>", "Fragment"),
        ("<!-- old --> Text {/* new */} here.", "Text  here."),
        ("<script>\nlet x = '<p>';\n</script>\n\n<style>{`p {}`}</style>\nText.", "Text."),
        (
            "<ul><li>One</li><li>Two</li></ul>\n\n<ol>\n  <li>Do</li>\n  <li>Done</li>\n</ol>",
            "- One\n- Two\n\n1. Do\n2. Done",
        ),
        (
            "<table>\n<thead><tr><th style={{a: 1}}>A</th><th>B</th></tr></thead>\n<tbody><tr>"
            "<td>1 & 2</td><td>x<br/>y</td></tr></tbody>\n</table>",
            "| A | B |\n|---|---|\n| 1 & 2 | x y |",
        ),
        ('<h2 id="x">Set *up*</h2>\n\n<p>Text</p>', "## Set *up*\n\nText"),
        ("<blockquote>Words</blockquote>", "> Words"),
        ("<pre><code>a {`b`}</code></pre>", "```\na b\n```"),
        ('<ParamField path="x" name="colour">Its colour.</ParamField>', "**colour**\n\nIts colour."),
        ("<button>Copy</button>Text <kbd>Ctrl</kbd>", "Text `Ctrl`"),
        ("- One\n\n  <Info>\n    In *it*.\n  </Info>\n- Two", "- One\n\n  > **Info:** In *it*.\n\n- Two"),
        (
            "I import goods.\n\nimport your data from a file, then\nexport it.",
            "I import goods.\n\nimport your data from a file, then\nexport it.",
        ),
        (
            "Mail <a@b.example> or <https://b.example>, 1 <2, a < b, x<y.",
            "Mail <a@b.example> or <https://b.example>, 1 <2, a < b, x<y.",
        ),
        ("Unclosed <Note>text\n\nMore.", "Unclosed\n\n> **Note:** text\n>\n> More."),
        ("Stray </Note> and {unclosed", "Stray  and {unclosed"),
        ("`{x}` ``<a>`` and `open {1}", "`{x}` ``<a>`` and `open 1"),
        ("~~~\n{a} <b>\n~~~", "~~~\n{a} <b>\n~~~"),
        ("```\nnever {closed}", "```\nnever {closed}"),
        (
            '<Accordion title="A">\n## Inner\nx\n</Accordion>\n<Accordion title="B">y</Accordion>',
            "## A\n\n## Inner\nx\n\n## B\n\ny",
        ),
    ],
)
def test_what_is_shown(folder: Path, source: str, text: str) -> None:
    assert read_one(folder, "a.mdx", f"# Title\n\n{source}\n").text == text


def test_a_page_of_nothing_but_code_holds_no_text(folder: Path) -> None:
    write(folder, "a.mdx", "import X from 'x'\n\n<X />\n")
    assert reasons(folder)["a.mdx"] == "It holds no text."


@pytest.mark.parametrize(
    "source",
    [
        "<Note>" * 20_000 + "deep" + "</Note>" * 20_000,
        "<b>" * 100_000,
        "<b/>" * 100_000,
        "<b/>\n" * 70_000,
        "{" * 300_000,
        "{" * 150_000 + "}" * 150_000,
        "<a b={" * 70_000,
        '<a b="' * 70_000,
        "<a " * 100_000,
        "<!--" * 100_000,
        "</b>" * 100_000,
        "`" * 300_000,
        "` ``" * 100_000,
        "import x from 'y'\n\n" * 50_000,
        "export const x = {\n\n" * 50_000,
        ":::note\n" * 100_000,
        ">" * 10_000 + "<Note>x",
        "<script>" * 100_000,
        "<Tabs items={['a']}>" * 30_000,
        "{'" * 100_000,
    ],
    ids=lambda source: source[:9],
)
def test_hostile_sources_are_read_in_good_time(folder: Path, source: str) -> None:
    # With a time that grows with the square, this runs into the time limit of every test.
    write(folder, "a.mdx", source)
    write(folder, "zz-good.md", "# Good\n\nText.")
    reading = read_folder(folder)
    assert "zz-good" in [one.article_id for one in reading.articles]
    assert len(reading.articles) + len(reading.skipped) == 2

"""reStructuredText: what a page of Sphinx shows is what is read, and nothing outside of the folder is opened."""

from datetime import date
from pathlib import Path

import pytest

from kit.knowledge.readers import read_folder
from tests.readers.reading import read_one, reasons, write

PAGE = """:orphan:
:updated: 2026-03-18
:created: 2025-01-02
:tags: lamp, reset

.. _reset-lamp:

====================
Reset *the* ``Lamp``
====================

.. This comment is for writers.

.. toctree::
   :maxdepth: 1
   :hidden:

   Other <other>

.. meta::
   :description: Not shown.
   :language: en

.. contents:: On this page
   :local:

Wrapped lines are
one paragraph: see :doc:`the manual </guide/manual>`, :ref:`wiring <wiring-label>` or `our shop <https://shop.example/a>`_.

.. _steps label:

What to do
----------

1. Press :kbd:`Ctrl` :kbd:`R`.
2. Open :guilabel:`&Settings`, then :menuselection:`Lamp --> Reset`.

   .. image:: panel.png
      :alt: The panel
      :width: 300px

   - red
   - blue

.. warning:: Turn the power off.
   :class: big

   It may shock you.

3. Wait for |time|.

.. seealso::

   Other pages.

.. admonition:: Before you call

   Have the number at hand.

Long way
~~~~~~~~

Say ``kit **run**`` as :file:`{name}.toml`:

.. code-block:: sh
   :caption: In a shell
   :emphasize-lines: 1

   kit run |time|

Plain::

   a  b
     c

What to do
----------

.. |time| replace:: *ten* seconds

term : thing
   What it means.

:Colour: green

-q  be quiet

| Line one
| line two

Text [#]_ and more [CIT]_.

.. [#] A footnote.
.. [CIT] A citation.

Quoted:

    Indented words.

    -- Someone
"""

TEXT = """Wrapped lines are one paragraph: see the manual, wiring or [our shop](https://shop.example/a).

## What to do

1. Press `Ctrl` `R`.
2. Open **Settings**, then **Lamp → Reset**.

   The panel
   - red
   - blue

   > **Warning:** Turn the power off.
   >
   > It may shock you.
3. Wait for ten seconds.

> **See also:** Other pages.

> **Before you call:** Have the number at hand.

### Long way

Say `kit **run**` as `name.toml`:

In a shell

```sh
kit run |time|
```

Plain:

```
a  b
  c
```

## What to do

**term: thing**

What it means.

**Colour:** green

**-q:** be quiet

Line one
line two

Text [1] and more [CIT].

[1] A footnote.

[CIT] A citation.

Quoted:

> Indented words.
>
> Someone"""


def text_of(folder: Path, source: str) -> str:
    return read_one(folder, "a.rst", f"Title\n=====\n\n{source}").text


def test_a_page_reads_as_it_is_shown(folder: Path) -> None:
    article = read_one(folder, "a.rst", PAGE)
    assert article.title == "Reset the Lamp"
    assert article.text == TEXT
    assert (article.created, article.updated, article.language) == (date(2025, 1, 2), date(2026, 3, 18), "en")
    assert article.labels == ("lamp", "reset")


def test_headings_are_led_to_by_their_labels_else_by_their_ids(folder: Path) -> None:
    anchors = read_one(folder, "a.rst", PAGE).anchors
    assert anchors[:2] == (("What to do", "steps-label"), ("Long way", "long-way"))
    assert anchors[2][0] == "What to do"
    assert anchors[2][1] not in ("", "steps-label", "what-to-do")


TABLES = {
    "grid": """
+------+--------------+
| Code | Meaning      |
+======+==============+
| E1   | - No power   |
|      | - No network |
+------+--------------+
| E2   | A|B          |
+------+--------------+
""",
    "simple": """
====  ==================
Code  Meaning
====  ==================
E1    No power No
      network
E2    A|B
====  ==================
""",
    "list": """
.. list-table::
   :header-rows: 1
   :widths: 10 20

   * - Code
     - Meaning
   * - E1
     - No power

       No network
   * - E2
     - A|B
""",
    "csv": """
.. csv-table::
   :header: Code, Meaning
   :widths: 1, 2

   E1, "No power
   No network"
   E2, A|B
""",
}


@pytest.mark.parametrize("kind", TABLES)
def test_tables_of_every_kind(folder: Path, kind: str) -> None:
    expected = "| Code | Meaning |\n|---|---|\n| E1 | No power No network |\n| E2 | A\\|B |"
    assert text_of(folder, TABLES[kind]) == expected


def test_cells_that_span_are_repeated_below_and_left_empty_beside(folder: Path) -> None:
    table = """
+----+----+----+
| A  | B  | C  |
+====+====+====+
| x  | y       |
|    +----+----+
|    | z  | w  |
+----+----+----+
"""
    assert text_of(folder, table) == "| A | B | C |\n|---|---|---|\n| x | y |  |\n| x | z | w |"


def test_a_table_has_its_caption(folder: Path) -> None:
    assert text_of(folder, ".. table:: Prices\n\n   == ==\n   a  b\n   == ==\n   1  2\n   == ==") == (
        "Prices\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    )


def test_tabs_keep_their_label_and_content(folder: Path) -> None:
    source = """
.. tabs::

   .. tab:: Web

      Click **Save**.

   .. group-tab:: Phone

      Tap **Save**.

   .. code-tab:: py Python

      save()

.. tab-set::

   .. tab-item:: Mac
      :sync: mac

      Press it.

.. dropdown:: Why?
   :open:

   Because.
"""
    assert text_of(folder, source) == (
        "**Web**\n\nClick **Save**.\n\n**Phone**\n\nTap **Save**.\n\n**Python**\n\n```py\nsave()\n```\n\n"
        "**Mac**\n\nPress it.\n\n**Why?**\n\nBecause."
    )


def test_tabs_with_titles_are_sections(folder: Path) -> None:
    source = """
.. tab:: Web
   :parse-titles:

   Create
   ------

   Click.

.. tab:: Phone
   :parse-titles:

   Tap.

After
-----

End.
"""
    assert text_of(folder, source) == "## Web\n\n### Create\n\nClick.\n\n## Phone\n\nTap.\n\n## After\n\nEnd."


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (".. raw:: html\n\n   <b>secret</b>\n\nShown.", "Shown."),
        (".. |go| image:: go.png\n   :alt: the arrow\n\nPress |go|.", "Press the arrow."),
        ("Press |gear-icon| or |more-icon-vertical|.", "Press gear or more vertical."),
        (
            ".. figure:: a.png\n   :alt: The lamp\n\n   Its caption.\n\n   Its legend.",
            "The lamp\n\nIts caption.\n\nIts legend.",
        ),
        (".. versionadded:: 2.1 Only there.", "> **New in version 2.1:** Only there."),
        (".. deprecated:: 3\n\n   Gone.", "> **Deprecated since version 3:** Gone."),
        (".. only:: latex\n\n   Paper.\n\n.. only:: html\n\n   Screen.", "Screen."),
        (".. rubric:: Small heading\n\nText.", "**Small heading**\n\nText."),
        (".. topic:: Box\n\n   Inside.", "**Box**\n\nInside."),
        (".. frobnicate:: x/y.z\n   :width: 3\n\n   Its *words* stay.", "Its words stay."),
        (".. frobnicate:: Good to know\n\n   Words.", "**Good to know**\n\nWords."),
        (".. note::\n   :name: n\n   :name: m\n\n   Kept all the same.", "Kept all the same."),
        ("Say :frob:`hello there` and :py:meth:`~kit.ask`.", "Say hello there and kit.ask."),
        (
            "Use :octicon:`gear` :abbr:`PIN (a number)` :samp:`kit {x}` H\\ :sub:`2`\\ O.",
            "Use PIN (a number) `kit x` H2O.",
        ),
        ("See `nowhere`_, `here <a.html>`_ and broken_.", "See nowhere, here and broken."),
        ("Mail help@shop.example or see https://shop.example/b.", None),
        (".. include:: <isonum.txt>\n\n|copy| Us", "© Us"),
        (".. |e| unicode:: U+20AC .. euro\n\n3 |e|", "3 €"),
        (".. math:: a^2 + b", "`a^2 + b`"),
        ("1. One.\n\n  - inner\n\n2. Two.", "1. One.\n   - inner\n2. Two."),
        ("3. Three.\n4. Four.", "3. Three.\n4. Four."),
        ("* One\n  goes on.\n\n  More.\n* Two", "- One goes on.\n\n  More.\n- Two"),
        (".. glossary::\n\n   Lamp\n     It shines.", "**Lamp**\n\nIt shines."),
        ("Text.\n\n----\n\nMore.", "Text.\n\nMore."),
        (".. _x: https://shop.example\n\nSee x_.", "See [x](https://shop.example)."),
    ],
)
def test_what_is_shown(folder: Path, source: str, text: str | None) -> None:
    assert text_of(folder, source) == (source if text is None else text).replace(
        "help@shop.example", "[help@shop.example](mailto:help@shop.example)" if text else "help@shop.example"
    )


def test_titles_of_other_documents_are_looked_up(folder: Path) -> None:
    write(
        folder,
        "guide/manual.rst",
        "The *whole* manual\n==================\n\n.. _wire-it:\n\nWire it up\n----------\n\nSo.",
    )
    write(
        folder,
        "a.rst",
        "A\n=\n\n:doc:`guide/manual`, :doc:`/src/guide/manual`, :ref:`wire-it`, :doc:`no/such-page`, :ref:`no-label`.",
    )
    article = next(one for one in read_folder(folder).articles if one.article_id == "a")
    assert article.text == "The whole manual, The whole manual, Wire it up, such page, no label."


def test_titles(folder: Path) -> None:
    assert (
        read_one(folder, "a.rst", "A\n=\n\nOne.\n\nB\n=\n\nTwo.\n\nC\n-\n\nThree.").text
        == "One.\n\n# B\n\nTwo.\n\n## C\n\nThree."
    )
    assert read_one(folder, "a.rst", "Just words.").title == "A"
    assert read_one(folder, "a.rst", "A\n==\n\nB\n--\n\nText.\n\nC\n~~\n\nMore.\n\nD\n^^\n\nOdd.").text.endswith("Odd.")


# Includes


def test_what_is_included_is_read_where_it_is_included_only(folder: Path) -> None:
    write(folder, "shared/power.rst", ".. :nosearch:\n\nTurn the **power** off.\n\n.. include:: deep.txt")
    write(folder, "shared/deep.txt", "Then *wait*.")
    write(folder, "shared/full.rst", "Full\n====\n\nAn article too.")
    write(folder, "guide/a.rst", "A\n=\n\n.. include:: ../shared/power.rst\n   :start-after: :nosearch:\n\nEnd.")
    write(
        folder,
        "b.rst",
        "B\n=\n\n.. include:: /source/shared/power.rst\n.. include:: shared/full.rst\n   :start-after: ====\n",
    )
    reading = read_folder(folder)
    texts = {one.article_id: one.text for one in reading.articles}
    assert texts["guide/a"] == "Turn the **power** off.\n\nThen wait.\n\nEnd."
    assert texts["b"] == "Turn the **power** off.\n\nThen wait.\n\nAn article too."
    assert set(texts) == {"guide/a", "b", "shared/full"}
    assert [(one.path, one.reason) for one in reading.skipped] == [
        ("shared/deep.txt", "It is part of shared/power.rst, and is read there."),
        ("shared/power.rst", "It is part of b.rst, and is read there."),
    ]


def test_markdown_and_code_are_included_as_what_they_are(folder: Path) -> None:
    write(
        folder, "a.rst", "A\n=\n\n.. include:: b.md\n   :parser: myst\n\n.. literalinclude:: c.toml\n   :language: toml"
    )
    write(folder, "b.md", "# B\n\n1. **Press** [it](c.md).")
    write(folder, "c.toml", "x = 1\n")
    article = next(one for one in read_folder(folder).articles if one.article_id == "a")
    assert article.text == "## B\n\n1. **Press** it.\n\n```toml\nx = 1\n```"


@pytest.mark.parametrize(
    "directive",
    [
        ".. include:: /etc/passwd",
        ".. include:: ../secret.rst",
        ".. include:: ../../../../../../../../etc/passwd",
        ".. include:: sub/../../secret.rst",
        ".. include:: link.rst",
        ".. include:: ..\\secret.rst",
        ".. include:: nowhere.rst",
        ".. include:: ../secret.rst\n   :literal:",
        ".. include:: ../secret.rst\n   :code: sh",
        ".. include::",
        ".. literalinclude:: ../secret.rst",
        ".. csv-table:: T\n   :file: ../secret.rst",
        ".. csv-table:: T\n   :url: http://127.0.0.1:9/secret",
        ".. raw:: html\n   :file: ../secret.rst",
        ".. raw:: html\n   :url: http://127.0.0.1:9/secret",
        ".. figure:: ../secret.rst",
        ".. code-block::\n   :file: ../secret.rst",
    ],
)
def test_no_directive_opens_what_is_outside(folder: Path, directive: str) -> None:
    secret = write(folder.parent, "secret.rst", "root:secret words")
    (folder / "sub").mkdir()
    (folder / "link.rst").symlink_to(secret)
    write(folder, "a.rst", f"Title\n=====\n\nBefore.\n\n{directive}\n\nAfter.")
    [article] = read_folder(folder).articles
    assert "secret words" not in article.text
    assert "root:" not in article.text
    assert article.text.startswith("Before.")
    assert article.text.endswith("After.")


def test_files_that_include_each_other_end(folder: Path) -> None:
    write(folder, "a.rst", "A\n=\n\nOne.\n\n.. include:: a.rst\n\n.. include:: b.rst\n\nTwo.")
    write(folder, "b.rst", "In b.\n\n.. include:: a.rst\n\n.. include:: b.rst")
    [article] = read_folder(folder).articles
    assert article.text == "One.\n\nIn b.\n\nTwo."


def test_includes_that_grow_without_bounds_are_refused(folder: Path) -> None:
    for level in range(12):
        write(folder, f"p{level}.rst", f".. include:: p{level + 1}.rst\n\n.. include:: p{level + 1}.rst\n")
    write(folder, "p12.rst", "words\n")
    write(folder, "top.rst", "Top\n===\n\n.. include:: p0.rst")
    assert reasons(folder)["top.rst"] == "It includes too many files, or too much text."


# Hostile sources


def test_substitutions_that_grow_without_bounds_are_refused(folder: Path) -> None:
    lines = [".. |a0| replace:: word"]
    lines += [f".. |a{n}| replace:: {f'|a{n - 1}| ' * 10}" for n in range(1, 10)]
    write(folder, "a.rst", "\n".join(lines) + "\n\n|a9|\n")
    write(folder, "b.rst", "B\n=\n\n.. |x| replace:: see |y|\n.. |y| replace:: see |x|\n\nEnd |x|.")
    reading = read_folder(folder)
    assert [one.article_id for one in reading.articles] == ["b"]
    assert [one.reason for one in reading.skipped] == [
        "Its substitutions would grow to far more than any article needs."
    ]


@pytest.mark.parametrize(
    "source",
    [
        "\n\n".join(" " * n + "word" for n in range(600)),
        "\n\n".join("  " * n + "- item" for n in range(400)),
        "\n\n".join("   " * n + ".. note::" for n in range(400)),
        "\n".join(f"{'T' * 4}\n{sign * 4}\n" for sign in "=-~^\"'`#*+.:_") * 50,
        "*a " * 6000,
        "`a " * 6000,
        ":a:`" * 4000,
        "|a" * 8000,
        "[a]_ " * 3000,
        "+-" * 5000 + "+\n" + "| " * 5000,
        "=== " * 4000,
        "\n".join(["+---+---+", "| a | b |"] * 800) + "\n+---+---+",
        ".. " * 6000,
        "a_ " * 6000,
        "\n".join(f".. _l{n}:" for n in range(3000)) + "\n\nText",
        "\\" * 19000,
    ],
)
def test_hostile_sources_are_survived(folder: Path, source: str) -> None:
    write(folder, "a.rst", source)
    write(folder, "zz-good.md", "# Good\n\nText.")
    reading = read_folder(folder)
    assert "zz-good" in [one.article_id for one in reading.articles]
    assert len(reading.articles) + len(reading.skipped) == 2
    assert all(one.reason in ("It is nested too deeply.", "It holds no text.") for one in reading.skipped)


def test_a_line_without_end_is_refused(folder: Path) -> None:
    write(folder, "a.rst", "word " * 10_000)
    assert reasons(folder) == {"a.rst": "It has a line of more than 20,000 characters. Break its lines."}


def test_the_process_keeps_its_own_directives(folder: Path) -> None:
    from docutils.parsers.rst import directives, roles

    before = directives.directive, roles.role
    read_one(folder, "a.rst", PAGE)
    assert (directives.directive, roles.role) == before

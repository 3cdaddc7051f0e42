"""What the elements of a web page are for: which break the line, which are no part of the text, which are callouts."""

import re
from typing import Any

from kit.text import squash

__all__ = [
    "BLOCKS",
    "HEADINGS",
    "callout_label",
    "fragment_of",
    "is_block",
    "is_callout",
    "is_dropped",
    "is_permalink",
    "remove_around",
]

_DROPPED = frozenset(
    """script style noscript template svg math iframe object embed canvas audio video map head nav
    input select textarea dialog""".split()
)
_ROLES = frozenset("navigation banner contentinfo search complementary dialog alertdialog".split())
# What help centres and makers of documentation put around an article, by the words of a class or an id.
_AROUND = re.compile(
    r"breadcrumbs?(?:[-_]\w+)*|related[-_]?(?:articles?|posts?|topics?)(?:[-_]\w+)*|(?:recent|popular)[-_]articles|"
    r"article[-_]{1,2}(?:relatives|votes|comments|share|author|meta|subscribe|more-questions|sidebar|vote|feedback)|"
    r"comments?[-_](?:list|section|form|overview)|cookie[-_]?(?:banner|consent|notice|bar|popup)|newsletter(?:[-_]\w+)*|"
    r"pagination(?:[-_]\w+)?|(?:page|article|doc)?[-_]?feedback(?:[-_]\w+)?|was[-_]this[-_]helpful|"
    r"table[-_]of[-_]contents|toc(?:[-_]\w+)?|intercom-reaction-picker|announcement[-_]bar|edit[-_]this[-_]page|"
    r"theme-doc-footer|theme-edit-this-page|skip[-_](?:navigation|link|to-content)|social[-_](?:share|links)|share[-_]\w+",
    re.IGNORECASE,
)
_KINDS = frozenset("note warning caution danger tip important hint attention info success error".split())
_BOXES = _KINDS | frozenset("callout admonition alert".split())
# Names that only colour a box, such as `alert-danger`, say nothing a reader sees.
_COLOURED = re.compile(r"(?:alert|text|bg|border)-.*")
_PERMALINK = re.compile(
    r"headerlink|hash-?link|anchor-?(?:link|js-link)?|header-anchor|heading-anchor|permalink|heading-link",
    re.IGNORECASE,
)
_NEVER_AROUND = frozenset("html body main article table pre code".split())
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCKS = frozenset(
    """p div section article main header footer aside figure figcaption address fieldset legend center form body html
    details summary blockquote pre hr dl dt dd ul ol menu li table caption thead tbody tfoot tr td th""".split()
) | frozenset(HEADINGS)


def is_block(element: Any) -> bool:
    """Whether an element breaks the line: by its kind, or because something within it does."""
    if not isinstance(element.tag, str):
        return False
    return element.tag in BLOCKS or is_dropped(element) or any(one.tag in BLOCKS for one in element.iterdescendants())


def is_dropped(element: Any) -> bool:
    """Whether an element is no part of the text: scripts, navigation, controls, the page's head and foot."""
    tag = element.tag
    if not isinstance(tag, str) or tag in _DROPPED or element.get("role") in _ROLES:
        return True
    if tag == "footer":
        return True
    if tag in ("header", "aside"):
        return next(element.iterancestors("article"), None) is None and element.find(".//h1") is None
    # The question of an accordion may be a button; "Yes", "Sign in" and "Copy" are controls.
    return tag == "button" and len(element.text_content().split()) < 4 and not _in_heading(element)


def remove_around(page: Any) -> None:
    """Take out of a page what is named like what stands around articles, and is but a small part of the page."""
    found = [one for one in page.iter() if isinstance(one.tag, str) and one.tag not in _NEVER_AROUND and _is_named(one)]
    whole = len(page.text_content()) if found else 0
    for one in found[:1000]:
        if one.getparent() is not None and one.find(".//h1") is None and 2 * len(one.text_content()) < whole:
            one.drop_tree()


def _is_named(element: Any) -> bool:
    names = [*(element.get("class") or "").split(), element.get("id") or "", element.get("aria-label") or ""]
    return any(_AROUND.fullmatch(name) for name in names if len(name) < 100)


def _in_heading(element: Any) -> bool:
    return next(element.iterancestors(*HEADINGS, "summary", "dt"), None) is not None


def _names(element: Any) -> list[str]:
    """The words of an element's classes: `admonition-note` and `theme_tip` are two each."""
    classes = [one for one in (element.get("class") or "").lower().split() if len(one) < 100]
    return [word for one in classes for word in ([] if _COLOURED.fullmatch(one) else re.split(r"[-_]+", one))]


def is_callout(element: Any) -> bool:
    """Whether an element is a box that stands out of the text: a note, a warning."""
    if element.tag not in ("div", "aside", "section", "p") or next(element.iter(*HEADINGS[:2]), None) is not None:
        return False
    classes = (element.get("class") or "").lower().split()
    whole = any(
        one in _BOXES or re.fullmatch(r"(?:theme-)?(?:admonition|callout|alert)(?:-\w+)?", one) for one in classes
    )
    # As in `intercom-interblocks-callout`; parts of a box are named `callout-title`, `admonition-content`.
    return (whole and not _is_part(classes)) or any(one.endswith(("-callout", "-admonition")) for one in classes)


def _is_part(classes: list[str]) -> bool:
    ends = ("heading", "title", "content", "body", "icon", "text", "header")
    return all(one.endswith(ends) for one in classes)


def callout_label(element: Any) -> str:
    """What kind of box it is, if its classes say so: `Warning`."""
    return next((word.capitalize() for word in _names(element) if word in _KINDS), "")


def is_permalink(element: Any) -> bool:
    """Whether a link in a heading leads only to the heading itself: `¶`, `#`."""
    if element.tag != "a" or next(element.iterancestors(*HEADINGS), None) is None:
        return False
    text = squash(element.text_content())
    named = any(_PERMALINK.fullmatch(one) for one in (element.get("class") or "").split() if len(one) < 100)
    says_so = named and re.match(r"(?:direct |perma|copy |anchor )?link\b|anchor", text, re.IGNORECASE)
    return "#" in (element.get("href") or "") and (bool(says_so) or not any(char.isalnum() for char in text))


def fragment_of(heading: Any) -> str:
    """The fragment that leads to a heading: its own, that of an anchor in or before it, or of the section it begins."""
    if own := heading.get("id"):
        return str(own)
    for one in heading.iter():
        if isinstance(one.tag, str) and (inner := one.get("id") or (one.tag == "a" and one.get("name"))):
            return str(inner)
    for link in heading.iter("a"):
        if is_permalink(link) and (link.get("href") or "").startswith("#"):
            return str(link.get("href"))[1:]
    return _before(heading)


def _before(heading: Any) -> str:
    """The fragment of an empty anchor before the heading, else of a section that begins with the heading."""
    one = heading
    for _ in range(4):
        before, parent = one.getprevious(), one.getparent()
        if before is not None:
            anchor = before.tag in ("a", "span") and not squash(before.text_content()) and not squash(before.tail or "")
            return str(before.get("id") or before.get("name") or "") if anchor else ""
        if parent is None or squash(parent.text or "") or parent.tag not in ("section", "div", "article", "header"):
            return ""
        if found := parent.get("id"):
            return str(found)
        one = parent
    return ""

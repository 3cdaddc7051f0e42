"""Exports of help centres, told apart by the names of their fields, whatever the file is called."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.knowledge.readers.document import LeftOut
from kit.knowledge.readers.many.exports import freshdesk, intercom, salesforce, zendesk
from kit.knowledge.readers.many.records import Entry, Record

__all__ = ["EXPORTS", "Export", "Named", "export_of"]

# Lists beside the articles, such as `sections`, by name and by id.
Named = Mapping[str, Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class Export:
    """One system's export: whether an object with these keys is an article of it, and what its articles say."""

    name: str
    fits: Callable[[Collection[str]], bool]
    entries: Callable[[Sequence[Record], Named], Iterator[Entry | LeftOut]]


EXPORTS = (
    Export("Salesforce Knowledge", salesforce.fits, salesforce.entries),
    Export("Intercom", intercom.fits, intercom.entries),
    Export("Freshdesk", freshdesk.fits, freshdesk.entries),
    Export("Zendesk", zendesk.fits, zendesk.entries),
)


def export_of(keys: Collection[str]) -> Export | None:
    """The export that an object with these keys, in lower case, comes from."""
    return next((one for one in EXPORTS if one.fits(keys)), None)

"""A run as a JUnit report, which CI systems show beside the change that broke it."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from kit.evals import GateResult, Record, Run, faults

__all__ = ["run_junit"]

# What XML 1.0 cannot hold.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def run_junit(run: Run, gate: Sequence[GateResult]) -> str:
    """The report in JUnit's XML: a suite for the gate, with one case for all that it asks, then one for each suite.

    Only what the gate asks can fail. A case that is wrong is `skipped`, with what is wrong, as suites hold cases that
    the assistant does not master yet; a case that could not be run is an `error`.
    """
    root = ET.Element("testsuites", name="evals")
    part = _suite(root, "gate", len(gate), failures=sum(not one.passed for one in gate))
    for one in gate:
        case = ET.SubElement(part, "testcase", classname=f"gate.{one.suite}", name=f"{one.kind}: {one.metric}")
        if not one.passed:
            message = _plain(f"{one.metric} {one.threshold}: {one.reason}")
            ET.SubElement(case, "failure", message=message).text = _plain("\n".join(one.cases))
        elif not one.evidenced:
            ET.SubElement(case, "skipped", message=_plain(one.reason))
    for suite in run.info.suites:
        records = [record for record in run.records if record.suite == suite.name]
        wrong = [r for r in records if r.transcript is not None and faults(r.case, r.transcript)]
        lost = sum(record.transcript is None for record in records)
        part = _suite(root, suite.name, len(records), errors=lost, skipped=len(wrong))
        for record in records:
            _case(part, record)
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: ET.Element, name: str, tests: int, **counts: int) -> ET.Element:
    texts = {key: str(counts.get(key, 0)) for key in ("failures", "errors", "skipped")}
    return ET.SubElement(root, "testsuite", {"name": name, "tests": str(tests), **texts})


def _case(part: ET.Element, record: Record) -> None:
    name = record.case.id if record.tried == 1 else f"{record.case.id} (try {record.tried})"
    case = ET.SubElement(part, "testcase", classname=record.suite, name=name)
    if record.transcript is None:
        ET.SubElement(case, "error", message=_plain(record.error or "could not be run"))
        return
    case.set("time", f"{sum(reply.latency_ms for reply in record.transcript.replies) / 1000:.3f}")
    if wrong := faults(record.case, record.transcript):
        ET.SubElement(case, "skipped", message=_plain("; ".join(wrong)))
        turns = "\n".join(f"{turn.role}: {turn.text}" for turn in record.transcript.turns)
        ET.SubElement(case, "system-out").text = _plain(turns)


def _plain(text: str) -> str:
    return _UNWRITABLE.sub("�", text)

"""What came of tests as a JUnit report, which CI systems show beside the change that broke them."""

import re
from xml.etree import ElementTree as ET

from kit.playbooks.trying.printing import conversation_lines
from kit.playbooks.trying.results import TrialReport

__all__ = ["report_junit"]

# What XML 1.0 cannot hold.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def report_junit(report: TrialReport) -> str:
    """The report in JUnit's XML: a suite for each playbook, a case for each test, the conversation of what failed."""
    failed = sum(len(one.failed) for one in report.playbooks)
    tests = sum(len(one.results) for one in report.playbooks)
    root = ET.Element(
        "testsuites", name="playbooks", tests=str(tests), failures=str(failed), time=f"{report.seconds:.3f}"
    )
    for one in report.playbooks:
        suite = ET.SubElement(root, "testsuite", name=one.playbook, file=str(one.path))
        suite.set("tests", str(len(one.results)))
        suite.set("failures", str(len(one.failed)))
        for result in one.results:
            case = ET.SubElement(suite, "testcase", classname=one.playbook, name=result.trial_id, file=str(one.path))
            case.set("line", str(one.line_of(result)))
            if result.departures:
                first = result.departures[0]
                failure = ET.SubElement(case, "failure", message=_plain(f"expected {first.expected}; {first.found}"))
                failure.text = _plain("\n".join(conversation_lines(one, result)))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _plain(text: str) -> str:
    return _UNWRITABLE.sub("�", text)

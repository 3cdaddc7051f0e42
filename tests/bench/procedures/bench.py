"""Prints how many procedures of an agent manual the kit performs as required, and why not the others."""

import os
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from kit.errors import KitError
from kit.playbooks import Linter, Playbook, Shelf, Tool, load_playbooks, load_tools
from tests.bench.data import DATA
from tests.bench.procedures.convert import write_playbooks
from tests.bench.procedures.customers import TODAY
from tests.bench.procedures.dialogues import as_it_stands, best_way, read_dialogues
from tests.bench.procedures.manual import Manual, read_manual
from tests.bench.procedures.measuring import Measured, difference, measure

__all__ = ["run"]

# Names the folder that the playbooks are kept in, for people who want to read them.
KEEP = "KIT_BENCH_KEEP"


def run() -> None:
    """Print the figures."""
    folder = DATA / "abcd"
    if not folder.is_dir():
        print("\nProcedures: skipped: no data (set KIT_BENCH_DATA).")
        return
    manual = read_manual(folder)
    with tempfile.TemporaryDirectory() as scratch:
        _report(manual, folder, Path(os.environ.get(KEEP) or scratch))


def _report(manual: Manual, data: Path, folder: Path) -> None:
    courses = write_playbooks(manual, folder)
    print(f"\nProcedures of an agent manual ({len(manual.procedures)}) as playbooks")
    placed, left = sum(one.placed for one in courses.values()), sum(len(one.notes) for one in courses.values())
    print(
        f"sentences placed by rule        {placed} of {placed + left}; the others stand in the playbooks, for a person"
    )
    tools = load_tools(folder)
    try:
        playbooks = {playbook.id: playbook for playbook in load_playbooks(folder, tools)}
    except KitError as error:
        print(f"not loaded: {error}")
        return
    print(f"loaded without an error         {len(playbooks)} of {len(manual.procedures)}")
    found = Linter(folder, tools, TODAY).lint()
    clean = len(playbooks) - len({finding.path for finding in found.errors})
    kinds = Counter(finding.rule for finding in found.warnings)
    warned = ", ".join(f"{count} {rule}" for rule, count in kinds.most_common())
    print(f"linted without an error         {clean} of {len(playbooks)}; warnings: {warned or 'none'}")
    for finding in found.errors:
        print(f"  {finding.path.name}:{finding.line}: {finding.problem} [{finding.rule}]")
    shelf = Shelf(tuple(playbooks.values()))
    rows = [measure(one, playbooks[one.id], shelf, tools) for one in manual.procedures]
    holding = [row for row in rows if row.holding]
    blindly = sum(row.pressed_blindly for row in rows)
    print(f"as required for some customer   {len(holding)} of {len(rows)}: exactly the required tools, in order")
    print(f"so as whole conversations too   {sum(row.replayed for row in rows)} of {len(rows)}")
    print(f"every button, with nothing read {blindly} of {len(rows)}: what the number is worth by itself")
    print(f"\n{'procedure':<52}{'steps':>6}{'ways':>6}{'as required':>13}{'refused':>9}")
    for row in rows:
        counts = (len(row.ways), len(row.holding), row.ending("declined"))
        steps = len(playbooks[row.procedure.id].steps)
        print(f"{row.procedure.id:<52}{steps:>6}{counts[0]:>6}{counts[1]:>13}{counts[2]:>9}")
    _others([row for row in rows if not row.holding])
    _recordings(manual, data / "abcd_sample.json", playbooks, shelf, tools)


def _others(rows: list[Measured]) -> None:
    """Say of each procedure that does not do as required what parts it from that."""
    apart = [row for row in rows if row.never_together or row.missing]
    print(f"\nnot as required: {len(rows)}, of which the manual and the requirement disagree in {len(apart)}")
    for row in rows:
        print(f"  {row.procedure.id}: required {', '.join(row.required)}")
        print(f"    the nearest way: {difference(row.nearest.called, row.required)}")
        for one, other in row.never_together:
            print(f"    the manual has either {one} or {other}, never both for one customer")
        if row.together:
            more = sorted({tool for way in row.together for tool in way.called} - set(row.required))
            besides = f", and by {', '.join(more)} besides" if more else ""
            print(f"    {len(row.together)} customers together come by all that is required, in this order{besides}")
        for tool in row.missing:
            print(f"    the manual never has {tool}")


def _recordings(
    manual: Manual, file: Path, playbooks: dict[str, Playbook], shelf: Shelf, tools: Mapping[str, Tool]
) -> None:
    if not file.is_file():
        return
    names = {one.name: one.id for one in manual.procedures}
    print("\nrecorded conversations: the tools that the agent used, that the playbook used with the same messages,")
    print("and that it used for a customer with the same facts who answers what is asked")
    for dialogue in read_dialogues(file, names):
        playbook = playbooks[dialogue.procedure]
        messages = as_it_stands(dialogue, playbook, shelf, tools)
        answers, parts = best_way(dialogue, playbook, shelf, tools)
        print(f"  {dialogue.procedure} {dialogue.id}")
        print(f"    agent     {', '.join(dialogue.pressed)}")
        print(f"    messages  {', '.join(messages) or 'none'}")
        print(f"    facts     {', '.join(answers)}: {parts or 'the same'}")

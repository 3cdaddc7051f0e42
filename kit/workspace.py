"""Opens a workspace and wires the rooms together; the only place that knows them all."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.errors import KitError
from kit.progress import Progress
from kit.settings import Settings, cache_folder, find_workspace, load_settings

# The rooms are imported where they are used: a command pays only for those that it needs.
if TYPE_CHECKING:
    from kit.assistant import Assistant, AssistantHost, Nodes, Reply, Turn, TurnRecord
    from kit.evals import Calibration, CsatScorer, Run, Suite
    from kit.feasibility import Backtest
    from kit.governance import AuditStore, Erased, HandoffDesk, Telemetry
    from kit.knowledge import Health, Hit, HybridRetriever, IndexReport, Where
    from kit.models import ChatModel, Embedder
    from kit.playbooks import CoverageReport, Linter, Playbook, Recorded, ScoreReport, Source, Tool, TrialReport

__all__ = ["Workspace"]


class Workspace:
    """A folder with `kit.toml`, `playbooks/` and `evals/`, and what the kit derives from them in `.kit/`."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self.root, self.settings = root, settings

    @classmethod
    def open(cls, path: Path | str | None = None) -> "Workspace":
        """Open the workspace in `path`; without a path the nearest one from the current folder upwards.

        Raises:
            KitError: there is none, or its `kit.toml` is not right.
        """
        root = find_workspace() if path is None else Path(path).resolve()
        return cls(root, load_settings(root))

    @property
    def derived(self) -> Path:
        """Where everything lies that can be deleted and made again, but for the log of turns and ratings."""
        return self.root / ".kit"

    @property
    def knowledge(self) -> Path:
        """The folder of the articles."""
        return self.root / self.settings.knowledge.folder

    @cached_property
    def embedder(self) -> "Embedder":
        from kit.models import load_embedder

        wanted = self.settings.embedder
        return load_embedder(wanted.model, cache=cache_folder(), backend=wanted.backend)

    @cached_property
    def tools(self) -> "dict[str, Tool]":
        from kit.playbooks import load_tools

        return load_tools(self.root / "playbooks")

    @cached_property
    def playbooks(self) -> "tuple[Playbook, ...]":
        return tuple(source.playbook for source in self.playbook_sources)

    @cached_property
    def playbook_sources(self) -> "tuple[Source, ...]":
        """The playbooks with the lines of their files."""
        from kit.playbooks import load_sources

        return load_sources(self.root / "playbooks", self.tools)

    def linter(
        self, *, strict: bool = False, alike: bool = True, on_skip: Callable[[str], None] | None = None
    ) -> "Linter":
        """What checks the playbooks.

        Args:
            strict: whether warnings count as errors.
            alike: whether to look for examples that say nearly the same, which needs the embedder.
            on_skip: told why that is not done, where the embedder cannot be loaded.

        Raises:
            KitError: `tools.yaml` is malformed; names file and line.
        """
        from datetime import date

        from kit.playbooks import Linter

        def embed(texts: Sequence[str]) -> object:
            try:
                return self.embedder.encode(texts)
            except KitError as error:
                if on_skip is not None:
                    on_skip(f"examples were not compared by meaning: {error}")
                return None

        return Linter(
            folder=self.root / "playbooks",
            tools=self.tools,
            today=date.today(),
            missing=self.missing_articles,
            embed=embed if alike else None,
            strict=strict,
        )

    def missing_articles(self, ids: Collection[str]) -> dict[str, str | None]:
        """Which of these articles there are not, each with the nearest that there is."""
        from kit.text import nearest

        missing = [id for id in ids if id not in self._article_files]
        # Those that are records in a larger file have ids of their own, so it has to be read.
        known = self._article_ids if missing else self._article_files
        return {id: nearest(id, known) for id in missing if id not in known}

    @cached_property
    def _article_files(self) -> frozenset[str]:
        kinds = (".md", ".mdx", ".rst", ".txt", ".html", ".htm", ".pdf", ".docx")
        files = (path for path in self.knowledge.rglob("*") if path.suffix.lower() in kinds)
        return frozenset(path.relative_to(self.knowledge).with_suffix("").as_posix() for path in files)

    @cached_property
    def _article_ids(self) -> frozenset[str]:
        from kit.knowledge import read_folder

        try:
            read = read_folder(self.knowledge, include=self.settings.knowledge.include)
        except KitError:
            return self._article_files  # `kit index` says what is wrong with them
        return frozenset(article.article_id for article in read.articles)

    @cached_property
    def audit(self) -> "AuditStore":
        """The log of turns and ratings; what is older than `[audit] retention_days` is deleted when it is opened.

        Raises:
            KitError: it cannot be written.
        """
        from kit.governance import AuditStore, Prices, finish_erasing
        from kit.safety import Rules

        chat = self.settings.chat
        prices = Prices(chat.input_price, chat.output_price, self.settings.costs.currency)
        audit = AuditStore(self.derived / "audit", prices=prices, rules=Rules.of(self.settings.safety))
        try:
            finish_erasing(audit, self.desk)
            audit.prune(self.settings.audit.retention_days)
        except KitError as error:
            # A line that is damaged keeps nobody from talking; `kit audit prune` and `erase` fail on it too.
            logging.getLogger(__name__).error("Nothing was deleted from the log: %s", error)
        return audit

    @cached_property
    def desk(self) -> "HandoffDesk":
        """What delivers hand-offs, as `[handoff]` says."""
        from kit.governance import HandoffDesk

        return HandoffDesk(
            self.derived / "outbox",
            root=self.root,
            settings=self.settings.handoff,
            company=self.settings.name,
        )

    @cached_property
    def telemetry(self) -> "Telemetry | None":
        """What makes OpenTelemetry spans; None where the environment names no OTLP endpoint.

        Raises:
            KitError: the environment's variables for it are not right.
        """
        from kit.governance import load_telemetry

        name = self.settings.assistant.name.replace("{company}", self.settings.name)
        return load_telemetry(agent=name, company=self.settings.name)

    def erase(self, *, conversations: Collection[str] = (), value: str = "") -> "Erased":
        """Delete what the kit keeps of conversations: those named, and those in which a value was masked.

        Raises:
            KitError: the value is of no kind that is masked.
        """
        from kit.governance import conversations_with, erase

        found = conversations_with(self.audit, self.desk, value) if value else set()
        return erase(self.audit, self.desk, {*conversations, *found})

    def close(self) -> None:
        """Let hand-offs and spans that are on their way go out; what cannot be delivered waits in the outbox."""
        if "desk" in self.__dict__:
            self.desk.close()
        if (telemetry := self.__dict__.pop("telemetry", None)) is not None:
            telemetry.close()

    def index(self, *, rebuild: bool = False, strict: bool = False, progress: Progress | None = None) -> "IndexReport":
        """Bring the index up to date; with `rebuild` everything is embedded again.

        Raises:
            KitError: the articles cannot be read, or with `strict` one of the files cannot; the index is as it was.
        """
        from kit.knowledge import refresh_index

        self.__dict__.pop("retriever", None)
        return refresh_index(
            self.derived / "index",
            knowledge=self.knowledge,
            embedder=self.embedder,
            passage_tokens=self.settings.knowledge.passage_tokens,
            include=self.settings.knowledge.include,
            chroma=self.settings.chroma,
            rebuild=rebuild,
            strict=strict,
            progress=progress,
        )

    def health(self) -> "Health":
        """What an editor should mend in the articles of the index; examined once for each state of them.

        Raises:
            IndexUnavailable: there is no index that the present settings can use.
        """
        from datetime import date

        from kit.knowledge import examine, kept_health
        from kit.text import digest

        build, today, stale_days = self.retriever.build, date.today(), self.settings.knowledge.stale_days
        return kept_health(
            self.derived / "index" / "health.json",
            corpus=digest(build.manifest.corpus, str(len(build.passages))),
            examine=lambda: examine(
                build.articles,
                build.columns.passage_counts,
                today=today,
                stale_days=stale_days,
            ),
            today=today,
            stale_days=stale_days,
        )

    @cached_property
    def retriever(self) -> "HybridRetriever":
        """The retriever over the index in force.

        Raises:
            IndexUnavailable: there is none that the present settings can use.
        """
        from kit.models import load_reranker

        # The model is read from disk while Python reads the modules.
        with ThreadPoolExecutor(1) as thread:
            embedder = thread.submit(lambda: self.embedder)
            from kit.knowledge import HybridRetriever, open_index
        build = open_index(self.derived / "index", embedder.result(), chroma=self.settings.chroma)
        return HybridRetriever(
            build=build,
            reranker=load_reranker(self.settings.reranker, root=self.root),
            rerank_depth=self.settings.reranker.top,
        )

    def search(
        self, query: str, *, top: int = 5, where: "Where | None" = None, history: Sequence[str] = ()
    ) -> "list[Hit]":
        """The best articles for the query, each with its best passage.

        Args:
            query: what is looked for; if it asks several questions, the first article of each comes first.
            top: how many articles, at most.
            where: only articles with these values of language, audience or product.
            history: what the customer said before, oldest first, for a question that leans on it.
        """
        return list(self.retriever.find(query, top=top, where=where, history=history).hits)

    def assistant(self, *, on_turn: "Callable[[TurnRecord], None] | None" = None) -> "Assistant":
        """The assistant as `kit.toml` sets it up. `on_turn` receives the record of each turn.

        Raises:
            KitError: index, playbooks or chat model are not in order.
        """
        from kit.assistant import Assistant
        from kit.models import load_chat_model

        # First what fails fast: bad playbooks and a model without key are told before anything is loaded.
        playbooks, model = self.playbooks, load_chat_model(self.settings.chat)
        if on_turn is not None:
            self.telemetry  # noqa: B018  # Variables that are not right are said here, and not to a customer.
        nodes = self._nodes(playbooks, model)
        return Assistant(nodes, on_turn=on_turn, versions=self._versions() if on_turn else None)

    def host(self, playbooks: "Sequence[Playbook] | None" = None) -> "AssistantHost":
        """What plays the tests of playbooks: the assistant without its chat model, so that they always come out alike.

        With `playbooks` it knows these instead of those of the workspace, and nothing is kept of them.

        Raises:
            KitError: index or playbooks are not in order.
        """
        from kit.assistant import AssistantHost

        if playbooks is None:
            return AssistantHost(self._nodes(self.playbooks))
        return AssistantHost(self._nodes(playbooks, keep=False))

    def try_playbooks(self, ids: Sequence[str] = (), *, progress: Progress | None = None) -> "TrialReport":
        """Play the tests of the playbooks named, or of all.

        Raises:
            KitError: there is no such playbook, or index, playbooks or tools are not in order.
        """
        from kit.playbooks import chosen, try_playbooks

        sources = chosen(self.playbook_sources, ids)
        return try_playbooks(self.host(), sources, self.tools, progress=progress)

    def cover_playbooks(self, ids: Sequence[str] = (), *, progress: Progress | None = None) -> "CoverageReport":
        """What the tests of the playbooks named, or of all, reach.

        Raises:
            KitError: there is no such playbook, or index, playbooks or tools are not in order.
        """
        from kit.playbooks import chosen, cover

        chosen(self.playbook_sources, ids)  # a name that is none is said before anything is loaded
        return cover(self.host(), self.playbook_sources, self.tools, ids=ids, progress=progress)

    def _nodes(
        self, playbooks: "Sequence[Playbook]", model: "ChatModel | None" = None, *, keep: bool = True
    ) -> "Nodes":
        from kit.assistant import (
            ChatComposer,
            Composer,
            ExtractiveComposer,
            ModelPhraser,
            ModelReader,
            Nodes,
            load_prompt,
            shipped_confidence,
        )
        from kit.playbooks import Router, Shelf
        from kit.safety import Rules

        retriever = self.retriever
        composers: list[Composer] = [ExtractiveComposer(self.embedder, retriever.build)]
        phraser = reader = None
        if model is not None:
            company, rules = self.settings.name, Rules.of(self.settings.safety)
            composers.insert(0, ChatComposer(model, company=company, prompt=load_prompt("answer"), rules=rules))
            phraser = ModelPhraser(model, company, load_prompt("phrase"), rules)
            reader = ModelReader(model, company, load_prompt("read"), rules=rules)
        return Nodes(
            settings=self.settings,
            retriever=retriever,
            router=Router(
                playbooks,
                self.embedder,
                topics=retriever.build.columns.titles,
                cache=self.derived / "router.npz" if keep else None,
            ),
            shelf=Shelf(playbooks, folder=self.derived / "playbooks" if keep else None),
            tools=self.tools,
            composers=composers,
            confidence=shipped_confidence(),
            phraser=phraser,
            reader=reader,
        )

    def mutation_score(
        self,
        ids: Sequence[str] = (),
        *,
        sample: int | None = None,
        seed: int = 0,
        most_seconds: float | None = None,
        progress: Progress | None = None,
    ) -> "ScoreReport":
        """Change one thing at a time in the playbooks named, or in all, and see which changes no test notices.

        Verdicts are kept under `.kit/mutate` until something changes that they rest on.

        Raises:
            KitError: there is no such playbook, or index, playbooks or tools are not in order.
        """
        from kit.playbooks import chosen, score

        return score(
            self.host(),
            chosen(self.playbook_sources, ids),
            self.tools,
            sample=sample,
            seed=seed,
            most_seconds=most_seconds,
            keep_in=self.derived / "mutate",
            context=self._beside_playbooks(),
            progress=progress,
        )

    def recorded(self) -> "list[Recorded]":
        """What customers wrote in the conversations of the log, oldest first; personal data is masked in it.

        Raises:
            KitError: the log is damaged.
        """
        from datetime import date

        from kit.playbooks import Recorded

        path = self.derived / "audit" / "turns.jsonl"
        if not path.is_file():
            return []
        said: dict[str, tuple[str, list[str]]] = {}
        try:
            for row in self.audit.turns():
                said.setdefault(row["conversation_id"], (row["at"][:10], []))[1].append(row["message"])
            return [Recorded(id, tuple(texts), date.fromisoformat(day)) for id, (day, texts) in said.items()]
        except (ValueError, KeyError, TypeError) as error:
            raise KitError(f"The log of turns is damaged: {error!r}.", path=path, remedy="Move it away.") from error

    def _beside_playbooks(self) -> str:
        """A digest of all that a test of a playbook rests on beside the playbooks."""
        import json

        from kit.text import digest

        facts = {key: value for key, value in self.facts().items() if key not in ("playbooks", "chat_model")}
        path = self.root / "playbooks" / "tools.yaml"
        changing = [name for name, tool in sorted(self.tools.items()) if tool.changes]
        return digest(json.dumps(facts, sort_keys=True), path.read_bytes() if path.is_file() else "", *changing)

    def ask(self, question: str, history: "Iterable[Turn]" = (), *, deliver: bool = True) -> "Reply":
        """One reply to one question, after what was said before.

        Args:
            question: the customer's.
            history: what was said before.
            deliver: whether a hand-off goes to the people who take over; not wanted where questions are only tried.
        """
        assistant = self._assistant if deliver else self._trying
        conversation = assistant.start().model_copy(update={"turns": tuple(history)})
        return assistant.reply(conversation, question)[1]

    @cached_property
    def _assistant(self) -> "Assistant":
        return self.assistant(on_turn=self.record)

    @cached_property
    def _trying(self) -> "Assistant":
        def note(turn: "TurnRecord") -> None:
            self.audit.record_turn(turn)  # opened with the first turn, as in `record`

        return self.assistant(on_turn=note)

    def record(self, turn: "TurnRecord") -> None:
        """Keep the record of a turn, deliver its hand-off, and trace it.

        The log is opened with the first one: what is wrong with the workspace is said before anything is written.

        Raises:
            KitError: the log cannot be written.
            OSError: a full disk, say; whatever can still be done with the record is done before.
        """
        audit = self.audit
        try:
            self.desk.take(turn)
        finally:
            try:
                audit.record_turn(turn)
            finally:
                if self.telemetry is not None:
                    self.telemetry.record_turn(turn)

    def suites(self, names: Sequence[str] = ()) -> "list[Suite]":
        """The suites named, or all; their cases refer only to articles and playbooks that exist.

        Raises:
            KitError: a suite is malformed or refers to what does not exist; names file and line.
        """
        from kit.evals import check_articles, check_playbooks, load_suites

        suites = load_suites(self.root / "evals", names)
        check_playbooks(suites, [playbook.id for playbook in self.playbooks])
        check_articles(suites, self.retriever.build.columns.article_ids)
        return suites

    def evaluate(
        self,
        suites: Sequence[str] = (),
        *,
        out: Path | None = None,
        reuse: bool = False,
        progress: Progress | None = None,
    ) -> "Run":
        """Run suites (all, or those named) into a run folder, by default a new one under `.kit/runs`.

        With `reuse` the newest run is returned instead, if it is complete and made from the same suites, settings,
        articles, playbooks and code.

        Raises:
            KitError: suites, index or model are not in order, or the folder cannot be used.
        """
        from kit.evals import new_run_folder, run_suites
        from kit.reports import write_reports

        loaded, facts = self.suites(suites), self.facts()
        if reuse and (newest := self._newest_run()) is not None and newest.equals(loaded, facts):
            return newest
        passages = self.retriever.build.passage
        run = run_suites(
            self.assistant(),
            loaded,
            folder=out or new_run_folder(self.derived / "runs"),
            facts=facts,
            embedder=self.embedder,
            passages=lambda id: passages[id].text if id in passages else None,
            disclosure=self.settings.disclosure,
            progress=progress,
        )
        write_reports(run)
        return run

    @property
    def csat_file(self) -> Path:
        """The CSAT model that ratings were fitted with: a decision of the workspace, so it is kept with the evals."""
        return self.root / "evals" / "csat.json"

    def csat(self, *, coming: "Iterable[Mapping[str, Any]]" = ()) -> "CsatScorer":
        """What scores transcripts: with the calibrated model where there is one, else by the index alone.

        Args:
            coming: the rows that it will be asked for, in order; judged in batches, they take less time.

        Raises:
            KitError: the model is damaged, or was calibrated with another embedder.
        """
        from kit.evals import CsatModel, CsatScorer

        model = CsatModel.load(self.csat_file) if self.csat_file.is_file() else None
        return CsatScorer(model, lambda: self.embedder, coming=coming)

    def calibrate_csat(self, ratings: Path) -> "Calibration":
        """Fit the CSAT model to rated conversations and keep it.

        Raises:
            KitError: the file is not right; the model that was there still stands.
            TooLittle: too few conversations are rated, or all alike.
        """
        from kit.evals import calibrate

        self.csat_file.parent.mkdir(exist_ok=True)
        done = calibrate(ratings, self.embedder)
        done.model.save(self.csat_file)
        return done

    def backtest(self, *, out: Path | None = None, progress: Progress | None = None) -> "Backtest":
        """Replay the imported tickets into a folder, by default a new one under `.kit/backtests`.

        Raises:
            KitError: there are no tickets, index or model are not in order, or the folder cannot be used.
        """
        from kit.evals import new_run_folder
        from kit.feasibility import load_tickets, run_backtest

        return run_backtest(
            self.assistant(),
            load_tickets(self.root / "evals").tickets,
            folder=out or new_run_folder(self.derived / "backtests"),
            embedder=self.embedder,
            costs=self.settings.costs,
            articles=self.retriever.build.columns.article_ids,
            facts=self.facts(),
            progress=progress,
        )

    def _versions(self) -> dict[str, str]:
        """What has to be known to make sense of a turn later: each turn's record holds it."""
        from kit import __version__
        from kit.assistant import load_prompt, shipped_confidence
        from kit.text import digest

        prompts = {f"prompt.{name}": load_prompt(name).hash for name in ("answer", "phrase", "read")}
        return {
            "kit": __version__,
            "settings": digest(self.settings.model_dump_json())[:12],
            "index": self.retriever.build.manifest.corpus[:12],
            "embedder": self.embedder.fingerprint,
            "reranker": getattr(self.retriever.reranker, "fingerprint", "none"),
            "chat_model": self.settings.chat.model or "none (extractive)",
            "confidence_model": shipped_confidence().fitted_on,
            **prompts,
        }

    def facts(self) -> dict[str, object]:
        """What a run has to say about the workspace, so that two runs can be told apart or compared."""
        from kit.assistant import load_prompt, shipped_confidence
        from kit.text import digest

        manifest = self.retriever.build.manifest
        return {
            "workspace": self.settings.name,
            "settings": self.settings.model_dump(mode="json"),
            "embedder": self.embedder.fingerprint,
            "reranker": getattr(self.retriever.reranker, "fingerprint", "none"),
            "chat_model": self.settings.chat.model or "none (extractive)",
            "prompt": digest(*(load_prompt(name).text for name in ("answer", "phrase", "read"))),
            "confidence_model": shipped_confidence().fitted_on,
            "corpus": manifest.corpus,
            "playbooks": digest(*(playbook.model_dump_json() for playbook in self.playbooks)),
            "code": digest(*(path.read_bytes() for path in sorted(Path(__file__).parent.rglob("*.py")))),
        }

    def run(self, name: str | None = None) -> "Run":
        """A run by its id or folder; without a name the newest.

        Raises:
            KitError: there is none.
        """
        from kit.evals import Run

        runs = self.derived / "runs"
        if name is not None:
            return Run.load(Path(name) if Path(name).is_dir() else runs / name)
        newest = self._newest_run()
        if newest is None:
            raise KitError("There is no run yet.", path=runs, remedy="Make one with `kit eval`.")
        return newest

    def _newest_run(self) -> "Run | None":
        from kit.evals import Run

        folders = sorted(path.parent for path in (self.derived / "runs").glob("*/run.json"))
        return Run.load(folders[-1]) if folders else None

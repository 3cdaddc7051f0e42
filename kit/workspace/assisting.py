"""Wires the assistant: everything that a turn needs."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import kit
from kit.workspace.deciding import Deciding

if TYPE_CHECKING:
    from kit.assistant import Assistant, Composer, Nodes, Prompt, Reply, Turn, TurnRecord
    from kit.models import ChatModel
    from kit.playbooks import Playbook

__all__ = ["Assisting"]


class Assisting(Deciding):
    """A workspace that replies."""

    def assistant(self, *, on_turn: "Callable[[TurnRecord], None] | None" = None, strict: bool = False) -> "Assistant":
        """The assistant as `kit.toml` sets it up.

        Args:
            on_turn: receives the record of each turn.
            strict: for measuring: what breaks a turn is raised instead of making a hand-off of it.

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
        versions = self._versions() if on_turn else None
        # One answer that no model writes is there at once: nothing to stream.
        walks = self.brief and model is None
        return Assistant(nodes, on_turn=on_turn, versions=versions, strict=strict, walks=walks)

    @cached_property
    def prompts(self) -> "dict[str, Prompt]":
        """What chat models are told, by name."""
        from kit.assistant import PROMPTS, load_prompt

        return {name: load_prompt(name) for name in PROMPTS}

    def _nodes(
        self, playbooks: "Sequence[Playbook]", model: "ChatModel | None" = None, *, keep: bool = True
    ) -> "Nodes":
        from kit.assistant import ExtractiveComposer, Nodes
        from kit.playbooks import Router, Shelf

        retriever = self.retriever.for_customers()
        composers: list[Composer] = [ExtractiveComposer(self.embedder, retriever.build)]
        phraser = reader = translator = None
        if model is not None:
            from kit.assistant import ChatComposer, Detector, Meaning, ModelPhraser, ModelReader, Translator
            from kit.models import CappedModel
            from kit.safety import Rules

            company, rules, voice = self.settings.name, Rules.of(self.settings.safety), self.settings.assistant.voice
            model = CappedModel(model, settings=self.settings.chat, spent_before=self._spent_today)
            composer = ChatComposer(
                model,
                company=company,
                prompt=self.prompts["answer"],
                rules=rules,
                voice=voice,
                budget=self.settings.chat.prompt_chars,
                meaning=Meaning(self.embedder),
            )
            composers.insert(0, composer)
            phraser = ModelPhraser(model, company, self.prompts["phrase"], rules, voice, Meaning(self.embedder))
            reader = ModelReader(model, company, self.prompts["read"], rules=rules)
            translator = Translator(
                model,
                company,
                self.prompts["understand"],
                self.prompts["translate"],
                Detector.of(self.settings.language, retriever.build),
                rules,
                Meaning(self.embedder),
            )
        return Nodes(
            settings=self.settings_in_force,
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
            confidence=self.confidence,
            phraser=phraser,
            reader=reader,
            translator=translator,
        )

    def _spent_today(self) -> float:
        """What the turns of today's log have cost so far."""
        from datetime import datetime

        spent, today = 0.0, datetime.now().astimezone().date()
        for turn in self.audit.turns():
            if turn.get("cost") and datetime.fromisoformat(turn["at"]).astimezone().date() == today:
                spent += turn["cost"]["amount"]
        return spent

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

    def talking(self) -> "Assistant":
        """The assistant for customers: each turn is kept, handed off and traced.

        Raises:
            KitError: index, playbooks or chat model are not in order, or the log cannot be written.
        """
        assistant = self.assistant(on_turn=self.record)
        # After all that may be wrong with the workspace, and before a customer waits.
        self.audit  # noqa: B018
        return assistant

    @cached_property
    def _assistant(self) -> "Assistant":
        return self.talking()

    @cached_property
    def _trying(self) -> "Assistant":
        def note(turn: "TurnRecord") -> None:
            self.audit.record_turn(turn)

        assistant = self.assistant(on_turn=note)
        self.audit  # noqa: B018
        return assistant

    def _versions(self) -> dict[str, str]:
        """What has to be known to make sense of a turn later: each turn's record holds it."""
        from kit.text import digest

        prompts = {f"prompt.{name}": prompt.hash for name, prompt in self.prompts.items()}
        return {
            "kit": kit.__version__,
            "settings": digest(self.settings_in_force.model_dump_json())[:12],
            "index": self.retriever.build.manifest.corpus[:12],
            "embedder": self.embedder.fingerprint,
            "reranker": self.reranker_fingerprint,
            "chat_model": self.settings.chat.model or "none (extractive)",
            "confidence_model": self.confidence.fitted_on,
            **prompts,
        }

    def facts(self) -> dict[str, object]:
        """What a run has to say about the workspace, so that two runs can be told apart or compared."""
        from kit.text import digest

        manifest = self.retriever.build.manifest
        return {
            "workspace": self.settings.name,
            "settings": self.settings_in_force.model_dump(mode="json"),
            "embedder": self.embedder.fingerprint,
            "reranker": self.reranker_fingerprint,
            "chat_model": self.settings.chat.model or "none (extractive)",
            "prompt": digest(*(prompt.text for prompt in self.prompts.values())),
            "confidence_model": self.confidence.fitted_on,
            "calibrations": self._calibrations(),
            "corpus": manifest.corpus,
            "playbooks": digest(*(playbook.model_dump_json() for playbook in self.playbooks)),
            "tools": digest(tools.read_bytes() if (tools := self.root / "playbooks" / "tools.yaml").is_file() else b""),
            "code": digest(*(path.read_bytes() for path in sorted(Path(kit.__file__).parent.rglob("*.py")))),
        }

    def _calibrations(self) -> dict[str, str]:
        """A digest of each file that a calibration has left beside the suites."""
        from kit.text import digest

        files = (self.root / "evals" / f"{name}.json" for name in ("confidence", "csat", "judge"))
        return {file.stem: digest(file.read_bytes()) for file in files if file.is_file()}

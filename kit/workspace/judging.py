"""Wires judges: a chat model of the workspace, and how far people agree with it."""

from pathlib import Path
from typing import TYPE_CHECKING

from kit.errors import KitError, ModelUnavailable
from kit.progress import Progress
from kit.workspace.trying import Trying

if TYPE_CHECKING:
    from kit.evals import Judge, JudgeAgreement

__all__ = ["Judging"]


class Judging(Trying):
    """A workspace whose answers a chat model may judge."""

    @property
    def csat_file(self) -> Path:
        """The CSAT model that ratings were fitted with: a decision of the workspace, so it is kept with the evals."""
        return self.root / "evals" / "csat.json"

    @property
    def judge_file(self) -> Path:
        """How far people agree with judges: evidence that runs rest on, so it is kept with the evals."""
        return self.root / "evals" / "judge.json"

    def judge(self, model: str) -> "Judge":
        """A judge, with what is known of it.

        The address under [chat] in kit.toml is its address too, unless a model of another provider is named there.

        Raises:
            KitError: the name is empty, the model cannot be set up, or `evals/judge.json` is damaged.
        """
        from kit.evals import Judge, load_standing
        from kit.models import load_chat_model
        from kit.safety import Rules

        if not model.strip():
            raise KitError("The judge has no name.", remedy="Write it as `openai:gpt-5`.")
        chat = self.settings.chat
        same = chat.model.partition(":")[0] in ("", model.partition(":")[0])
        settings = chat.model_copy(
            update={"model": model, "base_url": chat.base_url if same else "", "temperature": 0.0}
        )
        try:
            loaded = load_chat_model(settings)
        except ModelUnavailable as error:
            # What it says of [chat] in kit.toml is no way out here.
            remedy = (error.remedy or "").partition("r remove `model`")[0].rstrip(" ,oO.")
            remedy = f"{remedy}, or do without `--judge`." if remedy else "Mend that, or do without `--judge`."
            raise ModelUnavailable(error.problem, remedy=remedy) from None
        assert loaded is not None
        return Judge(
            loaded,
            model,
            rules=Rules.of(self.settings.safety),
            standing=load_standing(self.judge_file, model),
            price=chat.price if model == chat.model else None,  # of other models nobody said it
        )

    def calibrate_judge(
        self, labels: Path, model: str, *, progress: Progress | None = None
    ) -> "tuple[JudgeAgreement, ...]":
        """Hold a judge against people's labels, and keep what comes out.

        Raises:
            KitError: the file or the model is not right; what was known before still stands.
            TooLittle: too few labels or judgements.
        """
        from kit.evals import calibrate_judge, save_agreements

        found = calibrate_judge(labels, self.judge(model), embedder=self.embedder, progress=progress)
        save_agreements(self.judge_file, found)
        return found

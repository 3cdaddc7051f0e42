"""The script of a simulated customer, as it stands in a suite: who they are, what they want, what they can tell."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

__all__ = ["PERSONAS", "ChangeOfMind", "Ending", "Manner", "Persona", "Script"]

Persona = Literal["plain", "terse", "rambling", "polite", "angry", "anxious", "non_native"]
Ending = Literal["content", "with_person", "gave_up", "limit"]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Manner(_Value):
    """How a persona behaves, apart from its words.

    Attributes:
        mood: at the start, from -1 (furious) to 1 (delighted).
        swing: by what a reply's effect on the mood is multiplied.
        silent: the share that leaves without a word once they have what they came for.
        person: the share that asks for a person when patience ends; the others give up.
        returns: the share that comes back within two weeks when nothing was solved.
        typos: the share of words that are misspelt.
    """

    mood: float = Field(0, ge=-1, le=1)
    swing: float = Field(1, gt=0)
    silent: float = Field(0.4, ge=0, le=1)
    person: float = Field(0.5, ge=0, le=1)
    returns: float = Field(0.6, ge=0, le=1)
    typos: float = Field(0.02, ge=0, le=0.5)


# Set by judgement, not fitted to anybody's customers: a suite's figures are to be compared, not taken for a forecast.
PERSONAS: Final[dict[Persona, Manner]] = {
    "plain": Manner(),
    "terse": Manner(silent=0.8, person=0.4, typos=0.05),
    "rambling": Manner(silent=0.2, typos=0.03),
    "polite": Manner(mood=0.2, swing=0.7, silent=0.1, person=0.3, typos=0.0),
    "angry": Manner(mood=-0.5, swing=1.4, silent=0.7, person=0.9, returns=0.8, typos=0.04),
    "anxious": Manner(mood=-0.2, swing=1.2, silent=0.2, person=0.7, returns=0.8),
    "non_native": Manner(swing=0.8, silent=0.4, person=0.3, typos=0.06),
}


class ChangeOfMind(_Value):
    """Something else that the customer says instead of answering, once."""

    after: int = Field(1, ge=1)
    says: str = Field(min_length=1)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


_Texts = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_listed)]


class Script(_Value):
    """A simulated customer.

    Attributes:
        goal: what they want, in one line for whoever reads the report.
        opens: what they write first; further texts are other ways to say it, for when they are not understood.
        knows: what they answer when they are asked for it: words of the question → the answer.
        does_not_know: words of questions that they cannot answer.
        agrees: what they say to "Shall I go ahead?".
        satisfied_by: what a reply must say for them to be content; without it the case's `must_contain`, or else an
            answer from one of its articles, or what the case expects.
        asks: what else they ask, one after the other, once they have the first answer.
        changes_mind: what they suddenly say instead, after so many replies.
        persona: the manner and the words.
        patience: how many replies that do not help they bear in one visit.
        notices: whether they see at once that an answer is wrong; else they leave content, and come back.
        manner: overrides single traits of the persona.
    """

    goal: str = Field(min_length=1)
    opens: _Texts = Field(min_length=1)
    knows: dict[str, str] = {}
    does_not_know: _Texts = ()
    agrees: bool = True
    satisfied_by: _Texts = ()
    asks: _Texts = ()
    changes_mind: ChangeOfMind | None = None
    persona: Persona = "plain"
    patience: int = Field(3, ge=1, le=10)
    notices: bool = True
    manner: dict[Literal["mood", "swing", "silent", "person", "returns", "typos"], float] = {}

    @model_validator(mode="after")
    def _apart(self) -> "Script":
        if both := {key.casefold() for key in self.knows} & {key.casefold() for key in self.does_not_know}:
            raise ValueError(f"`{min(both)}` stands in `knows` and in `does_not_know`")
        self.traits  # noqa: B018  # A trait out of its range is refused with the script.
        return self

    @property
    def traits(self) -> Manner:
        """The persona's manner with the script's own traits."""
        return Manner.model_validate(PERSONAS[self.persona].model_dump() | self.manner)

"""CLINC150 (Larson et al. 2019): 150 intents as 150 playbooks, and sentences that belong to none.

Layers, their weights, the strength of the regression and what the kit supposes about strangers were chosen on the half
of the intents in `CHOSEN_ON` (five of the ten domains); nothing was chosen on a test sentence.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kit.playbooks import Playbook, Router
from tests.bench.data import DATA
from tests.bench.routing.tables import Remembering, calibration_error, playbook, share

__all__ = ["run"]

SEEDS = range(5)
WANTED = 0.955  # in scope, above the threshold
# Kitchen and dining, home, auto and commute, utility, small talk.
CHOSEN_ON = frozenset(
    """food_last confirm_reservation how_busy ingredients_list calories nutrition_info recipe restaurant_reviews
    restaurant_reservation meal_suggestion restaurant_suggestion cancel_reservation ingredient_substitution cook_time
    accept_reservations what_song play_music todo_list_update reminder reminder_update calendar_update order_status
    update_playlist shopping_list calendar next_song order todo_list shopping_list_update smart_home current_location
    oil_change_when oil_change_how uber traffic tire_pressure schedule_maintenance gas mpg distance directions
    last_maintenance gas_type tire_change jump_start weather alarm date find_phone share_location timer make_call
    calculator definition measurement_conversion flip_coin spelling time roll_dice text who_made_you meaning_of_life
    who_do_you_work_for do_you_have_pets what_are_your_hobbies fun_fact what_is_your_name where_are_you_from goodbye
    thank_you greeting tell_joke are_you_a_bot how_old_are_you what_can_i_ask_you""".split()
)

Rows = list[tuple[str, str]]


@dataclass(frozen=True)
class _Measured:
    """What routing some sentences gave, one entry a sentence."""

    right: list[bool]
    chances: list[float]
    best: list[float]

    @classmethod
    def of(cls, router: Router, rows: Iterable[tuple[str, str]]) -> "_Measured":
        routes = [(intent, router.route(text)) for text, intent in rows]
        return cls(
            [route.playbook == _id(intent) for intent, route in routes],
            [route.probability for _, route in routes],
            [route.playbooks[0][1] if route.playbooks else 0.0 for _, route in routes],
        )


def run() -> None:
    """Print the tables."""
    path = DATA / "clinc150" / "data_full.json"
    if not path.is_file():
        print("CLINC150: left out, it is not here (set KIT_BENCH_DATA).")
        return
    data: dict[str, Rows] = {
        name: [(text, intent) for text, intent in rows]
        for name, rows in json.loads(path.read_text(encoding="utf-8")).items()
    }
    embedder = Remembering()
    _few(data, embedder)
    _all(data, embedder)


def _few(data: Mapping[str, Rows], embedder: Remembering) -> None:
    every = frozenset(intent for _, intent in data["train"])
    print("\nRouting, CLINC150 test, 10 examples an intent, no sentence out of scope seen: right [95 % interval] n")
    print(f"{'intents':<34}{'all draws':>32}{'lowest':>8}{'highest':>8}{'ECE':>7}{'AUROC':>7}")
    for name, intents in (
        ("all 150", every),
        ("75, the half chosen on", CHOSEN_ON),
        ("75, the other half", every - CHOSEN_ON),
    ):
        found, auroc, test = [], [], [row for row in data["test"] if row[1] in intents]
        for seed in SEEDS:
            router = Router(_drawn(data["train"], sorted(intents), seed), embedder)
            found.append(_Measured.of(router, test))
            auroc.append(_auroc(found[-1].best, _Measured.of(router, data["oos_test"]).best))
        right = [sum(one.right) for one in found]
        errors = [calibration_error(one.chances, one.right) for one in found]
        print(
            f"{name:<34}{share(sum(right), len(test) * len(found)):>32}{min(right) / len(test):>8.3f}"
            f"{max(right) / len(test):>8.3f}{np.mean(errors):>7.3f}{np.mean(auroc):>7.3f}"
        )


def _drawn(rows: Rows, intents: Sequence[str], seed: int) -> list[Playbook]:
    draw = np.random.default_rng(seed)
    texts = {intent: [text for text, of in rows if of == intent] for intent in intents}
    return [
        playbook(_id(intent), _title(intent), (texts[intent][place] for place in draw.permutation(100)[:10]))
        for intent in intents
    ]


def _all(data: Mapping[str, Rows], embedder: Remembering) -> None:
    intents = sorted({intent for _, intent in data["train"]})
    playbooks = [playbook(_id(one), _title(one), (text for text, of in data["train"] if of == one)) for one in intents]
    # What CLINC gives of strangers for training, where a workspace would put it.
    strangers = tuple(text for text, _ in data["oos_train"])
    playbooks[0] = playbooks[0].model_copy(update={"not_for": strangers})
    router = Router(playbooks, embedder)
    known = _Measured.of(router, data["val"])
    # The highest threshold at which the validation sentences in scope stay as right as they have to be.
    right = sorted((best for hit, best in zip(known.right, known.best, strict=True) if hit), reverse=True)
    threshold = right[min(len(right), math.ceil(WANTED * len(known.right))) - 1]
    known, strange = _Measured.of(router, data["test"]), _Measured.of(router, data["oos_test"])
    kept = [right and best >= threshold for right, best in zip(known.right, known.best, strict=True)]
    found = [best < threshold for best in strange.best]
    print(f"\nRouting, CLINC150 test, 100 examples an intent, threshold {threshold:.3f} chosen on validation")
    print(f"{'right playbook, no threshold':<40}{share(sum(known.right), len(kept)):>30}")
    print(f"{'right playbook above the threshold':<40}{share(sum(kept), len(kept)):>30}")
    print(f"{'out of scope found':<40}{share(sum(found), len(found)):>30}")
    print(f"{'AUROC':<40}{_auroc(known.best, strange.best):>30.3f}")
    print(f"{'calibration error, in scope':<40}{calibration_error(known.chances, known.right):>30.3f}")


def _auroc(known: Sequence[float], strange: Sequence[float]) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score([1] * len(known) + [0] * len(strange), [*known, *strange]))


def _id(intent: str) -> str:
    return intent.replace("_", "-")


def _title(intent: str) -> str:
    return intent.replace("_", " ")

"""CSAT proxies from transcripts.

transcript (reading)  →  signals (wording)  →  index       uncalibrated, for any transcript
features (lexicon, numbers)  →  ridge (solving)  →  fitting  →  model   calibrated on rated conversations
agreement, figures, peer  →  calibrating                   what a calibration is worth
"""

from kit.evals.csat.agreement import krippendorff, spearman
from kit.evals.csat.calibrating import Calibration, calibrate
from kit.evals.csat.figures import CsatFigure
from kit.evals.csat.index import WEIGHTS, Part, Reading, read_signals
from kit.evals.csat.model import CsatModel, Judged
from kit.evals.csat.reading import read_talk, talk_of
from kit.evals.csat.scoring import CsatScorer
from kit.evals.csat.signals import SIGNALS, Signal, SignalName
from kit.evals.csat.transcript import Talk
from kit.evals.csat.wording import closes, complains, thanks

__all__ = [
    "SIGNALS",
    "WEIGHTS",
    "Calibration",
    "CsatFigure",
    "CsatModel",
    "CsatScorer",
    "Judged",
    "Part",
    "Reading",
    "Signal",
    "SignalName",
    "Talk",
    "calibrate",
    "closes",
    "complains",
    "krippendorff",
    "read_signals",
    "read_talk",
    "spearman",
    "talk_of",
    "thanks",
]

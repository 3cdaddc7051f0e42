"""The operating point: the confidence fitted to labelled cases, and the threshold whose wrong answers are bounded."""

from kit.feasibility.operating.calibrating import Calibration, calibrate
from kit.feasibility.operating.fitting import Fit, fit
from kit.feasibility.operating.labelled import Labelled, labelled, labels_search, rows_of
from kit.feasibility.operating.points import operating_point
from kit.feasibility.operating.quality import Bin, Quality, auc, ece, quality, reliability

__all__ = [
    "Bin",
    "Calibration",
    "Fit",
    "Labelled",
    "Quality",
    "auc",
    "calibrate",
    "ece",
    "fit",
    "labelled",
    "labels_search",
    "operating_point",
    "quality",
    "reliability",
    "rows_of",
]

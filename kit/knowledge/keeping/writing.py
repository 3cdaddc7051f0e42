"""Writes a build, in stages; it counts only once the pointer leads to it."""

from dataclasses import replace
from pathlib import Path

from kit.errors import KitError
from kit.knowledge.keeping.chroma import Place, changes_when_opened, fill
from kit.knowledge.keeping.columns import Columns, write_columns
from kit.knowledge.keeping.fields import VECTORS, WORDS, Corpus
from kit.knowledge.keeping.files import checksums, sync
from kit.knowledge.keeping.manifest import Manifest
from kit.knowledge.keeping.past import Past
from kit.knowledge.keeping.rows import write_rows
from kit.knowledge.keeping.vectors import Vectors, embed, write_vectors
from kit.knowledge.keeping.words import write_words
from kit.models import Embedder
from kit.progress import Progress

__all__ = ["UNCHANGED", "write_build"]

UNCHANGED = "What was there before is unchanged; make room or set the rights, then run `kit index` again."


def write_build(
    folder: Path,
    *,
    manifest: Manifest,
    corpus: Corpus,
    embedder: Embedder,
    past: Past,
    progress: Progress | None = None,
) -> int:
    """Write a build into `folder`, durably, its manifest last.

    Args:
        folder: the build, which does not exist yet.
        manifest: what it is made of; the rest is filled in here.
        corpus: the articles and their passages.
        embedder: makes the vectors.
        past: the build before, from which is taken what need not be made again.
        progress: told after each step.

    Returns:
        How many texts had to be embedded.

    Raises:
        OSError: it cannot be written.
        KitError: likewise, or the embedder or the server cannot be used.
    """
    fields = {name: list(texts(corpus)) for name, texts in VECTORS.items()}
    vectors, embedded = embed(fields, embedder, past.vectors(embedder=embedder.fingerprint), progress)
    folder.mkdir(parents=True)
    write_columns(folder, corpus)
    write_rows(folder / "articles.jsonl", corpus.articles)
    write_rows(folder / "passages.jsonl", corpus.passages)
    (folder / "vectors").mkdir()
    for name, (matrix, keys) in vectors.items():
        write_vectors(folder / "vectors", name, matrix, keys)
    words = past.words()
    for name, texts in WORDS.items():
        write_words(folder / "words" / name, list(texts(corpus)), words.get(name))
    matrix = vectors["passages"][0]
    canary = _write_store(folder, manifest, matrix, progress)
    sums = checksums(folder, leave_out=changes_when_opened)
    counts = {"articles": len(corpus.articles), "passages": len(corpus.passages), "dimension": matrix.shape[1]}
    replace(manifest, **counts, canary=canary, files=sums).write(folder)
    sync(folder)
    return embedded


def _write_store(folder: Path, manifest: Manifest, vectors: Vectors, progress: Progress | None) -> int:
    place: Place = manifest.store or folder / "chroma"
    try:
        return fill(place, manifest.collection, columns=Columns(folder), vectors=vectors, progress=progress)
    except (KitError, OSError):
        raise
    except BaseException as error:
        # Chroma's errors come from three packages; where its Rust part gives up it raises what is no Exception.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise KitError(
                f"Chroma cannot write the index ({reason}).", path=folder.parent, remedy=UNCHANGED
            ) from error
        raise

"""Writes a build, in stages; it counts only once the pointer leads to it."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from kit.errors import KitError
from kit.knowledge.keeping.chroma import Place, changes_when_opened, fill
from kit.knowledge.keeping.columns import Columns, write_columns
from kit.knowledge.keeping.fields import VECTORS, WORDS, Corpus, told
from kit.knowledge.keeping.files import checksums, sync
from kit.knowledge.keeping.manifest import Manifest
from kit.knowledge.keeping.past import Past
from kit.knowledge.keeping.rows import write_rows
from kit.knowledge.keeping.tokens import TokenWriter
from kit.knowledge.keeping.vectors import Vectors, embed, write_vectors
from kit.knowledge.keeping.whitening import write_whitening
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
        How many passages had to be embedded.

    Raises:
        OSError: it cannot be written.
        KitError: likewise, or the embedder or the server cannot be used.
    """
    fields = {name: list(texts(corpus)) for name, texts in VECTORS.items()}
    known = past.vectors(embedder=embedder.fingerprint)
    (folder / "vectors").mkdir(parents=True)
    with TokenWriter(folder / "vectors", past.tokens(embedder=embedder.fingerprint), embedder) as tokens:
        vectors, embedded = embed(fields, embedder, known, tokens, progress)
        tokens.finish(vectors["passages"][1])
    write_columns(folder, corpus)
    write_rows(folder / "articles.jsonl", corpus.articles)
    write_rows(folder / "passages.jsonl", corpus.passages)
    for name, (matrix, keys) in vectors.items():
        write_vectors(folder / "vectors", name, matrix, keys)
    _write_derived(folder / "vectors", corpus, Columns(folder), {name: one for name, (one, _) in vectors.items()})
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


def _write_derived(folder: Path, corpus: Corpus, columns: Columns, vectors: dict[str, Vectors]) -> None:
    """What is computed from the vectors."""
    starts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum([len(told(one)) for one in corpus.passages])))
    np.save(folder / "sentences.starts.npy", starts.astype(np.int64))
    write_whitening(
        folder,
        passages=vectors["passages"],
        sentences=vectors["sentences"],
        article_of=columns.article_of,
        starts=starts,
    )


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

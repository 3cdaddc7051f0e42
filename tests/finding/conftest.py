"""Indexes that are searched and not changed."""

from pathlib import Path

import pytest

from kit.knowledge import HybridRetriever
from kit.workspace import Workspace
from tests.keeping.conftest import Shop

ERRORS = [f"E{number}" for number in range(201, 211)]
VERSIONS = [f"4.8.{number}" for number in range(1, 11)]
PARTS = [f"BL-1042{number}" for number in range(30, 40)]


@pytest.fixture(scope="session")
def retriever(sample: Path) -> HybridRetriever:
    """The retriever of the sample company, with the packaged model."""
    return Workspace.open(sample).retriever


@pytest.fixture(scope="session")
def twins(retriever: HybridRetriever, tmp_path_factory: pytest.TempPathFactory) -> HybridRetriever:
    """Articles that differ in an identifier only, with the packaged model."""
    shop = Shop(tmp_path_factory.mktemp("twins"), embedder=retriever.build.embedder)  # type: ignore[arg-type]
    for code in ERRORS:
        shop.write(
            f"errors/{code}.md",
            f"# Error {code}\n\nThe dial shows {code} when it cannot reach the boiler. Check the cable.\n",
        )
    for version in VERSIONS:
        shop.write(
            f"versions/{version}.md",
            f"# Firmware {version}\n\nFirmware {version} brings small repairs. It installs by itself at night.\n",
        )
    for part in PARTS:
        shop.write(f"parts/{part}.md", f"# Part {part}\n\nPart {part} is a bracket of steel for every wall plate.\n")
    shop.refresh()
    return HybridRetriever(build=shop.open())


FACTS = {
    "lamp-en": ("en", "customers", "Lamp"),
    "lamp-de": ("de", "customers", "Lamp"),
    "hub-en": ("en", "customers", "Hub"),
    "hub-fr": ("fr", "installers", "Hub"),
    "lamp-installers": ("en", "installers", "Lamp"),
}


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Articles in several languages, for several audiences, without a model."""
    shop = Shop(tmp_path_factory.mktemp("company"))
    for name, (language, audience, product) in FACTS.items():
        shop.write(
            f"{name}.md",
            f"---\nlanguage: {language}\naudience: {audience}\nproduct: {product}\n---\n"
            f"# Warranty of the {name}\n\nThe warranty of the {name} lasts two years. Keep the receipt.\n",
        )
    shop.write("plain.md", "# Opening hours\n\nThe shop opens at nine. It closes at six.\n")
    shop.refresh()
    return shop

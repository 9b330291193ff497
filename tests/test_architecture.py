"""Imports run one way, and each library is imported in its adapter alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "rag"

LAYERS = (
    ("types", "seams", "errors", "config"),
    ("text",),
    ("load", "embed"),
    ("index", "retrieve"),
    ("read", "citing", "verify", "chat"),
    ("conflicts",),
    ("answer", "drafts"),
    ("recipe",),
    ("judging",),
    ("indexing", "pipeline"),
    ("evaluate",),
    ("train", "bench"),
    ("web", "cli"),
    ("__main__",),
)
"""From the bottom up: a part imports from the layers below it and from itself."""
ALLOWED_BESIDE = {
    ("cli", "web"),  # the command that starts the page
}
"""Imports within one layer that are meant."""
WITHIN_LAYER = {"types", "seams", "errors", "config"}

ADAPTERS = {
    "faiss": {"index/vectors.py", "bench/peers/faiss_static.py"},
    "tantivy": {"index/lexical.py"},
    "sqlite3": {"index/store.py", "index/store_writer.py", "index/build.py"},
    "gradio": {
        "web/app.py",
        "web/server.py",
        "web/language.py",
        "web/chat_tab.py",
        "web/draft_tab.py",
        "web/vote_row.py",
        "web/evaluation_tab.py",
    },
    "fastapi": {"web/server.py"},
    "uvicorn": {"web/server.py"},
    "starlette": {"web/server.py", "web/security.py"},
    "openai": {
        "chat/connection.py",
        "chat/faults.py",
        "chat/reply.py",
        "chat/request.py",
    },
    "httpx2": {"chat/connection.py"},
    "opencc": {"text/normalise.py"},
    "pypdf": {"load/pdf_worker.py"},
    "docx": {"load/docx.py"},
    "selectolax": {"load/html.py"},
    "tokenizers": {"embed/static.py", "train/corpus.py", "bench/peers/faiss_static.py"},
    "sentence_transformers": {
        "embed/sentence.py",
        "embed/cross_encoder.py",
        "embed/inference.py",
        "train/embedder.py",
        "bench/peers/faiss_static.py",
    },
    "torch": {
        "embed/source.py",
        "train/embedder.py",
        "train/evidence.py",
        "train/reader/network.py",
        "train/reader/batches.py",
        "train/reader/loop.py",
        "train/reader/measure.py",
        "train/reader/job.py",
    },
    "onnxruntime": {"read/network.py"},
    "onnx": {"train/reader/graph.py"},
    "sklearn": {"train/forest.py", "train/reader/context.py"},
    "rich": {"cli/output.py"},
    "ir_measures": {"evaluate/measures/retrieval.py"},
    "scipy": {"evaluate/statistics.py", "train/reader/context.py"},
    "matplotlib": {"bench/plot.py", "evaluate/report/canvas.py"},
    "jinja2": {"evaluate/report/html.py"},
    "bm25s": {"bench/peers/bm25s_alone.py"},
    "haystack": {"bench/peers/haystack_memory.py"},
    "llama_index": {"bench/peers/llama_index_bm25.py"},
    "pydantic": {"config.py"},
    "pydantic_settings": {"config.py"},
}
"""Library to the modules that may import it."""
ANYWHERE = {"numpy"}
LAZY = {"torch", "onnxruntime", "onnx", "sklearn", "sentence_transformers", "openai", "httpx2", "gradio", "fastapi", "uvicorn",
        "rich", "opencc", "pypdf", "docx", "selectolax", "faiss", "ir_measures", "scipy",
        "matplotlib", "jinja2"}  # fmt: skip
"""Never imported at the head of a module, but for those that are themselves imported lazily."""
LAZY_MODULES = {"web/app.py", "web/language.py", "web/chat_tab.py", "web/vote_row.py",
                "web/draft_tab.py", "web/evaluation_tab.py", "load/pdf_worker.py", "load/docx.py", "load/html.py",
                "index/vectors.py", "web/security.py", "chat/faults.py",
                "bench/peers/faiss_static.py", "train/reader/network.py", "train/reader/loop.py",
                "train/reader/batches.py", "train/reader/measure.py",
                "train/reader/graph.py", "train/reader/export.py"}  # fmt: skip

MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def part_of(path: Path) -> str:
    """The layer's member that a module belongs to: its folder, or its name at the top."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """(dotted name, whether at the head of the module) of every import but those for types only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    head = {id(node) for node in tree.body}
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            skipped.update(id(inner) for inner in ast.walk(node))
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in head) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield str(node.module), id(node) in head


def rank(part: str) -> int:
    return next(height for height, layer in enumerate(LAYERS) if part in layer)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_run_one_way(path: Path) -> None:
    mine = part_of(path)
    if mine == "__init__":
        assert [name for name, _ in imports(path) if name.startswith("rag")] == []
        return
    upwards = []
    for name, _ in imports(path):
        parts = name.split(".")
        if parts[0] != "rag" or len(parts) == 1 or parts[1] == mine:
            continue
        beside = (mine, parts[1]) in ALLOWED_BESIDE or {mine, parts[1]} <= WITHIN_LAYER
        if rank(parts[1]) >= rank(mine) and not beside:
            upwards.append(name)
    assert upwards == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_each_library_is_imported_in_its_adapter_alone(path: Path) -> None:
    stray = {
        name
        for name, _ in imports(path)
        if (library := name.split(".")[0]) in ADAPTERS and name_of(path) not in ADAPTERS[library]
    }
    assert stray == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_slow_libraries_are_imported_when_needed(path: Path) -> None:
    if name_of(path) in LAZY_MODULES:
        return
    assert [name for name, at_head in imports(path) if at_head and name.split(".")[0] in LAZY] == []


def test_every_outside_library_is_named_here_and_declared() -> None:
    import sys
    import tomllib

    used = {
        name.split(".")[0]
        for path in MODULES
        for name, _ in imports(path)
        if name.split(".")[0] not in sys.stdlib_module_names | {"rag"}
    }
    assert used - set(ADAPTERS) - ANYWHERE == set()
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    optional = project["project"]["optional-dependencies"].get("peers", [])
    declared = {
        name.split(">=")[0].split("[")[0].replace("-", "_")
        for name in [*project["project"]["dependencies"], *optional]
    }
    distribution = {"docx": "python_docx", "faiss": "faiss_cpu", "haystack": "haystack_ai",
                    "llama_index": "llama_index_retrievers_bm25", "sklearn": "scikit_learn"}  # fmt: skip
    assert {distribution.get(name, name) for name in used} <= declared


def test_lock_pins_every_package_exactly_and_names_no_machine_or_registry() -> None:
    lines = (PACKAGE.parent / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [pin for pin in pins if pin.count("==") != 1 or "/" in pin or "@" in pin] == []
    assert "torch==2.13.0" in pins
    assert [pin for pin in pins if pin.startswith(("nvidia", "cuda", "triton"))] == []

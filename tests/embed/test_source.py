"""What a model folder may bring, for the embedder and the reranker alike: tensors, never code."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.embed.cross_encoder import CrossEncoderReranker
from rag.embed.sentence import SentenceTransformersEmbedder
from rag.errors import EmbedderError
from tests.embed.tiny import save_tiny_bert, save_tiny_model

Load = Callable[[str], Any]
LOADERS: dict[str, tuple[str, Load]] = {
    "embedder": ("BertModel", SentenceTransformersEmbedder),
    "reranker": ("BertForSequenceClassification", CrossEncoderReranker),
}


class Runs:
    """Unpickled, it makes a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.mark),)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("models")
    return {kind: save_tiny_bert(root / kind, saved) for kind, (saved, _) in LOADERS.items()}


@pytest.fixture(params=LOADERS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def folder(kind: str, sound: dict[str, Path], tmp_path: Path) -> Path:
    """A sound model's folder, to be spoilt."""
    return shutil.copytree(sound[kind], tmp_path / "model")


def load(kind: str, name: object) -> Any:
    return LOADERS[kind][1](str(name))


def fault(kind: str, name: object) -> str:
    """The one line with which loading fails."""
    with pytest.raises(EmbedderError) as caught:
        load(kind, name)
    line = str(caught.value)
    assert "\n" not in line and len(line) < 600 and caught.value.do
    return line


def edit(path: Path, **changes: Any) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(data | changes), encoding="utf-8")


def put_code(folder: Path) -> Path:
    """A module in the folder that leaves a mark when it is run."""
    mark = folder.parent / "ran"
    text = f"import os; os.mkdir({str(mark)!r})\nclass C: pass\n"
    (folder / "modeling_own.py").write_text(text, encoding="utf-8")
    return mark


CODE = {"AutoConfig": "modeling_own.C", "AutoModel": "modeling_own.C",
        "AutoModelForSequenceClassification": "modeling_own.C"}  # fmt: skip


def test_model_that_needs_code_of_its_folder_is_refused_and_the_code_not_run(
    kind: str, folder: Path
) -> None:
    mark = put_code(folder)
    edit(folder / "config.json", auto_map=CODE, model_type="own")
    assert "brings code of its own" in fault(kind, folder)
    assert not mark.exists()


def test_model_of_a_known_type_loads_without_the_code_beside_it(kind: str, folder: Path) -> None:
    mark = put_code(folder)
    edit(folder / "config.json", auto_map=CODE)
    tokenizer = {"AutoTokenizer": ["modeling_own.C", "modeling_own.C"]}
    edit(folder / "tokenizer_config.json", auto_map=tokenizer)
    assert load(kind, folder).identity == load(kind, folder).identity
    assert not mark.exists()


def test_modules_that_are_not_the_library_s_are_refused(kind: str, folder: Path) -> None:
    mark = put_code(folder)
    modules = [{"idx": 0, "name": "0", "path": "", "type": "modeling_own.C"}]
    (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    assert "brings code of its own (modeling_own.C)" in fault(kind, folder)
    assert not mark.exists()


@pytest.mark.parametrize("text", ["{", "[1]", '{"a": 1}', '[{"path": ""}]', "\x00"])
def test_modules_file_that_cannot_be_read_is_one_line(kind: str, folder: Path, text: str) -> None:
    (folder / "modules.json").write_text(text, encoding="utf-8")
    assert "modules.json cannot be read" in fault(kind, folder)


@pytest.mark.parametrize("zipped", [True, False])
def test_pickle_of_more_than_tensors_is_refused_and_not_run(
    kind: str, zipped: bool, folder: Path
) -> None:
    import torch

    mark = folder.parent / "ran"
    (folder / "model.safetensors").unlink()
    if zipped:
        torch.save({"weight": Runs(mark)}, folder / "pytorch_model.bin")
    else:
        (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Runs(mark), protocol=2))
    assert "a pickle that holds more than tensors" in fault(kind, folder)
    assert not mark.exists()


def test_pickle_of_a_module_s_weights_is_refused_and_not_run(tmp_path: Path) -> None:
    import torch

    folder, mark = save_tiny_model(tmp_path / "model"), tmp_path / "ran"
    (folder / "model.safetensors").unlink()
    torch.save({"embedding.weight": Runs(mark)}, folder / "pytorch_model.bin")
    assert "a pickle that holds more than tensors" in fault("embedder", folder)
    assert not mark.exists()


def test_pickle_of_tensors_alone_is_read(kind: str, folder: Path) -> None:
    import torch
    from safetensors.torch import load_file

    identity = load(kind, folder).identity
    weights = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    torch.save(weights, folder / "pytorch_model.bin")
    assert load(kind, folder).identity == identity


def test_folder_without_a_tokenizer_is_refused(kind: str, folder: Path) -> None:
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        (folder / name).unlink()
    assert "has no vocabulary; its tokenizer files are missing" in fault(kind, folder)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_folder_without_config_or_weights_is_refused(kind: str, name: str, folder: Path) -> None:
    (folder / name).unlink()
    assert f"the {kind} '{folder}' cannot be loaded" in fault(kind, folder)


def test_empty_folder_is_refused(kind: str, tmp_path: Path) -> None:
    assert "cannot be loaded" in fault(kind, tmp_path)


@pytest.mark.parametrize("name", ["./no-such-model", "/no/such/model", "~/model", "a/b/c"])
def test_missing_folder_is_said_to_be_missing_with_the_setting(kind: str, name: str) -> None:
    assert f"there is no model folder {name}; check the setting `{kind}`" == fault(kind, name)


def test_model_that_is_not_on_this_machine_is_not_fetched(kind: str) -> None:
    assert "set embedder_download = true" in fault(kind, "yinju-tests/no-such-model")


def test_weights_that_nobody_saved_are_the_same_at_each_load(tmp_path: Path) -> None:
    """A masked language model has no pooling layer: the library draws one."""
    folder = save_tiny_bert(tmp_path / "model", "BertForMaskedLM")
    assert load("embedder", folder).identity == load("embedder", folder).identity


def test_loading_leaves_the_process_s_random_numbers_alone(kind: str, folder: Path) -> None:
    import torch

    torch.manual_seed(3)
    wanted = torch.rand(2).tolist()
    torch.manual_seed(3)
    load(kind, folder)
    assert torch.rand(2).tolist() == wanted

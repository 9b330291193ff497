"""The file of a calibration: what is written is what is read, and any other byte is named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import IndexDamaged, IndexError_, IndexMissing
from rag.retrieve import calibration_file
from rag.retrieve.calibration import Calibration

OWN = Calibration(1.5, -0.25, (0.0, 0.1 + 0.2, 0.9), 2, "自己的", "ab" * 32, {"k": "16"})


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=50).map(sorted),
    st.floats(0.05, 20),
    st.floats(-5, 5),
    st.text(),
)
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    answerable: list[float],
    scale: float,
    shift: float,
    name: str,
) -> None:
    folder = tmp_path_factory.mktemp("index")
    own = replace(OWN, answerable=tuple(answerable), scale=scale, shift=shift, set_name=name)
    calibration_file.write(own, folder)
    assert calibration_file.read(folder) == own
    assert [path.name for path in folder.iterdir()] == ["calibration.json"]


def test_without_a_file_there_is_none(tmp_path: Path) -> None:
    assert calibration_file.read(tmp_path) is None
    assert calibration_file.read(tmp_path / "no") is None
    assert calibration_file.forget(tmp_path) is False


def test_forgetting_removes_a_damaged_one_as_well(tmp_path: Path) -> None:
    calibration_file.write(OWN, tmp_path).write_text("{")
    assert calibration_file.forget(tmp_path) is True
    assert list(tmp_path.iterdir()) == []


def test_every_changed_byte_is_noticed(tmp_path: Path) -> None:
    path = calibration_file.write(OWN, tmp_path)
    data = path.read_bytes()
    for place in range(len(data)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(IndexDamaged, match=r"calibration\.json is damaged"):
            calibration_file.read(tmp_path)


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "it is not JSON"), (b"\xff", "it is not JSON"), (b"[" * 100_000, "it is not JSON"),
     (b"[]\n", "it has no checksum"), (b'{"checksum": ""}\n', "its checksum differs")],
    ids=["empty", "no text", "deep", "a list", "a checksum alone"],
)  # fmt: skip
def test_what_is_no_calibration_is_one_line_that_says_what_to_do(
    tmp_path: Path, data: bytes, why: str
) -> None:
    path = tmp_path / "calibration.json"
    path.write_bytes(data)
    with pytest.raises(IndexDamaged) as raised:
        calibration_file.read(tmp_path)
    assert str(raised.value) == (
        f"the calibration {path} is damaged: {why}; run `rag eval --calibrate` again, or "
        "`rag eval --forget-calibration`"
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [({"format": 2}, "reads the format 1"), ({"scale": -1.0}, "scale -1.0"),
     ({"answerable": [0.9, 0.1]}, "out of order"), ({"more": 1}, "more"),
     ({"fitted_for": 3}, "fitted_for"), ({"answerable": 3}, "iterable"),
     ({"answerable": ["a"]}, "not supported")],
    ids=str,
)  # fmt: skip
def test_a_sound_file_of_other_content_is_damaged_too(
    tmp_path: Path, change: dict[str, object], why: str
) -> None:
    path = calibration_file.write(OWN, tmp_path)
    values = json.loads(path.read_bytes()) | change
    del values["checksum"]
    path.write_bytes(calibration_file._encode(values))
    with pytest.raises(IndexDamaged, match=why):
        calibration_file.read(tmp_path)


def test_without_an_index_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=r"there is no index in .*/no; run `rag index`"):
        calibration_file.write(OWN, tmp_path / "no")


def test_where_it_cannot_be_put_the_old_one_stays_and_nothing_lies_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calibration_file.write(OWN, tmp_path)

    def fail(*paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(IndexError_, match=r"cannot be written \(No space left on device\)"):
        calibration_file.write(replace(OWN, scale=2.0), tmp_path)
    assert calibration_file.read(tmp_path) == OWN
    assert [path.name for path in tmp_path.iterdir()] == ["calibration.json"]


def test_the_identity_is_that_of_the_content() -> None:
    same, other = replace(OWN, fitted_for={"k": "16"}), replace(OWN, shift=0.5)
    assert calibration_file.identity(OWN) == calibration_file.identity(same)
    assert calibration_file.identity(OWN) != calibration_file.identity(other)
    assert calibration_file.identity(OWN).startswith("自己的:")


def test_a_kept_one_is_read_again_when_its_file_is_another(tmp_path: Path) -> None:
    kept = calibration_file.Kept(tmp_path)
    assert kept.get() is None
    calibration_file.write(OWN, tmp_path)
    found = kept.get()
    assert found == OWN and kept.get() is found
    calibration_file.write(replace(OWN, shift=0.5), tmp_path)
    assert kept.get() == replace(OWN, shift=0.5)
    calibration_file.forget(tmp_path)
    assert kept.get() is None


def test_a_damaged_one_is_named_at_every_question(tmp_path: Path) -> None:
    kept = calibration_file.Kept(tmp_path)
    (tmp_path / "calibration.json").write_text("{")
    for _ in range(2):
        with pytest.raises(IndexDamaged):
            kept.get()

"""The first screen says what the figures say."""

from __future__ import annotations

from rag.evaluate.compare import compare
from rag.evaluate.report.headline import headline
from rag.evaluate.statistics import figures
from tests.evaluate.made import run
from tests.evaluate.report.cases import answered, every_fault, failed, refusal, right, wrong


def test_the_sentence_holds_the_main_figures() -> None:
    records = every_fault().records
    head = headline(records, figures(records), None)
    assert head.zh == (
        "10 题：可回答的 7 题答对并引对 29%，不可回答的 3 题拒答 33%，误拒 17%，出错 1 题。"
    )
    assert head.en.startswith("10 questions: 29% of 7 answerable ones right and well cited, ")
    assert head.change == ""


def test_what_there_is_none_of_is_not_said() -> None:
    records = [right("a")]
    assert headline(records, figures(records), None).zh == (
        "1 题：可回答的 1 题答对并引对 100%，误拒 0%。"
    )
    records = [refusal("r"), answered("u")]
    assert headline(records, figures(records), None).zh == "2 题：不可回答的 2 题拒答 50%。"
    records = [failed("e")]
    assert headline(records, figures(records), None).zh.endswith("出错 1 题。")


def test_the_parts_fill_the_whole_and_count_every_case() -> None:
    records = every_fault().records
    parts = headline(records, figures(records), None).parts
    assert [(part.zh, part.count) for part in parts] == [
        ("通过", 3),
        ("引错", 1),
        ("答错", 2),
        ("误拒", 1),
        ("该拒未拒", 2),
        ("出错", 1),
    ]
    assert [part.at for part in parts] == [0, 30, 40, 60, 70, 90]
    assert sum(part.width for part in parts) == 100


def test_a_change_names_what_flipped_and_whether_it_is_chance() -> None:
    before = run([right("a"), answered("b"), refusal("c")])
    after = run([right("a"), refusal("b", kind="none"), answered("c")])
    head = headline(after.records, figures(after.records), compare(before, after))
    assert head.change == (
        "通过 0 个百分点（不显著）；该拒即拒 0 个百分点（不显著）；"
        "误拒 0 个百分点（不显著）；变好 1 题，变坏 1 题"
    )
    assert (head.better, head.worse, head.regressions) == (("b",), ("c",), ())


def test_regressions_are_repeated_from_the_comparison() -> None:
    before = run([refusal(f"{i:02}") for i in range(30)])
    after = run([answered(f"{i:02}") for i in range(30)])
    head = headline(after.records, figures(after.records), compare(before, after))
    assert "通过 −100.0 个百分点（显著）" in head.change
    assert any("通过" in line for line in head.regressions)


def test_tiles_are_figures_of_the_run() -> None:
    records = [right("a"), wrong("b"), refusal("c")]
    tiles = headline(records, figures(records), None).tiles
    assert [(tile.zh, tile.value) for tile in tiles] == [
        ("答对且引对", "50.0%"),
        ("该拒即拒", "100.0%"),
        ("误拒", "0.0%"),
        ("检索 hit@5", "100.0%"),
        ("用时 p50", "12.5 ms"),
    ]
    assert tiles[0].note == "答案中位 15 字，平均 15 字"

"""What a sentence names as its source, by its form."""

from __future__ import annotations

import pytest

from rag.drafts.named import Source, listed, named, quotations, same_person, speakers

FILES = {"004_a.txt": ["004_a.txt"], "sub/报告.pdf": ["sub/报告.pdf"], "报告.pdf": ["sub/报告.pdf"]}


def documents(name: str) -> list[str]:
    return FILES.get(name, [])


@pytest.mark.parametrize(
    ("said", "source", "rest"),
    [
        ("增长5%（004_a.txt）。", Source("document", "004_a.txt"), "增长5%。"),
        ("据004_a.txt，增长5%。", Source("document", "004_a.txt"), "增长5%。"),
        ("根据 报告.pdf 显示，增长5%。", Source("document", "报告.pdf"), "增长5%。"),
        ("《新图景》报道，增长5%。", Source("title", "新图景"), "增长5%。"),
        ("据《新图景》一文介绍，增长5%。", Source("title", "新图景"), "增长5%。"),
        ("增长5%（来源：《新图景》，2026年3月30日）。", Source("title", "新图景"), "增长5%。"),
        ("增长5%（新华社3月30日）。", Source("outlet", "新华社", 3, 30), "增长5%。"),
        ("增长5%（《科技日报》）。", Source("title", "科技日报"), "增长5%。"),
        ("据新华社3月30日报道，增长5%。", Source("outlet", "新华社", 3, 30), "增长5%。"),
    ],
)
def test_a_named_source_is_taken_out_of_the_claim(said: str, source: Source, rest: str) -> None:
    assert named(said, documents) == ([source], rest)


@pytest.mark.parametrize(
    "said",
    [
        "论坛发布了《未来产业十大赛道》。",
        "《全球工程前沿》依托9个学部，研判提出189个前沿。",
        "市（地）政府建立了合作关系。",
        "规模为2.4万亿元（占46.4%）。",
        "unknown.txt 里没有。",
    ],
)
def test_what_a_claim_is_about_stays_in_it(said: str) -> None:
    assert named(said, documents) == ([], said)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("004_a.txt，第3页", [Source("document", "004_a.txt")]),
        ("张三：《新图景》，2026", [Source("title", "新图景")]),
        ("新华社3月30日电", [Source("outlet", "新华社", 3, 30)]),
        ("https://example.com/a.html", []),
    ],
)
def test_a_line_of_a_list_of_sources_is_read(line: str, source: list[Source]) -> None:
    assert listed(line, documents) == source


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("社科院院长贺亚兰表示，增长很快。", ["社科院院长贺亚兰"]),
        ("“增长很快。”副总裁殷大伟说。", ["副总裁殷大伟"]),
        ("伍建民院长在会上还强调，增长很快。", ["伍建民"]),
        ("他指出，增长很快。", []),
        ("经济增长很快。", []),
    ],
)
def test_speakers_are_named(said: str, who: list[str]) -> None:
    assert speakers(said) == who


def test_a_person_is_known_by_the_end_of_the_name() -> None:
    assert same_person("院长贺亚兰", "（二）贺亚兰") and not same_person("韩建文", "贺亚兰")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("他说：“我们将加快建设世界一流园区。”", ["我们将加快建设世界一流园区"]),
        ("所谓“双向奔赴”很重要。", []),
        ("「加快建设……世界一流的科技园区」", ["加快建设", "世界一流的科技园区"]),
    ],
)
def test_quotations_longer_than_a_term_are_somebodys_words(said: str, words: list[str]) -> None:
    assert quotations(said) == words

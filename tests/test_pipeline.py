"""The whole way with the built-in model: files, index, question, verbatim answer."""

from __future__ import annotations

import gc
import re
import weakref
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from rag.answer.prompt import REFUSAL
from rag.config import Settings
from rag.errors import (
    IndexMismatch,
    IndexMissing,
    ModelBroken,
    ModelError,
    ModelUnreachable,
    UsageError,
)
from rag.indexing import build_index
from rag.pipeline import Pipeline
from rag.types import Answer, Place, Usage
from tests.fakes.ranking import ranker

BRIDGE = (
    "青江大桥通车\n\n青江大桥2024年5月1日正式通车。大桥全长3.6公里，总投资48.5亿元。"
    "设计师林远山表示，大桥采用双塔结构。\n"
)
RESERVOIR = (
    "白石水库扩建\n\n白石水库位于青江上游，库容为2.4亿立方米。"
    "扩建工程由青江水务集团承担，预计2026年底完工。\n"
)
FORUM = (
    "青江论坛开幕\n\n第五届青江论坛共有320家企业参展。论坛的主题是“绿色港口”。"
    "开幕式在会展中心举行。\n"
)
TEXTS = {"bridge.txt": BRIDGE, "reservoir.txt": RESERVOIR, "forum.txt": FORUM}
RESERVOIR_QUESTION = "白石水库的库容是多少？"


class Chat:
    """A model that says these pieces, then fails if told so, or tells what it took."""

    name = "fake"

    def __init__(
        self, *pieces: str, error: ModelError | None = None, usage: Usage | None = None
    ) -> None:
        self.pieces = pieces
        self.error = error
        self.usage = usage
        self.messages: list[Sequence[Mapping[str, str]]] = []
        self.closed = False

    def stream(self, messages: Sequence[Mapping[str, str]]) -> Generator[str, None, Usage | None]:
        self.messages.append(messages)
        try:
            yield from self.pieces
            if self.error:
                raise self.error
            return self.usage
        finally:
            self.closed = True


class Chats(Chat):
    """A model for several calls, one behind the other."""

    def __init__(self, *calls: Chat) -> None:
        super().__init__()
        self.calls = list(calls)

    def stream(self, messages: Sequence[Mapping[str, str]]) -> Generator[str, None, Usage | None]:
        self.messages.append(messages)
        return self.calls.pop(0).stream(messages)


def write(docs: Path, texts: Mapping[str, str]) -> None:
    docs.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (docs / name).write_text(text, encoding="utf-8")


def indexed(root: Path, texts: Mapping[str, str]) -> Settings:
    write(root / "docs", texts)
    settings = Settings(docs=root / "docs", index=root / "index")
    build_index(settings)
    return settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return indexed(tmp_path_factory.mktemp("pipeline"), TEXTS)


@pytest.fixture(scope="module")
def pipeline(settings: Settings) -> Pipeline:
    return Pipeline(settings, ranker=ranker())


def with_chat(settings: Settings, chat: Chat, **more: Any) -> Pipeline:
    return Pipeline(settings.model_copy(update=more), ranker=ranker(), chat=chat)


def verbatim(answer: Answer, texts: Mapping[str, str] = TEXTS) -> bool:
    return all(texts[c.doc][c.start : c.end] == c.quote for c in answer.citations)


# ---- settings of retrieval -----------------------------------------------------------------
def test_without_titles_a_passage_is_found_by_its_own_words_only(tmp_path: Path) -> None:
    texts = {"a.md": "# 海棠书店\n\n每天九点开门。\n", "b.md": "# 别处\n\n每天十点关门。\n"}
    settings = indexed(tmp_path, texts).model_copy(update={"retrieval": "lexical"})
    titled = Pipeline(settings, ranker=ranker()).search("海棠书店", 5)[0]
    bare = settings.model_copy(update={"title_context": False})
    with pytest.raises(IndexMismatch, match=r"title_context.*run `rag index`"):
        Pipeline(bare, ranker=ranker()).index()
    build_index(bare)
    untitled = Pipeline(bare, ranker=ranker()).search("海棠书店", 5)[0]
    assert {hit.doc for hit in titled} == {"a.md"}
    assert [hit.chunk.context for hit in untitled] == ["海棠书店"]  # the heading's own passage


@pytest.mark.parametrize(("mode", "side"), [("lexical", "dense"), ("dense", "lexical")])
def test_one_side_of_the_retrieval_can_be_left_out(
    settings: Settings, mode: str, side: str
) -> None:
    hits, _ = with_chat(settings, Chat(), retrieval=mode).search(RESERVOIR_QUESTION, 3)
    assert hits[0].doc == "reservoir.txt"
    assert [getattr(hit, side) for hit in hits] == [0.0] * len(hits)


def test_reranking_puts_the_passage_of_the_best_sentence_first(settings: Settings) -> None:
    plain, _ = with_chat(settings, Chat(), rerank=False).search("第五届青江论坛的主题", 3)
    again, _ = with_chat(settings, Chat()).search("第五届青江论坛的主题", 3)
    assert again[0].doc == "forum.txt"
    assert {h.chunk_id for h in again} == {h.chunk_id for h in plain}
    assert again[0].score - again[1].score > plain[0].score - plain[1].score


# ---- extractive answers --------------------------------------------------------------------
def test_a_fact_is_answered_with_a_verbatim_citation(pipeline: Pipeline) -> None:
    answer = pipeline.ask([RESERVOIR_QUESTION])
    quote = "白石水库位于青江上游，库容为2.4亿立方米。"
    assert (answer.answer, answer.mode, answer.refused) == (f"{quote} [1]", "extractive", False)
    (cited,) = answer.citations
    start = RESERVOIR.index(quote)
    assert (cited.doc, cited.start, cited.end, cited.quote) == (
        "reservoir.txt",
        start,
        start + len(quote),
        quote,
    )
    assert answer.sentences[0].verdict == "supported"
    assert (answer.reason, answer.unknown_terms) == ("", ())
    assert answer.passages[0].doc == "reservoir.txt"
    assert {"retrieve", "weigh", "extract", "total"} == set(answer.timings_ms)


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("青江大橋的總投資是多少？", "大桥全长3.6公里，总投资48.5亿元。"),
        ("第５届青江论坛有多少家企业参展", "第五届青江论坛共有320家企业参展。"),
        ("第五屆青江論壇有多少家企業參展？", "第五届青江论坛共有320家企业参展。"),
        ("青江大桥２０２４年几月通车？", "青江大桥2024年5月1日正式通车。"),
    ],
)
def test_traditional_and_full_width_characters_find_the_text(
    pipeline: Pipeline, question: str, quote: str
) -> None:
    answer = pipeline.ask([question])
    assert not answer.refused
    assert quote in [c.quote for c in answer.citations]
    assert verbatim(answer)


def test_a_question_off_the_topic_is_refused_with_the_unknown_words(pipeline: Pipeline) -> None:
    answer = pipeline.ask(["火星咖啡馆的招牌饮料叫什么名字？"])
    assert (answer.refused, answer.citations, answer.sentences) == (True, (), ())
    assert answer.answer == "文件中没有找到能回答这个问题的内容。"
    assert "火星" in answer.unknown_terms
    assert "咖啡馆" in answer.unknown_terms
    assert answer.reason == "没有一句原文能足够确定地回答"


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        (RESERVOIR_QUESTION, "城南书院全年开放。"),
        (RESERVOIR_QUESTION, BRIDGE),
        ("灯塔的高度是多少米？", "城南书院藏书12.6万册，全年开放。"),
        ("谁是青江交响乐团的指挥？", FORUM),
    ],
)
def test_a_question_whose_subject_no_document_names_is_refused(
    pipeline: Pipeline, question: str, passage: str
) -> None:
    answer = pipeline.ask_passages([question], [passage])
    assert answer.refused
    assert answer.unknown_terms


def test_an_english_question_is_refused_in_english(pipeline: Pipeline) -> None:
    answer = pipeline.ask(["Who won the volleyball cup?"])
    assert (answer.refused, answer.answer) == (True, "The documents do not answer this question.")


def test_a_follow_up_takes_its_subject_from_the_turn_before(pipeline: Pipeline) -> None:
    answer = pipeline.ask(["青江大桥什么时候通车？", "它的总投资是多少？"])
    assert (answer.question, answer.standalone) == (
        "它的总投资是多少？",
        "青江大桥的总投资是多少？",
    )
    assert "48.5亿元" in answer.answer


@pytest.mark.parametrize("turns", [[], [""], [" \n"], ["？？"], ["什么时候通车？", "　"], ["。"]])
def test_an_empty_question_is_a_usage_error(pipeline: Pipeline, turns: list[str]) -> None:
    with pytest.raises(UsageError, match="the question is empty; type a question"):
        pipeline.ask(turns)


def test_a_question_may_have_so_many_characters_and_no_more(settings: Settings) -> None:
    short = Pipeline(settings.model_copy(update={"max_question": 10}), ranker=ranker())
    assert short.checked("  一二三四五六七八九十 ") == "一二三四五六七八九十"
    with pytest.raises(UsageError, match="the question has 11 characters, the limit is 10"):
        short.ask(["一二三四五六七八九十一"])


def test_passages_are_searched_alone_best_first(pipeline: Pipeline) -> None:
    hits, corpus = pipeline.search("白石水库库容", 2)
    assert hits[0].doc == "reservoir.txt"
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert len(hits) == 2
    assert corpus.document("reservoir.txt").text == RESERVOIR


def test_a_place_is_shown_in_its_context(pipeline: Pipeline) -> None:
    start = RESERVOIR.index("库容")
    before, quote, after = pipeline.context(Place("reservoir.txt", start, start + 2), width=3)
    assert (before, quote, after) == ("上游，", "库容", "为2.")


def test_the_status_is_one_line(pipeline: Pipeline, settings: Settings) -> None:
    assert pipeline.status() == "3 份文件 · 3 段 · 内置向量模型 · 阅读模型 · 抽取式回答"
    chatting = with_chat(settings, Chat())
    assert chatting.status() == "3 份文件 · 3 段 · 内置向量模型 · 阅读模型 · 模型回答（fake）"
    assert not with_chat(settings, Chat(), mode="extractive").uses_model


# ---- the index changes ---------------------------------------------------------------------
def test_a_new_generation_is_picked_up_between_questions(tmp_path: Path) -> None:
    settings = indexed(tmp_path, {"bridge.txt": BRIDGE})
    pipeline = Pipeline(settings, ranker=ranker())
    first = pipeline.index().name
    assert {p.doc for p in pipeline.ask([RESERVOIR_QUESTION]).passages} == {"bridge.txt"}

    write(settings.docs, {"reservoir.txt": RESERVOIR})
    build_index(settings)
    answer = pipeline.ask([RESERVOIR_QUESTION])
    assert [c.doc for c in answer.citations] == ["reservoir.txt"]
    assert verbatim(answer)
    assert pipeline.index().name != first

    (settings.docs / "reservoir.txt").unlink()
    build_index(settings)
    answer = pipeline.ask([RESERVOIR_QUESTION])
    assert "2.4亿立方米" not in answer.answer
    assert {p.doc for p in answer.passages} == {"bridge.txt"}


def test_without_an_index_the_error_names_the_repair(tmp_path: Path) -> None:
    pipeline = Pipeline(Settings(docs=tmp_path, index=tmp_path / "none"), ranker=ranker())
    with pytest.raises(IndexMissing, match="rag index"):
        pipeline.ask(["青江大桥"])


# ---- passages that come with the question --------------------------------------------------
def test_inline_passages_are_cited_by_their_numbers(pipeline: Pipeline) -> None:
    texts = {"passage#0": BRIDGE, "passage#1": "城南书院藏书12.6万册，全年开放。"}
    answer = pipeline.ask_passages(["城南书院藏书多少册？"], list(texts.values()))
    assert [(c.doc, c.quote) for c in answer.citations] == [
        ("passage#1", "城南书院藏书12.6万册，全年开放。")
    ]
    assert verbatim(answer, texts)
    assert {p.doc for p in answer.passages} == {"passage#0", "passage#1"}


def test_a_question_by_itself_is_one_turn_and_not_one_a_character(pipeline: Pipeline) -> None:
    assert pipeline.ask(RESERVOIR_QUESTION).answer == pipeline.ask([RESERVOIR_QUESTION]).answer
    assert "2.4亿立方米" in pipeline.ask_passages(RESERVOIR_QUESTION, [RESERVOIR]).answer


def test_inline_passages_need_no_index_and_know_nothing_else(tmp_path: Path) -> None:
    alone = Pipeline(Settings(docs=tmp_path, index=tmp_path / "none"), ranker=ranker())
    answer = alone.ask_passages([RESERVOIR_QUESTION], [RESERVOIR])
    assert [c.doc for c in answer.citations] == ["passage#0"]
    answer = alone.ask_passages([RESERVOIR_QUESTION], [])
    assert (answer.refused, answer.confidence, answer.passages) == (True, 0.0, ())
    with pytest.raises(UsageError, match="the question is empty"):
        alone.ask_passages([" "], ["城南书院全年开放。"])


# ---- a language model ----------------------------------------------------------------------
def test_a_model_streams_and_its_citations_are_verbatim(settings: Settings) -> None:
    chat = Chat("白石水库库容为", "2.4亿立方米[1]。")
    growing = list(with_chat(settings, chat).stream([RESERVOIR_QUESTION]))
    drafts, final = growing[:-1], growing[-1]
    assert drafts[0].answer.startswith("白石")
    assert all(not draft.citations for draft in drafts)
    assert (final.mode, final.refused, final.reason) == ("llm", False, "")
    assert final.answer == "白石水库库容为2.4亿立方米。 [1]"
    (cited,) = final.citations
    assert cited.doc == "reservoir.txt"
    assert "库容为2.4亿立方米" in cited.quote
    assert verbatim(final)
    assert final.sentences[0].verdict == "supported"
    assert RESERVOIR_QUESTION in chat.messages[0][-1]["content"]


@pytest.mark.parametrize(
    "error",
    [
        ModelUnreachable("cannot reach 127.0.0.1", "is it running?"),
        ModelBroken("the reply is empty"),
    ],
)
def test_without_the_model_the_answer_is_extractive_and_says_why(
    settings: Settings, error: ModelError
) -> None:
    answer = with_chat(settings, Chat(error=error)).ask([RESERVOIR_QUESTION])
    assert (answer.mode, answer.refused) == ("extractive", False)
    assert answer.reason == f"语言模型没有给出回答（{error}），改用抽取式回答"
    assert answer.answer == "白石水库位于青江上游，库容为2.4亿立方米。 [1]"


def test_a_model_that_finds_no_answer_refuses(settings: Settings) -> None:
    answer = with_chat(settings, Chat(REFUSAL)).ask([RESERVOIR_QUESTION])
    assert (answer.mode, answer.refused, answer.citations) == ("llm", True, ())
    assert answer.reason == "模型在这些段落里没有找到答案"
    assert answer.passages


def test_a_question_that_is_refused_is_not_sent_to_the_model(settings: Settings) -> None:
    chat = Chat("不知道。")
    assert with_chat(settings, chat).ask(["火星咖啡馆的招牌饮料叫什么名字？"]).refused
    assert chat.messages == []


def test_extractive_mode_never_calls_the_model(settings: Settings) -> None:
    chat = Chat("不知道。")
    answer = with_chat(settings, chat, mode="extractive").ask([RESERVOIR_QUESTION])
    assert (answer.mode, chat.messages) == ("extractive", [])


def test_a_refusal_by_the_model_reads_like_any_other(settings: Settings) -> None:
    by_model = with_chat(settings, Chat("根据资料无法回答。")).ask([RESERVOIR_QUESTION])
    plain = with_chat(settings, Chat()).ask(["火星咖啡馆的招牌饮料叫什么名字？"])
    assert by_model.answer == plain.answer
    assert (by_model.refused, by_model.sentences, by_model.mode) == (True, (), "llm")
    english = with_chat(settings, Chat(REFUSAL)).ask(["How long is the 青江大桥?"])
    assert english.answer.startswith("The documents do not answer this question.")
    assert english.reason == "the model found no answer in these passages"


def test_an_answer_tells_who_wrote_it_and_what_was_lost(settings: Settings) -> None:
    chat = Chat("白石水库库容为2.4亿立方米[1][99]。", usage=Usage(300, 20, 8.0, 0.02))
    answer = with_chat(settings, chat, llm_context=500).ask([RESERVOIR_QUESTION])
    assert (answer.model, answer.dropped, answer.left_out) == ("fake", 1, 0)
    assert answer.usage == Usage(300, 20, 8.0, 0.02)
    refused = with_chat(settings, Chat(REFUSAL)).ask([RESERVOIR_QUESTION])
    assert (refused.model, refused.usage) == ("fake", None)
    fallen = with_chat(settings, Chat(error=ModelBroken("empty"))).ask([RESERVOIR_QUESTION])
    assert (fallen.model, fallen.mode) == ("", "extractive")


def test_evidence_without_room_is_counted(tmp_path: Path) -> None:
    lines = [
        f"白石水库第{n}号闸门的库容为{n}.4亿立方米，由青江水务集团管理。" for n in range(1, 40)
    ]
    settings = indexed(tmp_path, {"gates.txt": "白石水库\n\n" + "".join(lines) + "\n"})
    chat = Chat("白石水库第1号闸门的库容为1.4亿立方米。")
    answer = with_chat(settings, chat, llm_context=500).ask(["白石水库第1号闸门的库容是多少？"])
    block = chat.messages[0][-1]["content"].split("<资料>\n")[1].split("\n</资料>")[0]
    numbered = len(re.findall(r"(?m)^\[\d+\] ", block))
    assert len(block) <= 500
    assert answer.left_out == min(40, len(lines)) - numbered > 0
    (sentence,) = answer.sentences
    assert (sentence.verdict, sentence.citations) == ("supported", (1,))


# ---- follow-ups with a language model ------------------------------------------------------
TURNS = ["青江大桥什么时候通车？", "它的总投资是多少？"]


def test_a_follow_up_is_made_to_stand_alone_by_the_model(settings: Settings) -> None:
    usage = Usage(300, 20, 8.0, 0.02)
    chat = Chats(
        Chat("青江大桥", "总投资多少？", usage=Usage(90, 9, 3.0, 0.01)),
        Chat("大桥总投资48.5亿元[2]。", usage=usage),
    )
    growing = list(with_chat(settings, chat).stream(TURNS))
    final = growing[-1]
    assert (final.question, final.standalone) == (TURNS[1], "青江大桥总投资多少？")
    assert (final.mode, final.reason) == ("llm", "")
    assert "48.5亿元" in final.citations[0].quote
    assert final.usage == Usage(390, 29, 8.0, 0.03)
    assert "understand" in final.timings_ms
    assert [draft.answer for draft in growing[:2]] == ["", ""]
    assert "（结合上文，问的是：青江大桥总投资多少？）" in chat.messages[1][-1]["content"]


def test_without_a_usable_line_the_rules_complete_it_and_say_so(settings: Settings) -> None:
    chat = Chats(Chat("林远山多大？"), Chat("大桥总投资48.5亿元[1]。"))
    answer = with_chat(settings, chat).ask(TURNS)
    assert answer.standalone == "青江大桥的总投资是多少？"
    assert (answer.mode, answer.refused) == ("llm", False)
    assert answer.reason == "追问按规则补全：模型添了对话里没有的“林远山”"


def test_a_model_that_cannot_be_reached_for_the_follow_up_is_not_asked_again(
    settings: Settings,
) -> None:
    error = ModelUnreachable("no connection", "start it")
    chat = Chats(Chat(error=error), Chat("大桥总投资48.5亿元[1]。"))
    answer = with_chat(settings, chat).ask(TURNS)
    assert len(chat.messages) == 1
    assert (answer.mode, answer.refused) == ("extractive", False)
    assert answer.standalone == "青江大桥的总投资是多少？"
    assert answer.reason == f"语言模型没有给出回答（{error}），改用抽取式回答"


def test_a_question_that_stands_alone_costs_one_call_and_extractive_mode_none(
    settings: Settings,
) -> None:
    chat = Chat("白石水库库容为2.4亿立方米[1]。")
    answer = with_chat(settings, chat).ask([TURNS[0], RESERVOIR_QUESTION])
    assert (answer.standalone, len(chat.messages)) == (RESERVOIR_QUESTION, 1)
    silent = Chat("不知道。")
    assert not with_chat(settings, silent, mode="extractive").ask(TURNS).refused
    assert silent.messages == []


def test_a_refused_follow_up_asks_the_model_for_no_answer(settings: Settings) -> None:
    chat = Chat("火星咖啡馆的招牌饮料叫什么名字？")
    answer = with_chat(settings, chat).ask(["火星咖啡馆在哪里？", "它的招牌饮料叫什么名字？"])
    assert (answer.refused, answer.mode) == (True, "extractive")
    assert len(chat.messages) == 1


def test_a_follow_up_over_given_passages_goes_the_same_way(settings: Settings) -> None:
    chat = Chats(Chat("青江大桥总投资多少？"), Chat("大桥总投资48.5亿元[1]。"))
    answer = with_chat(settings, chat).ask_passages(TURNS, [BRIDGE])
    assert (answer.standalone, answer.mode) == ("青江大桥总投资多少？", "llm")
    assert verbatim(answer, {"passage#0": BRIDGE})


def test_closing_while_the_follow_up_is_made_closes_the_model(settings: Settings) -> None:
    chat = Chat("青江", "大桥", "总投资多少？")
    stream = with_chat(settings, chat).stream(TURNS)
    next(stream)
    assert not chat.closed
    stream.close()  # type: ignore[attr-defined]
    assert chat.closed


def test_a_question_in_traditional_characters_is_answered_and_checked(settings: Settings) -> None:
    chat = Chat("白石水庫的庫容為2.4億立方米[1]。")
    answer = with_chat(settings, chat).ask(["白石水庫的庫容是多少？"])
    assert "白石水庫的庫容是多少？" in chat.messages[0][-1]["content"]
    assert "提问的语言和字体" in chat.messages[0][0]["content"]
    assert answer.sentences[0].verdict == "supported"


def test_closing_the_stream_closes_the_model(settings: Settings) -> None:
    chat = Chat("白石", "水库库容为2.4亿立方米[1]。")
    stream = with_chat(settings, chat).stream([RESERVOIR_QUESTION])
    next(stream)
    assert not chat.closed
    stream.close()  # type: ignore[attr-defined]
    assert chat.closed


def test_a_pipeline_that_is_let_go_of_goes_at_once_and_with_it_its_generation(
    pipeline: Pipeline,
) -> None:
    other = Pipeline(pipeline.settings, ranker=pipeline.ranker)
    other.index()
    seen = weakref.ref(other)
    gc.disable()
    try:
        del other
        assert seen() is None
    finally:
        gc.enable()

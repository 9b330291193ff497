"""What the verdicts are called for people: no more than can be said. Words that stand in the documents
are no proof that they are true, nor that a sentence follows from them."""

from __future__ import annotations

from collections.abc import Mapping

from rag.types import Verdict

ZH: Mapping[Verdict, str] = {
    "supported": "可核实",
    "partial": "部分可核实",
    "wrong_source": "来源不符",
    "number_mismatch": "数字不符",
    "negation_mismatch": "说法相反",
    "uncited": "没有标出处",
    "unsupported": "未能核实",
}
EN: Mapping[Verdict, str] = {
    "supported": "verified",
    "partial": "partly verified",
    "wrong_source": "wrong source",
    "number_mismatch": "number differs",
    "negation_mismatch": "says the opposite",
    "uncited": "no source given",
    "unsupported": "not verified",
}

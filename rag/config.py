"""The settings: one frozen object, from the command line, ``RAG_*``, ``rag.toml`` and the defaults.

Earlier sources win. Unknown names are refused, in the file and in the environment; secrets are
masked wherever the object is shown.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rag.errors import ConfigError

PREFIX = "RAG_"
FILE = "rag.toml"

_IN_ADDRESS = re.compile(r"(?<=//)[^/@\s]*@|\?\S*")


class Settings(BaseSettings):
    """Every setting, its default and what it is for. The README's table is checked against this."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, toml_file=FILE, extra="forbid", frozen=True, env_ignore_empty=True
    )

    docs: Path = Field(Path("seeds"), description="folder of documents")
    index: Path = Field(Path("index"), description="folder of the index")

    embedder: str = Field(
        "builtin", description="`builtin`, a folder, or a sentence-transformers model id"
    )
    embedder_download: bool = Field(
        False,
        description="allow fetching the embedder, the reranker and the verifier when they are not on "
        "this machine",
    )
    chunk_size: int = Field(320, ge=60, le=4000, description="characters a chunk aims at")
    title_context: bool = Field(
        True, description="search a passage together with the titles that it stands under"
    )
    max_file_mb: int = Field(200, ge=1, description="larger files are refused before they are read")

    k: int = Field(16, ge=1, le=200, description="passages retrieved a question")
    retrieval: str = Field(
        "hybrid",
        pattern="^(hybrid|lexical|dense)$",
        description="`lexical` (BM25), `dense` (vectors), or both, fused: `hybrid`",
    )
    rerank: bool = Field(
        True, description="order passages by their best sentence's evidence as well"
    )
    reranker: str = Field(
        "",
        description="cross-encoder that helps to order the best 40 sentences: a folder or a "
        "sentence-transformers model id; empty: none. What is refused stays the same",
    )
    reader: str = Field(
        "builtin",
        description="small contextual model that reads the best sentences: `off`, `builtin`, or a "
        "folder of `rag train-reader`",
    )
    max_answer: int = Field(300, ge=40, description="characters an extractive answer may have")
    false_refusals: float = Field(
        0.08,
        gt=0,
        lt=1,
        description="share of answerable questions that may be refused; picks the threshold",
    )
    max_question: int = Field(2000, ge=10, description="characters a question may have")

    base_url: str = Field(
        "", description="OpenAI-compatible endpoint; `OPENAI_BASE_URL` is read as well"
    )
    api_key: SecretStr = Field(
        SecretStr(""), description="its key; `OPENAI_API_KEY` is read as well"
    )
    model: str = Field("", description="its model; empty: the first that the endpoint lists")
    mode: str = Field(
        "auto",
        pattern="^(auto|extractive|llm)$",
        description="`extractive`, `llm`, or `auto`: the model where one is configured",
    )
    llm_connect_s: float = Field(5.0, gt=0, description="seconds to connect")
    llm_idle_s: float = Field(30.0, gt=0, description="seconds without a byte")
    llm_total_s: float = Field(90.0, gt=0, description="seconds for a whole reply")
    llm_context: int = Field(6000, ge=500, description="characters of evidence in a prompt")
    verifier: str = Field(
        "",
        description="cross-encoder for natural language inference that gives a second opinion on a "
        "model's sentences: a folder or a sentence-transformers model id; empty: the rules alone",
    )
    price_in: float = Field(
        0.0, ge=0, description="price of a million tokens of prompt; 0: no cost is shown"
    )
    price_out: float = Field(0.0, ge=0, description="price of a million tokens of reply")

    runs: Path = Field(Path("eval/runs"), description="folder of saved evaluation runs")
    feedback: Path = Field(
        Path("eval/feedback.jsonl"), description="file that 👍 and 👎 on the page are written to"
    )

    host: str = Field("127.0.0.1", description="address of the page")
    port: int = Field(7860, ge=0, le=65535, description="port of the page")
    password: SecretStr = Field(
        SecretStr(""), description="needed when the page is not bound to loopback"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        for name, value in super().__repr_args__():
            yield name, without_secrets(value) if name == "base_url" else value

    @property
    def llm_configured(self) -> bool:
        """Whether an endpoint or a key (then OpenAI's own endpoint) is named."""
        return bool(self.base_url or self.api_key.get_secret_value())


def without_secrets(text: str) -> str:
    """``text`` with its addresses less what can be a password or a token: user and query."""
    return _IN_ADDRESS.sub("", text)


def load(**overrides: Any) -> Settings:
    """The settings of this process; ``overrides`` (None means not given) come from the command line.

    Raises ConfigError with one line that names the setting.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    known = set(Settings.model_fields)
    for name in os.environ:
        if name.startswith(PREFIX) and name[len(PREFIX) :].lower() not in known:
            raise ConfigError(f"unknown setting {name} in the environment", _known())
    for field, variable in (("base_url", "OPENAI_BASE_URL"), ("api_key", "OPENAI_API_KEY")):
        if field not in given and not os.environ.get(PREFIX + field.upper()):
            value = os.environ.get(variable)
            if value and not _in_file(field):
                given[field] = value
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "?"
        if first["type"] == "extra_forbidden":
            raise ConfigError(f"unknown setting {name!r} in {FILE}", _known()) from None
        raise ConfigError(f"setting {name!r}: {first['msg']}", "see the README's table") from None
    except ValueError as error:  # TOML that does not parse
        raise ConfigError(f"{FILE} cannot be read: {error}", "mend or remove the file") from None


def _in_file(field: str) -> bool:
    """Whether ``rag.toml`` sets the field (it then stands above the OPENAI_* variables)."""
    try:
        return f"\n{field}" in "\n" + Path(FILE).read_text(encoding="utf-8")
    except OSError:
        return False


def _known() -> str:
    return "known are " + ", ".join(sorted(Settings.model_fields))

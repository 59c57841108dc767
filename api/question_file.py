"""Question files for ``jianbao eval``: one JSON object a line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from api.errors import QuestionFileError
from api.messages import explain, field_of
from api.schemas import TurnIn
from rag.errors import BadQuestionError
from rag.evaluation.types import EvaluationQuestion
from rag.question import check
from rag.types import Question, Turn

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Name = Annotated[_Text, Field(coerce_numbers_to_str=True)]


class _EvidenceLine(BaseModel):
    quote: _Text
    doc: str | None = None
    place: str | None = None


class _QuestionLine(BaseModel):
    # A question file may carry notes of its own in other fields.
    model_config = ConfigDict(extra="ignore")

    id: _Name
    question: _Text
    type: _Text
    evidence: list[_EvidenceLine] = []
    places: list[_Text] = []
    places_ok: list[_Text] = []
    facts: list[_Text] = []
    history: list[TurnIn] = []

    def wanted(self) -> EvaluationQuestion:
        return EvaluationQuestion(
            id=self.id,
            type=self.type,
            text=self.question,
            quotes=tuple(evidence.quote for evidence in self.evidence),
            places=tuple(self.places),
            places_ok=tuple(self.places_ok),
            facts=tuple(self.facts),
            history=tuple(Turn(turn.role, turn.content) for turn in self.history),
        )


def read_question_file(path: Path) -> list[EvaluationQuestion]:
    """Questions in the file's order; empty lines are passed over.

    A line holds ``id``, ``question``, ``type``, and where they apply ``evidence`` (a list of objects with a
    ``quote``), ``places``, ``places_ok``, ``facts`` and ``history`` (turns of ``role`` and ``content``).
    Raises QuestionFileError, which names the line, what was expected and what was found.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        reason = error.strerror or error
        raise QuestionFileError(f"读不了问题文件 {path}：{reason}。请检查路径和权限。") from error
    except UnicodeDecodeError as error:
        raise QuestionFileError(f"问题文件 {path} 应为 UTF-8 编码，实际不是。请另存为 UTF-8。") from error
    questions: list[EvaluationQuestion] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        question = _read_line(line, f"问题文件 {path} 第 {number} 行")
        if question.id in seen:
            raise QuestionFileError(
                f"问题文件 {path} 第 {number} 行：id {question.id} 与第 {seen[question.id]} 行重复，"
                "请改成不同的。"
            )
        seen[question.id] = number
        questions.append(question)
    if not questions:
        raise QuestionFileError(f"问题文件 {path} 里没有问题。每行应为一个 JSON 对象。")
    return questions


def _read_line(line: str, where: str) -> EvaluationQuestion:
    try:
        question = _QuestionLine.model_validate_json(line).wanted()
        check(Question(question.text))
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            raise QuestionFileError(f"{where}：不是完整的 JSON 对象，请检查引号、逗号和括号。") from error
        field = field_of(first["loc"]) or "整行"
        raise QuestionFileError(f"{where}：{field} {explain(first)}。") from error
    except BadQuestionError as error:
        raise QuestionFileError(f"{where}：{error}") from error
    return question

"""``jianbao eval``: a library scored with questions whose answers are known."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.command_line import ChineseCommand
from api.render import bars, make_console

if TYPE_CHECKING:
    from api.wiring import Application

QuestionsPath = Annotated[Path, typer.Argument(help="问题文件（jsonl，每行一题）", metavar="问题文件")]
Details = Annotated[
    Path | None, typer.Option("--details", help="逐题结果写到这个文件", metavar="文件", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON", show_default=False)]


def add_eval_command(app: typer.Typer, opened: Callable[[], AbstractContextManager[Application]]) -> None:
    """Give ``app`` the command; ``opened`` opens the library when it runs."""

    @app.command("eval", cls=ChineseCommand)
    def evaluate(questions: QuestionsPath, details: Details = None, as_json: AsJson = False) -> int:
        """用一份问题文件给资料库打分：找全率、清单、事实、拒答、引文，以及各阶段的得失。"""
        from api.evaluation import show_summary, summary_json, write_details
        from api.question_file import read_question_file
        from rag.evaluation.run import Evaluator
        from rag.evaluation.scores import summarise

        wanted = read_question_file(questions)
        with opened() as application, bars(make_console(stderr=True)) as progress:
            rows = list(
                progress.track(
                    Evaluator(application.answerer, application.library).rows(wanted),
                    total=len(wanted),
                    description="作答",
                )
            )
        if details:
            write_details(details, rows)
        if as_json:
            sys.stdout.write(summary_json(summarise(rows), len(rows)) + "\n")
        else:
            show_summary(make_console(), summarise(rows), len(rows))
        return 0

"""What ``jianbao ask`` shows while an answer comes about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from api.render import Typewriter, make_console, show_corrections
from rag.types import Answer, Finished, Question, Understood, Written

if TYPE_CHECKING:
    from api.wiring import Application


def ask_and_show(application: Application, question: Question, screen: Console | None) -> Answer:
    """The answer; its text is put on the screen, if there is one, sentence by sentence as each is verified.
    Until the first, a line on stderr tells what is done. Raises BadQuestionError."""
    typewriter = Typewriter(screen) if screen else None
    with make_console(stderr=True).status("正在查找……") as status:
        for event in application.answerer.stream(question):
            if isinstance(event, Understood):
                if screen and event.query.corrections:
                    status.stop()
                    show_corrections(screen, event.query)
                    status.start()
                if application.chat:
                    status.update(f"模型 {application.chat.name} 正在作答……")
            elif isinstance(event, Written) and typewriter:
                status.stop()
                typewriter.write(event.text)
            elif isinstance(event, Finished):
                answer = event.answer
    if typewriter:
        typewriter.end()
    return answer

"""A chat model that runs in this process, with transformers."""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2.exceptions import TemplateError

from rag.chat import Limits, Message, without_thinking
from rag.errors import ChatModelError

logger = logging.getLogger(__name__)

_CONFIG = "config.json"


class TransformersChat:
    """A ChatModel of a folder or of a name on the Hub (downloaded only if it isn't here yet).

    Its weights load at the first reply: in bfloat16 on a graphics card or where the processor multiplies
    it in hardware, else in float32. ``temperature`` 0 takes the likeliest token each time; else tokens are
    drawn, the same for the same ``seed``. Replies are made one at a time. Raises ChatModelError where
    there is no such folder.
    """

    def __init__(self, model: str, *, temperature: float = 0.0, seed: int = 0) -> None:
        folder = Path(model).expanduser()
        if folder.is_dir():
            if not (folder / _CONFIG).is_file():
                raise ChatModelError(f"文件夹 {folder} 应是 transformers 的对话模型，里面没有 {_CONFIG}")
            self._source, self._name = str(folder), folder.resolve().name
        elif folder.is_absolute() or model.startswith((".", "~")):
            raise ChatModelError(f"没有文件夹 {folder}")
        else:
            self._source, self._name = model, model
        self._temperature, self._seed = temperature, seed
        self._parts: tuple[Any, Any] | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return self._name

    def warm(self) -> None:
        """Load the weights. Raises ChatModelError."""
        with self._lock:
            self._load()

    def stream(self, messages: Sequence[Message], limits: Limits) -> Generator[str, None, None]:
        """See ChatModel. Waiting for another reply to end counts towards the time."""
        deadline = time.monotonic() + limits.seconds
        if not self._lock.acquire(timeout=limits.seconds):
            raise ChatModelError("模型正忙，没有在时限内轮到")
        try:
            model, tokenizer = self._load()
            prompt = _prompt(tokenizer, messages)
            reply = _Reply(model, tokenizer, prompt, limits.tokens, deadline)
            drawing = self._drawing()
        except BaseException:
            self._lock.release()
            raise
        # Whoever waits for this reply gets on at the deadline; the next one must wait for the model.
        reply.start(drawing, on_end=self._lock.release)
        try:
            yield from without_thinking(reply.pieces(), inside=prompt.rstrip().endswith("<think>"))
        finally:
            reply.stop()
        reply.require_whole()

    def _drawing(self) -> dict[str, Any]:
        if not self._temperature:
            # None, so that what the model's own settings say of drawing isn't warned about.
            return {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        import transformers  # noqa: PLC0415 — seconds, and not before the first reply

        transformers.set_seed(self._seed)
        return {"do_sample": True, "temperature": self._temperature}

    def _load(self) -> tuple[Any, Any]:
        if self._parts is None:
            started = time.monotonic()
            # As for embedding: threads that spin while waiting slow all down beside a busy neighbour.
            os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
            try:
                self._parts = _loaded(self._source)
            except ChatModelError:
                raise
            # transformers lets through errors of many libraries, the Hub client's among them.
            except Exception as error:
                logger.exception("the chat model %s could not be loaded", self._name)
                raise ChatModelError("模型载入失败，原因见日志") from error
            logger.info("chat model %s loaded in %.1f s", self._name, time.monotonic() - started)
        return self._parts


class _Reply:
    """One reply, made in a thread of its own until its end, ``deadline`` (monotonic) or ``stop``."""

    def __init__(self, model: Any, tokenizer: Any, prompt: str, tokens: int, deadline: float) -> None:
        from transformers import TextIteratorStreamer  # noqa: PLC0415 — loaded with the model

        self._model, self._tokenizer = model, tokenizer
        self._tokens, self._deadline = tokens, deadline
        self._inputs = tokenizer(prompt, return_tensors="pt", add_special_tokens=False).to(model.device)
        self._stopped = threading.Event()
        self._failure: BaseException | None = None
        self._output: list[int] = []
        self._is_done = False
        self._streamer = TextIteratorStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True)
        window = getattr(model.config, "max_position_embeddings", None)
        if window and self._length + tokens > window:
            raise ChatModelError(
                f"问题和原文有 {self._length} 个词元，连同回答的 {tokens} 个，超过模型的窗口 {window}；"
                "请调小 JIANBAO_CHAT_EVIDENCE 或 JIANBAO_CHAT_TOKENS"
            )

    @property
    def _length(self) -> int:
        return int(self._inputs["input_ids"].shape[1])

    def start(self, drawing: dict[str, Any], on_end: Callable[[], None]) -> None:
        """Returns at once; ``on_end`` is called when the model is free again."""

        def run() -> None:
            try:
                self._run(drawing)
            finally:
                on_end()
                self._streamer.text_queue.put(self._streamer.stop_signal)

        # A daemon: a reply that nobody waits for any more mustn't keep the process from ending.
        threading.Thread(target=run, name="chat", daemon=True).start()

    def pieces(self) -> Iterator[str]:
        """The reply's text as it comes, to its end. Raises ChatModelError at the deadline."""
        while True:
            try:
                # Not the streamer's own iteration, whose time limit is the same for each piece.
                piece = self._streamer.text_queue.get(timeout=max(0.0, self._deadline - time.monotonic()))
            except queue.Empty:
                raise ChatModelError("没有在时限内答完") from None
            if piece is not self._streamer.stop_signal:
                yield piece
            elif self._is_done:
                return

    def stop(self) -> None:
        """End the reply at its next token."""
        self._stopped.set()

    def require_whole(self) -> None:
        """Raises ChatModelError where the model failed or a limit ended the reply."""
        if self._failure is not None:
            raise ChatModelError("模型运行出错，原因见日志") from self._failure
        ends = self._model.generation_config.eos_token_id
        if self._output and self._output[-1] not in (ends if isinstance(ends, list) else [ends]):
            late = time.monotonic() >= self._deadline
            raise ChatModelError(
                "没有在时限内答完" if late else "到了长度上限（JIANBAO_CHAT_TOKENS）还没有答完"
            )

    def _run(self, drawing: dict[str, Any]) -> None:
        from transformers import StoppingCriteriaList  # noqa: PLC0415 — loaded with the model

        try:
            tokens = self._model.generate(
                **self._inputs,
                **drawing,
                streamer=self._streamer,
                max_new_tokens=self._tokens,
                stopping_criteria=StoppingCriteriaList([self._is_over]),
                pad_token_id=self._tokenizer.pad_token_id or self._tokenizer.eos_token_id or 0,
            )
            self._output = tokens[0, self._length :].tolist()
        except Exception as error:
            logger.exception("the chat model failed")
            self._failure = error
        finally:
            self._is_done = True

    def _is_over(self, tokens: Any, scores: Any, **_: Any) -> Any:
        """(replies,): whether each is to end now."""
        import torch  # noqa: PLC0415 — loaded with the model

        is_over = self._stopped.is_set() or time.monotonic() >= self._deadline
        return torch.full((tokens.shape[0],), is_over, dtype=torch.bool, device=tokens.device)


def _loaded(source: str) -> tuple[Any, Any]:
    """The model, ready, and its tokenizer; the network is asked only for what isn't on this machine."""
    import torch  # noqa: PLC0415 — seconds, and not before the first reply
    from transformers import AutoModelForCausalLM, AutoTokenizer  # noqa: PLC0415 — as torch

    from index.torch_embedder import multiplies_bfloat16  # noqa: PLC0415 — as torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    dtype = torch.bfloat16 if device == "cuda" or multiplies_bfloat16(torch) else torch.float32

    def parts(*, local: bool) -> tuple[Any, Any]:
        tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=local)
        model = AutoModelForCausalLM.from_pretrained(source, local_files_only=local, dtype=dtype)
        return model, tokenizer

    try:
        model, tokenizer = parts(local=True)
    except OSError:
        if Path(source).is_dir():
            raise
        model, tokenizer = parts(local=False)
    if not tokenizer.chat_template:
        raise ChatModelError("这个模型没有对话模板，请换用对话（Instruct、Chat）版")
    return model.to(device).eval(), tokenizer


def _prompt(tokenizer: Any, messages: Sequence[Message]) -> str:
    """The messages in the model's own form. Its special tokens are taken out of what they say, so that no
    text can end its message or begin another's."""
    special = sorted({str(t) for t in tokenizer.added_tokens_decoder.values() if t.special}, key=len)
    turns = [asdict(message) for message in messages]
    for turn in turns:
        for token in reversed(special):
            turn["content"] = turn["content"].replace(token, " ")
    try:
        return _rendered(tokenizer, turns)
    except TemplateError:
        # Some templates know no system message.
        instructions = "\n\n".join(turn["content"] for turn in turns if turn["role"] == "system")
        others = [turn for turn in turns if turn["role"] != "system"]
        others[0]["content"] = f"{instructions}\n\n{others[0]['content']}"
    try:
        return _rendered(tokenizer, others)
    except TemplateError as error:
        raise ChatModelError("模型的对话模板不能用") from error


def _rendered(tokenizer: Any, turns: list[dict[str, str]]) -> str:
    # Templates of models that think aloud know enable_thinking; others pass over it.
    rendered = tokenizer.apply_chat_template(
        turns, tokenize=False, add_generation_prompt=True, enable_thinking=False
    )
    return str(rendered)

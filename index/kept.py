"""The lexical index is kept to the library: caught up when it lags, built anew when missing or damaged."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index import catalogue
from index.connection import is_read_only
from index.damage import DamagedIndexError
from index.inputs import passage_input
from index.lexical import BusyIndexError, LexicalIndex
from index.store import LibraryState, Store, library_state, was_in
from index.vocabulary import Vocabulary

FOLDER_NAME = "lexical"

_T = TypeVar("_T")
_BATCH = 1000


class KeptLexicalIndex:
    """Opens ``folder/lexical`` when first used. Not thread-safe.

    Where the folder can't be used at all (read-only, another process writes without end), the index is
    built in memory for as long as this process lives. Whatever was not as it should be goes to ``notice``.
    """

    def __init__(
        self, store: Store, folder: Path, notice: Callable[[str], None], *, timeout: float = 10.0
    ) -> None:
        self._store = store
        self._folder = folder / FOLDER_NAME
        self._notice = notice
        self._timeout = timeout
        self._is_read_only = is_read_only(folder)  # not even reading works there: tantivy locks its folder
        self._index: LexicalIndex | None = None

    def catch_up(self) -> None:
        """Bring the index to the library's revision, whatever it takes."""
        self._with_index(lambda index: None)

    def search(
        self,
        text: str,
        expansions: Sequence[str] = (),
        limit: int | None = None,
        allowed: NDArray[np.int64] | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """As LexicalIndex.search, in an index that is up to date."""
        return self._with_index(lambda index: index.search(text, expansions, limit, allowed))

    def frequencies(self, words: Sequence[str]) -> tuple[list[int], int]:
        """As LexicalIndex.frequencies, in an index that is up to date."""
        return self._with_index(lambda index: index.frequencies(words))

    def consult(self, use: Callable[[Vocabulary], _T]) -> _T:
        """What ``use`` makes of the vocabulary of an index that is up to date."""
        return self._with_index(lambda index: use(index.vocabulary(self._texts_of)))

    def _texts_of(self, numbers: Sequence[int]) -> list[str]:
        with self._store.read() as connection:
            passages = catalogue.passages_by_number(connection, numbers)
        return [passage_input(passage) for passage in passages.values()]

    def _with_index(self, use: Callable[[LexicalIndex], _T]) -> _T:
        try:
            return use(self._current())
        except BusyIndexError:
            self._notice("词语索引正由另一个程序更新，本次改在内存中另建一份。")
        except DamagedIndexError as error:
            self._notice(f"词语索引损坏（{error}），将从资料库重建。")
            try:
                return use(self._rebuilt())
            except (DamagedIndexError, BusyIndexError) as second:
                self._notice(f"词语索引无法写入 {self._folder}（{second}），本次改在内存中另建一份。")
        self._index = LexicalIndex(None)
        return use(self._current())

    def _rebuilt(self) -> LexicalIndex:
        self._index = None
        shutil.rmtree(self._folder, ignore_errors=True)
        return self._current()

    def _current(self) -> LexicalIndex:
        if self._index is None:
            self._index = LexicalIndex(None if self._is_read_only else self._folder)
        index = self._index
        index.reload()
        # The index's state is read before the store's: a commit reaches the store first.
        built_to = index.state()
        with self._store.read() as connection:
            is_current = built_to == library_state(connection)
        if not is_current:
            self._update(index)
        return index

    def _update(self, index: LexicalIndex) -> None:
        with index.writing(self._timeout) as writer:
            index.reload()
            built_to = index.state()
            with self._store.read() as connection:
                wanted = library_state(connection)
                current = catalogue.passage_numbers(connection)
                held = index.numbers()
                if built_to is None or not was_in(connection, built_to):
                    self._tell_rebuild(built_to, len(current))
                    index.clear(writer)
                    held = held[:0]
                removed = np.setdiff1d(held, current)
                added = np.setdiff1d(current, held)

                def texts() -> Iterator[tuple[int, str]]:
                    for first in range(0, len(added), _BATCH):
                        batch = added[first : first + _BATCH].tolist()
                        for number, passage in catalogue.passages_by_number(connection, batch).items():
                            yield number, passage_input(passage)

                index.update(writer, removed.tolist(), texts(), wanted)

    def _tell_rebuild(self, built_to: LibraryState | None, passages: int) -> None:
        if passages:
            if self._is_read_only:
                self._notice(f"资料目录只读，词语索引改建在内存中（{passages} 段）。")
                return
            reason = "词语索引缺失" if built_to is None else "词语索引与资料库不符"
            self._notice(f"{reason}，正在从资料库重建（{passages} 段）。")

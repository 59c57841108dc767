"""The places that passages are filed under, read once for each state of the library."""

from __future__ import annotations

from index.store import LibraryState, Store, library_state


class FiledPlaces:
    """Remembers them until the library is changed. Share it among threads: a race reads them twice."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: tuple[LibraryState | None, frozenset[str]] = (None, frozenset())

    def places(self) -> frozenset[str]:
        """Their names, those of surveys too that no article is about."""
        with self._store.read() as connection:
            state = library_state(connection)
            known, places = self._known
            if known != state:
                rows = connection.execute("SELECT DISTINCT place FROM passages WHERE place IS NOT NULL")
                places = frozenset(place for (place,) in rows)
                self._known = (state, places)
            return places

"""The places that articles and passages are filed under, read once for each state of the library."""

from __future__ import annotations

from index.store import LibraryState, Store, library_state


class FiledPlaces:
    """Remembers them until the library is changed. Share it among threads: a race reads them twice."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: tuple[LibraryState | None, frozenset[str]] = (None, frozenset())

    def places(self) -> frozenset[str]:
        """Their names; parts of surveys are filed under places that no article is about."""
        with self._store.read() as connection:
            state = library_state(connection)
            known, places = self._known
            if known != state:
                rows = connection.execute("SELECT place FROM articles UNION SELECT place FROM passages")
                places = frozenset(place for (place,) in rows if place)
                self._known = (state, places)
            return places

"""Evidence of the places of one province, or of others than the bulletins' own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.places import Gazetteer
from rag.types import Evidence


def within_province(evidence: Sequence[Evidence], province: str, gazetteer: Gazetteer) -> list[Evidence]:
    """What is of places of ``province`` (a short name); all where none is, or no province is asked for."""

    def lies_within(piece: Evidence) -> bool:
        place = gazetteer.resolve(piece.passage.place) if piece.passage.place else None
        return place is not None and "".join(place.parents[:1]).startswith(province)

    return [e for e in evidence if lies_within(e)] or list(evidence) if province else list(evidence)


def outside_its_province(
    evidence: Sequence[Evidence], issuers: Mapping[str, str], gazetteer: Gazetteer
) -> list[Evidence]:
    """What is of places in another province than the issuer of its document; ``issuers`` by document id."""
    homes = {
        id_: {name for m in gazetteer.find(issuer) for p in m.places for name in (*p.parents[:1], p.name)}
        for id_, issuer in issuers.items()
    }

    def lies_outside(piece: Evidence) -> bool:
        place = gazetteer.resolve(piece.passage.place) if piece.passage.place else None
        home = homes.get(piece.passage.document_id)
        return place is not None and bool(home) and not {*place.parents[:1], place.name} & (home or set())

    return [e for e in evidence if lies_outside(e)]

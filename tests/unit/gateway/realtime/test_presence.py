"""Presence diffs always lead from one state to the next."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from upshot_devstack.gateway.realtime.hub import Room
from upshot_devstack.gateway.realtime.presence import Metas, PresenceBook

ROOM = Room(private=False, topic="hall")
people = st.sampled_from([("ann", 1), ("ann", 2), ("bob", 3)])


def refs(metas: Metas) -> dict[str, set[str]]:
    return {key: {meta["phx_ref"] for meta in entry["metas"]} for key, entry in metas.items()}


class ClientsView(RuleBasedStateMachine):
    """A client that applies every diff must end with what the book says."""

    def __init__(self) -> None:
        super().__init__()
        self.book = PresenceBook()
        self.seen: dict[str, set[str]] = {}

    def apply(self, diff) -> None:
        for key, entry in refs(diff["joins"]).items():
            self.seen.setdefault(key, set()).update(entry)
        for key, entry in refs(diff["leaves"]).items():
            assert entry <= self.seen[key]
            self.seen[key] -= entry
            if not self.seen[key]:
                del self.seen[key]

    @rule(person=people, payload=st.dictionaries(st.sampled_from(["mood", "phx_ref"]), st.integers()))
    def track(self, person, payload) -> None:
        key, owner = person
        self.apply(self.book.track(ROOM, owner, key, payload))

    @rule(person=people)
    def untrack(self, person) -> None:
        key, owner = person
        diff = self.book.untrack(ROOM, owner, key)
        if diff is not None:
            self.apply(diff)

    @invariant()
    def same_as_the_book(self) -> None:
        assert refs(self.book.state(ROOM)) == self.seen


TestClientsView = ClientsView.TestCase


def test_rooms_are_apart():
    book = PresenceBook()
    book.track(ROOM, 1, "ann", {})
    assert book.state(Room(private=True, topic="hall")) == {}

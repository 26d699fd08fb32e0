"""An import's client calls a verb until the import has got there, and says so when it does not get any further."""

from collections.abc import Mapping
from typing import Any

import pytest

from upshot.domain.errors import StoreError
from upshot.services.importing import PATIENCE, Importer


class Server:
    """Answers what it was told to, the last of it for ever."""

    def __init__(self, answers: list[tuple[str, int]]) -> None:
        self.answers, self.calls = answers, 0

    def call(self, verb: str, arguments: Mapping[str, Any]) -> Any:
        state, rows = self.answers[min(self.calls, len(self.answers) - 1)]
        self.calls += 1
        return {"id": arguments["import_id"], "state": state, "rows_landed": rows, "rows_undone": rows}


def test_parts_are_asked_for_until_all_have_landed_also_when_some_land_nothing():
    server = Server([("importing", 10), ("importing", 10), ("importing", 20), ("imported", 30)])
    assert Importer(server, lambda _what, _rows: None).land("i")["rows_landed"] == 30
    assert server.calls == 4


@pytest.mark.parametrize(("verb", "state"), [("land", "importing"), ("take_back", "undoing")])
def test_an_import_that_stands_still_is_an_error_and_no_loop(verb: str, state: str):
    server = Server([(state, 5)])
    with pytest.raises(StoreError, match=f"stands still.*{state} with 5 rows"):
        getattr(Importer(server, lambda _what, _rows: None), verb)("i")
    assert server.calls == PATIENCE + 1

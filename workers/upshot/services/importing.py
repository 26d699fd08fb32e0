"""A file's way in, through the public verbs: staged in chunks, mapped, checked, landed or taken back in parts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Protocol

from upshot.domain.errors import StoreError

CHUNK = 5_000
PATIENCE = 100
Row = list[str | None]
Progress = Callable[[str, int], None]


class Verbs(Protocol):
    """Where verbs are called."""

    def call(self, verb: str, arguments: Mapping[str, Any]) -> Any: ...


class Importer:
    """One import. Whatever is interrupted goes on where it stood when the same is called again."""

    def __init__(self, verbs: Verbs, progress: Progress) -> None:
        self._verbs, self._progress = verbs, progress

    def stage(self, start: Mapping[str, Any], rows: Iterable[Row], mapping: Mapping[str, Any]) -> dict[str, Any]:
        """Begin, send all rows, say what they are, check: the import with its report. A finished one comes back as it is."""
        begun: dict[str, Any] = self._verbs.call("start_import", start)
        if begun["state"] not in ("draft", "checked"):
            return begun
        at = 1
        for chunk in _chunks(rows):
            self._verbs.call("stage_rows", {"import_id": begun["id"], "rows": chunk, "first_row": at})
            at += len(chunk)
            self._progress("sent", at - 1)
        self._verbs.call("map_columns", {"import_id": begun["id"], "mapping": mapping})
        checked: dict[str, Any] = self._verbs.call("check_import", {"import_id": begun["id"]})
        return checked

    def land(self, import_id: str) -> dict[str, Any]:
        """Land all good rows."""
        return self._until("commit_import", import_id, "imported", "rows_landed")

    def take_back(self, import_id: str) -> dict[str, Any]:
        """Undo all that landed."""
        return self._until("undo_import", import_id, "undone", "rows_undone")

    def _until(self, verb: str, import_id: str, state: str, count: str) -> dict[str, Any]:
        before: Any = None
        same = 0
        while same < PATIENCE:
            moved: dict[str, Any] = self._verbs.call(verb, {"import_id": import_id})
            self._progress(state, moved[count])
            if moved["state"] == state:
                return moved
            # A part whose rows are all known already lands none, and was a step all the same.
            same = same + 1 if (moved["state"], moved[count]) == before else 0
            before = (moved["state"], moved[count])
        raise StoreError(
            f"The import {import_id} stands still: {verb} was called {PATIENCE} times, and it is {before[0]} with {before[1]:,} rows. "
            "Nothing is lost; the same command goes on from there."
        )


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    ahead = iter(rows)
    while chunk := list(islice(ahead, CHUNK)):
        yield chunk

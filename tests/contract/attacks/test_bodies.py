"""Bodies that no client writes, at the doors where events and files come in: refused in the API's words, never a failure."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from contract.attacks.conftest import Attacker
from support.rls import Theatre

Attack = Callable[..., Attacker]

# As they stand in the body: much of it no JSON library writes.
ODD = {
    "a wrong type": "7",
    "a number as text": '"7"',
    "another kind": '{"a": [true]}',
    "null": "null",
    "an endless number": "1e130000",
    "a number beyond any": "-1e999999999",
    "NaN": "NaN",
    "a zero byte": '"a\\u0000b"',
    "half a character": '"\\ud800"',
    "the same key twice": '{"id": 1, "id": "x"}',
    "a text without end": '"' + "x" * 300_000 + '"',
    "a list without end": "[" + ",".join(["1"] * 20_000) + "]",
    "a deep list": "[" * 20_000 + "]" * 20_000,
    "a year beyond the calendar": '"294277-01-01T00:00:00Z"',
    "nobody's id": '"00000000-0000-4000-8000-0000000000aa"',
}
GOOD: dict[str, dict[str, Any]] = {
    "start_import": {"environment": "production", "columns": ["a"], "name": "n", "file_name": "f", "sha256": "a" * 64},
    "stage_rows": {"import_id": "", "rows": [["a"]], "first_row": 1},
    "map_columns": {"import_id": "", "mapping": {}},
    "check_import": {"import_id": ""},
    "commit_import": {"import_id": ""},
    "undo_import": {"import_id": ""},
    "erase_subject": {"subject": "nobody", "reason": "r"},
    "request_analysis": {"experiment_id": "", "metric": "m", "method": "aipw"},
    "record_inferences": {"inferences": []},
    "record_outcomes": {"outcomes": []},
    "record_exposures": {"exposures": []},
    "trace_of": {"subject": "nobody"},
    "effects_as_of": {"experiment_id": "", "as_of": None},
}


@pytest.mark.parametrize("verb", GOOD)
def test_a_body_that_no_client_writes_is_refused(theatre: Theatre, attacker: Attack, verb: str):
    """Each argument in turn is each oddity; a batch also holds it as a row, and as each field of one."""
    sender = attacker("other_owner")
    failed = {}
    for argument in GOOD[verb]:
        rest = {k: json.dumps(v) for k, v in GOOD[verb].items() if k != argument}
        wraps = [
            "%s",
            "[%s]",
            '[{"id": %s, "source": %s, "started_at": %s, "value": %s, "subject": %s, "latency_ms": %s}]',
        ]
        for wrap in wraps if verb.startswith(("record", "stage")) else wraps[:1]:
            for name, odd in ODD.items():
                parts = [f'"{k}": {v}' for k, v in rest.items()] + [f'"{argument}": {wrap.replace("%s", odd)}']
                body = "{" + ", ".join(parts) + "}"
                answer = sender.ask(
                    "POST", f"/rest/v1/rpc/{verb}", content=body, headers={"Content-Type": "application/json"}
                )
                if answer.status_code >= 500 or not answer.text:
                    failed[argument, wrap[:4], name] = (answer.status_code, answer.text[:200])
    assert failed == {}

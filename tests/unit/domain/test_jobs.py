from uuid import uuid4

import pytest

from upshot.domain.errors import InvalidJobError
from upshot.domain.jobs import RunChunk


def payload(**changes):
    item = {"version_id": str(uuid4()), "test_case_id": str(uuid4()), "repeat": 1}
    return {"run_id": str(uuid4()), "workspace_id": str(uuid4()), "items": [item]} | changes


def test_a_payload_is_read():
    assert RunChunk.parse(payload()).items[0].repeat == 1


@pytest.mark.parametrize("change", [{"items": []}, {"run_id": "x"}, {"workspace_id": None}, {"items": [{"repeat": 0}]}])
def test_poison_is_named(change):
    with pytest.raises(InvalidJobError, match=next(iter(change))):
        RunChunk.parse(payload(**change))


def test_no_payload_at_all_is_poison():
    with pytest.raises(InvalidJobError):
        RunChunk.parse({})

"""experiment_results: what a worker computed is stored once, and stays."""

from typing import Any

import psycopg
import pytest

from support.clinic import Clinic

AS_OF = "2026-01-02T00:00:00Z"


def test_a_computation_is_stored_once_and_never_changed(clinic: Clinic):
    server = clinic.world.server()
    goal = clinic.goal()

    def store(**more: Any) -> dict[str, Any]:
        about = {"workspace_id": clinic.workspace_id, "metric_id": goal, "method": "its", "method_version": "1"}
        return server.rpc("store_result_v1", **(about | {"as_of": AS_OF, "result": {"difference": 1.5}} | more))

    first = store(inputs={"bandwidth": 7})
    assert first["is_new"]
    # Whoever comes second, with whatever numbers, finds the first one's.
    assert store(inputs={"bandwidth": 7}, result={"difference": 2}) == first | {"is_new": False}
    for other in ({"inputs": {"bandwidth": 8}}, {"as_of": "2026-01-03T00:00:00Z"}, {"method_version": "2"}):
        assert store(**({"inputs": {"bandwidth": 7}} | other))["is_new"]
    absent = store(result=None, reason_code="too_few_subjects")
    rows = {str(r["id"]): r for r in clinic.owner.rows("select * from experiment_results")}
    assert len(rows) == 5
    assert rows[first["result_id"]]["result"] == {"difference": 1.5}
    assert rows[absent["result_id"]]["result"] is None
    for wrong, code in (({"result": None}, "bad_argument"), ({"grade": "D"}, "bad_argument"), ({"method": ""}, "")):
        with pytest.raises(psycopg.Error) as caught:
            store(**wrong)
        assert code in str(caught.value.diag.message_detail)
    for statement in ("update experiment_results set method = 'x'", "delete from experiment_results"):
        with pytest.raises(psycopg.Error) as caught:
            clinic.world.admin.connection.execute(statement)  # type: ignore[call-overload]
        assert "append_only" in str(caught.value.diag.message_detail)

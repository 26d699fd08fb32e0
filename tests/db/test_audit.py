"""The audit log: every write with its actor, the row before and after, and nothing that is secret."""

import json
import uuid
from typing import Any

import psycopg
import pytest

from support.clinic import Clinic
from support.world import Actor


def events(clinic: Clinic, where: str = "true", *parameters: Any) -> list[dict[str, Any]]:
    """The workspace's log as its owner reads it, in order."""
    query = f"select * from audit_events where workspace_id = %s and ({where}) order by occurred_at, position"
    return clinic.owner.rows(query, clinic.workspace_id, *parameters)


def last(clinic: Clinic, table: str) -> dict[str, Any]:
    """The newest event of a table."""
    return events(clinic, "table_name = %s", table)[-1]


def test_an_edit_has_its_actor_and_the_row_before_and_after(clinic: Clinic):
    engineer = clinic.world.member(clinic.owner, clinic.workspace_id, "engineer")
    engineer.rows("update capabilities set name = 'Book it' where id = %s returning id", clinic.capability_id)
    event = last(clinic, "capabilities")
    assert (event["actor_kind"], str(event["actor_id"])) == ("user", engineer.user_id)
    assert event["actor_label"].startswith("engineer-")
    assert (event["operation"], str(event["row_id"])) == ("update", str(clinic.capability_id))
    assert event["changed"] == ["name"]
    assert (event["before"]["name"], event["after"]["name"]) == ("Book an appointment", "Book it")
    assert event["before"]["key"] == event["after"]["key"] == "BookAppointment"


def test_an_insert_has_no_before_and_a_delete_no_after(clinic: Clinic):
    made = clinic.put("capabilities", key="Spare", name="Spare")
    clinic.owner.rows("delete from capabilities where id = %s returning id", made["id"])
    inserted, deleted = events(clinic, "row_id = %s", made["id"])
    assert (inserted["operation"], inserted["before"], inserted["after"]["key"]) == ("insert", None, "Spare")
    assert (deleted["operation"], deleted["before"]["key"], deleted["after"]) == ("delete", "Spare", None)


def test_rows_of_one_statement_are_paired_by_their_keys(clinic: Clinic):
    clinic.owner.rows(
        "update actions set position = position + 10 where capability_id = %s returning id", clinic.capability_id
    )
    found = events(clinic, "table_name = 'actions' and operation = 'update'")
    assert len(found) == 3
    assert all(e["before"]["id"] == e["after"]["id"] == str(e["row_id"]) for e in found)
    assert all(e["after"]["position"] == e["before"]["position"] + 10 for e in found)


def test_a_key_of_several_columns_names_the_row(clinic: Clinic):
    engineer = clinic.world.member(clinic.owner, clinic.workspace_id, "engineer")
    event = last(clinic, "members")
    assert event["row_key"] == {"workspace_id": str(clinic.workspace_id), "user_id": engineer.user_id}
    assert str(event["row_id"]) == engineer.user_id


def test_an_update_that_changes_nothing_is_no_event(clinic: Clinic):
    before = len(events(clinic))
    clinic.owner.rows("update capabilities set name = name where id = %s returning id", clinic.capability_id)
    assert len(events(clinic)) == before


def test_a_refused_write_leaves_no_event(clinic: Clinic):
    version = clinic.version("one")
    clinic.publish(version)
    before = len(events(clinic))
    with pytest.raises(psycopg.Error, match="live"):
        clinic.publish(version)
    assert len(events(clinic)) == before


def test_the_events_of_a_request_share_its_id_and_keep_their_order(clinic: Clinic):
    version = clinic.version("one")
    connection = clinic.owner.connection
    with connection.transaction():
        connection.execute("select set_config('request.headers', %s, true)", [json.dumps({"x-request-id": "ticket-7"})])
        connection.execute("select set_config('request.path', '/rpc/publish', true)")
        clinic.publish(version)
    found = events(clinic, "request_id = 'ticket-7'")
    assert [e["position"] for e in found] == list(range(1, len(found) + 1))
    assert {"deployments", "changes"} <= {e["table_name"] for e in found}
    assert {e["verb"] for e in found} == {"publish"}

    clinic.owner.rows("update capabilities set name = 'a' where id = %s returning id", clinic.capability_id)
    clinic.owner.rows("update capabilities set name = 'b' where id = %s returning id", clinic.capability_id)
    one, two = events(clinic, "table_name = 'capabilities' and operation = 'update'")
    assert one["request_id"] != two["request_id"]
    assert one["verb"] is None


def test_a_new_workspace_begins_its_own_log(clinic: Clinic):
    made = clinic.owner.rpc("create_workspace", name="Other", slug="other")
    found = clinic.owner.rows("select * from audit_events where workspace_id = %s", made["workspace_id"])
    assert {"workspaces", "roles", "role_permissions", "environments", "members"} <= {e["table_name"] for e in found}
    assert {str(e["actor_id"]) for e in found} == {clinic.owner.user_id}
    assert len({e["request_id"] for e in found}) == 1


def test_a_server_and_an_api_key_are_actors_too(clinic: Clinic):
    server = clinic.world.server()
    server.rows("update capabilities set name = 'by server' where id = %s returning id", clinic.capability_id)
    event = last(clinic, "capabilities")
    assert (event["actor_kind"], event["actor_id"]) == ("service", None)

    key = clinic.world.api_key(clinic.owner, clinic.workspace_id, ["workspace.read", "catalog.write"])
    key.rows("update capabilities set name = 'by key' where id = %s returning id", clinic.capability_id)
    event = last(clinic, "capabilities")
    made = clinic.owner.one("select * from api_keys")
    assert (event["actor_kind"], event["actor_id"], event["actor_label"]) == ("api_key", made["id"], made["name"])


def test_evidence_is_one_event_a_statement(clinic: Clinic):
    clinic.metric("booked")
    rows = [clinic.outcome("booked", 1, subject=f"s{i}") for i in range(30)]
    clinic.owner.rpc("record_outcomes", outcomes=rows)
    (event,) = events(clinic, "table_name = 'outcomes'")
    assert (event["row_count"], event["after"]["rows"]) == (30, 30)
    ids = clinic.owner.one("select min(id::text) as first, max(id::text) as last from outcomes")
    assert (event["after"]["first_id"], event["after"]["last_id"]) == (ids["first"], ids["last"])
    clinic.owner.rpc("record_outcomes", outcomes=rows)
    assert len(events(clinic, "table_name = 'outcomes'")) == 1


def test_an_assignment_names_who_asked(clinic: Clinic):
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    experiment.move("activate")
    clinic.decide("ann")
    clinic.decide("ben", by=clinic.world.server(), workspace_id=clinic.workspace_id)
    rows = clinic.owner.rows("select actor_kind, actor_id::text from assignments order by subject")
    assert [tuple(r.values()) for r in rows] == [("user", clinic.owner.user_id), ("service", None)]


def test_secrets_never_reach_the_log(clinic: Clinic):
    secret = "sk-" + uuid.uuid4().hex
    clinic.owner.rpc("set_provider_key", provider="openai", secret=secret, name="ours")
    made = clinic.owner.rpc("create_api_key", name="crm", permissions=["events.write"])
    written = json.dumps(clinic.world.postgres().rows("select to_jsonb(e) as e from audit_events e"))
    for word in (secret, made["secret"]):
        assert word not in written
    hashes = clinic.world.postgres().rows("select hash from private.api_key_secrets")
    assert all(row["hash"] not in written for row in hashes)


def test_a_secret_column_is_masked_and_its_change_is_seen(clinic: Clinic):
    postgres = clinic.world.postgres()
    statement = "select private.audit_rows('capabilities', 'UPDATE', '{id}', '{secret}', '{}', array[%s::jsonb], array[%s::jsonb])"
    row = {"id": str(uuid.uuid4()), "workspace_id": str(clinic.workspace_id)}
    postgres.connection.execute(statement, [json.dumps(row | {"secret": "old"}), json.dumps(row | {"secret": "new"})])
    event = last(clinic, "capabilities")
    assert (event["before"]["secret"], event["after"]["secret"]) == ("[redacted]", "[redacted]")
    assert event["changed"] == ["secret"]


def test_the_log_outlives_the_account(clinic: Clinic):
    engineer = clinic.world.member(clinic.owner, clinic.workspace_id, "engineer")
    engineer.rows("update capabilities set name = 'x' where id = %s returning id", clinic.capability_id)
    auth = Actor(clinic.world.connect("supabase_auth_admin"))
    auth.connection.execute("delete from auth.users where id = %s", [engineer.user_id])
    event = last(clinic, "capabilities")
    assert (str(event["actor_id"]), event["actor_label"][:9]) == (engineer.user_id, "engineer-")
    left = last(clinic, "members")
    assert (left["operation"], left["actor_kind"]) == ("delete", "system")
    assert left["before"]["user_id"] == engineer.user_id


def test_nobody_rewrites_the_log(clinic: Clinic):
    postgres = clinic.world.postgres()
    for statement in ("update audit_events set verb = 'x'", "delete from audit_events", "truncate audit_events"):
        with pytest.raises(psycopg.Error) as caught:
            postgres.connection.execute(statement)
        assert caught.value.sqlstate == "PT409", statement

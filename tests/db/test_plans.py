"""Policies cost a query once, not once a row; the hottest lookups use their indexes."""

import pytest

from support.clinic import Clinic


@pytest.mark.parametrize(
    "table",
    ["inferences", "outcomes", "assignments", "deployments", "changes", "run_results", "experiments", "variants"],
)
def test_a_policy_is_one_hashed_set(clinic: Clinic, table: str):
    plan = "\n".join(row["QUERY PLAN"] for row in clinic.owner.rows(f"explain verbose select * from {table}"))
    filters = [line for line in plan.splitlines() if "Filter:" in line]
    assert filters
    assert all("hashed SubPlan" in line or "ANY" in line for line in filters), plan
    assert not any("my_workspaces" in line for line in filters), plan


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (
            "select * from inferences where workspace_id = {w} and conversation = 'c'",
            "inferences_default_workspace_id_conversation_started_at_idx",
        ),
        ("select * from private.outcome_claims where key = {u}", "outcome_claims_pkey"),
        ("select * from changes where workspace_id = {w} order by occurred_at desc limit 20", "changes_occurred_at"),
        (
            "select * from experiments where environment_id = {u} and capability_id = {u} and state = 'active'",
            "experiments_active",
        ),
        (
            "select * from private.deployment_heads where environment_id = {u} and capability_id = {u}",
            "deployment_heads_scope",
        ),
    ],
)
def test_a_hot_lookup_uses_its_index(clinic: Clinic, query: str, index: str):
    postgres = clinic.world.postgres()
    some = "'00000000-0000-7000-8000-000000000000'"
    text = query.format(w=f"'{clinic.workspace_id}'", u=some)
    postgres.connection.execute("set enable_seqscan = off")
    postgres.connection.execute("set enable_bitmapscan = off")
    plan = "\n".join(row["QUERY PLAN"] for row in postgres.rows(f"explain {text}"))
    assert index in plan, plan

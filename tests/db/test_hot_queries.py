"""The ten hottest queries at 50,000 rows, as a member and as API keys: policies are asked once, indexes do the rest."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from support.clinic import open_clinic
from support.furniture import Furnished, furnish
from support.world import Actor, World, world_of

ROWS = 50_000
QUERIES = {
    "a conversation": ("inferences", "select * from inferences where workspace_id = {w} and conversation = 'c17'"),
    "a subject's calls": (
        "inferences",
        "select * from inferences where workspace_id = {w} and subject = 's17' order by started_at desc limit 50",
    ),
    "a call by its id": ("inferences", "select * from inferences where workspace_id = {w} and id = {u}"),
    "a metric lately": (
        "outcomes",
        "select * from outcomes where metric_id = {m} and environment_id = {e} order by occurred_at desc limit 50",
    ),
    "an event again": (
        "outcomes",
        "select * from outcomes where workspace_id = {w} and source = 'crm' and source_event_id = 'e17'",
    ),
    "a unit's arms": ("assignments", "select * from assignments where workspace_id = {w} and unit_id = 's17'"),
    "the ledger's page": (
        "changes",
        "select * from changes where workspace_id = {w} order by occurred_at desc limit 50",
    ),
    "what is live": ("", "select * from live_deployments where workspace_id = {w}"),
    "the experiments": ("", "select * from experiments where workspace_id = {w} and state = 'active'"),
    "a prompt's history": ("", "select * from prompt_versions where prompt_id = {p} order by number desc limit 20"),
}
ASKED_PER_ROW = re.compile(
    r"my_workspaces|key_environments|auth\.uid|api_key\(|(?<!hashed )\(?SubPlan \d+|alternatives"
)


@pytest.fixture(scope="module")
def busy(cluster_templates: Any, _project_template: str) -> Iterator[tuple[Furnished, dict[str, Actor]]]:
    """Two furnished workspaces with many rows each."""
    database = cluster_templates.clone(_project_template)
    with world_of(database) as world:
        here, there = furnish(open_clinic(world)), furnish(open_clinic(world))
        for side in (here, there):
            fill(world, side)
        world.connect("supabase_admin").execute("analyze")
        yield here, askers(world, here)
    cluster_templates.drop(database)


def askers(world: World, side: Furnished) -> dict[str, Actor]:
    """A person who reads, a key that reads, and one that reads an environment alone."""
    owner, workspace_id = side.clinic.owner, side.clinic.workspace_id
    return {
        "member": world.member(owner, workspace_id, "viewer"),
        "key": world.api_key(owner, workspace_id, ["workspace.read"]),
        "scoped key": world.api_key(owner, workspace_id, ["workspace.read"], ["production"]),
    }


def fill(world: World, side: Furnished) -> None:
    """50,000 calls, outcomes, arms and changes of 5,000 subjects."""
    many = {
        "w": side.clinic.workspace_id, "e": side.clinic.environments["production"], "c": side.clinic.capability_id,
        "v": side.version["id"], "m": side.metric["id"], "x": side.experiment.id, "n": ROWS,
    }  # fmt: skip
    loader = world.connect("supabase_admin")
    # Past triggers and foreign keys: the planner alone looks at these rows.
    loader.execute("set session_replication_role = replica")
    for statement in (
        """insert into inferences (id, workspace_id, environment_id, subject, conversation, capability_id,
             prompt_version_id, provider, requested_model, started_at, latency_ms, status)
           select gen_random_uuid(), %(w)s, %(e)s, 's' || n %% 5000, 'c' || n %% 20000, %(c)s, %(v)s, 'local', 'smol',
             now() - n * interval '1 second', 1, 'ok' from generate_series(1, %(n)s) n""",
        """insert into outcomes (id, workspace_id, environment_id, metric_id, value, subject, occurred_at, source, source_event_id)
           select gen_random_uuid(), %(w)s, %(e)s, %(m)s, 1, 's' || n %% 5000, now() - n * interval '1 second', 'crm', 'e' || n
           from generate_series(1, %(n)s) n""",
        """insert into assignments (id, workspace_id, experiment_id, phase_id, variant_id, unit_id, subject, bucket, actor_kind)
           select gen_random_uuid(), %(w)s, a.experiment_id, a.phase_id, a.variant_id, 's' || n, 's' || n, 1, 'system'
           from generate_series(1, %(n)s) n, lateral (select * from experiment_phase_arms
             where experiment_id = %(x)s limit 1) a""",
        """insert into changes (id, workspace_id, kind, summary, actor_kind, occurred_at)
           select gen_random_uuid(), %(w)s, 'annotation', 'x', 'system', now() - n * interval '1 minute' from generate_series(1, %(n)s) n""",
    ):
        loader.execute(statement, many)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The nodes that rows pass; what an InitPlan or a hashed SubPlan does once is left out."""
    yield plan
    for inner in plan.get("Plans", []):
        if inner.get("Parent Relationship") not in ("InitPlan", "SubPlan"):
            yield from nodes(inner)


def plan_of(actor: Actor, query: str) -> dict[str, Any]:
    """The plan as the caller gets it."""
    found = actor.one(f"explain (format json, verbose) {query}")["QUERY PLAN"]
    return dict((json.loads(found) if isinstance(found, str) else found)[0]["Plan"])


@pytest.mark.parametrize("who", ["member", "key", "scoped key"])
@pytest.mark.parametrize("name", QUERIES)
def test_a_hot_query_asks_its_policies_once(busy: tuple[Furnished, dict[str, Actor]], name: str, who: str):
    side, actors = busy
    big, text = QUERIES[name]
    ids = {"w": side.clinic.workspace_id, "m": side.metric["id"], "e": side.clinic.environments["production"]}
    ids |= {"p": side.clinic.prompt_id, "u": side.rows["inference"]["id"]}
    plan = plan_of(actors[who], text.format(**{key: f"'{value}'" for key, value in ids.items()}))
    for node in nodes(plan):
        for kind, words in node.items():
            if kind.endswith(("Filter", "Cond")) and isinstance(words, str):
                assert not ASKED_PER_ROW.search(words), (kind, words, json.dumps(plan, indent=1)[:3000])
        if big and node.get("Relation Name") == big:
            assert node["Node Type"] != "Seq Scan", json.dumps(plan, indent=1)[:3000]

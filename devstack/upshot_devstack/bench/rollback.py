"""How long a rollback takes among many live scopes, against a lookup by primary key in the same run."""

import argparse
import sys

import psycopg
from rich.console import Console
from rich.table import Table

from upshot_devstack.bench.caller import Caller, percentiles
from upshot_devstack.bench.product import CATALOGUE, claims, install, run, workspace
from upshot_devstack.bench.scratch import scratch_stack

# Four scopes a capability: itself, an action, an intent, and the two together; each with two moves behind it.
SCOPES = """
insert into public.actions (workspace_id, capability_id, key, name, position)
select workspace_id, id, 'act', 'act', 1 from public.capabilities where workspace_id = %(w)s;
insert into public.intents (workspace_id, key, name) values (%(w)s, 'want', 'want');
insert into public.deployments (workspace_id, environment_id, capability_id, action_id, intent_id, number,
  prompt_version_id, previous_version_id, kind)
select p.workspace_id, e.id, p.capability_id, a.id, i.id, n, v.id, before.id, 'publish'
from public.prompts p
join public.environments e on e.workspace_id = p.workspace_id and e.key = 'production'
cross join generate_series(1, 2) n
join public.prompt_versions v on v.prompt_id = p.id and v.number = n
left join public.prompt_versions before on before.prompt_id = p.id and before.number = n - 1
cross join lateral (select null::uuid union all select x.id from public.actions x where x.capability_id = p.capability_id) as a (id)
cross join lateral (select null::uuid union all select x.id from public.intents x where x.workspace_id = p.workspace_id) as i (id)
where p.workspace_id = %(w)s order by n
"""
TARGETS = """
select 'production', c.key, h.prompt_version_id, a.key, i.key
from private.deployment_heads h
join public.capabilities c on c.id = h.capability_id
left join public.actions a on a.id = h.action_id
left join public.intents i on i.id = h.intent_id
order by sha256(h.deployment_id::text::bytea)
"""
ROLLBACK = "select public.rollback(%s, %s, %s, action => %s, intent => %s)"
LOOKUP = "select to_jsonb(d) from public.deployments d where d.id = %s"
GOAL_MS = 20.0
WARM = 20


def measure(url: str, targets: list[tuple[object, ...]], ids: list[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of a rollback of each scope, and of a lookup after each."""
    rollbacks, lookups = [], []
    with Caller(url, claims()) as api:
        for target, found in zip(targets, ids, strict=True):
            rollbacks.append(api.ask(ROLLBACK, target)[0])
            lookups.append(api.ask(LOOKUP, [found])[0])
    return rollbacks[WARM:], lookups[WARM:]


def main() -> None:
    """Build the scopes, roll each back once, print."""
    parser = argparse.ArgumentParser(prog="scripts/bench rollback")
    parser.add_argument("--scopes", type=int, default=1_000)
    scopes = parser.parse_args().scopes
    with scratch_stack() as stack:
        url = stack.env()["DB_URL"]
        install(url)
        with psycopg.connect(url.replace("//postgres:", "//supabase_admin:", 1), autocommit=True) as admin:
            workspace_id = workspace(admin, url)
            run(
                admin,
                CATALOGUE,
                w=workspace_id,
                capabilities=-(-scopes // 4),
                messages='[{"role": "user", "content": "x", "n": 0}]',
            )
            run(admin, SCOPES, w=workspace_id)
            admin.execute("vacuum analyze")
            targets = admin.execute(TARGETS).fetchall()
            ids = [str(row[0]) for row in admin.execute("select deployment_id from private.deployment_heads")]
        rollbacks, lookups = measure(url.replace("//postgres:", "//authenticator:", 1), targets, ids)
    table = Table("milliseconds", "p50", "p95", "p99", title=f"rollback at {len(targets):,} live scopes, each once")
    for name, times in (("rollback", rollbacks), ("lookup by primary key", lookups)):
        table.add_row(name, *(f"{value:.2f}" for value in percentiles(times)))
    p50, p95, _ = percentiles(rollbacks)
    verdict = "met" if p95 < GOAL_MS else "missed"
    Console(file=sys.stdout, width=100).print(
        table,
        f"Goal: p95 under {GOAL_MS:.0f} ms: {p95:.1f} ({verdict}); ratio of p50 {p50 / percentiles(lookups)[0]:.1f}",
    )


if __name__ == "__main__":
    main()

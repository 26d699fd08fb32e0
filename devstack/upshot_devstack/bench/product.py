"""A workspace of any size, written by set instead of by verbs, for measurements of the product's own functions."""

import json
from dataclasses import dataclass
from pathlib import Path

import psycopg

from upshot_devstack.postgres import migrations

USER = "00000000-0000-4000-8000-00000000beec"
SUBJECTS = 1_000_000
BUNDLE = json.dumps([{"role": "system", "content": "You book appointments for {{clinic}}. " * 20}])

WORKSPACE = """
select set_config('request.jwt.claims', %(claims)s, false), set_config('role', 'authenticated', false);
select public.create_workspace('Bench', 'bench') ->> 'workspace_id' as workspace_id
"""

CATALOGUE = """
insert into public.capabilities (workspace_id, key, name)
select %(w)s, 'c' || n, 'c' || n from generate_series(0, %(capabilities)s - 1) n;
insert into public.prompts (workspace_id, key, name, capability_id)
select %(w)s, key, key, id from public.capabilities where workspace_id = %(w)s;
insert into public.prompt_versions (workspace_id, prompt_id, number, branch_id, messages, variables, provider, model,
  params, tools, response_format, message)
select p.workspace_id, p.id, n, b.id, jsonb_set(%(messages)s::jsonb, '{0,n}', to_jsonb(n)), '{}', 'local', 'smol',
  '{}', '[]', null, ''
from public.prompts p join public.branches b on b.prompt_id = p.id cross join generate_series(1, 3) n
where p.workspace_id = %(w)s
"""

# %(spread)s experiments, ten on each capability and apart in a layer of their own; and as many again in staging, all on
# one capability: in one layer, or all behind an audience.
EXPERIMENTS = """
insert into public.layers (workspace_id, key, name)
select %(w)s, 'l' || n, 'l' || n from generate_series(0, %(capabilities)s) n;
insert into public.experiments (workspace_id, key, name, environment_id, capability_id, audience, layer_id, layer_from,
  layer_to)
select %(w)s, 'spread' || n, 'spread', e.id, c.id, '{"not": {"attribute": "plan", "eq": "internal"}}', l.id,
  n %% 10 * 1000, n %% 10 * 1000 + 1000
from generate_series(0, %(spread)s - 1) n
join public.environments e on e.workspace_id = %(w)s and e.key = 'production'
join public.capabilities c on c.workspace_id = %(w)s and c.key = 'c' || n / 10
join public.layers l on l.workspace_id = %(w)s and l.key = 'l' || n / 10;
insert into public.experiments (workspace_id, key, name, environment_id, capability_id, audience, layer_id, layer_from,
  layer_to)
select %(w)s, 'layered' || n, 'layered', e.id, c.id, '{"not": {"attribute": "plan", "eq": "internal"}}', l.id,
  n * 10000 / %(spread)s, (n + 1) * 10000 / %(spread)s
from generate_series(0, %(spread)s - 1) n
join public.environments e on e.workspace_id = %(w)s and e.key = 'staging'
join public.capabilities c on c.workspace_id = %(w)s and c.key = 'c0'
join public.layers l on l.workspace_id = %(w)s and l.key = 'l%(capabilities)s';
insert into public.experiments (workspace_id, key, name, environment_id, capability_id, audience)
select %(w)s, 'crowd' || n, 'crowd', e.id, c.id,
  jsonb_build_object('all', jsonb_build_array('{"attribute": "plan", "eq": "pro"}'::jsonb,
    jsonb_build_object('attribute', 'seats', 'gt', 1000 + n)))
from generate_series(0, %(spread)s - 1) n
join public.environments e on e.workspace_id = %(w)s and e.key = 'staging'
join public.capabilities c on c.workspace_id = %(w)s and c.key = 'c1'
"""

ARMS = """
insert into public.variants (workspace_id, experiment_id, key, name, is_control)
select e.workspace_id, e.id, k, k, k = 'a' from public.experiments e cross join unnest(array['a', 'b']) k
where e.workspace_id = %(w)s;
insert into public.variant_versions (workspace_id, variant_id, prompt_version_id)
select a.workspace_id, a.id, v.id
from public.variants a join public.experiments e on e.id = a.experiment_id
join public.prompts p on p.capability_id = e.capability_id
join public.prompt_versions v on v.prompt_id = p.id and v.number = case a.key when 'a' then 1 else 2 end
where a.workspace_id = %(w)s;
select private.open_phase(e) from public.experiments e where e.workspace_id = %(w)s;
update public.experiments set state = 'active', started_at = now() where workspace_id = %(w)s;
select private.compile_rule(e.id) from public.experiments e where e.workspace_id = %(w)s
"""

# Ten arms a subject, in ten experiments; written in the order of the ids, as time would. No default is asked: ten
# million calls of each would take longer than the rows.
ASSIGNMENTS = """
insert into public.assignments (id, workspace_id, experiment_id, phase_id, variant_id, unit_id, subject, bucket,
  assigned_at, tx, actor_kind, actor_id)
select lpad(to_hex(n), 32, '0')::uuid, %(w)s, x.ids[1 + place], x.phases[1 + place], x.variants[1 + place],
  's' || n %% %(subjects)s, 's' || n %% %(subjects)s, n %% 10000,
  now(), 0, 'service', null
from generate_series(%(first)s::bigint, %(last)s::bigint) n
cross join lateral (select ((n / %(subjects)s * 97 + n %% %(subjects)s) %% %(spread)s)::integer) as at (place)
cross join (
  select array_agg(e.id order by e.key) as ids, array_agg(r.phase_id order by e.key) as phases,
    array_agg(r.arm_ids[1] order by e.key) as variants
  from public.experiments e join private.live_rules r on r.experiment_id = e.id
  where e.workspace_id = %(w)s and e.key like 'spread%%') as x
"""
# All but the primary key, which grows at its end.
INDEXES = """
select coalesce('alter table public.assignments drop constraint ' || quote_ident(c.conname),
    'drop index ' || i.indexrelid::regclass::text) as dropping,
  coalesce('alter table public.assignments add constraint ' || quote_ident(c.conname) || ' ' || pg_get_constraintdef(c.oid),
    pg_get_indexdef(i.indexrelid)) as making
from pg_index i left join pg_constraint c on c.conindid = i.indexrelid and c.contype = 'u'
where i.indrelid = 'public.assignments'::regclass and not i.indisprimary
"""
STEP = 500_000


@dataclass(frozen=True)
class Size:
    """How much there is of what a decision looks through."""

    experiments: int = 1_000
    assignments: int = 10_000_000

    @property
    def capabilities(self) -> int:
        """Ten experiments each."""
        return max(2, -(-self.experiments // 10))

    @property
    def subjects(self) -> int:
        """Ten arms each."""
        return min(SUBJECTS, max(1, self.assignments // 10))


def claims() -> str:
    """What the token of the workspace's owner says."""
    return json.dumps({"role": "authenticated", "sub": USER})


def run(connection: psycopg.Connection, script: str, **values: object) -> psycopg.Cursor:
    """Run statements that share their parameters; the last one's cursor."""
    cursor = connection.cursor()
    for statement in script.split(";\n"):
        cursor.execute(statement, values or None)
    return cursor


def install(url: str) -> None:
    """The product's schema, without the project's seed, in the database of the role postgres."""
    migrations.apply(url, Path("supabase") / "migrations")


def workspace(admin: psycopg.Connection, url: str) -> str:
    """A new workspace with its owner."""
    admin.execute(
        "insert into auth.users (id, email, role, aud) values (%s, 'bench@example.test', 'authenticated', 'authenticated')",
        [USER],
    )
    with psycopg.connect(url, autocommit=True) as owner:
        row = run(owner, WORKSPACE, claims=claims()).fetchone()
    if row is None:
        raise RuntimeError("create_workspace answered nothing")
    return str(row[0])


def fill(admin: psycopg.Connection, workspace_id: str, size: Size) -> None:
    """Catalogue, experiments and assignments; then statistics, as autovacuum would gather them."""
    common = {"w": workspace_id, "capabilities": size.capabilities, "spread": size.experiments, "messages": BUNDLE}
    run(admin, CATALOGUE, **common)
    # Without triggers: what they keep for the records is not measured, and what decide reads is compiled by hand.
    admin.execute("set session_replication_role = replica")
    for script in (EXPERIMENTS.replace("%(capabilities)s'", f"{size.capabilities}'"), ARMS):
        run(admin, script, **common)
    admin.execute("analyze")
    indexes = admin.execute(INDEXES).fetchall()
    for dropping, _ in indexes:
        admin.execute(dropping)
    for first in range(0, size.assignments, STEP):
        last = min(first + STEP, size.assignments) - 1
        run(admin, ASSIGNMENTS, **common, subjects=size.subjects, first=first, last=last)
    admin.execute("set maintenance_work_mem = '1GB'")
    for _, making in indexes:
        admin.execute(making)
    admin.execute("set session_replication_role = origin")
    admin.execute("vacuum analyze")

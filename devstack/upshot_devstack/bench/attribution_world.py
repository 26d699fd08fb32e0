"""An experiment of any number of subjects, from one table of them: its raw outcomes, and the same rows for other engines."""

from dataclasses import dataclass

import psycopg

from upshot_devstack.bench.product import BUNDLE, CATALOGUE, run, workspace

# Amounts have two decimals, as money and minutes have; the seed makes every run's subjects the same.
SUBJECTS = """
create schema bench;
select setseed(0.4);
create table bench.subjects as
select n, arm as variant,
  case when chance < 0.6 then round((-20 * ln(1 - random()) + 0.15 * arm)::numeric, 2)::float8 else 0 end as spend,
  round((past + 0.7 * before + 0.03 * arm)::numeric, 2)::float8 as minutes,
  round(before::numeric, 2)::float8 as minutes_before,
  1 + floor(9 * random()) as questions,
  (random() < 0.3 + 0.002 * arm)::integer::float8 as booked
from (
  select n, (random() < 0.5005)::integer as arm, random() as chance, 20 + 20 * (random() + random() + random()) as before,
    5 + 10 * (random() + random() + random()) as past
  from generate_series(1, %(subjects)s) n
) drawn;
vacuum analyze bench.subjects
"""
COLUMNS = "variant, spend, minutes, minutes_before, questions, booked"

METRICS = """
insert into public.outcome_metrics (workspace_id, key, name, kind, when_absent)
select %(w)s, k, k, case k when 'booked' then 'proportion' else 'mean' end, 'zero'
from unnest(array['spend', 'minutes', 'questions', 'booked']) k;
insert into public.outcome_metrics (workspace_id, key, name, kind, when_absent, numerator_metric_id, denominator_metric_id)
select %(w)s, 'pace', 'pace', 'ratio', 'zero', m.id, q.id from public.outcome_metrics m join public.outcome_metrics q
  on q.workspace_id = m.workspace_id and q.key = 'questions' where m.workspace_id = %(w)s and m.key = 'minutes'
"""
EXPERIMENTS = """
insert into public.experiments (workspace_id, key, name, environment_id, capability_id)
select %(w)s, k, k, e.id, c.id from unnest(array['all', 'some']) k
join public.environments e on e.workspace_id = %(w)s and e.key = 'production'
join public.capabilities c on c.workspace_id = %(w)s and c.key = 'c0';
insert into public.experiment_metrics (workspace_id, experiment_id, metric_id, role)
select %(w)s, e.id, m.id, case m.key when 'spend' then 'primary' else 'secondary' end
from public.experiments e join public.outcome_metrics m on m.workspace_id = %(w)s and m.key <> 'questions'
where e.workspace_id = %(w)s;
insert into public.variants (workspace_id, experiment_id, key, name, is_control)
select %(w)s, e.id, k, k, k = 'a' from public.experiments e cross join unnest(array['a', 'b']) k where e.workspace_id = %(w)s;
insert into public.variant_versions (workspace_id, variant_id, prompt_version_id)
select %(w)s, a.id, v.id
from public.variants a join public.experiments e on e.id = a.experiment_id
join public.prompts p on p.capability_id = e.capability_id
join public.prompt_versions v on v.prompt_id = p.id and v.number = case a.key when 'a' then 1 else 2 end
where a.workspace_id = %(w)s;
select private.open_phase(e) from public.experiments e where e.workspace_id = %(w)s;
update public.experiments set state = 'active', started_at = now() - interval '30 days' where workspace_id = %(w)s
"""
# Four weeks of cohorts, all of them closed by now; written as a transaction long ago, so that the watermark covers them.
ASSIGNMENTS = """
insert into public.assignments (id, workspace_id, experiment_id, phase_id, variant_id, unit_id, subject, bucket,
  assigned_at, tx, actor_kind, actor_id)
select lpad(to_hex(s.n + case e.key when 'some' then 1::bigint << 40 else 0 end), 32, '0')::uuid, %(w)s, e.id, p.id, v.id,
  's' || s.n, 's' || s.n, s.n %% 10000, date_trunc('day', now()) - make_interval(days => 10 + s.n %% 28, hours => 12), 0,
  'service', null
from bench.subjects s
join public.experiments e on e.workspace_id = %(w)s and (e.key = 'all' or s.n <= %(some)s)
join public.experiment_phases p on p.experiment_id = e.id
join public.variants v on v.experiment_id = e.id and v.is_control = (s.variant = 0)
"""
OUTCOMES = """
insert into public.outcomes (id, workspace_id, environment_id, metric_id, value, subject, occurred_at, source,
  source_event_id, received_at, tx)
select lpad(to_hex(s.n * 8 + o.place), 32, '0')::uuid, %(w)s, m.environment_id, m.ids[o.metric], o.value, 's' || s.n,
  date_trunc('day', now()) - make_interval(days => 10 + s.n %% 28, hours => 12 + o.hours), 'bench', s.n * 8 + o.place, now(), 0
from bench.subjects s
cross join (
  select (select id from public.environments where workspace_id = %(w)s and key = 'production') as environment_id,
    array_agg(id order by key) as ids
  from public.outcome_metrics where workspace_id = %(w)s and kind <> 'ratio') m
cross join lateral (values
  (1, 1, s.booked, -6), (2, 2, s.minutes_before, 20), (3, 2, s.minutes, -20), (4, 3, s.questions, -20), (5, 4, s.spend, -30)
) as o (place, metric, value, hours)
where o.value <> 0
"""
INDEXES = """
select case when c.oid is null then format('drop index %s', i.indexrelid::regclass)
    else format('alter table %s drop constraint %I', i.indrelid::regclass, c.conname) end,
  case when c.oid is null then pg_get_indexdef(i.indexrelid)
    else format('alter table %s add constraint %I %s', i.indrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) end
from pg_index i left join pg_constraint c on c.conindid = i.indexrelid
where i.indrelid in ('public.assignments'::regclass, 'public.outcomes'::regclass) and not i.indisprimary
"""


@dataclass(frozen=True)
class Experiments:
    """The experiment on everybody, and the one on the first of them, whose subjects have the same outcomes."""

    everybody: str
    some: str
    outcomes: int


def furnish(admin: psycopg.Connection, url: str, subjects: int, some: int) -> Experiments:
    """The subjects, their raw rows, the two experiments; nothing is counted yet."""
    common = {"w": workspace(admin, url), "some": some}
    run(admin, CATALOGUE, **common, capabilities=2, messages=BUNDLE)
    run(admin, SUBJECTS.replace("%(subjects)s", str(subjects)))
    # Without triggers: what they keep for the records is not measured.
    admin.execute("set session_replication_role = replica")
    for script in (METRICS, EXPERIMENTS):
        run(admin, script, **common)
    indexes = admin.execute(INDEXES).fetchall()
    for dropping, _ in indexes:
        admin.execute(dropping)
    run(admin, ASSIGNMENTS, **common)
    outcomes = run(admin, OUTCOMES, **common).rowcount
    admin.execute("set maintenance_work_mem = '512MB'")
    for _, making in indexes:
        admin.execute(making)
    admin.execute("set session_replication_role = origin")
    admin.execute("update private.watermark set lo = 1, covers_until = now()")
    admin.execute("vacuum analyze public.assignments, public.outcomes")
    found: dict[str, str] = dict(admin.execute("select key, id::text from public.experiments").fetchall())
    return Experiments(found["all"], found["some"], outcomes)

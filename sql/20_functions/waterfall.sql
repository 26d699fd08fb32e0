-- The difference between two periods, split so that the parts add up to the last digit: numeric throughout, each part
-- rounded once to 15 decimals, and what rounding leaves goes where it is computed as a remainder.
create type private.waterfall_part as (
  part text, intent_id uuid, change_ids uuid[], summary text, grade text, contribution numeric,
  contribution_low numeric, contribution_high numeric, n_a numeric, n_b numeric, mean_a numeric, mean_b numeric, reach numeric
);

comment on type private.waterfall_part is 'One row of a waterfall.';

create or replace function private.intent_parts(slice private.slice, from_a date, to_a date, from_b date, to_b date)
returns table (intent_id uuid, n_a numeric, n_b numeric, mean_a numeric, mean_b numeric, mix numeric, rate numeric, is_last boolean)
language sql stable
set search_path = ''
as $$
  with sums as (
    select s.intent_id,
      coalesce(sum(s.y) filter (where s.is_a), 0) as ya, coalesce(sum(s.d) filter (where s.is_a), 0) as da,
      coalesce(sum(s.y) filter (where not s.is_a), 0) as yb, coalesce(sum(s.d) filter (where not s.is_a), 0) as db
    from (
      select true as is_a, a.* from private.slice_days(slice, from_a, to_a) a
      union all select false, b.* from private.slice_days(slice, from_b, to_b) b) s
    group by s.intent_id
  ),
  shares as (
    select s.*, sum(s.da) over () as all_a, sum(s.db) over () as all_b, sum(s.ya) over () as sum_a, sum(s.yb) over () as sum_b,
      s.ya / nullif(s.da, 0) as ra, s.yb / nullif(s.db, 0) as rb
    from sums s
  ),
  -- An intent that came in one period alone is all mix: it has no other rate to compare with.
  rates as (
    select s.*, coalesce(s.ra, s.rb) as r0, coalesce(s.rb, s.ra) as r1, s.da / s.all_a as share_a, s.db / s.all_b as share_b,
      (s.sum_a / s.all_a + s.sum_b / s.all_b) / 2 as middle
    from shares s where s.all_a > 0 and s.all_b > 0
  )
  select r.intent_id, r.da, r.db, round(r.ra, 15), round(r.rb, 15),
    round((r.share_b - r.share_a) * ((r.r0 + r.r1) / 2 - r.middle), 15),
    round((r.share_a + r.share_b) / 2 * (r.r1 - r.r0), 15),
    row_number() over (order by r.da + r.db desc, r.intent_id) = 1
  from rates r
$$;

comment on function private.intent_parts(private.slice, date, date, date, date) is
E'What each intent adds to the difference of two periods: by coming more or less often (mix, against the middle of both means), and by going better or worse (rate, at its mean share). Kitagawa (1955).\nis_last marks the largest: its rate takes what rounding leaves.';

create or replace function private.total_part(slice private.slice, from_a date, to_a date, from_b date, to_b date)
returns private.waterfall_part
language sql stable
set search_path = ''
as $$
  with a as (select sum(s.y) as y, sum(s.d) as d from private.slice_days(slice, from_a, to_a) s),
  b as (select sum(s.y) as y, sum(s.d) as d from private.slice_days(slice, from_b, to_b) s)
  select ('total', null, null, null, null, round(b.y / nullif(b.d, 0), 15) - round(a.y / nullif(a.d, 0), 15), null, null,
    a.d, b.d, round(a.y / nullif(a.d, 0), 15), round(b.y / nullif(b.d, 0), 15), null)::private.waterfall_part
  from a cross join b
$$;

comment on function private.total_part(private.slice, date, date, date, date) is 'The whole difference: mean of the later period minus mean of the earlier.';

create or replace function private.mix_and_rate(slice private.slice, total numeric, from_a date, to_a date, from_b date, to_b date)
returns setof private.waterfall_part
language sql stable
set search_path = ''
as $$
  with parts as materialized (select p.* from private.intent_parts(slice, from_a, to_a, from_b, to_b) p),
  left_over as (select total - sum(p.mix) - sum(p.rate) as n from parts p)
  select 'mix', p.intent_id, null::uuid[], i.name, null, p.mix, null::numeric, null::numeric, p.n_a, p.n_b, p.mean_a, p.mean_b, null::numeric
  from parts p left join public.intents i on i.id = p.intent_id
  union all
  select 'rate', p.intent_id, null, i.name, null, p.rate + case when p.is_last then l.n else 0 end, null, null,
    p.n_a, p.n_b, p.mean_a, p.mean_b, null
  from parts p cross join left_over l left join public.intents i on i.id = p.intent_id
$$;

comment on function private.mix_and_rate(private.slice, numeric, date, date, date, date) is
'The difference by intent: mix and rate; together they are the total exactly.';

create or replace function private.reach_of(mark private.change_marks, slice private.slice, from_day date, to_day date)
returns numeric
language sql stable
set search_path = ''
as $$
  select sum(s.d) filter (where private.reaches(mark, s.capability_id, s.intent_id, s.provider, s.requested_model)
      and s.day > private.utc_day((mark).occurred_at - interval '1 microsecond')) / nullif(sum(s.d), 0)
  from private.slice_days(slice, from_day, to_day) s
$$;

comment on function private.reach_of(private.change_marks, private.slice, date, date) is
'The share of a period''s customers who came after a change and whom it reached; null for a period without any.';

create or replace function private.live_share(mark private.change_marks, kind text, variant_id uuid) returns numeric
language sql stable
set search_path = ''
as $$
  select case
    when kind in ('experiment_activated', 'experiment_resumed') then s.share
    when kind in ('experiment_paused', 'experiment_archived') then - s.share
    when kind ~ '^deployment_' or kind = 'provider_model_changed' then 1
    -- A ramp's share moves with its steps: what it did in the end is its deployment's.
    else 0 end
  from (values (1)) as here
  left join lateral (
    select e.traffic / 10000.0 * v.weight / nullif(sum(o.weight), 0) as share
    from public.experiments e
    join public.variants v on v.experiment_id = e.id and v.id = live_share.variant_id
    join public.variants o on o.experiment_id = e.id
    where e.id = (mark).evidence_experiment_id
      and not exists (select from public.ramps r where r.experiment_id = e.id)
    group by e.traffic, v.weight) s on true
$$;

comment on function private.live_share(private.change_marks, text, uuid) is
'The share of those whom a change reached that it really moved: an arm''s share of the traffic, taken away again when the experiment stops.';

create or replace function private.change_parts(slice private.slice, from_a date, to_a date, from_b date, to_b date)
returns setof private.waterfall_part
language sql stable
set search_path = ''
as $$
  with between_them as (
    select c.*, k as mark
    from public.change_effects c
    join private.change_marks k on k.change_id = c.change_id
    where c.workspace_id = (slice).workspace_id and c.metric_id = ((slice).metric).id and c.difference is not null
      and c.environment_id = any ((slice).environment_ids)
      and c.occurred_at >= from_a::timestamp at time zone 'UTC' and c.occurred_at < to_b::timestamp at time zone 'UTC'
  ),
  reached as (
    select b.*, private.live_share(b.mark, b.kind, b.variant_id) * (
        coalesce(private.reach_of(b.mark, slice, from_b, to_b), 0) - coalesce(private.reach_of(b.mark, slice, from_a, to_a), 0)) as reach,
      -- Changes that cannot be told apart stand once, as what they did together.
      row_number() over (partition by case when b.joint_with = '{}' then array[b.change_id] else (
        select array_agg(x order by x) from unnest(b.joint_with || b.change_id) x) end, b.variant_id
        order by b.occurred_at, b.change_id) as place
    from between_them b
  )
  select 'change', r.intent_id, array[r.change_id] || r.joint_with,
    concat_ws('; ', r.summary, (select string_agg(j.summary, '; ' order by j.occurred_at, j.id) from public.changes j
      where j.id = any (r.joint_with))),
    r.grade, round(r.difference::numeric * r.reach, 15),
    round(least(r.ci_low::numeric * r.reach, r.ci_high::numeric * r.reach), 15),
    round(greatest(r.ci_low::numeric * r.reach, r.ci_high::numeric * r.reach), 15),
    null::numeric, null::numeric, null::numeric, null::numeric, round(r.reach, 15)
  from reached r
  where r.place = 1 and r.reach <> 0
$$;

comment on function private.change_parts(private.slice, date, date, date, date) is
'What the changes since the first period began account for: their effect, times how much more of the later period they reached.';

create or replace function private.outcome_waterfall(
  metric text, from_a date, to_a date, from_b date, to_b date, environment text, capability text, action text,
  intent text, model text, workspace_id uuid
) returns setof private.waterfall_part
language plpgsql stable security definer
set search_path = ''
as $$
declare
  slice private.slice := private.open_slice(environment, capability, action, intent, model, workspace_id);
  total private.waterfall_part;
  parts private.waterfall_part[];
  moved private.waterfall_part[];
begin
  slice.metric := private.metric_of(slice.workspace_id, metric);
  perform private.require_periods(from_a, to_a, from_b, to_b);
  total := private.total_part(slice, from_a, to_a, from_b, to_b);
  parts := array(select p from private.mix_and_rate(slice, total.contribution, from_a, to_a, from_b, to_b) p);
  moved := array(select c from private.change_parts(slice, from_a, to_a, from_b, to_b) c);
  return next total;
  return query select (p).* from unnest(parts) p order by (p).part, (p).n_a + (p).n_b desc, (p).intent_id;
  return query select (c).* from unnest(moved) c order by abs((c).contribution) desc;
  return query select 'unexplained', null::uuid, null::uuid[], null, null,
    (select sum((p).contribution) from unnest(parts) p where (p).part = 'rate')
      - coalesce((select sum((c).contribution) from unnest(moved) c), 0),
    null::numeric, null::numeric, null::numeric, null::numeric, null::numeric, null::numeric, null::numeric
  where total.contribution is not null;
end
$$;

comment on function private.outcome_waterfall(text, date, date, date, date, text, text, text, text, text, uuid) is
E'The difference of two periods, split.\nDefiner: the daily tier is read through verbs alone.';

create or replace function private.require_periods(from_a date, to_a date, from_b date, to_b date) returns void
language plpgsql immutable
set search_path = ''
as $$
begin
  if num_nulls(from_a, to_a, from_b, to_b) > 0 or from_a >= to_a or from_b >= to_b or to_a > from_b then
    perform private.fail('bad_argument', '{"argument": "from_a, to_a, from_b, to_b", "expected": "two periods of whole days, the earlier first, each with its last day excluded"}');
  end if;
end
$$;

comment on function private.require_periods(date, date, date, date) is 'Raises unless two periods follow one another.';

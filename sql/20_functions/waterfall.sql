-- The difference between two periods, split so that the parts add up to the last digit: numeric throughout, each part
-- rounded once to 15 decimals, and what rounding leaves goes where it is computed as a remainder.
create type private.waterfall_part as (
  part text, intent_id uuid, change_ids uuid[], summary text, grade text, contribution numeric,
  contribution_low numeric, contribution_high numeric, n_a numeric, n_b numeric, mean_a numeric, mean_b numeric, reach numeric,
  variant_id uuid, reason_code text
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
    a.d, b.d, round(a.y / nullif(a.d, 0), 15), round(b.y / nullif(b.d, 0), 15), null, null, null)::private.waterfall_part
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
  select 'mix', p.intent_id, null::uuid[], i.name, null, p.mix, null::numeric, null::numeric, p.n_a, p.n_b, p.mean_a, p.mean_b, null::numeric,
    null::uuid, null::text
  from parts p left join public.intents i on i.id = p.intent_id
  union all
  select 'rate', p.intent_id, null, i.name, null, p.rate + case when p.is_last then l.n else 0 end, null, null,
    p.n_a, p.n_b, p.mean_a, p.mean_b, null, null, null
  from parts p cross join left_over l left join public.intents i on i.id = p.intent_id
$$;

comment on function private.mix_and_rate(private.slice, numeric, date, date, date, date) is
'The difference by intent: mix and rate; together they are the total exactly.';

create type private.slice_day as (
  is_a boolean, day date, capability_id uuid, intent_id uuid, provider text, requested_model text, d numeric
);

comment on type private.slice_day is 'A day of one of two periods: how many customers came, by what a change may reach.';

create or replace function private.reach_of(mark private.change_marks, kind text, days private.slice_day[]) returns numeric
language sql stable
set search_path = ''
as $$
  with intents as (
    -- An experiment reaches its own intents; what a deployment reaches stands in its mark.
    select array_agg(s.intent_id) as ids from public.experiment_intents s
    where s.experiment_id = (mark).evidence_experiment_id and kind ~ '^(experiment|ramp|variant)_'
  ),
  reached as (
    select d.is_a, sum(d.d) as whole,
      coalesce(sum(d.d) filter (where d.day > private.utc_day((mark).occurred_at - interval '1 microsecond')
        and private.reaches(mark, d.capability_id, d.intent_id, d.provider, d.requested_model)
        and (i.ids is null or d.intent_id = any (i.ids))), 0) as part
    from unnest(days) d cross join intents i
    group by d.is_a, i.ids
  )
  select sum(case when r.is_a then -1 else 1 end * r.part / nullif(r.whole, 0)) from reached r
$$;

comment on function private.reach_of(private.change_marks, text, private.slice_day[]) is
'How much more of the later period than of the earlier came after a change and was reached by it.';

create or replace function private.arm_share(experiment_id uuid, variant_id uuid, until timestamptz, is_after boolean) returns numeric
language sql stable
set search_path = ''
return (
  select case r.state when 'active' then (r.document ->> 'traffic')::numeric / 10000 * coalesce((
    select (a.bucket_to - a.bucket_from)::numeric / 10000 from public.experiment_phase_arms a
    where a.variant_id = arm_share.variant_id and a.phase_id = (
      select p.id from public.experiment_phases p
      where p.experiment_id = arm_share.experiment_id and (p.started_at < until or is_after and p.started_at = until)
      order by p.number desc limit 1)), 0) else 0 end
  from public.experiment_revisions r
  where r.experiment_id = arm_share.experiment_id and (r.created_at < until or is_after and r.created_at = until)
  order by r.revision desc limit 1
);

comment on function private.arm_share(uuid, uuid, timestamptz, boolean) is
'The share of an experiment''s subjects that an arm had just before a moment, or from it on; 0 while the experiment did not run, null before it was there.';

create or replace function private.moved_share(mark private.change_marks, kind text, variant_id uuid) returns numeric
language sql stable
set search_path = ''
return case
  when kind ~ '^(experiment|ramp|variant)_' then
    private.arm_share((mark).evidence_experiment_id, variant_id, (mark).occurred_at, true)
      - coalesce(private.arm_share((mark).evidence_experiment_id, variant_id, (mark).occurred_at, false), 0)
  else 1 end;

comment on function private.moved_share(private.change_marks, text, uuid) is
'The share of those whom a change reached that it really moved: all of them for a deployment or a provider''s model; for an entry of an experiment or a ramp, what it added to an arm''s share of the traffic, or took from it.';

create or replace function private.parts_between(slice private.slice, from_a date, to_b date) returns table (
  change_id uuid, variant_id uuid, mark private.change_marks, kind text, intent_id uuid, summary text, grade text,
  difference numeric, ci_low numeric, ci_high numeric, joint_with uuid[], reason_code text
)
language sql stable
set search_path = ''
as $$
  with between_them as (
    select c.*, k as mark,
      -- Changes that cannot be told apart stand once, as what they did together; entries of one moment are one move of an arm.
      row_number() over (partition by
        case when c.joint_with <> '{}' then (select array_agg(x order by x) from unnest(c.joint_with || c.change_id) x)
          when c.variant_id is null then array[c.change_id] else array[c.experiment_id] end,
        c.variant_id, case when c.variant_id is not null then c.occurred_at end
        order by c.occurred_at, c.kind like 'ramp%' desc, c.change_id) as place
    from public.change_effects c
    join private.change_marks k on k.change_id = c.change_id
    where c.workspace_id = (slice).workspace_id and c.metric_id = ((slice).metric).id and c.factor_id is null
      and c.environment_id = any ((slice).environment_ids)
      and c.occurred_at >= from_a::timestamp at time zone 'UTC' and c.occurred_at < to_b::timestamp at time zone 'UTC'
  )
  select b.change_id, b.variant_id, b.mark, b.kind, b.intent_id, b.summary, b.grade, b.difference::numeric, b.ci_low::numeric,
    b.ci_high::numeric, coalesce(b.joint_with, '{}'), b.reason_code
  from between_them b where b.place = 1
$$;

comment on function private.parts_between(private.slice, date, date) is 'What the ledger says of a metric between two days, each effect once.';

create or replace function private.change_parts(slice private.slice, from_a date, to_a date, from_b date, to_b date)
returns setof private.waterfall_part
language sql stable
set search_path = ''
as $$
  with days as materialized (
    select array_agg((p.is_a, s.day, s.capability_id, s.intent_id, s.provider, s.requested_model, s.d)::private.slice_day) as all_of
    from (values (true, from_a, to_a), (false, from_b, to_b)) as p (is_a, first_day, end_day)
    cross join lateral private.slice_days(slice, p.first_day, p.end_day) s
  ),
  reached as (
    select b.*, private.moved_share(b.mark, b.kind, b.variant_id) * private.reach_of(b.mark, b.kind, d.all_of) as reach
    from private.parts_between(slice, from_a, to_b) b cross join days d
  )
  select 'change', r.intent_id, array[r.change_id] || r.joint_with,
    concat_ws('; ', r.summary, (select string_agg(j.summary, '; ' order by j.occurred_at, j.id) from public.changes j
      where j.id = any (r.joint_with))),
    r.grade, round(r.difference * r.reach, 15), round(least(r.ci_low * r.reach, r.ci_high * r.reach), 15),
    round(greatest(r.ci_low * r.reach, r.ci_high * r.reach), 15),
    null::numeric, null::numeric, null::numeric, null::numeric, round(r.reach, 15), r.variant_id, r.reason_code
  from reached r
  where r.reach <> 0
$$;

comment on function private.change_parts(private.slice, date, date, date, date) is
'What the changes since the first period began account for: their effect, times how much more of the later period they reached. One without an effect has its reason.';

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
  return query select (c).* from unnest(moved) c order by abs((c).contribution) desc nulls last;
  return query select 'unexplained', null::uuid, null::uuid[], null, null,
    (select sum((p).contribution) from unnest(parts) p where (p).part = 'rate')
      - coalesce((select sum((c).contribution) from unnest(moved) c), 0),
    null::numeric, null::numeric, null::numeric, null::numeric, null::numeric, null::numeric, null::numeric, null::uuid, null
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

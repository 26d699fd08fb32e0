-- From cells to verdicts: what each comparison says live and settled, corrected for how many were asked for.
create type private.effect_about as (
  metric_id uuid, metric_key text, metric_name text, metric_kind text, metric_unit text, metric_direction text,
  metric_role text, variant_id uuid, variant_key text, variant_name text, control_variant_id uuid
);

comment on type private.effect_about is 'What is compared with what.';

create type private.effect_settled as (
  mature_n_control bigint, mature_n_variant bigint, mature_difference double precision, mature_std_error double precision,
  mature_low double precision, mature_high double precision, mature_p_value double precision
);

comment on type private.effect_settled is 'What the subjects whose window is closed say: their values are final. The verdict follows it.';

create type private.effect_row as (
  about private.effect_about, dimension text, segment text, numbers stats.effect_numbers, settled private.effect_settled,
  adjusted_p_value double precision, correction text, verdict text, waiting_for text, reason_code text,
  control stats.readout, variant stats.readout
);

comment on type private.effect_row is 'One effect: what it is about, its numbers live and settled, what is left of its p after the others were counted too, its verdict.';

create or replace function private.settled_of(pair private.effect_pair, tuning double precision) returns private.effect_settled
language plpgsql immutable
set search_path = ''
as $$
declare
  is_plain constant boolean := (pair.adjusted_control).variance is null;
  arms constant stats.compared := case when not is_plain then stats.shown_arms(
    row(pair.control, pair.variant, pair.adjusted_control, pair.adjusted_variant)) end;
  control constant stats.readout := case when is_plain then pair.control else arms.control end;
  variant constant stats.readout := case when is_plain then pair.variant else arms.variant end;
  always constant stats.sequence := stats.anytime_of(control, variant, null, 0.05, tuning);
begin
  return row(coalesce((pair.control).n, 0)::bigint, coalesce((pair.variant).n, 0)::bigint,
    variant.value - control.value, sqrt(control.variance + variant.variance),
    always.ci_low, always.ci_high, always.p_value)::private.effect_settled;
end
$$;

comment on function private.settled_of(private.effect_pair, double precision) is
'The any-time interval of two arms whose values are final.';

create or replace function private.narrowed(
  latest private.effect_settled, low double precision, high double precision, p double precision
) returns private.effect_settled
language plpgsql immutable
set search_path = ''
as $$
begin
  if latest.mature_p_value is null and (low > 0 or high < 0) then
    -- What was decided stays said where the latest look sees too few: closed windows went on by whole days.
    latest.mature_low := low;
    latest.mature_high := high;
    latest.mature_p_value := p;
  -- Looks that have nothing in common are of other data (a restatement, another mix of phases): the latest stands alone.
  elsif greatest(latest.mature_low, low) <= least(latest.mature_high, high) and latest.mature_p_value is not null then
    latest.mature_low := greatest(latest.mature_low, low);
    latest.mature_high := least(latest.mature_high, high);
    latest.mature_p_value := least(latest.mature_p_value, p);
  end if;
  return latest;
end
$$;

comment on function private.narrowed(private.effect_settled, double precision, double precision, double precision) is
'An any-time interval, cut by those of earlier looks: the running intersection, and the running minimum of p.';

create or replace function private.told_of_cells(
  experiment_id uuid, cells private.effect_cell[], quantiles private.effect_pair[], follows_closed boolean, by_segment boolean,
  keeps_looks boolean
) returns table (
  about private.effect_about, dimension text, segment text, said stats.effect, settled private.effect_settled,
  control stats.readout, variant stats.readout, correction text, family text, place bigint
)
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  with pairs as materialized (select s.* from private.pairs_of(cells) s union all select q.* from unnest(quantiles) q)
  select (c.metric_id, c.metric_key, c.metric_name, c.metric_kind, c.metric_unit, c.metric_direction, c.metric_role,
      c.variant_id, c.variant_key, c.variant_name, c.control_variant_id)::private.effect_about,
    p.dimension, p.segment,
    stats.effect_of(row(p.control, p.variant, p.adjusted_control, p.adjusted_variant)::stats.compared,
      case c.metric_kind when 'ratio' then 'ratio_delta' when 'quantile' then 'quantile_ranks' else 'welch_t' end,
      c.metric_direction = 'increase', 0.05, c.planned_units),
    case when k.metric_id is null then row(0, 0, null, null, null, null, null)::private.effect_settled
      when b.metric_id is null then private.settled_of(k, c.planned_units)
      else private.narrowed(private.settled_of(k, c.planned_units), b.low, b.high, b.p_value) end,
    p.control, p.variant, f.correction, f.family, row_number() over (partition by f.correction, f.family)
  from private.comparisons c
  left join pairs p on p.metric_id = c.metric_id and p.variant_id = c.variant_id and not p.is_closed
  left join pairs k on k.metric_id = p.metric_id and k.variant_id = p.variant_id and k.dimension = p.dimension
    and k.segment = p.segment and k.is_closed = follows_closed
  left join private.sequence_bounds b
    on keeps_looks and b.experiment_id = c.experiment_id and b.metric_id = c.metric_id and b.variant_id = c.variant_id
  cross join lateral (
    select case
        when by_segment or c.metric_role = 'secondary' then 'benjamini_hochberg'
        when c.metric_role = 'primary' then 'holm'
        else 'none'
      end as correction,
      case when by_segment then c.metric_id || p.dimension else '' end as family) f
  where c.experiment_id = told_of_cells.experiment_id and (p.metric_id is not null or not by_segment);
end
$$;

comment on function private.told_of_cells(uuid, private.effect_cell[], private.effect_pair[], boolean, boolean, boolean) is
E'The numbers of each comparison, what those say whose window is closed, and with which others its p is corrected.\nfollows_closed: cells has both; else those that it has are settled. keeps_looks: cut by the looks that were kept.';

create or replace function private.corrected(correction text, p_values double precision[]) returns double precision[]
language plpgsql immutable
set search_path = ''
as $$
begin
  return case correction when 'holm' then stats.holm(p_values) when 'benjamini_hochberg' then stats.benjamini_hochberg(p_values)
    else p_values end;
end
$$;

comment on function private.corrected(text, double precision[]) is 'p values of one family, corrected as its comparisons say.';

create or replace function private.effects_of_cells(
  experiment_id uuid, cells private.effect_cell[], quantiles private.effect_pair[], follows_closed boolean, by_segment boolean,
  srm_status text, keeps_looks boolean default false
) returns setof private.effect_row
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  with told as materialized (
    select s.*, case when (s.said).reason_code is null then coalesce((s.settled).mature_p_value, 1) end as p
    from private.told_of_cells(effects_of_cells.experiment_id, cells, quantiles, follows_closed, by_segment, keeps_looks) s
  ),
  families as (
    select t.correction, t.family, private.corrected(t.correction, array_agg(t.p order by t.place)) as adjusted
    from told t
    group by t.correction, t.family
  )
  select t.about, t.dimension, t.segment, (t.said).numbers, t.settled, q.p, t.correction,
    stats.verdict(case when (t.settled).mature_low > 0 then 1 when (t.settled).mature_high < 0 then -1
      else (t.settled).mature_difference end, q.p, (t.about).metric_direction = 'increase', 0.05, q.reason_code),
    case when q.reason_code is null and q.p is null then
      case when least(((t.said).numbers).n_control, ((t.said).numbers).n_variant) < 20 then 'subjects' else 'closed_windows' end end,
    q.reason_code, t.control, t.variant
  from told t
  join families f on f.correction = t.correction and f.family = t.family
  cross join lateral (
    select case when (t.settled).mature_p_value is not null then f.adjusted[t.place] end as p, case
        when (t.about).metric_kind = 'quantile' and quantiles is null then 'kind_not_supported'
        when (t.about).metric_kind = 'quantile' and (t.control).n is null and (t.variant).n is null
          then private.why_no_quantile(effects_of_cells.experiment_id, (t.about).metric_id)
        else coalesce((t.said).reason_code, case when srm_status = 'mismatch' then 'sample_ratio_mismatch' end)
      end as reason_code) q;
end
$$;

comment on function private.effects_of_cells(
  uuid, private.effect_cell[], private.effect_pair[], boolean, boolean, text, boolean
) is E'An experiment''s effects from its cells: one a comparison, or one a comparison and segment. The verdict is that of the closed cells where follows_closed, else all are.\nTheir p is corrected: Holm (1979) over primary metric × arms, Benjamini and Hochberg (1995) over secondary ones, and over the segments of a dimension. Who still waits counts as one of the family.';

create or replace function private.sees_experiment(experiment_id uuid) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  return private.caller_is_server() or exists (
    select from public.experiments e
    where e.id = sees_experiment.experiment_id and e.workspace_id in (select private.my_workspaces())
      and (private.key_environments() is null or e.environment_id = any (private.key_environments())));
end
$$;

comment on function private.sees_experiment(uuid) is
'Whether the caller may read an experiment: asked once by definers, which policies do not bind.';

create or replace function private.effect_rows(experiment_id uuid, dimensions text[], from_day date, to_day date)
returns setof private.effect_row
language plpgsql stable security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  by_segment constant boolean := dimensions <> array['all'];
  is_whole constant boolean := from_day is null and to_day is null;
  has_open boolean;
  kinds boolean[];
begin
  if not private.sees_experiment(effect_rows.experiment_id) then
    return;
  end if;
  has_open := private.has_open_windows(effect_rows.experiment_id);
  kinds := case when has_open then array[false, true] else array[false] end;
  return query select r.* from private.effects_of_cells(
    effect_rows.experiment_id,
    array(select c from private.live_cells(effect_rows.experiment_id, dimensions, from_day, to_day, kinds) c),
    -- Cohorts have none: a quantile of some days is not made of quantiles of each.
    case when is_whole then array(select q from private.kept_quantiles(effect_rows.experiment_id, dimensions, kinds) q) end,
    has_open, by_segment, (private.split_of(effect_rows.experiment_id)).srm_status, not by_segment and is_whole) r;
end
$$;

comment on function private.effect_rows(uuid, text[], date, date) is
E'The effects of an experiment in some dimensions, of all cohorts or of those that entered from a day to a day.\nDefiner: asks once who calls instead of each policy of ten tables; and plans that are kept for one role are not thrown away when the next caller of a pooled connection has another.';

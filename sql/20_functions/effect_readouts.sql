-- From cells to effects, whatever the cells were made of: moments kept by the compactor, or raw rows. A cell is one arm
-- of one comparison in one phase. Phases are never pooled: they are put together by their number of units.
create type private.effect_cell as (
  metric_id uuid, variant_id uuid, dimension text, segment text, is_closed boolean, phase_id uuid, is_treated boolean,
  is_ratio boolean, keeps_absent boolean, plain stats.readout, everyone stats.moments
);

comment on type private.effect_cell is E'An arm of a comparison in a phase and segment; is_closed: of the units whose window is closed.\nplain: what the units that count say; everyone: the moments of all its units, with what was before their exposure.';

create type private.effect_pair as (
  metric_id uuid, variant_id uuid, dimension text, segment text, is_closed boolean,
  control stats.readout, variant stats.readout, adjusted_control stats.readout, adjusted_variant stats.readout
);

comment on type private.effect_pair is 'What the two arms of a comparison say, plain and adjusted for what was before the exposure; adjusted is null where there is no past that varies. is_closed: of the units whose window is closed.';

create or replace function private.stratified(parts stats.readout[], weights double precision[]) returns stats.readout
language plpgsql immutable
set search_path = ''
as $$
begin
  return case when cardinality(parts) = 1 then parts[1] else stats.combined(parts, weights) end;
end
$$;

comment on function private.stratified(stats.readout[], double precision[]) is 'Readouts of phases put together by weight.';

create or replace function private.adjusted_readout(arm stats.moments, pool stats.moments, is_shared boolean) returns stats.readout
language plpgsql immutable
set search_path = ''
as $$
begin
  -- Where absence is excluded, the mean is a ratio too: of the values to how many there are.
  return case when is_shared then stats.ratio_cuped_readout(arm, pool) else stats.cuped_readout(arm, pool, true) end;
end
$$;

comment on function private.adjusted_readout(stats.moments, stats.moments, boolean) is
'An arm adjusted for what was before the exposure; is_shared: its mean is one value over another.';

create or replace function private.pairs_of(cells private.effect_cell[]) returns setof private.effect_pair
language plpgsql stable
set search_path = ''
as $$
begin
  return query
  with grouped as (
    select t.metric_id, t.variant_id, t.dimension, t.segment, t.is_closed, array_agg(u.w) filter (where u.usable) as w,
      array_agg(c.plain) filter (where u.usable) as r0, array_agg(t.plain) filter (where u.usable) as r1,
      array_agg(a.a0) filter (where u.usable) as a0, array_agg(a.a1) filter (where u.usable) as a1,
      bool_and((a.a0).variance + (a.a1).variance is not null) filter (where u.usable) as is_adjusted,
      sum((c.plain).n) as n0, sum((c.plain).n * (c.plain).value) / nullif(sum((c.plain).n), 0) as m0,
      sum((t.plain).n) as n1, sum((t.plain).n * (t.plain).value) / nullif(sum((t.plain).n), 0) as m1
    from unnest(cells) t
    join unnest(cells) c on c.metric_id = t.metric_id and c.variant_id = t.variant_id and c.phase_id = t.phase_id
      and c.dimension = t.dimension and c.segment = t.segment and c.is_closed = t.is_closed and not c.is_treated
    -- Offset: else each use computes it again.
    cross join lateral (
      select (c.plain).variance + (t.plain).variance is not null as usable,
        coalesce((c.plain).n, 0) + coalesce((t.plain).n, 0) as w, t.is_ratio or not t.keeps_absent as is_shared,
        case when (c.everyone).xx > 0 and (t.everyone).xx > 0 then stats.merged(array[c.everyone, t.everyone]) end as pool offset 0) u
    cross join lateral (
      select case when (u.pool).n is not null then private.adjusted_readout(c.everyone, u.pool, u.is_shared) end as a0,
        case when (u.pool).n is not null then private.adjusted_readout(t.everyone, u.pool, u.is_shared) end as a1 offset 0) a
    where t.is_treated
    group by t.metric_id, t.variant_id, t.dimension, t.segment, t.is_closed
  )
  select g.metric_id, g.variant_id, g.dimension, g.segment, g.is_closed,
    case when g.w is null then row(g.n0, g.m0, null, null)::stats.readout when cardinality(g.w) = 1 then g.r0[1]
      else private.stratified(g.r0, g.w) end,
    case when g.w is null then row(g.n1, g.m1, null, null)::stats.readout when cardinality(g.w) = 1 then g.r1[1]
      else private.stratified(g.r1, g.w) end,
    case when g.is_adjusted then private.stratified(g.a0, g.w) end,
    case when g.is_adjusted then private.stratified(g.a1, g.w) end
  from grouped g;
end
$$;

comment on function private.pairs_of(private.effect_cell[]) is
E'Each comparison''s two readouts, its phases put together by their number of units (post-stratified).\nA phase with fewer than two units in an arm has no variance there and is left out; where none has, the means alone are told.';

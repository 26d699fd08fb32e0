-- What is compared with what, and until when.
create or replace view private.comparisons with (security_invoker = true) as
select e.workspace_id, e.id as experiment_id, v.id as variant_id, v.key as variant_key, v.name as variant_name,
  c.id as control_variant_id, m.id as metric_id, m.key as metric_key, m.name as metric_name, m.kind as metric_kind,
  m.unit as metric_unit, m.direction as metric_direction, em.role as metric_role, em.margin,
  coalesce(e.sequence_units, 5000)::double precision as planned_units,
  -- Seconds, not days: a window is as long in the night when clocks change.
  make_interval(secs => extract(epoch from m.attribution_window)::double precision) as attribution_window
from public.experiments e
join public.variants v on v.experiment_id = e.id and not v.is_control
join public.variants c on c.experiment_id = e.id and c.is_control
join public.experiment_metrics em on em.experiment_id = e.id
join public.outcome_metrics m on m.id = em.metric_id;

comment on view private.comparisons is 'One row per experiment × variant that is not the control × metric: what is compared with what.';

create or replace view private.phase_cuts with (security_invoker = true) as
select p.experiment_id, p.id as phase_id, r.variant_id, min(r.rolled_back_at) as counts_until
from public.experiment_phases p
join public.variant_rollbacks r
  on r.workspace_id = p.workspace_id and r.experiment_id = p.experiment_id and r.phase_number >= p.number
group by p.experiment_id, p.id, r.variant_id;

comment on view private.phase_cuts is E'One row per phase × variant that was rolled back in or after it: when.\nFrom then on the phase''s subjects got something else, whether or not the variant came back.';

create or replace view private.comparison_arms with (security_invoker = true) as
select t.experiment_id, t.phase_id, t.variant_id, a.variant_id as arm_id, a.variant_id = t.variant_id as is_treated
from public.experiment_phase_arms t
join public.variants v on v.id = t.variant_id and not v.is_control
join public.experiment_phase_arms a on a.phase_id = t.phase_id
join public.variants o on o.id = a.variant_id
where a.variant_id = t.variant_id or o.is_control;

comment on view private.comparison_arms is E'One row per experiment × phase × variant that is not the control × its two arms, in the phases that had both.';

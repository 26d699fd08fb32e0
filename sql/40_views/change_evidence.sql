create or replace view private.change_evidence with (security_invoker = true) as
select m.change_id, m.workspace_id, m.evidence_variant_id is null as is_own, f.metric_id, f.variant_id,
  null::uuid as factor_id, 'A'::text as grade,
  f.method, f.difference * s.sign as difference, f.std_error, f.degrees_of_freedom,
  case s.sign when 1 then f.ci_low else - f.ci_high end as ci_low,
  case s.sign when 1 then f.ci_high else - f.ci_low end as ci_high,
  f.p_value,
  case s.sign when 1 then f.mean_control else f.mean_variant end as mean_before,
  case s.sign when 1 then f.mean_variant else f.mean_control end as mean_after,
  case s.sign when 1 then f.n_control else f.n_variant end as n_before,
  case s.sign when 1 then f.n_variant else f.n_control end as n_after,
  f.reason_code, f.as_of,
  'Chance decided who got it, so nothing else can be behind the difference.' as assumption
from private.change_marks m
cross join lateral (select coalesce(m.evidence_sign, 1) as sign) as s
join public.experiment_effects f on f.experiment_id = m.evidence_experiment_id
  and (m.evidence_variant_id is null or f.variant_id = m.evidence_variant_id)
where m.fields_experiment_id is null
union all
select m.change_id, m.workspace_id, false, c.metric_id, null, c.factor_id, 'A', c.method, c.difference, c.std_error,
  c.degrees_of_freedom, c.ci_low, c.ci_high, c.p_value, c.mean_before, c.mean_after, c.n_before, c.n_after, c.reason_code,
  nullif(w.covers_until, '-infinity'),
  case when c.factor_id is null then 'Chance decided who got which combination, so nothing else can be behind the difference.'
    else 'Chance decided who got which combination. Its share is what it added, averaged over the orders in which the parts could have been switched.' end
from private.change_marks m
cross join private.watermark w
cross join lateral private.field_credits(m.fields_experiment_id, m.fields_from, m.fields_to) c
where m.fields_experiment_id is not null;

comment on view private.change_evidence is E'One row per change × metric × arm that chance has judged: of an experiment''s own changes every arm, of a deployment the arm between its two versions, or the step between two cells of a factorial experiment and the share of each thing that it switches.';

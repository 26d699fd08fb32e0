-- From the core's cells to effects: phases put together by their number of units. What an engine lacks (the t
-- distribution, the confidence sequence) is left to schema stats, which needs only these numbers.
with arms as (
  select c.metric_id, c.variant_id, c.phase_id, c.is_treated, cast(c.counted as double precision) as n,
    case when m.is_ratio = 1 then c.counted_y / c.counted_d else c.counted_y end as mean,
    case
      when m.is_ratio = 1 then (
        c.counted_yy - 2 * (c.counted_y / c.counted_d) * c.counted_yd
        + (c.counted_y / c.counted_d) * (c.counted_y / c.counted_d) * c.counted_dd
      ) / (c.counted_d * c.counted_d)
      else c.counted_yy
    end as variance
  from core_cells c
  join core_metrics m on m.metric_id = c.metric_id
  where m.experiment_id = :experiment_id and m.slot = 'y' and c.counted > 1 and (m.is_ratio = 0 or c.counted_d <> 0)
),
phases as (
  select t.metric_id, t.variant_id, c.n + t.n as n, c.n as n_control, t.n as n_variant,
    c.mean as mean_control, t.mean as mean_variant, c.variance / c.n + t.variance / t.n as variance
  from arms t
  join arms c on c.metric_id = t.metric_id and c.variant_id = t.variant_id and c.phase_id = t.phase_id
  where t.is_treated = 1 and c.is_treated = 0
),
totals as (
  select p.metric_id, p.variant_id, sum(p.n) as n from phases p group by p.metric_id, p.variant_id
)
select p.metric_id as metric_id, p.variant_id as variant_id,
  sum(p.n_control) as n_control, sum(p.n_variant) as n_variant,
  sum(p.mean_control * p.n / t.n) as mean_control, sum(p.mean_variant * p.n / t.n) as mean_variant,
  sum((p.mean_variant - p.mean_control) * p.n / t.n) as difference,
  sqrt(sum(p.variance * (p.n / t.n) * (p.n / t.n))) as std_error
from phases p
join totals t on t.metric_id = p.metric_id and t.variant_id = p.variant_id
group by p.metric_id, p.variant_id
order by p.metric_id, p.variant_id

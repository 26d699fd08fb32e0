-- Before and after, day by day. Days are the units of error: customers of one day share its weather, and the variance
-- between days holds both theirs and the day's. Direct standardisation to who came after; the sandwich by days is Liang and
-- Zeger (1986), the comparison group's part is the difference in differences of Card and Krueger (1994).
create type stats.day_total as (
  is_treated boolean, is_after boolean, stratum text, day date, y double precision, d double precision
);

comment on type stats.day_total is
'A day of one stratum: the sum of values and what they are divided by; treated or of the comparison, after or before.';

create type stats.day_contrast as (
  difference double precision, std_error double precision, df double precision,
  mean_before double precision, mean_after double precision, d_before double precision, d_after double precision,
  days_before integer, days_after integer, matched_share double precision, pre_trend_p double precision
);

comment on type stats.day_contrast is 'What changed between two stretches of days.';

create type stats.matched_day as (
  is_treated boolean, is_after boolean, day date, weekday integer, d double precision, y double precision,
  excess double precision, influence double precision, group_d double precision
);

comment on type stats.matched_day is
'A day of those treated or of the comparison: what it has above its like before, and its part in what is expected after.';

create or replace function stats.matched_days(days stats.day_total[]) returns setof stats.matched_day
language sql immutable rows 100
set search_path = ''
as $$
  with alike as (
    select t.*, extract(isodow from t.day)::integer as weekday,
      sum(t.y) filter (where not t.is_after) over same as y_before,
      sum(t.d) filter (where not t.is_after) over same as d_before, sum(t.d) filter (where t.is_after) over same as d_after
    from unnest(days) t
    where t.d between 1e-9 and 1e15 and abs(t.y) < 1e70 and isfinite(t.day)
    window same as (partition by t.is_treated, t.stratum, extract(isodow from t.day))
  ),
  matched as (
    select a.*, a.y_before / a.d_before as mean, a.d_after / a.d_before as weight,
      sum(a.d) filter (where a.is_after) over (partition by a.is_treated) as group_d
    from alike a
    where a.d_before > 0 and a.d_after > 0
  )
  select m.is_treated, m.is_after, m.day, m.weekday, sum(m.d), sum(m.y), sum(m.y - m.d * m.mean),
    sum(m.weight * (m.y - m.d * m.mean)) / m.group_d, m.group_d
  from matched m
  group by m.is_treated, m.is_after, m.day, m.weekday, m.group_d
$$;

comment on function stats.matched_days(stats.day_total[]) is
E'Days whose strata were there on the same weekday before and after: what each has above its like before.\nThe influence of a day before is its part of the mean that the strata after would have had.';

create or replace function stats.day_influences(matched stats.matched_day[]) returns table (
  is_after boolean, day date, weekday integer, influence double precision, gap double precision
)
language sql immutable rows 100
set search_path = ''
as $$
  with signed as (
    select m.*, case when m.is_treated then 1 else -1 end as sign,
      sum(m.excess) filter (where m.is_after) over (partition by m.is_treated)
        / sum(m.d) filter (where m.is_after) over (partition by m.is_treated) as shift
    from unnest(matched) m
  )
  select s.is_after, s.day, s.weekday,
    sum(s.sign * case when s.is_after then (s.excess - s.shift * s.d) / s.group_d else s.influence end),
    sum(s.sign * s.excess / s.d)
  from signed s
  group by s.is_after, s.day, s.weekday
$$;

comment on function stats.day_influences(stats.matched_day[]) is
'Each day''s part in the difference, the comparison''s taken away: a shock that both share leaves nothing. gap is the day''s excess per head.';

create or replace function stats.slope_p(x double precision[], y double precision[]) returns double precision
language sql immutable parallel safe
set search_path = ''
as $$
  select case when count(*) >= 8 then stats.t_two_sided_p(
    regr_slope(v, u) / nullif(sqrt(greatest(regr_syy(v, u) - regr_slope(v, u) ^ 2 * regr_sxx(v, u), 0)
      / (count(*) - 2) / regr_sxx(v, u)), 0), count(*) - 2) end
  from unnest(stats.usable(x), stats.usable(y)) as points (u, v)
$$;

comment on function stats.slope_p(double precision[], double precision[]) is
'Two-sided p of a straight line''s slope by least squares; null for fewer than eight points, or for points without scatter.';

create or replace function stats.day_means(days stats.day_total[], matched stats.matched_day[]) returns stats.day_contrast
language sql immutable
set search_path = ''
return (
  with sums as (
    select sum(m.excess) filter (where m.is_treated and m.is_after) / sum(m.d) filter (where m.is_treated and m.is_after) as own,
      sum(m.y) filter (where m.is_treated and m.is_after) / sum(m.d) filter (where m.is_treated and m.is_after) as mean,
      sum(m.excess) filter (where not m.is_treated and m.is_after) / sum(m.d) filter (where not m.is_treated and m.is_after) as others,
      sum(m.d) filter (where m.is_treated and not m.is_after) as d0, sum(m.d) filter (where m.is_treated and m.is_after) as d1
    from unnest(matched) m
  ),
  asked as (
    select bool_or(not t.is_treated) as compared, sum(t.d) filter (where t.is_treated and t.is_after) as d1 from unnest(days) t
  )
  select row(s.own - case when a.compared then s.others else 0 end, null, null, s.mean - s.own, s.mean, s.d0, s.d1, null, null,
    s.d1 / a.d1, null)::stats.day_contrast
  from sums s cross join asked a);

comment on function stats.day_means(stats.day_total[], stats.matched_day[]) is
'What changed between two stretches of days, without its error: treated less comparison, and how much of what came after was matched.';

create or replace function stats.before_after(days stats.day_total[]) returns stats.day_contrast
language plpgsql immutable
set search_path = ''
as $$
declare
  answer stats.day_contrast;
  matched constant stats.matched_day[] := array(select m from stats.matched_days(days) m);
  weekdays integer;
  v0 double precision;
  v1 double precision;
begin
  answer := stats.day_means(days, matched);
  select count(*) filter (where not i.is_after), count(*) filter (where i.is_after),
    count(distinct i.weekday) filter (where not i.is_after),
    sum(i.influence ^ 2) filter (where not i.is_after), sum(i.influence ^ 2) filter (where i.is_after),
    stats.slope_p(array_agg((i.day - date '2000-01-01')::double precision) filter (where not i.is_after),
      array_agg(i.gap) filter (where not i.is_after))
  into answer.days_before, answer.days_after, weekdays, v0, v1, answer.pre_trend_p
  from stats.day_influences(matched) i;
  if answer.days_before > weekdays and answer.days_after > 1 then
    v0 := v0 * answer.days_before / (answer.days_before - weekdays);
    v1 := v1 * answer.days_after / (answer.days_after - 1);
    answer.std_error := sqrt(v0 + v1);
    answer.df := (v0 + v1) ^ 2 / nullif(
      v0 ^ 2 / (answer.days_before - weekdays) + v1 ^ 2 / (answer.days_after - 1), 0);
  end if;
  return answer;
exception
  -- Beyond what a double holds: no standard error, and nothing that stops whoever asked for all.
  when numeric_value_out_of_range then
    answer.std_error := null;
    return answer;
end
$$;

comment on function stats.before_after(stats.day_total[]) is
E'Treated days after minus what the same strata had on the same weekdays before, less the same of the comparison where there is one.\nThe unit of error is the day. No standard error where no weekday comes twice before, or there is one day after.';

create or replace function stats.adjusted_days(days stats.day_total[]) returns table (day date, d double precision, y double precision)
language sql immutable rows 56
set search_path = ''
as $$
  with usable as (
    select t.* from unnest(days) t
    where t.is_treated and t.d between 1e-9 and 1e15 and abs(t.y) < 1e70 and isfinite(t.day)
  ),
  strata as (
    select t.stratum, sum(t.y) filter (where not t.is_after) / sum(t.d) filter (where not t.is_after) as mean,
      coalesce(sum(t.d) filter (where t.is_after), 0) as weight
    from usable t
    group by t.stratum having count(*) filter (where not t.is_after) > 0
  ),
  middle as (select sum(s.mean * s.weight) / nullif(sum(s.weight), 0) as mean from strata s)
  select t.day, sum(t.d), sum(t.y - t.d * s.mean) + sum(t.d) * m.mean
  from usable t join strata s on s.stratum = t.stratum cross join middle m
  where m.mean is not null
  group by t.day, m.mean
$$;

comment on function stats.adjusted_days(stats.day_total[]) is
'Days as they would be with one mix of strata: each stratum''s mean before is taken away, and that of those who came after is added. Strata that came after alone are left out.';

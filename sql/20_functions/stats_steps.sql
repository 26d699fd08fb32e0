-- A difference shared out over the steps of a workflow: where did more units go on, and what did those who stopped bring?
create or replace function stats.step_credits(
  n_control double precision[], y_control double precision[], n_variant double precision[], y_variant double precision[]
) returns table (step integer, going_on double precision, stopping double precision)
language sql immutable parallel safe rows 4
set search_path = ''
as $$
  with cells as (
    select u.*, sum(n0) over onward as n0_from, sum(y0) over onward as y0_from, sum(n1) over onward as n1_from,
      sum(y1) over onward as y1_from
    from unnest(stats.usable(n_control), stats.usable(y_control), stats.usable(n_variant), stats.usable(y_variant)) with ordinality u (n0, y0, n1, y1, k)
    window onward as (order by k desc)
  ),
  -- Where one arm has nobody it is said to be as the other: nobody can have moved anything there.
  nodes as (
    select k, coalesce(s0, s1, 0) as s0, coalesce(s1, s0, 0) as s1, coalesce(m0, m1, 0) as m0, coalesce(m1, m0, 0) as m1,
      coalesce(w0, w1, 0) as w0, coalesce(w1, w0, 0) as w1
    from cells
    cross join lateral (
      select 1 - n0 / nullif(n0_from, 0) as s0, 1 - n1 / nullif(n1_from, 0) as s1, y0 / nullif(n0, 0) as m0,
        y1 / nullif(n1, 0) as m1, y0_from / nullif(n0_from, 0) as w0, y1_from / nullif(n1_from, 0) as w1) as node
  ),
  ways as (
    select n.*, lead(w0 + w1, 1, 0) over (order by k) / 2 as further,
      coalesce(exp(sum(ln(nullif(greatest(s0 + s1, 0) / 2, 0))) over before) * (min(s0 + s1) over before > 0)::integer, 1) as way
    from nodes n
    window before as (order by k rows between unbounded preceding and 1 preceding)
  )
  select k::integer, way * (s1 - s0) * (further - (m0 + m1) / 2), way * (2 - s0 - s1) / 2 * (m1 - m0)
  from ways order by k
$$;

comment on function stats.step_credits(double precision[], double precision[], double precision[], double precision[]) is
E'One row per step, in order: its part in the difference of two means (variant minus control). Given: how many units of each arm stopped at each step, and what they brought.\nThe mean of those who got as far as a step is (1 - s) × mean of those who stopped + s × mean from the next step on. Its difference is, exactly, Δs × (average mean further on - average mean of those who stopped) [going_on] + average (1 - s) × Δ mean of those who stopped [stopping] + average s × the difference further on, which is shared out in the same way. All parts add up to the difference.';

-- Which arm is best, and what share of traffic that is worth. The chance to be best is an integral over one arm's density
-- times the others' distributions; a grid as fine as each arm is narrow, with Simpson's rule between its points.
create or replace function stats.small_exp(x double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return case when x < -300 then 0 when x < 300 then exp(x) end;
end
$$;

comment on function stats.small_exp(double precision) is 'exp(x) within e^±300, and 0 below: two of them may be multiplied.';

create or replace function stats.arm_densities(
  centers double precision[], scales double precision[], a double precision[], b double precision[]
) returns table (arm integer, t0 double precision, h double precision, f0 double precision, fm double precision, f1 double precision)
language sql immutable parallel safe rows 4000
set search_path = ''
as $$
  with arms as (
    select i, c, s, x, y from unnest(centers, scales, a, b) with ordinality u (c, s, x, y, i)
    where not exists (
      select from unnest(centers, scales, a, b) v (c, s, x, y)
      where not coalesce(v.s between 1e-70 and 1e70 and abs(v.c) < 1e70 and (a is null and b is null
        or v.x between 1e-6 and 1e15 and v.y between 1e-6 and 1e15 and v.c between 1e-9 and pi() / 2 - 1e-9), false))
  ),
  -- Angles of shares end at 0 and a right angle.
  grid as (
    select distinct case when x is null then c + s * g / 30.0 else least(greatest(c + s * g / 30.0, 1e-9), pi() / 2 - 1e-9) end as t
    from arms cross join generate_series(-270, 270) g
  ),
  spans as (select t as t0, lead(t) over (order by t) - t as h from grid)
  select r.i::integer, z.t0, z.h, d.f[1], d.f[2], d.f[3]
  from arms r cross join spans z
  cross join lateral (select array_agg(stats.small_exp(case
      when r.x is null then -0.5 * ((p - r.c) / r.s) ^ 2
      else (2 * r.x - 1) * ln(sin(p) / sin(r.c)) + (2 * r.y - 1) * ln(cos(p) / cos(r.c)) end) order by p) as f
    from unnest(array[z.t0, z.t0 + z.h / 2, z.t0 + z.h]) p) d
  where z.h > 0
$$;

comment on function stats.arm_densities(double precision[], double precision[], double precision[], double precision[]) is
'One row per arm and step of the grid: the arm''s density, up to a factor, at the step''s beginning, middle and end. No rows when an arm is none.';

create or replace function stats.chances_to_be_best(
  centers double precision[], scales double precision[], a double precision[], b double precision[]
) returns table (arm integer, chance double precision)
language sql immutable parallel safe rows 4
set search_path = ''
as $$
  with shares as (
    select e.*, sum(h * (f0 + 4 * fm + f1) / 6) over (partition by arm) as whole,
      sum(h * (f0 + 4 * fm + f1) / 6) over (partition by arm order by t0) as upto
    from stats.arm_densities(centers, scales, a, b) e
  ),
  logs as (
    select s.*, ln(greatest((upto - h * (f0 + 4 * fm + f1) / 6) / whole, 1e-300)) as l0,
      ln(greatest((upto - h * (f0 + 4 * fm + f1) / 6 + h * (5 * f0 + 8 * fm - f1) / 24) / whole, 1e-300)) as lm,
      ln(greatest(upto / whole, 1e-300)) as l1
    from shares s
  ),
  products as (
    select arm, h / whole / 6 * (f0 * stats.small_exp(sum(l0) over w - l0) + 4 * fm * stats.small_exp(sum(lm) over w - lm)
      + f1 * stats.small_exp(sum(l1) over w - l1)) as part
    from logs window w as (partition by t0)
  )
  select arm, sum(part) / sum(sum(part)) over () from products group by arm order by arm
$$;

comment on function stats.chances_to_be_best(double precision[], double precision[], double precision[], double precision[]) is
E'One row per arm: the chance that it is the largest of independent arms, each normal with center and scale, or, where a and b are given, a beta on the scale of angles (center asin sqrt(mean), scale 1 / (2 sqrt(a + b))). To about 1e-9.';

create or replace function stats.shares_of_chances(chances double precision[]) returns table (
  arm integer, p_best double precision, top_two_share double precision
)
language sql immutable parallel safe rows 4
set search_path = ''
as $$
  select i::integer, p,
    case when cardinality(chances) = 1 then p else 0.5 * p + 0.5 * (
      -- The best of the draws without the leader: evenly, where no other has a chance at all.
      select sum(q * coalesce(u.p / nullif(rest.p, 0), 1.0 / (cardinality(chances) - 1)))
      from unnest(chances) with ordinality o (q, j)
      cross join lateral (select sum(r) as p from unnest(chances) with ordinality x (r, k) where k <> j) rest
      where j <> i) end
  from unnest(chances) with ordinality u (p, i)
  where (select bool_and(p between 0 and 1) from unnest(chances) p)
  order by i
$$;

comment on function stats.shares_of_chances(double precision[]) is
E'One row per arm: its traffic when each unit gets the best arm of a draw (Thompson, 1933), and when half of the units get the best of another draw instead (top-two, Russo, 2016), which does not starve the runner-up.';

create or replace function stats.thompson(a double precision[], b double precision[]) returns table (
  arm integer, p_best double precision, top_two_share double precision
)
language sql immutable parallel safe rows 4
set search_path = ''
as $$
  select s.*
  from (
    select array_agg(c.chance order by c.arm) as chances
    from (
      select array_agg(case when x between 1e-6 and 1e15 and y between 1e-6 and 1e15 then asin(sqrt(x / (x + y))) end order by i) as centers,
        array_agg(case when x between 1e-6 and 1e15 and y between 1e-6 and 1e15 then 0.5 / sqrt(x + y) end order by i) as scales
      from unnest(a, b) with ordinality u (x, y, i)
    ) p
    cross join lateral stats.chances_to_be_best(p.centers, p.scales, a, b) c
  ) t
  cross join lateral stats.shares_of_chances(t.chances) s
$$;

comment on function stats.thompson(double precision[], double precision[]) is
E'One row per arm with a Beta(a, b) posterior of its rate: the chance that it is best, which is its share of traffic under Thompson sampling, and its top-two share.\nTraffic that follows the data has no fixed-horizon p. No rows when a posterior is not one.';

create or replace function stats.thompson_normal(means double precision[], std_errors double precision[]) returns table (
  arm integer, p_best double precision, top_two_share double precision
)
language sql immutable parallel safe rows 4
set search_path = ''
as $$
  select s.*
  from (
    select array_agg(c.chance order by c.arm) as chances
    from stats.chances_to_be_best(means, std_errors, null, null) c
  ) t
  cross join lateral stats.shares_of_chances(t.chances) s
$$;

comment on function stats.thompson_normal(double precision[], double precision[]) is
'One row per arm: as thompson, for means with their standard errors. Give means with their sign turned where less is better.';

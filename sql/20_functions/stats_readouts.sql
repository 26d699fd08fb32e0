-- What an arm says, in two steps. Moments: means and centred sums of products, from exact sums. A readout: one
-- estimate, the variance of that estimate, and its spread. Every contrast takes two readouts and nothing else.
create type stats.readout as (
  n double precision, value double precision, variance double precision, spread double precision
);

comment on type stats.readout is E'What an arm says of a metric: how many units, the estimate, its squared standard error, and its spread.\nspread is the sum of V²/(n - 1) over the variance''s parts V: what Welch and Satterthwaite divide by.';

create type stats.moments as (
  n double precision,
  mean_y double precision, mean_d double precision, mean_x double precision, mean_w double precision,
  yy double precision, yd double precision, yx double precision, yw double precision, dd double precision,
  dx double precision, dw double precision, xx double precision, xw double precision, ww double precision
);

comment on type stats.moments is E'n units, the means of their four variables, and the sums of products about those means.\ny the value or numerator, d the denominator, x the same as y before the first exposure, w the same as d.';

create or replace function stats.double_of(x numeric) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  if abs(x) < 1e-150 then
    return 0;
  elsif abs(x) < 1e150 then
    return x::double precision;
  end if;
  return null;
end
$$;

comment on function stats.double_of(numeric) is
'The nearest double; 0 below 1e-150 and null from 1e150 on and for NaN, so that neither the cast nor a square raises.';

create or replace function stats.tame(x double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return case when abs(x) < 1e-70 then 0 when abs(x) < 1e70 then x end;
end
$$;

comment on function stats.tame(double precision) is
'A number that may be squared and multiplied without a range error: 0 below 1e-70, null from 1e70 on.';

create or replace function stats.moments_of_sums(
  n numeric, y numeric, d numeric, x numeric, w numeric, yy numeric, yd numeric, yx numeric, yw numeric,
  dd numeric, dx numeric, dw numeric, xx numeric, xw numeric, ww numeric
) returns stats.moments
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  units constant double precision := case when n >= 1e-6 and n < 1e15 then n end;
begin
  if units is null then
    return row(0, null, null, null, null, null, null, null, null, null, null, null, null, null, null)::stats.moments;
  end if;
  return row(units,
    stats.double_of(y) / units, stats.double_of(d) / units, stats.double_of(x) / units, stats.double_of(w) / units,
    stats.double_of(n * yy - y * y) / units, stats.double_of(n * yd - y * d) / units,
    stats.double_of(n * yx - y * x) / units, stats.double_of(n * yw - y * w) / units,
    stats.double_of(n * dd - d * d) / units, stats.double_of(n * dx - d * x) / units,
    stats.double_of(n * dw - d * w) / units, stats.double_of(n * xx - x * x) / units,
    stats.double_of(n * xw - x * w) / units, stats.double_of(n * ww - w * w) / units)::stats.moments;
end
$$;

comment on function stats.moments_of_sums(
  numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric,
  numeric, numeric
) is E'Moments of n units from their exact sums: Σy, Σd, Σx, Σw, Σy², Σyd … Σw².\nThe difference n·Σab - Σa·Σb is taken in numeric, without a rounding, so that values of any size keep every digit of their variance. Sums that are null give moments that are null.';

create or replace function stats.merged(parts stats.moments[]) returns stats.moments
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  m stats.moments;
  p stats.moments;
  share double precision;
  f double precision;
  dy double precision;
  dd double precision;
  dx double precision;
  dw double precision;
begin
  foreach p in array parts loop
    continue when p.n is null or p.n <= 0;
    if m.n is null then
      m := p;
      continue;
    end if;
    share := p.n / (m.n + p.n);
    f := share * m.n;
    dy := p.mean_y - m.mean_y;
    dd := p.mean_d - m.mean_d;
    dx := p.mean_x - m.mean_x;
    dw := p.mean_w - m.mean_w;
    m := row(m.n + p.n, m.mean_y + share * dy, m.mean_d + share * dd, m.mean_x + share * dx, m.mean_w + share * dw,
      m.yy + p.yy + f * dy * dy, m.yd + p.yd + f * dy * dd, m.yx + p.yx + f * dy * dx,
      m.yw + p.yw + f * dy * dw, m.dd + p.dd + f * dd * dd, m.dx + p.dx + f * dd * dx,
      m.dw + p.dw + f * dd * dw, m.xx + p.xx + f * dx * dx, m.xw + p.xw + f * dx * dw,
      m.ww + p.ww + f * dw * dw);
  end loop;
  return m;
end
$$;

comment on function stats.merged(stats.moments[]) is E'The moments of all units together. Chan, Golub and LeVeque (1983).\nWhere the exact sums are at hand, add those instead.';

create or replace function stats.readout_of(n double precision, value double precision, variance double precision)
returns stats.readout
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  told constant double precision := case when abs(value) < 1e-70 then 0 else value end;
begin
  return case
    when not (n >= 1e-6 and n < 1e15 or n = 0) then row(null, null, null, null)::stats.readout
    when value is null or not abs(value) < 1e70 then row(n, null, null, null)::stats.readout
    when variance is null or not variance >= 0 or n < 2 or not variance < 1e140 then row(n, told, null, null)::stats.readout
    when variance < 1e-120 then row(n, told, 0, 0)::stats.readout
    else row(n, told, variance, variance * variance / (n - 1))::stats.readout
  end;
end
$$;

comment on function stats.readout_of(double precision, double precision, double precision) is
E'A readout of n units from an estimate and the variance of that estimate (for a mean: var_samp / n).\nOf fewer than two units there is no variance; beyond 1e70 there is no value, and beyond 1e15 units no readout, so that nothing later overflows.';

create or replace function stats.mean_readout(m stats.moments) returns stats.readout
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return stats.readout_of(m.n, m.mean_y, m.yy / nullif(m.n - 1, 0) / m.n);
end
$$;

comment on function stats.mean_readout(stats.moments) is 'The mean of y: its value and s²/n.';

create or replace function stats.mean_of_sums(n numeric, y numeric, yy numeric) returns stats.readout
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  units constant double precision := case when n >= 1e-6 and n < 1e15 then n end;
  centred constant numeric := n * yy - y * y;
  -- Everyday sizes need no guards: to enter a function takes longer than to divide.
  is_tame constant boolean := units >= 2 and abs(y) between 1 and 1e70 and centred between 1 and 1e100;
  total constant double precision := case when is_tame then y else stats.double_of(y) end;
  variance constant double precision := case when is_tame then centred else stats.double_of(centred) end
    / units / nullif(units - 1, 0) / units;
begin
  return case when units is null then row(0, null, null, null)::stats.readout
    when is_tame then row(units, total / units, variance, variance * variance / (units - 1))::stats.readout
    else stats.readout_of(units, total / units, variance) end;
end
$$;

comment on function stats.mean_of_sums(numeric, numeric, numeric) is
'mean_readout(moments_of_sums(n, y, …)), without the moments that a mean does not need: the common case, in half the time.';

create or replace function stats.ratio_readout(m stats.moments) returns stats.readout
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  ratio constant double precision := stats.tame(m.mean_y / nullif(stats.tame(m.mean_d), 0));
  residual double precision;
begin
  if ratio is null or m.n < 2 then
    return row(m.n, ratio, null, null)::stats.readout;
  end if;
  residual := m.yy - 2 * ratio * m.yd + ratio * ratio * m.dd;
  -- What is left of three numbers that cancel is rounding, not variance.
  residual := case when residual < 1e-14 * (m.yy + ratio * ratio * m.dd) then 0 else residual end;
  return stats.readout_of(m.n, ratio, residual / (m.n - 1) / m.n / m.mean_d / m.mean_d);
end
$$;

comment on function stats.ratio_readout(stats.moments) is
E'Σy / Σd, a ratio of means over units, by the delta method: s² = (var y - 2 R cov(y, d) + R² var d) / mean(d)².\nFieller (1954), Deng, Knoblich and Lu (2018). Null when the denominators are all zero.';

create or replace function stats.combined(parts stats.readout[], weights double precision[]) returns stats.readout
language sql immutable strict parallel safe
set search_path = ''
as $$
  select case when bool_and(p.weight between 0 and 1e15) then row(sum(p.n), sum(p.share * p.value), sum(p.share ^ 2 * p.variance),
    sum(p.share ^ 4 * p.spread))::stats.readout end
  from (
    select q.*, case when q.weight >= 1e-12 * sum(q.weight) over () then q.weight / nullif(sum(q.weight) over (), 0) else 0 end as share
    from unnest(parts, weights) q (n, value, variance, spread, weight)) p
$$;

comment on function stats.combined(stats.readout[], double precision[]) is
'Readouts of strata (phases, segments) put together with fixed weights (0 to 1e15), which are made to sum to one: post-stratification.';

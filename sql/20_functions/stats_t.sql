-- Student's t. With twelve degrees of freedom and more a short series in erfc does it; below, the incomplete beta.
create or replace function stats.t_series_ln_p(y double precision, a double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  root constant double precision := sqrt(y / 2);
  -- Its powers would end below what a double holds, where Postgres raises.
  is_tiny constant boolean := y < 1e-18;
  power double precision := 2 * sqrt(y);
  -- Γ(m + 1/2, y/2) 2^(m + 1/2), times e^(y/2), by its recurrence; and the same for y = 0.
  here double precision;
  whole double precision := 2.5066282746310005;
  scale double precision := 1;
  factor double precision;
  term double precision;
  top double precision;
  bottom double precision := 2.5066282746310005;
begin
  here := case when y < 1000 then 2.5066282746310005 * erfc(root) * exp(y / 2)
    else 2 / sqrt(y) * (1 - (1 - (3 - (15 - 105 / y) / y) / y) / y) end;
  top := here;
  for k in 1..8 loop
    here := (4 * k - 1) * ((4 * k - 3) * here + power) + case when is_tiny then 0 else power * y end;
    whole := whole * (4 * k - 3) * (4 * k - 1);
    power := case when is_tiny then 0 else power * y * y end;
    scale := scale / a / a;
    -- (sinh(u/2) / (u/2))^(-1/2) in powers of u²; most answers need one or two.
    factor := case k when 1 then -0.020833333333333332::double precision when 2 then 0.000390625 when 3 then -7.879670965608466e-06
      when 4 then 1.6967665791721782e-07 when 5 then -3.805064191721906e-09 when 6 then 8.748377596315407e-11
      when 7 then -2.044523359411974e-12 else 4.833351797967704e-14 end * scale;
    term := factor * here;
    top := top + term;
    bottom := bottom + factor * whole;
    exit when abs(term) < 1e-16 * top;
  end loop;
  return -y / 2 + ln(top / bottom);
end
$$;

comment on function stats.t_series_ln_p(double precision, double precision) is
E'ln P(|T| >= t), y = a ln(1 + t²/df), a = df - 1/2: the density is e^(-y/2) y^(-1/2) times a series in (y/a)², integrated term by term.\nFor df >= 12 and y <= a its relative error is below 3e-11, for df >= 30 below 1e-13. After Hill (1970), with all terms.';

create or replace function stats.t_two_sided_ln_p(t double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  ln_odds double precision;
  u double precision;
begin
  -- Beyond that it is the normal.
  if t = 'NaN' or df = 'NaN' then
    return null;
  end if;
  df := least(df, 1e15);
  if not df > 0 or abs(t) < 1e-150 then
    return case when df > 0 then 0 end;
  end if;
  ln_odds := 2 * ln(abs(t)) - ln(df);
  u := case when ln_odds < 600 then stats.ln_1p(t / df * t) else ln_odds end;
  if df >= 12 and u <= 1 then
    return stats.t_series_ln_p((df - 0.5) * u, df - 0.5);
  elsif ln_odds > 600 then
    return stats.beta_ln_front(df / 2, 0.5, exp(-600), 1) + ln(2 / df) + df / 2 * (600 - ln_odds);
  end if;
  return stats.beta_ln_part(df / 2, 0.5, exp(-u), 1 / (1 + exp(-ln_odds)));
end
$$;

comment on function stats.t_two_sided_ln_p(double precision, double precision) is
'ln P(|T| >= |t|) for Student''s t with df degrees of freedom, which goes on where a double ends; null when df is not positive.';

create or replace function stats.t_two_sided_p(t double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return stats.exp_or_zero(stats.t_two_sided_ln_p(t, df));
end
$$;

comment on function stats.t_two_sided_p(double precision, double precision) is
'P(|T| >= |t|) for Student''s t with df degrees of freedom; null when df is not positive.';

create or replace function stats.t_two_sided_log10_p(t double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return stats.t_two_sided_ln_p(t, df) / 2.302585092994046;
end
$$;

comment on function stats.t_two_sided_log10_p(double precision, double precision) is
'log10 of P(|T| >= |t|), which goes on where a double ends.';

create or replace function stats.t_sf(t double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return case when t > 0 then stats.t_two_sided_p(t, df) / 2 else 1 - stats.t_two_sided_p(t, df) / 2 end;
end
$$;

comment on function stats.t_sf(double precision, double precision) is 'P(T >= t).';

create or replace function stats.t_cdf(t double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return stats.t_sf(-t, df);
end
$$;

comment on function stats.t_cdf(double precision, double precision) is 'P(T <= t).';

create or replace function stats.t_start(alpha double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  a constant double precision := 1 / (df - 0.5);
  b constant double precision := 48 * (df - 0.5) ^ 2;
  c double precision := ((20700 * a / b - 98) * a - 16) * a + 96.36;
  d constant double precision := ((94.5 / (b + c) - 3) / b + 1) * sqrt(a * 1.5707963267948966) * df;
  x double precision := d * alpha;
  y double precision := x ^ (2 / df);
begin
  if y > 0.05 + a then
    x := stats.normal_quantile(alpha / 2);
    y := x * x;
    c := case when df < 5 then c + 0.3 * (df - 4.5) * (x + 0.6) else c end + (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b;
    y := (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
    y := a * y * y;
    return sqrt(df * case when y > 0.002 then exp(y) - 1 else 0.5 * y * y + y end);
  end if;
  y := ((1 / (((df + 6) / (df * y) - 0.089 * d - 0.822) * (df + 2) * 3) + 0.5 / (df + 4)) * y - 1) * (df + 1) / (df + 2) + 1 / y;
  return sqrt(df * y);
end
$$;

comment on function stats.t_start(double precision, double precision) is
'A first guess at t_critical, right to three digits and more, for df >= 1 and alpha no smaller than 1e-30. Hill (1970), algorithm 396.';

create or replace function stats.t_critical(alpha double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  a constant double precision := least(df, 1e15) - 0.5;
  b double precision;
  z double precision;
  y double precision;
  ln_p double precision;
  step double precision;
begin
  if not (alpha > 0 and alpha < 1 and df > 0 and df <= 'infinity') then
    return null;
  elsif df < 12 then
    return stats.t_critical_of_few(alpha, df);
  end if;
  -- Almost everybody asks for one and the same: normal_critical(0.05), squared.
  z := case when alpha = 0.05 then 3.841458820694124 else stats.normal_critical(alpha) ^ 2 end;
  b := 48 * a * a;
  y := z * (1 + ((((0.4 * z + 6.3) * z + 36) * z + 94.5) / b - z - 3) / b) ^ 2;
  if (z + 10) ^ 5 < 1e-12 * b * b * b then
    return sqrt(least(df, 1e15) * 2 * exp(y / (2 * a)) * sinh(y / (2 * a)));
  end if;
  for round in 1..20 loop
    exit when not y between 0 and a;
    ln_p := stats.t_series_ln_p(y, a);
    -- The slope of p over y, to three parts in a hundred thousand: enough for a step that small.
    step := (ln_p - ln(alpha)) * exp(0.5 * y + ln_p) * sqrt(a * sinh(y / (2 * a))) * 3.5449077018110318
      * (1 - 0.0625 / a / a);
    y := y + step;
    if abs(step) < 1e-5 * y then
      return sqrt(df * 2 * exp(y / (2 * a)) * sinh(y / (2 * a)));
    end if;
  end loop;
  return stats.t_critical_of_few(alpha, df);
end
$$;

comment on function stats.t_critical(double precision, double precision) is
E'The t with P(|T| >= t) = alpha, for df degrees of freedom; half the width of an interval in standard errors.\nHill''s (1970) inverse series, which is enough for some hundred degrees of freedom; below, Newton on ln p from there.';

create or replace function stats.t_critical_of_few(alpha double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  u double precision;
  ln_p double precision;
  ln_density double precision;
  step double precision;
begin
  u := ln(case when df >= 1 and alpha > 1e-30 then stats.t_start(alpha, df) else -stats.normal_quantile(alpha / 2) end);
  -- ln p is concave in u = ln t, so Newton overshoots once and then comes down to the root without a bracket.
  for round in 1..100 loop
    ln_p := stats.t_two_sided_ln_p(exp(u), df);
    ln_density := -0.5 * ln(df) - stats.ln_beta(df / 2, 0.5) - (df + 1) / 2 * case
      when 2 * u - ln(df) < 600 then stats.ln_1p(exp(2 * u - ln(df))) else 2 * u - ln(df) end;
    step := (ln_p - ln(alpha)) * exp(ln_p - ln_density - u) / 2;
    exit when u >= 700 and step >= 0;
    u := least(u + step, 700);
    exit when abs(step) < 1e-9;
  end loop;
  return case when u < 700 then exp(u) else 'infinity' end;
end
$$;

comment on function stats.t_critical_of_few(double precision, double precision) is
't_critical for few degrees of freedom, and for tails so far out that the series does not reach them.';

create or replace function stats.t_quantile(p double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return case when p = 0.5 and df > 0 and df <= 'infinity' then 0 when p < 0.5 then -stats.t_critical(2 * p, df)
    else stats.t_critical(2 * (1 - p), df) end;
end
$$;

comment on function stats.t_quantile(double precision, double precision) is 'The t with P(T <= t) = p, 0 < p < 1.';

-- The beta family: incomplete beta function, beta and F distributions. Everything is computed in logarithms and as the
-- tail that is asked for.
create or replace function stats.beta_fraction(a double precision, b double precision, x double precision)
returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  c double precision := 1;
  d double precision := 1 / coalesce(nullif(1 - (a + b) * x / (a + 1), 0), 1e-30);
  total double precision := d;
  term double precision;
begin
  for m in 1..1000000 loop
    term := m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d := 1 / coalesce(nullif(1 + term * d, 0), 1e-30);
    c := coalesce(nullif(1 + term / c, 0), 1e-30);
    total := total * c * d;
    term := -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d := 1 / coalesce(nullif(1 + term * d, 0), 1e-30);
    c := coalesce(nullif(1 + term / c, 0), 1e-30);
    total := total * c * d;
    exit when abs(c * d - 1) < 1e-15;
  end loop;
  return total;
end
$$;

comment on function stats.beta_fraction(double precision, double precision, double precision) is
E'The continued fraction of the incomplete beta function, for x < (a + 1) / (a + b + 2).\nLentz (1976), as modified by Thompson and Barnett (1986).';

create or replace function stats.beta_ln_front(a double precision, b double precision, x double precision, y double precision)
returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  away constant double precision := x * b - y * a;
begin
  return a * stats.ln_excess(away / a, x * (a + b) / a) + b * stats.ln_excess(-away / b, y * (a + b) / b)
    + 0.5 * ln(a * b / (a + b)) - 0.91893853320467274178
    + stats.stirling_error(a + b) - stats.stirling_error(a) - stats.stirling_error(b);
end
$$;

comment on function stats.beta_ln_front(double precision, double precision, double precision, double precision) is
E'ln of x^a y^b / B(a, b), y = 1 - x, from deviances, so that large a and b keep their digits. Loader (2000).';

create or replace function stats.beta_ln_part(a double precision, b double precision, x double precision, y double precision)
returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  -- NaN is larger than every number here.
  if not (a > 1e-100 and b > 1e-100 and a < 1e16 and b < 1e16 and x < 'infinity' and y < 'infinity') then
    return null;
  elsif x <= 0 or y <= 0 then
    return case when x <= 0 then '-infinity'::double precision else 0 end;
  elsif x < (a + 1) / (a + b + 2) then
    return stats.beta_ln_front(a, b, x, y) + ln(stats.beta_fraction(a, b, x) / a);
  end if;
  return stats.ln_1p(-stats.exp_or_zero(stats.beta_ln_front(b, a, y, x) + ln(stats.beta_fraction(b, a, y) / b)));
end
$$;

comment on function stats.beta_ln_part(double precision, double precision, double precision, double precision) is
'ln I_x(a, b), the regularised incomplete beta function, of x and y = 1 - x: the caller knows both to full precision.';

create or replace function stats.beta_cdf(x double precision, a double precision, b double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return stats.exp_or_zero(stats.beta_ln_part(a, b, x, 1 - x));
end
$$;

comment on function stats.beta_cdf(double precision, double precision, double precision) is 'P(X <= x) for Beta(a, b); null when a or b is not positive.';

create or replace function stats.beta_sf(x double precision, a double precision, b double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return stats.exp_or_zero(stats.beta_ln_part(b, a, 1 - x, x));
end
$$;

comment on function stats.beta_sf(double precision, double precision, double precision) is 'P(X >= x) for Beta(a, b); null when a or b is not positive.';

create or replace function stats.f_ln_sf(f double precision, df1 double precision, df2 double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  odds double precision;
begin
  if not (f <= 'infinity' and df1 > 1e-9 and df2 > 1e-9 and df1 < 1e15 and df2 < 1e15) then
    return null;
  end if;
  -- No product of these leaves a double.
  odds := df1 / df2 * least(greatest(f, 1e-250), 1e250);
  return case when f <= 0 then 0 else stats.beta_ln_part(df2 / 2, df1 / 2, 1 / (1 + odds), odds / (1 + odds)) end;
end
$$;

comment on function stats.f_ln_sf(double precision, double precision, double precision) is
'ln P(X >= f) for Snedecor''s F with df1 and df2 degrees of freedom.';

create or replace function stats.f_sf(f double precision, df1 double precision, df2 double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return stats.exp_or_zero(stats.f_ln_sf(f, df1, df2));
end
$$;

comment on function stats.f_sf(double precision, double precision, double precision) is
'P(X >= f) for Snedecor''s F with df1 and df2 degrees of freedom; null when one is not positive.';

create or replace function stats.f_cdf(f double precision, df1 double precision, df2 double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return case when f <= 0 then 0 else stats.f_sf(1 / greatest(f, 1e-250), df2, df1) end;
end
$$;

comment on function stats.f_cdf(double precision, double precision, double precision) is 'P(X <= f) for Snedecor''s F.';

create or replace function stats.beta_logit_quantile(p double precision, a double precision, b double precision)
returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  is_upper constant boolean := p > 0.5;
  wanted double precision;
  low double precision := -690;
  high double precision := 690;
  u double precision;
  x double precision;
  y double precision;
  part double precision;
  step double precision;
begin
  if not (p > 0 and p < 1 and a > 1e-9 and b > 1e-9 and a < 1e15 and b < 1e15) then
    return null;
  end if;
  wanted := ln(case when is_upper then 1 - p else p end);
  u := ln(a / b);
  for round in 1..200 loop
    x := 1 / (1 + exp(-u));
    y := 1 / (1 + exp(u));
    part := case when is_upper then stats.beta_ln_part(b, a, y, x) else stats.beta_ln_part(a, b, x, y) end;
    if (part < wanted) <> is_upper then low := u; else high := u; end if;
    step := (wanted - part) * exp(least(greatest(part - stats.beta_ln_front(a, b, x, y), -600), 600))
      * case when is_upper then -1 else 1 end;
    exit when abs(step) < 1e-14 * greatest(abs(u), 0.1) or high - low < 1e-15 * abs(u);
    u := case when u + step > low and u + step < high and part > -1e300 then u + step else (low + high) / 2 end;
  end loop;
  return u;
end
$$;

comment on function stats.beta_logit_quantile(double precision, double precision, double precision) is
'ln(x / (1 - x)) for the x with P(X <= x) = p, X ~ Beta(a, b): Newton on ln p within a bracket.';

create or replace function stats.beta_quantile(p double precision, a double precision, b double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  u constant double precision := stats.beta_logit_quantile(p, a, b);
begin
  return case when u < 0 then stats.exp_or_zero(u) / (1 + stats.exp_or_zero(u)) else 1 / (1 + stats.exp_or_zero(-u)) end;
end
$$;

comment on function stats.beta_quantile(double precision, double precision, double precision) is
'The x with P(X <= x) = p for Beta(a, b), 0 < p < 1.';

create or replace function stats.f_quantile(p double precision, df1 double precision, df2 double precision)
returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  u constant double precision := stats.beta_logit_quantile(p, df1 / 2, df2 / 2);
begin
  return case when abs(u) < 600 then exp(u) * df2 / df1 when u is not null then stats.exp_or_zero(u + ln(df2) - ln(df1)) end;
end
$$;

comment on function stats.f_quantile(double precision, double precision, double precision) is
'The f with P(X <= f) = p for Snedecor''s F, 0 < p < 1.';

-- The gamma family: incomplete gamma function and the chi-square distribution.
create or replace function stats.gamma_ln_front(a double precision, x double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return a * stats.ln_excess((x - a) / a, x / a) + 0.5 * ln(a) - 0.91893853320467274178 - stats.stirling_error(a);
end
$$;

comment on function stats.gamma_ln_front(double precision, double precision) is
'ln of x^a e^-x / Γ(a), so that large a and x keep their digits. Loader (2000).';

create or replace function stats.gamma_series(a double precision, x double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  term double precision := 1 / a;
  total double precision := 1 / a;
begin
  for n in 1..10000000 loop
    term := term * x / (a + n);
    exit when term < total * 1e-17;
    total := total + term;
  end loop;
  return total;
end
$$;

comment on function stats.gamma_series(double precision, double precision) is
'The series of the lower incomplete gamma function, for x below a + 1, without its front.';

create or replace function stats.gamma_fraction(a double precision, x double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  b double precision := x + 1 - a;
  c double precision := 1e300;
  d double precision := 1 / (x + 1 - a);
  total double precision := 1 / (x + 1 - a);
  term double precision;
begin
  for n in 1..10000000 loop
    term := -n * (n - a);
    b := b + 2;
    d := 1 / coalesce(nullif(term * d + b, 0), 1e-30);
    c := coalesce(nullif(b + term / c, 0), 1e-30);
    total := total * c * d;
    exit when abs(c * d - 1) < 1e-15;
  end loop;
  return total;
end
$$;

comment on function stats.gamma_fraction(double precision, double precision) is
'Lentz'' (1976) continued fraction of the upper incomplete gamma function, for x above a + 1, without its front.';

create or replace function stats.gamma_ln_part(a double precision, x double precision, is_upper boolean)
returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  found double precision;
begin
  -- NaN is larger than every number here.
  if not (a > 1e-100 and a < 1e10 and x >= 0 and x <= 'infinity') then
    return null;
  elsif x = 0 or x = 'infinity' then
    return case when (x = 0) = is_upper then 0 else '-infinity'::double precision end;
  elsif x < a + 1 then
    found := stats.gamma_ln_front(a, x) + ln(stats.gamma_series(a, x));
    return case when is_upper then stats.ln_1p(-stats.exp_or_zero(found)) else least(found, 0) end;
  end if;
  found := stats.gamma_ln_front(a, x) + ln(stats.gamma_fraction(a, x));
  return case when is_upper then least(found, 0) else stats.ln_1p(-stats.exp_or_zero(found)) end;
end
$$;

comment on function stats.gamma_ln_part(double precision, double precision, boolean) is
'ln of the regularised incomplete gamma function: Q(a, x) when is_upper, else P(a, x).';

create or replace function stats.chi2_sf(x double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return stats.exp_or_zero(stats.gamma_ln_part(df / 2, x / 2, true));
end
$$;

comment on function stats.chi2_sf(double precision, double precision) is
'P(X >= x) for chi-square with df degrees of freedom; null when df is not positive or x negative.';

create or replace function stats.chi2_cdf(x double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return stats.exp_or_zero(stats.gamma_ln_part(df / 2, x / 2, false));
end
$$;

comment on function stats.chi2_cdf(double precision, double precision) is 'P(X <= x) for chi-square with df degrees of freedom.';

create or replace function stats.chi2_log10_sf(x double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return stats.gamma_ln_part(df / 2, x / 2, true) / 2.302585092994046;
end
$$;

comment on function stats.chi2_log10_sf(double precision, double precision) is
'log10 P(X >= x) for chi-square, which goes on where a double ends.';

create or replace function stats.chi2_quantile(p double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  a constant double precision := df / 2;
  is_upper constant boolean := p > 0.5;
  wanted double precision;
  low double precision := -690;
  high double precision := 700;
  u double precision;
  part double precision;
  step double precision;
begin
  if not (p > 0 and p < 1 and df > 1e-9 and df < 1e10) then
    return null;
  end if;
  wanted := ln(case when is_upper then 1 - p else p end);
  -- Wilson and Hilferty's cube, or the first term of the series where that is not positive.
  u := 1 - 1 / (9 * a) + stats.normal_quantile(p) / (3 * sqrt(a));
  u := case when u > 0.1 then ln(a) + 3 * ln(u) else (ln(p) + stats.ln_gamma(a + 1)) / a end;
  if u < low then
    return 0;
  end if;
  for round in 1..200 loop
    part := stats.gamma_ln_part(a, exp(u), is_upper);
    if (part < wanted) <> is_upper then low := u; else high := u; end if;
    step := (wanted - part) * exp(least(greatest(part - stats.gamma_ln_front(a, exp(u)), -600), 600))
      * case when is_upper then -1 else 1 end;
    exit when abs(step) < 1e-14 or high - low < 1e-15;
    u := case when u + step > low and u + step < high then u + step else (low + high) / 2 end;
  end loop;
  return 2 * exp(u);
end
$$;

comment on function stats.chi2_quantile(double precision, double precision) is
'The x with P(X <= x) = p for chi-square, 0 < p < 1. Wilson and Hilferty (1931), then Newton on ln p within a bracket.';

-- Compiled by scripts/build_migrations from sql/20_functions/stats*.sql. Edit those, not this.
create schema stats;

-- What the distribution functions are made of. Postgres raises 22003 where C would return 0, so exp is guarded.
create or replace function stats.exp_or_zero(x double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return case when x < -690 then 0 when x < 709 then exp(x) end;
end
$$;

comment on function stats.exp_or_zero(double precision) is 'exp(x), and 0 below 1e-300: so near the end of a double that the next product would raise. Null for NaN and beyond a double.';

create or replace function stats.ln_1p(x double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return case when abs(x) < 1e-17 then x when x <= -1 then '-infinity' when x < 1 then 2 * atanh(x / (2 + x)) else ln(1 + x) end;
end
$$;

comment on function stats.ln_1p(double precision) is 'ln(1 + x) without loss for small x.';

create or replace function stats.ln_gamma(x double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  shifted constant double precision := x + 5.2421875;
begin
  return (x + 0.5) * ln(shifted) - shifted + ln(2.5066282746310005 / x * (0.99999999999999709182
    + 57.156235665862923517 / (x + 1) - 59.597960355475491248 / (x + 2) + 14.136097974741747174 / (x + 3)
    - 0.49191381609762019978 / (x + 4) + .33994649984811888699e-4 / (x + 5) + .46523628927048575665e-4 / (x + 6)
    - .98374475304879564677e-4 / (x + 7) + .15808870322491248884e-3 / (x + 8) - .21026444172410488319e-3 / (x + 9)
    + .21743961811521264320e-3 / (x + 10) - .16431810653676389022e-3 / (x + 11) + .84418223983852743293e-4 / (x + 12)
    - .26190838401581408670e-4 / (x + 13) + .36899182659531622704e-5 / (x + 14)));
end
$$;

comment on function stats.ln_gamma(double precision) is E'ln of the gamma function, x > 0.\nLanczos (1964) with Godfrey''s coefficients for g = 607/128.';

create or replace function stats.stirling_error(x double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return case when x < 12 then stats.ln_gamma(x) - (x - 0.5) * ln(x) + x - 0.91893853320467274178
    when x > 1e10 then 1 / (12 * x)
    else (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / x / x) / x / x) / x / x) / x / x) / x end;
end
$$;

comment on function stats.stirling_error(double precision) is
'What Stirling''s formula leaves of ln_gamma: small where ln_gamma is huge, so that differences keep their digits. Loader (2000).';

create or replace function stats.ln_beta(a double precision, b double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return 0.91893853320467274178 - (least(a, b) - 0.5) * stats.ln_1p(greatest(a, b) / least(a, b))
    - (greatest(a, b) - 0.5) * stats.ln_1p(least(a, b) / greatest(a, b)) - 0.5 * ln(a + b)
    + stats.stirling_error(a) + stats.stirling_error(b) - stats.stirling_error(a + b);
end
$$;

comment on function stats.ln_beta(double precision, double precision) is 'ln of the beta function B(a, b).';

create or replace function stats.ln_excess(u double precision, ratio double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  r double precision;
  term double precision;
  total double precision := 1.0 / 3;
begin
  if abs(u) > 0.4 then
    return ln(ratio) - u;
  end if;
  r := u / (2 + u);
  term := 1;
  for k in 1..30 loop
    exit when r = 0 or abs(r) < 1e-150 or term < 1e-18;
    term := term * r * r;
    total := total + term / (2 * k + 3);
  end loop;
  return case when abs(r) < 1e-150 then 0 else 2 * r * r * (r * total - 1 / (1 - r)) end;
end
$$;

comment on function stats.ln_excess(double precision, double precision) is
'ln(ratio) - u for ratio = 1 + u, without loss for small u.';

-- The normal distribution. Tails are computed as tails, by erfc, never as 1 - cdf.
create or replace function stats.normal_cdf(z double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return case when z <> 'NaN' then 0.5 * erfc(z / -1.4142135623730951) end;
end
$$;

comment on function stats.normal_cdf(double precision) is 'P(Z <= z).';

create or replace function stats.normal_sf(z double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return case when z <> 'NaN' then 0.5 * erfc(z / 1.4142135623730951) end;
end
$$;

comment on function stats.normal_sf(double precision) is 'P(Z >= z).';

create or replace function stats.normal_two_sided_p(z double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return case when z <> 'NaN' then erfc(abs(z) / 1.4142135623730951) end;
end
$$;

comment on function stats.normal_two_sided_p(double precision) is 'P(|Z| >= |z|).';

create or replace function stats.normal_ln_sf(z double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  r double precision;
begin
  if z < 0 then
    return stats.ln_1p(-stats.normal_cdf(z));
  elsif z < 30 then
    return ln(stats.normal_sf(z));
  elsif z > 1e150 then
    return case when z <> 'NaN' then '-infinity'::double precision end;
  end if;
  r := 1 / z / z;
  return -z * z / 2 - ln(z * 2.5066282746310005)
    + stats.ln_1p(-r * (1 - r * (3 - r * (15 - r * (105 - r * (945 - r * 10395))))));
end
$$;

comment on function stats.normal_ln_sf(double precision) is
'ln P(Z >= z), which goes on where a double ends; Laplace''s asymptotic series beyond 30.';

create or replace function stats.normal_two_sided_log10_p(z double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return (stats.normal_ln_sf(abs(z)) + 0.6931471805599453) / 2.302585092994046;
end
$$;

comment on function stats.normal_two_sided_log10_p(double precision) is 'log10 of P(|Z| >= |z|).';

create or replace function stats.normal_loss(z double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return case when z = 'NaN' then null when z > 37 then 0 when z < -37 then -z when abs(z) < 1e-100 then 0.3989422804014327
    else exp(-z * z / 2) / 2.5066282746310005 - z * stats.normal_sf(z) end;
end
$$;

comment on function stats.normal_loss(double precision) is
'E max(Z - z, 0): the unit normal loss, in standard deviations.';

create or replace function stats.normal_quantile(p double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  q constant double precision := p - 0.5;
  r double precision;
begin
  if not (p > 0 and p < 1) then
    return null;
  elsif abs(q) <= 0.425 then
    r := 0.180625 - q * q;
    return q
      * (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
        + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
        + 133.14166789178437745) * r + 3.3871328727963666080)
      / (((((((5226.4952788528545610 * r + 28729.085735721942674) * r + 39307.895800092710610) * r
        + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.18700749205790830) * r
        + 42.313330701600911252) * r + 1);
  end if;
  r := sqrt(-ln(case when q < 0 then p else 1 - p end));
  return sign(q) * stats.normal_quantile_of_tail(r);
end
$$;

comment on function stats.normal_quantile(double precision) is E'The normal quantile of p, 0 < p < 1.\nWichura (1988), algorithm AS 241.';

create or replace function stats.normal_critical(alpha double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  -- Almost everybody asks for one and the same.
  return case when alpha = 0.05 then 1.959963984540054235 else -stats.normal_quantile(alpha / 2) end;
end
$$;

comment on function stats.normal_critical(double precision) is
'The z with P(|Z| >= z) = alpha: half the width of an interval in standard errors, when they are known.';

create or replace function stats.normal_quantile_of_tail(root double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  r constant double precision := root - case when root <= 5 then 1.6 else 5 end;
begin
  if root <= 5 then
    return (((((((7.74545014278341407640e-4 * r + .0227238449892691845833) * r + .241780725177450611770) * r
        + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.76949722146069140550) * r
        + 4.63033784615654529590) * r + 1.42343711074968357734)
      / (((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + .0151986665636164571966) * r
        + .148103976427480074590) * r + .689767334985100004550) * r + 1.67638483018380384940) * r
        + 2.05319162663775882187) * r + 1);
  end if;
  return (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r
      + .0265321895265761230930) * r + .296560571828504891230) * r + 1.78482653991729133580) * r
      + 5.46378491116411436990) * r + 6.65790464350110377720)
    / (((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5) * r
      + 7.86869131145613259100e-4) * r + .0148753612908506148525) * r + .136929880922735805310) * r
      + .599832206555887937690) * r + 1);
end
$$;

comment on function stats.normal_quantile_of_tail(double precision) is
'The z with P(Z >= z) = exp(-root²), in the tails. Wichura (1988), algorithm AS 241.';

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

-- Contrasts: two readouts in, one answer out. What cannot be computed is null, and reason_code says why.
create type stats.contrast as (
  n_control double precision, n_variant double precision,
  mean_control double precision, mean_variant double precision,
  difference double precision, std_error double precision, degrees_of_freedom double precision,
  ci_low double precision, ci_high double precision, p_value double precision, log10_p double precision,
  reason_code text
);

comment on type stats.contrast is E'Variant minus control with its standard error, Welch and Satterthwaite''s degrees of freedom, interval and two-sided p.\nlog10_p goes on where p_value ends, at 1e-300.';

create type stats.relative as (
  lift double precision, std_error double precision, ci_low double precision, ci_high double precision,
  p_value double precision, reason_code text
);

comment on type stats.relative is 'A relative difference with its interval; 0.05 is five per cent.';

create or replace function stats.reason(control stats.readout, variant stats.readout) returns text
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return case
    when coalesce(control.n, 0) = 0 and coalesce(variant.n, 0) = 0 then 'no_subjects'
    when coalesce(control.n, 0) < 2 or coalesce(variant.n, 0) < 2 then 'too_few_subjects'
    when control.value is null or variant.value is null then 'no_value'
    when control.variance is null or variant.variance is null then 'out_of_range'
    when control.variance + variant.variance = 0 then 'zero_variance'
  end;
end
$$;

comment on function stats.reason(stats.readout, stats.readout) is
E'Why two readouts give no interval and no p: no_subjects, too_few_subjects (an arm has fewer than two), no_value (a ratio whose denominators are all zero), out_of_range (beyond 1e70), zero_variance. Null when they do.';

create or replace function stats.welch_df(control stats.readout, variant stats.readout) returns double precision
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return (control.variance + variant.variance) ^ 2 / nullif(control.spread + variant.spread, 0);
end
$$;

comment on function stats.welch_df(stats.readout, stats.readout) is
'Degrees of freedom of a difference with unequal variances. Welch (1947), Satterthwaite (1946).';

create or replace function stats.contrast(
  control stats.readout, variant stats.readout, alpha double precision default 0.05
) returns stats.contrast
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  reason constant text := stats.reason(control, variant);
  difference constant double precision := variant.value - control.value;
  std_error constant double precision := sqrt(control.variance + variant.variance);
  df double precision;
  half double precision;
  ln_p double precision;
begin
  if reason is null then
    df := stats.welch_df(control, variant);
    half := stats.t_critical(alpha, df) * std_error;
    ln_p := stats.t_two_sided_ln_p(difference / std_error, df);
  end if;
  return row(control.n, variant.n, control.value, variant.value, difference, std_error, df, difference - half, difference + half,
    case when ln_p > -690 then exp(ln_p) else stats.exp_or_zero(ln_p) end, ln_p / 2.302585092994046, reason)::stats.contrast;
end
$$;

comment on function stats.contrast(stats.readout, stats.readout, double precision) is
E'Variant minus control with unequal variances: interval at 1 - alpha and two-sided p from Student''s t. Welch (1947).\nAn arm of one unit has a difference and no interval; equal values everywhere have a standard error of 0 and no p.';

create or replace function stats.baseline_sign(control stats.readout, alpha double precision default 0.05)
returns double precision
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  away constant double precision := abs(control.value) / nullif(sqrt(control.variance), 0);
begin
  return case
    when abs(control.value) < 1e-70 then 0
    when control.variance = 0 then sign(control.value)
    -- Twenty standard errors are enough for everybody: no p needs to be computed.
    when away > 20 and alpha > 1e-9 and control.variance ^ 2 > 12 * control.spread then sign(control.value)
    when stats.t_two_sided_p(away, control.variance ^ 2 / control.spread) < alpha then sign(control.value)
    when control.variance > 0 then 0
  end;
end
$$;

comment on function stats.baseline_sign(stats.readout, double precision) is
'1 or -1 when a readout''s own interval lies clear of zero on that side, 0 when it covers zero: then nothing can be relative to it.';

create or replace function stats.lift_reason(control stats.readout, reason text, alpha double precision default 0.05)
returns text
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return case
    when reason <> 'zero_variance' then reason
    when stats.baseline_sign(control, alpha) = 0 then 'no_baseline'
    else reason
  end;
end
$$;

comment on function stats.lift_reason(stats.readout, text, double precision) is
'Why there is no lift: the reason that stats.reason gave, or no_baseline when the control is zero or its own interval covers zero.';

create or replace function stats.lift_linear(
  control stats.readout, variant stats.readout, alpha double precision default 0.05, with_p boolean default true,
  guarded boolean default true
) returns stats.relative
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  answer stats.relative;
  base constant double precision := abs(control.value);
  df double precision;
  half double precision;
begin
  answer.reason_code := stats.lift_reason(control, stats.reason(control, variant), alpha);
  if answer.reason_code = 'no_baseline' and base > 1e-70 and not guarded then
    answer.reason_code := stats.reason(control, variant);
  end if;
  if answer.reason_code is null or answer.reason_code = 'zero_variance' then
    df := stats.welch_df(control, variant);
    answer.lift := (variant.value - control.value) / base;
    answer.std_error := sqrt(
      variant.variance / base / base + control.variance / base / base * (variant.value / base) ^ 2);
    half := stats.t_critical(alpha, df) * nullif(answer.std_error, 0);
    answer.ci_low := answer.lift - half;
    answer.ci_high := answer.lift + half;
    answer.p_value := case when with_p then stats.t_two_sided_p(answer.lift / nullif(answer.std_error, 0), df) end;
  end if;
  return answer;
end
$$;

comment on function stats.lift_linear(stats.readout, stats.readout, double precision, boolean, boolean) is
E'The difference relative to the control''s absolute value, so that up is up also from a negative baseline; linear delta method.\nV = (v1 + v0 (m1 / m0)²) / m0², degrees of freedom of the absolute difference.\nguarded false: also from a control whose own interval covers zero, to hold the formula against other engines; results are never shown so.';

create or replace function stats.lift_of(
  control stats.readout, variant stats.readout, reason text, alpha double precision, with_p boolean
) returns stats.relative
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  m0 constant double precision := control.value;
  m1 constant double precision := variant.value;
  log0 stats.readout;
  log1 stats.readout;
  std_error double precision;
  df double precision;
  half double precision;
begin
  -- The logarithm of a mean has a variance only where the mean is clear of zero.
  if reason is not null or not (m0 > 0 and 5 * m1 > sqrt(variant.variance)) or stats.baseline_sign(control, alpha) = 0 then
    return stats.lift_linear(control, variant, alpha, with_p);
  end if;
  log0 := row(control.n, ln(m0), control.variance / m0 / m0, control.spread / m0 / m0 / m0 / m0);
  log1 := row(variant.n, ln(m1), variant.variance / m1 / m1, variant.spread / m1 / m1 / m1 / m1);
  std_error := sqrt(log0.variance + log1.variance);
  df := stats.welch_df(log0, log1);
  half := stats.t_critical(alpha, df) * std_error;
  return row((m1 - m0) / m0, std_error, case when half < 690 then exp(-half) else stats.exp_or_zero(-half) end * m1 / m0 - 1,
    case when half < 230 then exp(half) * m1 / m0 - 1 end,
    case when with_p then stats.t_two_sided_p((log1.value - log0.value) / std_error, df) end, null)::stats.relative;
end
$$;

comment on function stats.lift_of(stats.readout, stats.readout, text, double precision, boolean) is
'stats.lift, where stats.reason has been asked already.';

create or replace function stats.lift(
  control stats.readout, variant stats.readout, alpha double precision default 0.05, with_p boolean default true
) returns stats.relative
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return stats.lift_of(control, variant, stats.reason(control, variant), alpha, with_p);
end
$$;

comment on function stats.lift(stats.readout, stats.readout, double precision, boolean) is
E'The relative difference, by the delta method on the log scale: the interval never falls below -100 %.\nstd_error and p_value are those of ln(m1 / m0). Linear (lift_linear) where a mean is not clearly positive. Null when the control is not clear of zero. with_p false leaves p_value out, half of the work.';

-- CUPED: what a unit did before its first exposure takes away the part of the noise that it explains.
-- The covariate comes from before the exposure, so no effect goes with it.
create or replace function stats.covariate_fill(pool stats.moments, missing_is_zero boolean) returns double precision
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return case when missing_is_zero or coalesce(pool.mean_w, 0) <= 0 then 0 else stats.tame(pool.mean_x / pool.mean_w) end;
end
$$;

comment on function stats.covariate_fill(stats.moments, boolean) is
'What a unit without a past counts as: the mean of those that have one, or 0 when no past means nothing happened.';

create or replace function stats.cuped_theta(pool stats.moments, missing_is_zero boolean default false)
returns double precision
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  fill constant double precision := stats.covariate_fill(pool, missing_is_zero);
  spread constant double precision := pool.xx - 2 * fill * pool.xw + fill * fill * pool.ww;
begin
  return case when spread > 1e-14 * (pool.xx + fill * fill * pool.ww) then stats.tame((pool.yx - fill * pool.yw) / spread) end;
end
$$;

comment on function stats.cuped_theta(stats.moments, boolean) is
E'cov(y, x) / var(x) over the arms together, units without a past filled in. Deng, Xu, Kohavi and Walker (2013).\nNull when the covariate does not vary.';

create or replace function stats.cuped_readout(
  arm stats.moments, pool stats.moments, missing_is_zero boolean default false
) returns stats.readout
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  fill constant double precision := stats.covariate_fill(pool, missing_is_zero);
  theta constant double precision := stats.cuped_theta(pool, missing_is_zero);
  away constant double precision := (arm.mean_x - pool.mean_x) - fill * (arm.mean_w - pool.mean_w);
  explained double precision;
  left_over double precision;
begin
  if theta is null then
    return stats.mean_readout(arm);
  end if;
  explained := theta * theta * (arm.xx - 2 * fill * arm.xw + fill * fill * arm.ww);
  left_over := arm.yy - 2 * theta * (arm.yx - fill * arm.yw) + explained;
  left_over := case when left_over < 1e-14 * (arm.yy + explained) then 0 else left_over end;
  return stats.readout_of(arm.n, arm.mean_y - theta * away, left_over / nullif(arm.n - 1, 0) / arm.n);
end
$$;

comment on function stats.cuped_readout(stats.moments, stats.moments, boolean) is
E'The mean of y - θ (x - mean x), x and its mean over the pool of all arms that are compared. Deng, Xu, Kohavi and Walker (2013).\nw says whether the unit has a past (1 or 0, x being 0 without one). Without a covariate that varies it is the plain mean.';

create or replace function stats.ratio_theta(pool stats.moments) returns double precision
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  r constant double precision := stats.tame(pool.mean_y / nullif(stats.tame(pool.mean_d), 0));
  s constant double precision := stats.tame(pool.mean_x / nullif(stats.tame(pool.mean_w), 0));
  covariance constant double precision := pool.yx - r * pool.dx - s * pool.yw + r * s * pool.dw;
  spread constant double precision := pool.xx - 2 * s * pool.xw + s * s * pool.ww;
begin
  return case when spread > 1e-14 * (pool.xx + s * s * pool.ww)
    then stats.tame(covariance / spread * (pool.mean_w / nullif(stats.tame(pool.mean_d), 0))) end;
end
$$;

comment on function stats.ratio_theta(stats.moments) is
E'θ of a ratio: covariance over variance of the two linearised ratios, now and before, over the arms together.\nNull when there is no past that varies.';

create or replace function stats.ratio_cuped_readout(arm stats.moments, pool stats.moments) returns stats.readout
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  theta constant double precision := stats.ratio_theta(pool);
  r constant double precision := stats.tame(arm.mean_y / nullif(stats.tame(arm.mean_d), 0));
  s constant double precision := stats.tame(arm.mean_x / nullif(stats.tame(arm.mean_w), 0));
  -- θ in the unit of numerators: both linearised ratios over the same denominator.
  k constant double precision := stats.tame(theta * arm.mean_d / nullif(stats.tame(arm.mean_w), 0));
  plain double precision;
  explained double precision;
  left_over double precision;
begin
  if theta is null or r is null or s is null then
    return stats.ratio_readout(arm);
  end if;
  plain := arm.yy - 2 * r * arm.yd + r * r * arm.dd;
  explained := k * k * (arm.xx - 2 * s * arm.xw + s * s * arm.ww);
  left_over := plain + explained - 2 * k * (arm.yx - r * arm.dx - s * arm.yw + r * s * arm.dw);
  left_over := case when left_over < 1e-14 * (arm.yy + r * r * arm.dd + explained) then 0 else left_over end;
  return stats.readout_of(arm.n, r - theta * (s - pool.mean_x / pool.mean_w),
    left_over / nullif(arm.n - 1, 0) / arm.n / arm.mean_d / arm.mean_d);
end
$$;

comment on function stats.ratio_cuped_readout(stats.moments, stats.moments) is
E'CUPED on a ratio: Σy/Σd less θ times how far Σx/Σw before the exposure was off; both linearised (delta method).\nDeng, Xu, Kohavi and Walker (2013), Deng, Knoblich and Lu (2018). The plain ratio where there is no past.';

create or replace function stats.variance_reduction(raw stats.contrast, adjusted stats.contrast) returns double precision
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return 1 - (adjusted.std_error / nullif(raw.std_error, 0)) ^ 2;
end
$$;

comment on function stats.variance_reduction(stats.contrast, stats.contrast) is
'The share of the squared standard error that an adjustment took away.';

-- Shares of successes: intervals that stay within 0 and 1, and the classical tests of two of them.
create type stats.interval as (low double precision, high double precision);

comment on type stats.interval is 'Two ends.';

create type stats.proportions as (
  difference double precision, std_error double precision, wald_low double precision, wald_high double precision,
  newcombe_low double precision, newcombe_high double precision, z_pooled double precision,
  p_value_pooled double precision, log10_p_pooled double precision, reason_code text
);

comment on type stats.proportions is 'A difference of two shares: Wald''s and Newcombe''s intervals, and the pooled z test.';

create or replace function stats.wilson(
  successes double precision, n double precision, alpha double precision default 0.05
) returns stats.interval
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  z constant double precision := stats.normal_critical(alpha);
  middle double precision;
  half double precision;
begin
  if z is null or not stats.are_counts(array[successes], array[n]) or n = 0 then
    return null;
  end if;
  middle := (successes + z * z / 2) / (n + z * z);
  half := z * sqrt(successes * (n - successes) / n + z * z / 4) / (n + z * z);
  return row(case when successes = 0 then 0 else middle - half end, case when successes = n then 1 else middle + half end)::stats.interval;
end
$$;

comment on function stats.wilson(double precision, double precision, double precision) is
'The interval of one share. Wilson (1927).';

create or replace function stats.proportions(
  k0 double precision, n0 double precision, k1 double precision, n1 double precision,
  alpha double precision default 0.05
) returns stats.proportions
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  answer stats.proportions;
  p0 double precision;
  p1 double precision;
  half double precision;
  w0 constant stats.interval := stats.wilson(k0, n0, alpha);
  w1 constant stats.interval := stats.wilson(k1, n1, alpha);
begin
  answer.reason_code := case when coalesce(n0, 0) = 0 or coalesce(n1, 0) = 0 then 'no_subjects'
    when not stats.are_counts(array[k0, k1], array[n0, n1]) then 'bad_counts' when w0 is null or w1 is null then 'bad_level' end;
  if answer.reason_code is not null then
    return answer;
  end if;
  p0 := k0 / n0;
  p1 := k1 / n1;
  answer.difference := p1 - p0;
  answer.std_error := sqrt(p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1);
  half := stats.normal_critical(alpha) * answer.std_error;
  answer.wald_low := answer.difference - half;
  answer.wald_high := answer.difference + half;
  answer.newcombe_low := answer.difference - sqrt((p1 - w1.low) ^ 2 + (w0.high - p0) ^ 2);
  answer.newcombe_high := answer.difference + sqrt((w1.high - p1) ^ 2 + (p0 - w0.low) ^ 2);
  half := (k0 + k1) / (n0 + n1);
  answer.z_pooled := answer.difference / nullif(sqrt(half * (1 - half) * (1 / n0 + 1 / n1)), 0);
  answer.p_value_pooled := stats.normal_two_sided_p(answer.z_pooled);
  answer.log10_p_pooled := stats.normal_two_sided_log10_p(answer.z_pooled);
  answer.reason_code := case when answer.z_pooled is null then 'zero_variance' end;
  return answer;
end
$$;

comment on function stats.proportions(double precision, double precision, double precision, double precision, double precision) is
E'k1 of n1 less k0 of n0: unpooled Wald interval, Newcombe''s (1998, method 10) from Wilson''s, z test with the pooled share.\nReasons: no_subjects, bad_counts (successes beyond n, or what is no count), bad_level, zero_variance (no z).';

-- Looking at any time: intervals that hold at all looks together.
create type stats.sequence as (
  ci_low double precision, ci_high double precision, p_value double precision, log10_p double precision,
  reason_code text
);

comment on type stats.sequence is 'An interval and a p that stay valid however often they are looked at.';

create or replace function stats.mixture_rate(alpha double precision, tuning double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return case when alpha > 0 and alpha < 1 and tuning >= 1e-6 and tuning < 1e15 then
    (-2 * ln(alpha) + ln(1 - 2 * ln(alpha))) / tuning end;
end
$$;

comment on function stats.mixture_rate(double precision, double precision) is
'ρ² of the normal mixture whose interval at alpha is narrowest about n = tuning; null for what is no alpha or no size.';

create or replace function stats.confidence_sequence(
  difference double precision, std_error double precision, n double precision,
  alpha double precision default 0.05, tuning double precision default 5000
) returns stats.sequence
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  rho2 constant double precision := stats.mixture_rate(alpha, tuning);
  grown constant double precision := least(n, 1e15) * rho2 + 1;
  reason constant text := case when difference is null or std_error is null or n is null or n < 2 then 'too_few_subjects'
    when not (abs(difference) < 1e70 and std_error >= 0 and std_error < 1e70 and n < 1e15) then 'out_of_range'
    when rho2 is null then 'bad_level' when std_error < 1e-70 then 'zero_variance' end;
  half double precision;
  ln_p double precision;
begin
  if reason is not null then
    return row(null, null, null, null, reason)::stats.sequence;
  end if;
  half := std_error * sqrt(2 * grown / (n * rho2) * (0.5 * ln(grown) - ln(alpha)));
  ln_p := least(0, 0.5 * ln(grown) - (difference / std_error) ^ 2 / 2 * (n * rho2 / grown));
  return row(difference - half, difference + half, case when ln_p > -690 then exp(ln_p) else 0 end, ln_p / 2.302585092994046, null)::stats.sequence;
end
$$;

comment on function stats.confidence_sequence(
  double precision, double precision, double precision, double precision, double precision
) is E'The asymptotic confidence sequence of a difference after n units of both arms. Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024).\nIt is narrowest about n = tuning: say how many subjects you expect. std_error is of the difference now.';

create or replace function stats.anytime_of(
  control stats.readout, variant stats.readout, reason text, alpha double precision, tuning double precision
) returns stats.sequence
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  -- The squared standard error of the difference if units of both arms vary alike: Student's, not Welch's.
  alike double precision;
begin
  if reason is not null or least(control.n, variant.n) < 20 then
    return row(null, null, null, null, coalesce(reason, 'too_early'))::stats.sequence;
  end if;
  alike := (control.variance * control.n * (control.n - 1) + variant.variance * variant.n * (variant.n - 1))
    / (control.n + variant.n - 2) * (1 / control.n + 1 / variant.n);
  return stats.confidence_sequence(variant.value - control.value, sqrt(greatest(control.variance + variant.variance, alike)),
    control.n + variant.n, alpha, tuning);
end
$$;

comment on function stats.anytime_of(stats.readout, stats.readout, text, double precision, double precision) is
'stats.anytime, where stats.reason has been asked already.';

create or replace function stats.anytime(
  control stats.readout, variant stats.readout, alpha double precision default 0.05, tuning double precision default 5000
) returns stats.sequence
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return stats.anytime_of(control, variant, stats.reason(control, variant), alpha, tuning);
end
$$;

comment on function stats.anytime(stats.readout, stats.readout, double precision, double precision) is
E'The confidence sequence of two arms, which speaks from 20 units an arm on: before, large samples are no approximation.\nIt takes the larger of Welch''s and Student''s standard error: with arms of equal size they are the same; a small arm beside a large one, in which nothing rare has happened yet, has no variance of its own to judge by.';

create or replace function stats.intersected(before stats.sequence, latest stats.sequence) returns stats.sequence
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return row(greatest(before.ci_low, latest.ci_low), least(before.ci_high, latest.ci_high),
    least(before.p_value, latest.p_value), least(before.log10_p, latest.log10_p),
    case when greatest(before.ci_low, latest.ci_low) > least(before.ci_high, latest.ci_high) then 'looks_disagree'
      when before.p_value is null then latest.reason_code end)::stats.sequence;
end
$$;

comment on function stats.intersected(stats.sequence, stats.sequence) is
E'Two looks at one sequence put together: the running minimum of p and what both intervals hold.\nlooks_disagree when they have nothing in common: the effect is not one number over time.';

-- Posterior probabilities: the chance that the variant wins, and what each decision may cost.
create type stats.posterior as (
  mean double precision, std_dev double precision, chance_to_win double precision,
  risk_ship double precision, risk_keep double precision, ci_low double precision, ci_high double precision,
  reason_code text
);

comment on type stats.posterior is E'What is believed of a difference.\nchance_to_win: that the variant is better. risk_ship: expected loss when it is shipped; risk_keep: when the control is kept.';

create or replace function stats.bayes_normal(
  difference double precision, std_error double precision,
  prior_mean double precision default 0, prior_sd double precision default null,
  higher_is_better boolean default true, alpha double precision default 0.05
) returns stats.posterior
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  critical constant double precision := stats.normal_critical(alpha);
  reason constant text := case when difference is null or std_error is null then 'too_few_subjects'
    when not (abs(difference) < 1e70 and std_error >= 0 and std_error < 1e70) then 'out_of_range'
    when std_error < 1e-70 then 'zero_variance' when critical is null then 'bad_level'
    when not (prior_sd between 1e-70 and 1e70 and coalesce(abs(prior_mean), 0) < 1e70) then 'bad_prior' end;
  mean double precision := case when abs(difference) < 1e-70 then 0 else difference end;
  std_dev double precision := std_error;
  weight double precision;
  z double precision;
  small double precision;
begin
  if reason is not null then
    return row(null, null, null, null, null, null, null, reason)::stats.posterior;
  elsif prior_sd is not null then
    weight := 1 / (1 + (prior_sd / std_error) ^ 2);
    mean := weight * coalesce(stats.tame(prior_mean), 0) + (1 - weight) * mean;
    std_dev := prior_sd / sqrt(1 + (prior_sd / std_error) ^ 2);
  end if;
  z := mean / std_dev * case when higher_is_better then 1 else -1 end;
  -- The two losses are z apart.
  small := stats.normal_loss(abs(z));
  small := case when small < 1e-230 and std_dev < 1e-5 then 0 else small end;
  return row(mean, std_dev, stats.normal_cdf(z), std_dev * (small + greatest(-z, 0)), std_dev * (small + greatest(z, 0)),
    mean - critical * std_dev, mean + critical * std_dev, null)::stats.posterior;
end
$$;

comment on function stats.bayes_normal(
  double precision, double precision, double precision, double precision, boolean, double precision
) is E'The posterior of a difference with a known standard error, by precision weights; flat when prior_sd is null.\nGelman, Carlin, Stern, Dunson, Vehtari and Rubin (2013), chapter 2. The risks are in the unit of the difference.';

create or replace function stats.beta_greater_sum(
  a0 double precision, b0 double precision, a1 double precision, b1 double precision
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  term double precision := 1;
  total double precision := 0;
  ln_scale double precision := stats.ln_beta(a0, b0 + b1) - stats.ln_beta(a0, b0);
begin
  for i in 0..a1::integer - 1 loop
    total := total + term;
    term := term * (a0 + i) * (b1 + i) / ((a0 + b0 + b1 + i) * (1 + i));
    if total > 1e200 then
      term := term / total;
      ln_scale := ln_scale + ln(total);
      total := 1;
    end if;
  end loop;
  return least(1, stats.exp_or_zero(ln_scale + ln(total)));
end
$$;

comment on function stats.beta_greater_sum(double precision, double precision, double precision, double precision) is
'P(B > A) for A ~ Beta(a0, b0), B ~ Beta(a1, b1), by a sum of a1 terms; a1 is whole. Evan Miller (2014).';

create or replace function stats.beta_greater(
  a0 double precision, b0 double precision, a1 double precision, b1 double precision
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  most constant double precision := 20000;
begin
  if not (least(a0, b0, a1, b1) >= 1e-9 and greatest(a0, b0, a1, b1) < 1e15) then
    return null;
  end if;
  -- Four sums give the same number: the shortest whole one, and one of the two that keep a small answer small.
  return case
    when a1 = floor(a1) and a1 <= most and (a1 <= b0 or b0 <> floor(b0)) then stats.beta_greater_sum(a0, b0, a1, b1)
    when b0 = floor(b0) and b0 <= most then stats.beta_greater_sum(b1, a1, b0, a0)
    when a0 = floor(a0) and a0 <= most then 1 - stats.beta_greater_sum(a1, b1, a0, b0)
    when b1 = floor(b1) and b1 <= most then 1 - stats.beta_greater_sum(b0, a0, b1, a1)
    else stats.normal_cdf((a1 / (a1 + b1) - a0 / (a0 + b0))
      / sqrt(a1 * b1 / (a1 + b1) ^ 2 / (a1 + b1 + 1) + a0 * b0 / (a0 + b0) ^ 2 / (a0 + b0 + 1)))
  end;
end
$$;

comment on function stats.beta_greater(double precision, double precision, double precision, double precision) is
E'P(B > A) for two independent beta variables: exact while one parameter is whole and at most 20,000 (10 ms), normal beyond.';

create or replace function stats.bayes_beta(
  k0 double precision, n0 double precision, k1 double precision, n1 double precision,
  prior_a double precision default 1, prior_b double precision default 1, alpha double precision default 0.05
) returns stats.posterior
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  answer stats.posterior;
  a0 constant double precision := prior_a + k0;
  b0 constant double precision := prior_b + n0 - k0;
  a1 constant double precision := prior_a + k1;
  b1 constant double precision := prior_b + n1 - k1;
  m0 double precision;
  m1 double precision;
begin
  answer.reason_code := case when not stats.are_counts(array[k0, k1], array[n0, n1]) then 'bad_counts'
    when not (least(prior_a, prior_b) >= 1e-9 and greatest(prior_a, prior_b) < 1e15) then 'bad_prior'
    when stats.normal_critical(alpha) is null then 'bad_level' end;
  if answer.reason_code is not null then
    return answer;
  end if;
  m0 := a0 / (a0 + b0);
  m1 := a1 / (a1 + b1);
  answer.mean := m1 - m0;
  answer.std_dev := sqrt(m0 * (1 - m0) / (a0 + b0 + 1) + m1 * (1 - m1) / (a1 + b1 + 1));
  answer.ci_low := answer.mean - stats.normal_critical(alpha) * answer.std_dev;
  answer.ci_high := answer.mean + stats.normal_critical(alpha) * answer.std_dev;
  answer.chance_to_win := stats.beta_greater(a0, b0, a1, b1);
  answer.risk_keep := greatest(0, m1 * stats.beta_greater(a0, b0, a1 + 1, b1) - m0 * stats.beta_greater(a0 + 1, b0, a1, b1));
  answer.risk_ship := greatest(0, m0 * stats.beta_greater(a1, b1, a0 + 1, b0) - m1 * stats.beta_greater(a1 + 1, b1, a0, b0));
  return answer;
end
$$;

comment on function stats.bayes_beta(
  double precision, double precision, double precision, double precision, double precision, double precision, double precision
) is E'The posterior of a difference of two shares, k1 of n1 less k0 of n0, each with a beta prior: exact chance and risks.\nThe interval is the normal one of the exact mean and standard deviation. Gelman et al. (2013), chapter 2.';

-- Guardrails: not worse than a margin, shown and not merely not disproved.
create type stats.guardrail as (
  status text, margin double precision, bound double precision, statistic double precision,
  degrees_of_freedom double precision, p_value double precision, reason_code text
);

comment on type stats.guardrail is E'pass: worse by the margin is ruled out. fail: less bad than the margin is ruled out. inconclusive: neither yet.\nbound is the one-sided end of the difference''s interval on the bad side; p_value is that of passing.';

create or replace function stats.noninferiority(
  control stats.readout, variant stats.readout, margin double precision, higher_is_better boolean default true,
  relative boolean default false, alpha double precision default 0.05
) returns stats.guardrail
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  answer stats.guardrail;
  good constant double precision := case when higher_is_better then 1 else -1 end;
  -- A relative margin moves with the control, whose own noise then counts.
  scale constant double precision := case when relative then 1 - good * case when margin < 1e9 then margin end * sign(control.value) else 1 end;
  base constant stats.readout := row(control.n, control.value * scale, control.variance * scale ^ 2, control.spread * scale ^ 4);
  std_error double precision;
begin
  answer.reason_code := case when margin is null or not (margin >= 0 and margin < 1e70) then 'bad_margin'
    when stats.t_critical(2 * alpha, 1e9) is null then 'bad_level' else stats.reason(base, variant) end;
  if answer.reason_code is not null then
    return answer;
  end if;
  answer.margin := case when relative then margin * abs(control.value) else margin end;
  std_error := sqrt(base.variance + variant.variance);
  answer.degrees_of_freedom := stats.welch_df(base, variant);
  answer.statistic := (variant.value - control.value + good * answer.margin) / std_error;
  answer.bound := variant.value - control.value
    - good * stats.t_critical(2 * alpha, answer.degrees_of_freedom) * std_error;
  answer.p_value := stats.t_sf(good * answer.statistic, answer.degrees_of_freedom);
  answer.status := case when answer.p_value < alpha then 'pass'
    when stats.t_sf(-good * answer.statistic, answer.degrees_of_freedom) < alpha then 'fail' else 'inconclusive' end;
  return answer;
end
$$;

comment on function stats.noninferiority(
  stats.readout, stats.readout, double precision, boolean, boolean, double precision
) is E'One-sided Welch test that the variant is not worse than the control by the margin (>= 0), absolute or relative to the control (below 1e9).\nSchuirmann (1987); Welch (1947).';

-- Sample ratio: did the arms get the units that their weights promised?
create type stats.sample_ratio as (
  statistic double precision, degrees_of_freedom integer, p_value double precision, log10_p double precision,
  status text, reason_code text
);

comment on type stats.sample_ratio is 'ok, mismatch or not_enough_data, with the chi-square that says so; unexpected_arm when an arm of weight 0 has units.';

create or replace function stats.are_weighed(counts double precision[], weights double precision[]) returns boolean
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return (
    select coalesce(bool_and((n is null or n between 0 and 1e15) and (w is null or w = 0 or w between 1e-9 and 1e15)), true)
    from unnest(counts, weights) a (n, w));
end
$$;

comment on function stats.are_weighed(double precision[], double precision[]) is
'True when all are counts of arms (0 to 1e15) with weights (0, or 1e-9 to 1e15); an absent one is neither.';

create or replace function stats.srm(
  counts double precision[], weights double precision[], alpha double precision default 0.001
) returns stats.sample_ratio
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  answer stats.sample_ratio;
  smallest double precision;
  astray boolean;
begin
  if not stats.are_weighed(counts, weights) then
    return row(null, null, null, null, 'not_enough_data', 'bad_counts')::stats.sample_ratio;
  end if;
  select sum((n - total * w / whole) ^ 2 / (total * w / whole)), count(*) - 1, min(total * w / whole)
  into answer.statistic, answer.degrees_of_freedom, smallest
  from (select n, w, nullif(sum(n) over (), 0) as total, sum(w) over () as whole
    from unnest(counts, weights) a (n, w) where w > 0) arms;
  astray := exists (select from unnest(counts, weights) a (n, w) where n > 0 and coalesce(w, 0) <= 0);
  answer.p_value := stats.chi2_sf(answer.statistic, answer.degrees_of_freedom);
  answer.log10_p := stats.chi2_log10_sf(answer.statistic, answer.degrees_of_freedom);
  answer.reason_code := case when astray then 'unexpected_arm'
    when smallest is null then 'no_subjects' when answer.degrees_of_freedom < 1 then 'one_arm'
    when smallest < 5 then 'too_few_subjects' end;
  answer.status := case when astray then 'mismatch' when answer.reason_code is not null then 'not_enough_data'
    when answer.p_value < alpha then 'mismatch' else 'ok' end;
  return answer;
end
$$;

comment on function stats.srm(double precision[], double precision[], double precision) is
E'Pearson''s (1900) chi-square of counts against weights; degrees of freedom are the arms with a weight, less one.\nUnder five expected units in an arm nothing is judged. Reasons: unexpected_arm, no_subjects, one_arm, too_few_subjects, bad_counts.';

create type stats.anytime_ratio as (log_bayes_factor double precision, p_value double precision, status text, reason_code text);

comment on type stats.anytime_ratio is 'Evidence against the promised shares that may be looked at after every unit.';

create or replace function stats.srm_anytime(
  counts double precision[], weights double precision[], k double precision default 100,
  alpha double precision default 0.001
) returns stats.anytime_ratio
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  answer stats.anytime_ratio;
  total double precision;
begin
  if not stats.are_weighed(counts, weights) or not (k >= 1e-6 and k < 1e9) then
    return row(null, null, 'not_enough_data', case when k >= 1e-6 and k < 1e9 then 'bad_counts' else 'bad_prior' end)::stats.anytime_ratio;
  end if;
  select coalesce(sum(n), 0),
    sum(stats.ln_gamma(k * w / whole + n) - stats.ln_gamma(k * w / whole) - n * ln(w / whole))
  into total, answer.log_bayes_factor
  from (select n, w, sum(w) over () as whole from unnest(counts, weights) a (n, w) where w > 0) arms;
  answer.log_bayes_factor := answer.log_bayes_factor - (stats.ln_gamma(k + total) - stats.ln_gamma(k));
  answer.p_value := case when total > 0 then stats.exp_or_zero(-greatest(answer.log_bayes_factor, 0)) end;
  answer.reason_code := case
    when exists (select from unnest(counts, weights) a (n, w) where n > 0 and coalesce(w, 0) <= 0) then 'unexpected_arm'
    when total = 0 then 'no_subjects' end;
  answer.status := case when answer.reason_code = 'unexpected_arm' or answer.p_value < alpha then 'mismatch'
    when answer.reason_code is not null then 'not_enough_data' else 'ok' end;
  return answer;
end
$$;

comment on function stats.srm_anytime(double precision[], double precision[], double precision, double precision) is
E'The same question at any time: a Dirichlet(k · weights) mixture against the weights. Lindon and Malek (2022).\np = min(1, 1 / Bayes factor) stays below alpha with chance alpha however often it is looked at.';

-- Many answers at once: p values that allow for how many were asked for. Order is kept, null stays null.
create or replace function stats.holm(p_values double precision[]) returns double precision[]
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  places constant integer[] := array(
    select i from unnest(p_values) with ordinality a (p, i) where p is not null order by p);
  n constant integer := cardinality(places);
  worst double precision := 0;
  adjusted double precision[] := array_fill(null::double precision, array[cardinality(p_values)]);
begin
  for k in 1..n loop
    worst := least(1, greatest(worst, p_values[places[k]] * (n - k + 1)));
    adjusted[places[k]] := worst;
  end loop;
  return adjusted;
end
$$;

comment on function stats.holm(double precision[]) is
'Adjusted p values that hold the chance of any false alarm: for primary metrics and arms. Holm (1979).';

create or replace function stats.benjamini_hochberg(p_values double precision[]) returns double precision[]
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  places constant integer[] := array(
    select i from unnest(p_values) with ordinality a (p, i) where p is not null order by p);
  n constant integer := cardinality(places);
  worst double precision := 1;
  adjusted double precision[] := array_fill(null::double precision, array[cardinality(p_values)]);
begin
  for k in reverse n..1 loop
    worst := least(worst, p_values[places[k]] * n / k);
    adjusted[places[k]] := worst;
  end loop;
  return adjusted;
end
$$;

comment on function stats.benjamini_hochberg(double precision[]) is
'Adjusted p values that hold the share of false alarms among the alarms: for secondary metrics and segments. Benjamini and Hochberg (1995).';

-- How many units a comparison needs, what it can see with those that it gets, and how long that takes.
create or replace function stats.t_power(noncentrality double precision, critical double precision, df double precision)
returns double precision
language sql immutable strict parallel safe
set search_path = ''
as $$
  -- T is a normal over an estimated standard deviation: the normal's chance at every one that df may estimate, averaged.
  -- The logarithm of that standard deviation has a smooth density that is gone at both ends, so that equal steps are exact.
  with width as (
    select 0.15 / sqrt(2 * df) as h where df between 0.1 and 1e6 and abs(noncentrality) < 1e100 and abs(critical) < 1e100),
  steps as (
    select exp(i * h) as s, exp(greatest(df * (i * h - (exp(2 * i * h) - 1) / 2), -80)) as weight
    from width cross join lateral generate_series(-ceil((35 / df + 0.5) / h)::integer, 60) i
  )
  select sum(weight * greatest(stats.normal_sf(stats.tame(critical) * s - noncentrality) + stats.normal_sf(stats.tame(critical) * s + noncentrality), 1e-200))
    / sum(weight)
  from steps
$$;

comment on function stats.t_power(double precision, double precision, double precision) is
'The chance that a two-sided t test sees an effect of so many standard errors: both tails of the noncentral t beyond the critical value. For 0.1 to a million degrees of freedom.';

create or replace function stats.reach(alpha double precision, power double precision, df double precision)
returns double precision
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  freedom constant double precision := case when df is null then 'Infinity' else greatest(df, 1) end;
  critical double precision;
  middle double precision;
  spread double precision;
  effort double precision;
  seen double precision;
begin
  if not (alpha > 1e-100 and alpha < 1 and power > 0.5 and power < 1) then
    return null;
  end if;
  critical := case when df is null then stats.normal_quantile(1 - alpha / 2) else stats.t_critical(alpha, freedom) end;
  -- The estimated standard deviation is 1 - 1/4df on average, with variance 1/2df.
  middle := critical * (1 - 0.25 / freedom);
  spread := sqrt(1 + critical ^ 2 / freedom / 2);
  effort := middle + stats.normal_quantile(power) * spread;
  for round in 1..3 loop
    seen := case when freedom < 400 then stats.t_power(effort, critical, freedom)
      else stats.normal_sf((middle - effort) / spread) + stats.normal_sf((middle + effort) / spread) end;
    effort := effort + (stats.normal_quantile(power) - stats.normal_quantile(seen)) * spread;
  end loop;
  return effort;
end
$$;

comment on function stats.reach(double precision, double precision, double precision) is
E'How many standard errors an effect must be to be seen at alpha with this power (above one half), on either side: of the noncentral t with df, or of the normal when df is null.\nFrom 400 df by the normal of the same mean and variance, right to 1e-5.';

create or replace function stats.sample_size(
  variance double precision, effect double precision, share0 double precision, share1 double precision,
  alpha double precision, power double precision, is_normal boolean default false
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  spread constant double precision := stats.tame(variance) * (1 / nullif(stats.tame(share0), 0) + 1 / nullif(stats.tame(share1), 0))
    / nullif(stats.tame(effect), 0) ^ 2;
  units double precision := spread * stats.reach(alpha, power, null) ^ 2;
  again double precision;
begin
  -- The t of so many units is a little wider than the normal: they are counted again with it.
  for round in 1..50 loop
    exit when is_normal or units is null;
    again := spread * stats.reach(alpha, power, units * (share0 + share1) - 2) ^ 2;
    exit when abs(again - units) < 1e-9 * units;
    units := again;
  end loop;
  return units;
end
$$;

comment on function stats.sample_size(
  double precision, double precision, double precision, double precision, double precision, double precision, boolean
) is E'Units over all arms (not rounded) until a two-sided test of two means at alpha sees the effect with this power; the two arms get share0 and share1 of them.\nBy the noncentral t; is_normal takes z instead. Cohen (1988).';

create or replace function stats.subjects_needed(
  variance double precision, effect double precision, share0 double precision, share1 double precision,
  alpha double precision, power double precision
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  units constant double precision := stats.sample_size(variance, effect, share0, share1, alpha, power);
begin
  return case when units is not null then greatest(ceil(units), 4) end;
end
$$;

comment on function stats.subjects_needed(
  double precision, double precision, double precision, double precision, double precision, double precision
) is 'stats.sample_size in whole subjects, at least two an arm.';

create or replace function stats.sample_size_of_shares(
  p0 double precision, p1 double precision, alpha double precision, power double precision,
  is_arcsine boolean default false
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  if not (p0 between 0 and 1 and p1 between 0 and 1) or abs(p0 - p1) < 1e-70 or least(nullif(p0, 0), nullif(p1, 0)) < 1e-70 then
    return null;
  elsif is_arcsine then
    return 2 * (stats.reach(alpha, power, null) / (2 * asin(sqrt(p1)) - 2 * asin(sqrt(p0)))) ^ 2;
  end if;
  return (p0 * (1 - p0) + p1 * (1 - p1)) * ((stats.normal_quantile(1 - alpha / 2) + stats.normal_quantile(power)) / (p1 - p0)) ^ 2;
end
$$;

comment on function stats.sample_size_of_shares(
  double precision, double precision, double precision, double precision, boolean
) is 'Units in each of two equal arms (not rounded) until a two-sided z test sees shares p0 and p1 apart: unpooled, or by the arcsine. Cohen (1988).';

create or replace function stats.detectable_effect(
  variance double precision, n0 double precision, n1 double precision, alpha double precision, power double precision,
  is_normal boolean default false
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return case when n0 >= 2 and n1 >= 2 and n0 < 1e15 and n1 < 1e15 and variance >= 0 then
    stats.reach(alpha, power, case when not is_normal then n0 + n1 - 2 end) * sqrt(stats.tame(variance) * (1 / n0 + 1 / n1)) end;
end
$$;

comment on function stats.detectable_effect(
  double precision, double precision, double precision, double precision, double precision, boolean
) is 'The smallest difference that a two-sided test of two means at alpha sees with this power; null with fewer than two units an arm.';

create or replace function stats.days_to_decide(
  needed double precision, units_per_day double precision, whole_weeks boolean default true
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  days constant double precision := ceil(greatest(stats.tame(needed), 0) / case when units_per_day > 1e-9 then least(units_per_day, 1e15) end - 1e-9);
begin
  return case when needed < 1e15 and units_per_day < 'infinity' then case when whole_weeks then 7 * ceil(days / 7) else days end end;
end
$$;

comment on function stats.days_to_decide(double precision, double precision, boolean) is
'Days until so many units have come; whole weeks, so that each weekday counts alike. Null when nobody comes.';

-- The same questions for somebody who looks at any time: how many units until the confidence sequence leaves zero.
create or replace function stats.anytime_power(
  distance double precision, n double precision, alpha double precision, tuning double precision
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  r constant double precision := n * stats.mixture_rate(alpha, tuning);
  level double precision;
  height double precision;
  slope double precision;
  drift double precision;
begin
  if not (r >= 1e-12 and r < 1e15 and abs(distance) < 1e15) or r is null then
    return null;
  end if;
  level := 0.5 * ln(r + 1) - ln(alpha);
  height := sqrt(2 * (r + 1) / r * level);
  slope := (2 * level + 1) / (2 * height);
  drift := abs(distance) - slope;
  return stats.normal_cdf(abs(distance) - height) + stats.normal_cdf(slope - height - drift)
    * stats.exp_or_zero(least(2 * (height - slope) * drift, 700));
end
$$;

comment on function stats.anytime_power(double precision, double precision, double precision, double precision) is
E'The chance that the confidence sequence has left zero by n units, when the difference is then distance standard errors.\nA Brownian path against the straight line that touches the sequence''s edge at n (Siegmund 1985): never more than the truth, and within a hundredth of it.';

create or replace function stats.anytime_sample_size(
  variance double precision, effect double precision, share0 double precision, share1 double precision,
  alpha double precision, power double precision, tuning double precision default 0
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  once constant double precision := stats.subjects_needed(variance, effect, share0, share1, alpha, power);
  unit_error constant double precision := case when once is not null then
    sqrt(stats.tame(variance) * (1 / share0 + 1 / share1)) end;
  planned constant double precision := case when tuning > 0 then tuning else once end;
  low double precision := 2;
  high double precision := once;
begin
  if not (once < 1e13 and planned < 1e15 and unit_error > 0) or once is null then
    return null;
  end if;
  while high < 1e14 and stats.anytime_power(effect / unit_error * sqrt(high), high, alpha, planned) < power loop
    high := 2 * high;
  end loop;
  while high - low > 1e-6 * high loop
    if stats.anytime_power(effect / unit_error * sqrt((low + high) / 2), (low + high) / 2, alpha, planned) < power then
      low := (low + high) / 2;
    else
      high := (low + high) / 2;
    end if;
  end loop;
  return ceil(greatest(high, 20 / least(share0, share1)));
end
$$;

comment on function stats.anytime_sample_size(
  double precision, double precision, double precision, double precision, double precision, double precision, double precision
) is E'Units over all arms until the confidence sequence has left zero with this power, were the difference effect: about 1.7 times those of one look.\ntuning is the planned size that the sequence is set for; 0 is that of one look, which is about the best. At least twenty an arm.';

create or replace function stats.anytime_detectable_effect(
  variance double precision, n0 double precision, n1 double precision, alpha double precision, power double precision,
  tuning double precision default 5000
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  low double precision := 0;
  high double precision := 100;
begin
  if not (least(n0, n1) >= 20 and n0 + n1 < 1e15 and variance >= 0 and alpha > 0 and alpha < 1 and power > 0.5 and power < 1
    and tuning > 0) or stats.anytime_power(0, n0 + n1, alpha, tuning) is null then
    return null;
  end if;
  while high - low > 1e-9 loop
    if stats.anytime_power((low + high) / 2, n0 + n1, alpha, tuning) < power then
      low := (low + high) / 2;
    else
      high := (low + high) / 2;
    end if;
  end loop;
  return high * sqrt(stats.tame(variance) * (1 / n0 + 1 / n1));
end
$$;

comment on function stats.anytime_detectable_effect(
  double precision, double precision, double precision, double precision, double precision, double precision
) is 'The smallest difference for which the confidence sequence leaves zero by n0 + n1 units with this power; null below twenty units an arm.';

-- Every design here is a weighted sum of readouts of independent cells: an interaction, a Shapley credit, a difference
-- in differences, a post-stratified effect. The sum of readouts is a readout again, so its error needs no formula of its own.
create type stats.estimate as (
  estimate double precision, std_error double precision, degrees_of_freedom double precision,
  ci_low double precision, ci_high double precision, p_value double precision, reason_code text
);

comment on type stats.estimate is 'What was found: the estimate, its standard error, degrees of freedom, interval and two-sided p, or the reason why a part of it is absent.';

create or replace function stats.usable(series double precision[]) returns double precision[]
language sql immutable strict parallel safe
set search_path = ''
return (select array_agg(case when abs(v) < 1e70 then v end order by i) from unnest(series) with ordinality u (v, i));

comment on function stats.usable(double precision[]) is
'The same numbers in the same places; null for NaN, infinity and what is beyond 1e70, where squares would overflow.';

create or replace function stats.weighed(weights double precision[], cells stats.readout[]) returns stats.readout
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  total stats.readout := row (0, 0, 0, 0);
  cell stats.readout;
begin
  if weights is null or cardinality(weights) is distinct from cardinality(cells)
    or not 1e5 > all (weights) or not -1e5 < all (weights) then
    return null;
  end if;
  for i in 1..cardinality(weights) loop
    cell := cells[i];
    continue when abs(weights[i]) < 1e-12;
    total.n := total.n + coalesce(cell.n, 0);
    total.value := total.value + weights[i] * cell.value;
    total.variance := total.variance + weights[i] ^ 2 * cell.variance;
    total.spread := total.spread + weights[i] ^ 4 * cell.spread;
  end loop;
  return total;
end
$$;

comment on function stats.weighed(double precision[], stats.readout[]) is
'The sum of weight × readout over independent cells, as a readout. A cell without a value leaves the sum without one, unless its weight is 0.';

create or replace function stats.estimate_of(
  cell stats.readout, alpha double precision default 0.05, degrees_of_freedom double precision default null
) returns stats.estimate
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  answer stats.estimate;
  half double precision;
begin
  answer.estimate := cell.value;
  answer.std_error := sqrt(cell.variance);
  answer.reason_code := case
    when coalesce(cell.n, 0) = 0 then 'no_subjects'
    when cell.value is null then 'no_value'
    when cell.variance is null then 'too_few_subjects'
    when cell.variance <= 0 then 'zero_variance'
  end;
  if answer.reason_code is not null then
    return answer;
  end if;
  answer.degrees_of_freedom := coalesce(
    case when degrees_of_freedom <= 'infinity' then degrees_of_freedom end, cell.variance ^ 2 / nullif(cell.spread, 0));
  if answer.degrees_of_freedom = 'infinity' then
    half := stats.normal_quantile(1 - alpha / 2) * answer.std_error;
    answer.p_value := stats.normal_two_sided_p(answer.estimate / answer.std_error);
  else
    half := stats.t_critical(alpha, answer.degrees_of_freedom) * answer.std_error;
    answer.p_value := stats.t_two_sided_p(answer.estimate / answer.std_error, answer.degrees_of_freedom);
  end if;
  answer.ci_low := answer.estimate - half;
  answer.ci_high := answer.estimate + half;
  return answer;
end
$$;

comment on function stats.estimate_of(stats.readout, double precision, double precision) is
E'A readout against 0. Degrees of freedom: Satterthwaite''s (1946) unless given; infinity means the normal distribution.\nWhat cannot be computed is null with a reason: no_subjects, no_value (a cell has none), too_few_subjects, zero_variance.';

create or replace function stats.exact_parts(parts double precision[], total double precision) returns numeric[]
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  target numeric;
  size double precision;
  digits integer;
  rounded numeric[];
  largest integer;
  gap numeric;
begin
  -- Of whatever shape.
  parts := array(select p from unnest(parts) p);
  select max(abs(p)), bool_and(p > '-infinity' and p < 'infinity')::integer into size, digits from unnest(parts) p;
  if digits is distinct from 1 or total is null or not (total > '-infinity' and total < 'infinity')
    or array_position(parts, null) is not null then
    return null;
  end if;
  target := total::text::numeric;
  digits := greatest(scale(target), coalesce(17 - floor(log(nullif(greatest(size, abs(total)), 0)))::integer, 0));
  rounded := (select array_agg(round(p::text::numeric, digits) order by n) from unnest(parts) with ordinality u (p, n));
  gap := target - (select sum(p) from unnest(rounded) p);
  -- Only rounding may be hidden in a part. A real gap is somebody's mistake, and has no parts.
  if abs(gap) > 1e-9 * (select sum(abs(p)) from unnest(rounded) p) + 1e-9 * abs(target) then
    return null;
  end if;
  largest := (select n from unnest(parts) with ordinality u (p, n) order by abs(p) desc, n limit 1);
  rounded[largest] := rounded[largest] + gap;
  return rounded;
end
$$;

comment on function stats.exact_parts(double precision[], double precision) is
E'The parts of a total as decimal numbers that add up to the total''s shortest decimal, to the last digit: what rounding left over goes to the largest part.\nNull when a part is absent, or when the parts miss the total by more than rounding (1e-9 relative).';

-- Everything that two readouts say of a comparison, and the verdict. One road for the views, the workers and the command line.
create type stats.effect_numbers as (
  n_control bigint, n_variant bigint, mean_control double precision, mean_variant double precision,
  difference double precision, std_error double precision, degrees_of_freedom double precision,
  ci_low double precision, ci_high double precision, p_value double precision, log10_p double precision,
  sequential_low double precision, sequential_high double precision, sequential_p_value double precision,
  lift double precision, lift_low double precision, lift_high double precision,
  chance_to_win double precision, risk_ship double precision, risk_keep double precision,
  unadjusted_difference double precision, unadjusted_std_error double precision, unadjusted_ci_low double precision,
  unadjusted_ci_high double precision, unadjusted_p_value double precision, variance_reduction double precision,
  method text
);

comment on type stats.effect_numbers is 'A comparison in numbers, under the names of experiment_effects.';

create type stats.compared as (
  control stats.readout, variant stats.readout, adjusted_control stats.readout, adjusted_variant stats.readout
);

comment on type stats.compared is 'What two arms say, plain and adjusted for what was before; adjusted is null where there is no past that varies.';

create type stats.effect as (numbers stats.effect_numbers, reason_code text, lift_reason text);

comment on type stats.effect is 'A comparison in numbers, and why some of them are absent.';

create or replace function stats.is_adjusted(arms stats.compared) returns boolean
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return coalesce((arms.adjusted_control).variance + (arms.adjusted_variant).variance
    < (arms.control).variance + (arms.variant).variance, false);
end
$$;

comment on function stats.is_adjusted(stats.compared) is 'True where what was before makes the standard error of the difference smaller: then the adjusted readouts are shown.';

create or replace function stats.shown_arms(arms stats.compared) returns stats.compared
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return case when stats.is_adjusted(arms) then row(
    row((arms.control).n, (arms.adjusted_control).value, (arms.adjusted_control).variance, (arms.adjusted_control).spread),
    row((arms.variant).n, (arms.adjusted_variant).value, (arms.adjusted_variant).variance, (arms.adjusted_variant).spread),
    null, null)::stats.compared else row(arms.control, arms.variant, null, null)::stats.compared end;
end
$$;

comment on function stats.shown_arms(stats.compared) is
'The readouts that are shown: adjusted ones where they are surer. They count as many units as the plain ones.';

create or replace function stats.contrast_of(other stats.estimate, raw stats.contrast) returns stats.contrast
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return row(raw.n_control, raw.n_variant, raw.mean_control, raw.mean_variant, other.estimate, other.std_error,
    other.degrees_of_freedom, other.ci_low, other.ci_high, other.p_value,
    case when other.p_value > 0 then log(other.p_value) end, other.reason_code)::stats.contrast;
end
$$;

comment on function stats.contrast_of(stats.estimate, stats.contrast) is
'An estimate that was made another way (over clusters), in the place of the difference of two readouts.';

create or replace function stats.effect_of(
  arms stats.compared, method text, higher_is_better boolean default true, alpha double precision default 0.05,
  tuning double precision default 5000, instead stats.estimate default null
) returns stats.effect
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  raw constant stats.contrast := stats.contrast(arms.control, arms.variant, alpha);
  is_other constant boolean := (instead).std_error is not null;
  is_adjusted constant boolean := not is_other and (arms.adjusted_control).variance is not null and stats.is_adjusted(arms);
  seen constant stats.compared := case when is_adjusted then stats.shown_arms(arms) else arms end;
  shown constant stats.contrast := case when is_other then stats.contrast_of(instead, raw)
    when is_adjusted then stats.contrast(seen.control, seen.variant, alpha) else raw end;
  always constant stats.sequence := case when is_other
    then stats.confidence_sequence(shown.difference, shown.std_error, raw.n_control + raw.n_variant, alpha, tuning)
    else stats.anytime_of(seen.control, seen.variant, shown.reason_code, alpha, tuning) end;
  rel constant stats.relative := stats.lift_of(
    seen.control, seen.variant, case when is_other then raw.reason_code else shown.reason_code end, alpha, false);
  belief constant stats.posterior := stats.bayes_normal(
    shown.difference, shown.std_error, higher_is_better => higher_is_better, alpha => alpha);
begin
  return row(row(
    coalesce(raw.n_control, 0)::bigint, coalesce(raw.n_variant, 0)::bigint, raw.mean_control, raw.mean_variant,
    shown.difference, shown.std_error, shown.degrees_of_freedom, shown.ci_low, shown.ci_high, shown.p_value, shown.log10_p,
    always.ci_low, always.ci_high, always.p_value, rel.lift, rel.ci_low, rel.ci_high,
    belief.chance_to_win, belief.risk_ship, belief.risk_keep,
    raw.difference, raw.std_error, raw.ci_low, raw.ci_high, raw.p_value,
    case when is_adjusted then stats.variance_reduction(raw, shown) end,
    case when is_other then 'cluster_cr1' when is_adjusted then 'cuped_' || method else method end
    )::stats.effect_numbers, shown.reason_code, rel.reason_code)::stats.effect;
end
$$;

comment on function stats.effect_of(stats.compared, text, boolean, double precision, double precision, stats.estimate) is
E'Everything that two arms say of a comparison: adjusted for the past where that makes the standard error smaller, else plain.\nn and means are always the plain ones. tuning is how many units are planned; instead takes the place of the difference (clusters).';

create or replace function stats.verdict(
  difference double precision, p double precision, higher_is_better boolean, alpha double precision default 0.05,
  reason_code text default null
) returns text
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return case
    when reason_code is not null then null
    when p is null or difference is null then 'waiting'
    when p >= alpha then 'undecided'
    when (difference > 0) = higher_is_better then 'better'
    else 'worse'
  end;
end
$$;

comment on function stats.verdict(double precision, double precision, boolean, double precision, text) is
E'better or worse when the corrected any-time p is below alpha, else undecided; waiting while there is no such p yet.\nNull where a reason_code says that there is nothing to believe.';

-- Counts in tables: do the rows have the same mix, is there one odds ratio in all strata.
create or replace function stats.contingency_chi2(counts double precision[]) returns table (
  statistic double precision, degrees_of_freedom integer, p_value double precision, reason_code text
)
language sql immutable parallel safe rows 1
set search_path = ''
as $$
  with cells as (
    select n, sum(n) over (partition by r) as of_row, sum(n) over (partition by c) as of_column, sum(n) over () as total, r, c
    from generate_subscripts(counts, 1) r
    cross join generate_subscripts(counts, 2) c
    cross join lateral (select case when counts[r][c] between 0 and 1e15 then counts[r][c] else 0 end as n) as cell
  ),
  test as (
    select sum((n * total / of_row / of_column - 1) ^ 2 * of_row * of_column / total) as statistic,
      ((count(distinct r) - 1) * (count(distinct c) - 1))::integer as df
    from cells where of_row > 0 and of_column > 0
  )
  select case when df > 0 then statistic end, case when df > 0 then df end,
    case when df > 0 then stats.chi2_sf(statistic, df) end, case when df > 0 then null else 'too_few_subjects' end
  from test
$$;

comment on function stats.contingency_chi2(double precision[]) is
E'One row: do the rows of a table of counts have the same mix of columns? Pearson''s (1900) chi-square without continuity correction; empty rows and columns are not there.';

create or replace function stats.mix_shift(strata text[], controls double precision[], variants double precision[])
returns table (stratum text, share_control double precision, share_variant double precision, shift double precision)
language sql immutable parallel safe rows 10
set search_path = ''
as $$
  select strata[i], u.n0 / c.total, u.n1 / v.total, u.n1 / v.total - u.n0 / c.total
  from generate_subscripts(strata, 1) i
  cross join lateral (select case when controls[i] between 0 and 1e15 then controls[i] end as n0,
    case when variants[i] between 0 and 1e15 then variants[i] end as n1) u
  cross join (select nullif(sum(n), 0) as total from unnest(controls) n where n between 0 and 1e15) c
  cross join (select nullif(sum(n), 0) as total from unnest(variants) n where n between 0 and 1e15) v
  order by i
$$;

comment on function stats.mix_shift(text[], double precision[], double precision[]) is
'One row per stratum: its share of each arm''s subjects, and by how much the share differs.';

create or replace function stats.are_counts(successes double precision[], n double precision[]) returns boolean
language sql immutable parallel safe
set search_path = ''
return coalesce((
  select bool_and(coalesce((k = 0 or k >= 1e-9) and k <= total and total < 1e15, false)) from unnest(successes, n) u (k, total)), false);

comment on function stats.are_counts(double precision[], double precision[]) is 'True when all are successes among so many: 0 or from 1e-9 to 1e15.';

create type stats.odds as (
  odds_ratio double precision, log_odds_std_error double precision, risk_ratio double precision
);

comment on type stats.odds is 'Odds and risk of the variant against control over all strata.';

create or replace function stats.mantel_haenszel(
  successes_control double precision[], n_control double precision[],
  successes_variant double precision[], n_variant double precision[]
) returns stats.odds
language sql immutable parallel safe
set search_path = ''
return (
  with tables as (
    select a, n1 - a as b, c, n0 - c as d, n1 + n0 as n
    from unnest(successes_control, n_control, successes_variant, n_variant) as u (c, n0, a, n1)
    where n1 + n0 > 0 and stats.are_counts(successes_control, n_control) and stats.are_counts(successes_variant, n_variant)
  ),
  sums as (
    select nullif(sum(a * d / n), 0) as ad, nullif(sum(b * c / n), 0) as bc,
      sum((a + d) * a * d / n ^ 2) as pr, sum((a + d) * b * c / n ^ 2 + (b + c) * a * d / n ^ 2) as ps,
      sum((b + c) * b * c / n ^ 2) as qs, sum(a * (c + d) / n) as risk_variant, sum(c * (a + b) / n) as risk_control
    from tables
  )
  select row (ad / bc, sqrt(pr / (2 * ad ^ 2) + ps / (2 * ad * bc) + qs / (2 * bc ^ 2)),
    risk_variant / nullif(risk_control, 0))::stats.odds
  from sums
);

comment on function stats.mantel_haenszel(double precision[], double precision[], double precision[], double precision[]) is
E'The common odds and risk ratio over strata of successes among subjects. Mantel and Haenszel (1959); error of the log odds ratio by Robins, Breslow and Greenland (1986).';

create or replace function stats.breslow_day(
  successes_control double precision[], n_control double precision[],
  successes_variant double precision[], n_variant double precision[], odds_ratio double precision
) returns table (statistic double precision, degrees_of_freedom integer)
language sql immutable parallel safe rows 1
set search_path = ''
as $$
  with tables as (
    select a, n1, a + c as m, n0 - c - a as rest, odds_ratio * (n1 + a + c) + (n0 - c - a) as half_b
    from unnest(successes_control, n_control, successes_variant, n_variant) as u (c, n0, a, n1)
    where n1 > 0 and n0 > 0 and a + c > 0 and a + c < n1 + n0 and odds_ratio between 1e-15 and 1e15
      and stats.are_counts(successes_control, n_control) and stats.are_counts(successes_variant, n_variant)
  ),
  -- The count that the common odds ratio expects, margins kept: the root of a quadratic, in the form that does not
  -- cancel and also holds at odds ratio 1.
  expected as (
    select t.*, 2 * odds_ratio * n1 * m / (half_b + sqrt(greatest(half_b ^ 2 - 4 * (odds_ratio - 1) * odds_ratio * n1 * m, 0))) as e
    from tables t
  )
  select sum((a - e) ^ 2 * (1 / e + 1 / (m - e) + 1 / (n1 - e) + 1 / (rest + e))), (count(*) - 1)::integer
  from expected where e > 0 and m - e > 0 and n1 - e > 0 and rest + e > 0
$$;

comment on function stats.breslow_day(
  double precision[], double precision[], double precision[], double precision[], double precision
) is 'One row: is the odds ratio the same in all strata? Breslow and Day (1980), without Tarone''s correction. Strata in which nothing could vary are not counted.';

create or replace function stats.cmh(
  successes_control double precision[], n_control double precision[],
  successes_variant double precision[], n_variant double precision[], alpha double precision default 0.05
) returns table (
  odds_ratio double precision, odds_ratio_low double precision, odds_ratio_high double precision,
  log_odds_std_error double precision, risk_ratio double precision,
  statistic double precision, p_value double precision,
  corrected_statistic double precision, corrected_p_value double precision,
  breslow_day_statistic double precision, breslow_day_degrees_of_freedom integer, breslow_day_p_value double precision,
  reason_code text
)
language sql immutable parallel safe rows 1
set search_path = ''
as $$
  with sums as (
    select sum(a - n1 * (a + c) / n) as gap, nullif(sum(n1 * n0 * (a + c) * (n - a - c) / (n ^ 2 * (n - 1))), 0) as v
    from (
      select c, n0, a, n1, n1 + n0 as n
      from unnest(successes_control, n_control, successes_variant, n_variant) as u (c, n0, a, n1)) as t
    where n > 1 and stats.are_counts(successes_control, n_control) and stats.are_counts(successes_variant, n_variant)
  ),
  tests as (select s.gap ^ 2 / s.v as plain, greatest(abs(s.gap) - 0.5, 0) ^ 2 / s.v as corrected from sums s)
  select o.odds_ratio, o.odds_ratio / exp(z.factor), o.odds_ratio * exp(z.factor),
    o.log_odds_std_error, o.risk_ratio, t.plain, stats.chi2_sf(t.plain, 1), t.corrected, stats.chi2_sf(t.corrected, 1),
    b.statistic, b.degrees_of_freedom, stats.chi2_sf(b.statistic, b.degrees_of_freedom),
    case when not (stats.are_counts(successes_control, n_control) and stats.are_counts(successes_variant, n_variant)) then 'bad_counts'
      when t.plain is null then 'zero_variance' when o.odds_ratio is null then 'zero_cell' end
  from tests t
  cross join stats.mantel_haenszel(successes_control, n_control, successes_variant, n_variant) o
  cross join lateral (select least(stats.normal_quantile(1 - alpha / 2) * o.log_odds_std_error, 500) as factor) z
  cross join lateral stats.breslow_day(successes_control, n_control, successes_variant, n_variant, o.odds_ratio) b
$$;

comment on function stats.cmh(double precision[], double precision[], double precision[], double precision[], double precision) is
E'One row: successes in two arms over strata. Cochran (1954), Mantel and Haenszel (1959), with and without continuity correction; common odds and risk ratio; Breslow and Day''s test that it is common.\nWithin half a unit of the expectation the corrected p is 1, as the exact conditional one is; R drops the correction there.\nCounts per stratum: successes and subjects of control, then of the variant. zero_cell: no odds ratio, because a side has no success or no failure at all.';

-- An effect in strata: is it one effect, what is it in the mix of all, and does the pooled one mislead.
create or replace function stats.differences(controls stats.readout[], variants stats.readout[]) returns stats.readout[]
language sql immutable parallel safe
set search_path = ''
return (
  select array_agg(stats.weighed(array[-1, 1], array[controls[i], variants[i]]) order by i)
  from generate_series(1, greatest(cardinality(controls), cardinality(variants))) i
);

comment on function stats.differences(stats.readout[], stats.readout[]) is 'Variant minus control in each stratum, as readouts.';

create or replace function stats.strata_effects(
  strata text[], controls stats.readout[], variants stats.readout[], alpha double precision default 0.05
) returns table (
  stratum text, n_control double precision, n_variant double precision,
  mean_control double precision, mean_variant double precision,
  difference double precision, std_error double precision, degrees_of_freedom double precision,
  ci_low double precision, ci_high double precision, p_value double precision, log10_p double precision, reason_code text
)
language sql immutable parallel safe rows 10
set search_path = ''
as $$
  select strata[i], c.* from generate_subscripts(strata, 1) i cross join lateral stats.contrast(controls[i], variants[i], alpha) c
  order by i
$$;

comment on function stats.strata_effects(text[], stats.readout[], stats.readout[], double precision) is
'One row per stratum, in the order given: its contrast.';

create type stats.pooled_strata as (
  strata integer, fixed_estimate double precision, fixed_std_error double precision,
  q_statistic double precision, q_degrees_of_freedom integer, q_p_value double precision,
  i2 double precision, tau2 double precision,
  random_estimate double precision, random_std_error double precision
);

comment on type stats.pooled_strata is 'Effects of strata put together by their precision, with how much they differ: Q, I², tau².';

create or replace function stats.pooled_strata(differences stats.readout[]) returns stats.pooled_strata
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  answer stats.pooled_strata;
  sum_w double precision;
  sum_w2 double precision;
begin
  select count(*), sum(1 / d.variance), sum(1 / d.variance ^ 2), sum(d.value / d.variance) / sum(1 / d.variance)
    into answer.strata, sum_w, sum_w2, answer.fixed_estimate
  from unnest(differences) d where d.variance > 0;
  if answer.strata = 0 then
    return answer;
  end if;
  answer.fixed_std_error := sqrt(1 / sum_w);
  answer.q_statistic := (
    select sum((d.value - answer.fixed_estimate) ^ 2 / d.variance) from unnest(differences) d where d.variance > 0);
  answer.q_degrees_of_freedom := answer.strata - 1;
  answer.q_p_value := stats.chi2_sf(answer.q_statistic, answer.q_degrees_of_freedom);
  answer.i2 := greatest(0, 1 - answer.q_degrees_of_freedom / nullif(answer.q_statistic, 0));
  answer.tau2 := greatest(0, (answer.q_statistic - answer.q_degrees_of_freedom) / nullif(sum_w - sum_w2 / sum_w, 0));
  select sum(d.value / (d.variance + answer.tau2)) / sum(1 / (d.variance + answer.tau2)),
    sqrt(1 / sum(1 / (d.variance + answer.tau2)))
    into answer.random_estimate, answer.random_std_error
  from unnest(differences) d where d.variance > 0;
  return answer;
end
$$;

comment on function stats.pooled_strata(stats.readout[]) is
E'Fixed effect by inverse variance, Cochran''s (1954) Q, Higgins'' (2002) I² as a share, DerSimonian and Laird''s (1986) tau², never below 0, and the random effect with it.\nA stratum without any spread would weigh infinitely: it is not counted here.';

create or replace function stats.poststratified(differences stats.readout[]) returns stats.readout
language sql immutable parallel safe
set search_path = ''
return (
  select stats.combined(array_agg(row (d.n, d.value, d.variance, d.spread)::stats.readout), array_agg(d.n))
  from unnest(differences) d where d.variance is not null
);

comment on function stats.poststratified(stats.readout[]) is
E'The effect in the mix of all subjects: each stratum''s difference weighs as many subjects as it has, both arms together.\nThe same as regression on centred strata with interactions (Lin, 2013). A stratum whose variance is unknown is left out.';

create or replace function stats.stratified_effect(
  controls stats.readout[], variants stats.readout[], alpha double precision default 0.05
) returns table (
  strata integer, strata_left_out integer,
  fixed_estimate double precision, fixed_std_error double precision,
  q_statistic double precision, q_degrees_of_freedom integer, q_p_value double precision,
  i2 double precision, tau2 double precision, random_estimate double precision, random_std_error double precision,
  poststratified_estimate double precision, poststratified_std_error double precision,
  poststratified_degrees_of_freedom double precision, poststratified_ci_low double precision,
  poststratified_ci_high double precision, poststratified_p_value double precision, reason_code text
)
language sql immutable parallel safe rows 1
set search_path = ''
as $$
  with strata as (select stats.differences(controls, variants) as d),
  known as (
    select count(*) filter (where u.variance is not null)::integer as n, count(*)::integer as asked
    from strata s cross join unnest(s.d) u
  )
  select k.n, k.asked - k.n, p.fixed_estimate, p.fixed_std_error, p.q_statistic, p.q_degrees_of_freedom, p.q_p_value,
    p.i2, p.tau2, p.random_estimate, p.random_std_error, e.*
  from strata s
  cross join known k
  cross join stats.pooled_strata(s.d) p
  cross join stats.estimate_of(stats.poststratified(s.d), alpha) e
$$;

comment on function stats.stratified_effect(stats.readout[], stats.readout[], double precision) is
E'One row: the strata put together by precision (fixed), with room for real differences (random), and by size (post-stratified: the effect in the mix of all), and whether they differ (Q, I² as a share).\nA stratum with fewer than two subjects in an arm is left out, and counted.';

create or replace function stats.simpson(
  controls stats.readout[], variants stats.readout[]
) returns table (
  pooled_difference double precision, poststratified_difference double precision, std_error double precision,
  mix_statistic double precision, mix_degrees_of_freedom integer, mix_p_value double precision, warning boolean
)
language sql immutable parallel safe rows 1
set search_path = ''
as $$
  with arms as (
    select (select sum(c.n * c.value) / nullif(sum(c.n), 0) from unnest(controls) c where c.n > 0) as control,
      (select sum(v.n * v.value) / nullif(sum(v.n), 0) from unnest(variants) v where v.n > 0) as variant,
      stats.poststratified(stats.differences(controls, variants)) as p,
      (select array[array_agg(coalesce((controls[i]).n, 0)), array_agg(coalesce((variants[i]).n, 0))]
        from generate_series(1, greatest(cardinality(controls), cardinality(variants))) i) as counts
  )
  select a.variant - a.control, (a.p).value, sqrt((a.p).variance), x.statistic, x.degrees_of_freedom, x.p_value,
    ((a.variant - a.control) * (a.p).value < 0
      or abs(a.variant - a.control - (a.p).value) > 2 * sqrt((a.p).variance)) and x.p_value < 0.001
  from arms a
  cross join lateral stats.contingency_chi2(a.counts) x
$$;

comment on function stats.simpson(stats.readout[], stats.readout[]) is
E'One row: does the pooled difference mislead? A warning when the arms'' mixes of strata differ (chi-square, p below 0.001) and the pooled difference has another sign than the post-stratified one, or lies more than two of its standard errors away.\nSimpson (1951). Pooled over means; for ratios over subjects.';

-- Factorial designs of two-level factors from their cells. Cell i of 2^k, counted from 0, has factor j at its new level
-- when bit j - 1 of i is set: 0 is all old, 2^k - 1 all new.
create or replace function stats.bits(mask integer) returns integer
language sql immutable strict parallel safe
set search_path = ''
return bit_count(mask::bit(32))::integer;

comment on function stats.bits(integer) is 'How many bits are set.';

create or replace function stats.factor_count(cells integer) returns integer
language sql immutable strict parallel safe
set search_path = ''
return case when cells between 2 and 64 and stats.bits(cells) = 1 then stats.bits(cells - 1) end;

comment on function stats.factor_count(integer) is 'k when there are 2^k cells, from 1 to 6; null otherwise.';

create or replace function stats.names_in(mask integer, names text[]) returns text[]
language sql immutable strict parallel safe
set search_path = ''
return (select array_agg(n order by j) from unnest(names) with ordinality u (n, j) where mask & (1 << (j - 1)::integer) > 0);

comment on function stats.names_in(integer, text[]) is 'The names whose bits are set.';

create or replace function stats.factorial_weights(k integer, mask integer) returns double precision[]
language sql immutable strict parallel safe
set search_path = ''
return (
  select array_agg((-1) ^ stats.bits(mask & ~cell) / 2 ^ (k - stats.bits(mask)) order by cell)
  from generate_series(0, (1 << k) - 1) cell where k between 1 and 6 and mask between 0 and 63
);

comment on function stats.factorial_weights(integer, integer) is
'What each of 2^k cells weighs in the main effect or interaction of the factors in mask, coded -0.5 and +0.5.';

create or replace function stats.factorial_effects(
  factors text[], cells stats.readout[], alpha double precision default 0.05
) returns table (
  factors_of text[], interaction_order integer,
  estimate double precision, std_error double precision, degrees_of_freedom double precision,
  ci_low double precision, ci_high double precision, p_value double precision, reason_code text, p_holm double precision
)
language sql immutable parallel safe rows 7
set search_path = ''
as $$
  with effects as (
    select mask, e.*
    from stats.factor_count(cardinality(cells)) k
    cross join lateral generate_series(1, (1 << k) - 1) mask
    cross join lateral stats.estimate_of(stats.weighed(stats.factorial_weights(k, mask), cells), alpha) e
    where k = cardinality(factors)
  ),
  corrected as (select stats.holm(array_agg(p_value order by stats.bits(mask), mask)) as p from effects)
  select stats.names_in(mask, factors), stats.bits(mask), estimate, std_error, degrees_of_freedom, ci_low, ci_high, p_value,
    reason_code, c.p[row_number() over (order by stats.bits(mask), mask)]
  from effects cross join corrected c
  order by stats.bits(mask), mask
$$;

comment on function stats.factorial_effects(text[], stats.readout[], double precision) is
E'One row per main effect and interaction of up to six two-level factors: the coefficient of regression on all products of factors coded -0.5 and +0.5 with HC2 errors (MacKinnon and White, 1985), from cell means alone; Holm''s (1979) p over all rows.\nCells in order of their bits. No rows when there are not 2^k cells.';

create or replace function stats.experiment_interaction(
  neither stats.readout, only_first stats.readout, only_second stats.readout, together stats.readout,
  alpha double precision default 0.05
) returns stats.estimate
language sql immutable parallel safe
set search_path = ''
return stats.estimate_of(stats.weighed(array[1, -1, -1, 1], array[neither, only_first, only_second, together]), alpha);

comment on function stats.experiment_interaction(stats.readout, stats.readout, stats.readout, stats.readout, double precision) is
'Two experiments that share units: by how much the effect of the first differs where the second''s variant was there too. Cells: units with control in both, with the first''s variant alone, the second''s alone, both.';

-- Credit for a joint change among the steps that made it up, when each combination of old and new steps was run.
create or replace function stats.set_share(size integer, of_all integer) returns double precision
language sql immutable strict parallel safe
set search_path = ''
return factorial(size) * factorial(of_all - size - 1) / factorial(of_all);

comment on function stats.set_share(integer, integer) is 'How often, over all orders of so many players, exactly this set of so many others comes before one: s! (n - s - 1)! / n!.';

create or replace function stats.owen_weight(player integer, cell integer, unions integer[]) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  own constant integer := (select bit_or(1 << (j - 1)::integer) from unnest(unions) with ordinality u (name, j)
    where name = unions[player]);
  me constant integer := 1 << (player - 1);
  whole_before integer := 0;
  union_mask integer;
begin
  for union_mask in
    select bit_or(1 << (j - 1)::integer) from unnest(unions) with ordinality u (name, j)
    where name <> unions[player] group by name
  loop
    -- A union comes as a whole or not at all.
    if cell & union_mask not in (0, union_mask) then
      return 0;
    end if;
    whole_before := whole_before + (cell & union_mask > 0)::integer;
  end loop;
  return case when cell & me > 0 then 1 else -1 end
    * stats.set_share(whole_before, (select count(distinct name) from unnest(unions) name)::integer)
    * stats.set_share(stats.bits(cell & own & ~me), stats.bits(own));
end
$$;

comment on function stats.owen_weight(integer, integer, integer[]) is
E'What a cell''s mean weighs in a player''s Owen (1977) value; unions names each player''s union.\nWith a union for each player it is Shapley''s (1953) value.';

create or replace function stats.owen(
  players text[], unions integer[], cells stats.readout[], alpha double precision default 0.05
) returns table (
  player text, credit numeric, total double precision,
  std_error double precision, degrees_of_freedom double precision,
  ci_low double precision, ci_high double precision, p_value double precision, reason_code text
)
language sql immutable parallel safe rows 3
set search_path = ''
as $$
  with whole as (
    select cells[cardinality(cells)].value - cells[1].value as difference
    where stats.factor_count(cardinality(cells)) = cardinality(players) and cardinality(unions) = cardinality(players)
  ),
  credits as (
    select i, stats.estimate_of(stats.weighed(
      (select array_agg(stats.owen_weight(i::integer, cell, unions) order by cell) from generate_series(0, cardinality(cells) - 1) cell),
      cells), alpha) as e
    from whole cross join generate_subscripts(players, 1) i
  ),
  exact as (
    select w.difference, stats.exact_parts(array_agg((c.e).estimate order by i), w.difference) as parts
    from whole w cross join credits c group by w.difference
  )
  select players[i], x.parts[i], x.difference, (c.e).std_error, (c.e).degrees_of_freedom, (c.e).ci_low, (c.e).ci_high,
    (c.e).p_value, (c.e).reason_code
  from credits c cross join exact x
  order by i
$$;

comment on function stats.owen(text[], integer[], stats.readout[], double precision) is
E'One row per step: its share of the difference between all steps new and all old, averaged over the orders in which unions of steps, and steps inside a union, could have been switched. Owen (1977); standard error by the delta method: a credit is linear in cell means.\nCells in order of their bits, as in factorial_effects; up to six steps. Credits add up to total, to the last digit. No rows when there are not 2^k cells.';

create or replace function stats.shapley(players text[], cells stats.readout[], alpha double precision default 0.05)
returns table (
  player text, credit numeric, total double precision,
  std_error double precision, degrees_of_freedom double precision,
  ci_low double precision, ci_high double precision, p_value double precision, reason_code text
)
language sql immutable parallel safe rows 3
set search_path = ''
as $$
  select o.* from stats.owen(players, (select array_agg(i) from generate_subscripts(players, 1) i), cells, alpha) o
$$;

comment on function stats.shapley(text[], stats.readout[], double precision) is
'One row per step: its share of the difference between all steps new and all old, averaged over all orders in which they could have been switched. Shapley (1953). See owen.';

-- Quantiles and rows in clusters. Both take the rows of one arm as arrays, which array_agg makes fastest.
create or replace function stats.quantile_of(sorted double precision[], p double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  place constant double precision := case when p between 0 and 1 then p * (cardinality(sorted) - 1) + 1 end;
  low constant integer := floor(place)::integer;
begin
  return stats.tame(sorted[low])
    + case when place > low then (place - low) * (stats.tame(sorted[low + 1]) - stats.tame(sorted[low])) else 0 end;
end
$$;

comment on function stats.quantile_of(double precision[], double precision) is
'The quantile of values that are sorted already, interpolated as percentile_cont does.';

create or replace function stats.quantile_fractions(q double precision, n double precision) returns double precision[]
language sql immutable strict parallel safe
set search_path = ''
return (
  select array[q, greatest(q - half, 0), least(q + half, 1)]
  from (
    select stats.normal_quantile(0.975) * sqrt(q * (1 - q) / n) as half
    where q between 1e-12 and 1 - 1e-12 and n between 1 and 1e15) h
);

comment on function stats.quantile_fractions(double precision, double precision) is
E'The three quantiles that a quantile''s readout is made of: itself, and where its 95 % interval by ranks begins and ends.\nFor percentile_cont over rows that stay in their table.';

create or replace function stats.quantile_readout_of(
  n double precision, quantiles double precision[], inflation double precision default 1
) returns stats.readout
language sql immutable parallel safe
set search_path = ''
return stats.readout_of(n, quantiles[1], case when n >= 1 and n < 1e15 and inflation between 0 and 1e15 then
  (n - 1) / nullif(n, 0) * ((quantiles[3] - quantiles[2]) / (2 * stats.normal_quantile(0.975))) ^ 2 * inflation end);

comment on function stats.quantile_readout_of(double precision, double precision[], double precision) is
E'A readout from the quantiles at quantile_fractions(q, n): the width of the interval by ranks, read back as a variance.\ninflation is by how much clusters make the share below the quantile more variable (cluster_inflation).';

create or replace function stats.cluster_inflation(
  values_of double precision[], clusters text[], quantile double precision, q double precision
) returns double precision
language sql immutable strict parallel safe
set search_path = ''
return (
  with members as (
    select count(*) filter (where v <= quantile)::double precision as below, count(*)::double precision as rows
    from unnest(values_of, clusters) u (v, c) where abs(v) < 1e70 group by c
  ),
  share as (
    select count(*) as g, sum(rows) as n, avg(rows) as size, sum(below) / sum(rows) as r,
      var_samp(below) as bb, covar_samp(below, rows) as br, var_samp(rows) as rr
    from members
  )
  select (bb - 2 * r * br + r ^ 2 * rr) / size ^ 2 / g / nullif(q * (1 - q) / n, 0) from share where g > 1 and q between 1e-12 and 1 - 1e-12
);

comment on function stats.cluster_inflation(double precision[], text[], double precision, double precision) is
'The variance of the share of rows at or below the quantile when rows come in clusters (ratio by the delta method over clusters), over what it would be if they came alone. Deng, Knoblich and Lu (2018).';

create or replace function stats.quantile_readout(values_of double precision[], q double precision, clusters text[] default null)
returns stats.readout
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  sorted constant double precision[] := (select array_agg(v order by v) from unnest(values_of) v where abs(v) < 1e70);
  n constant double precision := coalesce(cardinality(sorted), 0);
  places constant double precision[] := stats.quantile_fractions(q, n);
  quantiles double precision[];
begin
  quantiles := array[stats.quantile_of(sorted, places[1]), stats.quantile_of(sorted, places[2]),
    stats.quantile_of(sorted, places[3])];
  return stats.quantile_readout_of(n, quantiles,
    case when clusters is null then 1 else stats.cluster_inflation(values_of, clusters, quantiles[1], q) end);
end
$$;

comment on function stats.quantile_readout(double precision[], double precision, text[]) is
E'One arm''s quantile as a readout: the rows'' values and, when rows come in clusters (one subject, many calls), the cluster of each.\nIts standard error is the interval by ranks at q ± 1.96 sqrt(q (1 - q) / n), read back, times the clusters'' inflation. Two of them make a contrast.';

create or replace function stats.clustered_slope(
  values_of double precision[], regressor double precision[], clusters text[], alpha double precision default 0.05
) returns stats.estimate
language sql immutable parallel safe
set search_path = ''
return (
  with rows as (
    select v, x, c from unnest(values_of, regressor, clusters) u (v, x, c) where abs(v) < 1e70 and abs(x) < 1e70 and c is not null
  ),
  fit as (
    select count(*)::double precision as n, avg(v) as mean_v, avg(x) as mean_x, nullif(regr_sxx(v, x), 0) as sxx,
      regr_sxy(v, x) as sxy
    from rows
  ),
  scores as (
    select sum((r.x - f.mean_x) * (r.v - f.mean_v - f.sxy / f.sxx * (r.x - f.mean_x))) / max(f.sxx) as u
    from rows r cross join fit f group by r.c
  ),
  total as (select count(*)::double precision as g, sum(u ^ 2) as uu from scores)
  select stats.estimate_of(
    row (f.n, f.sxy / f.sxx, case when t.g > 1 and f.n > 2 then t.g / (t.g - 1) * (f.n - 1) / (f.n - 2) * t.uu end, null)::stats.readout,
    alpha, t.g - 1)
  from fit f cross join total t
);

comment on function stats.clustered_slope(double precision[], double precision[], text[], double precision) is
E'The slope of value on one regressor when rows come in clusters; with a regressor of 0 and 1 it is variant minus control.\nCR1 errors: G / (G - 1) × (N - 1) / (N - 2), Student''s t with G - 1 degrees of freedom. Liang and Zeger (1986).';

-- Before and after, with somebody to compare with.
create or replace function stats.difference_in_differences(
  control_before stats.readout, control_after stats.readout, variant_before stats.readout, variant_after stats.readout,
  alpha double precision default 0.05
) returns stats.estimate
language sql immutable parallel safe
set search_path = ''
return stats.estimate_of(
  stats.weighed(array[1, -1, -1, 1], array[control_before, control_after, variant_before, variant_after]), alpha, 'infinity');

comment on function stats.difference_in_differences(stats.readout, stats.readout, stats.readout, stats.readout, double precision) is
E'(variant after - before) - (control after - before), from four independent cells: regression with HC2 errors and the normal distribution.\nIt is the effect only if both would have moved alike without the change: look at pretrend.';

create or replace function stats.panel_difference_in_differences(
  before double precision[], after double precision[], is_treated boolean[], alpha double precision default 0.05
) returns stats.estimate
language sql immutable parallel safe
set search_path = ''
return (
  with changes as (
    select t, count(*) as n, avg(a - b) as mean, var_samp(a - b) as variance
    from unnest(before, after, is_treated) u (b, a, t) where abs(a) < 1e70 and abs(b) < 1e70 group by t
  )
  select stats.estimate_of(stats.weighed(array[-1, 1], array[
    (select stats.readout_of(n, mean, variance / n) from changes where not t),
    (select stats.readout_of(n, mean, variance / n) from changes where t)]), alpha)
);

comment on function stats.panel_difference_in_differences(double precision[], double precision[], boolean[], double precision) is
E'Difference in differences of units that were seen before and after: Welch''s interval of the units'' own changes. Units seen once are left out.';

create or replace function stats.pretrend(
  times double precision[], controls stats.readout[], variants stats.readout[]
) returns table (
  periods integer, slope double precision, std_error double precision, p_value double precision,
  q_statistic double precision, q_degrees_of_freedom integer, q_p_value double precision, reason_code text
)
language sql immutable parallel safe rows 1
set search_path = ''
as $$
  with gaps as (
    select t.at, g.value, 1 / g.variance as w
    from unnest(times) with ordinality t (at, i)
    join unnest(stats.differences(controls, variants)) with ordinality g (n, value, variance, spread, i) using (i)
    where g.variance > 0 and abs(t.at) < 1e70
  ),
  centre as (select sum(w * at) / sum(w) as at, sum(w * value) / sum(w) as value from gaps),
  fit as (
    select count(*)::integer as n, nullif(sum(w * (g.at - c.at) ^ 2), 0) as sxx,
      sum(w * (g.at - c.at) * g.value) as sxy, sum(w * (g.value - c.value) ^ 2) as q
    from gaps g cross join centre c
  )
  select n, sxy / sxx, sqrt(1 / sxx), stats.chi2_sf(sxy ^ 2 / sxx, 1), case when n > 1 then q end,
    case when n > 1 then n - 1 end, case when n > 1 then stats.chi2_sf(q, n - 1) end,
    case when n < 2 then 'too_few_periods' end
  from fit
$$;

comment on function stats.pretrend(double precision[], stats.readout[], stats.readout[]) is
E'One row: were the two moving alike before the change? The gap of each period before it, weighed by its precision: its slope per unit of time, and Cochran''s Q, whether all gaps are the same.\nA small p means that a difference in differences is not to be believed; a large one proves nothing.';

-- Touch models share a conversion out among the touches before it. Credit, not cause: who was there, not who did it.
create or replace function stats.touch_credits(
  conversion_ids text[], conversion_subjects text[], converted_at timestamptz[],
  touch_ids text[], touch_subjects text[], touched_at timestamptz[],
  lookback interval default '7 days', half_life interval default '1 day'
) returns table (
  conversion_id text, touch_id text, first_touch numeric, last_touch numeric, linear numeric, time_decay numeric, position_based numeric
)
language sql immutable parallel safe rows 1000
set search_path = ''
as $$
  with paths as (
    select c.id as conversion, t.id as touch,
      -- Ages from the newest touch on: a long path with a short half-life would weigh nothing at all otherwise.
      extract(epoch from max(t.at) over (partition by c.i) - t.at)::double precision as age,
      row_number() over (partition by c.i order by t.at, t.id, t.i) as place, count(*) over (partition by c.i) as touches, c.i
    from unnest(conversion_ids, conversion_subjects, converted_at) with ordinality c (id, subject, at, i)
    cross join (select make_interval(secs => least(greatest(extract(epoch from lookback), 0), 1e11)::double precision) as span) l
    join unnest(touch_ids, touch_subjects, touched_at) with ordinality t (id, subject, at, i)
      on t.subject = c.subject and t.at <= c.at and isfinite(t.at) and isfinite(c.at)
      -- Seconds, not days: a lookback is as long in the night when clocks change.
      and t.at > c.at - l.span
  ),
  weights as (
    select p.*, case when place in (1, touches) then 1 / least(touches, 2.5) else 0.2 / (touches - 2) end as edges,
      stats.exp_or_zero(-ln(2.0) * age / nullif(greatest(extract(epoch from half_life), 0), 0)::double precision) as decay
    from paths p
  ),
  rounded as (
    select w.*, round(1.0 / touches, 18) as even, round((decay / sum(decay) over (partition by i))::numeric, 18) as faded,
      round(edges, 18) as ends
    from weights w
  )
  -- The last touch takes what rounding left over: a conversion is shared out to the last digit.
  select conversion, touch, (place = 1)::integer::numeric, (place = touches)::integer::numeric,
    case when place < touches then even else 1 - (touches - 1) * even end,
    case when place < touches then faded else 1 - coalesce(sum(faded) filter (where place < touches) over whole, 0) end,
    case when place < touches then ends else 1 - coalesce(sum(ends) filter (where place < touches) over whole, 0) end
  from rounded
  window whole as (partition by i)
$$;

comment on function stats.touch_credits(
  text[], text[], timestamptz[], text[], text[], timestamptz[], interval, interval
) is E'One row per conversion × touch of the same subject in (conversion - lookback, conversion], ties by touch id: its credit by five models. Each model''s credits of a conversion add up to exactly 1.\nposition_based: 40 % first, 40 % last, 20 % between; halves for two touches. time_decay: 2^(-age / half-life). A conversion without a touch has no row: it is unattributed. Credit, not cause.';

-- What is out of the ordinary in a series. Every function takes the values in order and gives a row for each.
create or replace function stats.median(values_of double precision[]) returns double precision
language sql immutable strict parallel safe
set search_path = ''
return (select percentile_cont(0.5) within group (order by v) from unnest(values_of) v where abs(v) < 1e70);

comment on function stats.median(double precision[]) is 'The median; absent values are not counted, nor NaN or what is beyond 1e70.';

create or replace function stats.robust_scale(values_of double precision[]) returns double precision
language sql immutable strict parallel safe
set search_path = ''
return (
  select percentile_cont(0.5) within group (order by abs(v - m)) / stats.normal_quantile(0.75)
  from unnest(values_of) v cross join stats.median(values_of) m where abs(v) < 1e70
);

comment on function stats.robust_scale(double precision[]) is
'The median absolute deviation over 0.6745, so that it is the standard deviation of normal values. Hampel (1974).';

create or replace function stats.robust_z(
  value double precision, center double precision, scale double precision, is_count boolean default false
) returns double precision
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return case
    when not (abs(value) < 1e70 and abs(center) < 1e70 and (scale = 0 or scale between 1e-140 and 1e70)) then null
    when scale > 0 then (value - center) / scale
    when scale = 0 and is_count then (value - center) / sqrt(greatest(center, 1))
  end;
end
$$;

comment on function stats.robust_z(double precision, double precision, double precision, boolean) is
E'How many robust standard deviations a value lies from the center. Null when more than half of the baseline is equal, so that its scale is 0; counts are then measured by the square root of the center, as Poisson''s are.';

create or replace function stats.robust_scores(
  series double precision[], is_baseline boolean[] default null, seasons integer[] default null, is_count boolean default false
) returns table (
  place integer, value double precision, expected double precision, center double precision, scale double precision,
  z double precision, reason_code text
)
language sql immutable parallel safe rows 100
set search_path = ''
as $$
  with points as (
    select i, v, coalesce(b, is_baseline is null) as known, s
    from unnest(stats.usable(series), is_baseline, seasons) with ordinality u (v, b, s, i) where i <= cardinality(series)
  ),
  season as (
    select s, percentile_cont(0.5) within group (order by v) as m from points where known and seasons is not null group by s
  ),
  residuals as (
    select p.i, p.v, p.known, case when seasons is null then 0 else n.m end as m
    -- Equal or both absent, said so that it can be hashed.
    from points p left join season n on coalesce(n.s, 0) = coalesce(p.s, 0) and (n.s is null) = (p.s is null)
  ),
  base as (
    select stats.median(array_agg(v - m)) as center, stats.robust_scale(array_agg(v - m)) as scale
    from residuals where known and v is not null
  )
  select r.i::integer, r.v, r.m + b.center, b.center, b.scale, z.z,
    case
      when r.v is null then 'no_value' when b.center is null or r.m is null then 'no_baseline' when z.z is null then 'zero_variance'
    end
  from residuals r
  cross join base b
  cross join lateral (select stats.robust_z(r.v, r.m + b.center, b.scale, is_count) as z offset 0) z
  order by r.i
$$;

comment on function stats.robust_scores(double precision[], boolean[], integer[], boolean) is
E'One row per point: its robust z against the baseline points (all, unless said): distance from the median over 1.4826 × the median absolute deviation.\nWith seasons (the hour of the week, the month), first less the median of the baseline''s same season. expected is what the point would be at z 0; center and scale are the baseline''s. Alert on 3, page on 5.';

create or replace function stats.ewma(
  series double precision[], smoothing double precision default 0.3,
  center double precision default null, scale double precision default null, width double precision default 3
) returns table (place integer, value double precision, smoothed double precision, low double precision, high double precision, is_out boolean)
language sql immutable parallel safe rows 100
set search_path = ''
as $$
  with recursive cleaned as (select stats.usable(series) as y),
  limits as (
    select coalesce(center, stats.median(y)) as middle,
      width * coalesce(scale, stats.robust_scale(y)) * sqrt(smoothing / (2 - smoothing)) as half
    from cleaned
    where smoothing between 1e-9 and 1 and coalesce(greatest(abs(center), abs(scale), abs(width)), 0) < 1e70
  ),
  chain as (
    select 1 as i, y[1] as s, y from cleaned where cardinality(y) > 0
    union all
    select i + 1, coalesce(smoothing * y[i + 1] + (1 - smoothing) * s, s, y[i + 1]), y from chain where i < cardinality(y)
  )
  select c.i, c.y[c.i], c.s, l.middle - l.half, l.middle + l.half, abs(c.s - l.middle) > l.half
  from chain c cross join limits l
  order by c.i
$$;

comment on function stats.ewma(double precision[], double precision, double precision, double precision, double precision) is
E'One row per point: s = smoothing × value + (1 - smoothing) × the s before, from the first value on; an absent value changes nothing. Roberts (1959).\nControl limits: center ± width × scale × sqrt(smoothing / (2 - smoothing)); center and scale are the median and the robust scale of the series unless given.';

-- Forecasts with parameters that are given, not fitted: one pass, no surprises. Bands come from the errors of the
-- forecasts one step ahead.
create or replace function stats.seasonal_naive(
  series double precision[], season integer, horizon integer default 1, alpha double precision default 0.05
) returns table (
  place integer, value double precision, forecast double precision, low double precision, high double precision, rmse double precision
)
language sql immutable parallel safe rows 100
set search_path = ''
as $$
  with size as (select y, cardinality(y) as n from stats.usable(series) y where season between 1 and cardinality(y)),
  points as (
    select i, y[i] as value, y[case when i <= n then i - season else n - season + 1 + (i - n - 1) % season end] as forecast,
      case when i <= n then 1 else 1 + (i - n - 1) / season end as cycles
    from size cross join lateral generate_series(1, n + least(greatest(horizon, 0), 10000)) i
  ),
  errors as (select sqrt(avg((p.value - p.forecast) ^ 2)) as rmse from points p)
  select p.i, p.value, p.forecast, p.forecast - z * e.rmse * sqrt(p.cycles), p.forecast + z * e.rmse * sqrt(p.cycles), e.rmse
  from points p cross join errors e cross join stats.normal_quantile(1 - alpha / 2) z
  order by p.i
$$;

comment on function stats.seasonal_naive(double precision[], integer, integer, double precision) is
E'One row per point and per step of the horizon: the value of the same place in the last cycle. The band widens with the square root of the cycles ahead. rmse is that of the forecasts of known points.\nNo rows when the series is shorter than a season.';

create or replace function stats.smoothing_path(
  series double precision[], smoothing double precision, trend_smoothing double precision,
  first_level double precision default null, first_trend double precision default 0
) returns table (place integer, forecast double precision, level double precision, trend double precision)
language plpgsql immutable parallel safe rows 100
set search_path = ''
as $$
declare
  before double precision;
begin
  series := stats.usable(series);
  level := coalesce(stats.tame(first_level), series[1]);
  trend := stats.tame(first_trend);
  if not (smoothing between 0 and 1 and coalesce(trend_smoothing between 0 and 1, true)) then
    return;
  end if;
  for i in 1..coalesce(cardinality(series), 0) loop
    place := i;
    forecast := level + trend;
    before := level;
    -- An absent value is what was forecast.
    level := coalesce(smoothing * series[i] + (1 - smoothing) * forecast, forecast, series[i]);
    trend := coalesce(trend_smoothing * (level - before) + (1 - trend_smoothing) * trend, 0);
    return next;
  end loop;
end
$$;

comment on function stats.smoothing_path(double precision[], double precision, double precision, double precision, double precision) is
'One row per point: what was forecast for it, and level and trend after it. Level begins at the first value, trend at 0, unless they are given. No rows when a smoothing is not within 0 and 1.';

create or replace function stats.exponential_smoothing(
  series double precision[], smoothing double precision default 0.3, trend_smoothing double precision default null,
  horizon integer default 1, alpha double precision default 0.05,
  first_level double precision default null, first_trend double precision default 0
) returns table (
  place integer, value double precision, forecast double precision, low double precision, high double precision, rmse double precision
)
language sql immutable parallel safe rows 100
set search_path = ''
as $$
  with path as (
    select p.*, y[p.place] as value
    from stats.usable(series) y cross join lateral stats.smoothing_path(y, smoothing, trend_smoothing, first_level, first_trend) p
    where smoothing between 1e-9 and 1 and coalesce(trend_smoothing between 1e-9 and 1, true)
  ),
  last_one as (select p.* from path p order by p.place desc limit 1),
  errors as (select count(*) as n, avg((p.value - p.forecast) ^ 2) as mse from path p where p.value is not null),
  ahead as (
    select l.place + h as place, null::double precision as value, l.level + h * l.trend as forecast,
      1 + sum((smoothing * (1 + h * coalesce(trend_smoothing, 0))) ^ 2) over (order by h)
        - (smoothing * (1 + h * coalesce(trend_smoothing, 0))) ^ 2 as growth
    from last_one l cross join generate_series(1, least(horizon, 10000)) h
  ),
  points as (
    select p.place, p.value, p.forecast, 1 as growth from path p
    union all select a.place, a.value, a.forecast, a.growth from ahead a
  )
  select p.place, p.value, p.forecast, p.forecast - z * sqrt(e.mse * p.growth), p.forecast + z * sqrt(e.mse * p.growth), sqrt(e.mse)
  from points p cross join errors e cross join stats.normal_quantile(1 - alpha / 2) z
  order by p.place
$$;

comment on function stats.exponential_smoothing(
  double precision[], double precision, double precision, integer, double precision, double precision, double precision
) is
E'One row per point and per step of the horizon: simple exponential smoothing (Brown, 1959), or Holt''s (1957) linear trend when trend_smoothing is given.\nThe band is that of the model with additive errors (Hyndman and others, 2008), from the root mean square of the errors one step ahead.';

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

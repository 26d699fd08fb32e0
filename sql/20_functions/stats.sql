-- Distribution functions. Tails are computed as tails (never 1 - cdf), and exp is guarded: Postgres raises
-- 22003 where C would return 0.
create or replace function stats.exp_or_zero(x double precision) returns double precision
language sql immutable strict parallel safe
set search_path = ''
return case when x < -690 then 0 else exp(x) end;

comment on function stats.exp_or_zero(double precision) is 'exp(x), and 0 below 1e-300: so near the end of a double that the next product would raise.';

create or replace function stats.ln_1p(x double precision) returns double precision
language sql immutable strict parallel safe
set search_path = ''
return case when abs(x) < 1e-17 then x when x < 1 then 2 * atanh(x / (2 + x)) else ln(1 + x) end;

comment on function stats.ln_1p(double precision) is 'ln(1 + x) without loss for small x.';

create or replace function stats.polynomial(coefficients double precision[], x double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  total double precision := 0;
begin
  for i in reverse cardinality(coefficients)..1 loop
    total := total * x + coefficients[i];
  end loop;
  return total;
end
$$;

comment on function stats.polynomial(double precision[], double precision) is 'c1 + c2 x + c3 x^2 + …, by Horner.';

create or replace function stats.ln_gamma(x double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  coefficients constant double precision[] := array[
    57.156235665862923517, -59.597960355475491248, 14.136097974741747174, -0.49191381609762019978,
    .33994649984811888699e-4, .46523628927048575665e-4, -.98374475304879564677e-4, .15808870322491248884e-3,
    -.21026444172410488319e-3, .21743961811521264320e-3, -.16431810653676389022e-3, .84418223983852743293e-4,
    -.26190838401581408670e-4, .36899182659531622704e-5];
  series double precision := 0.99999999999999709182;
  shifted constant double precision := x + 671.0 / 128;
begin
  for i in 1..14 loop
    series := series + coefficients[i] / (x + i);
  end loop;
  return (x + 0.5) * ln(shifted) - shifted + ln(2.5066282746310005 * series / x);
end
$$;

comment on function stats.ln_gamma(double precision) is E'ln of the gamma function, x > 0.\nLanczos (1964) with Godfrey''s coefficients for g = 607/128.';

create or replace function stats.ln_beta_half(a double precision) returns double precision
language sql immutable strict parallel safe
set search_path = ''
return 0.57236494292470008707 - case
  -- The difference of two large gammas loses digits; its series does not.
  when a > 50 then 0.5 * ln(a) - 1 / (8 * a) + 1 / (192 * a ^ 3) - 1 / (640 * a ^ 5)
  else stats.ln_gamma(a + 0.5) - stats.ln_gamma(a)
end;

comment on function stats.ln_beta_half(double precision) is 'ln B(a, 1/2), to full precision also for large a.';

create or replace function stats.beta_fraction(a double precision, b double precision, x double precision)
returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  tiny constant double precision := 1e-30;
  c double precision := 1;
  d double precision := 1 - (a + b) * x / (a + 1);
  total double precision;
  term double precision;
begin
  d := 1 / case when abs(d) < tiny then tiny else d end;
  total := d;
  for m in 1..10000 loop
    for parity in 0..1 loop
      term := case parity
        when 0 then m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        else -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      end;
      d := 1 + term * d;
      d := 1 / case when abs(d) < tiny then tiny else d end;
      c := 1 + term / c;
      c := case when abs(c) < tiny then tiny else c end;
      total := total * c * d;
    end loop;
    exit when abs(c * d - 1) < 1e-15;
  end loop;
  return total;
end
$$;

comment on function stats.beta_fraction(double precision, double precision, double precision) is
E'The continued fraction of the incomplete beta function, for x < (a + 1) / (a + b + 2).\nLentz (1976), as modified by Thompson and Barnett.';

create or replace function stats.t_two_sided_p(t double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  a constant double precision := df / 2;
  ln_y double precision;
  ln_x double precision;
  ln_front double precision;
begin
  if df <= 0 or t = 0 then
    return case when df > 0 then 1 end;
  end if;
  -- p = I_x(df/2, 1/2) with x = df / (df + t^2), all of it in logarithms: t^2 may overflow.
  ln_y := 2 * ln(abs(t)) - ln(df);
  ln_x := case when ln_y > 700 then -ln_y else -stats.ln_1p(stats.exp_or_zero(ln_y)) end;
  ln_front := a * ln_x + 0.5 * (ln_y + ln_x) - stats.ln_beta_half(a);
  if stats.exp_or_zero(ln_x) < (a + 1) / (a + 2.5) then
    return stats.exp_or_zero(ln_front) * stats.beta_fraction(a, 0.5, stats.exp_or_zero(ln_x)) / a;
  end if;
  return 1 - stats.exp_or_zero(ln_front) * stats.beta_fraction(0.5, a, stats.exp_or_zero(ln_y + ln_x)) * 2;
end
$$;

comment on function stats.t_two_sided_p(double precision, double precision) is
'P(|T| >= |t|) for Student''s t with df degrees of freedom; null when df is not positive.';

create or replace function stats.t_two_sided_log10_p(t double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  a constant double precision := df / 2;
  ln_y double precision;
  ln_x double precision;
begin
  if df <= 0 then
    return null;
  elsif stats.t_two_sided_p(t, df) > 1e-290 then
    return log(stats.t_two_sided_p(t, df));
  end if;
  ln_y := 2 * ln(abs(t)) - ln(df);
  ln_x := case when ln_y > 700 then -ln_y else -stats.ln_1p(stats.exp_or_zero(ln_y)) end;
  return (a * ln_x + 0.5 * (ln_y + ln_x) - stats.ln_beta_half(a)
    + ln(stats.beta_fraction(a, 0.5, stats.exp_or_zero(ln_x)) / a)) / ln(10::double precision);
end
$$;

comment on function stats.t_two_sided_log10_p(double precision, double precision) is
'log10 of P(|T| >= |t|), which goes on where a double ends.';

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
    return q * stats.polynomial(array[
        3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
        45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727], r)
      / stats.polynomial(array[
        1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
        21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610], r);
  end if;
  r := sqrt(-ln(case when q < 0 then p else 1 - p end));
  return sign(q) * case when r <= 5 then
    stats.polynomial(array[
      1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
      1.27045825245236838258, .241780725177450611770, .0227238449892691845833, 7.74545014278341407640e-4], r - 1.6)
    / stats.polynomial(array[
      1, 2.05319162663775882187, 1.67638483018380384940, .689767334985100004550,
      .148103976427480074590, .0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9], r - 1.6)
  else
    stats.polynomial(array[
      6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, .296560571828504891230,
      .0265321895265761230930, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7], r - 5)
    / stats.polynomial(array[
      1, .599832206555887937690, .136929880922735805310, .0148753612908506148525,
      7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15], r - 5)
  end;
end
$$;

comment on function stats.normal_quantile(double precision) is E'The normal quantile of p, 0 < p < 1.\nWichura (1988), algorithm AS 241.';

create or replace function stats.t_critical(alpha double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  u double precision;
  p double precision;
  ln_density double precision;
  step double precision;
begin
  if not (alpha > 0 and alpha < 1 and df > 0) then
    return null;
  end if;
  -- ln p is concave in u = ln t, so Newton overshoots once and then comes down to the root without a bracket.
  u := ln(stats.normal_quantile(1 - alpha / 2));
  for round in 1..60 loop
    p := stats.t_two_sided_p(exp(u), df);
    ln_density := -0.5 * ln(df) - stats.ln_beta_half(df / 2) - (df + 1) / 2 * stats.ln_1p(exp(2 * u) / df);
    step := (ln(p) - ln(alpha)) * p / (2 * exp(ln_density + u));
    u := u + step;
    exit when abs(step) < 1e-14;
  end loop;
  return exp(u);
end
$$;

comment on function stats.t_critical(double precision, double precision) is
'The t with P(|T| >= t) = alpha, for df degrees of freedom; half the width of an interval in standard errors.';

create or replace function stats.gamma_upper(a double precision, x double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  front constant double precision := stats.exp_or_zero(a * ln(x) - x - stats.ln_gamma(a));
  term double precision := 1 / a;
  total double precision := 1 / a;
  b double precision := x + 1 - a;
  c double precision := 1e30;
  d double precision;
begin
  if x < a + 1 then
    for n in 1..10000 loop
      term := term * x / (a + n);
      total := total + term;
      exit when term < total * 1e-16;
    end loop;
    return 1 - front * total;
  end if;
  d := 1 / b;
  total := d;
  for n in 1..10000 loop
    term := -n * (n - a);
    b := b + 2;
    d := 1 / (term * d + b);
    c := b + term / c;
    total := total * c * d;
    exit when abs(c * d - 1) < 1e-15;
  end loop;
  return front * total;
end
$$;

comment on function stats.gamma_upper(double precision, double precision) is
'The regularised upper incomplete gamma function Q(a, x), a > 0, x > 0: series below a + 1, Lentz'' fraction above.';

create or replace function stats.chi2_sf(x double precision, df double precision) returns double precision
language sql immutable strict parallel safe
set search_path = ''
return case when df <= 0 or x < 0 then null when x = 0 then 1 else stats.gamma_upper(df / 2, x / 2) end;

comment on function stats.chi2_sf(double precision, double precision) is
'P(X >= x) for chi-square with df degrees of freedom; null when df is not positive.';

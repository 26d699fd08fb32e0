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

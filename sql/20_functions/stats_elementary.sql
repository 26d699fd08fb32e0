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

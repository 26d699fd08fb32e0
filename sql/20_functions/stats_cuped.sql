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

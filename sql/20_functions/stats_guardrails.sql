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

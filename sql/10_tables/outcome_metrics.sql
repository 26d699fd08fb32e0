create table public.outcome_metrics (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint outcome_metrics_workspace_id_fkey references public.workspaces (id) on delete cascade,
  key text not null constraint outcome_metrics_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  description text not null default '',
  kind text not null constraint outcome_metrics_kind_known
    check (kind in ('proportion', 'mean', 'count', 'ratio', 'quantile', 'duration')),
  unit text not null default '',
  direction text not null default 'increase'
    constraint outcome_metrics_direction_known check (direction in ('increase', 'decrease')),
  attribution_window interval not null default interval '7 days'
    constraint outcome_metrics_window_positive check (attribution_window > interval '0')
    -- A moment and a window must stay within the calendar: the compactor adds them for everybody.
    constraint outcome_metrics_window_bounded check (attribution_window <= interval '10 years'),
  join_key text not null default 'subject' constraint outcome_metrics_join_key_known
    check (join_key in ('subject', 'conversation', 'inference', 'business_key')),
  when_absent text not null default 'exclude'
    constraint outcome_metrics_when_absent_known check (when_absent in ('zero', 'exclude')),
  per_subject text constraint outcome_metrics_per_subject_known check (per_subject in ('sum', 'mean', 'max')),
  source text not null default 'outcomes' constraint outcome_metrics_source_known
    check (source in ('outcomes', 'latency_ms', 'cost_usd', 'input_tokens', 'output_tokens', 'calls', 'errors')),
  numerator_metric_id uuid,
  denominator_metric_id uuid,
  quantile double precision,
  created_at timestamptz not null default private.now(),
  archived_at timestamptz,
  constraint outcome_metrics_key_unique unique (workspace_id, key),
  constraint outcome_metrics_in_workspace unique (workspace_id, id),
  constraint outcome_metrics_numerator_fkey foreign key (workspace_id, numerator_metric_id)
    references public.outcome_metrics (workspace_id, id) on delete restrict,
  constraint outcome_metrics_denominator_fkey foreign key (workspace_id, denominator_metric_id)
    references public.outcome_metrics (workspace_id, id) on delete restrict,
  constraint outcome_metrics_ratio_whole
    check (num_nonnulls(numerator_metric_id, denominator_metric_id) = case kind when 'ratio' then 2 else 0 end),
  constraint outcome_metrics_quantile_inside
    check (case kind when 'quantile' then quantile > 0 and quantile < 1 and quantile is not null else quantile is null end)
);

create index outcome_metrics_numerator on public.outcome_metrics (workspace_id, numerator_metric_id);
create index outcome_metrics_denominator on public.outcome_metrics (workspace_id, denominator_metric_id);

comment on table public.outcome_metrics is 'What is counted: a booked call, a resolution time, a CSAT answer.';
comment on column public.outcome_metrics.id is 'Time-ordered uuid.';
comment on column public.outcome_metrics.workspace_id is 'The workspace.';
comment on column public.outcome_metrics.key is 'The name that code uses: unique in the workspace; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.outcome_metrics.name is 'What people call it.';
comment on column public.outcome_metrics.description is 'How it is measured.';
comment on column public.outcome_metrics.kind is 'proportion, mean, count, ratio, quantile or duration.';
comment on column public.outcome_metrics.unit is 'Unit of a value, for instance EUR or seconds.';
comment on column public.outcome_metrics.direction is 'Which way is better: increase or decrease.';
comment on column public.outcome_metrics.attribution_window is 'An outcome counts from the first exposure until this much later, the end excluded.';
comment on column public.outcome_metrics.join_key is 'The key that its outcomes usually carry: subject, conversation, inference or business_key.';
comment on column public.outcome_metrics.when_absent is 'A subject without an outcome counts as zero, or is excluded.';
comment on column public.outcome_metrics.per_subject is E'How several outcomes of one subject become one number: sum, mean or max.\nNull means: max for a proportion, sum for a count, else sum when absence is zero and mean when it is excluded.';
comment on column public.outcome_metrics.source is 'What its events are: outcomes, as record_outcomes brings them; or every inference, with its latency_ms, cost_usd, input_tokens, output_tokens, as one of the calls, or as one of the errors (1 if it failed, else 0).';
comment on column public.outcome_metrics.numerator_metric_id is 'Kind ratio: the metric above the line. Neither half is a ratio or a quantile itself.';
comment on column public.outcome_metrics.denominator_metric_id is 'Kind ratio: the metric below the line.';
comment on column public.outcome_metrics.quantile is 'Kind quantile: which one, between 0 and 1; 0.5, the median, when it is not said. Null for other kinds.';
comment on column public.outcome_metrics.created_at is 'When it was defined.';
comment on column public.outcome_metrics.archived_at is 'Since when nothing new may use it; null while it is offered. Set by archive_object.';

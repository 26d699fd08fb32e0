-- What the ledger's changes are estimated to have done, kept so that reading costs nothing. Derived from the daily tier.
create table private.change_marks (
  change_id uuid primary key,
  workspace_id uuid not null
    constraint change_marks_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid,
  capability_id uuid,
  intent_id uuid,
  provider text,
  requested_model text,
  occurred_at timestamptz not null,
  is_estimated boolean not null,
  story uuid not null,
  fields text[],
  fields_experiment_id uuid,
  fields_from integer,
  fields_to integer,
  fields_note text,
  evidence_experiment_id uuid,
  evidence_variant_id uuid,
  evidence_sign integer,
  refresh_at timestamptz,
  constraint change_marks_change_id_fkey foreign key (workspace_id, change_id)
    references public.changes (workspace_id, id) on delete restrict
);

create index change_marks_change_id on private.change_marks (workspace_id, change_id);
create index change_marks_refresh_at on private.change_marks (refresh_at);

comment on table private.change_marks is 'One row per change that could have moved an outcome: its scope, what it changed, and where randomised evidence of it is.';
comment on column private.change_marks.change_id is 'The change.';
comment on column private.change_marks.workspace_id is 'The workspace.';
comment on column private.change_marks.environment_id is 'Where; null for everywhere.';
comment on column private.change_marks.capability_id is 'To which capability; null for all.';
comment on column private.change_marks.intent_id is 'For which intent; null for all.';
comment on column private.change_marks.provider is 'Of a provider''s model: the provider.';
comment on column private.change_marks.requested_model is 'Of a provider''s model: the model that was asked for.';
comment on column private.change_marks.occurred_at is 'When.';
comment on column private.change_marks.is_estimated is 'True for what the days around it are asked about: deployments and providers'' models.';
comment on column private.change_marks.story is 'Changes that belong together, as the moves of one ramp do, share it; they do not compete.';
comment on column private.change_marks.fields is 'Of a deployment: the fields in which the version differs from the one before.';
comment on column private.change_marks.fields_experiment_id is 'The factorial experiment that ran its two versions and everything between them.';
comment on column private.change_marks.fields_from is 'The cell of that experiment which ran the version before.';
comment on column private.change_marks.fields_to is 'The cell which ran the version after.';
comment on column private.change_marks.fields_note is 'What can be said of its fields; null when it changed one thing.';
comment on column private.change_marks.evidence_experiment_id is 'The experiment whose effect is this change''s.';
comment on column private.change_marks.evidence_variant_id is 'Of a deployment: the arm that compares exactly its two versions.';
comment on column private.change_marks.evidence_sign is 'Turns that arm minus control into after minus before.';
comment on column private.change_marks.refresh_at is 'When another day of it closes; null when the comparison is over.';

create table private.change_estimates (
  change_id uuid not null,
  metric_id uuid not null,
  workspace_id uuid not null
    constraint change_estimates_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid,
  grade text constraint change_estimates_grade_known check (grade in ('B', 'C', 'not separable')),
  method text not null,
  difference double precision,
  std_error double precision,
  degrees_of_freedom double precision,
  ci_low double precision,
  ci_high double precision,
  p_value double precision,
  mean_before double precision,
  mean_after double precision,
  n_before bigint not null,
  n_after bigint not null,
  days_before integer not null,
  days_after integer not null,
  matched_share double precision,
  pre_trend_p_value double precision,
  compared_with text,
  joint_with uuid[] not null default '{}',
  first_day date not null,
  last_day date not null,
  reason_code text,
  as_of timestamptz not null,
  assumption text,
  primary key (change_id, metric_id),
  constraint change_estimates_change_id_fkey foreign key (workspace_id, change_id)
    references public.changes (workspace_id, id) on delete restrict,
  constraint change_estimates_metric_id_fkey foreign key (workspace_id, metric_id)
    references public.outcome_metrics (workspace_id, id) on delete cascade
);

create index change_estimates_change_id on private.change_estimates (workspace_id, change_id);
create index change_estimates_metric_id on private.change_estimates (workspace_id, metric_id);
create index change_estimates_days on private.change_estimates (workspace_id, last_day);

comment on table private.change_estimates is 'One row per change × metric with data in its scope: what the days around it say.';
comment on column private.change_estimates.change_id is 'The change.';
comment on column private.change_estimates.metric_id is 'The metric.';
comment on column private.change_estimates.workspace_id is 'The workspace.';
comment on column private.change_estimates.environment_id is 'Where the change happened.';
comment on column private.change_estimates.grade is 'B, C or not separable; null when there is nothing to grade.';
comment on column private.change_estimates.method is 'difference_in_differences, interrupted_series or before_after.';
comment on column private.change_estimates.difference is 'After minus before, less what the comparison moved.';
comment on column private.change_estimates.std_error is 'Its standard error between days.';
comment on column private.change_estimates.degrees_of_freedom is 'Welch and Satterthwaite''s, of days.';
comment on column private.change_estimates.ci_low is 'Lower end of the 95 % interval.';
comment on column private.change_estimates.ci_high is 'Upper end.';
comment on column private.change_estimates.p_value is 'Two-sided.';
comment on column private.change_estimates.mean_before is 'What the customers after would have had before.';
comment on column private.change_estimates.mean_after is 'What they had.';
comment on column private.change_estimates.n_before is 'Unit-days before.';
comment on column private.change_estimates.n_after is 'Unit-days after.';
comment on column private.change_estimates.days_before is 'Days before.';
comment on column private.change_estimates.days_after is 'Days after.';
comment on column private.change_estimates.matched_share is 'Share of the unit-days after that have their like before.';
comment on column private.change_estimates.pre_trend_p_value is 'Of a difference in differences: whether the trends differed before.';
comment on column private.change_estimates.compared_with is 'intents or capabilities that it did not touch.';
comment on column private.change_estimates.joint_with is 'Other changes that came within a week: the effect is of all together.';
comment on column private.change_estimates.first_day is 'First day that was looked at.';
comment on column private.change_estimates.last_day is 'Last day that was looked at.';
comment on column private.change_estimates.reason_code is 'Why there is no effect.';
comment on column private.change_estimates.as_of is 'When it was computed.';
comment on column private.change_estimates.assumption is 'What has to be true for it to be the change''s doing, in words.';

create table private.change_requests (
  change_id uuid not null,
  metric_id uuid not null,
  workspace_id uuid not null
    constraint change_requests_workspace_id_fkey references public.workspaces (id) on delete restrict,
  as_of timestamptz not null,
  first_day date not null,
  days_after integer not null,
  difference double precision,
  primary key (change_id, metric_id),
  constraint change_requests_change_id_fkey foreign key (workspace_id, change_id)
    references public.changes (workspace_id, id) on delete restrict,
  constraint change_requests_metric_id_fkey foreign key (workspace_id, metric_id)
    references public.outcome_metrics (workspace_id, id) on delete cascade
);

create index change_requests_change_id on private.change_requests (workspace_id, change_id);
create index change_requests_metric_id on private.change_requests (workspace_id, metric_id);

comment on table private.change_requests is 'One row per change × metric whose series a worker was asked for: when last, and of which days.';
comment on column private.change_requests.change_id is 'The change.';
comment on column private.change_requests.metric_id is 'The metric.';
comment on column private.change_requests.workspace_id is 'The workspace.';
comment on column private.change_requests.as_of is 'When it was asked: the result of the same as_of answers it.';
comment on column private.change_requests.first_day is 'The first day before.';
comment on column private.change_requests.days_after is 'How many days there were after.';
comment on column private.change_requests.difference is 'What before and after said then.';

create or replace view public.timeline with (security_invoker = true) as
select c.id, c.workspace_id, c.occurred_at, c.kind, c.summary, c.detail, c.environment_id, c.capability_id, c.action_id,
  c.intent_id, c.experiment_id, c.variant_id, c.deployment_id, c.actor_kind, c.actor_id, c.recorded_at, c.supersedes_id
from public.changes c
where not exists (
  select from public.changes n where n.workspace_id = c.workspace_id and n.supersedes_id = c.id);

comment on view public.timeline is E'One row per entry of the ledger that nothing has corrected: what a chart should mark.\nchanges keeps the corrected ones too.';

-- The columns are those of changes, and so are their sentences.
do $$
declare
  shown record;
begin
  for shown in
    select a.attname as name, col_description('public.changes'::regclass, b.attnum) as words
    from pg_attribute a
    join pg_attribute b on b.attrelid = 'public.changes'::regclass and b.attname = a.attname
    where a.attrelid = 'public.timeline'::regclass and a.attnum > 0
  loop
    execute format('comment on column public.timeline.%I is %L', shown.name, shown.words);
  end loop;
end
$$;

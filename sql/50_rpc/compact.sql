create or replace function public.compact() returns jsonb
language sql volatile
set search_path = ''
-- The API ends a statement after eight seconds: a large experiment would never be computed anew.
set statement_timeout = '600s'
return private.compact();

comment on function public.compact() is E'Worker only: one tick of the compactor, which counts into results what was committed since the last one.\nSafe to call from several workers at once: state says moved, idle, or busy when another one is at it.';

create or replace function public.compact_days() returns jsonb
language sql volatile
set search_path = ''
set statement_timeout = '600s'
return private.compact_days();

comment on function public.compact_days() is E'Worker only: one tick of the daily tier, which follows the compactor by some seconds and never holds it up.\nSafe to call from several workers at once: state says moved, idle, or busy when another one is at it.';

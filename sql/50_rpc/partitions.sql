create or replace function public.keep_partitions_v1() returns jsonb
language sql volatile
set search_path = ''
return private.keep_partitions();

comment on function public.keep_partitions_v1() is E'Worker only: makes the months of raw events that are still missing, this one and the next two.\nReturns {made: the new partitions, busy: true when writers went first and it is to be called again}.';

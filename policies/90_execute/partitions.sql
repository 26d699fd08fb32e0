-- The worker alone.
grant execute on function public.keep_partitions_v1(), private.keep_partitions() to service_role;

-- The distribution functions give the textbook's numbers here too, whatever the build of this Postgres.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = public, extensions;

select plan(5);

create function pg_temp.near(found double precision, expected double precision, what text) returns text
language sql as $$ select ok(abs(found / expected - 1) < 1e-9, what || ' = ' || found) $$;

select pg_temp.near(stats.t_two_sided_p(2.0, 10), 0.07338803477074037, 't, two-sided');
select pg_temp.near(stats.t_critical(0.05, 10), 2.2281388519862753, 't, critical');
select pg_temp.near(stats.chi2_sf(3.841458820694124, 1), 0.05, 'chi-square');
select pg_temp.near(stats.normal_quantile(0.975), 1.959963984540054, 'normal quantile');
select is(private.bucket('salt', 'variant', 'ann'), 4990, 'the bucket of the shared vectors');

select * from finish();
rollback;

"""The questions we ask the catalogue. Parameters: the exposed schemas' names, as `%(schemas)s`."""

TABLES = """
with base as (
  select t.oid, pg_catalog.pg_basetype(t.oid) as base from pg_catalog.pg_type t
),
cols as (
  select
    a.attrelid,
    pg_catalog.json_agg(pg_catalog.json_build_object(
      'name', a.attname,
      'description', pg_catalog.col_description(a.attrelid, a.attnum),
      'nullable', not (a.attnotnull or (t.typtype = 'd' and t.typnotnull)),
      'type', case
        when t.typtype = 'd' and bt.typnamespace = 'pg_catalog'::regnamespace then pg_catalog.format_type(b.base, null)
        when t.typtype <> 'd' and t.typnamespace = 'pg_catalog'::regnamespace then pg_catalog.format_type(t.oid, null)
        else pg_catalog.format_type(a.atttypid, a.atttypmod)
      end,
      'nominal_type', pg_catalog.format_type(a.atttypid, a.atttypmod),
      'max_length', case
        when bt.oid in ('pg_catalog.bpchar'::regtype, 'pg_catalog.varchar'::regtype)
          then nullif(case when t.typtype = 'd' then t.typtypmod else a.atttypmod end, -1) - 4
        when bt.oid in ('pg_catalog.bit'::regtype, 'pg_catalog.varbit'::regtype)
          then nullif(case when t.typtype = 'd' then t.typtypmod else a.atttypmod end, -1)
      end,
      'default', case
        when a.attidentity = 'd' then pg_catalog.format('nextval(%%L)', s.objid::regclass)
        when a.attgenerated = 's' then null
        when ad.adbin is null and t.typbasetype <> 0 then pg_catalog.pg_get_expr(t.typdefaultbin, 0)
        else pg_catalog.pg_get_expr(ad.adbin, ad.adrelid)
      end,
      'enum', (select pg_catalog.json_agg(e.enumlabel order by e.enumsortorder)
               from pg_catalog.pg_enum e where e.enumtypid = b.base)
    ) order by a.attnum) as columns
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class c on c.oid = a.attrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_type t on t.oid = a.atttypid
  join base b on b.oid = t.oid
  join pg_catalog.pg_type bt on bt.oid = b.base
  left join pg_catalog.pg_attrdef ad on ad.adrelid = a.attrelid and ad.adnum = a.attnum
  left join pg_catalog.pg_depend s
    on s.refobjid = a.attrelid and s.refobjsubid = a.attnum and s.deptype = 'i'
    and s.classid = 'pg_catalog.pg_class'::regclass
  where n.nspname = any(%(schemas)s) and a.attnum > 0 and not a.attisdropped
    and c.relkind in ('r', 'v', 'f', 'm', 'p')
  group by a.attrelid
)
select
  n.nspname::text as schema,
  c.relname::text as name,
  pg_catalog.obj_description(c.oid, 'pg_class') as description,
  c.relkind in ('v', 'm') as is_view,
  c.relkind in ('r', 'p') or (c.relkind in ('v', 'f') and w.events & 8 = 8) as insertable,
  c.relkind in ('r', 'p') or (c.relkind in ('v', 'f') and w.events & 4 = 4) as updatable,
  c.relkind in ('r', 'p') or (c.relkind in ('v', 'f') and w.events & 16 = 16) as deletable,
  coalesce((
    select pg_catalog.array_agg(a.attname::text order by a.attname)
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
    where k.conrelid = c.oid and k.contype = 'p'
  ), '{}') as primary_key,
  coalesce(cols.columns, '[]') as columns
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
cross join lateral (select pg_catalog.pg_relation_is_updatable(c.oid, true) as events) w
left join cols on cols.attrelid = c.oid
where n.nspname = any(%(schemas)s) and c.relkind in ('r', 'v', 'f', 'm', 'p') and not c.relispartition
order by 1, 2
"""

# Keys of every schema: an exposed view may show a table of a hidden one.
KEYS = """
select
  k.conname::text as constraint,
  k.contype::text as kind,
  ns.nspname::text as schema,
  src.relname::text as name,
  pg_catalog.array(
    select a.attname::text from pg_catalog.unnest(k.conkey) with ordinality u(num, i)
    join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num order by u.i
  ) as columns,
  fs.nspname::text as foreign_schema,
  dst.relname::text as foreign_name,
  pg_catalog.array(
    select a.attname::text from pg_catalog.unnest(k.confkey) with ordinality u(num, i)
    join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num order by u.i
  ) as foreign_columns,
  k.conparentid <> 0 as is_of_partition
from pg_catalog.pg_constraint k
join pg_catalog.pg_class src on src.oid = k.conrelid
join pg_catalog.pg_namespace ns on ns.oid = src.relnamespace
left join pg_catalog.pg_class dst on dst.oid = k.confrelid
left join pg_catalog.pg_namespace fs on fs.oid = dst.relnamespace
where k.contype in ('p', 'u', 'f') and ns.nspname not in ('pg_catalog', 'information_schema')
order by src.oid, k.conname
""".replace("pg_catalog.array(", "array(")

VIEWS = """
select
  n.nspname::text as schema,
  c.relname::text as name,
  c.oid::int8 as id,
  n.nspname = any(%(schemas)s) as exposed,
  r.ev_action::text as definition,
  (select pg_catalog.json_object_agg(a.attnum, a.attname)
   from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0) as columns
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_rewrite r on r.ev_class = c.oid and r.ev_type = '1'
where c.relkind in ('v', 'm') and n.nspname = any(%(schemas)s || %(search_path)s::text[])
  and n.nspname not in ('pg_catalog', 'information_schema')
"""

ORIGINS = """
select a.attrelid::int8 as id, n.nspname::text as schema, c.relname::text as name,
  pg_catalog.json_object_agg(a.attnum, a.attname) as columns
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where a.attrelid = any(%(ids)s::oid[]) and a.attnum > 0
group by 1, 2, 3
"""

ROW_FUNCTIONS = """
select
  pn.nspname::text as schema, p.proname::text as name,
  an.nspname::text as source_schema, arg.typname::text as source_name,
  rn.nspname::text as target_schema, ret.typname::text as target_name,
  not p.proretset or p.prorows = 1 as to_one
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace pn on pn.oid = p.pronamespace
join pg_catalog.pg_type arg on arg.oid = p.proargtypes[0]
join pg_catalog.pg_class ac on ac.reltype = arg.oid and ac.relkind in ('v', 'r', 'm', 'f', 'p')
join pg_catalog.pg_namespace an on an.oid = arg.typnamespace
join pg_catalog.pg_type ret on ret.oid = p.prorettype
join pg_catalog.pg_class rc on rc.reltype = ret.oid and rc.relkind in ('v', 'r', 'm', 'f', 'p')
join pg_catalog.pg_namespace rn on rn.oid = ret.typnamespace
where p.pronargs = 1 and p.prokind = 'f'
order by p.oid
"""

ROUTINES = """
with args as (
  select
    p.oid,
    pg_catalog.json_agg(pg_catalog.json_build_object(
      'name', coalesce(u.name, ''),
      'type', u.type::regtype::text,
      'wide_type', case u.type
        when 'pg_catalog.bit'::regtype then 'bit varying'
        when 'pg_catalog.bit[]'::regtype then 'bit varying[]'
        when 'pg_catalog.bpchar'::regtype then 'character varying'
        when 'pg_catalog.bpchar[]'::regtype then 'character varying[]'
        else u.type::regtype::text
      end,
      'required', u.i <= p.pronargs - p.pronargdefaults,
      'variadic', coalesce(u.mode = 'v', false)
    ) order by u.i) as parameters,
    case pg_catalog.count(*) - pg_catalog.count(nullif(u.name, ''))
      when 0 then true
      when 1 then pg_catalog.count(*) = 1 and (pg_catalog.array_agg(u.type))[1] in
        ('bytea'::regtype, 'json'::regtype, 'jsonb'::regtype, 'text'::regtype, 'xml'::regtype)
      else false
    end as callable
  from pg_catalog.pg_proc p
  cross join lateral (
    select x.name, x.type, x.mode, pg_catalog.row_number() over (order by x.n) as i
    from unnest(p.proargnames, coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargmodes)
      with ordinality x(name, type, mode, n)
    where x.type is not null and coalesce(x.mode, 'i') in ('i', 'b', 'v')
  ) u
  group by p.oid
)
select
  pn.nspname::text as schema,
  p.proname::text as name,
  pg_catalog.obj_description(p.oid, 'pg_proc') as description,
  coalesce(a.parameters, '[]') as parameters,
  tn.nspname::text as return_schema,
  coalesce(rel.relname, t.typname)::text as return_name,
  p.proretset as returns_set,
  t.typtype = 'c' or coalesce(p.proargmodes::text[] && '{t,b,o}', false) as returns_composite,
  case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility,
  coalesce(p.proconfig, '{}') as settings,
  pg_catalog.has_function_privilege(p.oid, 'execute') as executable
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace pn on pn.oid = p.pronamespace
join pg_catalog.pg_type t on t.oid = pg_catalog.pg_basetype(p.prorettype)
join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace
left join pg_catalog.pg_class rel on rel.oid = t.typrelid
left join args a on a.oid = p.oid
where pn.nspname = any(%(schemas)s) and p.prokind = 'f'
  and t.oid <> 'pg_catalog.trigger'::regtype and t.oid <> 'pg_catalog.event_trigger'::regtype
  and coalesce(a.callable, true)
order by p.oid
"""

REPRESENTATIONS = """
select
  c.castsource::regtype::text as source, c.casttarget::regtype::text as target, c.castfunc::regproc::text as function
from pg_catalog.pg_cast c
join pg_catalog.pg_type s on s.oid = c.castsource
join pg_catalog.pg_type t on t.oid = c.casttarget
where c.castcontext = 'i' and c.castmethod = 'f' and pg_catalog.has_function_privilege(c.castfunc, 'execute')
  and ((s.typtype = 'd' and c.casttarget in ('json'::regtype, 'text'::regtype))
    or (t.typtype = 'd' and c.castsource in ('json'::regtype, 'text'::regtype)))
"""

HANDLERS = """
with media as (
  select t.oid, pg_catalog.lower(t.typname) as name, tn.nspname, t.typname
  from pg_catalog.pg_type t
  join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace
  where t.typtype = 'd' and (t.typname ~* '^[a-z0-9.-]+/[a-z0-9.+-]+$' or t.typname = '*/*')
)
select
  pn.nspname::text as schema, p.proname::text as name,
  an.nspname::text as target_schema, arg.typname::text as target_name, m.name::text as media_type
from media m
join pg_catalog.pg_proc p on p.prorettype = m.oid and p.prokind = 'a' and p.pronargs = 1
join pg_catalog.pg_namespace pn on pn.oid = p.pronamespace
join pg_catalog.pg_type arg on arg.oid = p.proargtypes[0]
join pg_catalog.pg_namespace an on an.oid = arg.typnamespace
where pn.nspname = any(%(schemas)s) and (arg.typrelid <> 0 or arg.typname = 'anyelement')
union all
select m.nspname::text, m.typname::text, pn.nspname::text, p.proname::text, m.name::text
from media m
join pg_catalog.pg_proc p on p.prorettype = m.oid and p.prokind = 'f' and not p.proretset
join pg_catalog.pg_namespace pn on pn.oid = p.pronamespace
where pn.nspname = any(%(schemas)s)
"""

ROLE_SETTINGS = """
select r.rolname::text as role, split.name, split.value
from pg_catalog.pg_auth_members m
join pg_catalog.pg_roles r on r.oid = m.roleid
join pg_catalog.pg_db_role_setting s on s.setrole = r.oid
  and s.setdatabase in (0, (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()))
cross join lateral pg_catalog.unnest(s.setconfig) with ordinality as item(setting, i)
cross join lateral (select
  pg_catalog.split_part(item.setting, '=', 1) as name,
  pg_catalog.substr(item.setting, pg_catalog.strpos(item.setting, '=') + 1) as value
) split
join pg_catalog.pg_settings ps on ps.name = split.name
where m.member = (select oid from pg_catalog.pg_roles where rolname = current_user)
  and (ps.context = 'user' or pg_catalog.has_parameter_privilege(current_user, split.name, 'set'))
order by r.rolname, s.setdatabase, item.i
"""

SESSION_SETTINGS = """
select name, pg_catalog.current_setting('pgrst.' || name, true) as value
from pg_catalog.unnest(%(names)s::text[]) as name
where pg_catalog.current_setting('pgrst.' || name, true) <> ''
"""
DATABASE_SETTINGS = """
select distinct on (name)
  pg_catalog.substr(split.name, 7) as name, split.value
from pg_catalog.pg_db_role_setting s
cross join lateral pg_catalog.unnest(s.setconfig) as item(setting)
cross join lateral (select
  pg_catalog.split_part(item.setting, '=', 1) as name,
  pg_catalog.substr(item.setting, pg_catalog.strpos(item.setting, '=') + 1) as value
) split
where s.setrole = (select oid from pg_catalog.pg_roles where rolname = current_user)
  and s.setdatabase in (0, (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()))
  and split.name like 'pgrst.%%'
order by name, s.setdatabase desc
"""

-- One broadcast on its way to the sockets: written in the caller's transaction, read from the log after commit.
create table if not exists realtime.messages (
  topic text not null,
  extension text not null,
  payload jsonb,
  event text,
  private boolean default false,
  updated_at timestamp not null default now(),
  inserted_at timestamp not null default now(),
  id uuid not null default gen_random_uuid(),
  binary_payload bytea,
  primary key (id, inserted_at)
) partition by range (inserted_at);

alter table realtime.messages owner to supabase_realtime_admin;
alter table realtime.messages enable row level security;
grant select, insert, update on table realtime.messages to postgres, anon, authenticated, service_role;
grant all on table realtime.messages to postgres, dashboard_user;

create index if not exists messages_inserted_at_topic_index
  on realtime.messages (inserted_at desc, topic) where extension = 'broadcast' and private is true;

comment on table realtime.messages is 'Broadcasts of the last three days, partitioned by day. Policies here say who may read and write which topic.';

create table if not exists realtime.schema_migrations (
  version bigint not null primary key,
  inserted_at timestamp(0)
);
alter table realtime.schema_migrations owner to supabase_realtime_admin;

-- What a project calls: send a broadcast from SQL, and name the topic in a policy.
create or replace function realtime.topic() returns text
language sql stable
as $$
  select nullif(current_setting('realtime.topic', true), '')
$$;

-- Never fails the caller's transaction: hosted turns any error into a warning, so this must too.
create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true)
returns void
language plpgsql
as $$
declare
  message_id uuid := gen_random_uuid();
begin
  begin
    if not payload ? 'id' then
      payload := jsonb_set(payload, '{id}', to_jsonb(message_id));
    end if;
    perform set_config('realtime.topic', topic, true);
    insert into realtime.messages (id, payload, event, topic, private, extension)
    values (message_id, payload, event, topic, private, 'broadcast');
  exception
    when others then
      raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
  end;
end
$$;

create or replace function realtime.send_binary(payload bytea, event text, topic text, private boolean default true)
returns void
language plpgsql
as $$
begin
  begin
    perform set_config('realtime.topic', topic, true);
    insert into realtime.messages (id, binary_payload, event, topic, private, extension)
    values (gen_random_uuid(), payload, event, topic, private, 'broadcast');
  exception
    when others then
      raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
  end;
end
$$;

create or replace function realtime.broadcast_changes(
  topic_name text,
  event_name text,
  operation text,
  table_name text,
  table_schema text,
  new record,
  old record,
  level text default 'ROW'
) returns void
language plpgsql
as $$
begin
  if level = 'STATEMENT' then
    raise exception 'broadcast_changes works on rows: use it in a trigger FOR EACH ROW';
  end if;
  if operation not in ('INSERT', 'UPDATE', 'DELETE') then
    raise exception 'broadcast_changes does not know the operation %', operation
      using hint = 'Pass TG_OP of an insert, update or delete trigger.';
  end if;
  perform realtime.send(
    jsonb_build_object(
      'old_record', old, 'record', new, 'operation', operation, 'table', table_name, 'schema', table_schema
    ),
    event_name,
    topic_name
  );
end
$$;

do $$
declare
  signature text;
begin
  foreach signature in array array[
    'realtime.topic()',
    'realtime.send(jsonb, text, text, boolean)',
    'realtime.send_binary(bytea, text, text, boolean)',
    'realtime.broadcast_changes(text, text, text, text, text, record, record, text)'
  ] loop
    execute format('alter function %s owner to supabase_realtime_admin', signature);
    execute format('grant execute on function %s to postgres, anon, authenticated, service_role, dashboard_user', signature);
  end loop;
end
$$;

comment on function realtime.topic() is 'The topic whose access is being decided; for policies on realtime.messages.';
comment on function realtime.send(jsonb, text, text, boolean) is
  'Broadcasts a JSON object to a topic after commit. An error becomes a warning and the message is lost.';
comment on function realtime.send_binary(bytea, text, text, boolean) is 'Broadcasts bytes to a topic after commit.';
comment on function realtime.broadcast_changes(text, text, text, text, text, record, record, text) is
  'Broadcasts a changed row to a private topic; for row triggers.';

-- A living workspace for local development: a clinic whose assistant books appointments, two months into using Upshot.
-- Made through the public verbs, as the people who would call them. Sign in as priya@northside.test, tom@northside.test,
-- mara@northside.test or eli@northside.test with the password `northside`: known to everybody, so never on a server that
-- others reach. A database that has users already, or whose server archives its log as hosted ones do, gets nothing.
create or replace function pg_temp.seed_is_wanted() returns boolean language sql as $$
  select not exists (select from auth.users) and current_setting('archive_mode') = 'off'
$$;

create or replace function pg_temp.be(who text, ago interval) returns uuid language plpgsql as $$
declare
  person uuid;
begin
  perform set_config('role', 'none', true);
  person := (select u.id from auth.users u where u.email = who || '@northside.test');
  perform set_config('upshot.now', (pg_catalog.now() - ago)::text, true),
    set_config('request.jwt.claims', json_build_object('sub', person, 'role', 'authenticated')::text, true),
    set_config('role', 'authenticated', true);
  return person;
end
$$;

-- The same luck each time: a number from 0 to 1 that belongs to a text.
create or replace function pg_temp.luck(of text) returns double precision language sql immutable as $$
  select ('x' || left(md5(of), 7))::bit(28)::integer / 268435456.0
$$;

create or replace function pg_temp.people() returns void language sql as $$
  insert into auth.users (
    instance_id, id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data,
    confirmation_token, recovery_token, email_change, email_change_token_new, created_at, updated_at)
  select '00000000-0000-0000-0000-000000000000', p.id::uuid, 'authenticated', 'authenticated', p.name || '@northside.test',
    extensions.crypt('northside', extensions.gen_salt('bf', 6)), now(), '{"provider": "email", "providers": ["email"]}',
    jsonb_build_object('name', initcap(p.name)), '', '', '', '', now() - interval '60 days', now()
  from (values
    ('0a11ce00-0000-4000-8000-000000000001', 'priya'), ('0a11ce00-0000-4000-8000-000000000002', 'tom'),
    ('0a11ce00-0000-4000-8000-000000000003', 'mara'), ('0a11ce00-0000-4000-8000-000000000004', 'eli')) as p (id, name);
  insert into auth.identities (provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at)
  select u.id::text, u.id, jsonb_build_object('sub', u.id, 'email', u.email, 'email_verified', true), 'email', now(), now(), now()
  from auth.users u where u.email like '%@northside.test'
$$;

create or replace function pg_temp.say(system_text text, more jsonb default '{}') returns jsonb language sql as $$
  select jsonb_build_object(
    'messages', jsonb_build_array(
      jsonb_build_object('role', 'system', 'content', system_text),
      jsonb_build_object('role', 'user', 'content', '{{request}}')),
    'variables', '{"request": {"type": "string"}, "clinic": {"type": "string"}}'::jsonb,
    'provider', 'local', 'model', 'smollm2-135m', 'params', '{"temperature": 0.2}'::jsonb) || more
$$;

create or replace function pg_temp.commit(prompt text, branch text, said jsonb, message text) returns uuid language sql as $$
  select (public.commit_version(
    prompt_id => (select p.id from public.prompts p where p.key = prompt), branch => branch,
    messages => said -> 'messages', variables => said -> 'variables', provider => said ->> 'provider',
    model => said ->> 'model', params => said -> 'params', message => message)).id
$$;

create or replace function pg_temp.version(prompt text, number integer) returns uuid language sql as $$
  select v.id from public.prompt_versions v join public.prompts p on p.id = v.prompt_id
  where p.key = prompt and v.number = version.number
$$;

do $$
declare
  workspace uuid;
  goal uuid;
  colleague text;
  role text;
  invitation jsonb;
begin
  if not pg_temp.seed_is_wanted() then
    raise notice 'The seed is for an empty local database: nothing was added.';
    return;
  end if;
  perform pg_temp.people();
  perform pg_temp.be('priya', '60 days');
  workspace := (public.create_workspace('Northside Clinic', 'northside') ->> 'workspace_id')::uuid;

  insert into public.capabilities (workspace_id, key, name, description) values
    (workspace, 'BookAppointment', 'Book an appointment', 'From the first message to a time in the calendar.'),
    (workspace, 'AnswerQuestion', 'Answer a question', 'Opening hours, prices, preparation for an examination.');
  goal := (select c.id from public.capabilities c where c.key = 'BookAppointment');
  insert into public.actions (workspace_id, capability_id, key, name, position) values
    (workspace, goal, 'UserLookup', 'Find the patient', 1), (workspace, goal, 'GetAvailability', 'Find free times', 2),
    (workspace, goal, 'Book', 'Book the time', 3);
  insert into public.intents (workspace_id, key, name, description) values
    (workspace, 'ScheduleMeeting', 'Schedule', 'Wants an appointment.'), (workspace, 'CancelMeeting', 'Cancel', 'Wants out of one.'),
    (workspace, 'AskPrice', 'Ask for a price', 'Wants to know what it costs.');
  insert into public.intent_examples (workspace_id, intent_id, text)
  select workspace, i.id, e.text from public.intents i join (values
    ('ScheduleMeeting', 'I need to see a doctor this week'), ('ScheduleMeeting', 'book me in for a check-up'),
    ('CancelMeeting', 'I cannot come tomorrow'), ('AskPrice', 'how much is a first visit?')) as e (key, text) using (key);
  insert into public.outcome_metrics (workspace_id, key, name, description, kind, unit, direction, when_absent, attribution_window) values
    (workspace, 'booked', 'Booked calls', 'An appointment stands in the calendar.', 'proportion', '', 'increase', 'zero', '1 day'),
    (workspace, 'escalated', 'Escalated', 'A person had to take over.', 'proportion', '', 'decrease', 'zero', '1 day'),
    (workspace, 'time_to_book', 'Time to book', 'From the first message to the booking.', 'duration', 's', 'decrease', 'exclude', '1 day'),
    (workspace, 'csat', 'Satisfaction', 'The answer of 1 to 5 after the call.', 'mean', 'points', 'increase', 'exclude', '1 day');
  perform public.create_prompt('booking', 'Booking assistant', 'BookAppointment');
  perform public.create_prompt('availability', 'Free times', 'BookAppointment', 'GetAvailability');
  perform public.create_prompt('questions', 'Questions', 'AnswerQuestion');

  for colleague, role, invitation in select * from (values
    ('tom', 'prompt_engineer', null::jsonb), ('mara', 'operations', null), ('eli', 'viewer', null)) as c
  loop
    -- Invitations end by the real clock.
    perform pg_temp.be('priya', '0 days');
    invitation := public.invite_member(colleague || '@northside.test', role);
    perform pg_temp.be(colleague, '58 days');
    perform public.accept_invitation(token => invitation ->> 'token');
  end loop;
  perform set_config('role', 'none', true);
  update public.invitations set created_at = now() - interval '59 days', expires_at = now() - interval '52 days';
  perform pg_temp.be('priya', '0 days');
  perform public.create_api_key('booking server', array['workspace.read', 'decisions.make', 'events.write'], array['production']);
  perform public.invite_member('new-colleague@northside.test', 'engineer', 720);
end
$$;

-- Versions, and what was live when: a publish that went wrong and was rolled back.
do $$
declare
  first uuid;
  polite uuid;
  hasty uuid;
  times uuid;
  assistant uuid;
begin
  if not exists (select from public.workspaces where slug = 'northside') or exists (select from public.prompt_versions) then
    return;
  end if;
  perform pg_temp.be('tom', '55 days');
  first := pg_temp.commit('booking', 'main', pg_temp.say('You book appointments at {{clinic}}.'), 'First version');
  perform pg_temp.commit('questions', 'main', pg_temp.say('You answer questions about {{clinic}} in two sentences.'), 'First version');
  perform pg_temp.commit('availability', 'main', pg_temp.say('List free times at {{clinic}}.'), 'First version');
  polite := pg_temp.commit('booking', 'main', pg_temp.say('You book appointments at {{clinic}}. Be brief and kind.'), 'Warmer');
  perform pg_temp.be('priya', '54 days');
  perform public.publish('production', 'BookAppointment', first, reason => 'Go live');
  perform public.publish('production', 'AnswerQuestion', pg_temp.version('questions', 1), reason => 'Go live');
  perform pg_temp.be('priya', '40 days');
  perform public.publish('production', 'BookAppointment', polite, first, reason => 'Warmer tone');
  perform pg_temp.be('tom', '30 days');
  hasty := pg_temp.commit('booking', 'main',
    pg_temp.say('You book appointments at {{clinic}}. Book the first free time at once.'), 'Book at once');
  perform pg_temp.be('priya', '29 days');
  perform public.publish('production', 'BookAppointment', hasty, polite, reason => 'Fewer turns');
  perform pg_temp.be('mara', '28 days');
  perform public.rollback('production', 'BookAppointment', hasty, reason => 'Patients were booked at times that they had refused');
  perform pg_temp.be('tom', '20 days');
  times := pg_temp.commit('booking', 'main',
    pg_temp.say('You book appointments at {{clinic}}. Be brief and kind. Offer two times, then ask which suits.'), 'Offer two times');
  perform pg_temp.commit('booking', 'main',
    pg_temp.say('You book appointments at {{clinic}}. Repeat the day and the hour before you book.', '{"params": {"temperature": 0.0}}'),
    'Confirm before booking');
  perform public.tag_version(times, 'candidate', reason => 'Reads best');
  perform pg_temp.be('priya', '19 days');
  perform public.publish('staging', 'BookAppointment', times, reason => 'Try it on ourselves');
  -- A branch that went its own way and came back, and one that waits.
  assistant := (select p.id from public.prompts p where p.key = 'booking');
  perform pg_temp.be('tom', '16 days');
  perform public.create_branch(assistant, 'shorter-greeting', from_branch => 'main');
  perform pg_temp.commit('booking', 'shorter-greeting', pg_temp.say(
    'You book appointments at {{clinic}}. Repeat the day and the hour before you book.', '{"params": {"temperature": 0.0, "max_tokens": 120}}'),
    'Shorter answers');
  perform pg_temp.be('tom', '15 days');
  perform public.merge_branch(assistant, 'shorter-greeting', message => 'Shorter answers everywhere');
  perform public.create_branch(assistant, 'spanish', from_branch => 'main');
  perform pg_temp.commit('booking', 'spanish', pg_temp.say('Reserva citas en {{clinic}}. Repite el día y la hora.'), 'In Spanish');
  perform public.create_prompt_template('assistant', 'Assistant of a clinic', 'The tone that all our assistants share.');
  insert into public.test_cases (workspace_id, prompt_id, name, variables, expected)
  select p.workspace_id, p.id, c.name, c.variables::jsonb, c.expected::jsonb from public.prompts p cross join (values
    ('morning', '{"request": "a check-up on Monday morning"}', '{"intent": "ScheduleMeeting"}'),
    ('cancel', '{"request": "I cannot come tomorrow"}', '{"intent": "CancelMeeting"}'),
    ('price', '{"request": "what is a first visit?"}', '{"intent": "AskPrice"}')) as c (name, variables, expected)
  where p.key = 'booking';
end
$$;

create or replace function pg_temp.draft(
  key text, name text, hypothesis text, control uuid, other uuid, salt text
) returns uuid language plpgsql as $$
#variable_conflict use_variable
declare
  made uuid := (public.create_experiment(jsonb_build_object(
    'key', key, 'name', name, 'hypothesis', hypothesis, 'environment', 'production', 'capability', 'BookAppointment', 'planned_units', 400,
    'metrics', '[{"metric": "booked", "role": "primary"}, {"metric": "time_to_book", "role": "secondary"},
      {"metric": "escalated", "role": "guardrail", "margin": 0.05}]'::jsonb,
    'variants', jsonb_build_array(
      jsonb_build_object('key', 'control', 'name', 'As it was', 'is_control', true, 'versions', jsonb_build_object('*', control)),
      jsonb_build_object('key', 'changed', 'name', name, 'versions', jsonb_build_object('*', other))))) ->> 'experiment_id')::uuid;
begin
  -- The split is drawn by the salt: a fixed one makes the same workspace each time.
  perform set_config('role', 'none', true);
  update public.experiments e set salt = salt where e.id = made;
  perform set_config('role', 'authenticated', true);
  return made;
end
$$;

-- Customers come over some days, are decided for, and some of them book: `lift` more often with the change.
create or replace function pg_temp.live_through(
  prefix text, customers integer, since interval, days double precision, lift double precision
) returns void language plpgsql as $$
declare
  who text;
  at timestamptz;
  said jsonb;
  changed boolean;
  inferences jsonb[] := '{}';
  outcomes jsonb[] := '{}';
begin
  for n in 1..customers loop
    who := format('%s-%s', prefix, n);
    at := now() - since + make_interval(secs => days * 86400 * n / customers);
    perform set_config('upshot.now', at::text, true);
    said := public.decide('production', 'BookAppointment', who, conversation => 'c-' || who, intent => 'ScheduleMeeting');
    changed := said -> 'variant' ->> 'key' = 'changed';
    inferences := inferences || jsonb_build_object(
      'id', md5(who)::uuid, 'environment', 'production', 'capability', 'BookAppointment', 'intent', 'ScheduleMeeting',
      'subject', who, 'conversation', 'c-' || who, 'version_id', said -> 'version' ->> 'id',
      'experiment_id', said -> 'experiment' -> 'id', 'variant_id', said -> 'variant' -> 'id',
      'provider', 'local', 'requested_model', 'smollm2-135m', 'resolved_model', 'smollm2-135m', 'started_at', at,
      'latency_ms', round((300 + 500 * pg_temp.luck(who || 'l'))::numeric), 'status', 'ok',
      'input_tokens', 180, 'output_tokens', 40 + n % 30, 'cost_usd', 0,
      'keys', jsonb_build_array(jsonb_build_object('type', 'ticket', 'value', 'T-' || who)));
    if pg_temp.luck(who) < 0.42 + (case when changed then lift else 0 end) then
      outcomes := outcomes
        || jsonb_build_object('metric', 'booked', 'value', true, 'environment', 'production', 'subject', who,
          'source', 'calendar', 'source_event_id', who, 'occurred_at', at + interval '9 minutes')
        || jsonb_build_object('metric', 'time_to_book', 'value', round((180 + 240 * pg_temp.luck(who || 't'))::numeric),
          'environment', 'production', 'key', jsonb_build_object('type', 'ticket', 'value', 'T-' || who),
          'source', 'calendar', 'source_event_id', who || '-time', 'occurred_at', at + interval '9 minutes');
    elsif pg_temp.luck(who || 'e') < 0.12 then
      outcomes := outcomes || jsonb_build_object('metric', 'escalated', 'value', true, 'environment', 'production',
        'conversation', 'c-' || who, 'source', 'desk', 'source_event_id', who, 'occurred_at', at + interval '20 minutes');
    end if;
  end loop;
  perform public.record_inferences(to_jsonb(inferences));
  perform public.record_outcomes(to_jsonb(outcomes));
end
$$;

do $$
declare
  tone uuid;
  times uuid;
  confirm uuid;
begin
  if not exists (select from public.workspaces where slug = 'northside') or exists (select from public.experiments) then
    return;
  end if;
  -- Finished: a warmer tone, and it did help.
  perform pg_temp.be('tom', '53 days');
  tone := pg_temp.draft('warmer-tone', 'Warmer tone', 'A kinder assistant makes more people book.',
    pg_temp.version('booking', 1), pg_temp.version('booking', 2), 'seed-tone');
  perform pg_temp.be('priya', '52 days');
  perform public.activate(tone, (select e.revision from public.experiments e where e.id = tone));
  perform pg_temp.live_through('may', 240, '52 days', 10, 0.28);
  perform pg_temp.be('priya', '41 days');
  perform public.archive(tone, (select e.revision from public.experiments e where e.id = tone));

  perform pg_temp.be('priya', '10 days');
  perform public.annotate('Radio campaign in the region', environment => 'production');

  -- Running: two times instead of one.
  perform pg_temp.be('tom', '8 days');
  times := pg_temp.draft('two-times', 'Offer two times', 'A choice of two times makes more people book.',
    pg_temp.version('booking', 2), pg_temp.version('booking', 4), 'seed-times');
  perform pg_temp.be('priya', '7 days');
  perform public.activate(times, (select e.revision from public.experiments e where e.id = times));
  perform pg_temp.live_through('june', 360, '7 days', 6.9, 0.18);

  -- In the making.
  perform pg_temp.be('priya', '2 days');
  perform public.set_holdout('production', 500, reason => 'Five percent stay out of every experiment');
  perform pg_temp.be('tom', '1 day');
  confirm := pg_temp.draft('confirm-first', 'Confirm before booking', 'Repeating day and hour makes fewer people escalate.',
    pg_temp.version('booking', 2), pg_temp.version('booking', 5), 'seed-confirm');
end
$$;

-- People talk, ask for a review, and let a change in by steps.
do $$
declare
  tom uuid;
  confirm public.experiments;
  thread uuid;
  batch public.runs;
  leased record;
  item jsonb;
begin
  if not exists (select from public.workspaces where slug = 'northside') or exists (select from public.comments) then
    return;
  end if;
  tom := pg_temp.be('tom', '20 hours');
  select e.* into confirm from public.experiments e where e.key = 'confirm-first';
  thread := (public.add_comment('experiment', confirm.id, 'Do we expect fewer bookings at first?')).id;
  perform pg_temp.be('priya', '19 hours');
  perform public.add_comment('experiment', confirm.id, 'A few. The guardrail allows it, @tom.', array[tom], thread);
  insert into public.approval_rules (workspace_id, act, environment_id, permission)
  select e.workspace_id, 'experiments.activate', e.id, 'experiments.approve'
  from public.environments e where e.key = 'production';
  perform pg_temp.be('tom', '18 hours');
  perform public.submit_for_approval(confirm.id, confirm.revision, 'Ready to start on Monday');
  perform pg_temp.commit('questions', 'main', pg_temp.say('You answer questions about {{clinic}} in one sentence.'), 'Shorter');

  perform pg_temp.be('priya', '12 hours');
  perform public.start_ramp('production', 'AnswerQuestion', pg_temp.version('questions', 2), pg_temp.version('questions', 1),
    steps => array[5, 25, 100], reason => 'Shorter answers, carefully');
  batch := public.create_run(array[pg_temp.version('booking', 4), pg_temp.version('booking', 5)], name => 'Two times or confirm?');

  -- What a worker does, so that no job waits for a model.
  perform set_config('role', 'none', true), set_config('request.jwt.claims', '{"role": "service_role"}', true),
    set_config('role', 'service_role', true);
  for leased in select * from public.claim_jobs_v1('seed', 10, 60) loop
    for item in select * from jsonb_array_elements(leased.payload -> 'items') loop
      perform public.record_run_results_v1(batch.id, jsonb_build_array(item || jsonb_build_object(
        'status', 'ok', 'output', 'Would Tuesday at 10 or Thursday at 15 suit you?', 'finish_reason', 'stop',
        'latency_ms', 420, 'input_tokens', 64, 'output_tokens', 14, 'attempts', 1)));
    end loop;
    perform public.complete_job_v1(leased.job_id);
  end loop;
end
$$;

-- Whoever runs this file goes on in the same transaction, as who they were.
select set_config('role', 'none', true), set_config('request.jwt.claims', '', true), set_config('upshot.now', '', true);

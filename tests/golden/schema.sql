-- PostgreSQL database dump
-- Name: gate; Type: SCHEMA; Schema: -; Owner: postgres
CREATE SCHEMA gate;
ALTER SCHEMA gate OWNER TO postgres;
-- Name: SCHEMA gate; Type: COMMENT; Schema: -; Owner: postgres
COMMENT ON SCHEMA gate IS 'What PostgREST calls before each request. Never exposed by the API.';
-- Name: private; Type: SCHEMA; Schema: -; Owner: postgres
CREATE SCHEMA private;
ALTER SCHEMA private OWNER TO postgres;
-- Name: SCHEMA private; Type: COMMENT; Schema: -; Owner: postgres
COMMENT ON SCHEMA private IS 'Upshot''s engine: functions and state behind the public verbs. Never exposed by the API.';
-- Name: public; Type: SCHEMA; Schema: -; Owner: pg_database_owner
CREATE SCHEMA public;
ALTER SCHEMA public OWNER TO pg_database_owner;
-- Name: SCHEMA public; Type: COMMENT; Schema: -; Owner: pg_database_owner
COMMENT ON SCHEMA public IS 'standard public schema';
-- Name: stats; Type: SCHEMA; Schema: -; Owner: postgres
CREATE SCHEMA stats;
ALTER SCHEMA stats OWNER TO postgres;
-- Name: SCHEMA stats; Type: COMMENT; Schema: -; Owner: postgres
COMMENT ON SCHEMA stats IS 'Distribution functions and tests as pure functions of numbers. Never exposed by the API.';
-- Name: scope; Type: TYPE; Schema: private; Owner: postgres
CREATE TYPE private.scope AS (
	workspace_id uuid,
	environment_id uuid,
	capability_id uuid,
	action_id uuid,
	intent_id uuid
);
ALTER TYPE private.scope OWNER TO postgres;
-- Name: TYPE scope; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON TYPE private.scope IS 'Where something is live or decided: environment and capability, then perhaps action and intent.';
-- Name: call; Type: TYPE; Schema: private; Owner: postgres
CREATE TYPE private.call AS (
	scope private.scope,
	subject text,
	conversation text,
	context jsonb,
	is_held_out boolean,
	subject_in uuid[],
	conversation_in uuid[]
);
ALTER TYPE private.call OWNER TO postgres;
-- Name: TYPE call; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON TYPE private.call IS 'One call of decide: where, who, what is known of them, and the experiments in which subject and conversation have an arm.';
-- Name: inferences; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.inferences (
    id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    environment_id uuid NOT NULL,
    subject text NOT NULL,
    conversation text,
    capability_id uuid NOT NULL,
    action_id uuid,
    intent_id uuid,
    prompt_version_id uuid NOT NULL,
    experiment_id uuid,
    variant_id uuid,
    provider text NOT NULL,
    requested_model text NOT NULL,
    resolved_model text,
    started_at timestamp with time zone NOT NULL,
    latency_ms double precision NOT NULL,
    input_tokens integer,
    output_tokens integer,
    cost_usd double precision,
    status text NOT NULL,
    error_code text,
    finish_reason text,
    output text,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    tx bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    CONSTRAINT inferences_status_known CHECK ((status = ANY (ARRAY['ok'::text, 'error'::text])))
);
ALTER TABLE public.inferences OWNER TO postgres;
-- Name: TABLE inferences; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.inferences IS 'One call of a model. Append-only; written by record_inferences.
The caller makes the id, so that sending a batch twice records it once.';
-- Name: COLUMN inferences.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.id IS 'The caller''s uuid, unique in the workspace.';
-- Name: COLUMN inferences.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.workspace_id IS 'The workspace.';
-- Name: COLUMN inferences.environment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.environment_id IS 'Where it happened.';
-- Name: COLUMN inferences.subject; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.subject IS 'For whom: the same text that decide got.';
-- Name: COLUMN inferences.conversation; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.conversation IS 'In which conversation.';
-- Name: COLUMN inferences.capability_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.capability_id IS 'For which capability.';
-- Name: COLUMN inferences.action_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.action_id IS 'For which action.';
-- Name: COLUMN inferences.intent_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.intent_id IS 'With which intent.';
-- Name: COLUMN inferences.prompt_version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.prompt_version_id IS 'The version that ran.';
-- Name: COLUMN inferences.experiment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.experiment_id IS 'The experiment that chose it.';
-- Name: COLUMN inferences.variant_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.variant_id IS 'The arm that chose it.';
-- Name: COLUMN inferences.provider; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.provider IS 'Who ran the model.';
-- Name: COLUMN inferences.requested_model; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.requested_model IS 'The model that was asked for.';
-- Name: COLUMN inferences.resolved_model; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.resolved_model IS 'The model that the provider says it used.';
-- Name: COLUMN inferences.started_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.started_at IS 'When the call began.';
-- Name: COLUMN inferences.latency_ms; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.latency_ms IS 'How long it took, in milliseconds.';
-- Name: COLUMN inferences.input_tokens; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.input_tokens IS 'Tokens in.';
-- Name: COLUMN inferences.output_tokens; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.output_tokens IS 'Tokens out.';
-- Name: COLUMN inferences.cost_usd; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.cost_usd IS 'What it cost, in US dollars.';
-- Name: COLUMN inferences.status; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.status IS 'ok or error.';
-- Name: COLUMN inferences.error_code; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.error_code IS 'The provider''s or adapter''s code of the error.';
-- Name: COLUMN inferences.finish_reason; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.finish_reason IS 'Why the model stopped.';
-- Name: COLUMN inferences.output; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.output IS 'What the model said, if the caller wants it kept.';
-- Name: COLUMN inferences.received_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.received_at IS 'When it was recorded.';
-- Name: COLUMN inferences.tx; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.inferences.tx IS 'The transaction that wrote it: readers that keep up use it as a watermark.';
-- Name: inference_row; Type: TYPE; Schema: private; Owner: postgres
CREATE TYPE private.inference_row AS (
	index integer,
	fault jsonb,
	r jsonb,
	landing public.inferences
);
ALTER TYPE private.inference_row OWNER TO postgres;
-- Name: TYPE inference_row; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON TYPE private.inference_row IS 'A row of a batch: its index, its first error, itself, and how it would land.';
-- Name: uuidv7(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.uuidv7() RETURNS uuid
    LANGUAGE plpgsql PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  millis constant bigint := (extract(epoch from clock_timestamp()) * 1000)::bigint;
  bytes bytea := uuid_send(gen_random_uuid());
begin
  bytes := overlay(bytes placing substring(int8send(millis) from 3 for 6) from 1 for 6);
  -- A random uuid says version 4 (0100) in the high half of byte 6; version 7 is 0111.
  bytes := set_byte(bytes, 6, (get_byte(bytes, 6) & 15) | 112);
  return encode(bytes, 'hex')::uuid;
end
$$;
ALTER FUNCTION private.uuidv7() OWNER TO postgres;
-- Name: FUNCTION uuidv7(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.uuidv7() IS 'A time-ordered uuid (RFC 9562, version 7): 48 bits of milliseconds, then random. Postgres 17 has none of its own.';
-- Name: outcomes; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.outcomes (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    environment_id uuid NOT NULL,
    metric_id uuid NOT NULL,
    value double precision NOT NULL,
    subject text,
    conversation text,
    inference_id uuid,
    key_type text,
    key_value text,
    occurred_at timestamp with time zone NOT NULL,
    source text NOT NULL,
    source_event_id text NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    tx bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    CONSTRAINT outcomes_belong CHECK ((num_nonnulls(subject, conversation, inference_id, key_value) > 0)),
    CONSTRAINT outcomes_key_whole CHECK (((key_type IS NULL) = (key_value IS NULL))),
    CONSTRAINT outcomes_value_range CHECK (((value = (0)::double precision) OR ((abs(value) >= (0.000000000000000000000000000000000000000000000000000000000001)::double precision) AND (abs(value) <= ('1000000000000000000000000000000000000000000000000000000000000'::numeric)::double precision))))
);
ALTER TABLE public.outcomes OWNER TO postgres;
-- Name: TABLE outcomes; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.outcomes IS 'One measured event. Append-only; written by record_outcomes.
Idempotent by (source, source_event_id): the first received wins. It may come before the inference that it belongs to, or days later.';
-- Name: COLUMN outcomes.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcomes.id IS 'Time-ordered uuid.';
-- Name: COLUMN outcomes.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcomes.workspace_id IS 'The workspace.';
-- Name: COLUMN outcomes.environment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcomes.environment_id IS 'Where it happened.';
-- Name: COLUMN outcomes.metric_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcomes.metric_id IS 'What was measured.';
-- Name: COLUMN outcomes.value; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcomes.value IS 'How much; true is 1 and false is 0.';
-- Name: COLUMN outcomes.subject; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcomes.subject IS 'Whose it is, if the source knows.';
-- Name: COLUMN outcomes.conversation; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcomes.conversation IS 'The conversation, if the source knows.';
-- Name: COLUMN outcomes.inference_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcomes.inference_id IS 'The inference, if the source knows.';
-- Name: COLUMN outcomes.key_type; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcomes.key_type IS 'Kind of business key, for instance ticket.';
-- Name: COLUMN outcomes.key_value; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcomes.key_value IS 'The business key.';
-- Name: COLUMN outcomes.occurred_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcomes.occurred_at IS 'When it happened, by the source''s clock.';
-- Name: COLUMN outcomes.source; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcomes.source IS 'Who says so, for instance crm.';
-- Name: COLUMN outcomes.source_event_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcomes.source_event_id IS 'The source''s id of the event.';
-- Name: COLUMN outcomes.received_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcomes.received_at IS 'When it was recorded.';
-- Name: COLUMN outcomes.tx; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcomes.tx IS 'The transaction that wrote it: readers that keep up use it as a watermark.';
-- Name: outcome_row; Type: TYPE; Schema: private; Owner: postgres
CREATE TYPE private.outcome_row AS (
	index integer,
	fault jsonb,
	landing public.outcomes
);
ALTER TYPE private.outcome_row OWNER TO postgres;
-- Name: TYPE outcome_row; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON TYPE private.outcome_row IS 'A row of a batch: its index, its first error, and how it would land.';
-- Name: contrast; Type: TYPE; Schema: stats; Owner: postgres
CREATE TYPE stats.contrast AS (
	mean_control double precision,
	mean_variant double precision,
	difference double precision,
	std_error double precision,
	df double precision,
	half double precision
);
ALTER TYPE stats.contrast OWNER TO postgres;
-- Name: TYPE contrast; Type: COMMENT; Schema: stats; Owner: postgres
COMMENT ON TYPE stats.contrast IS 'A difference of two means, its standard error, degrees of freedom, and half its interval.';
-- Name: relative; Type: TYPE; Schema: stats; Owner: postgres
CREATE TYPE stats.relative AS (
	lift double precision,
	low double precision,
	high double precision
);
ALTER TYPE stats.relative OWNER TO postgres;
-- Name: TYPE relative; Type: COMMENT; Schema: stats; Owner: postgres
COMMENT ON TYPE stats.relative IS 'A relative difference with its interval; 0.05 is five per cent.';
-- Name: admit(text); Type: FUNCTION; Schema: gate; Owner: postgres
CREATE FUNCTION gate.admit(secret text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  hash constant text := private.secret_hash(secret);
  admitted public.api_keys;
begin
  if current_setting('role') <> 'anon' or auth.uid() is not null then
    perform private.fail('key_and_session');
  end if;
  perform set_config('upshot.api_key', hash, true);
  admitted := private.api_key();
  if admitted.id is null then
    perform private.fail('bad_api_key');
  end if;
  perform gate.note_use(admitted);
  return admitted.id;
end
$$;
ALTER FUNCTION gate.admit(secret text) OWNER TO postgres;
-- Name: FUNCTION admit(secret text); Type: COMMENT; Schema: gate; Owner: postgres
COMMENT ON FUNCTION gate.admit(secret text) IS 'Lets the request go on as the API key that the secret opens; raises for any other.
Definer: anon sees neither keys nor hashes.';
-- Name: enter(); Type: FUNCTION; Schema: gate; Owner: postgres
CREATE FUNCTION gate.enter() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  secret constant text := nullif(current_setting('request.headers', true), '')::json ->> 'x-upshot-key';
begin
  -- Whatever an earlier request may have left on this connection does not speak for this one.
  perform set_config('upshot.api_key', '', true);
  if secret is not null then
    perform gate.admit(secret);
    perform set_config('role', 'authenticated', true);
  end if;
end
$$;
ALTER FUNCTION gate.enter() OWNER TO postgres;
-- Name: FUNCTION enter(); Type: COMMENT; Schema: gate; Owner: postgres
COMMENT ON FUNCTION gate.enter() IS 'What PostgREST calls before each request: turns the header x-upshot-key into an identity; without it, nothing.';
-- Name: now(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.now() RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
begin
  return coalesce(nullif(current_setting('upshot.now', true), '')::timestamptz, pg_catalog.now());
end
$$;
ALTER FUNCTION private.now() OWNER TO postgres;
-- Name: FUNCTION now(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.now() IS 'The engine''s clock: the transaction''s start, or the setting upshot.now, so that a test moves time instead of sleeping.';
-- Name: api_keys; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.api_keys (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL,
    permissions text[] NOT NULL,
    environment_ids uuid[],
    expires_at timestamp with time zone,
    created_by uuid,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    rotated_at timestamp with time zone,
    revoked_at timestamp with time zone,
    revoked_by uuid,
    CONSTRAINT api_keys_environment_ids_some CHECK ((cardinality(environment_ids) > 0)),
    CONSTRAINT api_keys_name_length CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT api_keys_permissions_some CHECK ((cardinality(permissions) > 0))
);
ALTER TABLE public.api_keys OWNER TO postgres;
-- Name: TABLE api_keys; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.api_keys IS 'What an integrator''s server uses instead of a user''s session, in the header x-upshot-key.
Made by create_api_key, which alone shows the secret, and once. A revoked key stays as history.';
-- Name: COLUMN api_keys.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.api_keys.id IS 'Time-ordered uuid; the audit log names it.';
-- Name: COLUMN api_keys.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.api_keys.workspace_id IS 'The workspace that the key belongs to, also after its maker has left.';
-- Name: COLUMN api_keys.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.api_keys.name IS 'What people call it: unique among the live keys of the workspace.';
-- Name: COLUMN api_keys.prefix; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.api_keys.prefix IS 'How its present secret begins, to recognise it by.';
-- Name: COLUMN api_keys.permissions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.api_keys.permissions IS 'The permissions that it holds. Without workspace.read it cannot read tables.';
-- Name: COLUMN api_keys.environment_ids; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.api_keys.environment_ids IS 'The only environments that it may see and act in; null for all.';
-- Name: COLUMN api_keys.expires_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.api_keys.expires_at IS 'When it stops working; null for never.';
-- Name: COLUMN api_keys.created_by; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.api_keys.created_by IS 'The user who made it. No foreign key: history outlives accounts.';
-- Name: COLUMN api_keys.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.api_keys.created_at IS 'When it was made.';
-- Name: COLUMN api_keys.rotated_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.api_keys.rotated_at IS 'When it last got a new secret; null when it has its first.';
-- Name: COLUMN api_keys.revoked_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.api_keys.revoked_at IS 'Since when it is refused; null while it works.';
-- Name: COLUMN api_keys.revoked_by; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.api_keys.revoked_by IS 'The user who revoked it.';
-- Name: note_use(public.api_keys); Type: FUNCTION; Schema: gate; Owner: postgres
CREATE FUNCTION gate.note_use(api_key public.api_keys) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
#variable_conflict use_column
begin
  -- At most one write a minute and key, never a wait, and nothing in a transaction that cannot write (GET).
  if current_setting('transaction_read_only')::boolean or exists (
    select from public.api_key_uses u
    where u.workspace_id = api_key.workspace_id and u.api_key_id = api_key.id
      and u.last_used_at > clock_timestamp() - interval '1 minute'
  ) then
    return;
  end if;
  if pg_try_advisory_xact_lock(hashtextextended('upshot.api_key_uses ' || api_key.id, 0)) then
    insert into public.api_key_uses (api_key_id, workspace_id, last_used_at)
    values (api_key.id, api_key.workspace_id, clock_timestamp())
    on conflict (workspace_id, api_key_id) do update set last_used_at = excluded.last_used_at;
  end if;
end
$$;
ALTER FUNCTION gate.note_use(api_key public.api_keys) OWNER TO postgres;
-- Name: FUNCTION note_use(api_key public.api_keys); Type: COMMENT; Schema: gate; Owner: postgres
COMMENT ON FUNCTION gate.note_use(api_key public.api_keys) IS 'Notes that a key is in use, at most once a minute.';
-- Name: abort_ramp(uuid, integer, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.abort_ramp(ramp_id uuid, expected_revision integer, reason text, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  ramp public.ramps := private.ramp_to_move(ramp_id, 'deployments.rollback', workspace_id);
begin
  ramp := private.lock_ramp(ramp, expected_revision);
  return private.ramp_card(private.end_ramp(
    ramp, 'aborted', 'aborted_by_hand', jsonb_build_object('reason', coalesce(reason, ''))));
end
$$;
ALTER FUNCTION private.abort_ramp(ramp_id uuid, expected_revision integer, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION abort_ramp(ramp_id uuid, expected_revision integer, reason text, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.abort_ramp(ramp_id uuid, expected_revision integer, reason text, workspace_id uuid) IS 'Ends a ramp at once by compare-and-swap.
Definer: as start_ramp.';
-- Name: accept_invitation(text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.accept_invitation(token text, invitation_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  guest uuid := private.require_person();
  opened public.invitations := private.open_invitation(token, invitation_id);
  held text := (select m.role from public.members m where m.workspace_id = opened.workspace_id and m.user_id = guest);
  outcome text := case
    when opened.state = 'revoked' then 'revoked'
    when opened.state = 'accepted' and held is null then 'used'
    when opened.state = 'pending' and opened.expires_at <= now() then 'open until ' || opened.expires_at
    when opened.state = 'pending' and not private.still_may_give(opened.created_by, opened.role, opened.workspace_id)
      then 'void, because who invited may no longer give the role'
  end;
begin
  if outcome is not null then
    perform private.fail('invitation_over', jsonb_build_object('state', outcome));
  elsif opened.state = 'pending' then
    insert into public.members (workspace_id, user_id, role) values (opened.workspace_id, guest, opened.role)
    on conflict on constraint members_pkey do nothing;
    perform private.settle_invitations(opened.workspace_id, opened.email, 'accepted', guest);
  end if;
  return jsonb_build_object('workspace_id', opened.workspace_id, 'role', coalesce(held, opened.role),
    'was_member', held is not null);
end
$$;
ALTER FUNCTION private.accept_invitation(token text, invitation_id uuid) OWNER TO postgres;
-- Name: FUNCTION accept_invitation(token text, invitation_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.accept_invitation(token text, invitation_id uuid) IS 'Makes the invited person a member.
Definer: nobody may insert members by hand, and the guest is none yet.';
-- Name: actor_id(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.actor_id() RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return case when private.caller_is_server() then null else coalesce(auth.uid(), (private.api_key()).id) end;
end
$$;
ALTER FUNCTION private.actor_id() OWNER TO postgres;
-- Name: FUNCTION actor_id(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.actor_id() IS 'The user or the API key that acts; null for a server.';
-- Name: actor_kind(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.actor_kind() RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return case
    when current_setting('role') = 'service_role' then 'service'
    when private.caller_is_server() then 'system'
    when auth.uid() is null and (private.api_key()).id is not null then 'api_key'
    else 'user'
  end;
end
$$;
ALTER FUNCTION private.actor_kind() OWNER TO postgres;
-- Name: FUNCTION actor_kind(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.actor_kind() IS 'Who acts: user, api_key, service (a server''s key) or system.';
-- Name: actor_label(text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.actor_label(kind text, id uuid) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return case kind
    when 'user' then (select coalesce(nullif(u.email, ''), nullif(u.phone, '')) from auth.users u where u.id = actor_label.id)
    when 'api_key' then (select k.name from public.api_keys k where k.id = actor_label.id)
  end;
end
$$;
ALTER FUNCTION private.actor_label(kind text, id uuid) OWNER TO postgres;
-- Name: FUNCTION actor_label(kind text, id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.actor_label(kind text, id uuid) IS 'What an actor is called now: a person''s mail address, a key''s name.';
-- Name: advance_ramp(uuid, integer, boolean, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.advance_ramp(ramp_id uuid, expected_revision integer, force boolean, reason text, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  ramp public.ramps := private.ramp_to_move(ramp_id, 'deployments.publish', workspace_id);
  -- Before the locks: results may take a while, and nobody should wait for them.
  guardrails constant jsonb := private.guardrails_of(ramp.id);
begin
  if force then
    perform private.require_person();
  end if;
  ramp := private.lock_ramp(ramp, expected_revision);
  perform private.require_free_to_advance(ramp, guardrails, coalesce(force, false));
  ramp := private.step_ramp(ramp, guardrails, coalesce(force, false), reason);
  return private.ramp_card(ramp) || jsonb_build_object('guardrails', guardrails);
end
$$;
ALTER FUNCTION private.advance_ramp(ramp_id uuid, expected_revision integer, force boolean, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION advance_ramp(ramp_id uuid, expected_revision integer, force boolean, reason text, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.advance_ramp(ramp_id uuid, expected_revision integer, force boolean, reason text, workspace_id uuid) IS 'Takes a ramp to its next step by compare-and-swap.
Definer: as start_ramp.';
-- Name: api_key(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.api_key() RETURNS public.api_keys
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  presented constant text := current_setting('upshot.api_key', true);
  opened public.api_keys;
begin
  if presented <> '' and auth.uid() is null then
    -- Not private.now(): a test's clock must not revive a key.
    select k.* into opened
    from private.api_key_secrets s
    join public.api_keys k on k.id = s.api_key_id
    where s.hash = presented and k.revoked_at is null
      and coalesce(s.expires_at > now(), true) and coalesce(k.expires_at > now(), true);
  end if;
  return opened;
end
$$;
ALTER FUNCTION private.api_key() OWNER TO postgres;
-- Name: FUNCTION api_key(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.api_key() IS 'The API key that acts in this request, while it is good; null when a person or a server acts.
The setting that names it holds the hash of its secret, so that only who knows the secret could forge it.
Definer: nobody reads hashes.';
-- Name: api_key_environments(text[], uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.api_key_environments(environments text[], workspace_id uuid) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  found_ones uuid[];
  missing text;
begin
  if environments is null then
    return null;
  end if;
  missing := (select k from unnest(environments) k where not exists (
    select from public.environments e where e.workspace_id = workspace_id and e.key = k) limit 1);
  if missing is not null or cardinality(environments) = 0 then
    perform private.fail('unknown_environment', jsonb_build_object('environment', missing));
  end if;
  found_ones := array(select e.id from public.environments e
    where e.workspace_id = workspace_id and e.key = any (environments) order by e.key);
  return found_ones;
end
$$;
ALTER FUNCTION private.api_key_environments(environments text[], workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION api_key_environments(environments text[], workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.api_key_environments(environments text[], workspace_id uuid) IS 'The ids of environments by their keys; null for all; raises for a key that the workspace does not have.';
-- Name: experiments; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.experiments (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    hypothesis text DEFAULT ''::text NOT NULL,
    environment_id uuid NOT NULL,
    capability_id uuid NOT NULL,
    unit text DEFAULT 'user'::text NOT NULL,
    traffic integer DEFAULT 10000 NOT NULL,
    audience jsonb,
    layer_id uuid,
    layer_from integer,
    layer_to integer,
    state text DEFAULT 'draft'::text NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    salt text DEFAULT encode(sha256(uuid_send(gen_random_uuid())), 'hex'::text) NOT NULL,
    parent_experiment_id uuid,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    created_by uuid DEFAULT auth.uid(),
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    updated_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT experiments_key_shape CHECK ((key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'::text)),
    CONSTRAINT experiments_layer_slot CHECK (((num_nonnulls(layer_id, layer_from, layer_to) = 0) OR ((num_nonnulls(layer_id, layer_from, layer_to) = 3) AND (0 <= layer_from) AND (layer_from < layer_to) AND (layer_to <= 10000)))),
    CONSTRAINT experiments_salt_length CHECK (((length(salt) >= 1) AND (length(salt) <= 64))),
    CONSTRAINT experiments_state_known CHECK ((state = ANY (ARRAY['draft'::text, 'in_review'::text, 'active'::text, 'paused'::text, 'archived'::text]))),
    CONSTRAINT experiments_traffic_share CHECK (((traffic >= 0) AND (traffic <= 10000))),
    CONSTRAINT experiments_unit_known CHECK ((unit = ANY (ARRAY['user'::text, 'conversation'::text, 'account'::text])))
);
ALTER TABLE public.experiments OWNER TO postgres;
-- Name: TABLE experiments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.experiments IS 'A hypothesis under test: scope, unit, traffic, state.
create_experiment makes one from a document, edit_experiment changes it by naming its revision; activate, pause, resume and archive move the state.';
-- Name: COLUMN experiments.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.id IS 'Time-ordered uuid.';
-- Name: COLUMN experiments.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.workspace_id IS 'The workspace.';
-- Name: COLUMN experiments.key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.key IS 'The name that code uses: unique in the workspace.';
-- Name: COLUMN experiments.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.name IS 'What people call it.';
-- Name: COLUMN experiments.hypothesis; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.hypothesis IS 'What is expected to move which outcome, and why.';
-- Name: COLUMN experiments.environment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.environment_id IS 'Where it runs.';
-- Name: COLUMN experiments.capability_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.capability_id IS 'The capability that it changes.';
-- Name: COLUMN experiments.unit; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.unit IS 'What is assigned: user and account by subject, conversation by conversation.';
-- Name: COLUMN experiments.traffic; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.traffic IS 'Share of units that take part, in basis points: 10000 is all.';
-- Name: COLUMN experiments.audience; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.audience IS 'Who takes part, as a rule over attributes; null is everybody. See the reference on decide.';
-- Name: COLUMN experiments.layer_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.layer_id IS 'The layer whose slots it holds, so that subjects in it are in no other experiment of the layer; null is none.';
-- Name: COLUMN experiments.layer_from; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.layer_from IS 'First of its slots, of 0 to 9999.';
-- Name: COLUMN experiments.layer_to; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.layer_to IS 'One past its last slot.';
-- Name: COLUMN experiments.state; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.state IS 'draft, in_review, active, paused or archived; see experiment_moves.';
-- Name: COLUMN experiments.revision; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.revision IS 'Counts every change: name the one you saw, and a stale change is refused.';
-- Name: COLUMN experiments.salt; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.salt IS 'Random text in the hash, so that experiments are independent of one another.';
-- Name: COLUMN experiments.parent_experiment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.parent_experiment_id IS 'The experiment that it was forked from.';
-- Name: COLUMN experiments.started_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.started_at IS 'First activation.';
-- Name: COLUMN experiments.ended_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.ended_at IS 'When it was archived.';
-- Name: COLUMN experiments.created_by; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.created_by IS 'The user who drafted it. No foreign key: history outlives accounts.';
-- Name: COLUMN experiments.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.created_at IS 'When it was drafted.';
-- Name: COLUMN experiments.updated_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiments.updated_at IS 'Last change.';
-- Name: archive_ramp_experiment(uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.archive_ramp_experiment(experiment_id uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    BEGIN ATOMIC
 UPDATE public.experiments e SET state = 'archived'::text, ended_at = private.now()
   WHERE ((e.id = archive_ramp_experiment.experiment_id) AND (e.state <> 'archived'::text));
END;
ALTER FUNCTION private.archive_ramp_experiment(experiment_id uuid) OWNER TO postgres;
-- Name: FUNCTION archive_ramp_experiment(experiment_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.archive_ramp_experiment(experiment_id uuid) IS 'Ends the experiment: every subject gets what is live from the next decide on.';
-- Name: arm_buckets(uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.arm_buckets(experiment_id uuid) RETURNS TABLE(variant_id uuid, weight integer, bucket_from integer, bucket_to integer)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  with arms as (
    select a.id, a.weight,
      sum(a.weight) over (order by a.key collate "C") as upto,
      sum(a.weight) over () as whole
    from public.variants a
    where a.experiment_id = arm_buckets.experiment_id and a.rolled_back_at is null
  )
  select arms.id, arms.weight,
    ((arms.upto - arms.weight) * 10000 / arms.whole)::integer, (arms.upto * 10000 / arms.whole)::integer
  from arms
  where arms.whole > 0
$$;
ALTER FUNCTION private.arm_buckets(experiment_id uuid) OWNER TO postgres;
-- Name: FUNCTION arm_buckets(experiment_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.arm_buckets(experiment_id uuid) IS 'How the 10,000 buckets are shared out now: arms in the order of their keys, each by its weight.';
-- Name: as_uuid(text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.as_uuid(value text) RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO ''
    RETURN CASE WHEN pg_input_is_valid(value, 'uuid'::text) THEN (value)::uuid ELSE NULL::uuid END;
ALTER FUNCTION private.as_uuid(value text) OWNER TO postgres;
-- Name: FUNCTION as_uuid(value text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.as_uuid(value text) IS 'The uuid that a text is; null when it is none.';
-- Name: live_rules; Type: TABLE; Schema: private; Owner: postgres
CREATE TABLE private.live_rules (
    experiment_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    environment_id uuid NOT NULL,
    capability_id uuid NOT NULL,
    breadth smallint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    key text NOT NULL,
    salt text NOT NULL,
    traffic integer NOT NULL,
    by_conversation boolean NOT NULL,
    action_ids uuid[],
    intent_ids uuid[],
    runs_any_action boolean NOT NULL,
    runs_action_ids uuid[] NOT NULL,
    audience jsonpath,
    layer_id uuid,
    layer_from integer,
    layer_to integer,
    phase_id uuid NOT NULL,
    arm_ids uuid[] NOT NULL,
    arm_starts integer[] NOT NULL,
    arms jsonb NOT NULL,
    digest text NOT NULL
);
ALTER TABLE private.live_rules OWNER TO postgres;
-- Name: TABLE live_rules; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON TABLE private.live_rules IS 'The active experiments, compiled for decide; derived by triggers, never the truth.';
-- Name: COLUMN live_rules.experiment_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.experiment_id IS 'The experiment.';
-- Name: COLUMN live_rules.workspace_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.workspace_id IS 'The workspace.';
-- Name: COLUMN live_rules.environment_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.environment_id IS 'Where it runs.';
-- Name: COLUMN live_rules.capability_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.capability_id IS 'The capability that it changes.';
-- Name: COLUMN live_rules.breadth; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.breadth IS '0 names actions and intents, 1 actions, 2 intents, 3 neither: the narrower is asked first.';
-- Name: COLUMN live_rules.started_at; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.started_at IS 'First activation: among equally narrow ones the older is asked first.';
-- Name: COLUMN live_rules.key; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.key IS 'The experiment''s key.';
-- Name: COLUMN live_rules.salt; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.salt IS 'Salt of the traffic and variant buckets.';
-- Name: COLUMN live_rules.traffic; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.traffic IS 'Share of units that take part, in basis points.';
-- Name: COLUMN live_rules.by_conversation; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.by_conversation IS 'True when the unit is the conversation, not the subject.';
-- Name: COLUMN live_rules.action_ids; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.action_ids IS 'The actions that it covers; null is all.';
-- Name: COLUMN live_rules.intent_ids; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.intent_ids IS 'The intents that it covers; null is all.';
-- Name: COLUMN live_rules.runs_any_action; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.runs_any_action IS 'True when every arm has a version for whatever action.';
-- Name: COLUMN live_rules.runs_action_ids; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.runs_action_ids IS 'Otherwise the actions for which every arm has a version.';
-- Name: COLUMN live_rules.audience; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.audience IS 'The compiled audience; null is everybody.';
-- Name: COLUMN live_rules.layer_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.layer_id IS 'The layer; null is none.';
-- Name: COLUMN live_rules.layer_from; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.layer_from IS 'First of its slots.';
-- Name: COLUMN live_rules.layer_to; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.layer_to IS 'One past its last slot.';
-- Name: COLUMN live_rules.phase_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.phase_id IS 'The present phase.';
-- Name: COLUMN live_rules.arm_ids; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.arm_ids IS 'The arms of the present phase, in the order of their buckets.';
-- Name: COLUMN live_rules.arm_starts; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.arm_starts IS 'The first bucket of each of them.';
-- Name: COLUMN live_rules.arms; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.arms IS 'Every arm by its id: {key, is_control, rolled_back, versions: {action id or *: version id}}.';
-- Name: COLUMN live_rules.digest; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.live_rules.digest IS 'SHA-256 of the row: what the etag of a ruleset is made of.';
-- Name: assignments; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.assignments (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    experiment_id uuid NOT NULL,
    phase_id uuid NOT NULL,
    variant_id uuid NOT NULL,
    unit_id text NOT NULL,
    subject text NOT NULL,
    conversation text,
    intent_id uuid,
    bucket integer NOT NULL,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    assigned_at timestamp with time zone DEFAULT private.now() NOT NULL,
    tx bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    actor_kind text DEFAULT private.actor_kind() NOT NULL,
    actor_id uuid DEFAULT private.actor_id(),
    CONSTRAINT assignments_actor_kind_known CHECK ((actor_kind = ANY (ARRAY['user'::text, 'api_key'::text, 'service'::text, 'system'::text]))),
    CONSTRAINT assignments_bucket_range CHECK (((bucket >= 0) AND (bucket <= 9999))),
    CONSTRAINT assignments_unit_id_length CHECK (((length(unit_id) >= 1) AND (length(unit_id) <= 512)))
);
ALTER TABLE public.assignments OWNER TO postgres;
-- Name: TABLE assignments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.assignments IS 'A unit''s arm in an experiment, decided once: sticky, append-only, and the log of its first exposure.
Written by decide in the transaction that answers.';
-- Name: COLUMN assignments.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.assignments.id IS 'Time-ordered uuid.';
-- Name: COLUMN assignments.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.assignments.workspace_id IS 'The workspace.';
-- Name: COLUMN assignments.experiment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.assignments.experiment_id IS 'The experiment.';
-- Name: COLUMN assignments.phase_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.assignments.phase_id IS 'The phase in which it was decided.';
-- Name: COLUMN assignments.variant_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.assignments.variant_id IS 'The arm.';
-- Name: COLUMN assignments.unit_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.assignments.unit_id IS 'What was hashed: the subject, or the conversation if the experiment assigns conversations.';
-- Name: COLUMN assignments.subject; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.assignments.subject IS 'The subject of the first exposure.';
-- Name: COLUMN assignments.conversation; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.assignments.conversation IS 'The conversation of the first exposure.';
-- Name: COLUMN assignments.intent_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.assignments.intent_id IS 'The intent of the first exposure. No foreign key: history outlives the catalogue.';
-- Name: COLUMN assignments.bucket; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.assignments.bucket IS 'The hash''s bucket, of 0 to 9999.';
-- Name: COLUMN assignments.attributes; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.assignments.attributes IS 'What the caller said about the subject then.';
-- Name: COLUMN assignments.assigned_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.assignments.assigned_at IS 'The first exposure.';
-- Name: COLUMN assignments.tx; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.assignments.tx IS 'The transaction that wrote it: readers that keep up use it as a watermark.';
-- Name: COLUMN assignments.actor_kind; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.assignments.actor_kind IS 'Who asked: user, api_key, service or system. The table is its own audit log.';
-- Name: COLUMN assignments.actor_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.assignments.actor_id IS 'The user or the API key that asked.';
-- Name: assign(private.live_rules, private.call, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.assign(rule private.live_rules, asked private.call, attributes jsonb) RETURNS public.assignments
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  unit constant text := case when rule.by_conversation then asked.conversation else asked.subject end;
  drawn constant integer := private.bucket(rule.salt, 'variant', unit);
  made public.assignments;
begin
  if rule.experiment_id <> all (case when rule.by_conversation then asked.conversation_in else asked.subject_in end) then
    insert into public.assignments (
      workspace_id, experiment_id, phase_id, variant_id, unit_id, subject, conversation, intent_id, bucket, attributes)
    values (rule.workspace_id, rule.experiment_id, rule.phase_id,
      rule.arm_ids[width_bucket(drawn, rule.arm_starts)], unit, asked.subject, asked.conversation,
      (asked.scope).intent_id, drawn, attributes)
    on conflict on constraint assignments_sticky do nothing
    returning * into made;
  end if;
  if made.id is null then
    -- It has an arm; or a rival that came first has committed by now: read what stands, whoever wrote it.
    select a.* into made from public.assignments a
    where a.workspace_id = rule.workspace_id and a.unit_id = unit and a.experiment_id = rule.experiment_id;
  end if;
  return made;
end
$$;
ALTER FUNCTION private.assign(rule private.live_rules, asked private.call, attributes jsonb) OWNER TO postgres;
-- Name: FUNCTION assign(rule private.live_rules, asked private.call, attributes jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.assign(rule private.live_rules, asked private.call, attributes jsonb) IS 'The unit''s arm: the one it has, or the one that its bucket draws, logged now.';
-- Name: audience_context(jsonb, text, text, text, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.audience_context(attributes jsonb, subject text, conversation text, action text, intent text) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  return attributes || jsonb_build_object('call', jsonb_build_object(
    'subject', subject, 'conversation', conversation, 'action', action, 'intent', intent));
end
$$;
ALTER FUNCTION private.audience_context(attributes jsonb, subject text, conversation text, action text, intent text) OWNER TO postgres;
-- Name: FUNCTION audience_context(attributes jsonb, subject text, conversation text, action text, intent text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.audience_context(attributes jsonb, subject text, conversation text, action text, intent text) IS 'What an audience is asked about: the attributes, and the call itself under the reserved name call.';
-- Name: audience_leaf_problem(jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.audience_leaf_problem(leaf jsonb) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $_$
declare
  name constant jsonb := leaf -> 'attribute';
  operators constant text[] := array(select k from jsonb_object_keys(leaf) k where k <> 'attribute');
begin
  if name is null then
    return 'a rule is all, any, not, or an attribute with one operator';
  elsif jsonb_typeof(name) <> 'string' or length(name #>> '{}') > 200
    or name #>> '{}' !~ '^[A-Za-z_][A-Za-z0-9_-]{0,63}(\.[A-Za-z_][A-Za-z0-9_-]{0,63}){0,3}$'
  then
    return 'attribute must be a name of letters, digits, _ and -, or up to four of them with dots between';
  elsif cardinality(operators) <> 1
    or operators[1] <> all ('{eq,in,gt,gte,lt,lte,exists,contains,starts_with}'::text[])
  then
    return 'an attribute needs exactly one of eq, in, gt, gte, lt, lte, exists, contains, starts_with';
  end if;
  return private.audience_value_problem(operators[1], leaf -> operators[1]);
end
$_$;
ALTER FUNCTION private.audience_leaf_problem(leaf jsonb) OWNER TO postgres;
-- Name: FUNCTION audience_leaf_problem(leaf jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.audience_leaf_problem(leaf jsonb) IS 'What is wrong with a rule about one attribute, in words; null when nothing is.';
-- Name: audience_leaf_words(jsonb, boolean); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.audience_leaf_words(leaf jsonb, negated boolean) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $_$
declare
  operator constant text := (select k from jsonb_object_keys(leaf) k where k <> 'attribute');
  v constant jsonb := leaf -> operator;
  place constant text := '$."' || replace(leaf ->> 'attribute', '.', '"."') || '"';
  said constant text := case operator
    when 'eq' then format('%s == %s', place, v)
    when 'in' then (select string_agg(format('%s == %s', place, i.value), ' || ') from jsonb_array_elements(
      case jsonb_typeof(v) when 'array' then v else '[]' end) i)
    when 'exists' then format('%s != null', place)
    when 'starts_with' then format('%s starts with %s', place, v)
    when 'contains' then format('exists(%s[*] ? (@ == %s))', place, v)
      || case jsonb_typeof(v) when 'string' then format(' || %s like_regex %s flag "q"', place, v) else '' end
    else format('%s %s %s', place, (jsonb_build_object('gt', '>', 'gte', '>=', 'lt', '<', 'lte', '<=') ->> operator), v)
  end;
begin
  if negated = (operator = 'exists' and v = 'false') then
    return format('(%s)', said);
  end if;
  -- Unknown is what jsonpath says of an absent attribute or another type: here it does not match.
  return format('(!(%s) || (%s) is unknown)', said, said);
end
$_$;
ALTER FUNCTION private.audience_leaf_words(leaf jsonb, negated boolean) OWNER TO postgres;
-- Name: FUNCTION audience_leaf_words(leaf jsonb, negated boolean); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.audience_leaf_words(leaf jsonb, negated boolean) IS 'A rule about one attribute, or its opposite, as jsonpath.';
-- Name: audience_matches(jsonb, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.audience_matches(audience jsonb, context jsonb) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  return audience is null or coalesce(context @@ private.audience_path(audience), false);
end
$$;
ALTER FUNCTION private.audience_matches(audience jsonb, context jsonb) OWNER TO postgres;
-- Name: FUNCTION audience_matches(audience jsonb, context jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.audience_matches(audience jsonb, context jsonb) IS 'Whether a call is in an audience; null is everybody.
The context is the call''s attributes, and under call what else it says. decide evaluates the compiled form.';
-- Name: audience_miss(jsonb, jsonb, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.audience_miss(node jsonb, context jsonb, path text DEFAULT ''::text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  here constant text := coalesce(nullif(path, ''), '/');
begin
  if node is null or private.audience_matches(node, context) then
    return null;
  elsif node ? 'all' then
    return (
      select private.audience_miss(e.value, context, format('%s/all/%s', path, e.ordinality - 1))
      from jsonb_array_elements(node -> 'all') with ordinality e
      where not private.audience_matches(e.value, context)
      order by e.ordinality limit 1);
  end if;
  return here;
end
$$;
ALTER FUNCTION private.audience_miss(node jsonb, context jsonb, path text) OWNER TO postgres;
-- Name: FUNCTION audience_miss(node jsonb, context jsonb, path text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.audience_miss(node jsonb, context jsonb, path text) IS 'The node that keeps a call out of an audience, as a JSON pointer; null when nothing does.';
-- Name: audience_path(jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.audience_path(audience jsonb) RETURNS jsonpath
    LANGUAGE plpgsql IMMUTABLE STRICT
    SET search_path TO ''
    AS $$
begin
  return ('strict ' || private.audience_words(audience))::jsonpath;
end
$$;
ALTER FUNCTION private.audience_path(audience jsonb) OWNER TO postgres;
-- Name: FUNCTION audience_path(audience jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.audience_path(audience jsonb) IS 'A valid audience, compiled; null for everybody.';
-- Name: audience_problem(jsonb, text, integer); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.audience_problem(node jsonb, path text DEFAULT ''::text, depth integer DEFAULT 1) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  junction constant text := (select k from jsonb_object_keys(
    case jsonb_typeof(node) when 'object' then node else '{}' end) k where k in ('all', 'any', 'not') limit 1);
  problem text := case
    when jsonb_typeof(node) is distinct from 'object' then 'a rule must be an object'
    when depth > 8 then 'rules may be nested 8 deep at most'
    when junction is null then private.audience_leaf_problem(node)
    when (select count(*) from jsonb_object_keys(node)) > 1 then format('%s must stand alone in its object', junction)
    when junction <> 'not' and (jsonb_typeof(node -> junction) <> 'array'
      or jsonb_array_length(node -> junction) not between 1 and 50) then format('%s must be a list of 1 to 50 rules', junction)
  end;
  child record;
  found_one jsonb;
begin
  if problem is not null then
    return jsonb_build_object('path', coalesce(nullif(path, ''), '/'), 'problem', problem);
  elsif junction = 'not' then
    return private.audience_problem(node -> 'not', path || '/not', depth + 1);
  elsif junction is null then
    return null;
  end if;
  for child in select e.value, e.ordinality - 1 as n from jsonb_array_elements(node -> junction) with ordinality e loop
    found_one := private.audience_problem(child.value, format('%s/%s/%s', path, junction, child.n), depth + 1);
    exit when found_one is not null;
  end loop;
  return found_one;
end
$$;
ALTER FUNCTION private.audience_problem(node jsonb, path text, depth integer) OWNER TO postgres;
-- Name: FUNCTION audience_problem(node jsonb, path text, depth integer); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.audience_problem(node jsonb, path text, depth integer) IS 'The first thing that is wrong with an audience: {path, problem}; null when nothing is.';
-- Name: audience_value_problem(text, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.audience_value_problem(operator text, v jsonb) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  kind constant text := jsonb_typeof(v);
  allowed constant text[] := case operator
    when 'exists' then '{boolean}' when 'starts_with' then '{string}' when 'in' then '{array}'
    when 'eq' then '{string,number,boolean}' when 'contains' then '{string,number,boolean}'
    else '{string,number}' end::text[];
  item jsonb;
begin
  if kind <> all (allowed) then
    return 'the value must be ' || array_to_string(allowed, ' or ');
  elsif kind = 'string' and (length(v #>> '{}') > 512 or (operator in ('starts_with', 'contains') and v = '""')) then
    return 'the text must have 1 to 512 characters';
  elsif kind = 'number' and not (v = '0' or abs(v::numeric) between 1e-15 and 1e15 and v::float8::numeric = v::numeric) then
    return 'the number must be 0 or between 1e-15 and 1e15, with at most 15 digits';
  elsif kind = 'array' then
    if jsonb_array_length(v) not between 1 and 500 then
      return 'the list must have 1 to 500 values';
    end if;
    for item in select value from jsonb_array_elements(v) loop
      if private.audience_value_problem('eq', item) is not null then
        return 'in the list, ' || private.audience_value_problem('eq', item);
      end if;
    end loop;
  end if;
  return null;
end
$$;
ALTER FUNCTION private.audience_value_problem(operator text, v jsonb) OWNER TO postgres;
-- Name: FUNCTION audience_value_problem(operator text, v jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.audience_value_problem(operator text, v jsonb) IS 'What is wrong with the value of an operator, in words; null when nothing is.';
-- Name: audience_words(jsonb, boolean); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.audience_words(node jsonb, negated boolean DEFAULT false) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  if node ? 'not' then
    return private.audience_words(node -> 'not', not negated);
  elsif node ? 'all' or node ? 'any' then
    return '(' || (
      select string_agg(private.audience_words(e.value, negated), case when (node ? 'all') = negated then ' || ' else ' && ' end
        order by e.ordinality)
      from jsonb_array_elements(coalesce(node -> 'all', node -> 'any')) with ordinality e) || ')';
  end if;
  return private.audience_leaf_words(node, negated);
end
$$;
ALTER FUNCTION private.audience_words(node jsonb, negated boolean) OWNER TO postgres;
-- Name: FUNCTION audience_words(node jsonb, negated boolean); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.audience_words(node jsonb, negated boolean) IS 'A valid audience, or its opposite, as the words of a jsonpath: not is pushed down to the attributes.';
-- Name: audit_batch(text, text, uuid, bigint, text, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.audit_batch(table_name text, operation text, tenant uuid, quantity bigint, first_id text, last_id text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  entry constant public.audit_events := private.audit_entry(table_name, operation, 1);
begin
  insert into public.audit_events (
    workspace_id, occurred_at, actor_kind, actor_id, actor_label, request_id, position, verb, operation, table_name,
    row_id, row_count, after)
  values (
    tenant, entry.occurred_at, entry.actor_kind, entry.actor_id, entry.actor_label, entry.request_id,
    entry.position + 1, entry.verb, entry.operation, entry.table_name,
    case quantity when 1 then first_id::uuid end, quantity,
    jsonb_strip_nulls(jsonb_build_object('rows', quantity, 'first_id', first_id, 'last_id', last_id)));
end
$$;
ALTER FUNCTION private.audit_batch(table_name text, operation text, tenant uuid, quantity bigint, first_id text, last_id text) OWNER TO postgres;
-- Name: FUNCTION audit_batch(table_name text, operation text, tenant uuid, quantity bigint, first_id text, last_id text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.audit_batch(table_name text, operation text, tenant uuid, quantity bigint, first_id text, last_id text) IS 'Appends the one event of a statement that added rows of evidence to a workspace.';
-- Name: audit_events; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.audit_events (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    occurred_at timestamp with time zone DEFAULT private.now() NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    actor_label text,
    request_id text NOT NULL,
    "position" integer NOT NULL,
    verb text,
    operation text NOT NULL,
    table_name text NOT NULL,
    row_id uuid,
    row_key jsonb,
    row_count integer DEFAULT 1 NOT NULL,
    changed text[] DEFAULT '{}'::text[] NOT NULL,
    before jsonb,
    after jsonb,
    CONSTRAINT audit_events_actor_kind_known CHECK ((actor_kind = ANY (ARRAY['user'::text, 'api_key'::text, 'service'::text, 'system'::text]))),
    CONSTRAINT audit_events_operation_known CHECK ((operation = ANY (ARRAY['insert'::text, 'update'::text, 'delete'::text]))),
    CONSTRAINT audit_events_position_positive CHECK (("position" > 0)),
    CONSTRAINT audit_events_row_count_positive CHECK ((row_count > 0))
);
ALTER TABLE public.audit_events OWNER TO postgres;
-- Name: TABLE audit_events; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.audit_events IS 'Every write that a person, an API key or a worker made: who, when, by which request, and the row before and after.
Append-only, written by triggers in the transaction of the write itself. Secrets are "[redacted]". Read by those who hold audit.read.';
-- Name: COLUMN audit_events.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.audit_events.id IS 'Time-ordered uuid.';
-- Name: COLUMN audit_events.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.audit_events.workspace_id IS 'The workspace.';
-- Name: COLUMN audit_events.occurred_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.audit_events.occurred_at IS 'When the transaction began.';
-- Name: COLUMN audit_events.actor_kind; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.audit_events.actor_kind IS 'user, api_key, service (a server''s secret key, or a worker) or system (a migration, a cascade).';
-- Name: COLUMN audit_events.actor_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.audit_events.actor_id IS 'The user or the API key. No foreign key: the log outlives accounts.';
-- Name: COLUMN audit_events.actor_label; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.audit_events.actor_label IS 'What the actor was called then: a person''s mail address, a key''s name.';
-- Name: COLUMN audit_events.request_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.audit_events.request_id IS 'The same for all events of a transaction: the caller''s x-request-id, or one made for it.';
-- Name: COLUMN audit_events."position"; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.audit_events."position" IS 'The order of the events of a transaction, from 1.';
-- Name: COLUMN audit_events.verb; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.audit_events.verb IS 'The function that was called; null for a write to a table itself.';
-- Name: COLUMN audit_events.operation; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.audit_events.operation IS 'insert, update or delete.';
-- Name: COLUMN audit_events.table_name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.audit_events.table_name IS 'The table that was written to.';
-- Name: COLUMN audit_events.row_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.audit_events.row_id IS 'The row''s id; in tables without one, the first id of its key: members by user, scopes by experiment.';
-- Name: COLUMN audit_events.row_key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.audit_events.row_key IS 'The row''s primary key, column to value; null for a batch.';
-- Name: COLUMN audit_events.row_count; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.audit_events.row_count IS 'Rows that the event speaks of: 1, or the size of a batch of evidence.';
-- Name: COLUMN audit_events.changed; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.audit_events.changed IS 'Update: the columns whose values changed.';
-- Name: COLUMN audit_events.before; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.audit_events.before IS 'The row before; null for an insert.';
-- Name: COLUMN audit_events.after; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.audit_events.after IS 'The row after; null for a delete. For a batch of evidence {rows, first_id, last_id}: the rows are their own record.';
-- Name: audit_entry(text, text, integer); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.audit_entry(table_name text, operation text, row_count integer) RETURNS public.audit_events
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $_$
declare
  entry public.audit_events;
begin
  entry.occurred_at := private.now();
  entry.actor_kind := private.actor_kind();
  entry.actor_id := private.actor_id();
  if entry.actor_kind = 'user' and entry.actor_id is null then
    -- A role of the platform, say the one that deletes accounts: no person is signed in.
    entry.actor_kind := 'system';
  end if;
  entry.actor_label := private.actor_label(entry.actor_kind, entry.actor_id);
  entry.request_id := private.request_id();
  entry.position := private.audit_position(row_count);
  entry.verb := substring(current_setting('request.path', true) from '/rpc/([a-z0-9_]+)$');
  entry.operation := lower(operation);
  entry.table_name := table_name;
  return entry;
end
$_$;
ALTER FUNCTION private.audit_entry(table_name text, operation text, row_count integer) OWNER TO postgres;
-- Name: FUNCTION audit_entry(table_name text, operation text, row_count integer); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.audit_entry(table_name text, operation text, row_count integer) IS 'What all events of a statement share: actor, request, verb, table; position is the number of events before it.';
-- Name: audit_pairs(text[], jsonb[], jsonb[]); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.audit_pairs(keys text[], before_rows jsonb[], after_rows jsonb[]) RETURNS TABLE(row_key jsonb, before jsonb, after jsonb, changed text[])
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  return query
  with old as (
    select (select jsonb_object_agg(k, r -> k) from unnest(keys) k) as key, r from unnest(before_rows) r
  ),
  fresh as (
    select (select jsonb_object_agg(k, r -> k) from unnest(keys) k) as key, r from unnest(after_rows) r
  )
  select coalesce(fresh.key, old.key), old.r, fresh.r,
    case when old.r is null or fresh.r is null then '{}' else array(
      select f.key from jsonb_each(fresh.r) f where f.value is distinct from old.r -> f.key order by f.key) end
  from old full join fresh on fresh.key = old.key;
end
$$;
ALTER FUNCTION private.audit_pairs(keys text[], before_rows jsonb[], after_rows jsonb[]) OWNER TO postgres;
-- Name: FUNCTION audit_pairs(keys text[], before_rows jsonb[], after_rows jsonb[]); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.audit_pairs(keys text[], before_rows jsonb[], after_rows jsonb[]) IS 'The rows of a statement, before beside after by their primary key, with the columns that differ.';
-- Name: audit_position(integer); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.audit_position(taken integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  before constant integer := coalesce(nullif(current_setting('upshot.audit_position', true), '')::integer, 0);
begin
  perform set_config('upshot.audit_position', (before + taken)::text, true);
  return before;
end
$$;
ALTER FUNCTION private.audit_position(taken integer) OWNER TO postgres;
-- Name: FUNCTION audit_position(taken integer); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.audit_position(taken integer) IS 'Takes so many places in the transaction''s order of events; returns how many were taken before.';
-- Name: audit_rows(text, text, text[], text[], text[], jsonb[], jsonb[]); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.audit_rows(table_name text, operation text, keys text[], secrets text[], silent text[], before_rows jsonb[], after_rows jsonb[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  mask constant jsonb := coalesce((select jsonb_object_agg(s, '[redacted]') from unnest(secrets) s), '{}');
  id_column constant text := coalesce(
    (select k from unnest(keys) k where k = 'id'), (select k from unnest(keys) k where k <> 'workspace_id' limit 1));
  entry public.audit_events;
begin
  if coalesce(cardinality(before_rows), 0) + coalesce(cardinality(after_rows), 0) = 0 then
    return;
  end if;
  entry := private.audit_entry(table_name, operation, greatest(cardinality(before_rows), cardinality(after_rows)));
  insert into public.audit_events (
    workspace_id, occurred_at, actor_kind, actor_id, actor_label, request_id, position, verb, operation, table_name,
    row_id, row_key, changed, before, after)
  select w.workspace_id, entry.occurred_at, entry.actor_kind, entry.actor_id, entry.actor_label, entry.request_id,
    entry.position + row_number() over (), entry.verb, entry.operation, entry.table_name,
    case when pg_input_is_valid(p.row_key ->> id_column, 'uuid') then (p.row_key ->> id_column)::uuid end, p.row_key, p.changed, p.before || mask, p.after || mask
  from private.audit_pairs(keys, before_rows, after_rows) p
  cross join lateral (
    select (coalesce(p.after, p.before) ->> case entry.table_name when 'workspaces' then 'id' else 'workspace_id' end)::uuid
  ) as w (workspace_id)
  where w.workspace_id is not null
    -- An update that changes nothing, or nothing but a clock, is no event.
    and (p.before is null or p.after is null or not p.changed <@ silent);
end
$$;
ALTER FUNCTION private.audit_rows(table_name text, operation text, keys text[], secrets text[], silent text[], before_rows jsonb[], after_rows jsonb[]) OWNER TO postgres;
-- Name: FUNCTION audit_rows(table_name text, operation text, keys text[], secrets text[], silent text[], before_rows jsonb[], after_rows jsonb[]); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.audit_rows(table_name text, operation text, keys text[], secrets text[], silent text[], before_rows jsonb[], after_rows jsonb[]) IS 'Appends one event for each row that a statement wrote, secrets masked.';
-- Name: authorise(uuid, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.authorise(requested uuid, permission text) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  chosen constant uuid := coalesce(requested, private.only_workspace());
begin
  if not private.may_enter(chosen) then
    perform private.fail('workspace_not_found', jsonb_build_object('workspace_id', requested));
  end if;
  perform private.require_permission(chosen, permission);
  return chosen;
end
$$;
ALTER FUNCTION private.authorise(requested uuid, permission text) OWNER TO postgres;
-- Name: FUNCTION authorise(requested uuid, permission text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.authorise(requested uuid, permission text) IS 'The workspace that a verb works in: the one named, or the caller''s only one; raises unless the caller holds the permission there.';
-- Name: authorise_row(uuid, uuid, text, text, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.authorise_row(owner uuid, requested uuid, permission text, code text, context jsonb) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  -- A row of a workspace that the caller cannot see does not exist for them: same code, same words.
  if owner is null or owner <> coalesce(requested, owner) or not private.may_enter(owner) then
    perform private.fail(code, context);
  end if;
  perform private.require_permission(owner, permission);
end
$$;
ALTER FUNCTION private.authorise_row(owner uuid, requested uuid, permission text, code text, context jsonb) OWNER TO postgres;
-- Name: FUNCTION authorise_row(owner uuid, requested uuid, permission text, code text, context jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.authorise_row(owner uuid, requested uuid, permission text, code text, context jsonb) IS 'Raises the given code unless the row''s workspace is the caller''s, and permission_denied unless they may act there.';
-- Name: batch_answer(bigint, bigint, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.batch_answer(valid bigint, landed bigint, errors jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    RETURN jsonb_build_object('accepted', landed, 'duplicates', (valid - landed), 'errors', COALESCE(errors, '[]'::jsonb));
ALTER FUNCTION private.batch_answer(valid bigint, landed bigint, errors jsonb) OWNER TO postgres;
-- Name: FUNCTION batch_answer(valid bigint, landed bigint, errors jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.batch_answer(valid bigint, landed bigint, errors jsonb) IS 'What a batch verb answers: rows that landed, rows that were known already, and the errors by index.';
-- Name: bucket(text, text, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.bucket(salt text, purpose text, unit_id text) RETURNS integer
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  digest constant text := encode(sha256(convert_to(salt || ':' || purpose || ':' || unit_id, 'UTF8')), 'hex');
begin
  return (('x' || left(digest, 12))::bit(48)::bigint % 10000)::integer;
end
$$;
ALTER FUNCTION private.bucket(salt text, purpose text, unit_id text) OWNER TO postgres;
-- Name: FUNCTION bucket(salt text, purpose text, unit_id text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.bucket(salt text, purpose text, unit_id text) IS 'The bucket, of 0 to 9999, of a unit: first 48 bits of SHA-256(salt:purpose:unit), modulo 10,000.
The purpose is traffic or variant, so that who takes part says nothing about the arm. Vectors: frontend_contract/fixtures.';
-- Name: bundle_hash(jsonb, jsonb, text, text, jsonb, jsonb, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.bundle_hash(messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    RETURN encode(sha256(convert_to((jsonb_build_object('messages', messages, 'variables', variables, 'provider', provider, 'model', model, 'params', params, 'tools', tools, 'response_format', response_format))::text, 'UTF8'::name)), 'hex'::text);
ALTER FUNCTION private.bundle_hash(messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb) OWNER TO postgres;
-- Name: FUNCTION bundle_hash(messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.bundle_hash(messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb) IS 'SHA-256, in hex, of the bundle as jsonb prints it: keys in one order, spaces in one way.';
-- Name: prompt_versions; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.prompt_versions (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    prompt_id uuid NOT NULL,
    number integer NOT NULL,
    branch_id uuid NOT NULL,
    parent_version_id uuid,
    messages jsonb NOT NULL,
    variables jsonb NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    params jsonb DEFAULT '{}'::jsonb NOT NULL,
    tools jsonb DEFAULT '[]'::jsonb NOT NULL,
    response_format jsonb,
    content_hash text GENERATED ALWAYS AS (private.bundle_hash(messages, variables, provider, model, params, tools, response_format)) STORED NOT NULL,
    message text DEFAULT ''::text NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    merged_version_id uuid,
    forked_from_version_id uuid,
    template_version_id uuid,
    CONSTRAINT prompt_versions_fork_is_first CHECK (((forked_from_version_id IS NULL) OR (number = 1))),
    CONSTRAINT prompt_versions_merge_has_parent CHECK (((merged_version_id IS NULL) OR ((parent_version_id IS NOT NULL) AND (merged_version_id <> parent_version_id)))),
    CONSTRAINT prompt_versions_messages_array CHECK ((jsonb_typeof(messages) = 'array'::text)),
    CONSTRAINT prompt_versions_model_length CHECK (((length(model) >= 1) AND (length(model) <= 200))),
    CONSTRAINT prompt_versions_number_positive CHECK ((number > 0)),
    CONSTRAINT prompt_versions_params_object CHECK ((jsonb_typeof(params) = 'object'::text)),
    CONSTRAINT prompt_versions_provider_length CHECK (((length(provider) >= 1) AND (length(provider) <= 100))),
    CONSTRAINT prompt_versions_response_format_object CHECK ((jsonb_typeof(response_format) = 'object'::text)),
    CONSTRAINT prompt_versions_tools_array CHECK ((jsonb_typeof(tools) = 'array'::text)),
    CONSTRAINT prompt_versions_variables_object CHECK ((jsonb_typeof(variables) = 'object'::text))
);
ALTER TABLE public.prompt_versions OWNER TO postgres;
-- Name: TABLE prompt_versions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.prompt_versions IS 'An immutable bundle: messages, variables, provider, model, params, tools, response format.
Made by commit_version. Prompt and configuration are versioned together, because they act together.';
-- Name: COLUMN prompt_versions.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.id IS 'Time-ordered uuid.';
-- Name: COLUMN prompt_versions.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.workspace_id IS 'The workspace.';
-- Name: COLUMN prompt_versions.prompt_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.prompt_id IS 'The prompt.';
-- Name: COLUMN prompt_versions.number; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.number IS 'Counts from 1 in the prompt, over all branches.';
-- Name: COLUMN prompt_versions.branch_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.branch_id IS 'The branch that it was committed to.';
-- Name: COLUMN prompt_versions.parent_version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.parent_version_id IS 'The head that it was committed on; null for a first version.';
-- Name: COLUMN prompt_versions.messages; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.messages IS 'Array of {role, content}; content may hold {{variables}}.';
-- Name: COLUMN prompt_versions.variables; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.variables IS 'Object: variable name to JSON Schema.';
-- Name: COLUMN prompt_versions.provider; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.provider IS 'Who runs the model: openai, anthropic, gemini, local, and so on.';
-- Name: COLUMN prompt_versions.model; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.model IS 'The model''s name at the provider.';
-- Name: COLUMN prompt_versions.params; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.params IS 'Object of sampling parameters.';
-- Name: COLUMN prompt_versions.tools; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.tools IS 'Array of tool definitions.';
-- Name: COLUMN prompt_versions.response_format; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.response_format IS 'Object; null for free text.';
-- Name: COLUMN prompt_versions.content_hash; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.content_hash IS 'SHA-256 of the bundle, in hex: equal bundles have equal hashes.';
-- Name: COLUMN prompt_versions.message; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.message IS 'Why, in the author''s words.';
-- Name: COLUMN prompt_versions.created_by; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.created_by IS 'The user who committed it. No foreign key: history outlives accounts.';
-- Name: COLUMN prompt_versions.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.created_at IS 'When it was committed.';
-- Name: COLUMN prompt_versions.merged_version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.merged_version_id IS 'The second parent of a merge: the head of the branch that was merged in; null for any other version.';
-- Name: COLUMN prompt_versions.forked_from_version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.forked_from_version_id IS 'The version of another prompt that this prompt began as a copy of; null unless it is a fork''s first version.';
-- Name: COLUMN prompt_versions.template_version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_versions.template_version_id IS 'The template version that it was made from, itself or through its parents; null when there is none.';
-- Name: bundle(public.prompt_versions); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.bundle(version public.prompt_versions) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  return jsonb_build_object(
    'messages', version.messages, 'variables', version.variables, 'provider', version.provider,
    'model', version.model, 'params', version.params, 'tools', version.tools,
    'response_format', version.response_format);
end
$$;
ALTER FUNCTION private.bundle(version public.prompt_versions) OWNER TO postgres;
-- Name: FUNCTION bundle(version public.prompt_versions); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.bundle(version public.prompt_versions) IS 'What a caller needs to make the model call.';
-- Name: readable_items(jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.readable_items(payload jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $_$
  select coalesce(jsonb_agg(i), '[]')
  from jsonb_array_elements(case jsonb_typeof(payload -> 'items') when 'array' then payload -> 'items' end) i
  where pg_input_is_valid(i ->> 'version_id', 'uuid')
    and pg_input_is_valid(i ->> 'test_case_id', 'uuid')
    and i ->> 'repeat' ~ '^[1-9]\d{0,8}$'
$_$;
ALTER FUNCTION private.readable_items(payload jsonb) OWNER TO postgres;
-- Name: FUNCTION readable_items(payload jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.readable_items(payload jsonb) IS 'The items of a job that name a call. Other things in its payload, or no payload at all, are passed over.';
-- Name: record_run_results(uuid, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.record_run_results(run_id uuid, results jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  tenant uuid := (select r.workspace_id from public.runs r where r.id = run_id for no key update);
  fault jsonb := (select b.fault from private.open_batch('result', results) b where b.fault is not null limit 1);
  landed integer;
  failures integer;
begin
  if tenant is null then
    perform private.fail('unknown_run', jsonb_build_object('run_id', run_id));
  elsif fault is not null then
    raise exception using errcode = 'PT422', message = fault ->> 'message', hint = fault ->> 'hint', detail = fault::text;
  end if;
  with fresh as (
    insert into public.run_results (
      workspace_id, run_id, version_id, test_case_id, repeat, status, output, finish_reason, latency_ms,
      input_tokens, output_tokens, cost_usd, error_code, error_message, attempts)
    select tenant, run_id, x.version_id, x.test_case_id, x.repeat, x.status, x.output, x.finish_reason, x.latency_ms,
      x.input_tokens, x.output_tokens, x.cost_usd, x.error_code, x.error_message, coalesce(x.attempts, 1)
    from jsonb_populate_recordset(null::public.run_results, results) x
    on conflict on constraint run_results_once do nothing
    returning status
  )
  select count(*), count(*) filter (where f.status = 'error') into landed, failures from fresh f;
  perform private.count_results(run_id, landed, failures);
  return jsonb_build_object('accepted', landed, 'duplicates', jsonb_array_length(results) - landed);
end
$$;
ALTER FUNCTION private.record_run_results(run_id uuid, results jsonb) OWNER TO postgres;
-- Name: FUNCTION record_run_results(run_id uuid, results jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.record_run_results(run_id uuid, results jsonb) IS 'Keeps results once each and counts them into the run.
Definer: results are append-only, and no role may insert them by hand.';
-- Name: run_work(uuid, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.run_work(run_id uuid, items jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'version_id', v.id, 'test_case_id', t.id, 'repeat', i.repeat,
    'bundle', private.bundle(v), 'variables', t.variables, 'expected', t.expected) order by v.id, t.id, i.repeat), '[]')
  from public.runs r
  cross join lateral jsonb_to_recordset(items) as i (version_id uuid, test_case_id uuid, repeat integer)
  join public.prompt_versions v on v.workspace_id = r.workspace_id and v.id = i.version_id
  join public.test_cases t on t.workspace_id = r.workspace_id and t.id = i.test_case_id
  where r.id = run_work.run_id
    and not exists (
      select from public.run_results s
      where s.run_id = r.id and s.version_id = v.id and s.test_case_id = t.id and s.repeat = i.repeat)
$$;
ALTER FUNCTION private.run_work(run_id uuid, items jsonb) OWNER TO postgres;
-- Name: FUNCTION run_work(run_id uuid, items jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.run_work(run_id uuid, items jsonb) IS 'What the worker needs for the items that have no result yet: bundle, variables, expected.';
-- Name: runs; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.runs (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    name text NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    total integer NOT NULL,
    done integer DEFAULT 0 NOT NULL,
    failed integer DEFAULT 0 NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT runs_counts CHECK (((0 <= failed) AND (failed <= done) AND (done <= total))),
    CONSTRAINT runs_state_known CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text]))),
    CONSTRAINT runs_total_positive CHECK ((total > 0))
);
ALTER TABLE public.runs OWNER TO postgres;
-- Name: TABLE runs; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.runs IS 'One batch of model calls: some versions over saved test cases. Made by create_run.';
-- Name: COLUMN runs.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.runs.id IS 'Time-ordered uuid.';
-- Name: COLUMN runs.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.runs.workspace_id IS 'The workspace.';
-- Name: COLUMN runs.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.runs.name IS 'What people call it.';
-- Name: COLUMN runs.state; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.runs.state IS 'queued, running or done.';
-- Name: COLUMN runs.total; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.runs.total IS 'Calls to make.';
-- Name: COLUMN runs.done; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.runs.done IS 'Calls with a result, failed ones included.';
-- Name: COLUMN runs.failed; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.runs.failed IS 'Calls whose result is an error.';
-- Name: COLUMN runs.created_by; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.runs.created_by IS 'The user who started it; null for a server''s key.';
-- Name: COLUMN runs.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.runs.created_at IS 'When it was started.';
-- Name: COLUMN runs.finished_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.runs.finished_at IS 'When the last result came.';
-- Name: bury_run_chunk(jsonb, integer, text, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.bury_run_chunk(payload jsonb, attempts integer, error_code text, error_message text) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT private.record_run_results(r.id, buried.results) AS record_run_results
    FROM (public.runs r
      CROSS JOIN LATERAL ( SELECT COALESCE(jsonb_agg(jsonb_build_object('version_id', (unanswered.w -> 'version_id'::text), 'test_case_id', (unanswered.w -> 'test_case_id'::text), 'repeat', (unanswered.w -> 'repeat'::text), 'status', 'error', 'error_code', bury_run_chunk.error_code, 'error_message', bury_run_chunk.error_message, 'attempts', bury_run_chunk.attempts)), '[]'::jsonb) AS results
            FROM ( SELECT w.value AS w
                    FROM jsonb_array_elements(private.run_work(r.id, private.readable_items(bury_run_chunk.payload))) w(value)
                  LIMIT LEAST((r.total - r.done), 10000)) unanswered) buried)
   WHERE (r.id = private.as_uuid((bury_run_chunk.payload ->> 'run_id'::text)));
END;
ALTER FUNCTION private.bury_run_chunk(payload jsonb, attempts integer, error_code text, error_message text) OWNER TO postgres;
-- Name: FUNCTION bury_run_chunk(payload jsonb, attempts integer, error_code text, error_message text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.bury_run_chunk(payload jsonb, attempts integer, error_code text, error_message text) IS 'Gives the calls of a dead job that have no result the job''s error; a payload that names no run has none.';
-- Name: caller_is_server(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.caller_is_server() RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
begin
  return current_setting('role') = 'service_role'
    or (current_setting('role') = 'none' and session_user in ('postgres', 'supabase_admin'));
end
$$;
ALTER FUNCTION private.caller_is_server() OWNER TO postgres;
-- Name: FUNCTION caller_is_server(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.caller_is_server() IS 'True for a secret key and for a direct connection of the owner: callers that RLS does not bind either.';
-- Name: capability_key(private.scope); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.capability_key(scope private.scope) RETURNS bigint
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    RETURN hashtextextended(((('capability:'::text || (scope).environment_id) || ':'::text) || (scope).capability_id), (0)::bigint);
ALTER FUNCTION private.capability_key(scope private.scope) OWNER TO postgres;
-- Name: FUNCTION capability_key(scope private.scope); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.capability_key(scope private.scope) IS 'The advisory lock of a capability in an environment: moves of a pointer share it, a ramp''s moves hold it alone.';
-- Name: members; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.members (
    workspace_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text NOT NULL,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL
);
ALTER TABLE public.members OWNER TO postgres;
-- Name: TABLE members; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.members IS 'A user in a workspace, with exactly one role there.';
-- Name: COLUMN members.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.members.workspace_id IS 'The workspace.';
-- Name: COLUMN members.user_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.members.user_id IS 'The user, of auth.users.';
-- Name: COLUMN members.role; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.members.role IS 'The role that they have here.';
-- Name: COLUMN members.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.members.created_at IS 'When they joined.';
-- Name: change_role(uuid, text, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.change_role(user_id uuid, role text, expected_role text, workspace_id uuid) RETURNS public.members
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  changed public.members := private.lock_member(user_id, workspace_id, 'members.write');
begin
  if changed.role is distinct from expected_role then
    perform private.fail('stale_role', jsonb_build_object('role', changed.role));
  end if;
  perform private.require_may_give(changed.role, changed.workspace_id);
  perform private.require_may_give(role, changed.workspace_id);
  update public.members m set role = role
  where m.workspace_id = changed.workspace_id and m.user_id = changed.user_id returning m.* into changed;
  return changed;
end
$$;
ALTER FUNCTION private.change_role(user_id uuid, role text, expected_role text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION change_role(user_id uuid, role text, expected_role text, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.change_role(user_id uuid, role text, expected_role text, workspace_id uuid) IS 'Gives a member another role by compare-and-swap.
Definer: locks a row that a policy might hide after the change.';
-- Name: check_audience(jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.check_audience(audience jsonb) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  fault jsonb := case when octet_length(audience::text) > 32768
    then '{"path": "/", "problem": "it must be smaller than 32 kB"}'
    else private.audience_problem(audience) end;
begin
  if fault is not null then
    perform private.fail('bad_audience', fault);
  end if;
end
$$;
ALTER FUNCTION private.check_audience(audience jsonb) OWNER TO postgres;
-- Name: FUNCTION check_audience(audience jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.check_audience(audience jsonb) IS 'Raises bad_audience, naming the first node that is not as it must be.';
-- Name: check_bundle(jsonb, jsonb, text, text, jsonb, jsonb, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.check_bundle(messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $_$
declare
  fault jsonb;
begin
  select jsonb_build_object('field', field, 'expected', expected) into fault
  from (values
    ('messages', 'a non-empty array of {role, content}', jsonb_typeof(messages) = 'array'
      and jsonb_array_length(messages) > 0
      and not jsonb_path_exists(messages, '$[*] ? (!exists(@.role) || !exists(@.content) || @.role.type() != "string")')),
    ('variables', 'an object of name to JSON Schema', jsonb_typeof(variables) = 'object'
      and not jsonb_path_exists(variables, '$.* ? (@.type() != "object")')),
    ('provider', 'a text of 1 to 100 characters', length(provider) between 1 and 100),
    ('model', 'a text of 1 to 200 characters', length(model) between 1 and 200),
    ('params', 'an object', jsonb_typeof(params) = 'object'),
    ('tools', 'an array of objects', jsonb_typeof(tools) = 'array'
      and not jsonb_path_exists(tools, 'strict $[*] ? (@.type() != "object")')),
    ('response_format', 'an object or null', response_format is null or jsonb_typeof(response_format) = 'object')
  ) as rule (field, expected, holds)
  where holds is not true
  limit 1;
  if fault is not null then
    perform private.fail('bad_bundle', fault);
  end if;
end
$_$;
ALTER FUNCTION private.check_bundle(messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb) OWNER TO postgres;
-- Name: FUNCTION check_bundle(messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.check_bundle(messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb) IS 'Raises bad_bundle, naming the first field that is not as it must be.';
-- Name: check_run(uuid[], uuid[], integer, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.check_run(version_ids uuid[], test_case_ids uuid[], repeats integer, tenant uuid) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  stranger uuid;
begin
  if coalesce(cardinality(version_ids), 0) not between 1 and 100 or repeats not between 1 and 100 or repeats is null then
    perform private.fail('bad_argument',
      '{"argument": "version_ids and repeats", "expected": "1 to 100 ids and 1 to 100 repeats"}');
  end if;
  select w into stranger from unnest(version_ids) w
  where not exists (select from public.prompt_versions v where v.id = w and v.workspace_id = tenant) limit 1;
  if found then
    perform private.fail('unknown_version', jsonb_build_object('version_id', stranger));
  end if;
  select w into stranger from unnest(test_case_ids) w
  where not exists (select from public.test_cases t where t.id = w and t.workspace_id = tenant) limit 1;
  if found then
    perform private.fail('unknown_test_case', jsonb_build_object('test_case_id', stranger));
  end if;
end
$$;
ALTER FUNCTION private.check_run(version_ids uuid[], test_case_ids uuid[], repeats integer, tenant uuid) OWNER TO postgres;
-- Name: FUNCTION check_run(version_ids uuid[], test_case_ids uuid[], repeats integer, tenant uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.check_run(version_ids uuid[], test_case_ids uuid[], repeats integer, tenant uuid) IS 'Raises unless every version and test case is the workspace''s own and the numbers are in range.';
-- Name: choose_rule(private.call); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.choose_rule(asked private.call) RETURNS private.live_rules
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  chosen private.live_rules;
begin
  -- In the order of the index, so that the search ends at the first experiment that takes the call.
  select r.* into chosen
  from private.live_rules r
  where r.environment_id = (asked.scope).environment_id
    and r.capability_id = (asked.scope).capability_id
    and (r.action_ids is null or (asked.scope).action_id = any (r.action_ids))
    and (r.intent_ids is null or (asked.scope).intent_id = any (r.intent_ids))
    and (r.runs_any_action or (asked.scope).action_id = any (r.runs_action_ids))
    and (not r.by_conversation or asked.conversation is not null)
    and (r.audience is null or asked.context @@ r.audience)
    and (
      r.experiment_id = any (case when r.by_conversation then asked.conversation_in else asked.subject_in end)
      or not asked.is_held_out
        and (r.layer_id is null
          or ((select private.layer_buckets((asked.scope).workspace_id, asked.subject)) ->> r.layer_id::text)::integer
              between r.layer_from and r.layer_to - 1
            and not private.is_elsewhere_in_layer(r, asked))
        and (r.traffic = 10000 or private.bucket(
          r.salt, 'traffic', case when r.by_conversation then asked.conversation else asked.subject end) < r.traffic))
  order by r.breadth, r.started_at, r.experiment_id
  limit 1;
  return chosen;
end
$$;
ALTER FUNCTION private.choose_rule(asked private.call) OWNER TO postgres;
-- Name: FUNCTION choose_rule(asked private.call); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.choose_rule(asked private.call) IS 'The experiment that answers a call: the first, the narrowest and then the oldest, that covers it and takes its unit.';
-- Name: claim_jobs(integer, integer); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.claim_jobs(quantity integer, lease_seconds integer) RETURNS TABLE(job_id bigint, kind text, payload jsonb, attempt integer, enqueued_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if quantity not between 1 and 100 or lease_seconds not between 1 and 3600 then
    perform private.fail('bad_argument',
      '{"argument": "quantity and lease_seconds", "expected": "1 to 100 jobs and 1 to 3600 seconds"}');
  end if;
  return query
    select m.msg_id, m.message ->> 'kind', m.message -> 'payload', m.read_ct, m.enqueued_at
    from pgmq.read('jobs', lease_seconds, quantity) m;
end
$$;
ALTER FUNCTION private.claim_jobs(quantity integer, lease_seconds integer) OWNER TO postgres;
-- Name: FUNCTION claim_jobs(quantity integer, lease_seconds integer); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.claim_jobs(quantity integer, lease_seconds integer) IS 'Leases jobs: nobody else sees them until the lease ends.
Definer: the queue''s schema is closed to the API''s roles.';
-- Name: commit_version(uuid, text, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.commit_version(prompt_id uuid, branch text, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb, message text, expected_head uuid, workspace_id uuid) RETURNS public.prompt_versions
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  line public.branches := private.lock_branch(prompt_id, branch, expected_head, workspace_id);
  made public.prompt_versions;
begin
  perform private.check_bundle(messages, variables, provider, model, params, tools, response_format);
  if exists (
    select from public.prompt_versions v
    where v.id = line.head_version_id
      and v.content_hash = private.bundle_hash(messages, variables, provider, model, params, tools, response_format)
  ) then
    perform private.fail('nothing_changed', jsonb_build_object('branch', branch, 'version_id', line.head_version_id));
  end if;
  insert into public.prompt_versions (
    workspace_id, prompt_id, number, branch_id, parent_version_id,
    messages, variables, provider, model, params, tools, response_format, message, created_by)
  select line.workspace_id, line.prompt_id, coalesce(max(v.number), 0) + 1, line.id, line.head_version_id,
    messages, variables, provider, model, params, tools, response_format, coalesce(message, ''), auth.uid()
  from public.prompt_versions v where v.prompt_id = line.prompt_id
  returning * into made;
  update public.branches b set head_version_id = made.id where b.id = line.id;
  return made;
end
$$;
ALTER FUNCTION private.commit_version(prompt_id uuid, branch text, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb, message text, expected_head uuid, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION commit_version(prompt_id uuid, branch text, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb, message text, expected_head uuid, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.commit_version(prompt_id uuid, branch text, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb, message text, expected_head uuid, workspace_id uuid) IS 'Adds a version to a branch and moves its head.
Definer: versions are immutable, so nobody may insert or number them by hand.';
-- Name: compile_rule(uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.compile_rule(experiment_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  delete from private.live_rules r where r.experiment_id = compile_rule.experiment_id;
  insert into private.live_rules
  select made.*, encode(sha256(convert_to(made::text, 'UTF8')), 'hex')
  from (
    select e.id, e.workspace_id, e.environment_id, e.capability_id,
      (2 * (cardinality(actions.ids) = 0)::integer + (cardinality(intents.ids) = 0)::integer)::smallint,
      e.started_at, e.key, e.salt, e.traffic, e.unit = 'conversation',
      case when cardinality(actions.ids) > 0 then actions.ids end,
      case when cardinality(intents.ids) > 0 then intents.ids end,
      not exists (select from jsonb_each(has.arms) a where not (a.value -> 'versions') ? '*'),
      private.rule_actions(has.arms), private.audience_path(e.audience), e.layer_id, e.layer_from, e.layer_to,
      phase.id, phase.arm_ids, phase.arm_starts, has.arms
    from public.experiments e
    cross join lateral (select private.rule_arms(e.id)) as has (arms)
    cross join lateral (select array(
      select s.action_id from public.experiment_actions s where s.experiment_id = e.id order by 1)) as actions (ids)
    cross join lateral (select array(
      select s.intent_id from public.experiment_intents s where s.experiment_id = e.id order by 1)) as intents (ids)
    cross join lateral (
      select p.id, array_agg(b.variant_id order by b.bucket_from) as arm_ids,
        array_agg(b.bucket_from order by b.bucket_from) as arm_starts
      from public.experiment_phases p join public.experiment_phase_arms b on b.phase_id = p.id
      where p.experiment_id = e.id and b.bucket_from < b.bucket_to
      group by p.id, p.number order by p.number desc limit 1) as phase
    where e.id = compile_rule.experiment_id and e.state = 'active'
  ) as made;
end
$$;
ALTER FUNCTION private.compile_rule(experiment_id uuid) OWNER TO postgres;
-- Name: FUNCTION compile_rule(experiment_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.compile_rule(experiment_id uuid) IS 'Writes the row that decide reads for an experiment, or takes it away when the experiment is not active.';
-- Name: complete_job(bigint); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.complete_job(job_id bigint) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT pgmq.archive('jobs'::text, job_id) AS archive;
END;
ALTER FUNCTION private.complete_job(job_id bigint) OWNER TO postgres;
-- Name: FUNCTION complete_job(job_id bigint); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.complete_job(job_id bigint) IS 'Takes a finished job out of the queue into its archive; false when it is gone.
Definer: the queue''s schema is closed to the API''s roles.';
-- Name: ramps; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.ramps (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    environment_id uuid NOT NULL,
    capability_id uuid NOT NULL,
    action_id uuid,
    intent_id uuid,
    experiment_id uuid NOT NULL,
    version_id uuid NOT NULL,
    from_version_id uuid NOT NULL,
    replaces_version_id uuid,
    state text DEFAULT 'running'::text NOT NULL,
    step integer DEFAULT 1 NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    min_subjects integer NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    end_code text,
    deployment_id uuid,
    created_by uuid,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT ramps_end_whole CHECK ((((state = 'running'::text) = (ended_at IS NULL)) AND ((end_code IS NULL) OR (ended_at IS NOT NULL)))),
    CONSTRAINT ramps_min_subjects_range CHECK (((min_subjects >= 2) AND (min_subjects <= 1000000))),
    CONSTRAINT ramps_state_known CHECK ((state = ANY (ARRAY['running'::text, 'completed'::text, 'aborted'::text, 'stopped'::text])))
);
ALTER TABLE public.ramps OWNER TO postgres;
-- Name: TABLE ramps; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.ramps IS 'A version that goes live in steps, each to a larger share of subjects, as long as its guardrails stand.
Until the last step it runs as an experiment: half of its traffic keeps the live version as the control, so that the evidence is randomised. The last step publishes and archives the experiment. Written by start_ramp, advance_ramp, abort_ramp and the worker.';
-- Name: COLUMN ramps.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.id IS 'Time-ordered uuid.';
-- Name: COLUMN ramps.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.workspace_id IS 'The workspace.';
-- Name: COLUMN ramps.environment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.environment_id IS 'Scope: the environment.';
-- Name: COLUMN ramps.capability_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.capability_id IS 'Scope: the capability.';
-- Name: COLUMN ramps.action_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.action_id IS 'Scope: the action; null for the whole capability.';
-- Name: COLUMN ramps.intent_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.intent_id IS 'Scope: the intent; null for every intent.';
-- Name: COLUMN ramps.experiment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.experiment_id IS 'The experiment that it runs as: its arms, its effects, its guardrails with their margins.';
-- Name: COLUMN ramps.version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.version_id IS 'The version that goes live.';
-- Name: COLUMN ramps.from_version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.from_version_id IS 'The version that answered the scope when the ramp began: the control.';
-- Name: COLUMN ramps.replaces_version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.replaces_version_id IS 'What was live at exactly this scope when it began; null when a wider scope answered.';
-- Name: COLUMN ramps.state; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.state IS 'running; completed (published), aborted (by a person or a guardrail) or stopped (something else moved).';
-- Name: COLUMN ramps.step; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.step IS 'The number of its present step in ramp_steps.';
-- Name: COLUMN ramps.revision; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.revision IS 'Counts its moves: name the one you saw, and a stale move is refused.';
-- Name: COLUMN ramps.min_subjects; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.min_subjects IS 'How many subjects each arm needs before a guardrail is believed to stand.';
-- Name: COLUMN ramps.reason; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.reason IS 'Why, in the person''s words.';
-- Name: COLUMN ramps.end_code; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.end_code IS 'Why it ended without being published.
aborted_by_hand, guardrail_breached, scope_moved, live_version_changed, narrower_scope_moved or experiment_archived.';
-- Name: COLUMN ramps.deployment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.deployment_id IS 'The deployment that completed it.';
-- Name: COLUMN ramps.created_by; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.created_by IS 'The user who started it; null for a key or a server. No foreign key: history outlives accounts.';
-- Name: COLUMN ramps.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.created_at IS 'When it was started.';
-- Name: COLUMN ramps.ended_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramps.ended_at IS 'When it was completed, aborted or stopped.';
-- Name: complete_ramp(public.ramps, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.complete_ramp(ramp public.ramps, reason text) RETURNS public.ramps
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  scope constant private.scope := private.ramp_scope(ramp);
  head constant private.deployment_heads := private.own_head(scope);
  moved jsonb;
begin
  -- Whatever moves the scope stops the ramp in its own transaction; this holds even if that were ever forgotten.
  perform private.require_live(head, ramp.replaces_version_id);
  perform private.archive_ramp_experiment(ramp.experiment_id);
  moved := private.move_pointer(scope, ramp.version_id, head, 'publish', coalesce(nullif(reason, ''), ramp.reason));
  update public.ramps r set deployment_id = (moved ->> 'deployment_id')::uuid where r.id = ramp.id returning r.* into ramp;
  return ramp;
end
$$;
ALTER FUNCTION private.complete_ramp(ramp public.ramps, reason text) OWNER TO postgres;
-- Name: FUNCTION complete_ramp(ramp public.ramps, reason text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.complete_ramp(ramp public.ramps, reason text) IS 'The last step: ends the experiment and publishes, in one transaction.';
-- Name: count_results(uuid, integer, integer); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.count_results(run_id uuid, landed integer, failures integer) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    BEGIN ATOMIC
 UPDATE public.runs r SET done = (r.done + count_results.landed), failed = (r.failed + count_results.failures), state =
         CASE
             WHEN ((r.done + count_results.landed) = r.total) THEN 'done'::text
             ELSE 'running'::text
         END, finished_at =
         CASE
             WHEN ((r.done + count_results.landed) = r.total) THEN private.now()
             ELSE NULL::timestamp with time zone
         END
   WHERE ((r.id = count_results.run_id) AND (count_results.landed > 0));
END;
ALTER FUNCTION private.count_results(run_id uuid, landed integer, failures integer) OWNER TO postgres;
-- Name: FUNCTION count_results(run_id uuid, landed integer, failures integer); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.count_results(run_id uuid, landed integer, failures integer) IS 'Adds results to a run''s counts and ends it with the last.';
-- Name: create_api_key(text, text[], text[], timestamp with time zone, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.create_api_key(name text, permissions text[], environments text[], expires_at timestamp with time zone, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'api_keys.write');
  maker uuid := private.require_person();
  secret text := private.new_secret('upk');
  made public.api_keys;
begin
  perform private.require_text('name', name, 200);
  perform private.require_permissions_for_key(permissions, tenant);
  if expires_at <= private.now() then
    perform private.fail('bad_argument', '{"argument": "expires_at", "expected": "a time to come"}');
  end if;
  insert into public.api_keys (workspace_id, name, prefix, permissions, environment_ids, expires_at, created_by)
  values (tenant, name, left(secret, 12), array(select distinct p from unnest(permissions) p order by p),
    private.api_key_environments(environments, tenant), expires_at, maker)
  on conflict do nothing
  returning * into made;
  if made.id is null then
    perform private.fail('api_key_name_taken', jsonb_build_object('name', name));
  end if;
  insert into private.api_key_secrets (hash, api_key_id, workspace_id)
  values (private.secret_hash(secret), made.id, tenant);
  return to_jsonb(made) || jsonb_build_object('secret', secret);
end
$$;
ALTER FUNCTION private.create_api_key(name text, permissions text[], environments text[], expires_at timestamp with time zone, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION create_api_key(name text, permissions text[], environments text[], expires_at timestamp with time zone, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.create_api_key(name text, permissions text[], environments text[], expires_at timestamp with time zone, workspace_id uuid) IS 'Makes an API key and shows its secret, once.
Definer: the secret''s hash is in a table that nobody reads.';
-- Name: create_run(uuid[], uuid[], integer, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.create_run(version_ids uuid[], test_case_ids uuid[], repeats integer, name text, workspace_id uuid) RETURNS public.runs
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'runs.write');
  calls integer;
  run public.runs;
begin
  perform private.check_run(version_ids, test_case_ids, repeats, tenant);
  calls := (select count(*) from private.run_items(version_ids, test_case_ids, repeats));
  if calls not between 1 and 100000 then
    perform private.fail(case calls when 0 then 'nothing_to_run' else 'bad_argument' end,
      '{"argument": "version_ids, test_case_ids and repeats", "expected": "at most 100,000 calls together"}');
  end if;
  insert into public.runs (workspace_id, name, total, created_by)
  values (tenant, coalesce(name, format('%s versions, %s calls', cardinality(version_ids), calls)), calls, auth.uid())
  returning * into run;
  perform private.enqueue_run(run, version_ids, test_case_ids, repeats);
  return run;
end
$$;
ALTER FUNCTION private.create_run(version_ids uuid[], test_case_ids uuid[], repeats integer, name text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION create_run(version_ids uuid[], test_case_ids uuid[], repeats integer, name text, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.create_run(version_ids uuid[], test_case_ids uuid[], repeats integer, name text, workspace_id uuid) IS 'Makes a run and queues its calls in the same transaction.
Definer: the queue''s schema is closed to the API''s roles.';
-- Name: create_workspace(text, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.create_workspace(name text, slug text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
declare
  made uuid;
begin
  if auth.uid() is null then
    perform private.fail('sign_in_required');
  end if;
  perform private.require_text('name', name, 200);
  if slug is null or slug !~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' then
    perform private.fail('bad_argument', '{"argument": "slug", "expected": "1 to 63 lower-case letters, digits or inner hyphens"}');
  end if;
  perform pg_advisory_xact_lock(hashtextextended(auth.uid()::text || slug, 0));
  made := (select w.id from public.workspaces w
    where w.created_by = auth.uid() and w.slug = create_workspace.slug
      -- Who was sent away is a stranger, also to what they made.
      and w.id in (select private.my_rooms()) order by w.id limit 1);
  if made is null then
    insert into public.workspaces (name, slug, created_by) values (name, slug, auth.uid()) returning id into made;
    perform private.furnish_workspace(made, auth.uid());
  end if;
  return jsonb_build_object('workspace_id', made, 'environments', (
    select jsonb_object_agg(e.key, e.id) from public.environments e where e.workspace_id = made));
end
$_$;
ALTER FUNCTION private.create_workspace(name text, slug text) OWNER TO postgres;
-- Name: FUNCTION create_workspace(name text, slug text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.create_workspace(name text, slug text) IS 'Makes a workspace and its owner; the same caller and slug again returns the same workspace.
Definer: nobody is a member yet, so no policy could allow it.';
-- Name: decide(text, text, text, text, text, text, jsonb, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.decide(environment text, capability text, subject text, action text, conversation text, intent text, attributes jsonb, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  tenant uuid := private.authorise(workspace_id, 'decisions.make');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  asked private.call := private.open_call(scope, subject, conversation, action, intent, attributes);
  rule private.live_rules := private.choose_rule(asked);
begin
  if rule.experiment_id is null then
    return private.deployment_decision(scope, environment, asked.is_held_out);
  end if;
  return private.experiment_decision(rule, private.assign(rule, asked, attributes), scope.action_id);
end
$$;
ALTER FUNCTION private.decide(environment text, capability text, subject text, action text, conversation text, intent text, attributes jsonb, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION decide(environment text, capability text, subject text, action text, conversation text, intent text, attributes jsonb, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.decide(environment text, capability text, subject text, action text, conversation text, intent text, attributes jsonb, workspace_id uuid) IS 'What to run for a subject; logs the exposure in the same transaction.
Definer: assignments are append-only and drawn by hash, so nobody may insert them by hand.';
-- Name: decision(uuid, text, uuid, uuid, jsonb, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.decision(version_id uuid, reason text, deployment_id uuid, assignment_id uuid DEFAULT NULL::uuid, experiment jsonb DEFAULT NULL::jsonb, variant jsonb DEFAULT NULL::jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select jsonb_build_object(
      'assignment_id', decision.assignment_id, 'experiment', experiment, 'variant', variant,
      'version', private.version_card(v), 'bundle', private.bundle(v),
      'deployment_id', decision.deployment_id, 'reason', decision.reason)
    from public.prompt_versions v
    where v.id = decision.version_id);
end
$$;
ALTER FUNCTION private.decision(version_id uuid, reason text, deployment_id uuid, assignment_id uuid, experiment jsonb, variant jsonb) OWNER TO postgres;
-- Name: FUNCTION decision(version_id uuid, reason text, deployment_id uuid, assignment_id uuid, experiment jsonb, variant jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.decision(version_id uuid, reason text, deployment_id uuid, assignment_id uuid, experiment jsonb, variant jsonb) IS 'The answer of decide for a version and how it was chosen.';
-- Name: delete_role(text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.delete_role(role text, workspace_id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'roles.write');
begin
  perform private.require_person();
  perform private.require_may_edit_role(role, tenant);
  if exists (select from public.members m where m.workspace_id = tenant and m.role = role)
    or exists (select from public.invitations i where i.workspace_id = tenant and i.role = role and i.state = 'pending')
  then
    perform private.fail('role_in_use', jsonb_build_object('role', role));
  end if;
  delete from public.roles r where r.workspace_id = tenant and r.key = role;
end
$$;
ALTER FUNCTION private.delete_role(role text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION delete_role(role text, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.delete_role(role text, workspace_id uuid) IS 'Deletes a role that nobody has.
Definer: as save_role.';
-- Name: deployment_decision(private.scope, text, boolean); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.deployment_decision(scope private.scope, environment text, is_held_out boolean) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  head private.deployment_heads := private.live_head(scope);
begin
  if head.deployment_id is null then
    perform private.fail('nothing_deployed', jsonb_build_object('environment', environment));
  end if;
  return private.decision(
    head.prompt_version_id, case when is_held_out then 'holdout' else 'live_deployment' end, head.deployment_id);
end
$$;
ALTER FUNCTION private.deployment_decision(scope private.scope, environment text, is_held_out boolean) OWNER TO postgres;
-- Name: FUNCTION deployment_decision(scope private.scope, environment text, is_held_out boolean); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.deployment_decision(scope private.scope, environment text, is_held_out boolean) IS 'The answer outside of experiments: what is live at the most specific scope.';
-- Name: deployments; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.deployments (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    environment_id uuid NOT NULL,
    capability_id uuid NOT NULL,
    action_id uuid,
    intent_id uuid,
    number integer NOT NULL,
    prompt_version_id uuid,
    previous_version_id uuid,
    kind text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    restores_number integer,
    CONSTRAINT deployments_kind_known CHECK ((kind = ANY (ARRAY['publish'::text, 'rollback'::text, 'withdraw'::text]))),
    CONSTRAINT deployments_number_positive CHECK ((number > 0)),
    CONSTRAINT deployments_restores_earlier CHECK (((restores_number >= 0) AND (restores_number <= (number - 1)))),
    CONSTRAINT deployments_restores_of_rollback CHECK (((kind = 'rollback'::text) = (restores_number IS NOT NULL))),
    CONSTRAINT deployments_version_of_publish CHECK (((kind <> 'publish'::text) OR (prompt_version_id IS NOT NULL))),
    CONSTRAINT deployments_version_of_withdraw CHECK (((kind <> 'withdraw'::text) OR (prompt_version_id IS NULL)))
);
ALTER TABLE public.deployments OWNER TO postgres;
-- Name: TABLE deployments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.deployments IS 'Append-only moves of a pointer: at (environment, capability, action?, intent?) this version is live since then.
Written by publish, rollback and withdraw. The highest number of a scope is live; the most specific scope wins. A move without a version ends the scope''s override: the wider scope applies again.';
-- Name: COLUMN deployments.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.deployments.id IS 'Time-ordered uuid.';
-- Name: COLUMN deployments.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.deployments.workspace_id IS 'The workspace.';
-- Name: COLUMN deployments.environment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.deployments.environment_id IS 'Scope: the environment.';
-- Name: COLUMN deployments.capability_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.deployments.capability_id IS 'Scope: the capability.';
-- Name: COLUMN deployments.action_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.deployments.action_id IS 'Scope: the action; null for the whole capability.';
-- Name: COLUMN deployments.intent_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.deployments.intent_id IS 'Scope: the intent; null for every intent.';
-- Name: COLUMN deployments.number; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.deployments.number IS 'Counts the moves of this scope from 1.';
-- Name: COLUMN deployments.prompt_version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.deployments.prompt_version_id IS 'The version that went live; null when the scope was given back to the wider one.';
-- Name: COLUMN deployments.previous_version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.deployments.previous_version_id IS 'The version that was live before; null when none was.';
-- Name: COLUMN deployments.kind; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.deployments.kind IS 'publish, rollback or withdraw.';
-- Name: COLUMN deployments.reason; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.deployments.reason IS 'Why, in the person''s words.';
-- Name: COLUMN deployments.created_by; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.deployments.created_by IS 'The user who moved it; null for a server''s key.';
-- Name: COLUMN deployments.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.deployments.created_at IS 'Since when it is live.';
-- Name: COLUMN deployments.restores_number; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.deployments.restores_number IS 'Rollbacks: the number of the move whose state came back; 0 is the time before the first.
The next rollback goes on from there, so that several go further back and never to and fro.';
-- Name: deployment_words(public.deployments); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.deployment_words(made public.deployments) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $_$
  select format(
    case
      when made.kind = 'publish' then 'Published %1$s at %3$s'
      when made.kind = 'withdraw' then 'Withdrew %2$s at %3$s: the wider scope applies'
      when made.prompt_version_id is null then 'Rolled back %2$s at %3$s: the wider scope applies again'
      else 'Rolled back to %1$s at %3$s'
    end,
    private.version_words(made.prompt_version_id), private.version_words(made.previous_version_id),
    private.scope_words(made.environment_id, made.capability_id, made.action_id, made.intent_id))
$_$;
ALTER FUNCTION private.deployment_words(made public.deployments) OWNER TO postgres;
-- Name: FUNCTION deployment_words(made public.deployments); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.deployment_words(made public.deployments) IS 'A move of a pointer as a sentence.';
-- Name: due_ramp(uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.due_ramp(ramp_id uuid) RETURNS public.ramps
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  ramp public.ramps;
begin
  select r.* into ramp from public.ramps r
  join public.experiments e on e.id = r.experiment_id
  where r.id = due_ramp.ramp_id and r.state = 'running' and e.state = 'active';
  if not exists (select from public.ramps r where r.id = due_ramp.ramp_id and r.state = 'running') then
    delete from private.ramp_clock c where c.ramp_id = due_ramp.ramp_id;
  else
    update private.ramp_clock c set checked_at = private.now() where c.ramp_id = due_ramp.ramp_id;
  end if;
  return ramp;
end
$$;
ALTER FUNCTION private.due_ramp(ramp_id uuid) OWNER TO postgres;
-- Name: FUNCTION due_ramp(ramp_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.due_ramp(ramp_id uuid) IS 'A claimed ramp, if it runs and is not paused; what is over leaves the clock.';
-- Name: end_ramp(public.ramps, text, text, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.end_ramp(ramp public.ramps, state text, end_code text, detail jsonb) RETURNS public.ramps
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  update public.ramps r set state = end_ramp.state, end_code = end_ramp.end_code, ended_at = private.now(),
    revision = r.revision + 1
  where r.id = ramp.id and r.state = 'running'
  returning r.* into ramp;
  if found then
    perform private.archive_ramp_experiment(ramp.experiment_id);
    perform private.log_ramp(ramp, 'ramp_' || end_ramp.state,
      format('%s a ramp (%s)', initcap(end_ramp.state), replace(end_code, '_', ' ')),
      detail || jsonb_build_object('end_code', end_code));
  end if;
  return ramp;
end
$$;
ALTER FUNCTION private.end_ramp(ramp public.ramps, state text, end_code text, detail jsonb) OWNER TO postgres;
-- Name: FUNCTION end_ramp(ramp public.ramps, state text, end_code text, detail jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.end_ramp(ramp public.ramps, state text, end_code text, detail jsonb) IS 'Ends a ramp without publishing: its subjects get the live version from the next decide on.';
-- Name: enqueue(text, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.enqueue(kind text, payload jsonb) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  job bigint := (select s from pgmq.send('jobs', jsonb_build_object('kind', kind, 'payload', payload)) s);
begin
  perform realtime.send(jsonb_build_object('job_id', job, 'kind', kind), 'job_queued', 'jobs', true);
  return job;
end
$$;
ALTER FUNCTION private.enqueue(kind text, payload jsonb) OWNER TO postgres;
-- Name: FUNCTION enqueue(kind text, payload jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.enqueue(kind text, payload jsonb) IS 'Queues a job in this transaction and wakes the workers when it commits.';
-- Name: run_items(uuid[], uuid[], integer); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.run_items(version_ids uuid[], test_case_ids uuid[], repeats integer) RETURNS TABLE(workspace_id uuid, version_id uuid, test_case_id uuid, repeat integer)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select v.workspace_id, v.id, t.id, r
  from public.prompt_versions v
  join public.test_cases t on t.workspace_id = v.workspace_id
    and (t.id = any (test_case_ids) or (test_case_ids is null and t.prompt_id = v.prompt_id))
  cross join generate_series(1, repeats) r
  where v.id = any (version_ids)
  order by v.id, t.id, r
$$;
ALTER FUNCTION private.run_items(version_ids uuid[], test_case_ids uuid[], repeats integer) OWNER TO postgres;
-- Name: FUNCTION run_items(version_ids uuid[], test_case_ids uuid[], repeats integer); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.run_items(version_ids uuid[], test_case_ids uuid[], repeats integer) IS 'The calls of a run: each version with each named test case, or with all of its own prompt''s.';
-- Name: enqueue_run(public.runs, uuid[], uuid[], integer); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.enqueue_run(run public.runs, version_ids uuid[], test_case_ids uuid[], repeats integer) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT private.enqueue('run_chunk'::text, jsonb_build_object('run_id', (enqueue_run.run).id, 'workspace_id', (enqueue_run.run).workspace_id, 'items', chunk.items)) AS enqueue
    FROM ( SELECT jsonb_agg(jsonb_build_object('version_id', i.version_id, 'test_case_id', i.test_case_id, 'repeat', i.repeat) ORDER BY i.place) AS items
            FROM ( SELECT x.workspace_id,
                     x.version_id,
                     x.test_case_id,
                     x.repeat,
                     row_number() OVER () AS place
                    FROM private.run_items(enqueue_run.version_ids, enqueue_run.test_case_ids, enqueue_run.repeats) x(workspace_id, version_id, test_case_id, repeat)) i
           GROUP BY ((i.place - 1) / 20)) chunk;
END;
ALTER FUNCTION private.enqueue_run(run public.runs, version_ids uuid[], test_case_ids uuid[], repeats integer) OWNER TO postgres;
-- Name: FUNCTION enqueue_run(run public.runs, version_ids uuid[], test_case_ids uuid[], repeats integer); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.enqueue_run(run public.runs, version_ids uuid[], test_case_ids uuid[], repeats integer) IS 'Queues the calls of a run in chunks.';
-- Name: environment_id(uuid, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.environment_id(workspace_id uuid, environment text) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  found_one uuid := (select e.id from public.environments e
    where e.workspace_id = environment_id.workspace_id and e.key = environment);
begin
  if found_one is null then
    perform private.fail('unknown_environment', jsonb_build_object('environment', environment));
  end if;
  return found_one;
end
$$;
ALTER FUNCTION private.environment_id(workspace_id uuid, environment text) OWNER TO postgres;
-- Name: FUNCTION environment_id(workspace_id uuid, environment text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.environment_id(workspace_id uuid, environment text) IS 'The environment with a key; raises unknown_environment when the workspace has none.';
-- Name: experiment_decision(private.live_rules, public.assignments, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.experiment_decision(rule private.live_rules, assignment public.assignments, action_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  arm constant jsonb := rule.arms -> assignment.variant_id::text;
begin
  return private.decision(
    coalesce(arm -> 'versions' ->> action_id::text, arm -> 'versions' ->> '*')::uuid,
    case when (arm ->> 'rolled_back')::boolean then 'variant_rolled_back' else 'assigned' end,
    null, assignment.id,
    jsonb_build_object('id', rule.experiment_id, 'key', rule.key),
    jsonb_build_object('id', assignment.variant_id, 'key', arm -> 'key', 'is_control', arm -> 'is_control'));
end
$$;
ALTER FUNCTION private.experiment_decision(rule private.live_rules, assignment public.assignments, action_id uuid) OWNER TO postgres;
-- Name: FUNCTION experiment_decision(rule private.live_rules, assignment public.assignments, action_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.experiment_decision(rule private.live_rules, assignment public.assignments, action_id uuid) IS 'The answer for an assigned unit: its arm''s version, or the control''s when the arm was rolled back.';
-- Name: experiment_document(uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.experiment_document(experiment_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select jsonb_build_object(
      'key', e.key, 'name', e.name, 'hypothesis', e.hypothesis, 'unit', e.unit, 'traffic', e.traffic,
      'environment', (select t.key from public.environments t where t.id = e.environment_id),
      'capability', (select t.key from public.capabilities t where t.id = e.capability_id),
      'actions', (
        select coalesce(jsonb_agg(x.key order by x.position, x.key collate "C"), '[]')
        from public.experiment_actions s join public.actions x on x.id = s.action_id where s.experiment_id = e.id),
      'intents', (
        select coalesce(jsonb_agg(i.key order by i.key collate "C"), '[]')
        from public.experiment_intents s join public.intents i on i.id = s.intent_id where s.experiment_id = e.id),
      'audience', to_jsonb(e) -> 'audience', 'layer', to_jsonb(e) -> 'layer_id',
      'metrics', private.metrics_document(e.id),
      'variants', private.variants_document(e.id))
    from public.experiments e
    where e.id = experiment_document.experiment_id);
end
$$;
ALTER FUNCTION private.experiment_document(experiment_id uuid) OWNER TO postgres;
-- Name: FUNCTION experiment_document(experiment_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.experiment_document(experiment_id uuid) IS 'Everything that defines an experiment, and nothing that merely happens to it: no state, no revision, no times.';
-- Name: experiment_hash(uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.experiment_hash(experiment_id uuid) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  -- jsonb prints its keys in one order and its spaces in one way, so equal documents are equal texts.
  return encode(sha256(convert_to(private.experiment_document(experiment_id)::text, 'UTF8')), 'hex');
end
$$;
ALTER FUNCTION private.experiment_hash(experiment_id uuid) OWNER TO postgres;
-- Name: FUNCTION experiment_hash(experiment_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.experiment_hash(experiment_id uuid) IS 'SHA-256, in hex, of the experiment''s document: what an approval is bound to.';
-- Name: experiment_problems(uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.experiment_problems(experiment_id uuid) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  with arms as (
    select a.* from public.variants a
    where a.experiment_id = experiment_problems.experiment_id and a.rolled_back_at is null
  ),
  scoped as (
    select s.action_id from public.experiment_actions s where s.experiment_id = experiment_problems.experiment_id
  ),
  problem (words) as (
    select 'it needs at least two arms with a weight' where (select count(*) from arms where weight > 0) < 2
    union all
    select 'it has no control with a weight' where not exists (select from arms where is_control and weight > 0)
    union all
    select format('the arm %s has no version', arms.key) from arms
    where not exists (select from scoped) and private.version_of(arms.id, null) is null
    union all
    select format('the arm %s has no version for the action %s', arms.key, x.key)
    from arms cross join scoped join public.actions x on x.id = scoped.action_id
    where private.version_of(arms.id, x.id) is null
    union all
    select format('the arm %s runs a version of another capability', arms.key)
    from arms
    join public.experiments e on e.id = arms.experiment_id
    join public.variant_versions r on r.variant_id = arms.id
    join public.prompt_versions v on v.id = r.prompt_version_id
    join public.prompts p on p.id = v.prompt_id
    where p.capability_id <> e.capability_id or p.action_id <> r.action_id
  )
  select string_agg(words, '; ' order by words) from problem
$$;
ALTER FUNCTION private.experiment_problems(experiment_id uuid) OWNER TO postgres;
-- Name: FUNCTION experiment_problems(experiment_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.experiment_problems(experiment_id uuid) IS 'Why the experiment cannot start, in words; null when it can.';
-- Name: extend_job(bigint, integer); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.extend_job(job_id bigint, lease_seconds integer) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT (count(*) > 0)
    FROM pgmq.set_vt('jobs'::text, extend_job.job_id, extend_job.lease_seconds) set_vt(msg_id, read_ct, enqueued_at, last_read_at, vt, message, headers);
END;
ALTER FUNCTION private.extend_job(job_id bigint, lease_seconds integer) OWNER TO postgres;
-- Name: FUNCTION extend_job(job_id bigint, lease_seconds integer); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.extend_job(job_id bigint, lease_seconds integer) IS 'Prolongs a lease from now on; false when the job is gone.
Definer: the queue''s schema is closed to the API''s roles.';
-- Name: fail(text, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.fail(code text, context jsonb DEFAULT '{}'::jsonb) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  entry record;
begin
  select e.* into strict entry from private.errors e where e.code = fail.code;
  raise exception using
    errcode = entry.sqlstate,
    message = private.fill(entry.message, context),
    detail = (jsonb_build_object('code', entry.code) || context)::text,
    hint = private.fill(entry.hint, context);
end
$$;
ALTER FUNCTION private.fail(code text, context jsonb) OWNER TO postgres;
-- Name: FUNCTION fail(code text, context jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.fail(code text, context jsonb) IS 'Raises a registered error: message for people, detail as JSON for machines, hint for the next act.';
-- Name: fail_job(bigint, text, text, integer); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.fail_job(job_id bigint, error_code text, error_message text, retry_in_seconds integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  job record;
begin
  -- A poison message still has to leave the queue: whatever it lacks is noted as absent.
  select q.read_ct, q.message ->> 'kind' as kind, coalesce(q.message -> 'payload', q.message, 'null') as payload into job
  from pgmq.q_jobs q where q.msg_id = job_id for update;
  if not found then
    return false;
  end if;
  insert into public.job_failures (workspace_id, job_id, kind, payload, attempt, error_code, error_message, is_dead)
  values ((select w.id from public.workspaces w where w.id = private.as_uuid(job.payload ->> 'workspace_id')),
    job_id, job.kind, job.payload, job.read_ct,
    error_code, error_message, retry_in_seconds is null);
  if retry_in_seconds is null then
    perform private.bury_run_chunk(job.payload, job.read_ct, error_code, error_message) where job.kind = 'run_chunk';
    perform pgmq.archive('jobs', job_id);
  else
    perform pgmq.set_vt('jobs', job_id, retry_in_seconds);
  end if;
  return true;
end
$$;
ALTER FUNCTION private.fail_job(job_id bigint, error_code text, error_message text, retry_in_seconds integer) OWNER TO postgres;
-- Name: FUNCTION fail_job(job_id bigint, error_code text, error_message text, retry_in_seconds integer); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.fail_job(job_id bigint, error_code text, error_message text, retry_in_seconds integer) IS 'Notes a failed attempt; the job comes back after so many seconds, or never when that is null.
Definer: the queue''s schema is closed to the API''s roles.';
-- Name: fault(text, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.fault(code text, context jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object(
    'code', e.code, 'message', private.fill(e.message, context), 'hint', private.fill(e.hint, context))
  from private.errors e
  where e.code = fault.code
$$;
ALTER FUNCTION private.fault(code text, context jsonb) OWNER TO postgres;
-- Name: FUNCTION fault(code text, context jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.fault(code text, context jsonb) IS 'A registered error as a value, for rows of a batch: {code, message, hint}.';
-- Name: field_fault(text, text, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.field_fault(field text, type text, v jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select private.fault(
    case when v is null or v = 'null' then 'missing_field' else 'bad_field' end,
    jsonb_build_object('field', field, 'expected', t.expected))
  from private.field_types t where t.type = field_fault.type
$$;
ALTER FUNCTION private.field_fault(field text, type text, v jsonb) OWNER TO postgres;
-- Name: FUNCTION field_fault(field text, type text, v jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.field_fault(field text, type text, v jsonb) IS 'The error of a field that is missing or of a wrong type.';
-- Name: fill(text, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.fill(template text, context jsonb) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  slot record;
begin
  for slot in select key, value from jsonb_each_text(context) loop
    template := replace(template, '{' || slot.key || '}', coalesce(slot.value, 'null'));
  end loop;
  return template;
end
$$;
ALTER FUNCTION private.fill(template text, context jsonb) OWNER TO postgres;
-- Name: FUNCTION fill(template text, context jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.fill(template text, context jsonb) IS 'Puts the context''s values into a template''s {slots}.';
-- Name: furnish_workspace(uuid, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.furnish_workspace(workspace_id uuid, owner uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  insert into public.roles (workspace_id, key, name)
  select distinct furnish_workspace.workspace_id, d.role, d.name from private.role_defaults d;
  insert into public.role_permissions (workspace_id, role, permission)
  select furnish_workspace.workspace_id, d.role, d.permission
  from private.role_defaults d where d.permission is not null;
  insert into public.environments (workspace_id, key, name, is_production) values
    (furnish_workspace.workspace_id, 'production', 'Production', true),
    (furnish_workspace.workspace_id, 'staging', 'Staging', false);
  insert into public.members (workspace_id, user_id, role) values (furnish_workspace.workspace_id, owner, 'owner');
end
$$;
ALTER FUNCTION private.furnish_workspace(workspace_id uuid, owner uuid) OWNER TO postgres;
-- Name: FUNCTION furnish_workspace(workspace_id uuid, owner uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.furnish_workspace(workspace_id uuid, owner uuid) IS 'Gives a new workspace its roles, its two environments and its owner.';
-- Name: guardrail_rows(uuid, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.guardrail_rows(workspace_id uuid, guardrails jsonb) RETURNS TABLE(metric_id uuid, margin double precision)
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  entry jsonb;
  metric public.outcome_metrics;
begin
  if jsonb_typeof(guardrails) is distinct from 'array' then
    perform private.fail('bad_argument', '{"argument": "guardrails", "expected": "an array of {metric, margin}"}');
  end if;
  for entry in select g from jsonb_array_elements(guardrails) g loop
    select m.* into metric from public.outcome_metrics m
    where m.workspace_id = guardrail_rows.workspace_id and m.key = entry ->> 'metric';
    if metric.id is null then
      perform private.fail('unknown_metric', jsonb_build_object('metric', entry ->> 'metric'));
    elsif metric.kind not in ('proportion', 'mean', 'count', 'duration') then
      perform private.fail('bad_argument', '{"argument": "guardrails", "expected": "metrics of the kinds proportion, mean, count, duration"}');
    elsif jsonb_typeof(coalesce(entry -> 'margin', '0')) <> 'number' or (entry ->> 'margin')::double precision < 0 then
      perform private.fail('bad_argument', '{"argument": "guardrails", "expected": "an array of {metric, margin} with margins from 0"}');
    end if;
    metric_id := metric.id;
    margin := nullif((entry ->> 'margin')::double precision, 0);
    return next;
  end loop;
end
$$;
ALTER FUNCTION private.guardrail_rows(workspace_id uuid, guardrails jsonb) OWNER TO postgres;
-- Name: FUNCTION guardrail_rows(workspace_id uuid, guardrails jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.guardrail_rows(workspace_id uuid, guardrails jsonb) IS 'The guardrails of a ramp as metrics and margins; a margin of null is none at all.';
-- Name: guardrail_words(jsonb, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.guardrail_words(guardrails jsonb, status text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select string_agg(format('%s (harm %s, from %s to %s, margin %s, %s and %s subjects%s)',
    g ->> 'metric_key', coalesce(round((g ->> 'harm')::numeric, 4)::text, 'unknown'),
    coalesce(round((g ->> 'harm_low')::numeric, 4)::text, '?'), coalesce(round((g ->> 'harm_high')::numeric, 4)::text, '?'),
    g ->> 'margin', g ->> 'n_control', g ->> 'n_variant', ', ' || (g ->> 'reason_code')), '; ')
  from jsonb_array_elements(guardrails) g
  where g ->> 'status' = guardrail_words.status
$$;
ALTER FUNCTION private.guardrail_words(guardrails jsonb, status text) OWNER TO postgres;
-- Name: FUNCTION guardrail_words(guardrails jsonb, status text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.guardrail_words(guardrails jsonb, status text) IS 'The guardrails of a status in words; null when there are none.';
-- Name: guardrails_of(uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.guardrails_of(ramp_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select coalesce(
      jsonb_agg(to_jsonb(g) - array['workspace_id', 'ramp_id', 'experiment_id'] order by g.metric_key), '[]')
    from public.ramp_guardrails g
    where g.ramp_id = guardrails_of.ramp_id);
end
$$;
ALTER FUNCTION private.guardrails_of(ramp_id uuid) OWNER TO postgres;
-- Name: FUNCTION guardrails_of(ramp_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.guardrails_of(ramp_id uuid) IS 'A ramp''s guardrails with the numbers that decide.';
-- Name: hints; Type: TABLE; Schema: private; Owner: postgres
CREATE UNLOGGED TABLE private.hints (
    tx xid8 DEFAULT pg_current_xact_id() NOT NULL,
    topic text NOT NULL,
    kind text NOT NULL,
    ids uuid[],
    revision integer
);
ALTER TABLE private.hints OWNER TO postgres;
-- Name: TABLE hints; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON TABLE private.hints IS 'What a transaction changed so far, by topic; sent and deleted when it commits.';
-- Name: COLUMN hints.tx; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.hints.tx IS 'The transaction.';
-- Name: COLUMN hints.topic; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.hints.topic IS 'Whom to tell.';
-- Name: COLUMN hints.kind; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.hints.kind IS 'The table that changed, or results.';
-- Name: COLUMN hints.ids; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.hints.ids IS 'The rows, at most 51 of them; null when they have no id of their own.';
-- Name: COLUMN hints.revision; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.hints.revision IS 'The revision of the row, where it has one.';
-- Name: hint_entry(private.hints); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.hint_entry(noted private.hints) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    RETURN (jsonb_build_object('kind', (noted).kind, 'ids', CASE WHEN (cardinality((noted).ids) <= 50) THEN to_jsonb((noted).ids) ELSE NULL::jsonb END) || CASE WHEN ((cardinality((noted).ids) = 1) AND ((noted).revision IS NOT NULL)) THEN jsonb_build_object('revision', (noted).revision) ELSE '{}'::jsonb END);
ALTER FUNCTION private.hint_entry(noted private.hints) OWNER TO postgres;
-- Name: FUNCTION hint_entry(noted private.hints); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.hint_entry(noted private.hints) IS 'One entry of a message: kind, ids (null: too many, or none of their own), revision if it is one row that has one.';
-- Name: hint_subjects(uuid, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.hint_subjects(workspace_id uuid, experiment_id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
begin
  -- Only the caller who moves the clock sends: a busy experiment costs everyone else one index read.
  if not exists (
    select from private.hint_clock c
    where c.experiment_id = experiment_id and c.sent_at > clock_timestamp() - interval '1 second'
  ) then
    insert into private.hint_clock as c (experiment_id, workspace_id, sent_at)
    values (experiment_id, workspace_id, clock_timestamp())
    on conflict on constraint hint_clock_pkey do update set sent_at = excluded.sent_at
      where c.sent_at < excluded.sent_at - interval '1 second';
    if found then
      perform private.note_hint('experiment:' || experiment_id, 'results', array[experiment_id]);
    end if;
  end if;
end
$$;
ALTER FUNCTION private.hint_subjects(workspace_id uuid, experiment_id uuid) OWNER TO postgres;
-- Name: FUNCTION hint_subjects(workspace_id uuid, experiment_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.hint_subjects(workspace_id uuid, experiment_id uuid) IS 'Tells an experiment''s channel of new subjects, at most once a second.
Definer: as tg_hint.';
-- Name: hold_is_over(public.ramps); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.hold_is_over(ramp public.ramps) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select s.started_at + s.hold <= private.now() from public.ramp_steps s
  where s.ramp_id = (ramp).id and s.number = (ramp).step
$$;
ALTER FUNCTION private.hold_is_over(ramp public.ramps) OWNER TO postgres;
-- Name: FUNCTION hold_is_over(ramp public.ramps); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.hold_is_over(ramp public.ramps) IS 'True when the present step has lasted as long as planned.';
-- Name: inference_references(uuid, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.inference_references(tenant uuid, batch jsonb) RETURNS TABLE(index integer, fault jsonb, r jsonb, environment_id uuid, capability_id uuid, action_id uuid, intent_id uuid, version_id uuid, experiment_id uuid, variant_id uuid)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  with opened as materialized (
    select o.index, o.fault, case when o.fault is null then o.r end as r
    from private.open_batch('inference', batch) o
  )
  select o.index, o.fault, o.r, e.id, c.id, a.id, i.id, v.id, x.id, arm.id
  from opened o
  left join public.environments e on e.workspace_id = tenant and e.key = o.r ->> 'environment'
  left join public.capabilities c on c.workspace_id = tenant and c.key = o.r ->> 'capability'
  left join public.actions a on a.capability_id = c.id and a.key = o.r ->> 'action'
  left join public.intents i on i.workspace_id = tenant and i.key = o.r ->> 'intent'
  left join public.prompt_versions v on v.workspace_id = tenant and v.id = (o.r ->> 'version_id')::uuid
  left join public.experiments x on x.workspace_id = tenant and x.id = (o.r ->> 'experiment_id')::uuid
  left join public.variants arm on arm.workspace_id = tenant and arm.id = (o.r ->> 'variant_id')::uuid
    and arm.experiment_id = x.id
$$;
ALTER FUNCTION private.inference_references(tenant uuid, batch jsonb) OWNER TO postgres;
-- Name: FUNCTION inference_references(tenant uuid, batch jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.inference_references(tenant uuid, batch jsonb) IS 'The rows of a batch with the ids of what they name in the workspace; null where there is no such thing.';
-- Name: invite_member(text, text, integer, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.invite_member(email text, role text, expires_in_hours integer, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'members.write');
  host uuid := private.require_person();
  address text := lower(trim(email));
  token text := private.new_secret('upi');
  made public.invitations;
begin
  if address is null or length(address) > 320 or address !~ '^[^@[:space:]]+@[^@[:space:]]+$' then
    perform private.fail('bad_argument', '{"argument": "email", "expected": "an email address"}');
  elsif coalesce(expires_in_hours, 0) not between 1 and 720 then
    perform private.fail('bad_argument', '{"argument": "expires_in_hours", "expected": "from 1 to 720"}');
  end if;
  perform private.require_may_give(role, tenant);
  if exists (select from public.members m join auth.users u on u.id = m.user_id
    where m.workspace_id = tenant and lower(u.email) = address) then
    perform private.fail('already_member', jsonb_build_object('email', address));
  end if;
  -- Two who invite the same person at once: one after the other, and the later token stands.
  perform pg_advisory_xact_lock(hashtextextended('upshot.invitation ' || tenant || address, 0));
  perform private.settle_invitations(tenant, address, 'revoked', host);
  insert into public.invitations (workspace_id, email, role, expires_at, created_by)
  values (tenant, address, role, private.now() + make_interval(hours => expires_in_hours), host) returning * into made;
  insert into private.invitation_secrets (hash, invitation_id, workspace_id)
  values (private.secret_hash(token), made.id, tenant);
  return to_jsonb(made) || jsonb_build_object('token', token);
end
$_$;
ALTER FUNCTION private.invite_member(email text, role text, expires_in_hours integer, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION invite_member(email text, role text, expires_in_hours integer, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.invite_member(email text, role text, expires_in_hours integer, workspace_id uuid) IS 'Invites an address and shows the token, once; an earlier invitation of the address is void.
Definer: reads auth.users, and hashes are in a table that nobody reads.';
-- Name: is_elsewhere_in_layer(private.live_rules, private.call); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.is_elsewhere_in_layer(rule private.live_rules, asked private.call) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  -- Slots that moved while experiments ran would let a unit into two of them: the arm that it has wins.
  return exists (
    select from public.experiments e
    where e.workspace_id = rule.workspace_id
      and e.id = any (asked.subject_in || asked.conversation_in)
      and e.id = any (case when e.unit = 'conversation' then asked.conversation_in else asked.subject_in end)
      and e.layer_id = rule.layer_id
      and e.environment_id = rule.environment_id
      and e.id <> rule.experiment_id
      and e.state in ('active', 'paused'));
end
$$;
ALTER FUNCTION private.is_elsewhere_in_layer(rule private.live_rules, asked private.call) OWNER TO postgres;
-- Name: FUNCTION is_elsewhere_in_layer(rule private.live_rules, asked private.call); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.is_elsewhere_in_layer(rule private.live_rules, asked private.call) IS 'Whether the call''s unit has an arm in another live experiment of the rule''s layer.';
-- Name: is_held_out(uuid, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.is_held_out(environment_id uuid, subject text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  present public.holdouts;
begin
  select h.* into present from public.holdouts h
  where h.environment_id = is_held_out.environment_id order by h.number desc limit 1;
  return coalesce(present.share, 0) > 0 and private.bucket(present.salt, 'holdout', subject) < present.share;
end
$$;
ALTER FUNCTION private.is_held_out(environment_id uuid, subject text) OWNER TO postgres;
-- Name: FUNCTION is_held_out(environment_id uuid, subject text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.is_held_out(environment_id uuid, subject text) IS 'Whether the environment keeps the subject out of every experiment.';
-- Name: is_key(jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.is_key(v jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    RETURN COALESCE(((jsonb_typeof(v) = 'object'::text) AND (jsonb_typeof((v -> 'type'::text)) = 'string'::text) AND ((v ->> 'type'::text) ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'::text) AND (jsonb_typeof((v -> 'value'::text)) = 'string'::text) AND ((length((v ->> 'value'::text)) >= 1) AND (length((v ->> 'value'::text)) <= 512))), false);
ALTER FUNCTION private.is_key(v jsonb) OWNER TO postgres;
-- Name: FUNCTION is_key(v jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.is_key(v jsonb) IS 'True for a business key {type, value}.';
-- Name: key_environments(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.key_environments() RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if coalesce(current_setting('upshot.api_key', true), '') = '' or auth.uid() is not null then
    return null;
  end if;
  return (private.api_key()).environment_ids;
end
$$;
ALTER FUNCTION private.key_environments() OWNER TO postgres;
-- Name: FUNCTION key_environments(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.key_environments() IS 'The only environments that the acting API key may see and act in; null when all, and for people and servers.';
-- Name: outcome_keys; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.outcome_keys (
    workspace_id uuid NOT NULL,
    key_type text NOT NULL,
    key_value text NOT NULL,
    subject text NOT NULL,
    conversation text DEFAULT ''::text NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    tx bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    CONSTRAINT outcome_keys_type_shape CHECK ((key_type ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'::text)),
    CONSTRAINT outcome_keys_value_length CHECK (((length(key_value) >= 1) AND (length(key_value) <= 512)))
);
ALTER TABLE public.outcome_keys OWNER TO postgres;
-- Name: TABLE outcome_keys; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.outcome_keys IS 'A business key that a subject or conversation was seen with, so that late outcomes find their way.
Written with inferences. A key seen with several subjects belongs to the one who was seen first.';
-- Name: COLUMN outcome_keys.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_keys.workspace_id IS 'The workspace.';
-- Name: COLUMN outcome_keys.key_type; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_keys.key_type IS 'Kind of key, for instance ticket.';
-- Name: COLUMN outcome_keys.key_value; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_keys.key_value IS 'The key.';
-- Name: COLUMN outcome_keys.subject; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_keys.subject IS 'The subject that it was seen with.';
-- Name: COLUMN outcome_keys.conversation; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_keys.conversation IS 'The conversation that it was seen in; empty when there was none.';
-- Name: COLUMN outcome_keys.seen_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_keys.seen_at IS 'When it was seen, by the caller''s clock.';
-- Name: COLUMN outcome_keys.tx; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_keys.tx IS 'The transaction that wrote it: readers that keep up use it as a watermark.';
-- Name: land_keys(private.inference_row[], uuid[]); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.land_keys(seen private.inference_row[], fresh uuid[]) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    BEGIN ATOMIC
 INSERT INTO public.outcome_keys (workspace_id, key_type, key_value, subject, conversation, seen_at)  SELECT (s.landing).workspace_id AS workspace_id,
             (k.key ->> 'type'::text),
             (k.key ->> 'value'::text),
             (s.landing).subject AS subject,
             COALESCE((s.landing).conversation, ''::text) AS "coalesce",
             min((s.landing).started_at) AS min
            FROM (unnest(land_keys.seen) s(index, fault, r, landing)
              CROSS JOIN LATERAL jsonb_array_elements(COALESCE(NULLIF((s.r -> 'keys'::text), 'null'::jsonb), '[]'::jsonb)) k(key))
           WHERE ((s.fault IS NULL) AND ((s.landing).id = ANY (land_keys.fresh)))
           GROUP BY (s.landing).workspace_id, (k.key ->> 'type'::text), (k.key ->> 'value'::text), (s.landing).subject, COALESCE((s.landing).conversation, ''::text)
           ORDER BY (s.landing).workspace_id, (k.key ->> 'type'::text), (k.key ->> 'value'::text), (s.landing).subject, COALESCE((s.landing).conversation, ''::text) ON CONFLICT(workspace_id, key_type, key_value, subject, conversation) DO NOTHING;
END;
ALTER FUNCTION private.land_keys(seen private.inference_row[], fresh uuid[]) OWNER TO postgres;
-- Name: FUNCTION land_keys(seen private.inference_row[], fresh uuid[]); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.land_keys(seen private.inference_row[], fresh uuid[]) IS 'Keeps the business keys that came with the inferences that landed.';
-- Name: layer_buckets(uuid, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.layer_buckets(workspace_id uuid, subject text) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select jsonb_object_agg(l.id, private.bucket(l.salt, 'layer', subject))
    from public.layers l where l.workspace_id = layer_buckets.workspace_id);
end
$$;
ALTER FUNCTION private.layer_buckets(workspace_id uuid, subject text) OWNER TO postgres;
-- Name: FUNCTION layer_buckets(workspace_id uuid, subject text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.layer_buckets(workspace_id uuid, subject text) IS 'The subject''s slot in each layer of the workspace.';
-- Name: leave_workspace(uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.leave_workspace(workspace_id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  leaver uuid := private.require_person();
begin
  if not private.may_enter(workspace_id) then
    perform private.fail('workspace_not_found', jsonb_build_object('workspace_id', workspace_id));
  end if;
  delete from public.members m where m.workspace_id = workspace_id and m.user_id = leaver;
end
$$;
ALTER FUNCTION private.leave_workspace(workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION leave_workspace(workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.leave_workspace(workspace_id uuid) IS 'Ends the caller''s own membership.
Definer: also for who may not read the table of members.';
-- Name: deployment_heads; Type: TABLE; Schema: private; Owner: postgres
CREATE TABLE private.deployment_heads (
    deployment_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    environment_id uuid NOT NULL,
    capability_id uuid NOT NULL,
    action_id uuid,
    intent_id uuid,
    prompt_version_id uuid,
    number integer NOT NULL
);
ALTER TABLE private.deployment_heads OWNER TO postgres;
-- Name: TABLE deployment_heads; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON TABLE private.deployment_heads IS 'The last deployment of each scope; derived from deployments, never the truth.';
-- Name: COLUMN deployment_heads.deployment_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.deployment_heads.deployment_id IS 'The deployment.';
-- Name: COLUMN deployment_heads.workspace_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.deployment_heads.workspace_id IS 'The workspace.';
-- Name: COLUMN deployment_heads.environment_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.deployment_heads.environment_id IS 'Scope: the environment.';
-- Name: COLUMN deployment_heads.capability_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.deployment_heads.capability_id IS 'Scope: the capability.';
-- Name: COLUMN deployment_heads.action_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.deployment_heads.action_id IS 'Scope: the action or null.';
-- Name: COLUMN deployment_heads.intent_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.deployment_heads.intent_id IS 'Scope: the intent or null.';
-- Name: COLUMN deployment_heads.prompt_version_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.deployment_heads.prompt_version_id IS 'The version that is live; null when the wider scope applies.';
-- Name: COLUMN deployment_heads.number; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.deployment_heads.number IS 'The number of the move.';
-- Name: live_head(private.scope); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.live_head(scope private.scope) RETURNS private.deployment_heads
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  head private.deployment_heads;
begin
  -- Action before intent: a call for an action must not get the prompt of the whole capability.
  select h.* into head
  from private.deployment_heads h
  where h.environment_id = scope.environment_id
    and h.capability_id = scope.capability_id
    and (h.action_id is null or h.action_id = scope.action_id)
    and (h.intent_id is null or h.intent_id = scope.intent_id)
    -- A scope that was given back answers nothing: the wider one does.
    and h.prompt_version_id is not null
  order by (h.action_id is not null) desc, (h.intent_id is not null) desc
  limit 1;
  return head;
end
$$;
ALTER FUNCTION private.live_head(scope private.scope) OWNER TO postgres;
-- Name: FUNCTION live_head(scope private.scope); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.live_head(scope private.scope) IS 'What is live for a call: the most specific scope wins.
Action and intent, then action, then intent, then the capability.';
-- Name: lock_api_key(uuid, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.lock_api_key(api_key_id uuid, requested_workspace uuid) RETURNS public.api_keys
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  owner uuid := (select k.workspace_id from public.api_keys k where k.id = api_key_id);
  locked public.api_keys;
begin
  perform private.authorise_row(owner, requested_workspace, 'api_keys.write', 'unknown_api_key',
    jsonb_build_object('api_key_id', api_key_id));
  perform private.require_person();
  select k.* into locked from public.api_keys k where k.id = api_key_id for no key update;
  return locked;
end
$$;
ALTER FUNCTION private.lock_api_key(api_key_id uuid, requested_workspace uuid) OWNER TO postgres;
-- Name: FUNCTION lock_api_key(api_key_id uuid, requested_workspace uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.lock_api_key(api_key_id uuid, requested_workspace uuid) IS 'The API key''s row, locked; raises for a stranger, a missing permission, and whoever is no person.';
-- Name: branches; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.branches (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    prompt_id uuid NOT NULL,
    name text NOT NULL,
    head_version_id uuid,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT branches_name_shape CHECK ((name ~ '^[A-Za-z0-9][A-Za-z0-9_./-]{0,99}$'::text))
);
ALTER TABLE public.branches OWNER TO postgres;
-- Name: TABLE branches; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.branches IS 'A named line of versions of a prompt. Every prompt begins with main, and keeps it.';
-- Name: COLUMN branches.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.branches.id IS 'Time-ordered uuid.';
-- Name: COLUMN branches.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.branches.workspace_id IS 'The workspace.';
-- Name: COLUMN branches.prompt_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.branches.prompt_id IS 'The prompt.';
-- Name: COLUMN branches.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.branches.name IS 'Unique among the prompt''s branches that are not deleted.';
-- Name: COLUMN branches.head_version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.branches.head_version_id IS 'The newest version of the line; null before the first commit. Moved by commit_version and merge_branch.';
-- Name: COLUMN branches.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.branches.created_at IS 'When it was made.';
-- Name: COLUMN branches.deleted_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.branches.deleted_at IS 'When it was deleted; null while it lives. Its versions stay.';
-- Name: lock_branch(uuid, text, uuid, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.lock_branch(prompt_id uuid, branch text, expected_head uuid, requested_workspace uuid) RETURNS public.branches
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  line public.branches;
begin
  perform private.lock_prompt(prompt_id, 'unknown_prompt',
    jsonb_build_object('prompt_id', prompt_id), requested_workspace);
  select b.* into line from public.branches b
  where b.prompt_id = lock_branch.prompt_id and b.name = branch and b.deleted_at is null;
  if line.id is null then
    perform private.fail('unknown_branch', jsonb_build_object('branch', branch));
  end if;
  if expected_head is not null and expected_head is distinct from line.head_version_id then
    perform private.fail('stale_head', jsonb_build_object('branch', branch, 'head_version_id', line.head_version_id));
  end if;
  return line;
end
$$;
ALTER FUNCTION private.lock_branch(prompt_id uuid, branch text, expected_head uuid, requested_workspace uuid) OWNER TO postgres;
-- Name: FUNCTION lock_branch(prompt_id uuid, branch text, expected_head uuid, requested_workspace uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.lock_branch(prompt_id uuid, branch text, expected_head uuid, requested_workspace uuid) IS 'The branch to commit to, with the prompt locked; raises for a stranger, an unknown branch, or a head that has moved.';
-- Name: lock_experiment(uuid, integer, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.lock_experiment(experiment_id uuid, expected_revision integer, permission text, requested_workspace uuid) RETURNS public.experiments
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  experiment public.experiments;
  owner uuid := (select e.workspace_id from public.experiments e where e.id = lock_experiment.experiment_id);
begin
  -- Before the lock: a stranger must not wait for it, nor make others wait.
  perform private.authorise_row(owner, requested_workspace, permission, 'unknown_experiment',
    jsonb_build_object('experiment_id', lock_experiment.experiment_id));
  perform private.require_environment(e.environment_id)
  from public.experiments e where e.id = lock_experiment.experiment_id;
  select e.* into experiment from public.experiments e where e.id = lock_experiment.experiment_id for no key update;
  if experiment.revision is distinct from expected_revision then
    perform private.fail('stale_revision', jsonb_build_object(
      'expected_revision', expected_revision, 'revision', experiment.revision));
  end if;
  return experiment;
end
$$;
ALTER FUNCTION private.lock_experiment(experiment_id uuid, expected_revision integer, permission text, requested_workspace uuid) OWNER TO postgres;
-- Name: FUNCTION lock_experiment(experiment_id uuid, expected_revision integer, permission text, requested_workspace uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.lock_experiment(experiment_id uuid, expected_revision integer, permission text, requested_workspace uuid) IS 'The experiment, locked; raises for a stranger, a missing permission, or a revision that is not the present one.';
-- Name: lock_member(uuid, uuid, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.lock_member(member uuid, workspace_id uuid, permission text) RETURNS public.members
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, permission);
  locked public.members;
begin
  perform private.require_person();
  select m.* into locked from public.members m where m.workspace_id = tenant and m.user_id = member for no key update;
  if locked.user_id is null then
    perform private.fail('unknown_member', jsonb_build_object('user_id', member));
  end if;
  return locked;
end
$$;
ALTER FUNCTION private.lock_member(member uuid, workspace_id uuid, permission text) OWNER TO postgres;
-- Name: FUNCTION lock_member(member uuid, workspace_id uuid, permission text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.lock_member(member uuid, workspace_id uuid, permission text) IS 'The row of a member of the workspace that is meant, locked; raises for strangers and missing permissions.';
-- Name: lock_prompt(uuid, text, jsonb, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.lock_prompt(prompt_id uuid, code text, context jsonb, requested uuid) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  owner uuid := (select p.workspace_id from public.prompts p where p.id = lock_prompt.prompt_id);
begin
  perform private.authorise_row(owner, requested, 'prompts.write', code, context);
  -- The prompt's row serialises whatever moves its heads and tags: version numbers count over all of its branches.
  perform from public.prompts p where p.id = lock_prompt.prompt_id for no key update;
  return owner;
end
$$;
ALTER FUNCTION private.lock_prompt(prompt_id uuid, code text, context jsonb, requested uuid) OWNER TO postgres;
-- Name: FUNCTION lock_prompt(prompt_id uuid, code text, context jsonb, requested uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.lock_prompt(prompt_id uuid, code text, context jsonb, requested uuid) IS 'The workspace of a prompt that the caller may change, with the prompt locked; raises the code for anybody else.';
-- Name: lock_ramp(public.ramps, integer); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.lock_ramp(ramp public.ramps, expected_revision integer) RETURNS public.ramps
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform pg_advisory_xact_lock(private.capability_key(private.ramp_scope(ramp)));
  perform private.scope_head(private.ramp_scope(ramp));
  perform from public.experiments e where e.id = ramp.experiment_id for no key update;
  select r.* into ramp from public.ramps r where r.id = ramp.id for no key update;
  if ramp.state <> 'running' then
    perform private.fail('ramp_over', jsonb_build_object('state', ramp.state, 'end_code', ramp.end_code));
  elsif ramp.revision is distinct from expected_revision then
    perform private.fail('stale_ramp', jsonb_build_object(
      'expected_revision', expected_revision, 'revision', ramp.revision));
  end if;
  return ramp;
end
$$;
ALTER FUNCTION private.lock_ramp(ramp public.ramps, expected_revision integer) OWNER TO postgres;
-- Name: FUNCTION lock_ramp(ramp public.ramps, expected_revision integer); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.lock_ramp(ramp public.ramps, expected_revision integer) IS 'The ramp, running and with everything that it may move locked; raises when it is over or has moved on.';
-- Name: changes; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.changes (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    kind text NOT NULL,
    environment_id uuid,
    capability_id uuid,
    action_id uuid,
    intent_id uuid,
    experiment_id uuid,
    variant_id uuid,
    deployment_id uuid,
    summary text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    occurred_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT changes_actor_kind_known CHECK ((actor_kind = ANY (ARRAY['user'::text, 'api_key'::text, 'service'::text, 'system'::text]))),
    CONSTRAINT changes_kind_known CHECK ((kind = ANY (ARRAY['deployment_published'::text, 'deployment_rolled_back'::text, 'deployment_withdrawn'::text, 'variant_rolled_back'::text, 'variant_restored'::text, 'ramp_started'::text, 'ramp_advanced'::text, 'ramp_completed'::text, 'ramp_aborted'::text, 'ramp_stopped'::text, 'experiment_activated'::text, 'experiment_paused'::text, 'experiment_resumed'::text, 'experiment_archived'::text, 'holdout_changed'::text, 'provider_model_changed'::text, 'import'::text, 'incident'::text, 'annotation'::text])))
);
ALTER TABLE public.changes OWNER TO postgres;
-- Name: TABLE changes; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.changes IS 'The ledger of everything that could have moved an outcome. Append-only.
Written in the transaction of the change itself.';
-- Name: COLUMN changes.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.changes.id IS 'Time-ordered uuid.';
-- Name: COLUMN changes.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.changes.workspace_id IS 'The workspace.';
-- Name: COLUMN changes.kind; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.changes.kind IS 'What happened.';
-- Name: COLUMN changes.environment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.changes.environment_id IS 'Where.';
-- Name: COLUMN changes.capability_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.changes.capability_id IS 'To which capability.';
-- Name: COLUMN changes.action_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.changes.action_id IS 'To which action.';
-- Name: COLUMN changes.intent_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.changes.intent_id IS 'For which intent.';
-- Name: COLUMN changes.experiment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.changes.experiment_id IS 'To which experiment.';
-- Name: COLUMN changes.variant_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.changes.variant_id IS 'To which arm.';
-- Name: COLUMN changes.deployment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.changes.deployment_id IS 'By which deployment.';
-- Name: COLUMN changes.summary; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.changes.summary IS 'One sentence for people.';
-- Name: COLUMN changes.detail; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.changes.detail IS 'The same for machines.';
-- Name: COLUMN changes.actor_kind; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.changes.actor_kind IS 'user, api_key, service (a server''s secret key, or a worker) or system.';
-- Name: COLUMN changes.actor_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.changes.actor_id IS 'The user or the API key, if one did it.';
-- Name: COLUMN changes.occurred_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.changes.occurred_at IS 'When.';
-- Name: log_change(public.changes); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.log_change(entry public.changes) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    BEGIN ATOMIC
 INSERT INTO public.changes (workspace_id, kind, environment_id, capability_id, action_id, intent_id, experiment_id, variant_id, deployment_id, summary, detail, actor_kind, actor_id)
   VALUES ((log_change.entry).workspace_id, (log_change.entry).kind, (log_change.entry).environment_id, (log_change.entry).capability_id, (log_change.entry).action_id, (log_change.entry).intent_id, (log_change.entry).experiment_id, (log_change.entry).variant_id, (log_change.entry).deployment_id, (log_change.entry).summary, COALESCE((log_change.entry).detail, '{}'::jsonb), private.actor_kind(), auth.uid());
END;
ALTER FUNCTION private.log_change(entry public.changes) OWNER TO postgres;
-- Name: FUNCTION log_change(entry public.changes); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.log_change(entry public.changes) IS 'Appends a row to the ledger; the actor and the time are the transaction''s.';
-- Name: holdouts; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.holdouts (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    environment_id uuid NOT NULL,
    number integer NOT NULL,
    share integer NOT NULL,
    salt text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT holdouts_number_positive CHECK ((number > 0)),
    CONSTRAINT holdouts_salt_length CHECK (((length(salt) >= 1) AND (length(salt) <= 64))),
    CONSTRAINT holdouts_share_range CHECK (((share >= 0) AND (share <= 10000)))
);
ALTER TABLE public.holdouts OWNER TO postgres;
-- Name: TABLE holdouts; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.holdouts IS 'The share of subjects that an environment keeps out of every experiment, and its history. Append-only.
The highest number of an environment counts; written by set_holdout. The salt never changes, so a larger share holds the same subjects and more.';
-- Name: COLUMN holdouts.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.holdouts.id IS 'Time-ordered uuid.';
-- Name: COLUMN holdouts.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.holdouts.workspace_id IS 'The workspace.';
-- Name: COLUMN holdouts.environment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.holdouts.environment_id IS 'The environment.';
-- Name: COLUMN holdouts.number; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.holdouts.number IS 'Counts the changes of this environment''s holdout from 1.';
-- Name: COLUMN holdouts.share; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.holdouts.share IS 'Share of subjects that are held out, in basis points: 500 is 5 %, 0 ends the holdout.';
-- Name: COLUMN holdouts.salt; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.holdouts.salt IS 'Random text in the hash; the same for all rows of an environment.';
-- Name: COLUMN holdouts.reason; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.holdouts.reason IS 'Why, in the person''s words.';
-- Name: COLUMN holdouts.created_by; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.holdouts.created_by IS 'The user who changed it; null for a key or a server.';
-- Name: COLUMN holdouts.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.holdouts.created_at IS 'Since when it counts.';
-- Name: log_holdout(public.holdouts, integer, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.log_holdout(made public.holdouts, before integer, environment text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform private.log_change(jsonb_populate_record(null::public.changes, jsonb_build_object(
    'workspace_id', made.workspace_id, 'kind', 'holdout_changed', 'environment_id', made.environment_id,
    'summary', format('Changed the holdout of %s from %s %% to %s %%', environment,
      trim_scale(before / 100.0), trim_scale(made.share / 100.0)),
    'detail', jsonb_build_object('number', made.number, 'from', before, 'to', made.share, 'reason', made.reason))));
end
$$;
ALTER FUNCTION private.log_holdout(made public.holdouts, before integer, environment text) OWNER TO postgres;
-- Name: FUNCTION log_holdout(made public.holdouts, before integer, environment text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.log_holdout(made public.holdouts, before integer, environment text) IS 'The ledger''s row for a holdout that was changed.';
-- Name: log_ramp(public.ramps, text, text, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.log_ramp(ramp public.ramps, kind text, summary text, detail jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform private.log_change(jsonb_populate_record(null::public.changes, jsonb_build_object(
    'workspace_id', ramp.workspace_id, 'kind', kind,
    'environment_id', ramp.environment_id, 'capability_id', ramp.capability_id, 'action_id', ramp.action_id,
    'intent_id', ramp.intent_id, 'experiment_id', ramp.experiment_id, 'deployment_id', ramp.deployment_id,
    'summary', format('%s: %s at %s', summary, private.version_words(ramp.version_id),
      private.scope_words(ramp.environment_id, ramp.capability_id, ramp.action_id, ramp.intent_id)),
    'detail', detail || jsonb_build_object(
      'ramp_id', ramp.id, 'revision', ramp.revision, 'step', ramp.step, 'version_id', ramp.version_id))));
end
$$;
ALTER FUNCTION private.log_ramp(ramp public.ramps, kind text, summary text, detail jsonb) OWNER TO postgres;
-- Name: FUNCTION log_ramp(ramp public.ramps, kind text, summary text, detail jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.log_ramp(ramp public.ramps, kind text, summary text, detail jsonb) IS 'The ledger''s row for a move of a ramp.';
-- Name: variants; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.variants (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    experiment_id uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    weight integer DEFAULT 1 NOT NULL,
    is_control boolean DEFAULT false NOT NULL,
    rolled_back_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT variants_control_stays CHECK ((NOT (is_control AND (rolled_back_at IS NOT NULL)))),
    CONSTRAINT variants_key_shape CHECK ((key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'::text)),
    CONSTRAINT variants_weight_range CHECK (((weight >= 0) AND (weight <= 10000)))
);
ALTER TABLE public.variants OWNER TO postgres;
-- Name: TABLE variants; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.variants IS 'One arm of an experiment. Exactly one is the control.';
-- Name: COLUMN variants.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variants.id IS 'Time-ordered uuid.';
-- Name: COLUMN variants.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variants.workspace_id IS 'The workspace.';
-- Name: COLUMN variants.experiment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variants.experiment_id IS 'The experiment.';
-- Name: COLUMN variants.key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variants.key IS 'The name that code uses: unique in the experiment.';
-- Name: COLUMN variants.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variants.name IS 'What people call it.';
-- Name: COLUMN variants.weight; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variants.weight IS 'Its share of new units, relative to the other arms.';
-- Name: COLUMN variants.is_control; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variants.is_control IS 'True for the arm that the others are compared with.';
-- Name: COLUMN variants.rolled_back_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variants.rolled_back_at IS 'From then on its units get the control; null while it runs. Set by rollback_variant, cleared by restore_variant.';
-- Name: COLUMN variants.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variants.created_at IS 'When it was made.';
-- Name: log_variant(public.experiments, public.variants, text, text, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.log_variant(experiment public.experiments, arm public.variants, kind text, did text, reason text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform private.log_change(jsonb_populate_record(null::public.changes, jsonb_build_object(
    'workspace_id', experiment.workspace_id, 'kind', kind,
    'environment_id', experiment.environment_id, 'capability_id', experiment.capability_id,
    'experiment_id', experiment.id, 'variant_id', arm.id,
    'summary', format('%s the variant %s of %s', did, arm.key, experiment.key),
    'detail', jsonb_build_object('reason', coalesce(reason, ''), 'revision', experiment.revision))));
end
$$;
ALTER FUNCTION private.log_variant(experiment public.experiments, arm public.variants, kind text, did text, reason text) OWNER TO postgres;
-- Name: FUNCTION log_variant(experiment public.experiments, arm public.variants, kind text, did text, reason text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.log_variant(experiment public.experiments, arm public.variants, kind text, did text, reason text) IS 'The ledger''s row for an arm that was stopped or restored.';
-- Name: may_enter(uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.may_enter(workspace_id uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if private.caller_is_server() then
    return exists (select from public.workspaces w where w.id = may_enter.workspace_id);
  end if;
  perform private.require_caller();
  return exists (select from private.my_rooms() w where w = may_enter.workspace_id);
end
$$;
ALTER FUNCTION private.may_enter(workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION may_enter(workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.may_enter(workspace_id uuid) IS 'True when the workspace exists for the caller: any for a server, the memberships for a user, its own for an API key.';
-- Name: my_workspaces(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.my_workspaces() RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE ROWS 5
    SET search_path TO ''
    AS $$
begin
  return query select private.my_workspaces_with('workspace.read');
end
$$;
ALTER FUNCTION private.my_workspaces() OWNER TO postgres;
-- Name: FUNCTION my_workspaces(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.my_workspaces() IS 'The workspaces that the caller may read: where they hold workspace.read.';
-- Name: prompts; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.prompts (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    capability_id uuid NOT NULL,
    action_id uuid,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT prompts_key_shape CHECK ((key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'::text))
);
ALTER TABLE public.prompts OWNER TO postgres;
-- Name: TABLE prompts; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.prompts IS 'The named thing that a capability, or one action of it, runs. Its texts are prompt_versions.';
-- Name: COLUMN prompts.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompts.id IS 'Time-ordered uuid.';
-- Name: COLUMN prompts.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompts.workspace_id IS 'The workspace.';
-- Name: COLUMN prompts.key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompts.key IS 'The name that code uses: unique in the workspace.';
-- Name: COLUMN prompts.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompts.name IS 'What people call it.';
-- Name: COLUMN prompts.capability_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompts.capability_id IS 'The capability that runs it.';
-- Name: COLUMN prompts.action_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompts.action_id IS 'The action that runs it; null when the capability runs it as a whole.';
-- Name: COLUMN prompts.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompts.created_at IS 'When it was made.';
-- Name: may_hear(text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.may_hear(topic text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN ((asked.id IS NULL) OR (may_hear.topic <> ((asked.noun || ':'::text) || asked.id))) THEN false
             ELSE COALESCE(
             CASE asked.noun
                 WHEN 'user'::text THEN (asked.id = auth.uid())
                 ELSE (
                 CASE asked.noun
                     WHEN 'workspace'::text THEN asked.id
                     WHEN 'experiment'::text THEN ( SELECT e.workspace_id
                        FROM public.experiments e
                       WHERE (e.id = asked.id))
                     WHEN 'prompt'::text THEN ( SELECT p.workspace_id
                        FROM public.prompts p
                       WHERE (p.id = asked.id))
                     WHEN 'run'::text THEN ( SELECT r.workspace_id
                        FROM public.runs r
                       WHERE (r.id = asked.id))
                     ELSE NULL::uuid
                 END IN ( SELECT w.w
                    FROM private.my_workspaces() w(w)))
             END, false)
         END AS "coalesce"
    FROM ( SELECT split_part(may_hear.topic, ':'::text, 1) AS split_part,
             private.as_uuid(split_part(may_hear.topic, ':'::text, 2)) AS as_uuid) asked(noun, id);
END;
ALTER FUNCTION private.may_hear(topic text) OWNER TO postgres;
-- Name: FUNCTION may_hear(topic text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.may_hear(topic text) IS 'True when a topic is the caller''s own, or of a workspace that they are a member of.
Definer: Realtime asks before any table can be read.';
-- Name: metrics_document(uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.metrics_document(experiment_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select coalesce(jsonb_agg(
      jsonb_strip_nulls(jsonb_build_object('metric', m.key, 'role', em.role, 'margin', em.margin))
      order by array_position(array['primary', 'secondary', 'guardrail'], em.role), m.key collate "C"), '[]')
    from public.experiment_metrics em join public.outcome_metrics m on m.id = em.metric_id
    where em.experiment_id = metrics_document.experiment_id);
end
$$;
ALTER FUNCTION private.metrics_document(experiment_id uuid) OWNER TO postgres;
-- Name: FUNCTION metrics_document(experiment_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.metrics_document(experiment_id uuid) IS 'What it is judged by: [{metric, role, margin}], the primary first.';
-- Name: moments_of(uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.moments_of(experiment_id uuid) RETURNS TABLE(variant_id uuid, metric_id uuid, all_control double precision, all_variant double precision, pooled_control double precision, pooled_variant double precision, n_control double precision, n_variant double precision, mean_control double precision, mean_variant double precision, var_control double precision, var_variant double precision, spread_control double precision, spread_variant double precision)
    LANGUAGE sql STABLE ROWS 10
    SET search_path TO ''
    SET enable_nestloop TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
  with phases as (
    select c.variant_id, c.metric_id, c.phase_id,
      coalesce(max(c.n) filter (where not c.is_treated), 0) as n0,
      coalesce(max(c.n) filter (where c.is_treated), 0) as n1,
      max(c.mean) filter (where not c.is_treated) as m0, max(c.mean) filter (where c.is_treated) as m1,
      max(c.variance) filter (where not c.is_treated) as v0, max(c.variance) filter (where c.is_treated) as v1,
      count(*) filter (where c.n >= 2) = 2 as usable
    from private.comparison_cells c
    where c.experiment_id = moments_of.experiment_id
    group by c.variant_id, c.metric_id, c.phase_id
  ),
  weighed as (
    select p.*, (p.n0 + p.n1) / sum(p.n0 + p.n1) filter (where p.usable) over (
      partition by p.variant_id, p.metric_id) as w
    from phases p
  )
  select p.variant_id, p.metric_id, sum(p.n0), sum(p.n1),
    sum(p.n0 * p.m0) / nullif(sum(p.n0), 0), sum(p.n1 * p.m1) / nullif(sum(p.n1), 0),
    sum(p.n0) filter (where p.usable), sum(p.n1) filter (where p.usable),
    sum(p.w * p.m0) filter (where p.usable), sum(p.w * p.m1) filter (where p.usable),
    sum(p.w ^ 2 * p.v0 / p.n0) filter (where p.usable), sum(p.w ^ 2 * p.v1 / p.n1) filter (where p.usable),
    sum((p.w ^ 2 * p.v0 / p.n0) ^ 2 / (p.n0 - 1)) filter (where p.usable),
    sum((p.w ^ 2 * p.v1 / p.n1) ^ 2 / (p.n1 - 1)) filter (where p.usable)
  from weighed p
  group by p.variant_id, p.metric_id
$$;
ALTER FUNCTION private.moments_of(experiment_id uuid) OWNER TO postgres;
-- Name: FUNCTION moments_of(experiment_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.moments_of(experiment_id uuid) IS 'An experiment''s comparisons, each with its phases put together by their number of subjects (post-stratified).
A phase with fewer than two subjects in an arm has no variance there and is left out. spread_… are the terms of Welch and Satterthwaite''s degrees of freedom.';
-- Name: move_answer(public.deployments, private.scope); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.move_answer(made public.deployments, scope private.scope) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  applies uuid := coalesce(made.prompt_version_id, (private.wider_head(scope)).prompt_version_id);
begin
  return to_jsonb(made) || jsonb_build_object(
    'deployment_id', made.id,
    'version', (select private.version_card(v) from public.prompt_versions v where v.id = made.prompt_version_id),
    'applies', (select private.version_card(v) from public.prompt_versions v where v.id = applies),
    'summary', (select c.summary from public.changes c
      where c.workspace_id = made.workspace_id and c.deployment_id = made.id));
end
$$;
ALTER FUNCTION private.move_answer(made public.deployments, scope private.scope) OWNER TO postgres;
-- Name: FUNCTION move_answer(made public.deployments, scope private.scope); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.move_answer(made public.deployments, scope private.scope) IS 'The deployment with its version, the version that applies at the scope now, and a summary.';
-- Name: move_experiment(uuid, text, integer, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.move_experiment(experiment_id uuid, verb text, expected_revision integer, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  experiment public.experiments := private.lock_experiment(
    experiment_id, expected_revision,
    (select m.permission from public.experiment_moves m where m.verb = move_experiment.verb limit 1), workspace_id);
  target text := (select m.to_state from public.experiment_moves m
    where m.verb = move_experiment.verb and m.from_state = experiment.state);
  problems text;
begin
  if target = 'active' then
    problems := private.experiment_problems(experiment.id);
  end if;
  if target is null then
    perform private.fail('move_not_allowed', jsonb_build_object('state', experiment.state, 'verb', verb));
  elsif target = 'active' and problems is not null then
    perform private.fail('experiment_incomplete', jsonb_build_object('problems', problems));
  elsif target = 'active' then
    perform private.open_phase(experiment);
  end if;
  update public.experiments e set
    state = target,
    started_at = case when target = 'active' then coalesce(e.started_at, private.now()) else e.started_at end,
    ended_at = case when target = 'archived' then private.now() end
  where e.id = experiment.id
  returning e.* into experiment;
  return jsonb_build_object(
    'experiment_id', experiment.id, 'state', experiment.state, 'revision', experiment.revision);
end
$$;
ALTER FUNCTION private.move_experiment(experiment_id uuid, verb text, expected_revision integer, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION move_experiment(experiment_id uuid, verb text, expected_revision integer, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.move_experiment(experiment_id uuid, verb text, expected_revision integer, workspace_id uuid) IS 'Moves the state by compare-and-swap, as experiment_moves allows, for those who hold the move''s permission.
Definer: nobody may write the state by hand.';
-- Name: move_pointer(private.scope, uuid, private.deployment_heads, text, text, integer); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.move_pointer(scope private.scope, version_id uuid, head private.deployment_heads, kind text, reason text, restores_number integer DEFAULT NULL::integer) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  made public.deployments;
begin
  if head.prompt_version_id = version_id then
    perform private.fail('already_live', jsonb_build_object('version_id', version_id));
  end if;
  insert into public.deployments (
    workspace_id, environment_id, capability_id, action_id, intent_id,
    number, prompt_version_id, previous_version_id, kind, reason, created_by, restores_number, created_at)
  values (
    scope.workspace_id, scope.environment_id, scope.capability_id, scope.action_id, scope.intent_id,
    coalesce(head.number, 0) + 1, version_id, head.prompt_version_id, kind, coalesce(reason, ''), auth.uid(),
    restores_number,
    -- A transaction that waited began before the one that it follows: time in a scope never runs backwards.
    greatest(private.now(), (select d.created_at from public.deployments d where d.id = head.deployment_id)))
  returning * into made;
  return private.move_answer(made, scope);
end
$$;
ALTER FUNCTION private.move_pointer(scope private.scope, version_id uuid, head private.deployment_heads, kind text, reason text, restores_number integer) OWNER TO postgres;
-- Name: FUNCTION move_pointer(scope private.scope, version_id uuid, head private.deployment_heads, kind text, reason text, restores_number integer); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.move_pointer(scope private.scope, version_id uuid, head private.deployment_heads, kind text, reason text, restores_number integer) IS 'Appends a deployment to a locked scope and says what it did.';
-- Name: tags; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.tags (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    prompt_id uuid NOT NULL,
    name text NOT NULL,
    version_id uuid NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    moved_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT tags_name_shape CHECK ((name ~ '^[A-Za-z0-9][A-Za-z0-9_./-]{0,99}$'::text))
);
ALTER TABLE public.tags OWNER TO postgres;
-- Name: TABLE tags; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.tags IS 'A name that points at one version of a prompt. Set and moved by tag_version, taken away by untag.';
-- Name: COLUMN tags.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.tags.id IS 'Time-ordered uuid.';
-- Name: COLUMN tags.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.tags.workspace_id IS 'The workspace.';
-- Name: COLUMN tags.prompt_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.tags.prompt_id IS 'The prompt.';
-- Name: COLUMN tags.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.tags.name IS 'Unique in the prompt.';
-- Name: COLUMN tags.version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.tags.version_id IS 'The version that it points at now.';
-- Name: COLUMN tags.created_by; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.tags.created_by IS 'The user who set it first; null for a server''s or an API key.';
-- Name: COLUMN tags.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.tags.created_at IS 'When it was set first.';
-- Name: COLUMN tags.moved_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.tags.moved_at IS 'When it was last pointed at another version.';
-- Name: move_tag(public.tags, public.tags, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.move_tag(held public.tags, target public.tags, reason text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  insert into public.tag_moves (workspace_id, prompt_id, name, from_version_id, to_version_id, reason, created_by)
  values (target.workspace_id, target.prompt_id, target.name, held.version_id, target.version_id,
    coalesce(reason, ''), auth.uid());
end
$$;
ALTER FUNCTION private.move_tag(held public.tags, target public.tags, reason text) OWNER TO postgres;
-- Name: FUNCTION move_tag(held public.tags, target public.tags, reason text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.move_tag(held public.tags, target public.tags, reason text) IS 'Remembers where a tag pointed (null: nowhere) and where it points from now on.';
-- Name: my_address(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.my_address() RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  person record;
begin
  select u.email, u.email_confirmed_at into person from auth.users u where u.id = private.require_person();
  return case when person.email_confirmed_at is not null then lower(person.email) end;
end
$$;
ALTER FUNCTION private.my_address() OWNER TO postgres;
-- Name: FUNCTION my_address(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.my_address() IS 'The caller''s confirmed email address in lower case; null while it is not confirmed.
Definer: reads auth.users.';
-- Name: my_invitations(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.my_invitations() RETURNS TABLE(invitation_id uuid, workspace_id uuid, workspace text, role text, expires_at timestamp with time zone, invited_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
begin
  return query
  select i.id, i.workspace_id, w.name, i.role, i.expires_at, i.created_at
  from public.invitations i
  join public.workspaces w on w.id = i.workspace_id
  where i.email = private.my_address() and i.state = 'pending' and i.expires_at > now()
    and private.still_may_give(i.created_by, i.role, i.workspace_id)
  order by i.id;
end
$$;
ALTER FUNCTION private.my_invitations() OWNER TO postgres;
-- Name: FUNCTION my_invitations(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.my_invitations() IS 'One row per invitation that waits for the caller.
Definer: who is invited is no member yet, and sees neither the row nor the workspace.';
-- Name: my_owned_workspaces(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.my_owned_workspaces() RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 5
    SET search_path TO ''
    AS $$
begin
  return query
  select m.workspace_id from public.members m where m.user_id = (select auth.uid()) and m.role = 'owner';
end
$$;
ALTER FUNCTION private.my_owned_workspaces() OWNER TO postgres;
-- Name: FUNCTION my_owned_workspaces(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.my_owned_workspaces() IS 'The workspaces that the caller owns.
Definer: as my_workspaces_with.';
-- Name: my_permissions(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.my_permissions() RETURNS TABLE(workspace_id uuid, permission text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    SET search_path TO ''
    AS $$
#variable_conflict use_column
begin
  return query
  select m.workspace_id, p.permission
  from public.members m
  join public.role_permissions p on p.workspace_id = m.workspace_id and p.role = m.role
  where m.user_id = (select auth.uid());
end
$$;
ALTER FUNCTION private.my_permissions() OWNER TO postgres;
-- Name: FUNCTION my_permissions(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.my_permissions() IS 'What the signed-in person holds, by workspace.
Definer: as my_workspaces_with.';
-- Name: my_rooms(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.my_rooms() RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 5
    SET search_path TO ''
    AS $$
begin
  if auth.uid() is null then
    return query select k.workspace_id from private.api_key() k where k.id is not null;
  else
    return query select m.workspace_id from public.members m where m.user_id = (select auth.uid());
  end if;
end
$$;
ALTER FUNCTION private.my_rooms() OWNER TO postgres;
-- Name: FUNCTION my_rooms(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.my_rooms() IS 'The workspaces that the caller belongs to, whether or not they may read there: the memberships, or the API key''s.
Definer: as my_workspaces_with.';
-- Name: my_workspaces_with(text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.my_workspaces_with(permission text) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 5
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  me constant uuid := auth.uid();
begin
  if me is null then
    return query select k.workspace_id from private.api_key() k where permission = any (k.permissions);
  else
    return query
    select m.workspace_id
    from public.members m
    join public.role_permissions r on r.workspace_id = m.workspace_id and r.role = m.role
    where m.user_id = me and r.permission = permission;
  end if;
end
$$;
ALTER FUNCTION private.my_workspaces_with(permission text) OWNER TO postgres;
-- Name: FUNCTION my_workspaces_with(permission text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.my_workspaces_with(permission text) IS 'The workspaces in which the caller''s role, or the acting API key, holds a permission.
Definer: members'' own policy asks it, and would ask itself for ever.';
-- Name: new_secret(text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.new_secret(kind text) RETURNS text
    LANGUAGE sql
    SET search_path TO ''
    RETURN ((kind || '_'::text) || encode(sha256((uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))), 'hex'::text));
ALTER FUNCTION private.new_secret(kind text) OWNER TO postgres;
-- Name: FUNCTION new_secret(kind text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.new_secret(kind text) IS 'A secret of 244 random bits that begins with what it is for.';
-- Name: note_hint(text, text, uuid[], integer); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.note_hint(topic text, kind text, ids uuid[], revision integer DEFAULT NULL::integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  insert into private.hints as h (topic, kind, ids, revision)
  values (note_hint.topic, note_hint.kind, note_hint.ids[1:51], note_hint.revision)
  on conflict on constraint hints_pkey do update set
    ids = case when h.ids is not null and excluded.ids is not null then
      array(select distinct i from unnest(h.ids || excluded.ids) i order by i limit 51) end,
    revision = greatest(h.revision, excluded.revision);
end
$$;
ALTER FUNCTION private.note_hint(topic text, kind text, ids uuid[], revision integer) OWNER TO postgres;
-- Name: FUNCTION note_hint(topic text, kind text, ids uuid[], revision integer); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.note_hint(topic text, kind text, ids uuid[], revision integer) IS 'Remembers until the commit that a topic is to be told.';
-- Name: number_at(private.scope, timestamp with time zone); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.number_at(scope private.scope, moment timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  move public.deployments;
begin
  if moment > private.now() then
    perform private.fail('bad_argument', '{"argument": "to_time", "expected": "a moment in the past"}');
  end if;
  select d.* into move from public.deployments d
  where d.environment_id = scope.environment_id
    and d.capability_id = scope.capability_id
    and d.action_id is not distinct from scope.action_id
    and d.intent_id is not distinct from scope.intent_id
    and d.created_at <= moment
  order by d.number desc
  limit 1;
  if move.prompt_version_id is null then
    perform private.fail('nothing_live_then', jsonb_build_object('to_time', moment));
  end if;
  return private.standing(move);
end
$$;
ALTER FUNCTION private.number_at(scope private.scope, moment timestamp with time zone) OWNER TO postgres;
-- Name: FUNCTION number_at(scope private.scope, moment timestamp with time zone); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.number_at(scope private.scope, moment timestamp with time zone) IS 'The state that a rollback to a moment restores: what was live here then.';
-- Name: number_before(private.scope, private.deployment_heads); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.number_before(scope private.scope, head private.deployment_heads) RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  now_standing constant integer := private.standing(private.scope_move(scope, head.number));
begin
  if now_standing = 0 then
    perform private.fail('nothing_to_roll_back');
  end if;
  return private.standing(private.scope_move(scope, now_standing - 1));
end
$$;
ALTER FUNCTION private.number_before(scope private.scope, head private.deployment_heads) OWNER TO postgres;
-- Name: FUNCTION number_before(scope private.scope, head private.deployment_heads); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.number_before(scope private.scope, head private.deployment_heads) IS 'The state that a rollback without a target restores: what the live one replaced.';
-- Name: number_of_version(private.scope, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.number_of_version(scope private.scope, version_id uuid) RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  move public.deployments;
begin
  select d.* into move from public.deployments d
  where d.environment_id = scope.environment_id
    and d.capability_id = scope.capability_id
    and d.action_id is not distinct from scope.action_id
    and d.intent_id is not distinct from scope.intent_id
    and d.prompt_version_id = version_id
  order by d.number desc
  limit 1;
  if move.id is null then
    perform private.fail('never_live_here', jsonb_build_object('version_id', version_id));
  end if;
  return private.standing(move);
end
$$;
ALTER FUNCTION private.number_of_version(scope private.scope, version_id uuid) OWNER TO postgres;
-- Name: FUNCTION number_of_version(scope private.scope, version_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.number_of_version(scope private.scope, version_id uuid) IS 'The state that a rollback to a version restores: the last in which it was live here.';
-- Name: only_workspace(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.only_workspace() RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  choice uuid[];
begin
  if private.caller_is_server() then
    choice := array(select w.id from public.workspaces w limit 2);
  else
    perform private.require_caller();
    choice := array(select w from private.my_rooms() w limit 2);
  end if;
  if cardinality(choice) <> 1 then
    perform private.fail(case cardinality(choice) when 0 then 'no_workspace' else 'workspace_ambiguous' end);
  end if;
  return choice[1];
end
$$;
ALTER FUNCTION private.only_workspace() OWNER TO postgres;
-- Name: FUNCTION only_workspace(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.only_workspace() IS 'The one workspace that the caller can reach; raises when there is none, or more than one.';
-- Name: open_batch(text, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.open_batch(kind text, batch jsonb) RETURNS TABLE(index integer, r jsonb, fault jsonb)
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if jsonb_typeof(batch) is distinct from 'array' then
    perform private.fail('bad_batch');
  elsif jsonb_array_length(batch) > 10000 then
    perform private.fail('batch_too_large', jsonb_build_object('rows', jsonb_array_length(batch)));
  end if;
  return query
    select (e.ordinality - 1)::integer, e.value,
      case
        when jsonb_typeof(e.value) <> 'object' then private.fault('bad_row')
        when w.field is not null then private.field_fault(w.field, w.type, w.v)
      end
    from jsonb_array_elements(batch) with ordinality as e
    left join private.wrong_fields(kind, batch) w on w.index = e.ordinality - 1;
end
$$;
ALTER FUNCTION private.open_batch(kind text, batch jsonb) OWNER TO postgres;
-- Name: FUNCTION open_batch(kind text, batch jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.open_batch(kind text, batch jsonb) IS 'The rows of a batch, counted from 0, each with its first error of type; raises when the whole is no batch.';
-- Name: open_call(private.scope, text, text, text, text, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.open_call(scope private.scope, subject text, conversation text, action text, intent text, attributes jsonb) RETURNS private.call
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  asked private.call;
begin
  perform private.require_text('subject', subject, 512);
  perform private.require_text('conversation', coalesce(conversation, '-'), 512);
  if jsonb_typeof(attributes) is distinct from 'object' then
    perform private.fail('bad_argument', '{"argument": "attributes", "expected": "an object"}');
  end if;
  asked.scope := scope;
  asked.subject := subject;
  asked.conversation := conversation;
  asked.context := private.audience_context(attributes, subject, conversation, action, intent);
  asked.is_held_out := private.is_held_out(scope.environment_id, subject);
  select coalesce(array_agg(a.experiment_id) filter (where a.unit_id = asked.subject), '{}'),
    coalesce(array_agg(a.experiment_id) filter (where a.unit_id = asked.conversation), '{}')
  into asked.subject_in, asked.conversation_in
  from public.assignments a
  where a.workspace_id = scope.workspace_id and a.unit_id in (asked.subject, asked.conversation);
  return asked;
end
$$;
ALTER FUNCTION private.open_call(scope private.scope, subject text, conversation text, action text, intent text, attributes jsonb) OWNER TO postgres;
-- Name: FUNCTION open_call(scope private.scope, subject text, conversation text, action text, intent text, attributes jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.open_call(scope private.scope, subject text, conversation text, action text, intent text, attributes jsonb) IS 'Checks what a caller says of a subject and adds what is known of it.';
-- Name: invitations; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.invitations (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    email text NOT NULL,
    role text NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    settled_by uuid,
    settled_at timestamp with time zone,
    CONSTRAINT invitations_email_shape CHECK (((email = lower(email)) AND (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text))),
    CONSTRAINT invitations_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'accepted'::text, 'revoked'::text])))
);
ALTER TABLE public.invitations OWNER TO postgres;
-- Name: TABLE invitations; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.invitations IS 'Who is asked to join a workspace, in which role. Settled ones stay as history.
Made by invite_member, which alone shows the token, and once.';
-- Name: COLUMN invitations.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.invitations.id IS 'Time-ordered uuid.';
-- Name: COLUMN invitations.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.invitations.workspace_id IS 'The workspace.';
-- Name: COLUMN invitations.email; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.invitations.email IS 'The address that is invited, in lower case: only a user who has confirmed it may accept.';
-- Name: COLUMN invitations.role; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.invitations.role IS 'The role that they will have. No foreign key: history outlives roles.';
-- Name: COLUMN invitations.state; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.invitations.state IS 'pending, accepted, revoked. A pending one past expires_at is over too.';
-- Name: COLUMN invitations.expires_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.invitations.expires_at IS 'Until when it can be accepted.';
-- Name: COLUMN invitations.created_by; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.invitations.created_by IS 'The user who invites. It is void once they may no longer give the role.';
-- Name: COLUMN invitations.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.invitations.created_at IS 'When it was made.';
-- Name: COLUMN invitations.settled_by; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.invitations.settled_by IS 'The user who accepted or revoked it.';
-- Name: COLUMN invitations.settled_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.invitations.settled_at IS 'When that was.';
-- Name: open_invitation(text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.open_invitation(token text, invitation_id uuid) RETURNS public.invitations
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  address text := private.my_address();
  found_one public.invitations;
begin
  select i.* into found_one from public.invitations i
  where i.id = case when token is null then invitation_id
    else (select s.invitation_id from private.invitation_secrets s where s.hash = private.secret_hash(token)) end
  for update;
  if found_one.id is null or (token is null and found_one.email is distinct from address) then
    perform private.fail('unknown_invitation');
  elsif address is null then
    perform private.fail('email_unconfirmed');
  elsif found_one.email <> address then
    perform private.fail('invitation_for_another');
  end if;
  return found_one;
end
$$;
ALTER FUNCTION private.open_invitation(token text, invitation_id uuid) OWNER TO postgres;
-- Name: FUNCTION open_invitation(token text, invitation_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.open_invitation(token text, invitation_id uuid) IS 'The invitation that a token, or an id together with the address, opens for the caller; locked.';
-- Name: open_phase(public.experiments); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.open_phase(experiment public.experiments) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  present public.experiment_phases;
  opened uuid;
begin
  select p.* into present from public.experiment_phases p
  where p.experiment_id = experiment.id order by p.number desc limit 1;
  if present.id is not null and not exists (
    (select variant_id, weight from private.arm_buckets(experiment.id)
      except select a.variant_id, a.weight from public.experiment_phase_arms a where a.phase_id = present.id)
    union all
    (select a.variant_id, a.weight from public.experiment_phase_arms a where a.phase_id = present.id
      except select variant_id, weight from private.arm_buckets(experiment.id))
  ) then
    return;
  end if;
  insert into public.experiment_phases (workspace_id, experiment_id, number, started_at)
  values (experiment.workspace_id, experiment.id, coalesce(present.number, 0) + 1, private.now())
  returning id into opened;
  insert into public.experiment_phase_arms (
    workspace_id, experiment_id, phase_id, variant_id, weight, bucket_from, bucket_to)
  select experiment.workspace_id, experiment.id, opened, b.variant_id, b.weight, b.bucket_from, b.bucket_to
  from private.arm_buckets(experiment.id) b;
end
$$;
ALTER FUNCTION private.open_phase(experiment public.experiments) OWNER TO postgres;
-- Name: FUNCTION open_phase(experiment public.experiments); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.open_phase(experiment public.experiments) IS 'Begins a new phase when the arms or their weights are not those of the present one.';
-- Name: open_ramp(private.scope, private.deployment_heads, uuid, uuid, numeric[], jsonb, interval, integer, text, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.open_ramp(scope private.scope, head private.deployment_heads, version_id uuid, expected_version uuid, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text) RETURNS public.ramps
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  base constant uuid := private.require_rampable(scope, head, version_id, expected_version);
  made public.ramps;
begin
  insert into public.ramps (
    workspace_id, environment_id, capability_id, action_id, intent_id, version_id, from_version_id,
    replaces_version_id, min_subjects, reason, created_by, experiment_id)
  values (
    scope.workspace_id, scope.environment_id, scope.capability_id, scope.action_id, scope.intent_id, version_id, base,
    head.prompt_version_id, min_subjects, coalesce(reason, ''), auth.uid(),
    private.ramp_experiment(scope, base, version_id, (steps[1] * 100)::integer, unit, guardrails))
  returning * into made;
  insert into public.ramp_steps (workspace_id, ramp_id, number, share, hold, started_at)
  select made.workspace_id, made.id, s.n, s.share * 100, case when s.share = 100 then interval '0' else hold end,
    case s.n when 1 then private.now() end
  from unnest(steps) with ordinality as s (share, n);
  insert into private.ramp_clock (ramp_id, workspace_id) values (made.id, made.workspace_id);
  return made;
end
$$;
ALTER FUNCTION private.open_ramp(scope private.scope, head private.deployment_heads, version_id uuid, expected_version uuid, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text) OWNER TO postgres;
-- Name: FUNCTION open_ramp(scope private.scope, head private.deployment_heads, version_id uuid, expected_version uuid, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.open_ramp(scope private.scope, head private.deployment_heads, version_id uuid, expected_version uuid, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text) IS 'The rows of a new ramp at a locked scope: itself, its experiment, its steps.';
-- Name: overriding_scopes(private.scope); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.overriding_scopes(scope private.scope) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select string_agg(private.scope_words(h.environment_id, h.capability_id, h.action_id, h.intent_id), ', '
    order by h.action_id, h.intent_id)
  from private.deployment_heads h
  where h.environment_id = (scope).environment_id
    and h.capability_id = (scope).capability_id
    and h.prompt_version_id is not null
    and coalesce(h.action_id = (scope).action_id, true)
    and coalesce(h.intent_id = (scope).intent_id, true)
    and (h.action_id is not null, h.intent_id is not null)
      > ((scope).action_id is not null, (scope).intent_id is not null)
$$;
ALTER FUNCTION private.overriding_scopes(scope private.scope) OWNER TO postgres;
-- Name: FUNCTION overriding_scopes(scope private.scope); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.overriding_scopes(scope private.scope) IS 'The live scopes that answer some of a scope''s calls instead of it, in words; null when there are none.';
-- Name: own_head(private.scope); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.own_head(scope private.scope) RETURNS private.deployment_heads
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  head private.deployment_heads;
begin
  select h.* into head from private.deployment_heads h
  where h.environment_id = scope.environment_id
    and h.capability_id = scope.capability_id
    and h.action_id is not distinct from scope.action_id
    and h.intent_id is not distinct from scope.intent_id;
  return head;
end
$$;
ALTER FUNCTION private.own_head(scope private.scope) OWNER TO postgres;
-- Name: FUNCTION own_head(scope private.scope); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.own_head(scope private.scope) IS 'The last move of exactly this scope; its version is null when the scope was given back.';
-- Name: provider_key(uuid, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.provider_key(workspace_id uuid, provider text) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  secret text;
begin
  select s.decrypted_secret into secret from vault.decrypted_secrets s
  where s.name = private.vault_name(workspace_id, provider);
  if secret is null then
    perform private.fail('unknown_provider_key', jsonb_build_object('provider', provider));
  end if;
  return secret;
end
$$;
ALTER FUNCTION private.provider_key(workspace_id uuid, provider text) OWNER TO postgres;
-- Name: FUNCTION provider_key(workspace_id uuid, provider text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.provider_key(workspace_id uuid, provider text) IS 'A provider''s key in the clear, for the worker alone.
Definer: the worker''s role reads this one name, not all of Vault.';
-- Name: publish(text, text, uuid, uuid, text, text, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.publish(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, reason text, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  tenant uuid := private.authorise(workspace_id, 'deployments.publish');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  head private.deployment_heads := private.scope_head(scope);
begin
  perform private.require_runnable(version_id, scope);
  perform private.require_live(head, expected_version);
  return private.move_pointer(scope, version_id, head, 'publish', reason);
end
$$;
ALTER FUNCTION private.publish(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION publish(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, reason text, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.publish(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, reason text, workspace_id uuid) IS 'Makes a version live at a scope by compare-and-swap.
Definer: deployments are append-only and numbered under a lock, so nobody may insert them by hand.';
-- Name: ramp_card(public.ramps); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.ramp_card(ramp public.ramps) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select to_jsonb(ramp) || jsonb_build_object(
    'ramp_id', (ramp).id,
    'share', (select s.share / 100.0 from public.ramp_steps s where s.ramp_id = (ramp).id and s.number = (ramp).step),
    'holds_until', (select s.started_at + s.hold from public.ramp_steps s
      where s.ramp_id = (ramp).id and s.number = (ramp).step and (ramp).state = 'running'),
    'next_share', (select s.share / 100.0 from public.ramp_steps s
      where s.ramp_id = (ramp).id and s.number = (ramp).step + 1 and (ramp).state = 'running'))
$$;
ALTER FUNCTION private.ramp_card(ramp public.ramps) OWNER TO postgres;
-- Name: FUNCTION ramp_card(ramp public.ramps); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.ramp_card(ramp public.ramps) IS 'A ramp as its verbs answer it: the row, with the present and the next share in per cent.';
-- Name: ramp_end_code(public.ramps, public.deployments); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.ramp_end_code(ramp public.ramps, made public.deployments) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return case
    when not coalesce(made.action_id = ramp.action_id, true) or not coalesce(made.intent_id = ramp.intent_id, true)
      then null
    when (made.action_id, made.intent_id) is not distinct from (ramp.action_id, ramp.intent_id) then 'scope_moved'
    when (made.action_id is not null, made.intent_id is not null)
      > (ramp.action_id is not null, ramp.intent_id is not null) then 'narrower_scope_moved'
    when (private.live_head(private.ramp_scope(ramp))).prompt_version_id is distinct from ramp.from_version_id
      then 'live_version_changed'
  end;
end
$$;
ALTER FUNCTION private.ramp_end_code(ramp public.ramps, made public.deployments) OWNER TO postgres;
-- Name: FUNCTION ramp_end_code(ramp public.ramps, made public.deployments); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.ramp_end_code(ramp public.ramps, made public.deployments) IS 'Why a move of a pointer ends a ramp: its scope moved, a scope that overrides it, or the version it compares with; null when none did.';
-- Name: ramp_experiment(private.scope, uuid, uuid, integer, text, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.ramp_experiment(scope private.scope, from_version_id uuid, version_id uuid, share integer, unit text, guardrails jsonb) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  made public.experiments;
begin
  insert into public.experiments (
    workspace_id, key, name, hypothesis, environment_id, capability_id, unit, traffic)
  select scope.workspace_id, format('ramp.%s.v%s.%s', left(p.key, 60), v.number, right(private.uuidv7()::text, 8)),
    format('Ramp of %s', private.version_words(v.id)), 'Does no harm.',
    scope.environment_id, scope.capability_id, unit, 2 * share
  from public.prompt_versions v join public.prompts p on p.id = v.prompt_id
  where v.id = ramp_experiment.version_id
  returning * into made;
  insert into public.experiment_actions (workspace_id, experiment_id, capability_id, action_id)
  select made.workspace_id, made.id, made.capability_id, scope.action_id where scope.action_id is not null;
  insert into public.experiment_intents (workspace_id, experiment_id, intent_id)
  select made.workspace_id, made.id, scope.intent_id where scope.intent_id is not null;
  insert into public.experiment_metrics (workspace_id, experiment_id, metric_id, role, margin)
  select made.workspace_id, made.id, g.metric_id, 'guardrail', g.margin
  from private.guardrail_rows(scope.workspace_id, guardrails) g;
  with arms as (
    insert into public.variants (workspace_id, experiment_id, key, name, is_control)
    values (made.workspace_id, made.id, 'live', 'Live', true), (made.workspace_id, made.id, 'new', 'New', false)
    returning id, is_control
  )
  insert into public.variant_versions (workspace_id, variant_id, prompt_version_id)
  select made.workspace_id, arms.id, case when arms.is_control then from_version_id else version_id end from arms;
  update public.experiments e set state = 'active', started_at = private.now() where e.id = made.id
  returning e.* into made;
  perform private.open_phase(made);
  return made.id;
end
$$;
ALTER FUNCTION private.ramp_experiment(scope private.scope, from_version_id uuid, version_id uuid, share integer, unit text, guardrails jsonb) OWNER TO postgres;
-- Name: FUNCTION ramp_experiment(scope private.scope, from_version_id uuid, version_id uuid, share integer, unit text, guardrails jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.ramp_experiment(scope private.scope, from_version_id uuid, version_id uuid, share integer, unit text, guardrails jsonb) IS 'Starts the experiment that a ramp runs as: two equal arms over twice the first step''s share.';
-- Name: ramp_scope(public.ramps); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.ramp_scope(ramp public.ramps) RETURNS private.scope
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    RETURN ROW((ramp).workspace_id, (ramp).environment_id, (ramp).capability_id, (ramp).action_id, (ramp).intent_id)::private.scope;
ALTER FUNCTION private.ramp_scope(ramp public.ramps) OWNER TO postgres;
-- Name: FUNCTION ramp_scope(ramp public.ramps); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.ramp_scope(ramp public.ramps) IS 'Where a ramp runs.';
-- Name: ramp_to_move(uuid, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.ramp_to_move(ramp_id uuid, permission text, requested_workspace uuid) RETURNS public.ramps
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  ramp public.ramps;
begin
  select r.* into ramp from public.ramps r where r.id = ramp_to_move.ramp_id;
  perform private.authorise_row(ramp.workspace_id, requested_workspace, permission, 'unknown_ramp',
    jsonb_build_object('ramp_id', ramp_to_move.ramp_id));
  perform private.require_environment(ramp.environment_id);
  return ramp;
end
$$;
ALTER FUNCTION private.ramp_to_move(ramp_id uuid, permission text, requested_workspace uuid) OWNER TO postgres;
-- Name: FUNCTION ramp_to_move(ramp_id uuid, permission text, requested_workspace uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.ramp_to_move(ramp_id uuid, permission text, requested_workspace uuid) IS 'The ramp, unlocked; raises for a stranger or a missing permission.';
-- Name: read_inferences(uuid, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.read_inferences(tenant uuid, batch jsonb) RETURNS SETOF private.inference_row
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select f.index,
    coalesce(f.fault, case
      when f.environment_id is null then private.fault('unknown_environment', f.r)
      when not (f.environment_id = any ((select private.key_environments())::uuid[]))
        then private.fault('environment_denied', f.r)
      when f.capability_id is null then private.fault('unknown_capability', f.r)
      when f.action_id is null and f.r ->> 'action' is not null then private.fault('unknown_action', f.r)
      when f.intent_id is null and f.r ->> 'intent' is not null then private.fault('unknown_intent', f.r)
      when f.version_id is null then private.fault('unknown_version', f.r)
      when f.experiment_id is null and f.r ->> 'experiment_id' is not null then private.fault('unknown_experiment', f.r)
      when f.variant_id is null and f.r ->> 'variant_id' is not null
        then private.fault('unknown_variant', jsonb_build_object('variant', f.r ->> 'variant_id'))
    end),
    f.r,
    (
      (f.r ->> 'id')::uuid, tenant, f.environment_id, f.r ->> 'subject', f.r ->> 'conversation',
      f.capability_id, f.action_id, f.intent_id, f.version_id, f.experiment_id, f.variant_id,
      f.r ->> 'provider', f.r ->> 'requested_model', f.r ->> 'resolved_model',
      (f.r ->> 'started_at')::timestamptz, (f.r ->> 'latency_ms')::float8,
      (f.r ->> 'input_tokens')::integer, (f.r ->> 'output_tokens')::integer, (f.r ->> 'cost_usd')::float8,
      f.r ->> 'status', f.r ->> 'error_code', f.r ->> 'finish_reason', f.r ->> 'output',
      now(), pg_current_xact_id()::text::bigint
    )::public.inferences
  from private.inference_references(tenant, batch) f
$$;
ALTER FUNCTION private.read_inferences(tenant uuid, batch jsonb) OWNER TO postgres;
-- Name: FUNCTION read_inferences(tenant uuid, batch jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.read_inferences(tenant uuid, batch jsonb) IS 'The rows of a batch as they would land, each with its first error of type or reference.';
-- Name: read_outcomes(uuid, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.read_outcomes(tenant uuid, batch jsonb) RETURNS SETOF private.outcome_row
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  with opened as materialized (
    select o.index, o.fault, case when o.fault is null then o.r end as r
    from private.open_batch('outcome', batch) o
  ),
  found as (
    select o.index, o.fault, o.r, e.id as environment_id, m.id as metric_id, m.kind,
      case o.r -> 'value' when 'true' then 1 when 'false' then 0 else (o.r ->> 'value')::float8 end as value
    from opened o
    left join public.environments e on e.workspace_id = tenant and e.key = o.r ->> 'environment'
    left join public.outcome_metrics m on m.workspace_id = tenant and m.key = o.r ->> 'metric'
  )
  select f.index,
    coalesce(f.fault, case
      when f.environment_id is null then private.fault('unknown_environment', f.r)
      when not (f.environment_id = any ((select private.key_environments())::uuid[]))
        then private.fault('environment_denied', f.r)
      when f.metric_id is null then private.fault('unknown_metric', f.r)
      when f.kind = 'proportion' and f.value not in (0, 1) then private.fault('bad_proportion', f.r)
      when num_nonnulls(f.r ->> 'subject', f.r ->> 'conversation', f.r ->> 'inference_id', f.r ->> 'key') = 0
        then private.fault('no_join_key')
    end),
    (
      private.uuidv7(), tenant, f.environment_id, f.metric_id, f.value,
      f.r ->> 'subject', f.r ->> 'conversation', (f.r ->> 'inference_id')::uuid,
      f.r #>> '{key,type}', f.r #>> '{key,value}',
      (f.r ->> 'occurred_at')::timestamptz, f.r ->> 'source', f.r ->> 'source_event_id',
      now(), pg_current_xact_id()::text::bigint
    )::public.outcomes
  from found f
$$;
ALTER FUNCTION private.read_outcomes(tenant uuid, batch jsonb) OWNER TO postgres;
-- Name: FUNCTION read_outcomes(tenant uuid, batch jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.read_outcomes(tenant uuid, batch jsonb) IS 'The rows of a batch as they would land, each with its first error of type or reference.';
-- Name: record_inferences(jsonb, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.record_inferences(inferences jsonb, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  tenant uuid := private.authorise(workspace_id, 'events.write');
  seen private.inference_row[] := array(select s from private.read_inferences(tenant, inferences) s);
  fresh uuid[];
begin
  -- In the order of their ids, so that two batches with the same rows never wait for each other.
  with landed as (
    insert into public.inferences
    select (s.landing).* from unnest(seen) s where s.fault is null order by (s.landing).id, s.index
    on conflict on constraint inferences_pkey do nothing
    returning id
  )
  select array_agg(l.id) into fresh from landed l;
  perform private.land_keys(seen, fresh);
  return (
    select private.batch_answer(
      count(*) filter (where s.fault is null), coalesce(cardinality(fresh), 0),
      jsonb_agg(jsonb_build_object('index', s.index) || s.fault order by s.index) filter (where s.fault is not null))
    from unnest(seen) s);
end
$$;
ALTER FUNCTION private.record_inferences(inferences jsonb, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION record_inferences(inferences jsonb, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.record_inferences(inferences jsonb, workspace_id uuid) IS 'Lands the good rows of a batch once, and says what is wrong with the others.
Definer: events are append-only and checked here, so nobody may insert them by hand.';
-- Name: record_outcomes(jsonb, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.record_outcomes(outcomes jsonb, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  tenant uuid := private.authorise(workspace_id, 'events.write');
  seen private.outcome_row[] := array(select s from private.read_outcomes(tenant, outcomes) s);
  landed bigint;
begin
  -- In the order of their ids, so that two batches with the same rows never wait for each other.
  insert into public.outcomes
  select (s.landing).* from unnest(seen) s where s.fault is null
  order by (s.landing).source, (s.landing).source_event_id, s.index
  on conflict on constraint outcomes_once do nothing;
  get diagnostics landed = row_count;
  -- Looked up after the insert: an event id that stands for another metric is a mistake, not a repeat.
  return (
    select private.batch_answer(
      count(*) filter (where f.fault is null), landed,
      jsonb_agg(jsonb_build_object('index', s.index) || f.fault order by s.index) filter (where f.fault is not null))
    from unnest(seen) s
    left join public.outcomes o
      on s.fault is null and o.workspace_id = tenant and o.source = (s.landing).source
      and o.source_event_id = (s.landing).source_event_id and o.metric_id <> (s.landing).metric_id
    cross join lateral (
      select case when o.id is null then s.fault else private.fault('event_id_reused', to_jsonb(o)) end) as f (fault));
end
$$;
ALTER FUNCTION private.record_outcomes(outcomes jsonb, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION record_outcomes(outcomes jsonb, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.record_outcomes(outcomes jsonb, workspace_id uuid) IS 'Lands the good rows of a batch once, and says what is wrong with the others.
Definer: as record_inferences.';
-- Name: remove_member(uuid, boolean, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.remove_member(user_id uuid, revoke_keys boolean, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  removed public.members := private.lock_member(user_id, workspace_id, 'members.write');
  keys uuid[];
begin
  perform private.require_may_give(removed.role, removed.workspace_id);
  keys := array(select k.id from public.api_keys k
    where k.workspace_id = removed.workspace_id and k.created_by = user_id and k.revoked_at is null order by k.id);
  if revoke_keys then
    perform private.revoke_api_key(k, removed.workspace_id) from unnest(keys) k;
  end if;
  delete from public.members m where m.workspace_id = removed.workspace_id and m.user_id = user_id;
  return jsonb_build_object('user_id', user_id, 'role', removed.role, 'api_keys', to_jsonb(keys), 'api_keys_revoked', revoke_keys);
end
$$;
ALTER FUNCTION private.remove_member(user_id uuid, revoke_keys boolean, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION remove_member(user_id uuid, revoke_keys boolean, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.remove_member(user_id uuid, revoke_keys boolean, workspace_id uuid) IS 'Ends a membership at once, and on demand the live API keys that the person made.
Definer: as change_role.';
-- Name: request_id(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.request_id() RETURNS text
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $_$
declare
  given constant text := nullif(current_setting('request.headers', true), '')::json ->> 'x-request-id';
begin
  if given ~ '^[A-Za-z0-9._:/+=-]{1,200}$' then
    return given;
  elsif coalesce(current_setting('upshot.request_id', true), '') = '' then
    perform set_config('upshot.request_id', gen_random_uuid()::text, true);
  end if;
  return current_setting('upshot.request_id');
end
$_$;
ALTER FUNCTION private.request_id() OWNER TO postgres;
-- Name: FUNCTION request_id(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.request_id() IS 'What ties the writes of one request together: the header x-request-id, or an id made once a transaction.';
-- Name: require_caller(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.require_caller() RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if auth.uid() is null and (private.api_key()).id is null then
    perform private.fail('sign_in_required');
  end if;
end
$$;
ALTER FUNCTION private.require_caller() OWNER TO postgres;
-- Name: FUNCTION require_caller(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.require_caller() IS 'Raises sign_in_required unless a person or an API key acts.';
-- Name: require_ceiling(text[], uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.require_ceiling(permissions text[], workspace_id uuid) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  above text;
begin
  if private.caller_is_server() then
    return;
  end if;
  above := (select p from unnest(permissions) p where not exists (
    select from private.my_workspaces_with(p) w where w = workspace_id) limit 1);
  if above is not null then
    perform private.fail('above_your_own', jsonb_build_object('permission', above));
  end if;
end
$$;
ALTER FUNCTION private.require_ceiling(permissions text[], workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION require_ceiling(permissions text[], workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.require_ceiling(permissions text[], workspace_id uuid) IS 'Raises above_your_own unless the caller holds each of the permissions in the workspace.';
-- Name: require_environment(uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.require_environment(environment_id uuid) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  -- Unknown beats false: a server's key is bound by nothing, also when the setting is there.
  if not (environment_id = any (private.key_environments())) and not private.caller_is_server() then
    perform private.fail('environment_denied');
  end if;
end
$$;
ALTER FUNCTION private.require_environment(environment_id uuid) OWNER TO postgres;
-- Name: FUNCTION require_environment(environment_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.require_environment(environment_id uuid) IS 'Raises environment_denied when an API key acts that is not for this environment.';
-- Name: require_free_to_advance(public.ramps, jsonb, boolean); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.require_free_to_advance(ramp public.ramps, guardrails jsonb, force boolean) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  step public.ramp_steps;
begin
  select s.* into step from public.ramp_steps s where s.ramp_id = ramp.id and s.number = ramp.step;
  if (select e.state from public.experiments e where e.id = ramp.experiment_id) <> 'active' then
    perform private.fail('ramp_paused', jsonb_build_object('experiment_id', ramp.experiment_id));
  elsif private.guardrail_words(guardrails, 'breached') is not null then
    perform private.fail('guardrail_breached', jsonb_build_object(
      'guardrails', private.guardrail_words(guardrails, 'breached'), 'numbers', guardrails));
  elsif force then
    return;
  elsif private.guardrail_words(guardrails, 'waiting') is not null then
    perform private.fail('guardrail_waits', jsonb_build_object(
      'guardrails', private.guardrail_words(guardrails, 'waiting'), 'numbers', guardrails));
  elsif step.started_at + step.hold > private.now() then
    perform private.fail('ramp_holds', jsonb_build_object('until', step.started_at + step.hold));
  end if;
end
$$;
ALTER FUNCTION private.require_free_to_advance(ramp public.ramps, guardrails jsonb, force boolean) OWNER TO postgres;
-- Name: FUNCTION require_free_to_advance(ramp public.ramps, guardrails jsonb, force boolean); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.require_free_to_advance(ramp public.ramps, guardrails jsonb, force boolean) IS 'Raises what keeps a ramp from its next step. Force passes over time and missing data, never over a breach.';
-- Name: require_live(private.deployment_heads, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.require_live(head private.deployment_heads, expected_version uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if head.prompt_version_id is distinct from expected_version then
    perform private.fail('stale_version', jsonb_build_object(
      'live_version_id', head.prompt_version_id, 'expected_version_id', expected_version));
  end if;
end
$$;
ALTER FUNCTION private.require_live(head private.deployment_heads, expected_version uuid) OWNER TO postgres;
-- Name: FUNCTION require_live(head private.deployment_heads, expected_version uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.require_live(head private.deployment_heads, expected_version uuid) IS 'Raises stale_version unless the caller names the version that is live; null means that nothing is.';
-- Name: require_may_edit_role(text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.require_may_edit_role(role text, workspace_id uuid) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if role = 'owner' then
    perform private.fail('owner_role_stays');
  end if;
  perform private.require_may_give(role, workspace_id);
end
$$;
ALTER FUNCTION private.require_may_edit_role(role text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION require_may_edit_role(role text, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.require_may_edit_role(role text, workspace_id uuid) IS 'Raises unless the caller may edit the role: never the owner''s, and none that holds more than they do.';
-- Name: require_may_give(text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.require_may_give(role text, workspace_id uuid) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
begin
  if role = 'owner' and not private.caller_is_server()
    and not exists (select from private.my_owned_workspaces() w where w = workspace_id)
  then
    perform private.fail('owners_only');
  end if;
  perform private.require_ceiling(private.role_permissions_of(role, workspace_id), workspace_id);
end
$$;
ALTER FUNCTION private.require_may_give(role text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION require_may_give(role text, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.require_may_give(role text, workspace_id uuid) IS 'Raises unless the caller may give or take the role: owners alone make owners, and nobody gives more than they hold.';
-- Name: require_name(text, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.require_name(argument text, name text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $_$
begin
  if name is null or name !~ '^[A-Za-z0-9][A-Za-z0-9_./-]{0,99}$' then
    perform private.fail('bad_argument', jsonb_build_object('argument', argument,
      'expected', '1 to 100 letters, digits, and after the first also _ . / -'));
  end if;
end
$_$;
ALTER FUNCTION private.require_name(argument text, name text) OWNER TO postgres;
-- Name: FUNCTION require_name(argument text, name text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.require_name(argument text, name text) IS 'Raises bad_argument unless the text can name a branch or a tag.';
-- Name: require_permission(uuid, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.require_permission(workspace_id uuid, permission text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if private.caller_is_server() then
    return;
  end if;
  if not exists (select from private.my_workspaces_with(permission) w where w = require_permission.workspace_id) then
    perform private.fail('permission_denied', jsonb_build_object('permission', permission));
  end if;
end
$$;
ALTER FUNCTION private.require_permission(workspace_id uuid, permission text) OWNER TO postgres;
-- Name: FUNCTION require_permission(workspace_id uuid, permission text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.require_permission(workspace_id uuid, permission text) IS 'Raises permission_denied unless the caller holds the permission in the workspace.';
-- Name: require_permissions_for_key(text[], uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.require_permissions_for_key(permissions text[], workspace_id uuid) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  refused text := (select p from unnest(permissions) p
    where not exists (select from public.permissions known where known.key = p and not known.is_personal) limit 1);
begin
  if coalesce(cardinality(permissions), 0) = 0 or refused is not null then
    perform private.fail('not_for_keys', jsonb_build_object('permission', refused));
  end if;
  perform private.require_ceiling(permissions, workspace_id);
end
$$;
ALTER FUNCTION private.require_permissions_for_key(permissions text[], workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION require_permissions_for_key(permissions text[], workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.require_permissions_for_key(permissions text[], workspace_id uuid) IS 'Raises unless an API key may hold these permissions and the caller holds each of them too.';
-- Name: require_person(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.require_person() RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if auth.uid() is null then
    perform private.fail('person_required');
  end if;
  return auth.uid();
end
$$;
ALTER FUNCTION private.require_person() OWNER TO postgres;
-- Name: FUNCTION require_person(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.require_person() IS 'The signed-in user; raises person_required for API keys and servers.';
-- Name: require_plan(numeric[], interval, integer, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.require_plan(steps numeric[], hold interval, min_subjects integer, unit text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  fault jsonb;
begin
  select jsonb_build_object('argument', argument, 'expected', expected) into fault
  from (values
    ('steps', 'from 2 to 20 rising percentages, all but the last at most 50, the last 100',
      cardinality(steps) between 2 and 20 and steps[cardinality(steps)] = 100 and not exists (
        select from unnest(steps) with ordinality as s (share, n)
        where s.share is null or s.share < 0.01 or s.share <= steps[s.n - 1]
          or s.share > 50 and s.n < cardinality(steps) or s.share * 100 <> trunc(s.share * 100))),
    ('hold', 'an interval of time', hold >= interval '0'),
    ('min_subjects', 'from 2 to 1,000,000', min_subjects between 2 and 1000000),
    ('unit', 'user or conversation', unit in ('user', 'conversation'))
  ) as rule (argument, expected, holds)
  where holds is not true
  limit 1;
  if fault is not null then
    perform private.fail('bad_argument', fault);
  end if;
end
$$;
ALTER FUNCTION private.require_plan(steps numeric[], hold interval, min_subjects integer, unit text) OWNER TO postgres;
-- Name: FUNCTION require_plan(steps numeric[], hold interval, min_subjects integer, unit text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.require_plan(steps numeric[], hold interval, min_subjects integer, unit text) IS 'Raises bad_argument for a plan that cannot be followed.
Shares between 50 and 100 per cent would leave the control fewer subjects than the new version: arms stay equal until the last step.';
-- Name: require_rampable(private.scope, private.deployment_heads, uuid, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.require_rampable(scope private.scope, head private.deployment_heads, version_id uuid, expected_version uuid) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  live constant private.deployment_heads := private.live_head(scope);
  overriding constant text := private.overriding_scopes(scope);
begin
  perform private.require_runnable(version_id, scope);
  perform private.require_live(head, expected_version);
  if live.prompt_version_id is null then
    perform private.fail('nothing_to_ramp_from');
  elsif live.prompt_version_id = version_id then
    perform private.fail('already_live', jsonb_build_object('version_id', version_id));
  elsif overriding is not null then
    perform private.fail('overridden', jsonb_build_object('scopes', overriding));
  elsif exists (
    select from public.ramps r
    where r.state = 'running' and private.ramp_scope(r) is not distinct from scope
  ) then
    perform private.fail('ramp_running');
  end if;
  return live.prompt_version_id;
end
$$;
ALTER FUNCTION private.require_rampable(scope private.scope, head private.deployment_heads, version_id uuid, expected_version uuid) OWNER TO postgres;
-- Name: FUNCTION require_rampable(scope private.scope, head private.deployment_heads, version_id uuid, expected_version uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.require_rampable(scope private.scope, head private.deployment_heads, version_id uuid, expected_version uuid) IS 'The version that answers the scope now; raises unless another can be ramped up against it.';
-- Name: require_runnable(uuid, private.scope); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.require_runnable(version_id uuid, scope private.scope) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  prompt public.prompts;
begin
  select p.* into prompt
  from public.prompt_versions v join public.prompts p on p.id = v.prompt_id
  where v.id = version_id and v.workspace_id = scope.workspace_id;
  if prompt.id is null then
    perform private.fail('unknown_version', jsonb_build_object('version_id', version_id));
  end if;
  if prompt.capability_id <> scope.capability_id or prompt.action_id <> scope.action_id
    or (prompt.action_id is not null and scope.action_id is null)
  then
    perform private.fail('wrong_prompt', jsonb_build_object('version_id', version_id, 'prompt_id', prompt.id));
  end if;
end
$$;
ALTER FUNCTION private.require_runnable(version_id uuid, scope private.scope) OWNER TO postgres;
-- Name: FUNCTION require_runnable(version_id uuid, scope private.scope); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.require_runnable(version_id uuid, scope private.scope) IS 'Raises unless the version is of this workspace and its prompt is one that the capability, or the action, runs.';
-- Name: require_tag_at(public.tags, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.require_tag_at(held public.tags, name text, expected_version uuid) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if held.version_id is distinct from expected_version then
    perform private.fail('stale_tag', jsonb_build_object('tag', name, 'version_id', held.version_id));
  end if;
end
$$;
ALTER FUNCTION private.require_tag_at(held public.tags, name text, expected_version uuid) OWNER TO postgres;
-- Name: FUNCTION require_tag_at(held public.tags, name text, expected_version uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.require_tag_at(held public.tags, name text, expected_version uuid) IS 'Raises stale_tag unless the tag points at the version that the caller names; null means that there is no such tag.';
-- Name: require_text(text, text, integer); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.require_text(argument text, value text, longest integer) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  if value is null or length(value) not between 1 and longest then
    perform private.fail('bad_argument', jsonb_build_object(
      'argument', argument, 'expected', format('a text of 1 to %s characters', longest)));
  end if;
end
$$;
ALTER FUNCTION private.require_text(argument text, value text, longest integer) OWNER TO postgres;
-- Name: FUNCTION require_text(argument text, value text, longest integer); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.require_text(argument text, value text, longest integer) IS 'Raises bad_argument unless the text has 1 to so many characters.';
-- Name: require_wider(private.scope); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.require_wider(scope private.scope) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if (private.wider_head(scope)).deployment_id is null then
    perform private.fail('nothing_wider');
  end if;
end
$$;
ALTER FUNCTION private.require_wider(scope private.scope) OWNER TO postgres;
-- Name: FUNCTION require_wider(scope private.scope); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.require_wider(scope private.scope) IS 'Raises unless a wider scope would answer instead of this one.';
-- Name: resolve_scope(uuid, text, text, text, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.resolve_scope(workspace_id uuid, environment text, capability text, action text, intent text) RETURNS private.scope
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  scope private.scope;
  missing text;
begin
  scope.workspace_id := resolve_scope.workspace_id;
  scope.environment_id := (select t.id from public.environments t
    where t.workspace_id = resolve_scope.workspace_id and t.key = environment);
  scope.capability_id := (select t.id from public.capabilities t
    where t.workspace_id = resolve_scope.workspace_id and t.key = capability);
  scope.action_id := (select t.id from public.actions t
    where t.capability_id = scope.capability_id and t.key = action);
  scope.intent_id := (select t.id from public.intents t
    where t.workspace_id = resolve_scope.workspace_id and t.key = intent);
  missing := case
    when scope.environment_id is null then 'environment'
    when scope.capability_id is null then 'capability'
    when action is not null and scope.action_id is null then 'action'
    when intent is not null and scope.intent_id is null then 'intent'
  end;
  if missing is not null then
    perform private.fail('unknown_' || missing, jsonb_build_object(
      'environment', environment, 'capability', capability, 'action', action, 'intent', intent));
  end if;
  perform private.require_environment(scope.environment_id);
  return scope;
end
$$;
ALTER FUNCTION private.resolve_scope(workspace_id uuid, environment text, capability text, action text, intent text) OWNER TO postgres;
-- Name: FUNCTION resolve_scope(workspace_id uuid, environment text, capability text, action text, intent text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.resolve_scope(workspace_id uuid, environment text, capability text, action text, intent text) IS 'Turns keys into a scope; raises unknown_… for a key that the workspace does not have, and environment_denied for an API key that is not for the environment.';
-- Name: restore_variant(uuid, text, integer, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.restore_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  experiment public.experiments := private.lock_experiment(
    experiment_id, expected_revision, 'experiments.activate', workspace_id);
  arm public.variants;
begin
  select a.* into arm from public.variants a where a.experiment_id = experiment.id and a.key = variant;
  if arm.id is null then
    perform private.fail('unknown_variant', jsonb_build_object('variant', variant));
  elsif arm.rolled_back_at is null then
    perform private.fail('not_rolled_back', jsonb_build_object('variant', variant));
  elsif experiment.state = 'archived' then
    perform private.fail('move_not_allowed', jsonb_build_object('state', experiment.state, 'verb', 'restore_variant'));
  end if;
  update public.variants a set rolled_back_at = null where a.id = arm.id;
  if experiment.started_at is not null then
    perform private.open_phase(experiment);
  end if;
  update public.experiments e set updated_at = private.now() where e.id = experiment.id
  returning e.* into experiment;
  perform private.log_variant(experiment, arm, 'variant_restored', 'Restored', reason);
  return jsonb_build_object(
    'experiment_id', experiment.id, 'variant_id', arm.id, 'variant', arm.key, 'state', experiment.state,
    'revision', experiment.revision, 'rolled_back_at', null);
end
$$;
ALTER FUNCTION private.restore_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION restore_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.restore_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) IS 'Takes the rollback of an arm back: its units get its version again.
Definer: nobody may write rolled_back_at or phases by hand.';
-- Name: restored_version(private.scope, private.deployment_heads, integer); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.restored_version(scope private.scope, head private.deployment_heads, number integer) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  target constant uuid := (private.scope_move(scope, number)).prompt_version_id;
begin
  if target is not null and target = head.prompt_version_id then
    perform private.fail('already_live', jsonb_build_object('version_id', target));
  elsif target is null and scope.action_id is null and scope.intent_id is null then
    perform private.fail('nothing_to_roll_back');
  elsif target is null then
    perform private.require_wider(scope);
  end if;
  return target;
end
$$;
ALTER FUNCTION private.restored_version(scope private.scope, head private.deployment_heads, number integer) OWNER TO postgres;
-- Name: FUNCTION restored_version(scope private.scope, head private.deployment_heads, number integer); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.restored_version(scope private.scope, head private.deployment_heads, number integer) IS 'The version of a state; null gives the scope back to the wider one. Raises when that changes nothing, or leaves nothing.';
-- Name: revise(uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.revise(experiment_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  -- Once a transaction: a draft that is written row by row in one call is one revision.
  if current_setting('upshot.revised', true) is distinct from revise.experiment_id || '@' || pg_current_xact_id() then
    update public.experiments e set updated_at = private.now() where e.id = revise.experiment_id;
  end if;
end
$$;
ALTER FUNCTION private.revise(experiment_id uuid) OWNER TO postgres;
-- Name: FUNCTION revise(experiment_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.revise(experiment_id uuid) IS 'Counts an experiment''s revision up because something that belongs to it changed.';
-- Name: revoke_api_key(uuid, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.revoke_api_key(api_key_id uuid, workspace_id uuid) RETURNS public.api_keys
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  revoked public.api_keys := private.lock_api_key(api_key_id, workspace_id);
begin
  if revoked.revoked_at is null then
    delete from private.api_key_secrets s where s.api_key_id = api_key_id;
    update public.api_keys k set revoked_at = private.now(), revoked_by = auth.uid()
    where k.id = api_key_id returning k.* into revoked;
  end if;
  return revoked;
end
$$;
ALTER FUNCTION private.revoke_api_key(api_key_id uuid, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION revoke_api_key(api_key_id uuid, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.revoke_api_key(api_key_id uuid, workspace_id uuid) IS 'Closes an API key for good: the next request with it is refused.
Definer: as create_api_key.';
-- Name: revoke_invitation(uuid, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.revoke_invitation(invitation_id uuid, workspace_id uuid) RETURNS public.invitations
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  owner uuid := (select i.workspace_id from public.invitations i where i.id = invitation_id);
  revoked public.invitations;
begin
  perform private.authorise_row(owner, workspace_id, 'members.write', 'unknown_invitation', '{}');
  update public.invitations i set state = 'revoked', settled_by = auth.uid(), settled_at = private.now()
  where i.id = invitation_id and i.state = 'pending';
  select i.* into revoked from public.invitations i where i.id = invitation_id;
  return revoked;
end
$$;
ALTER FUNCTION private.revoke_invitation(invitation_id uuid, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION revoke_invitation(invitation_id uuid, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.revoke_invitation(invitation_id uuid, workspace_id uuid) IS 'Takes an invitation back.
Definer: nobody may write invitations by hand.';
-- Name: role_permissions_of(text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.role_permissions_of(role text, workspace_id uuid) RETURNS text[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
begin
  if not exists (select from public.roles r where r.workspace_id = workspace_id and r.key = role) then
    perform private.fail('unknown_role', jsonb_build_object('role', role));
  end if;
  return array(select p.permission from public.role_permissions p
    where p.workspace_id = workspace_id and p.role = role order by p.permission);
end
$$;
ALTER FUNCTION private.role_permissions_of(role text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION role_permissions_of(role text, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.role_permissions_of(role text, workspace_id uuid) IS 'What a role holds; raises for one that the workspace does not have.
Definer: a member without workspace.read may still leave or hand over.';
-- Name: roles_within(text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.roles_within(needed text) RETURNS TABLE(workspace_id uuid, role text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 10
    SET search_path TO ''
    AS $$
#variable_conflict use_column
begin
  return query
  select r.workspace_id, r.key
  from public.roles r
  where r.workspace_id in (select w from private.my_workspaces_with(needed) w)
    and (r.key <> 'owner' or r.workspace_id in (select w from private.my_owned_workspaces() w))
    and not exists (
      select from public.role_permissions p
      where p.workspace_id = r.workspace_id and p.role = r.key
        and (p.workspace_id, p.permission) not in (select mine.workspace_id, mine.permission from private.my_permissions() mine));
end
$$;
ALTER FUNCTION private.roles_within(needed text) OWNER TO postgres;
-- Name: FUNCTION roles_within(needed text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.roles_within(needed text) IS 'The roles that hold nothing above the caller''s own, in the workspaces where the caller holds the permission needed.
Definer: as my_workspaces_with.';
-- Name: rollback(text, text, uuid, text, text, uuid, text, timestamp with time zone, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.rollback(environment text, capability text, expected_version uuid, action text, intent text, to_version uuid, reason text, to_time timestamp with time zone, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  tenant uuid := private.authorise(workspace_id, 'deployments.rollback');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  head private.deployment_heads := private.scope_head(scope);
  number integer;
begin
  perform private.require_live(head, expected_version);
  number := private.rollback_number(scope, head, to_version, to_time);
  return private.move_pointer(
    scope, private.restored_version(scope, head, number), head, 'rollback', reason, number);
end
$$;
ALTER FUNCTION private.rollback(environment text, capability text, expected_version uuid, action text, intent text, to_version uuid, reason text, to_time timestamp with time zone, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION rollback(environment text, capability text, expected_version uuid, action text, intent text, to_version uuid, reason text, to_time timestamp with time zone, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.rollback(environment text, capability text, expected_version uuid, action text, intent text, to_version uuid, reason text, to_time timestamp with time zone, workspace_id uuid) IS 'Returns a scope to an earlier state by compare-and-swap.
Definer: as publish.';
-- Name: rollback_number(private.scope, private.deployment_heads, uuid, timestamp with time zone); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.rollback_number(scope private.scope, head private.deployment_heads, to_version uuid, to_time timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if head.deployment_id is null then
    perform private.fail('nothing_to_roll_back');
  elsif to_version is not null and to_time is not null then
    perform private.fail('bad_argument', '{"argument": "to_time", "expected": "left out when to_version is given"}');
  end if;
  return case
    when to_version is not null then private.number_of_version(scope, to_version)
    when to_time is not null then private.number_at(scope, to_time)
    else private.number_before(scope, head)
  end;
end
$$;
ALTER FUNCTION private.rollback_number(scope private.scope, head private.deployment_heads, to_version uuid, to_time timestamp with time zone) OWNER TO postgres;
-- Name: FUNCTION rollback_number(scope private.scope, head private.deployment_heads, to_version uuid, to_time timestamp with time zone); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.rollback_number(scope private.scope, head private.deployment_heads, to_version uuid, to_time timestamp with time zone) IS 'The number of the move whose state a rollback restores; raises when there is none, or when what was named was never live here.';
-- Name: rollback_variant(uuid, text, integer, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.rollback_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  experiment public.experiments := private.lock_experiment(
    experiment_id, expected_revision, 'deployments.rollback', workspace_id);
  arm public.variants;
begin
  select a.* into arm from public.variants a where a.experiment_id = experiment.id and a.key = variant;
  if arm.id is null or arm.is_control or arm.rolled_back_at is not null then
    perform private.fail(
      case when arm.id is null then 'unknown_variant' when arm.is_control then 'control_stays'
        else 'already_rolled_back' end,
      jsonb_build_object('variant', variant));
  end if;
  update public.variants a set rolled_back_at = private.now() where a.id = arm.id;
  insert into public.variant_rollbacks (workspace_id, experiment_id, variant_id, phase_number, rolled_back_at)
  select experiment.workspace_id, experiment.id, arm.id, coalesce(max(p.number), 0), private.now()
  from public.experiment_phases p where p.experiment_id = experiment.id;
  if experiment.started_at is not null then
    perform private.open_phase(experiment);
  end if;
  -- Touching the experiment counts its revision up, so that a stale draft cannot undo this.
  update public.experiments e set updated_at = private.now() where e.id = experiment.id
  returning e.* into experiment;
  perform private.log_variant(experiment, arm, 'variant_rolled_back', 'Rolled back', reason);
  return jsonb_build_object(
    'experiment_id', experiment.id, 'variant_id', arm.id, 'variant', arm.key, 'state', experiment.state,
    'revision', experiment.revision, 'rolled_back_at', private.now());
end
$$;
ALTER FUNCTION private.rollback_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION rollback_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.rollback_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) IS 'Stops an arm at once: its units get the control from the next decide on.
Definer: nobody may write rolled_back_at or phases by hand.';
-- Name: rotate_api_key(uuid, text, integer, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.rotate_api_key(api_key_id uuid, expected_prefix text, grace_seconds integer, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  rotated public.api_keys := private.lock_api_key(api_key_id, workspace_id);
  secret text := private.new_secret('upk');
begin
  -- Whoever rotates a key holds its secret afterwards: no road to more than one's own.
  perform private.require_ceiling(rotated.permissions, rotated.workspace_id);
  if rotated.revoked_at is not null or rotated.prefix is distinct from expected_prefix then
    perform private.fail(case when rotated.revoked_at is not null then 'api_key_revoked' else 'stale_api_key' end);
  elsif grace_seconds is null or grace_seconds not between 0 and 2592000 then
    perform private.fail('bad_argument', '{"argument": "grace_seconds", "expected": "from 0 to 2592000 (thirty days)"}');
  end if;
  update private.api_key_secrets s set expires_at = least(s.expires_at, now() + make_interval(secs => grace_seconds))
  where s.api_key_id = api_key_id;
  insert into private.api_key_secrets (hash, api_key_id, workspace_id)
  values (private.secret_hash(secret), rotated.id, rotated.workspace_id);
  update public.api_keys k set prefix = left(secret, 12), rotated_at = private.now()
  where k.id = rotated.id returning k.* into rotated;
  return to_jsonb(rotated) || jsonb_build_object('secret', secret);
end
$$;
ALTER FUNCTION private.rotate_api_key(api_key_id uuid, expected_prefix text, grace_seconds integer, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION rotate_api_key(api_key_id uuid, expected_prefix text, grace_seconds integer, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.rotate_api_key(api_key_id uuid, expected_prefix text, grace_seconds integer, workspace_id uuid) IS 'Gives an API key a new secret; the old one opens it for a while longer.
Definer: as create_api_key.';
-- Name: rule_actions(jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.rule_actions(arms jsonb) RETURNS uuid[]
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  return array(
    select named.action::uuid
    from (select distinct v.action from jsonb_each(arms) a, jsonb_object_keys(a.value -> 'versions') as v (action)
      where v.action <> '*') named
    where not exists (
      select from jsonb_each(arms) a
      where not (a.value -> 'versions') ?| array[named.action, '*'])
    order by 1);
end
$$;
ALTER FUNCTION private.rule_actions(arms jsonb) OWNER TO postgres;
-- Name: FUNCTION rule_actions(arms jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.rule_actions(arms jsonb) IS 'The actions, named by some arm, for which every arm has a version.';
-- Name: rule_arms(uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.rule_arms(experiment_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    with versions as (
      select a.id, jsonb_object_agg(coalesce(r.action_id::text, '*'), r.prompt_version_id) filter (where r.id is not null) as runs
      from public.variants a left join public.variant_versions r on r.variant_id = a.id
      where a.experiment_id = rule_arms.experiment_id
      group by a.id
    )
    select jsonb_object_agg(a.id, jsonb_build_object(
      'key', a.key, 'is_control', a.is_control, 'rolled_back', a.rolled_back_at is not null,
      -- The units of an arm that was rolled back keep it, so that they are analysed as assigned; what runs is the control.
      'versions', coalesce(case when a.rolled_back_at is null then own.runs else control.runs end, '{}')))
    from public.variants a
    join versions own on own.id = a.id
    left join (public.variants c join versions control on control.id = c.id)
      on c.experiment_id = a.experiment_id and c.is_control
    where a.experiment_id = rule_arms.experiment_id);
end
$$;
ALTER FUNCTION private.rule_arms(experiment_id uuid) OWNER TO postgres;
-- Name: FUNCTION rule_arms(experiment_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.rule_arms(experiment_id uuid) IS 'Every arm of an experiment by its id, with the versions that its units get: {key, is_control, rolled_back, versions}.';
-- Name: save_role(text, text, text[], boolean, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.save_role(key text, name text, permissions text[], is_new boolean, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'roles.write');
begin
  perform private.require_person();
  perform private.require_text('name', name, 200);
  if key is null or key !~ '^[a-z_]{1,50}$' then
    perform private.fail('bad_argument', '{"argument": "key", "expected": "1 to 50 lower-case letters or underscores"}');
  end if;
  perform private.require_ceiling(permissions, tenant);
  perform from public.workspaces w where w.id = tenant for no key update;
  if is_new and exists (select from public.roles r where r.workspace_id = tenant and r.key = key) then
    perform private.fail('role_taken', jsonb_build_object('role', key));
  elsif is_new then
    insert into public.roles (workspace_id, key, name) values (tenant, key, name);
  else
    perform private.require_may_edit_role(key, tenant);
    update public.roles r set name = name where r.workspace_id = tenant and r.key = key;
  end if;
  delete from public.role_permissions p
  where p.workspace_id = tenant and p.role = key and p.permission <> all (permissions);
  insert into public.role_permissions (workspace_id, role, permission)
  select distinct tenant, key, p from unnest(permissions) p on conflict do nothing;
  return jsonb_build_object('workspace_id', tenant, 'role', key, 'name', name,
    'permissions', to_jsonb(private.role_permissions_of(key, tenant)));
end
$_$;
ALTER FUNCTION private.save_role(key text, name text, permissions text[], is_new boolean, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION save_role(key text, name text, permissions text[], is_new boolean, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.save_role(key text, name text, permissions text[], is_new boolean, workspace_id uuid) IS 'Makes a role, or edits one, with exactly these permissions.
Definer: nobody may write roles by hand.';
-- Name: scope_head(private.scope); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.scope_head(scope private.scope) RETURNS private.deployment_heads
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  -- The locks, not the row, are the gate: a scope's first publish has no row yet.
  perform pg_advisory_xact_lock_shared(private.capability_key(scope));
  perform pg_advisory_xact_lock(hashtextextended('deployment:' || scope::text, 0));
  return private.own_head(scope);
end
$$;
ALTER FUNCTION private.scope_head(scope private.scope) OWNER TO postgres;
-- Name: FUNCTION scope_head(scope private.scope); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.scope_head(scope private.scope) IS 'What is live at exactly this scope, with the scope locked until the transaction ends.';
-- Name: scope_move(private.scope, integer); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.scope_move(scope private.scope, number integer) RETURNS public.deployments
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  move public.deployments;
begin
  select d.* into move from public.deployments d
  where d.environment_id = scope.environment_id
    and d.capability_id = scope.capability_id
    and d.action_id is not distinct from scope.action_id
    and d.intent_id is not distinct from scope.intent_id
    and d.number = scope_move.number;
  return move;
end
$$;
ALTER FUNCTION private.scope_move(scope private.scope, number integer) OWNER TO postgres;
-- Name: FUNCTION scope_move(scope private.scope, number integer); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.scope_move(scope private.scope, number integer) IS 'A scope''s move by its number.';
-- Name: scope_to_environments(regclass, text, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.scope_to_environments(relation regclass, command text, inside text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  condition constant text := format('(select private.key_environments()) is null or %s', inside);
  policy constant text := format('%s_%s_scoped_key', (select relname from pg_class where oid = relation), command);
begin
  execute format('create policy %I on %s as restrictive for %s to authenticated %s%s', policy, relation, command,
    case when command <> 'insert' then format('using (%s)', condition) end,
    case when command in ('insert', 'update') then format(' with check (%s)', condition) end);
  execute format('comment on policy %I on %s is %L', policy, relation,
    'An API key that is scoped to environments reaches rows of those alone.');
end
$$;
ALTER FUNCTION private.scope_to_environments(relation regclass, command text, inside text) OWNER TO postgres;
-- Name: FUNCTION scope_to_environments(relation regclass, command text, inside text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.scope_to_environments(relation regclass, command text, inside text) IS 'Adds the restrictive policy that keeps an API key within its environments, for one command of one table.';
-- Name: scope_words(uuid, uuid, uuid, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.scope_words(environment_id uuid, capability_id uuid, action_id uuid, intent_id uuid) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select concat_ws(' / ',
    (select t.key from public.environments t where t.id = scope_words.environment_id),
    (select t.key from public.capabilities t where t.id = scope_words.capability_id),
    (select t.key from public.actions t where t.id = scope_words.action_id),
    (select 'intent ' || t.key from public.intents t where t.id = scope_words.intent_id))
$$;
ALTER FUNCTION private.scope_words(environment_id uuid, capability_id uuid, action_id uuid, intent_id uuid) OWNER TO postgres;
-- Name: FUNCTION scope_words(environment_id uuid, capability_id uuid, action_id uuid, intent_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.scope_words(environment_id uuid, capability_id uuid, action_id uuid, intent_id uuid) IS 'A scope for people: production / BookAppointment / UserLookup.';
-- Name: secret_hash(text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.secret_hash(secret text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    RETURN encode(sha256(convert_to(secret, 'UTF8'::name)), 'hex'::text);
ALTER FUNCTION private.secret_hash(secret text) OWNER TO postgres;
-- Name: FUNCTION secret_hash(secret text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.secret_hash(secret text) IS 'SHA-256 of a secret, in hex.';
-- Name: set_holdout(text, integer, integer, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.set_holdout(environment text, share integer, expected_number integer, reason text, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  tenant uuid := private.authorise(workspace_id, 'layers.write');
  place uuid := private.environment_id(tenant, environment);
  present public.holdouts;
  made public.holdouts;
begin
  if share is null or share not between 0 and 10000 then
    perform private.fail('bad_argument', '{"argument": "share", "expected": "basis points from 0 to 10000"}');
  end if;
  perform pg_advisory_xact_lock(hashtextextended('holdout:' || place, 0));
  select h.* into present from public.holdouts h where h.environment_id = place order by h.number desc limit 1;
  if coalesce(present.number, 0) is distinct from coalesce(expected_number, 0) then
    perform private.fail('stale_holdout', jsonb_build_object(
      'expected_number', expected_number, 'number', coalesce(present.number, 0)));
  elsif present.share is distinct from share then
    insert into public.holdouts (workspace_id, environment_id, number, share, salt, reason, created_by)
    values (tenant, place, coalesce(present.number, 0) + 1, share,
      coalesce(present.salt, encode(sha256(uuid_send(gen_random_uuid())), 'hex')), coalesce(reason, ''), auth.uid())
    returning * into made;
    perform private.log_holdout(made, coalesce(present.share, 0), environment);
    present := made;
  end if;
  return to_jsonb(present) - 'salt' || jsonb_build_object('environment', environment);
end
$$;
ALTER FUNCTION private.set_holdout(environment text, share integer, expected_number integer, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION set_holdout(environment text, share integer, expected_number integer, reason text, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.set_holdout(environment text, share integer, expected_number integer, reason text, workspace_id uuid) IS 'Changes the share of subjects that an environment keeps out of every experiment, by compare-and-swap.
Definer: holdouts are append-only and numbered under a lock, so nobody may insert them by hand.';
-- Name: provider_keys; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.provider_keys (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    provider text NOT NULL,
    name text NOT NULL,
    hint text NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    rotated_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT provider_keys_provider_shape CHECK ((provider ~ '^[a-z0-9][a-z0-9_.:-]{0,99}$'::text))
);
ALTER TABLE public.provider_keys OWNER TO postgres;
-- Name: TABLE provider_keys; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.provider_keys IS 'A customer''s key of a language-model provider. The key itself is in Vault, and only the worker reads it.
Stored and replaced by set_provider_key.';
-- Name: COLUMN provider_keys.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.provider_keys.id IS 'Time-ordered uuid.';
-- Name: COLUMN provider_keys.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.provider_keys.workspace_id IS 'The workspace.';
-- Name: COLUMN provider_keys.provider; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.provider_keys.provider IS 'openai, anthropic, gemini, and so on.';
-- Name: COLUMN provider_keys.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.provider_keys.name IS 'What people call it.';
-- Name: COLUMN provider_keys.hint; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.provider_keys.hint IS 'Its last four characters, to recognise it by; dots for a short key.';
-- Name: COLUMN provider_keys.created_by; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.provider_keys.created_by IS 'The user who stored it first. No foreign key: history outlives accounts.';
-- Name: COLUMN provider_keys.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.provider_keys.created_at IS 'When it was stored first.';
-- Name: COLUMN provider_keys.rotated_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.provider_keys.rotated_at IS 'When the key was last replaced.';
-- Name: set_provider_key(text, text, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.set_provider_key(provider text, secret text, name text, workspace_id uuid) RETURNS public.provider_keys
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'provider_keys.write');
  secret_id uuid;
  stored public.provider_keys;
begin
  perform private.require_text('provider', provider, 100);
  perform private.require_text('secret', secret, 10000);
  insert into public.provider_keys (workspace_id, provider, name, hint, created_by)
  values (tenant, provider, coalesce(name, provider),
    '…' || case when length(secret) >= 16 then right(secret, 4) else '' end, auth.uid())
  on conflict on constraint provider_keys_one_per_provider do update
    set name = excluded.name, hint = excluded.hint, rotated_at = private.now()
  returning * into stored;
  select s.id into secret_id from vault.secrets s where s.name = private.vault_name(tenant, provider);
  if secret_id is null then
    perform vault.create_secret(secret, private.vault_name(tenant, provider), 'Upshot: a key of a language-model provider');
  else
    perform vault.update_secret(secret_id, secret);
  end if;
  return stored;
end
$$;
ALTER FUNCTION private.set_provider_key(provider text, secret text, name text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION set_provider_key(provider text, secret text, name text, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.set_provider_key(provider text, secret text, name text, workspace_id uuid) IS 'Puts a provider''s key in Vault, or replaces it.
Definer: users have no right in Vault, and must not.';
-- Name: settle_invitations(uuid, text, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.settle_invitations(tenant uuid, address text, outcome text, settler uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    BEGIN ATOMIC
 UPDATE public.invitations i SET state = settle_invitations.outcome, settled_by = settle_invitations.settler, settled_at = private.now()
   WHERE ((i.workspace_id = settle_invitations.tenant) AND (i.email = settle_invitations.address) AND (i.state = 'pending'::text));
END;
ALTER FUNCTION private.settle_invitations(tenant uuid, address text, outcome text, settler uuid) OWNER TO postgres;
-- Name: FUNCTION settle_invitations(tenant uuid, address text, outcome text, settler uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.settle_invitations(tenant uuid, address text, outcome text, settler uuid) IS 'Ends what is pending for an address in a workspace.';
-- Name: slot_holder(public.experiments); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.slot_holder(experiment public.experiments) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select e.key from public.experiments e
    where e.workspace_id = experiment.workspace_id
      and e.layer_id = experiment.layer_id
      and e.environment_id = experiment.environment_id
      and e.id <> experiment.id
      and e.state in ('active', 'paused')
      and e.layer_from < experiment.layer_to
      and experiment.layer_from < e.layer_to
    order by e.layer_from
    limit 1);
end
$$;
ALTER FUNCTION private.slot_holder(experiment public.experiments) OWNER TO postgres;
-- Name: FUNCTION slot_holder(experiment public.experiments); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.slot_holder(experiment public.experiments) IS 'The key of a live experiment that holds some of the same slots in the same environment; null when none does.';
-- Name: standing(public.deployments); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.standing(move public.deployments) RETURNS integer
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    RETURN COALESCE((move).restores_number, (move).number, 0);
ALTER FUNCTION private.standing(move public.deployments) OWNER TO postgres;
-- Name: FUNCTION standing(move public.deployments); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.standing(move public.deployments) IS 'The number of the publish or withdraw whose state a move left standing; 0 is the time before the first.';
-- Name: start_ramp(text, text, uuid, uuid, text, text, numeric[], jsonb, interval, integer, text, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.start_ramp(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  tenant uuid := private.authorise(workspace_id, 'deployments.publish');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  made public.ramps;
begin
  perform private.require_plan(steps, hold, min_subjects, unit);
  perform pg_advisory_xact_lock(private.capability_key(scope));
  made := private.open_ramp(
    scope, private.scope_head(scope), version_id, expected_version, steps, guardrails, hold, min_subjects, unit, reason);
  perform private.log_ramp(made, 'ramp_started', format('Started a ramp at %s %%', steps[1]),
    jsonb_build_object('steps', steps, 'guardrails', guardrails, 'reason', made.reason));
  return private.ramp_card(made);
end
$$;
ALTER FUNCTION private.start_ramp(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION start_ramp(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.start_ramp(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text, workspace_id uuid) IS 'Begins to roll a version out in steps, by compare-and-swap on what is live.
Definer: as publish; ramps, their steps and the state of their experiment are nobody''s to write by hand.';
-- Name: step_ramp(public.ramps, jsonb, boolean, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.step_ramp(ramp public.ramps, guardrails jsonb, forced boolean, reason text) RETURNS public.ramps
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  share constant integer := (select s.share from public.ramp_steps s where s.ramp_id = ramp.id and s.number = ramp.step + 1);
begin
  update public.ramp_steps s set started_at = private.now() where s.ramp_id = ramp.id and s.number = ramp.step + 1;
  update public.ramps r set step = r.step + 1, revision = r.revision + 1,
    state = case share when 10000 then 'completed' else r.state end,
    ended_at = case share when 10000 then private.now() end
  where r.id = ramp.id
  returning r.* into ramp;
  if ramp.state = 'completed' then
    ramp := private.complete_ramp(ramp, reason);
  else
    update public.experiments e set traffic = 2 * share where e.id = ramp.experiment_id;
  end if;
  perform private.log_ramp(ramp,
    case ramp.state when 'completed' then 'ramp_completed' else 'ramp_advanced' end,
    case ramp.state when 'completed' then 'Completed a ramp' else format('Advanced a ramp to %s %%', share / 100.0) end,
    jsonb_build_object('guardrails', guardrails, 'forced', forced, 'reason', coalesce(reason, '')));
  return ramp;
end
$$;
ALTER FUNCTION private.step_ramp(ramp public.ramps, guardrails jsonb, forced boolean, reason text) OWNER TO postgres;
-- Name: FUNCTION step_ramp(ramp public.ramps, guardrails jsonb, forced boolean, reason text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.step_ramp(ramp public.ramps, guardrails jsonb, forced boolean, reason text) IS 'Takes a locked ramp to its next step.';
-- Name: still_may_give(uuid, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.still_may_give(host uuid, role text, workspace_id uuid) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  with held as (
    select m.role, p.permission
    from public.members m
    join public.role_permissions p on p.workspace_id = m.workspace_id and p.role = m.role
    where m.workspace_id = still_may_give.workspace_id and m.user_id = host
  )
  select exists (select from held where held.permission = 'members.write')
    and exists (select from public.roles r
      where r.workspace_id = still_may_give.workspace_id and r.key = still_may_give.role)
    and (still_may_give.role <> 'owner' or exists (select from held where held.role = 'owner'))
    and not exists (
      select from public.role_permissions p
      where p.workspace_id = still_may_give.workspace_id and p.role = still_may_give.role
        and p.permission not in (select held.permission from held))
$$;
ALTER FUNCTION private.still_may_give(host uuid, role text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION still_may_give(host uuid, role text, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.still_may_give(host uuid, role text, workspace_id uuid) IS 'True while a member may give a role to somebody: nothing outlives the rights of who invited.';
-- Name: tag_version(uuid, text, uuid, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tag_version(version_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) RETURNS public.tags
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  prompt uuid := (select v.prompt_id from public.prompt_versions v where v.id = version_id);
  tenant uuid := private.lock_prompt(prompt, 'unknown_version', jsonb_build_object('version_id', version_id), workspace_id);
  held public.tags;
  made public.tags;
begin
  perform private.require_name('name', name);
  select t.* into held from public.tags t where t.prompt_id = prompt and t.name = tag_version.name;
  if held.version_id = version_id then
    return held;
  end if;
  perform private.require_tag_at(held, name, expected_version);
  insert into public.tags (workspace_id, prompt_id, name, version_id, created_by)
  values (tenant, prompt, name, version_id, auth.uid())
  on conflict on constraint tags_name_unique do update set version_id = excluded.version_id, moved_at = private.now()
  returning * into made;
  perform private.move_tag(held, made, reason);
  return made;
end
$$;
ALTER FUNCTION private.tag_version(version_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION tag_version(version_id uuid, name text, expected_version uuid, reason text, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tag_version(version_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) IS 'Points a tag at a version by compare-and-swap.
Definer: every move of a tag is logged, so nobody may write tags by hand.';
-- Name: tg_audit(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_audit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  before_set jsonb[];
  after_set jsonb[];
begin
  -- The transition tables exist only for the operations that have them.
  if tg_op <> 'INSERT' then
    before_set := array(select to_jsonb(r) from before_rows r);
  end if;
  if tg_op <> 'DELETE' then
    after_set := array(select to_jsonb(r) from after_rows r);
  end if;
  perform private.audit_rows(
    tg_table_name, tg_op, tg_argv[0]::text[], tg_argv[1]::text[], tg_argv[2]::text[], before_set, after_set);
  return null;
end
$$;
ALTER FUNCTION private.tg_audit() OWNER TO postgres;
-- Name: FUNCTION tg_audit(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_audit() IS 'Writes what a statement did into the audit log, one event a row. Arguments: key columns, secret ones, silent ones.
Definer: the log is append-only and nobody inserts into it by hand.';
-- Name: tg_audit_batch(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_audit_batch() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if tg_argv[0]::text[] = '{id}' then
    perform private.audit_batch(tg_table_name, tg_op, x.tenant, x.quantity, x.first_id, x.last_id)
    from (
      select r.workspace_id as tenant, count(*) as quantity, min(r.id::text) as first_id, max(r.id::text) as last_id
      from after_rows r where r.workspace_id is not null group by r.workspace_id
    ) as x;
  else
    perform private.audit_batch(tg_table_name, tg_op, x.tenant, x.quantity, null, null)
    from (select r.workspace_id as tenant, count(*) as quantity from after_rows r group by r.workspace_id) as x;
  end if;
  return null;
end
$$;
ALTER FUNCTION private.tg_audit_batch() OWNER TO postgres;
-- Name: FUNCTION tg_audit_batch(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_audit_batch() IS 'Writes one event for a statement that adds evidence: how many rows, and between which ids. Argument: key columns.
Definer: as tg_audit.';
-- Name: tg_deployments__log(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_deployments__log() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform private.log_change(jsonb_populate_record(null::public.changes, jsonb_build_object(
    'workspace_id', new.workspace_id,
    'kind', 'deployment_' || case new.kind when 'publish' then 'published' when 'rollback' then 'rolled_back'
      else 'withdrawn' end,
    'environment_id', new.environment_id, 'capability_id', new.capability_id, 'action_id', new.action_id,
    'intent_id', new.intent_id, 'deployment_id', new.id,
    'summary', private.deployment_words(new),
    'detail', jsonb_build_object(
      'version_id', new.prompt_version_id, 'previous_version_id', new.previous_version_id, 'reason', new.reason))));
  return null;
end
$$;
ALTER FUNCTION private.tg_deployments__log() OWNER TO postgres;
-- Name: FUNCTION tg_deployments__log(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_deployments__log() IS 'Writes the deployment into the ledger.';
-- Name: tg_deployments__move_head(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_deployments__move_head() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  insert into private.deployment_heads (
    deployment_id, workspace_id, environment_id, capability_id, action_id, intent_id, prompt_version_id, number)
  values (
    new.id, new.workspace_id, new.environment_id, new.capability_id, new.action_id, new.intent_id,
    new.prompt_version_id, new.number)
  on conflict on constraint deployment_heads_scope do update set
    deployment_id = excluded.deployment_id, prompt_version_id = excluded.prompt_version_id, number = excluded.number;
  return null;
end
$$;
ALTER FUNCTION private.tg_deployments__move_head() OWNER TO postgres;
-- Name: FUNCTION tg_deployments__move_head(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_deployments__move_head() IS 'Makes the new deployment the head of its scope.';
-- Name: tg_deployments__stop_ramps(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_deployments__stop_ramps() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  ramp public.ramps;
begin
  for ramp in
    select r.* from public.ramps r
    where r.environment_id = new.environment_id and r.capability_id = new.capability_id and r.state = 'running'
      and private.ramp_end_code(r, new) is not null
    order by r.id
  loop
    perform from public.experiments e where e.id = ramp.experiment_id for no key update;
    perform private.end_ramp(ramp, 'stopped', private.ramp_end_code(ramp, new),
      jsonb_build_object('by_deployment_id', new.id));
  end loop;
  return null;
end
$$;
ALTER FUNCTION private.tg_deployments__stop_ramps() OWNER TO postgres;
-- Name: FUNCTION tg_deployments__stop_ramps(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_deployments__stop_ramps() IS 'Who moves the scope of a ramp wins: the ramp stops in the same transaction and overwrites nothing.';
-- Name: tg_experiments__compile(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_experiments__compile() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform private.compile_rule(new.id);
  return null;
end
$$;
ALTER FUNCTION private.tg_experiments__compile() OWNER TO postgres;
-- Name: FUNCTION tg_experiments__compile(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_experiments__compile() IS 'Keeps what decide reads equal to the experiment, in the same transaction.
Definer: compiled rules are nobody''s to write.';
-- Name: tg_experiments__guard(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_experiments__guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  mark constant text := coalesce(new.id, old.id) || '@' || pg_current_xact_id();
begin
  if tg_op = 'INSERT' then
    perform set_config('upshot.revised', mark, true);
    return new;
  elsif tg_op = 'DELETE' then
    if old.started_at is not null then
      perform private.fail('experiment_started', '{"what": "existence"}');
    end if;
    return old;
  end if;
  if old.started_at is not null and (old.key, old.environment_id, old.capability_id, old.unit, old.salt)
    is distinct from (new.key, new.environment_id, new.capability_id, new.unit, new.salt)
  then
    perform private.fail('experiment_started', '{"what": "key, environment, capability and unit"}');
  end if;
  if old.started_at is not null and old.traffic <> new.traffic and not exists (
    select from public.ramps r where r.experiment_id = old.id and r.state = 'running')
  then
    -- Who may not start it may not open it wider either. (A ramp's traffic follows its steps alone.)
    perform private.require_permission(old.workspace_id, 'experiments.activate');
  end if;
  if current_setting('upshot.revised', true) is distinct from mark then
    new.revision := old.revision + 1;
    perform set_config('upshot.revised', mark, true);
  end if;
  new.updated_at := private.now();
  return new;
end
$$;
ALTER FUNCTION private.tg_experiments__guard() OWNER TO postgres;
-- Name: FUNCTION tg_experiments__guard(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_experiments__guard() IS 'Keeps what was measured comparable: a started experiment keeps its scope and unit. Counts the revision up, once a transaction.';
-- Name: tg_experiments__keep_ramp(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_experiments__keep_ramp() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if exists (
    select from public.ramps r join public.ramp_steps s on s.ramp_id = r.id and s.number = r.step
    where r.experiment_id = new.id and r.state = 'running' and new.traffic <> 2 * s.share
  ) then
    perform private.fail('ramp_keeps_traffic');
  end if;
  return new;
end
$$;
ALTER FUNCTION private.tg_experiments__keep_ramp() OWNER TO postgres;
-- Name: FUNCTION tg_experiments__keep_ramp(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_experiments__keep_ramp() IS 'The traffic of a ramp''s experiment is what its step says.
Definer: as tg_experiments__stop_ramp.';
-- Name: tg_experiments__log(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_experiments__log() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  verb text := (select m.verb from public.experiment_moves m
    where m.from_state = old.state and m.to_state = new.state limit 1);
begin
  perform private.log_change(jsonb_populate_record(null::public.changes, jsonb_build_object(
    'workspace_id', new.workspace_id,
    'kind', 'experiment_' || case verb when 'activate' then 'activated' when 'pause' then 'paused'
      when 'resume' then 'resumed' else 'archived' end,
    'environment_id', new.environment_id, 'capability_id', new.capability_id, 'experiment_id', new.id,
    'summary', format('%s the experiment %s', case verb when 'activate' then 'Activated' when 'pause' then 'Paused'
      when 'resume' then 'Resumed' else 'Archived' end, new.key),
    'detail', jsonb_build_object('revision', new.revision, 'from', old.state, 'to', new.state))));
  return null;
end
$$;
ALTER FUNCTION private.tg_experiments__log() OWNER TO postgres;
-- Name: FUNCTION tg_experiments__log(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_experiments__log() IS 'Writes a move of a started experiment into the ledger.
Definer: the ledger is append-only and nobody inserts into it by hand.';
-- Name: tg_experiments__rules(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_experiments__rules() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if tg_op = 'UPDATE' and old.started_at is not null then
    if (old.audience, old.layer_id) is distinct from (new.audience, new.layer_id) then
      perform private.fail('experiment_started', '{"what": "audience and layer"}');
    elsif (old.layer_from, old.layer_to) is distinct from (new.layer_from, new.layer_to) then
      -- Slots decide who is drawn from now on; whoever has an arm keeps it.
      perform private.require_permission(old.workspace_id, 'layers.write');
    end if;
  end if;
  if new.audience is not null and (tg_op = 'INSERT' or old.audience is distinct from new.audience) then
    perform private.check_audience(new.audience);
  end if;
  if new.layer_id is not null and new.state in ('active', 'paused') then
    -- Two experiments may take the same slots at once: the layer's row decides who is first.
    perform from public.layers l where l.id = new.layer_id for no key update;
    if private.slot_holder(new) is not null then
      perform private.fail('layer_slot_taken', jsonb_build_object(
        'layer_from', new.layer_from, 'layer_to', new.layer_to, 'holder', private.slot_holder(new)));
    end if;
  end if;
  return new;
end
$$;
ALTER FUNCTION private.tg_experiments__rules() OWNER TO postgres;
-- Name: FUNCTION tg_experiments__rules(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_experiments__rules() IS 'Keeps audiences valid, and the slots of live experiments of a layer apart.
Definer: locks the layer and sees its experiments, whoever writes.';
-- Name: tg_experiments__stop_ramp(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_experiments__stop_ramp() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  ramp public.ramps;
begin
  select r.* into ramp from public.ramps r where r.experiment_id = new.id and r.state = 'running';
  if ramp.id is not null then
    perform private.end_ramp(ramp, 'stopped', 'experiment_archived', '{}');
  end if;
  return null;
end
$$;
ALTER FUNCTION private.tg_experiments__stop_ramp() OWNER TO postgres;
-- Name: FUNCTION tg_experiments__stop_ramp(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_experiments__stop_ramp() IS 'A ramp ends with its experiment.
Definer: ramps are nobody''s to write by hand.';
-- Name: tg_hint(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_hint() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform private.note_hint(x.topic, tg_table_name, x.ids, x.revision)
  from (
    select rule.topic || ':' || (r.line ->> rule.topic_column) as topic, max((r.line ->> 'revision')::integer) as revision,
      case when bool_and(r.line ? 'id') then (array_agg((r.line ->> 'id')::uuid order by r.line ->> 'id'))[1:51] end as ids
    from private.hint_topics rule
    cross join (select to_jsonb(f) as line from fresh f) r
    where rule.table_name = tg_table_name and lower(tg_op) = any (rule.events)
    group by rule.topic, r.line ->> rule.topic_column
  ) as x
  -- In one order, and nothing for a row without the topic's id.
  where x.topic is not null
  order by x.topic;
  return null;
end
$$;
ALTER FUNCTION private.tg_hint() OWNER TO postgres;
-- Name: FUNCTION tg_hint(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_hint() IS 'Notes for each topic of the table which rows a statement changed.
Definer: the notes are closed to the API''s roles.';
-- Name: tg_hints__send(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_hints__send() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  said jsonb;
begin
  with taken as (
    delete from private.hints h where h.tx = new.tx and h.topic = new.topic returning h
  )
  select jsonb_agg(private.hint_entry(t.h) order by (t.h).kind) into said from taken t;
  if said is not null then
    perform realtime.send(jsonb_build_object('changed', said), 'changed', new.topic, true);
  end if;
  return null;
end
$$;
ALTER FUNCTION private.tg_hints__send() OWNER TO postgres;
-- Name: FUNCTION tg_hints__send(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_hints__send() IS 'At the commit: one message to a topic, of everything that the transaction changed there.
Definer: realtime.send writes with its caller''s rights, and no user may send here.';
-- Name: tg_members__keep_an_owner(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_members__keep_an_owner() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  -- Two owners may leave at once: the workspace's row decides who is first.
  perform from public.workspaces w where w.id = old.workspace_id for no key update;
  if found and not exists (
    select from public.members m where m.workspace_id = old.workspace_id and m.role = 'owner'
  ) then
    perform private.fail('last_owner');
  end if;
  return null;
end
$$;
ALTER FUNCTION private.tg_members__keep_an_owner() OWNER TO postgres;
-- Name: FUNCTION tg_members__keep_an_owner(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_members__keep_an_owner() IS 'Refuses the departure of a workspace''s last owner.
Definer: counts owners whom the caller may not see any more.';
-- Name: tg_outcomes__hint(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_outcomes__hint() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform private.note_hint('experiment:' || e.id, 'results', array[e.id])
  from public.experiments e
  where e.state in ('active', 'paused') and exists (
    select from fresh o
    join public.experiment_metrics m on m.metric_id = o.metric_id and m.experiment_id = e.id
    where o.workspace_id = e.workspace_id and o.environment_id = e.environment_id);
  return null;
end
$$;
ALTER FUNCTION private.tg_outcomes__hint() OWNER TO postgres;
-- Name: FUNCTION tg_outcomes__hint(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_outcomes__hint() IS 'One hint per experiment that counts any of the new outcomes.
Definer: as tg_hint.';
-- Name: tg_parts__revise(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_parts__revise() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform private.revise(case tg_op when 'DELETE' then old.experiment_id else new.experiment_id end);
  return null;
end
$$;
ALTER FUNCTION private.tg_parts__revise() OWNER TO postgres;
-- Name: FUNCTION tg_parts__revise(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_parts__revise() IS 'A change of any part of an experiment is a change of the experiment.
Definer: the revision is nobody''s to write.';
-- Name: tg_prompts__first_branch(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_prompts__first_branch() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  insert into public.branches (workspace_id, prompt_id, name) values (new.workspace_id, new.id, 'main');
  return null;
end
$$;
ALTER FUNCTION private.tg_prompts__first_branch() OWNER TO postgres;
-- Name: FUNCTION tg_prompts__first_branch(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_prompts__first_branch() IS 'Gives a new prompt its branch main.
Definer: the branch belongs to the prompt, whoever made that.';
-- Name: tg_refuse_change(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform private.fail('append_only', jsonb_build_object('table', tg_table_name, 'operation', lower(tg_op)));
  return null;
end
$$;
ALTER FUNCTION private.tg_refuse_change() OWNER TO postgres;
-- Name: FUNCTION tg_refuse_change(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_refuse_change() IS 'Refuses update, delete and truncate on history: corrections are new rows.';
-- Name: tg_scope__guard(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_scope__guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  touched uuid := case tg_op when 'DELETE' then old.experiment_id else new.experiment_id end;
begin
  -- Locked: an activation that has begun decides first. A stranger sees no row, and so locks none.
  perform from public.experiments e where e.id = touched for no key update;
  if exists (select from public.experiments e where e.id = touched and e.started_at is not null) then
    perform private.fail('experiment_started', '{"what": "scope and primary metric"}');
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;
ALTER FUNCTION private.tg_scope__guard() OWNER TO postgres;
-- Name: FUNCTION tg_scope__guard(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_scope__guard() IS 'Keeps the scope and the primary metric of a started experiment.';
-- Name: tg_subjects__hint(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_subjects__hint() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform private.hint_subjects(x.workspace_id, x.experiment_id)
  from (
    -- In one order, so that two batches never wait for each other.
    select distinct f.workspace_id, f.experiment_id from fresh f where f.experiment_id is not null
    order by f.workspace_id, f.experiment_id
  ) as x;
  return null;
end
$$;
ALTER FUNCTION private.tg_subjects__hint() OWNER TO postgres;
-- Name: FUNCTION tg_subjects__hint(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_subjects__hint() IS 'A hint per experiment that got new subjects or inferences, at most once a second.
Definer: as tg_hint.';
-- Name: tg_variant_versions__guard(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_variant_versions__guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform from public.experiments e
  where e.id = (select a.experiment_id from public.variants a
    where a.id = case tg_op when 'DELETE' then old.variant_id else new.variant_id end)
  for no key update;
  if exists (
    select from public.experiment_phase_arms a
    where a.variant_id = case tg_op when 'DELETE' then old.variant_id else new.variant_id end
  ) then
    perform private.fail('experiment_started', '{"what": "arms that have run and their versions"}');
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;
ALTER FUNCTION private.tg_variant_versions__guard() OWNER TO postgres;
-- Name: FUNCTION tg_variant_versions__guard(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_variant_versions__guard() IS 'Keeps the versions of an arm that has run.';
-- Name: tg_variant_versions__revise(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_variant_versions__revise() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform private.revise(a.experiment_id) from public.variants a
  where a.id = case tg_op when 'DELETE' then old.variant_id else new.variant_id end;
  return null;
end
$$;
ALTER FUNCTION private.tg_variant_versions__revise() OWNER TO postgres;
-- Name: FUNCTION tg_variant_versions__revise(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_variant_versions__revise() IS 'What an arm runs is a part of its experiment.
Definer: the revision is nobody''s to write.';
-- Name: tg_variants__compile(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_variants__compile() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform private.compile_rule(new.experiment_id);
  return null;
end
$$;
ALTER FUNCTION private.tg_variants__compile() OWNER TO postgres;
-- Name: FUNCTION tg_variants__compile(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_variants__compile() IS 'Keeps what decide reads equal to an arm that was stopped or taken up again.
Definer: as for experiments.';
-- Name: tg_variants__guard(); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tg_variants__guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  parent public.experiments;
begin
  -- Locked: an activation that has begun decides first. A stranger sees no row, and so locks none.
  select e.* into parent from public.experiments e
  where e.id = case tg_op when 'DELETE' then old.experiment_id else new.experiment_id end
  for no key update;
  if tg_op = 'UPDATE' and (old.key, old.weight, old.is_control) = (new.key, new.weight, new.is_control) then
    return new;
  elsif parent.state in ('active', 'archived') then
    perform private.fail('pause_first', jsonb_build_object('state', parent.state));
  elsif parent.started_at is not null and (
    tg_op <> 'UPDATE' and coalesce(new.is_control, old.is_control)
    or tg_op = 'UPDATE' and (old.key, old.is_control) <> (new.key, new.is_control)
  ) then
    perform private.fail('experiment_started', '{"what": "control and the keys of its arms"}');
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;
ALTER FUNCTION private.tg_variants__guard() OWNER TO postgres;
-- Name: FUNCTION tg_variants__guard(); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tg_variants__guard() IS 'Lets arms and weights change only in a draft or in a pause, and never the control once it has run.';
-- Name: tick_ramp(public.ramps); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tick_ramp(ramp public.ramps) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  guardrails constant jsonb := private.guardrails_of(ramp.id);
begin
  if private.guardrail_words(guardrails, 'breached') is not null then
    ramp := private.end_ramp(private.lock_ramp(ramp, ramp.revision), 'aborted', 'guardrail_breached',
      jsonb_build_object('guardrails', guardrails));
  elsif private.guardrail_words(guardrails, 'waiting') is null and private.hold_is_over(ramp) then
    ramp := private.lock_ramp(ramp, ramp.revision);
    perform private.require_free_to_advance(ramp, guardrails, false);
    ramp := private.step_ramp(ramp, guardrails, false, '');
  else
    return null;
  end if;
  return private.ramp_card(ramp) || jsonb_build_object('guardrails', guardrails);
end
$$;
ALTER FUNCTION private.tick_ramp(ramp public.ramps) OWNER TO postgres;
-- Name: FUNCTION tick_ramp(ramp public.ramps); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tick_ramp(ramp public.ramps) IS 'Aborts a ramp whose guardrail is breached, or takes it on when its hold is over and all stand; null when there is nothing to do.';
-- Name: tick_ramps(integer); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.tick_ramps(pause_seconds integer) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  claim uuid;
  ramp public.ramps;
  moved jsonb;
begin
  for claim in
    select c.ramp_id from private.ramp_clock c
    where c.checked_at <= private.now() - make_interval(secs => pause_seconds)
    order by c.checked_at
    limit 20
    for update skip locked
  loop
    ramp := private.due_ramp(claim);
    begin
      moved := case when ramp.id is not null then private.tick_ramp(ramp) end;
    exception when others then
      -- One ramp's trouble, or a rival who was first, must not keep the others waiting.
      moved := null;
      raise warning 'ramp % was not moved: % %', claim, sqlstate, sqlerrm;
    end;
    exit when moved is not null;
  end loop;
  return moved;
end
$$;
ALTER FUNCTION private.tick_ramps(pause_seconds integer) OWNER TO postgres;
-- Name: FUNCTION tick_ramps(pause_seconds integer); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.tick_ramps(pause_seconds integer) IS 'Looks at running ramps that nobody has looked at for so long, and moves at most one.
Definer: as start_ramp; the worker alone may call it.';
-- Name: transfer_ownership(uuid, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.transfer_ownership(to_user uuid, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  giver uuid := private.require_person();
  tenant uuid := private.authorise(workspace_id, 'members.write');
  heir public.members;
begin
  perform private.require_may_give('owner', tenant);
  -- The workspace's row first, as the trigger that keeps an owner does: two who hand over at once do not wait in a ring.
  perform from public.workspaces w where w.id = tenant for no key update;
  heir := private.lock_member(to_user, tenant, 'members.write');
  if heir.user_id <> giver then
    update public.members m set role = 'owner' where m.workspace_id = tenant and m.user_id = to_user;
    update public.members m set role = 'admin' where m.workspace_id = tenant and m.user_id = giver;
  end if;
  return jsonb_build_object('workspace_id', tenant, 'owner', to_user);
end
$$;
ALTER FUNCTION private.transfer_ownership(to_user uuid, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION transfer_ownership(to_user uuid, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.transfer_ownership(to_user uuid, workspace_id uuid) IS 'Makes another member the owner and the caller an admin, in one transaction.
Definer: as change_role.';
-- Name: untag(uuid, text, uuid, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.untag(prompt_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) RETURNS public.tags
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  tenant uuid := private.lock_prompt(prompt_id, 'unknown_prompt', jsonb_build_object('prompt_id', prompt_id), workspace_id);
  held public.tags;
  gone public.tags;
begin
  select t.* into held from public.tags t where t.prompt_id = untag.prompt_id and t.name = untag.name;
  if held.id is null then
    perform private.fail('unknown_tag', jsonb_build_object('tag', name));
  end if;
  perform private.require_tag_at(held, name, expected_version);
  delete from public.tags t where t.id = held.id;
  gone := held;
  gone.version_id := null;
  perform private.move_tag(held, gone, reason);
  return held;
end
$$;
ALTER FUNCTION private.untag(prompt_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION untag(prompt_id uuid, name text, expected_version uuid, reason text, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.untag(prompt_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) IS 'Takes a tag away by compare-and-swap.
Definer: as tag_version.';
-- Name: variants_document(uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.variants_document(experiment_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'key', a.key, 'name', a.name, 'weight', a.weight, 'is_control', a.is_control,
      'versions', (
        select coalesce(jsonb_object_agg(coalesce(x.key, '*'), r.prompt_version_id), '{}')
        from public.variant_versions r left join public.actions x on x.id = r.action_id
        where r.variant_id = a.id)) order by a.is_control desc, a.key collate "C"), '[]')
    from public.variants a
    where a.experiment_id = variants_document.experiment_id);
end
$$;
ALTER FUNCTION private.variants_document(experiment_id uuid) OWNER TO postgres;
-- Name: FUNCTION variants_document(experiment_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.variants_document(experiment_id uuid) IS 'The arms: [{key, name, weight, is_control, versions: {action or *: version id}}], the control first.';
-- Name: vault_name(uuid, text); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.vault_name(workspace_id uuid, provider text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    RETURN ((('upshot/'::text || (workspace_id)::text) || '/'::text) || provider);
ALTER FUNCTION private.vault_name(workspace_id uuid, provider text) OWNER TO postgres;
-- Name: FUNCTION vault_name(workspace_id uuid, provider text); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.vault_name(workspace_id uuid, provider text) IS 'The name of a provider key in Vault.';
-- Name: version_card(public.prompt_versions); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.version_card(version public.prompt_versions) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  return jsonb_build_object(
    'id', version.id, 'prompt_id', version.prompt_id,
    'number', version.number, 'content_hash', version.content_hash);
end
$$;
ALTER FUNCTION private.version_card(version public.prompt_versions) OWNER TO postgres;
-- Name: FUNCTION version_card(version public.prompt_versions); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.version_card(version public.prompt_versions) IS 'What identifies a version.';
-- Name: version_of(uuid, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.version_of(variant_id uuid, action_id uuid) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  return (
    select r.prompt_version_id
    from public.variant_versions r
    where r.variant_id = version_of.variant_id
      and (r.action_id is null or r.action_id = version_of.action_id)
    order by (r.action_id is not null) desc
    limit 1);
end
$$;
ALTER FUNCTION private.version_of(variant_id uuid, action_id uuid) OWNER TO postgres;
-- Name: FUNCTION version_of(variant_id uuid, action_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.version_of(variant_id uuid, action_id uuid) IS 'The version that a variant runs for an action: its own row, else the one for every action.';
-- Name: version_words(uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.version_words(version_id uuid) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select format('%s v%s', p.key, v.number)
  from public.prompt_versions v join public.prompts p on p.id = v.prompt_id
  where v.id = version_words.version_id
$$;
ALTER FUNCTION private.version_words(version_id uuid) OWNER TO postgres;
-- Name: FUNCTION version_words(version_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.version_words(version_id uuid) IS 'A version for people: booking v3.';
-- Name: wider_head(private.scope); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.wider_head(scope private.scope) RETURNS private.deployment_heads
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  head private.deployment_heads;
begin
  select h.* into head
  from private.deployment_heads h
  where h.environment_id = scope.environment_id
    and h.capability_id = scope.capability_id
    and (h.action_id is null or h.action_id = scope.action_id)
    and (h.intent_id is null or h.intent_id = scope.intent_id)
    and (h.action_id, h.intent_id) is distinct from (scope.action_id, scope.intent_id)
    and h.prompt_version_id is not null
  order by (h.action_id is not null) desc, (h.intent_id is not null) desc
  limit 1;
  return head;
end
$$;
ALTER FUNCTION private.wider_head(scope private.scope) OWNER TO postgres;
-- Name: FUNCTION wider_head(scope private.scope); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.wider_head(scope private.scope) IS 'What would answer the calls of a scope if nothing were live at the scope itself.';
-- Name: withdraw(text, text, uuid, text, text, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.withdraw(environment text, capability text, expected_version uuid, action text, intent text, reason text, workspace_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  tenant uuid := private.authorise(workspace_id, 'deployments.rollback');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  head private.deployment_heads := private.scope_head(scope);
begin
  perform private.require_live(head, expected_version);
  if head.prompt_version_id is null then
    perform private.fail('nothing_here');
  end if;
  perform private.require_wider(scope);
  return private.move_pointer(scope, null, head, 'withdraw', reason);
end
$$;
ALTER FUNCTION private.withdraw(environment text, capability text, expected_version uuid, action text, intent text, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION withdraw(environment text, capability text, expected_version uuid, action text, intent text, reason text, workspace_id uuid); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.withdraw(environment text, capability text, expected_version uuid, action text, intent text, reason text, workspace_id uuid) IS 'Ends the override of a scope by compare-and-swap: the wider one applies.
Definer: as publish.';
-- Name: wrong_fields(text, jsonb); Type: FUNCTION; Schema: private; Owner: postgres
CREATE FUNCTION private.wrong_fields(kind text, batch jsonb) RETURNS TABLE(index integer, field text, type text, v jsonb)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $_$
  -- One pass over rows × fields, the tests in line: a function call for each would cost more than all the rest.
  with fields as materialized (
    select b.* from private.batch_fields b where b.batch = kind
  )
  select distinct on (e.ordinality) (e.ordinality - 1)::integer, f.name, f.type, x.v
  from jsonb_array_elements(wrong_fields.batch) with ordinality as e
  cross join fields f
  cross join lateral (select nullif(e.value -> f.name, 'null'), e.value ->> f.name) as x (v, t)
  where jsonb_typeof(e.value) = 'object'
    and case
      when x.v is null then f.is_required
      when f.type in ('uuid', 'name', 'text', 'instant') and jsonb_typeof(x.v) <> 'string' then true
      when f.type in ('amount', 'count') and jsonb_typeof(x.v) <> 'number' then true
      else not case f.type
        when 'name' then length(x.t) between 1 and 512
        when 'uuid' then x.t ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        when 'text' then true
        when 'instant' then
          x.t ~* '^\d{4}-\d\d-\d\d[t ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?(z|[+-]\d\d(:?\d\d)?)$'
          and pg_input_is_valid(x.t, 'timestamptz')
        when 'amount' then left(x.t, 1) <> '-' and pg_input_is_valid(x.t, 'float8')
        when 'count' then x.t ~ '^\d+$' and pg_input_is_valid(x.t, 'int4')
        when 'value' then jsonb_typeof(x.v) = 'boolean'
          or (jsonb_typeof(x.v) = 'number' and (x.v = '0' or abs(x.v::numeric) between 1e-60 and 1e60))
        when 'status' then x.v in ('"ok"', '"error"')
        when 'key' then private.is_key(x.v)
        when 'keys' then jsonb_typeof(x.v) = 'array'
          and not exists (select from jsonb_array_elements(x.v) k where not private.is_key(k))
        else false
      end
    end
  order by e.ordinality, f.position
$_$;
ALTER FUNCTION private.wrong_fields(kind text, batch jsonb) OWNER TO postgres;
-- Name: FUNCTION wrong_fields(kind text, batch jsonb); Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON FUNCTION private.wrong_fields(kind text, batch jsonb) IS 'One row per row of the batch that has a field of a wrong type or lacks one: the first such field.';
-- Name: abort_ramp(uuid, integer, text, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.abort_ramp(ramp_id uuid, expected_revision integer, reason text DEFAULT ''::text, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.abort_ramp(ramp_id, expected_revision, reason, workspace_id);
ALTER FUNCTION public.abort_ramp(ramp_id uuid, expected_revision integer, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION abort_ramp(ramp_id uuid, expected_revision integer, reason text, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.abort_ramp(ramp_id uuid, expected_revision integer, reason text, workspace_id uuid) IS 'Ends a ramp at once: every subject gets the live version from the next decide on; what was measured stays.
To stop it for a while, pause its experiment, and resume it later. Returns the ramp. Refused: 409 stale_ramp, 409 ramp_over.';
-- Name: accept_invitation(text, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.accept_invitation(token text DEFAULT NULL::text, invitation_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.accept_invitation(token, invitation_id);
ALTER FUNCTION public.accept_invitation(token text, invitation_id uuid) OWNER TO postgres;
-- Name: FUNCTION accept_invitation(token text, invitation_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.accept_invitation(token text, invitation_id uuid) IS 'Makes you a member of the workspace that invited you: {workspace_id, role, was_member}. Pass the token, or the id of a row of my_invitations.
You must be signed in with the invited address, confirmed. Accepting twice changes nothing; whoever is a member already keeps their role. Refuses what was revoked, used by another account, or has expired (invitation_over), and what the inviter may no longer give.';
-- Name: activate(uuid, integer, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.activate(experiment_id uuid, expected_revision integer, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.move_experiment(experiment_id, 'activate'::text, expected_revision, workspace_id);
ALTER FUNCTION public.activate(experiment_id uuid, expected_revision integer, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION activate(experiment_id uuid, expected_revision integer, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.activate(experiment_id uuid, expected_revision integer, workspace_id uuid) IS 'Starts an experiment: {experiment_id, state, revision}.
Refused with 409 stale_revision when the experiment has changed since the revision that you name, and with 422 experiment_incomplete, saying what is missing.';
-- Name: advance_ramp(uuid, integer, boolean, text, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.advance_ramp(ramp_id uuid, expected_revision integer, force boolean DEFAULT false, reason text DEFAULT ''::text, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.advance_ramp(ramp_id, expected_revision, force, reason, workspace_id);
ALTER FUNCTION public.advance_ramp(ramp_id uuid, expected_revision integer, force boolean, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION advance_ramp(ramp_id uuid, expected_revision integer, force boolean, reason text, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.advance_ramp(ramp_id uuid, expected_revision integer, force boolean, reason text, workspace_id uuid) IS 'Takes a ramp to its next step; the last one publishes the version and archives the experiment, in one transaction.
Returns the ramp with guardrails: the numbers that decided. Refused: 409 stale_ramp, ramp_over, ramp_paused, ramp_holds (before the step''s time), guardrail_waits (too few subjects) and guardrail_breached. A signed-in person may pass force over the time and over missing data, never over a breach; the ledger says so.';
-- Name: archive(uuid, integer, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.archive(experiment_id uuid, expected_revision integer, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.move_experiment(experiment_id, 'archive'::text, expected_revision, workspace_id);
ALTER FUNCTION public.archive(experiment_id uuid, expected_revision integer, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION archive(experiment_id uuid, expected_revision integer, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.archive(experiment_id uuid, expected_revision integer, workspace_id uuid) IS 'Ends an experiment for good; its results stay.
Returns {experiment_id, state, revision}.';
-- Name: change_role(uuid, text, text, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.change_role(user_id uuid, role text, expected_role text, workspace_id uuid DEFAULT NULL::uuid) RETURNS public.members
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.change_role(user_id, role, expected_role, workspace_id);
ALTER FUNCTION public.change_role(user_id uuid, role text, expected_role text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION change_role(user_id uuid, role text, expected_role text, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.change_role(user_id uuid, role text, expected_role text, workspace_id uuid) IS 'Gives a member another role, by compare-and-swap on the one that you see. It counts from their next request on.
Needs members.write and a signed-in user who holds everything that the old and the new role hold; only an owner touches owners, and the last owner stays one (last_owner).';
-- Name: claim_jobs_v1(text, integer, integer); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.claim_jobs_v1(worker text, quantity integer, lease_seconds integer) RETURNS TABLE(job_id bigint, kind text, payload jsonb, attempt integer, enqueued_at timestamp with time zone)
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform private.require_text('worker', worker, 200);
  return query select * from private.claim_jobs(quantity, lease_seconds);
end
$$;
ALTER FUNCTION public.claim_jobs_v1(worker text, quantity integer, lease_seconds integer) OWNER TO postgres;
-- Name: FUNCTION claim_jobs_v1(worker text, quantity integer, lease_seconds integer); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.claim_jobs_v1(worker text, quantity integer, lease_seconds integer) IS 'Worker only: leases up to so many jobs.
A job that is neither completed nor extended comes back when its lease ends.';
-- Name: commit_version(uuid, text, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.commit_version(prompt_id uuid, branch text DEFAULT 'main'::text, messages jsonb DEFAULT NULL::jsonb, variables jsonb DEFAULT '{}'::jsonb, provider text DEFAULT NULL::text, model text DEFAULT NULL::text, params jsonb DEFAULT '{}'::jsonb, tools jsonb DEFAULT '[]'::jsonb, response_format jsonb DEFAULT NULL::jsonb, message text DEFAULT ''::text, expected_head uuid DEFAULT NULL::uuid, workspace_id uuid DEFAULT NULL::uuid) RETURNS public.prompt_versions
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.commit_version(prompt_id, branch, messages, variables, provider, model, params, tools, NULLIF(response_format, 'null'::jsonb), message, expected_head, workspace_id);
ALTER FUNCTION public.commit_version(prompt_id uuid, branch text, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb, message text, expected_head uuid, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION commit_version(prompt_id uuid, branch text, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb, message text, expected_head uuid, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.commit_version(prompt_id uuid, branch text, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb, message text, expected_head uuid, workspace_id uuid) IS 'Adds an immutable version to a branch of a prompt and returns it.
messages, provider and model must be given. An unchanged bundle is refused (nothing_changed). With expected_head, so is a commit on a branch that has moved on (stale_head).';
-- Name: complete_job_v1(bigint); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.complete_job_v1(job_id bigint) RETURNS boolean
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.complete_job(job_id);
ALTER FUNCTION public.complete_job_v1(job_id bigint) OWNER TO postgres;
-- Name: FUNCTION complete_job_v1(job_id bigint); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.complete_job_v1(job_id bigint) IS 'Worker only: archives a finished job; false when it is gone.';
-- Name: create_api_key(text, text[], text[], timestamp with time zone, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.create_api_key(name text, permissions text[], environments text[] DEFAULT NULL::text[], expires_at timestamp with time zone DEFAULT NULL::timestamp with time zone, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.create_api_key(name, permissions, environments, expires_at, workspace_id);
ALTER FUNCTION public.create_api_key(name text, permissions text[], environments text[], expires_at timestamp with time zone, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION create_api_key(name text, permissions text[], environments text[], expires_at timestamp with time zone, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.create_api_key(name text, permissions text[], environments text[], expires_at timestamp with time zone, workspace_id uuid) IS 'Makes an API key for a server of yours: the row of api_keys, and with it `secret`, which is never shown again.
The key is sent in the header x-upshot-key, with the publishable key in apikey and no user''s token. It holds the named permissions, of those that you hold yourself and that are not for persons only, in the named environments (by key; all when left out), until expires_at. Needs api_keys.write and a signed-in user.
Refuses: a name that a live key has (api_key_name_taken), a permission for persons only (not_for_keys) or above your own (above_your_own).';
-- Name: create_prompt(text, text, text, text, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.create_prompt(key text, name text, capability text, action text DEFAULT NULL::text, workspace_id uuid DEFAULT NULL::uuid) RETURNS public.prompts
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'prompts.write');
  owner_id uuid := (select c.id from public.capabilities c where c.workspace_id = tenant and c.key = capability);
  step uuid := (select a.id from public.actions a where a.capability_id = owner_id and a.key = action);
  made public.prompts;
begin
  if owner_id is null or (action is not null and step is null) then
    perform private.fail(case when owner_id is null then 'unknown_capability' else 'unknown_action' end,
      jsonb_build_object('capability', capability, 'action', action));
  end if;
  insert into public.prompts (workspace_id, key, name, capability_id, action_id)
  values (tenant, key, name, owner_id, step)
  returning * into made;
  return made;
end
$$;
ALTER FUNCTION public.create_prompt(key text, name text, capability text, action text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION create_prompt(key text, name text, capability text, action text, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.create_prompt(key text, name text, capability text, action text, workspace_id uuid) IS 'Makes a prompt for a capability or one of its actions, by their keys, with a branch main.
The same as inserting into /prompts, for callers who know keys and not ids.';
-- Name: create_role(text, text, text[], uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.create_role(key text, name text, permissions text[] DEFAULT ARRAY['workspace.read'::text], workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.save_role(key, name, permissions, true, workspace_id);
ALTER FUNCTION public.create_role(key text, name text, permissions text[], workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION create_role(key text, name text, permissions text[], workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.create_role(key text, name text, permissions text[], workspace_id uuid) IS 'Makes a role of your own with these permissions: {role, name, permissions}.
Needs roles.write; the role may hold nothing that you do not hold (above_your_own). A key that is there already is refused (role_taken).';
-- Name: create_run(uuid[], uuid[], integer, text, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.create_run(version_ids uuid[], test_case_ids uuid[] DEFAULT NULL::uuid[], repeats integer DEFAULT 1, name text DEFAULT NULL::text, workspace_id uuid DEFAULT NULL::uuid) RETURNS public.runs
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.create_run(version_ids, test_case_ids, repeats, name, workspace_id);
ALTER FUNCTION public.create_run(version_ids uuid[], test_case_ids uuid[], repeats integer, name text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION create_run(version_ids uuid[], test_case_ids uuid[], repeats integer, name text, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.create_run(version_ids uuid[], test_case_ids uuid[], repeats integer, name text, workspace_id uuid) IS 'Queues model calls: each version over the named test cases, or over all of its own prompt''s.
Returns the run; the results appear in run_results.';
-- Name: create_workspace(text, text); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.create_workspace(name text, slug text) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.create_workspace(name, slug);
ALTER FUNCTION public.create_workspace(name text, slug text) OWNER TO postgres;
-- Name: FUNCTION create_workspace(name text, slug text); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.create_workspace(name text, slug text) IS 'Makes a workspace with its roles and its environments production and staging; you become its owner.
Calling it again with the same slug returns the same workspace: {workspace_id, environments: {key: id}}.';
-- Name: decide(text, text, text, text, text, text, jsonb, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.decide(environment text, capability text, subject text, action text DEFAULT NULL::text, conversation text DEFAULT NULL::text, intent text DEFAULT NULL::text, attributes jsonb DEFAULT '{}'::jsonb, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.decide(environment, capability, subject, action, conversation, intent, attributes, workspace_id);
ALTER FUNCTION public.decide(environment text, capability text, subject text, action text, conversation text, intent text, attributes jsonb, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION decide(environment text, capability text, subject text, action text, conversation text, intent text, attributes jsonb, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.decide(environment text, capability text, subject text, action text, conversation text, intent text, attributes jsonb, workspace_id uuid) IS 'What to run for a subject, now: {assignment_id, experiment, variant, version, bundle, deployment_id, reason}.
An active experiment that covers the call answers first (reason assigned, or variant_rolled_back); else what is live at the most specific scope (live_deployment, or holdout for a subject that is kept out of experiments). A subject keeps its arm. attributes is what is known of the subject: audiences are asked about it. The exposure is logged in the same transaction.';
-- Name: delete_role(text, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.delete_role(role text, workspace_id uuid DEFAULT NULL::uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.delete_role(role, workspace_id);
ALTER FUNCTION public.delete_role(role text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION delete_role(role text, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.delete_role(role text, workspace_id uuid) IS 'Deletes a role that no member has and no pending invitation names (role_in_use).
Needs roles.write and everything that the role holds. The owner''s role is refused (owner_role_stays).';
-- Name: extend_job_v1(bigint, integer); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.extend_job_v1(job_id bigint, lease_seconds integer) RETURNS boolean
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.extend_job(job_id, lease_seconds);
ALTER FUNCTION public.extend_job_v1(job_id bigint, lease_seconds integer) OWNER TO postgres;
-- Name: FUNCTION extend_job_v1(job_id bigint, lease_seconds integer); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.extend_job_v1(job_id bigint, lease_seconds integer) IS 'Worker only: prolongs a lease from now on; false when the job is gone.';
-- Name: fail_job_v1(bigint, text, text, integer); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.fail_job_v1(job_id bigint, error_code text, error_message text, retry_in_seconds integer DEFAULT NULL::integer) RETURNS boolean
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.fail_job(job_id, error_code, error_message, retry_in_seconds);
ALTER FUNCTION public.fail_job_v1(job_id bigint, error_code text, error_message text, retry_in_seconds integer) OWNER TO postgres;
-- Name: FUNCTION fail_job_v1(job_id bigint, error_code text, error_message text, retry_in_seconds integer); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.fail_job_v1(job_id bigint, error_code text, error_message text, retry_in_seconds integer) IS 'Worker only: notes a failed attempt.
The job comes back after retry_in_seconds, or is given up when that is null: its calls then get this error as their result.';
-- Name: invite_member(text, text, integer, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.invite_member(email text, role text, expires_in_hours integer DEFAULT 168, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.invite_member(email, role, expires_in_hours, workspace_id);
ALTER FUNCTION public.invite_member(email text, role text, expires_in_hours integer, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION invite_member(email text, role text, expires_in_hours integer, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.invite_member(email text, role text, expires_in_hours integer, workspace_id uuid) IS 'Invites an email address to the workspace in a role: the row of invitations, and with it `token`, which is never shown again.
Your application mails the link that carries the token. Inviting the same address again makes a new token and voids the old one. The role may hold nothing that you do not hold (above_your_own), and only an owner invites an owner (owners_only). Needs members.write and a signed-in user; an address that is a member already is refused (already_member).';
-- Name: leave_workspace(uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.leave_workspace(workspace_id uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.leave_workspace(workspace_id);
ALTER FUNCTION public.leave_workspace(workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION leave_workspace(workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.leave_workspace(workspace_id uuid) IS 'Ends your own membership of the workspace. The last owner cannot leave (last_owner): hand over or delete first.';
-- Name: my_invitations(); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.my_invitations() RETURNS TABLE(invitation_id uuid, workspace_id uuid, workspace text, role text, expires_at timestamp with time zone, invited_at timestamp with time zone)
    LANGUAGE sql STABLE
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT my_invitations.invitation_id,
     my_invitations.workspace_id,
     my_invitations.workspace,
     my_invitations.role,
     my_invitations.expires_at,
     my_invitations.invited_at
    FROM private.my_invitations() my_invitations(invitation_id, workspace_id, workspace, role, expires_at, invited_at);
END;
ALTER FUNCTION public.my_invitations() OWNER TO postgres;
-- Name: FUNCTION my_invitations(); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.my_invitations() IS 'One row per invitation that waits for you, by your confirmed email address; accept_invitation takes its invitation_id.';
-- Name: pause(uuid, integer, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.pause(experiment_id uuid, expected_revision integer, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.move_experiment(experiment_id, 'pause'::text, expected_revision, workspace_id);
ALTER FUNCTION public.pause(experiment_id uuid, expected_revision integer, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION pause(experiment_id uuid, expected_revision integer, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.pause(experiment_id uuid, expected_revision integer, workspace_id uuid) IS 'Pauses an active experiment: every subject gets the live deployment until it resumes.
Returns {experiment_id, state, revision}.';
-- Name: provider_key_v1(uuid, text); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.provider_key_v1(workspace_id uuid, provider text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    RETURN private.provider_key(workspace_id, provider);
ALTER FUNCTION public.provider_key_v1(workspace_id uuid, provider text) OWNER TO postgres;
-- Name: FUNCTION provider_key_v1(workspace_id uuid, provider text); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.provider_key_v1(workspace_id uuid, provider text) IS 'Worker only: a provider''s key in the clear.';
-- Name: publish(text, text, uuid, uuid, text, text, text, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.publish(environment text, capability text, version_id uuid, expected_version uuid DEFAULT NULL::uuid, action text DEFAULT NULL::text, intent text DEFAULT NULL::text, reason text DEFAULT ''::text, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.publish(environment, capability, version_id, expected_version, action, intent, reason, workspace_id);
ALTER FUNCTION public.publish(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION publish(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, reason text, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.publish(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, reason text, workspace_id uuid) IS 'Makes a version live at a scope, if expected_version is what is live there now (null or left out: nothing is).
Returns the deployment with its version and a summary. Refused: 409 stale_version when another version is live here, 409 already_live, 422 wrong_prompt for a version of another capability''s or action''s prompt, 404 unknown_version. A ramp that runs at an overlapping scope stops when this changes what it stands on.';
-- Name: record_inferences(jsonb, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.record_inferences(inferences jsonb, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    SET statement_timeout TO '60s'
    RETURN private.record_inferences(inferences, workspace_id);
ALTER FUNCTION public.record_inferences(inferences jsonb, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION record_inferences(inferences jsonb, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.record_inferences(inferences jsonb, workspace_id uuid) IS 'Records up to 10,000 model calls: {accepted, duplicates, errors: [{index, code, message, hint}]}.
A row: id (your uuid), environment, subject, capability, version_id, provider, requested_model, started_at, latency_ms, status; and, if known, conversation, action, intent, experiment_id, variant_id, resolved_model, input_tokens, output_tokens, cost_usd, error_code, finish_reason, output, keys [{type, value}]. Good rows land; a row whose id is known already counts as a duplicate.';
-- Name: record_outcomes(jsonb, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.record_outcomes(outcomes jsonb, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    SET statement_timeout TO '60s'
    RETURN private.record_outcomes(outcomes, workspace_id);
ALTER FUNCTION public.record_outcomes(outcomes jsonb, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION record_outcomes(outcomes jsonb, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.record_outcomes(outcomes jsonb, workspace_id uuid) IS 'Records up to 10,000 outcomes: {accepted, duplicates, errors: [{index, code, message, hint}]}.
A row: metric (key), value (number or boolean), environment, occurred_at, source, source_event_id, and at least one of subject, conversation, inference_id, key {type, value}. Good rows land; the first received of a (source, source_event_id) wins.';
-- Name: record_run_results_v1(uuid, jsonb); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.record_run_results_v1(run_id uuid, results jsonb) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.record_run_results(run_id, results);
ALTER FUNCTION public.record_run_results_v1(run_id uuid, results jsonb) OWNER TO postgres;
-- Name: FUNCTION record_run_results_v1(run_id uuid, results jsonb); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.record_run_results_v1(run_id uuid, results jsonb) IS 'Worker only: keeps results, each once: {accepted, duplicates}.
A result: version_id, test_case_id, repeat, status, and output, finish_reason, latency_ms, input_tokens, output_tokens, cost_usd, error_code, error_message, attempts.';
-- Name: remove_member(uuid, boolean, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.remove_member(user_id uuid, revoke_keys boolean DEFAULT false, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.remove_member(user_id, revoke_keys, workspace_id);
ALTER FUNCTION public.remove_member(user_id uuid, revoke_keys boolean, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION remove_member(user_id uuid, revoke_keys boolean, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.remove_member(user_id uuid, revoke_keys boolean, workspace_id uuid) IS 'Ends a membership: from the next request on the person sees and does nothing here, whatever their token says.
Answers with the live API keys that they made: those belong to the workspace and live on, unless revoke_keys is true (needs api_keys.write too). Invitations that they made are void. Needs members.write; rules as for change_role.';
-- Name: restore_variant(uuid, text, integer, text, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.restore_variant(experiment_id uuid, variant text, expected_revision integer, reason text DEFAULT ''::text, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.restore_variant(experiment_id, variant, expected_revision, reason, workspace_id);
ALTER FUNCTION public.restore_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION restore_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.restore_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) IS 'Takes the rollback of an arm back, in a new phase: the subjects that have the arm get its version again from the next decide on, and new ones are drawn into it.
Subjects that came before the rollback count until the rollback, in both arms, because they got the control in between; those that come now count in the new phase. Returns {experiment_id, variant_id, variant, state, revision, rolled_back_at}. Refused: 409 stale_revision, 409 not_rolled_back, 409 move_not_allowed for an archived experiment, 404 unknown_variant.';
-- Name: resume(uuid, integer, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.resume(experiment_id uuid, expected_revision integer, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.move_experiment(experiment_id, 'resume'::text, expected_revision, workspace_id);
ALTER FUNCTION public.resume(experiment_id uuid, expected_revision integer, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION resume(experiment_id uuid, expected_revision integer, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.resume(experiment_id uuid, expected_revision integer, workspace_id uuid) IS 'Resumes a paused experiment; if its arms or weights were changed, a new phase begins.
Returns {experiment_id, state, revision}.';
-- Name: revoke_api_key(uuid, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.revoke_api_key(api_key_id uuid, workspace_id uuid DEFAULT NULL::uuid) RETURNS public.api_keys
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.revoke_api_key(api_key_id, workspace_id);
ALTER FUNCTION public.revoke_api_key(api_key_id uuid, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION revoke_api_key(api_key_id uuid, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.revoke_api_key(api_key_id uuid, workspace_id uuid) IS 'Closes an API key for good, with every secret that it has: the next request with it is refused.
Revoking twice changes nothing. Needs api_keys.write and a signed-in user.';
-- Name: revoke_invitation(uuid, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.revoke_invitation(invitation_id uuid, workspace_id uuid DEFAULT NULL::uuid) RETURNS public.invitations
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.revoke_invitation(invitation_id, workspace_id);
ALTER FUNCTION public.revoke_invitation(invitation_id uuid, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION revoke_invitation(invitation_id uuid, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.revoke_invitation(invitation_id uuid, workspace_id uuid) IS 'Takes a pending invitation back: its token opens nothing from now on. What is settled stays as it is.
Needs members.write.';
-- Name: rollback(text, text, uuid, text, text, uuid, text, timestamp with time zone, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.rollback(environment text, capability text, expected_version uuid, action text DEFAULT NULL::text, intent text DEFAULT NULL::text, to_version uuid DEFAULT NULL::uuid, reason text DEFAULT ''::text, to_time timestamp with time zone DEFAULT NULL::timestamp with time zone, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.rollback(environment, capability, expected_version, action, intent, to_version, reason, to_time, workspace_id);
ALTER FUNCTION public.rollback(environment text, capability text, expected_version uuid, action text, intent text, to_version uuid, reason text, to_time timestamp with time zone, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION rollback(environment text, capability text, expected_version uuid, action text, intent text, to_version uuid, reason text, to_time timestamp with time zone, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.rollback(environment text, capability text, expected_version uuid, action text, intent text, to_version uuid, reason text, to_time timestamp with time zone, workspace_id uuid) IS 'Returns a scope to what the live version replaced, to a version that was live here (to_version), or to what was live here at a moment (to_time).
One transaction: the next decide anywhere returns it. Several go further back, never to and fro. Where the first publish of an action or intent is rolled back, version is null and the wider scope applies again (applies names its version). Returns the deployment with version, applies and a summary. Refused: 409 stale_version when expected_version is not live here (null: nothing is), 409 already_live, 409 nothing_to_roll_back, 409 nothing_wider, 422 never_live_here, 422 nothing_live_then. Ask preview_rollback first what it would touch.';
-- Name: rollback_variant(uuid, text, integer, text, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.rollback_variant(experiment_id uuid, variant text, expected_revision integer, reason text DEFAULT ''::text, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.rollback_variant(experiment_id, variant, expected_revision, reason, workspace_id);
ALTER FUNCTION public.rollback_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION rollback_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.rollback_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) IS 'Stops an arm at once: its subjects get the control from the next decide on, and no new one is drawn into it.
Returns {experiment_id, variant_id, variant, state, revision, rolled_back_at}. What was measured until now stays comparable.';
-- Name: rotate_api_key(uuid, text, integer, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.rotate_api_key(api_key_id uuid, expected_prefix text, grace_seconds integer DEFAULT 3600, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.rotate_api_key(api_key_id, expected_prefix, grace_seconds, workspace_id);
ALTER FUNCTION public.rotate_api_key(api_key_id uuid, expected_prefix text, grace_seconds integer, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION rotate_api_key(api_key_id uuid, expected_prefix text, grace_seconds integer, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.rotate_api_key(api_key_id uuid, expected_prefix text, grace_seconds integer, workspace_id uuid) IS 'Gives an API key a new `secret`, shown once; the old one works for grace_seconds more (0 to thirty days), so that servers can change over.
Name the prefix that you see: of two who rotate at once, the second is refused (stale_api_key). Needs api_keys.write, every permission that the key holds, and a signed-in user. Refuses revoked keys (api_key_revoked).';
-- Name: run_work_v1(uuid, jsonb); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.run_work_v1(run_id uuid, items jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    RETURN private.run_work(run_id, items);
ALTER FUNCTION public.run_work_v1(run_id uuid, items jsonb) OWNER TO postgres;
-- Name: FUNCTION run_work_v1(run_id uuid, items jsonb); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.run_work_v1(run_id uuid, items jsonb) IS 'Worker only: the items of a run that have no result yet.
Each {version_id, test_case_id, repeat, bundle, variables, expected}.';
-- Name: set_holdout(text, integer, integer, text, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.set_holdout(environment text, share integer, expected_number integer DEFAULT 0, reason text DEFAULT ''::text, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.set_holdout(environment, share, expected_number, reason, workspace_id);
ALTER FUNCTION public.set_holdout(environment text, share integer, expected_number integer, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION set_holdout(environment text, share integer, expected_number integer, reason text, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.set_holdout(environment text, share integer, expected_number integer, reason text, workspace_id uuid) IS 'Holds a share of an environment''s subjects out of every experiment: share in basis points, 500 is 5 %, 0 ends it.
Returns the holdout {id, environment, environment_id, number, share, reason, created_by, created_at}. Name in expected_number the number that you saw, 0 for none; a stale one is refused with 409 stale_holdout. Subjects who have an arm in an experiment keep it; they enter no other. The same share again changes nothing.';
-- Name: set_provider_key(text, text, text, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.set_provider_key(provider text, secret text, name text DEFAULT NULL::text, workspace_id uuid DEFAULT NULL::uuid) RETURNS public.provider_keys
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.set_provider_key(provider, secret, name, workspace_id);
ALTER FUNCTION public.set_provider_key(provider text, secret text, name text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION set_provider_key(provider text, secret text, name text, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.set_provider_key(provider text, secret text, name text, workspace_id uuid) IS 'Stores the key of a language-model provider in Vault, or replaces it.
Nobody can read it back; the row that is returned shows its last four characters.';
-- Name: start_ramp(text, text, uuid, uuid, text, text, numeric[], jsonb, interval, integer, text, text, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.start_ramp(environment text, capability text, version_id uuid, expected_version uuid DEFAULT NULL::uuid, action text DEFAULT NULL::text, intent text DEFAULT NULL::text, steps numeric[] DEFAULT '{5,25,100}'::numeric[], guardrails jsonb DEFAULT '[]'::jsonb, hold interval DEFAULT '1 day'::interval, min_subjects integer DEFAULT 100, unit text DEFAULT 'user'::text, reason text DEFAULT ''::text, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.start_ramp(environment, capability, version_id, expected_version, action, intent, steps, guardrails, hold, min_subjects, unit, reason, workspace_id);
ALTER FUNCTION public.start_ramp(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION start_ramp(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.start_ramp(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text, workspace_id uuid) IS 'Begins to make a version live in steps (percentages of subjects, 5, 25, 100 by default), if expected_version is what is live at this scope now (null: nothing is, a wider scope answers).
Each step but the last runs as an experiment: as many subjects again keep the live version as its control. guardrails is [{metric, margin}]: how much worse, in the metric''s unit, is still acceptable. hold is the least time of a step, min_subjects what each arm needs before a guardrail is believed, unit user or conversation. A worker advances the ramp when hold is over and all guardrails stand, and aborts it when one is breached. Returns the ramp: {ramp_id, experiment_id, state, step, share, next_share, holds_until, revision, …}. Refused: 409 stale_version, already_live, ramp_running, overridden (a narrower scope is live), nothing_to_ramp_from; 422 wrong_prompt; 400 bad_argument.';
-- Name: tag_version(uuid, text, uuid, text, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.tag_version(version_id uuid, name text, expected_version uuid DEFAULT NULL::uuid, reason text DEFAULT ''::text, workspace_id uuid DEFAULT NULL::uuid) RETURNS public.tags
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.tag_version(version_id, name, expected_version, reason, workspace_id);
ALTER FUNCTION public.tag_version(version_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION tag_version(version_id uuid, name text, expected_version uuid, reason text, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.tag_version(version_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) IS 'Points a tag, a name that is unique in the prompt, at a version, and returns it.
A new tag needs no expected_version. To move one, name the version that it points at now; when it points elsewhere, the call is refused (stale_tag). A tag that points there already stays as it is. Every move is a row of tag_moves.';
-- Name: tick_ramps_v1(integer); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.tick_ramps_v1(pause_seconds integer DEFAULT 10) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if pause_seconds is null or pause_seconds not between 0 and 86400 then
    perform private.fail('bad_argument', '{"argument": "pause_seconds", "expected": "from 0 to 86400"}');
  end if;
  return private.tick_ramps(pause_seconds);
end
$$;
ALTER FUNCTION public.tick_ramps_v1(pause_seconds integer) OWNER TO postgres;
-- Name: FUNCTION tick_ramps_v1(pause_seconds integer); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.tick_ramps_v1(pause_seconds integer) IS 'Worker only: looks at the running ramps that nobody has looked at for so many seconds, and moves at most one.
Returns the ramp that moved, with the guardrails that decided; null when there was nothing to do. Call again until then; any number of workers may.';
-- Name: transfer_ownership(uuid, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.transfer_ownership(to_user uuid, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.transfer_ownership(to_user, workspace_id);
ALTER FUNCTION public.transfer_ownership(to_user uuid, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION transfer_ownership(to_user uuid, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.transfer_ownership(to_user uuid, workspace_id uuid) IS 'Makes another member the owner and you an admin, in one transaction.
Only an owner may (owners_only), and only to a member.';
-- Name: untag(uuid, text, uuid, text, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.untag(prompt_id uuid, name text, expected_version uuid, reason text DEFAULT ''::text, workspace_id uuid DEFAULT NULL::uuid) RETURNS public.tags
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.untag(prompt_id, name, expected_version, reason, workspace_id);
ALTER FUNCTION public.untag(prompt_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION untag(prompt_id uuid, name text, expected_version uuid, reason text, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.untag(prompt_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) IS 'Takes a tag away and returns it as it was; tag_moves keeps its history.
Refused when there is no such tag (unknown_tag), or when it points at another version than the one named (stale_tag).';
-- Name: update_role(text, text, text[], uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.update_role(key text, name text, permissions text[], workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.save_role(key, name, permissions, false, workspace_id);
ALTER FUNCTION public.update_role(key text, name text, permissions text[], workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION update_role(key text, name text, permissions text[], workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.update_role(key text, name text, permissions text[], workspace_id uuid) IS 'Renames a role and makes these its permissions, all of them; it counts from its members'' next request on.
Needs roles.write and everything that the role holds now and shall hold (above_your_own). The owner''s role is refused (owner_role_stays).';
-- Name: withdraw(text, text, uuid, text, text, text, uuid); Type: FUNCTION; Schema: public; Owner: postgres
CREATE FUNCTION public.withdraw(environment text, capability text, expected_version uuid, action text DEFAULT NULL::text, intent text DEFAULT NULL::text, reason text DEFAULT ''::text, workspace_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO ''
    RETURN private.withdraw(environment, capability, expected_version, action, intent, reason, workspace_id);
ALTER FUNCTION public.withdraw(environment text, capability text, expected_version uuid, action text, intent text, reason text, workspace_id uuid) OWNER TO postgres;
-- Name: FUNCTION withdraw(environment text, capability text, expected_version uuid, action text, intent text, reason text, workspace_id uuid); Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON FUNCTION public.withdraw(environment text, capability text, expected_version uuid, action text, intent text, reason text, workspace_id uuid) IS 'Ends the override of an action or intent: the wider scope applies from the next decide on. The history stays, and rollback brings the version back.
Returns the deployment (version null), applies with the version that answers now, and a summary. Refused: 409 stale_version, 409 nothing_here when nothing is live at exactly this scope, 409 nothing_wider when no wider scope is live.';
-- Name: beta_fraction(double precision, double precision, double precision); Type: FUNCTION; Schema: stats; Owner: postgres
CREATE FUNCTION stats.beta_fraction(a double precision, b double precision, x double precision) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  tiny constant double precision := 1e-30;
  c double precision := 1;
  d double precision := 1 - (a + b) * x / (a + 1);
  total double precision;
  term double precision;
begin
  d := 1 / case when abs(d) < tiny then tiny else d end;
  total := d;
  for m in 1..10000 loop
    for parity in 0..1 loop
      term := case parity
        when 0 then m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        else -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      end;
      d := 1 + term * d;
      d := 1 / case when abs(d) < tiny then tiny else d end;
      c := 1 + term / c;
      c := case when abs(c) < tiny then tiny else c end;
      total := total * c * d;
    end loop;
    exit when abs(c * d - 1) < 1e-15;
  end loop;
  return total;
end
$$;
ALTER FUNCTION stats.beta_fraction(a double precision, b double precision, x double precision) OWNER TO postgres;
-- Name: FUNCTION beta_fraction(a double precision, b double precision, x double precision); Type: COMMENT; Schema: stats; Owner: postgres
COMMENT ON FUNCTION stats.beta_fraction(a double precision, b double precision, x double precision) IS 'The continued fraction of the incomplete beta function, for x < (a + 1) / (a + b + 2).
Lentz (1976), as modified by Thompson and Barnett.';
-- Name: gamma_upper(double precision, double precision); Type: FUNCTION; Schema: stats; Owner: postgres
CREATE FUNCTION stats.gamma_upper(a double precision, x double precision) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  front constant double precision := stats.exp_or_zero(a * ln(x) - x - stats.ln_gamma(a));
  term double precision := 1 / a;
  total double precision := 1 / a;
  b double precision := x + 1 - a;
  c double precision := 1e30;
  d double precision;
begin
  if x < a + 1 then
    for n in 1..10000 loop
      term := term * x / (a + n);
      total := total + term;
      exit when term < total * 1e-16;
    end loop;
    return 1 - front * total;
  end if;
  d := 1 / b;
  total := d;
  for n in 1..10000 loop
    term := -n * (n - a);
    b := b + 2;
    d := 1 / (term * d + b);
    c := b + term / c;
    total := total * c * d;
    exit when abs(c * d - 1) < 1e-15;
  end loop;
  return front * total;
end
$$;
ALTER FUNCTION stats.gamma_upper(a double precision, x double precision) OWNER TO postgres;
-- Name: FUNCTION gamma_upper(a double precision, x double precision); Type: COMMENT; Schema: stats; Owner: postgres
COMMENT ON FUNCTION stats.gamma_upper(a double precision, x double precision) IS 'The regularised upper incomplete gamma function Q(a, x), a > 0, x > 0: series below a + 1, Lentz'' fraction above.';
-- Name: chi2_sf(double precision, double precision); Type: FUNCTION; Schema: stats; Owner: postgres
CREATE FUNCTION stats.chi2_sf(x double precision, df double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO ''
    RETURN CASE WHEN ((df <= (0)::double precision) OR (x < (0)::double precision)) THEN NULL::double precision WHEN (x = (0)::double precision) THEN (1)::double precision ELSE stats.gamma_upper((df / (2)::double precision), (x / (2)::double precision)) END;
ALTER FUNCTION stats.chi2_sf(x double precision, df double precision) OWNER TO postgres;
-- Name: FUNCTION chi2_sf(x double precision, df double precision); Type: COMMENT; Schema: stats; Owner: postgres
COMMENT ON FUNCTION stats.chi2_sf(x double precision, df double precision) IS 'P(X >= x) for chi-square with df degrees of freedom; null when df is not positive.';
-- Name: exp_or_zero(double precision); Type: FUNCTION; Schema: stats; Owner: postgres
CREATE FUNCTION stats.exp_or_zero(x double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO ''
    RETURN CASE WHEN (x < ('-690'::integer)::double precision) THEN (0)::double precision ELSE exp(x) END;
ALTER FUNCTION stats.exp_or_zero(x double precision) OWNER TO postgres;
-- Name: FUNCTION exp_or_zero(x double precision); Type: COMMENT; Schema: stats; Owner: postgres
COMMENT ON FUNCTION stats.exp_or_zero(x double precision) IS 'exp(x), and 0 below 1e-300: so near the end of a double that the next product would raise.';
-- Name: t_critical(double precision, double precision); Type: FUNCTION; Schema: stats; Owner: postgres
CREATE FUNCTION stats.t_critical(alpha double precision, df double precision) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  u double precision;
  p double precision;
  ln_density double precision;
  step double precision;
begin
  if not (alpha > 0 and alpha < 1 and df > 0) then
    return null;
  end if;
  -- ln p is concave in u = ln t, so Newton overshoots once and then comes down to the root without a bracket.
  u := ln(stats.normal_quantile(1 - alpha / 2));
  for round in 1..60 loop
    p := stats.t_two_sided_p(exp(u), df);
    ln_density := -0.5 * ln(df) - stats.ln_beta_half(df / 2) - (df + 1) / 2 * stats.ln_1p(exp(2 * u) / df);
    step := (ln(p) - ln(alpha)) * p / (2 * exp(ln_density + u));
    u := u + step;
    exit when abs(step) < 1e-14;
  end loop;
  return exp(u);
end
$$;
ALTER FUNCTION stats.t_critical(alpha double precision, df double precision) OWNER TO postgres;
-- Name: FUNCTION t_critical(alpha double precision, df double precision); Type: COMMENT; Schema: stats; Owner: postgres
COMMENT ON FUNCTION stats.t_critical(alpha double precision, df double precision) IS 'The t with P(|T| >= t) = alpha, for df degrees of freedom; half the width of an interval in standard errors.';
-- Name: is_above_zero(double precision, double precision, double precision, double precision); Type: FUNCTION; Schema: stats; Owner: postgres
CREATE FUNCTION stats.is_above_zero(m double precision, v double precision, q double precision, alpha double precision) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    RETURN (m > COALESCE((stats.t_critical(alpha, ((v ^ (2)::double precision) / NULLIF(q, (0)::double precision))) * sqrt(v)), (0)::double precision));
ALTER FUNCTION stats.is_above_zero(m double precision, v double precision, q double precision, alpha double precision) OWNER TO postgres;
-- Name: FUNCTION is_above_zero(m double precision, v double precision, q double precision, alpha double precision); Type: COMMENT; Schema: stats; Owner: postgres
COMMENT ON FUNCTION stats.is_above_zero(m double precision, v double precision, q double precision, alpha double precision) IS 'True when a mean''s own interval lies above zero: only then can something be relative to it.';
-- Name: lift(double precision, double precision, double precision, double precision, double precision, double precision, double precision); Type: FUNCTION; Schema: stats; Owner: postgres
CREATE FUNCTION stats.lift(m0 double precision, m1 double precision, v0 double precision, v1 double precision, q0 double precision, q1 double precision, alpha double precision) RETURNS stats.relative
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  answer stats.relative;
  v double precision;
  half double precision;
begin
  if m1 is null or v0 is null or v1 is null or stats.is_above_zero(m0, v0, q0, alpha) is not true then
    return answer;
  end if;
  answer.lift := m1 / m0 - 1;
  if m1 > 0 then
    v := v0 / m0 ^ 2 + v1 / m1 ^ 2;
    half := sqrt(v) * stats.t_critical(alpha, v ^ 2 / nullif(q0 / m0 ^ 4 + q1 / m1 ^ 4, 0));
    answer.low := m1 / m0 * exp(-half) - 1;
    answer.high := m1 / m0 * exp(half) - 1;
  else
    half := nullif(sqrt(v1 + v0 * (m1 / m0) ^ 2) / m0, 0) * stats.t_critical(alpha, (v0 + v1) ^ 2 / nullif(q0 + q1, 0));
    answer.low := answer.lift - half;
    answer.high := answer.lift + half;
  end if;
  return answer;
end
$$;
ALTER FUNCTION stats.lift(m0 double precision, m1 double precision, v0 double precision, v1 double precision, q0 double precision, q1 double precision, alpha double precision) OWNER TO postgres;
-- Name: FUNCTION lift(m0 double precision, m1 double precision, v0 double precision, v1 double precision, q0 double precision, q1 double precision, alpha double precision); Type: COMMENT; Schema: stats; Owner: postgres
COMMENT ON FUNCTION stats.lift(m0 double precision, m1 double precision, v0 double precision, v1 double precision, q0 double precision, q1 double precision, alpha double precision) IS 'The relative difference by the delta method: on the log scale, so that it never falls below -100 %, or linear where mean one is not positive.
Null when mean nought is not clearly above zero.';
-- Name: ln_1p(double precision); Type: FUNCTION; Schema: stats; Owner: postgres
CREATE FUNCTION stats.ln_1p(x double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO ''
    RETURN CASE WHEN (abs(x) < (0.00000000000000001)::double precision) THEN x WHEN (x < (1)::double precision) THEN ((2)::double precision * atanh((x / ((2)::double precision + x)))) ELSE ln(((1)::double precision + x)) END;
ALTER FUNCTION stats.ln_1p(x double precision) OWNER TO postgres;
-- Name: FUNCTION ln_1p(x double precision); Type: COMMENT; Schema: stats; Owner: postgres
COMMENT ON FUNCTION stats.ln_1p(x double precision) IS 'ln(1 + x) without loss for small x.';
-- Name: ln_gamma(double precision); Type: FUNCTION; Schema: stats; Owner: postgres
CREATE FUNCTION stats.ln_gamma(x double precision) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  coefficients constant double precision[] := array[
    57.156235665862923517, -59.597960355475491248, 14.136097974741747174, -0.49191381609762019978,
    .33994649984811888699e-4, .46523628927048575665e-4, -.98374475304879564677e-4, .15808870322491248884e-3,
    -.21026444172410488319e-3, .21743961811521264320e-3, -.16431810653676389022e-3, .84418223983852743293e-4,
    -.26190838401581408670e-4, .36899182659531622704e-5];
  series double precision := 0.99999999999999709182;
  shifted constant double precision := x + 671.0 / 128;
begin
  for i in 1..14 loop
    series := series + coefficients[i] / (x + i);
  end loop;
  return (x + 0.5) * ln(shifted) - shifted + ln(2.5066282746310005 * series / x);
end
$$;
ALTER FUNCTION stats.ln_gamma(x double precision) OWNER TO postgres;
-- Name: FUNCTION ln_gamma(x double precision); Type: COMMENT; Schema: stats; Owner: postgres
COMMENT ON FUNCTION stats.ln_gamma(x double precision) IS 'ln of the gamma function, x > 0.
Lanczos (1964) with Godfrey''s coefficients for g = 607/128.';
-- Name: ln_beta_half(double precision); Type: FUNCTION; Schema: stats; Owner: postgres
CREATE FUNCTION stats.ln_beta_half(a double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO ''
    RETURN ((0.57236494292470008707)::double precision - CASE WHEN (a > (50)::double precision) THEN (((((0.5)::double precision * ln(a)) - ((1)::double precision / ((8)::double precision * a))) + ((1)::double precision / ((192)::double precision * (a ^ (3)::double precision)))) - ((1)::double precision / ((640)::double precision * (a ^ (5)::double precision)))) ELSE (stats.ln_gamma((a + (0.5)::double precision)) - stats.ln_gamma(a)) END);
ALTER FUNCTION stats.ln_beta_half(a double precision) OWNER TO postgres;
-- Name: FUNCTION ln_beta_half(a double precision); Type: COMMENT; Schema: stats; Owner: postgres
COMMENT ON FUNCTION stats.ln_beta_half(a double precision) IS 'ln B(a, 1/2), to full precision also for large a.';
-- Name: normal_quantile(double precision); Type: FUNCTION; Schema: stats; Owner: postgres
CREATE FUNCTION stats.normal_quantile(p double precision) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  q constant double precision := p - 0.5;
  r double precision;
begin
  if not (p > 0 and p < 1) then
    return null;
  elsif abs(q) <= 0.425 then
    r := 0.180625 - q * q;
    return q * stats.polynomial(array[
        3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
        45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727], r)
      / stats.polynomial(array[
        1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
        21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610], r);
  end if;
  r := sqrt(-ln(case when q < 0 then p else 1 - p end));
  return sign(q) * case when r <= 5 then
    stats.polynomial(array[
      1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
      1.27045825245236838258, .241780725177450611770, .0227238449892691845833, 7.74545014278341407640e-4], r - 1.6)
    / stats.polynomial(array[
      1, 2.05319162663775882187, 1.67638483018380384940, .689767334985100004550,
      .148103976427480074590, .0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9], r - 1.6)
  else
    stats.polynomial(array[
      6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, .296560571828504891230,
      .0265321895265761230930, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7], r - 5)
    / stats.polynomial(array[
      1, .599832206555887937690, .136929880922735805310, .0148753612908506148525,
      7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15], r - 5)
  end;
end
$$;
ALTER FUNCTION stats.normal_quantile(p double precision) OWNER TO postgres;
-- Name: FUNCTION normal_quantile(p double precision); Type: COMMENT; Schema: stats; Owner: postgres
COMMENT ON FUNCTION stats.normal_quantile(p double precision) IS 'The normal quantile of p, 0 < p < 1.
Wichura (1988), algorithm AS 241.';
-- Name: polynomial(double precision[], double precision); Type: FUNCTION; Schema: stats; Owner: postgres
CREATE FUNCTION stats.polynomial(coefficients double precision[], x double precision) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  total double precision := 0;
begin
  for i in reverse cardinality(coefficients)..1 loop
    total := total * x + coefficients[i];
  end loop;
  return total;
end
$$;
ALTER FUNCTION stats.polynomial(coefficients double precision[], x double precision) OWNER TO postgres;
-- Name: FUNCTION polynomial(coefficients double precision[], x double precision); Type: COMMENT; Schema: stats; Owner: postgres
COMMENT ON FUNCTION stats.polynomial(coefficients double precision[], x double precision) IS 'c1 + c2 x + c3 x^2 + …, by Horner.';
-- Name: t_two_sided_p(double precision, double precision); Type: FUNCTION; Schema: stats; Owner: postgres
CREATE FUNCTION stats.t_two_sided_p(t double precision, df double precision) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  a constant double precision := df / 2;
  ln_y double precision;
  ln_x double precision;
  ln_front double precision;
begin
  if df <= 0 or t = 0 then
    return case when df > 0 then 1 end;
  end if;
  -- p = I_x(df/2, 1/2) with x = df / (df + t^2), all of it in logarithms: t^2 may overflow.
  ln_y := 2 * ln(abs(t)) - ln(df);
  ln_x := case when ln_y > 700 then -ln_y else -stats.ln_1p(stats.exp_or_zero(ln_y)) end;
  ln_front := a * ln_x + 0.5 * (ln_y + ln_x) - stats.ln_beta_half(a);
  if stats.exp_or_zero(ln_x) < (a + 1) / (a + 2.5) then
    return stats.exp_or_zero(ln_front) * stats.beta_fraction(a, 0.5, stats.exp_or_zero(ln_x)) / a;
  end if;
  return 1 - stats.exp_or_zero(ln_front) * stats.beta_fraction(0.5, a, stats.exp_or_zero(ln_y + ln_x)) * 2;
end
$$;
ALTER FUNCTION stats.t_two_sided_p(t double precision, df double precision) OWNER TO postgres;
-- Name: FUNCTION t_two_sided_p(t double precision, df double precision); Type: COMMENT; Schema: stats; Owner: postgres
COMMENT ON FUNCTION stats.t_two_sided_p(t double precision, df double precision) IS 'P(|T| >= |t|) for Student''s t with df degrees of freedom; null when df is not positive.';
-- Name: welch(double precision, double precision, double precision, double precision, double precision, double precision, double precision); Type: FUNCTION; Schema: stats; Owner: postgres
CREATE FUNCTION stats.welch(m0 double precision, m1 double precision, v0 double precision, v1 double precision, q0 double precision, q1 double precision, alpha double precision) RETURNS stats.contrast
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  answer stats.contrast;
begin
  answer.mean_control := m0;
  answer.mean_variant := m1;
  if m0 is null or m1 is null or v0 is null or v1 is null then
    return answer;
  end if;
  answer.difference := m1 - m0;
  answer.std_error := sqrt(v0 + v1);
  answer.df := (v0 + v1) ^ 2 / nullif(q0 + q1, 0);
  answer.half := stats.t_critical(alpha, answer.df) * answer.std_error;
  return answer;
end
$$;
ALTER FUNCTION stats.welch(m0 double precision, m1 double precision, v0 double precision, v1 double precision, q0 double precision, q1 double precision, alpha double precision) OWNER TO postgres;
-- Name: FUNCTION welch(m0 double precision, m1 double precision, v0 double precision, v1 double precision, q0 double precision, q1 double precision, alpha double precision); Type: COMMENT; Schema: stats; Owner: postgres
COMMENT ON FUNCTION stats.welch(m0 double precision, m1 double precision, v0 double precision, v1 double precision, q0 double precision, q1 double precision, alpha double precision) IS 'Mean one minus mean nought with unequal variances. Welch (1947), Satterthwaite (1946).
Without variances there is no difference to speak of; without any spread there is no interval.';
-- Name: api_key_secrets; Type: TABLE; Schema: private; Owner: postgres
CREATE TABLE private.api_key_secrets (
    hash text NOT NULL,
    api_key_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    expires_at timestamp with time zone,
    CONSTRAINT api_key_secrets_hash_shape CHECK ((hash ~ '^[0-9a-f]{64}$'::text))
);
ALTER TABLE private.api_key_secrets OWNER TO postgres;
-- Name: TABLE api_key_secrets; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON TABLE private.api_key_secrets IS 'The secrets that open an API key, by hash: the present one and, for a while after a rotation, the one before.';
-- Name: COLUMN api_key_secrets.hash; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.api_key_secrets.hash IS 'SHA-256 of the secret, in hex. A secret has 244 random bits, so that no slow hash is needed.';
-- Name: COLUMN api_key_secrets.api_key_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.api_key_secrets.api_key_id IS 'The key.';
-- Name: COLUMN api_key_secrets.workspace_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.api_key_secrets.workspace_id IS 'The workspace.';
-- Name: COLUMN api_key_secrets.expires_at; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.api_key_secrets.expires_at IS 'When this secret stops working although the key lives on; null for the present one.';
-- Name: audit_exempt; Type: VIEW; Schema: private; Owner: postgres
CREATE VIEW private.audit_exempt WITH (security_invoker='true') AS
 SELECT table_name,
    reason
   FROM ( VALUES ('api_key_uses'::text,'When a key was last used: a clock that the gate moves, not a write of anybody.'::text), ('assignments'::text,'Append-only, and each row names its actor: it is its own record. A second one would slow decide by two fifths.'::text), ('audit_events'::text,'The log itself.'::text), ('experiment_moves'::text,'Reference data: the same for all workspaces, written by migrations alone.'::text), ('permissions'::text,'Reference data: the same for all workspaces, written by migrations alone.'::text)) listed(table_name, reason);
ALTER VIEW private.audit_exempt OWNER TO postgres;
-- Name: VIEW audit_exempt; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON VIEW private.audit_exempt IS 'One row per public table that is not in the audit log, with the reason.';
-- Name: audited; Type: VIEW; Schema: private; Owner: postgres
CREATE VIEW private.audited WITH (security_invoker='true') AS
 SELECT table_name,
    mode,
    secrets,
    silent
   FROM ( VALUES ('actions'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('api_keys'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('branches'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('capabilities'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('changes'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('deployments'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('environments'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('experiment_actions'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('experiment_intents'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('experiment_metrics'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('experiment_phase_arms'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('experiment_phases'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('experiments'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('inferences'::text,'batch'::text,'{}'::text[],'{}'::text[]), ('holdouts'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('intent_examples'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('intents'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('invitations'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('job_failures'::text,'batch'::text,'{}'::text[],'{}'::text[]), ('layers'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('members'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('outcome_keys'::text,'batch'::text,'{}'::text[],'{}'::text[]), ('outcome_metrics'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('outcomes'::text,'batch'::text,'{}'::text[],'{}'::text[]), ('prompt_template_versions'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('prompt_templates'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('prompt_versions'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('prompts'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('provider_keys'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('ramp_steps'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('ramps'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('role_permissions'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('roles'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('run_results'::text,'batch'::text,'{}'::text[],'{}'::text[]), ('runs'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('tag_moves'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('tags'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('test_cases'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('variant_rollbacks'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('variant_versions'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('variants'::text,'rows'::text,'{}'::text[],'{}'::text[]), ('workspaces'::text,'rows'::text,'{}'::text[],'{}'::text[])) listed(table_name, mode, secrets, silent);
ALTER VIEW private.audited OWNER TO postgres;
-- Name: VIEW audited; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON VIEW private.audited IS 'One row per public table whose writes are in the audit log: how, and which columns are kept out.';
-- Name: batch_fields; Type: VIEW; Schema: private; Owner: postgres
CREATE VIEW private.batch_fields AS
 SELECT batch,
    name,
    type,
    is_required,
    row_number() OVER () AS "position"
   FROM ( VALUES ('inference'::text,'id'::text,'uuid'::text,true), ('inference'::text,'environment'::text,'name'::text,true), ('inference'::text,'subject'::text,'name'::text,true), ('inference'::text,'conversation'::text,'name'::text,false), ('inference'::text,'capability'::text,'name'::text,true), ('inference'::text,'action'::text,'name'::text,false), ('inference'::text,'intent'::text,'name'::text,false), ('inference'::text,'version_id'::text,'uuid'::text,true), ('inference'::text,'experiment_id'::text,'uuid'::text,false), ('inference'::text,'variant_id'::text,'uuid'::text,false), ('inference'::text,'provider'::text,'name'::text,true), ('inference'::text,'requested_model'::text,'name'::text,true), ('inference'::text,'resolved_model'::text,'name'::text,false), ('inference'::text,'started_at'::text,'instant'::text,true), ('inference'::text,'latency_ms'::text,'amount'::text,true), ('inference'::text,'input_tokens'::text,'count'::text,false), ('inference'::text,'output_tokens'::text,'count'::text,false), ('inference'::text,'cost_usd'::text,'amount'::text,false), ('inference'::text,'status'::text,'status'::text,true), ('inference'::text,'error_code'::text,'name'::text,false), ('inference'::text,'finish_reason'::text,'name'::text,false), ('inference'::text,'output'::text,'text'::text,false), ('inference'::text,'keys'::text,'keys'::text,false), ('outcome'::text,'metric'::text,'name'::text,true), ('outcome'::text,'value'::text,'value'::text,true), ('outcome'::text,'environment'::text,'name'::text,true), ('outcome'::text,'subject'::text,'name'::text,false), ('outcome'::text,'conversation'::text,'name'::text,false), ('outcome'::text,'inference_id'::text,'uuid'::text,false), ('outcome'::text,'key'::text,'key'::text,false), ('outcome'::text,'occurred_at'::text,'instant'::text,true), ('outcome'::text,'source'::text,'name'::text,true), ('outcome'::text,'source_event_id'::text,'name'::text,true), ('result'::text,'version_id'::text,'uuid'::text,true), ('result'::text,'test_case_id'::text,'uuid'::text,true), ('result'::text,'repeat'::text,'count'::text,true), ('result'::text,'status'::text,'status'::text,true), ('result'::text,'output'::text,'text'::text,false), ('result'::text,'finish_reason'::text,'name'::text,false), ('result'::text,'latency_ms'::text,'amount'::text,false), ('result'::text,'input_tokens'::text,'count'::text,false), ('result'::text,'output_tokens'::text,'count'::text,false), ('result'::text,'cost_usd'::text,'amount'::text,false), ('result'::text,'error_code'::text,'name'::text,false), ('result'::text,'error_message'::text,'text'::text,false), ('result'::text,'attempts'::text,'count'::text,false)) field(batch, name, type, is_required);
ALTER VIEW private.batch_fields OWNER TO postgres;
-- Name: VIEW batch_fields; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON VIEW private.batch_fields IS 'One row per field that a row of a batch may hold: its type, and whether it must be there.';
-- Name: experiment_metrics; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.experiment_metrics (
    workspace_id uuid NOT NULL,
    experiment_id uuid NOT NULL,
    metric_id uuid NOT NULL,
    role text DEFAULT 'secondary'::text NOT NULL,
    margin double precision,
    CONSTRAINT experiment_metrics_margin_of_guardrail CHECK (((margin IS NULL) OR (role = 'guardrail'::text))),
    CONSTRAINT experiment_metrics_margin_positive CHECK (((margin > (0)::double precision) AND (margin < 'Infinity'::double precision))),
    CONSTRAINT experiment_metrics_role_known CHECK ((role = ANY (ARRAY['primary'::text, 'secondary'::text, 'guardrail'::text])))
);
ALTER TABLE public.experiment_metrics OWNER TO postgres;
-- Name: TABLE experiment_metrics; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.experiment_metrics IS 'The outcomes that an experiment is judged by.';
-- Name: COLUMN experiment_metrics.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_metrics.workspace_id IS 'The workspace.';
-- Name: COLUMN experiment_metrics.experiment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_metrics.experiment_id IS 'The experiment.';
-- Name: COLUMN experiment_metrics.metric_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_metrics.metric_id IS 'The outcome metric.';
-- Name: COLUMN experiment_metrics.role; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_metrics.role IS 'primary (at most one), secondary or guardrail.';
-- Name: COLUMN experiment_metrics.margin; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_metrics.margin IS 'Guardrails: how much worse is still acceptable, in the metric''s unit.';
-- Name: outcome_metrics; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.outcome_metrics (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    kind text NOT NULL,
    unit text DEFAULT ''::text NOT NULL,
    direction text DEFAULT 'increase'::text NOT NULL,
    attribution_window interval DEFAULT '7 days'::interval NOT NULL,
    join_key text DEFAULT 'subject'::text NOT NULL,
    when_absent text DEFAULT 'exclude'::text NOT NULL,
    per_subject text,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT outcome_metrics_direction_known CHECK ((direction = ANY (ARRAY['increase'::text, 'decrease'::text]))),
    CONSTRAINT outcome_metrics_join_key_known CHECK ((join_key = ANY (ARRAY['subject'::text, 'conversation'::text, 'inference'::text, 'business_key'::text]))),
    CONSTRAINT outcome_metrics_key_shape CHECK ((key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'::text)),
    CONSTRAINT outcome_metrics_kind_known CHECK ((kind = ANY (ARRAY['proportion'::text, 'mean'::text, 'count'::text, 'ratio'::text, 'quantile'::text, 'duration'::text]))),
    CONSTRAINT outcome_metrics_per_subject_known CHECK ((per_subject = ANY (ARRAY['sum'::text, 'mean'::text, 'max'::text]))),
    CONSTRAINT outcome_metrics_when_absent_known CHECK ((when_absent = ANY (ARRAY['zero'::text, 'exclude'::text]))),
    CONSTRAINT outcome_metrics_window_positive CHECK ((attribution_window > '00:00:00'::interval))
);
ALTER TABLE public.outcome_metrics OWNER TO postgres;
-- Name: TABLE outcome_metrics; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.outcome_metrics IS 'What is counted: a booked call, a resolution time, a CSAT answer.';
-- Name: COLUMN outcome_metrics.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_metrics.id IS 'Time-ordered uuid.';
-- Name: COLUMN outcome_metrics.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_metrics.workspace_id IS 'The workspace.';
-- Name: COLUMN outcome_metrics.key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_metrics.key IS 'The name that code uses: unique in the workspace.';
-- Name: COLUMN outcome_metrics.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_metrics.name IS 'What people call it.';
-- Name: COLUMN outcome_metrics.description; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_metrics.description IS 'How it is measured.';
-- Name: COLUMN outcome_metrics.kind; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_metrics.kind IS 'proportion, mean, count, ratio, quantile or duration.';
-- Name: COLUMN outcome_metrics.unit; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_metrics.unit IS 'Unit of a value, for instance EUR or seconds.';
-- Name: COLUMN outcome_metrics.direction; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_metrics.direction IS 'Which way is better: increase or decrease.';
-- Name: COLUMN outcome_metrics.attribution_window; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_metrics.attribution_window IS 'An outcome counts from the first exposure until this much later, the end excluded.';
-- Name: COLUMN outcome_metrics.join_key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_metrics.join_key IS 'The key that its outcomes usually carry: subject, conversation, inference or business_key.';
-- Name: COLUMN outcome_metrics.when_absent; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_metrics.when_absent IS 'A subject without an outcome counts as zero, or is excluded.';
-- Name: COLUMN outcome_metrics.per_subject; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_metrics.per_subject IS 'How several outcomes of one subject become one number: sum, mean or max.
Null means: max for a proportion, sum for a count, else sum when absence is zero and mean when it is excluded.';
-- Name: COLUMN outcome_metrics.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.outcome_metrics.created_at IS 'When it was defined.';
-- Name: comparisons; Type: VIEW; Schema: private; Owner: postgres
CREATE VIEW private.comparisons WITH (security_invoker='true') AS
 SELECT e.workspace_id,
    e.id AS experiment_id,
    e.key AS experiment_key,
    e.environment_id,
        CASE e.unit
            WHEN 'conversation'::text THEN 'conversation'::text
            ELSE 'subject'::text
        END AS unit_kind,
    v.id AS variant_id,
    v.key AS variant_key,
    v.name AS variant_name,
    c.id AS control_variant_id,
    m.id AS metric_id,
    m.key AS metric_key,
    m.name AS metric_name,
    m.kind AS metric_kind,
    m.unit AS metric_unit,
    m.direction AS metric_direction,
    em.role AS metric_role,
    m.when_absent,
    COALESCE(m.per_subject,
        CASE
            WHEN (m.kind = 'proportion'::text) THEN 'max'::text
            WHEN ((m.kind = 'count'::text) OR (m.when_absent = 'zero'::text)) THEN 'sum'::text
            ELSE 'mean'::text
        END) AS per_subject,
    make_interval(secs => (EXTRACT(epoch FROM m.attribution_window))::double precision) AS attribution_window
   FROM ((((public.experiments e
     JOIN public.variants v ON (((v.experiment_id = e.id) AND (NOT v.is_control))))
     JOIN public.variants c ON (((c.experiment_id = e.id) AND c.is_control)))
     JOIN public.experiment_metrics em ON ((em.experiment_id = e.id)))
     JOIN public.outcome_metrics m ON ((m.id = em.metric_id)));
ALTER VIEW private.comparisons OWNER TO postgres;
-- Name: VIEW comparisons; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON VIEW private.comparisons IS 'One row per experiment × variant that is not the control × metric: what is compared with what, and how.';
-- Name: experiment_phases; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.experiment_phases (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    experiment_id uuid NOT NULL,
    number integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    CONSTRAINT experiment_phases_number_positive CHECK ((number > 0))
);
ALTER TABLE public.experiment_phases OWNER TO postgres;
-- Name: TABLE experiment_phases; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.experiment_phases IS 'A stretch of an experiment with the same arms and weights.
A new one begins when they change, so that arms are only ever compared within a phase.';
-- Name: COLUMN experiment_phases.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_phases.id IS 'Time-ordered uuid.';
-- Name: COLUMN experiment_phases.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_phases.workspace_id IS 'The workspace.';
-- Name: COLUMN experiment_phases.experiment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_phases.experiment_id IS 'The experiment.';
-- Name: COLUMN experiment_phases.number; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_phases.number IS 'Counts from 1; the highest is the present one.';
-- Name: COLUMN experiment_phases.started_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_phases.started_at IS 'When it began; it ends when the next begins.';
-- Name: variant_rollbacks; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.variant_rollbacks (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    experiment_id uuid NOT NULL,
    variant_id uuid NOT NULL,
    phase_number integer NOT NULL,
    rolled_back_at timestamp with time zone NOT NULL
);
ALTER TABLE public.variant_rollbacks OWNER TO postgres;
-- Name: TABLE variant_rollbacks; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.variant_rollbacks IS 'Each time that an arm was stopped. Written by rollback_variant.
A subject of a phase before it counts until then, also when the arm was restored later: in between it got the control.';
-- Name: COLUMN variant_rollbacks.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variant_rollbacks.id IS 'Time-ordered uuid.';
-- Name: COLUMN variant_rollbacks.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variant_rollbacks.workspace_id IS 'The workspace.';
-- Name: COLUMN variant_rollbacks.experiment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variant_rollbacks.experiment_id IS 'The experiment.';
-- Name: COLUMN variant_rollbacks.variant_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variant_rollbacks.variant_id IS 'The arm.';
-- Name: COLUMN variant_rollbacks.phase_number; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variant_rollbacks.phase_number IS 'The phase that it ended; 0 before the first.';
-- Name: COLUMN variant_rollbacks.rolled_back_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variant_rollbacks.rolled_back_at IS 'When.';
-- Name: phase_cuts; Type: VIEW; Schema: private; Owner: postgres
CREATE VIEW private.phase_cuts WITH (security_invoker='true') AS
 SELECT p.id AS phase_id,
    r.variant_id,
    min(r.rolled_back_at) AS counts_until
   FROM (public.experiment_phases p
     JOIN public.variant_rollbacks r ON (((r.workspace_id = p.workspace_id) AND (r.experiment_id = p.experiment_id) AND (r.phase_number >= p.number))))
  GROUP BY p.id, r.variant_id;
ALTER VIEW private.phase_cuts OWNER TO postgres;
-- Name: VIEW phase_cuts; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON VIEW private.phase_cuts IS 'One row per phase × variant that was rolled back in or after it: when.
From then on the phase''s subjects got something else, whether or not the variant came back.';
-- Name: placed_outcomes; Type: VIEW; Schema: private; Owner: postgres
CREATE VIEW private.placed_outcomes WITH (security_invoker='true') AS
 SELECT o.workspace_id,
    o.environment_id,
    o.metric_id,
    o.value,
    o.occurred_at,
    COALESCE(o.subject, by_inference.subject, by_conversation.subject, by_key.subject) AS subject,
    COALESCE(o.conversation, by_inference.conversation, NULLIF(by_key.conversation, ''::text)) AS conversation
   FROM (((public.outcomes o
     LEFT JOIN public.inferences by_inference ON (((by_inference.workspace_id = o.workspace_id) AND (by_inference.id = o.inference_id))))
     LEFT JOIN LATERAL ( SELECT k.subject,
            k.conversation
           FROM public.outcome_keys k
          WHERE ((k.workspace_id = o.workspace_id) AND (k.key_type = o.key_type) AND (k.key_value = o.key_value))
          ORDER BY k.seen_at, k.subject, k.conversation
         LIMIT 1) by_key ON (true))
     LEFT JOIN LATERAL ( SELECT seen.subject
           FROM ( SELECT i.subject,
                    i.started_at AS seen_at
                   FROM public.inferences i
                  WHERE ((i.workspace_id = o.workspace_id) AND (i.conversation = o.conversation))
                UNION ALL
                 SELECT a.subject,
                    a.assigned_at
                   FROM public.assignments a
                  WHERE ((a.workspace_id = o.workspace_id) AND (a.conversation = o.conversation))) seen
          WHERE (o.subject IS NULL)
          ORDER BY seen.seen_at, seen.subject
         LIMIT 1) by_conversation ON (true));
ALTER VIEW private.placed_outcomes OWNER TO postgres;
-- Name: VIEW placed_outcomes; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON VIEW private.placed_outcomes IS 'One row per outcome, with the subject and the conversation that it belongs to, as far as they are known by now.
What the source said comes first, then the inference, the conversation and the business key that it named. Ties go to the earliest by the callers'' clocks, so the order of arrival does not matter.';
-- Name: unit_outcomes; Type: VIEW; Schema: private; Owner: postgres
CREATE VIEW private.unit_outcomes WITH (security_invoker='true') AS
 SELECT o.workspace_id,
    o.environment_id,
    o.metric_id,
    o.value,
    o.occurred_at,
    unit.kind AS unit_kind,
    unit.id AS unit_id
   FROM (private.placed_outcomes o
     CROSS JOIN LATERAL ( VALUES ('subject'::text,o.subject), ('conversation'::text,o.conversation)) unit(kind, id))
  WHERE (unit.id IS NOT NULL);
ALTER VIEW private.unit_outcomes OWNER TO postgres;
-- Name: VIEW unit_outcomes; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON VIEW private.unit_outcomes IS 'One row per outcome × unit that it can be counted for: its subject, its conversation.';
-- Name: experiment_phase_arms; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.experiment_phase_arms (
    workspace_id uuid NOT NULL,
    experiment_id uuid NOT NULL,
    phase_id uuid NOT NULL,
    variant_id uuid NOT NULL,
    weight integer NOT NULL,
    bucket_from integer NOT NULL,
    bucket_to integer NOT NULL,
    CONSTRAINT experiment_phase_arms_buckets CHECK (((0 <= bucket_from) AND (bucket_from <= bucket_to) AND (bucket_to <= 10000)))
);
ALTER TABLE public.experiment_phase_arms OWNER TO postgres;
-- Name: TABLE experiment_phase_arms; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.experiment_phase_arms IS 'The buckets that an arm owned in a phase.';
-- Name: COLUMN experiment_phase_arms.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_phase_arms.workspace_id IS 'The workspace.';
-- Name: COLUMN experiment_phase_arms.experiment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_phase_arms.experiment_id IS 'The experiment.';
-- Name: COLUMN experiment_phase_arms.phase_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_phase_arms.phase_id IS 'The phase.';
-- Name: COLUMN experiment_phase_arms.variant_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_phase_arms.variant_id IS 'The arm.';
-- Name: COLUMN experiment_phase_arms.weight; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_phase_arms.weight IS 'Its weight then.';
-- Name: COLUMN experiment_phase_arms.bucket_from; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_phase_arms.bucket_from IS 'First of its buckets, of 0 to 9999.';
-- Name: COLUMN experiment_phase_arms.bucket_to; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_phase_arms.bucket_to IS 'One past its last bucket.';
-- Name: comparison_subjects; Type: VIEW; Schema: private; Owner: postgres
CREATE VIEW private.comparison_subjects WITH (security_invoker='true') AS
 SELECT c.experiment_id,
    c.variant_id,
    c.metric_id,
    a.phase_id,
    (a.variant_id = c.variant_id) AS is_treated,
    a.unit_id,
    COALESCE(
        CASE c.per_subject
            WHEN 'max'::text THEN max(o.value)
            WHEN 'sum'::text THEN sum(o.value)
            ELSE avg(o.value)
        END, (
        CASE c.when_absent
            WHEN 'zero'::text THEN 0
            ELSE NULL::integer
        END)::double precision) AS value
   FROM (((((private.comparisons c
     JOIN public.assignments a ON (((a.workspace_id = c.workspace_id) AND (a.experiment_id = c.experiment_id) AND ((a.variant_id = c.variant_id) OR (a.variant_id = c.control_variant_id)))))
     JOIN public.experiment_phase_arms treated ON (((treated.phase_id = a.phase_id) AND (treated.variant_id = c.variant_id))))
     JOIN public.experiment_phase_arms control ON (((control.phase_id = a.phase_id) AND (control.variant_id = c.control_variant_id))))
     LEFT JOIN private.phase_cuts cut ON (((cut.phase_id = a.phase_id) AND (cut.variant_id = c.variant_id))))
     LEFT JOIN private.unit_outcomes o ON (((o.workspace_id = c.workspace_id) AND (o.environment_id = c.environment_id) AND (o.metric_id = c.metric_id) AND (o.unit_kind = c.unit_kind) AND (o.unit_id = a.unit_id) AND (o.occurred_at >= a.assigned_at) AND (o.occurred_at < LEAST((a.assigned_at + c.attribution_window), COALESCE(cut.counts_until, 'infinity'::timestamp with time zone))))))
  GROUP BY c.experiment_id, c.variant_id, c.metric_id, c.per_subject, c.when_absent, a.phase_id, a.variant_id, a.unit_id;
ALTER VIEW private.comparison_subjects OWNER TO postgres;
-- Name: VIEW comparison_subjects; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON VIEW private.comparison_subjects IS 'One row per comparison × subject of its two arms, in the phases that had both: the subject''s value.
As assigned. Outcomes count from the first exposure to the end of the window, the end excluded, and not after the variant was rolled back. Null when the subject has none and absence is excluded.';
-- Name: comparison_cells; Type: VIEW; Schema: private; Owner: postgres
CREATE VIEW private.comparison_cells WITH (security_invoker='true') AS
 SELECT experiment_id,
    variant_id,
    metric_id,
    phase_id,
    is_treated,
    (count(value))::double precision AS n,
    avg(value) AS mean,
        CASE
            WHEN ((min(value) = max(value)) AND (count(value) > 1)) THEN (0)::double precision
            ELSE var_samp(value)
        END AS variance
   FROM private.comparison_subjects s
  GROUP BY experiment_id, variant_id, metric_id, phase_id, is_treated;
ALTER VIEW private.comparison_cells OWNER TO postgres;
-- Name: VIEW comparison_cells; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON VIEW private.comparison_cells IS 'One row per comparison × phase × arm: n, mean and variance of the subjects'' values.';
-- Name: errors; Type: VIEW; Schema: private; Owner: postgres
CREATE VIEW private.errors AS
 SELECT code,
    sqlstate,
    message,
    hint
   FROM ( VALUES ('sign_in_required'::text,'PT401'::text,'Nobody is signed in.'::text,'Send a user''s access token in Authorization, or call from your server with a secret key.'::text), ('no_workspace'::text,'PT403'::text,'You belong to no workspace yet.'::text,'Call create_workspace, or ask a workspace''s owner to add you.'::text), ('workspace_ambiguous'::text,'PT400'::text,'You can reach several workspaces: say which one is meant.'::text,'Pass workspace_id.'::text), ('workspace_not_found'::text,'PT404'::text,'There is no workspace {workspace_id} that you can see.'::text,'Read /workspaces to see yours.'::text), ('permission_denied'::text,'PT403'::text,'Your role does not hold the permission {permission}.'::text,'Ask an owner or admin of the workspace to change your role or the role''s permissions.'::text), ('person_required'::text,'PT403'::text,'Only a signed-in person may do this.'::text,'Call with a user''s access token in Authorization; an API key or a server''s key does not do.'::text), ('environment_denied'::text,'PT403'::text,'The API key is not for this environment.'::text,'Use a key that is scoped to the environment, or to all.'::text), ('bad_api_key'::text,'PT401'::text,'The API key is not valid.'::text,'Send a key that is neither revoked nor expired in x-upshot-key; create_api_key makes one.'::text), ('key_and_session'::text,'PT400'::text,'An API key stands alone: it cannot be combined with a user''s token or a secret key.'::text,'Send x-upshot-key with the publishable key in apikey and no other Authorization, or leave x-upshot-key out.'::text), ('above_your_own'::text,'PT403'::text,'You cannot give what you do not hold: {permission}.'::text,'Leave the permission out, or ask somebody who holds it.'::text), ('not_for_keys'::text,'PT422'::text,'An API key must hold permissions, and cannot hold {permission}.'::text,'Name keys of /permissions whose is_personal is false.'::text), ('api_key_name_taken'::text,'PT409'::text,'A live API key is called {name} already.'::text,'Choose another name, or rotate that key.'::text), ('stale_api_key'::text,'PT409'::text,'The key has been rotated since you looked.'::text,'Read its prefix again, then rotate if it is still needed.'::text), ('api_key_revoked'::text,'PT409'::text,'The API key is revoked.'::text,'Make a new one with create_api_key.'::text), ('owners_only'::text,'PT403'::text,'Only an owner makes, changes or removes an owner.'::text,'Ask an owner of the workspace.'::text), ('already_member'::text,'PT409'::text,'{email} belongs to the workspace already.'::text,'Change their role with change_role.'::text), ('invitation_over'::text,'PT410'::text,'The invitation is no longer open: it was {state}.'::text,'Ask for a new one.'::text), ('invitation_for_another'::text,'PT403'::text,'The invitation is for another email address than yours.'::text,'Sign in with the address that was invited.'::text), ('email_unconfirmed'::text,'PT403'::text,'Your email address is not confirmed.'::text,'Confirm it, then accept the invitation.'::text), ('stale_role'::text,'PT409'::text,'The member has another role than the one you named.'::text,'Read /members and call again with expected_role set to what it is.'::text), ('role_taken'::text,'PT409'::text,'The workspace has a role {role} already.'::text,'Choose another key, or edit that role.'::text), ('role_in_use'::text,'PT409'::text,'The role {role} cannot be deleted: somebody has it, or is invited to it.'::text,'Give the members another role and revoke the invitations first.'::text), ('owner_role_stays'::text,'PT409'::text,'The owner''s role can be neither narrowed nor deleted.'::text,'Edit another role, or make one.'::text), ('unknown_environment'::text,'PT404'::text,'There is no environment {environment} in this workspace.'::text,'Use the key of a row of /environments.'::text), ('unknown_capability'::text,'PT404'::text,'There is no capability {capability} in this workspace.'::text,'Use the key of a row of /capabilities, or insert one.'::text), ('unknown_action'::text,'PT404'::text,'The capability has no action {action}.'::text,'Use the key of a row of /actions of this capability, or insert one.'::text), ('unknown_intent'::text,'PT404'::text,'There is no intent {intent} in this workspace.'::text,'Use the key of a row of /intents, or leave intent out.'::text), ('unknown_metric'::text,'PT404'::text,'There is no outcome metric {metric} in this workspace.'::text,'Use the key of a row of /outcome_metrics, or insert one.'::text), ('unknown_prompt'::text,'PT404'::text,'There is no prompt {prompt_id} that you can see.'::text,'Use the id of a row of /prompts.'::text), ('unknown_branch'::text,'PT404'::text,'The prompt has no branch {branch}.'::text,'Make it with create_branch.'::text), ('unknown_tag'::text,'PT404'::text,'The prompt has no tag {tag}.'::text,'Read /tags for the tags of this prompt.'::text), ('unknown_version'::text,'PT404'::text,'There is no prompt version {version_id} that you can see.'::text,'Use the id of a row of /prompt_versions.'::text), ('unknown_experiment'::text,'PT404'::text,'There is no experiment {experiment_id} that you can see.'::text,'Use the id of a row of /experiments.'::text), ('unknown_variant'::text,'PT404'::text,'The experiment has no variant {variant}.'::text,'Use the key of a row of /variants of this experiment.'::text), ('unknown_test_case'::text,'PT404'::text,'There is no test case {test_case_id} that you can see.'::text,'Use the id of a row of /test_cases.'::text), ('unknown_api_key'::text,'PT404'::text,'There is no API key {api_key_id} that you can see.'::text,'Use the id of a row of /api_keys.'::text), ('unknown_role'::text,'PT404'::text,'There is no role {role} in this workspace.'::text,'Use the key of a row of /roles.'::text), ('unknown_member'::text,'PT404'::text,'There is no member {user_id} that you can see.'::text,'Use the user_id of a row of /members.'::text), ('unknown_invitation'::text,'PT404'::text,'There is no such invitation for you.'::text,'Use the whole token, signed in with the address that was invited; my_invitations lists what waits for you.'::text), ('unknown_run'::text,'PT404'::text,'There is no run {run_id} that you can see.'::text,'Use the id of a row of /runs.'::text), ('unknown_provider_key'::text,'PT404'::text,'The workspace has no key for the provider {provider}.'::text,'Store one with set_provider_key.'::text), ('unknown_ramp'::text,'PT404'::text,'There is no ramp {ramp_id} that you can see.'::text,'Use the id of a row of /ramps.'::text), ('nothing_deployed'::text,'PT404'::text,'Nothing is live for this capability in {environment}.'::text,'Publish a version first, at the capability or at a narrower scope.'::text), ('stale_version'::text,'PT409'::text,'Another version is live here than the one you named.'::text,'Read live_deployments and call again with expected_version set to what is live.'::text), ('stale_revision'::text,'PT409'::text,'The experiment has changed since revision {expected_revision}.'::text,'Read the experiment again, look at what changed, and call with its revision.'::text), ('stale_head'::text,'PT409'::text,'The branch {branch} has moved on.'::text,'Read the branch''s head, merge your change, and call again with expected_head.'::text), ('stale_tag'::text,'PT409'::text,'The tag {tag} points at another version than the one you named.'::text,'Read the tag, look at where it points, and call again with expected_version set to that.'::text), ('nothing_changed'::text,'PT409'::text,'The bundle is the same as the head of {branch}.'::text,'Change something, or do not commit.'::text), ('already_live'::text,'PT409'::text,'This version is live here already.'::text,'There is nothing to do.'::text), ('move_not_allowed'::text,'PT409'::text,'An experiment that is {state} cannot {verb}.'::text,'Read /experiment_moves for the moves that its state allows.'::text), ('experiment_started'::text,'PT409'::text,'The experiment has started: its {what} can no longer change.'::text,'Make a new experiment from it; what was measured stays with this one.'::text), ('pause_first'::text,'PT409'::text,'The experiment is {state}: its arms can change only while it is a draft or paused.'::text,'Pause it, change the arms, and resume: a new phase begins.'::text), ('layer_slot_taken'::text,'PT409'::text,'The experiment {holder} is live in this environment and holds some of the slots {layer_from} to {layer_to}.'::text,'Take free slots: read /experiments of the layer with layer_from, layer_to and state.'::text), ('stale_holdout'::text,'PT409'::text,'The holdout has changed since number {expected_number}: it is {number} now.'::text,'Read the last row of /holdouts of this environment, and call again with its number.'::text), ('already_rolled_back'::text,'PT409'::text,'The variant {variant} is rolled back already.'::text,'There is nothing to do.'::text), ('not_rolled_back'::text,'PT409'::text,'The variant {variant} is not rolled back.'::text,'There is nothing to do.'::text), ('nothing_to_roll_back'::text,'PT409'::text,'Nothing was live here before the current version.'::text,'Publish another version, or name one in to_version.'::text), ('nothing_here'::text,'PT409'::text,'Nothing is live at exactly this scope.'::text,'There is nothing to do: the wider scope applies.'::text), ('nothing_wider'::text,'PT409'::text,'No wider scope is live: nothing would answer here.'::text,'Publish at a wider scope first, or another version here.'::text), ('ramp_running'::text,'PT409'::text,'A ramp runs at this scope already.'::text,'Wait for it, or abort it with abort_ramp.'::text), ('ramp_over'::text,'PT409'::text,'The ramp is {state}.'::text,'Start another with start_ramp.'::text), ('stale_ramp'::text,'PT409'::text,'The ramp has moved since revision {expected_revision}.'::text,'Read /ramps again, look at what changed, and call with its revision.'::text), ('ramp_paused'::text,'PT409'::text,'The experiment of the ramp is paused.'::text,'Resume the experiment {experiment_id}, or abort the ramp.'::text), ('ramp_holds'::text,'PT409'::text,'The present step lasts until {until}.'::text,'Wait: the worker advances the ramp. A person may pass force.'::text), ('ramp_keeps_traffic'::text,'PT409'::text,'A ramp runs as this experiment: its traffic follows the ramp''s steps.'::text,'Use advance_ramp or abort_ramp; pause stops it for a while.'::text), ('guardrail_breached'::text,'PT409'::text,'The new version is worse than its guardrails allow: {guardrails}.'::text,'Abort the ramp with abort_ramp.'::text), ('guardrail_waits'::text,'PT409'::text,'It is too early to tell: {guardrails}.'::text,'Wait for more subjects, or for the outcomes. A person may pass force.'::text), ('overridden'::text,'PT409'::text,'Narrower scopes answer part of these calls: {scopes}.'::text,'Ramp each scope by itself, or withdraw the narrower ones first.'::text), ('nothing_to_ramp_from'::text,'PT409'::text,'Nothing is live here that the new version could be compared with.'::text,'Use publish for the first version.'::text), ('last_owner'::text,'PT409'::text,'A workspace must keep an owner.'::text,'Make another member an owner first.'::text), ('append_only'::text,'PT409'::text,'Rows of {table} are history: {operation} is refused.'::text,'Corrections are new rows.'::text), ('event_id_reused'::text,'PT409'::text,'The event {source_event_id} of {source} was received before with another metric.'::text,'Give every metric of an event its own source_event_id, for instance by adding the metric''s key.'::text), ('never_live_here'::text,'PT422'::text,'The version {version_id} was never live at this scope.'::text,'Use publish for a version that is new here.'::text), ('nothing_live_then'::text,'PT422'::text,'Nothing was live at this scope at {to_time}.'::text,'Read /deployments for the moves of this scope; withdraw gives it back to the wider one.'::text), ('wrong_prompt'::text,'PT422'::text,'The version belongs to a prompt of another capability or action.'::text,'Choose a version of a prompt that this capability and action run.'::text), ('control_stays'::text,'PT422'::text,'The control cannot be rolled back: it is what the others fall back to.'::text,'Pause or archive the experiment instead.'::text), ('experiment_incomplete'::text,'PT422'::text,'The experiment cannot start yet: {problems}.'::text,'Mend what is named, then activate.'::text), ('bad_audience'::text,'PT422'::text,'The audience is not valid at {path}: {problem}.'::text,'Correct the node and write it again.'::text), ('nothing_to_run'::text,'PT422'::text,'There is no test case to run.'::text,'Insert test_cases for the prompt, or pass their ids.'::text), ('bad_argument'::text,'PT400'::text,'The argument {argument} must be {expected}.'::text,'Correct it and call again.'::text), ('bad_bundle'::text,'PT422'::text,'The bundle is not valid: {field} must be {expected}.'::text,'Correct it and commit again.'::text), ('bad_batch'::text,'PT400'::text,'The batch must be a JSON array of objects.'::text,'Send [{…}, {…}], at most 10,000 rows.'::text), ('batch_too_large'::text,'PT413'::text,'The batch has {rows} rows; at most 10,000 are taken at once.'::text,'Send it in parts.'::text), ('bad_row'::text,'PT422'::text,'The row is not a JSON object.'::text,'Send one object a row.'::text), ('missing_field'::text,'PT422'::text,'The field {field} is missing.'::text,'Send {field} as {expected}.'::text), ('bad_field'::text,'PT422'::text,'The field {field} must be {expected}.'::text,'Correct {field} and send the row again.'::text), ('no_join_key'::text,'PT422'::text,'The outcome names nothing that it could belong to.'::text,'Send at least one of subject, conversation, inference_id, key.'::text), ('bad_proportion'::text,'PT422'::text,'The metric {metric} is a proportion: its value is true, false, 1 or 0.'::text,'Send one of these, or make the metric a mean.'::text)) entry(code, sqlstate, message, hint);
ALTER VIEW private.errors OWNER TO postgres;
-- Name: VIEW errors; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON VIEW private.errors IS 'One row per error that Upshot raises: code, SQLSTATE (PTnnn is HTTP nnn), message, hint.';
-- Name: field_types; Type: VIEW; Schema: private; Owner: postgres
CREATE VIEW private.field_types AS
 SELECT type,
    expected
   FROM ( VALUES ('uuid'::text,'a uuid'::text), ('name'::text,'a text of 1 to 512 characters'::text), ('text'::text,'a text'::text), ('instant'::text,'an ISO 8601 time with its zone, such as 2026-01-31T09:30:00Z'::text), ('amount'::text,'a finite number that is not negative'::text), ('count'::text,'a whole number from 0 to 2147483647'::text), ('value'::text,'true, false, 0 or a number whose size is between 1e-60 and 1e60'::text), ('status'::text,'ok or error'::text), ('key'::text,'an object {type, value} of two texts'::text), ('keys'::text,'an array of objects {type, value} of two texts'::text)) t(type, expected);
ALTER VIEW private.field_types OWNER TO postgres;
-- Name: VIEW field_types; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON VIEW private.field_types IS 'One row per type of field: what it must be, in words.';
-- Name: hint_clock; Type: TABLE; Schema: private; Owner: postgres
CREATE TABLE private.hint_clock (
    experiment_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    sent_at timestamp with time zone NOT NULL
);
ALTER TABLE private.hint_clock OWNER TO postgres;
-- Name: TABLE hint_clock; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON TABLE private.hint_clock IS 'When an experiment''s last hint of new subjects was sent: at most one a second.';
-- Name: COLUMN hint_clock.experiment_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.hint_clock.experiment_id IS 'The experiment.';
-- Name: COLUMN hint_clock.workspace_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.hint_clock.workspace_id IS 'The workspace.';
-- Name: COLUMN hint_clock.sent_at; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.hint_clock.sent_at IS 'When.';
-- Name: hint_topics; Type: VIEW; Schema: private; Owner: postgres
CREATE VIEW private.hint_topics WITH (security_invoker='true') AS
 SELECT table_name,
    topic,
    topic_column,
    events,
    occasion
   FROM ( VALUES ('workspaces'::text,'workspace'::text,'id'::text,ARRAY['update'::text],'the workspace was renamed'::text), ('members'::text,'workspace'::text,'workspace_id'::text,ARRAY['insert'::text, 'update'::text, 'delete'::text],'somebody joined, left or got another role'::text), ('members'::text,'user'::text,'user_id'::text,ARRAY['insert'::text, 'update'::text, 'delete'::text],'you joined, left or got another role'::text), ('roles'::text,'workspace'::text,'workspace_id'::text,ARRAY['insert'::text, 'update'::text, 'delete'::text],'the roles changed'::text), ('role_permissions'::text,'workspace'::text,'workspace_id'::text,ARRAY['insert'::text, 'delete'::text],'what a role may do changed'::text), ('environments'::text,'workspace'::text,'workspace_id'::text,ARRAY['insert'::text, 'update'::text, 'delete'::text],'the environments changed'::text), ('capabilities'::text,'workspace'::text,'workspace_id'::text,ARRAY['insert'::text, 'update'::text, 'delete'::text],'the capabilities changed'::text), ('actions'::text,'workspace'::text,'workspace_id'::text,ARRAY['insert'::text, 'update'::text, 'delete'::text],'the actions changed'::text), ('intents'::text,'workspace'::text,'workspace_id'::text,ARRAY['insert'::text, 'update'::text, 'delete'::text],'the intents changed'::text), ('outcome_metrics'::text,'workspace'::text,'workspace_id'::text,ARRAY['insert'::text, 'update'::text, 'delete'::text],'the metrics changed'::text), ('provider_keys'::text,'workspace'::text,'workspace_id'::text,ARRAY['insert'::text, 'update'::text, 'delete'::text],'a provider''s key was stored or removed'::text), ('prompts'::text,'workspace'::text,'workspace_id'::text,ARRAY['insert'::text, 'update'::text, 'delete'::text],'a prompt was made or renamed'::text), ('prompts'::text,'prompt'::text,'id'::text,ARRAY['update'::text, 'delete'::text],'the prompt was renamed'::text), ('prompt_versions'::text,'workspace'::text,'workspace_id'::text,ARRAY['insert'::text],'a version was committed'::text), ('prompt_versions'::text,'prompt'::text,'prompt_id'::text,ARRAY['insert'::text],'a version was committed'::text), ('branches'::text,'prompt'::text,'prompt_id'::text,ARRAY['insert'::text, 'update'::text, 'delete'::text],'a branch was made, removed, or its head moved'::text), ('test_cases'::text,'prompt'::text,'prompt_id'::text,ARRAY['insert'::text, 'update'::text, 'delete'::text],'the saved cases changed'::text), ('experiments'::text,'workspace'::text,'workspace_id'::text,ARRAY['insert'::text, 'update'::text, 'delete'::text],'an experiment was drafted, edited or moved'::text), ('experiments'::text,'experiment'::text,'id'::text,ARRAY['update'::text, 'delete'::text],'the experiment was edited or moved; carries its revision'::text), ('experiment_actions'::text,'experiment'::text,'experiment_id'::text,ARRAY['insert'::text, 'update'::text, 'delete'::text],'its actions changed'::text), ('experiment_intents'::text,'experiment'::text,'experiment_id'::text,ARRAY['insert'::text, 'update'::text, 'delete'::text],'its intents changed'::text), ('experiment_metrics'::text,'experiment'::text,'experiment_id'::text,ARRAY['insert'::text, 'update'::text, 'delete'::text],'its metrics changed'::text), ('variants'::text,'experiment'::text,'experiment_id'::text,ARRAY['insert'::text, 'update'::text, 'delete'::text],'its arms changed, or one was rolled back'::text), ('experiment_phases'::text,'experiment'::text,'experiment_id'::text,ARRAY['insert'::text],'a new phase began'::text), ('results'::text,'experiment'::text,'experiment_id'::text,ARRAY[]::text[],'outcomes that it counts were recorded, or it got new subjects or inferences: at most one a second for these'::text), ('deployments'::text,'workspace'::text,'workspace_id'::text,ARRAY['insert'::text],'a version was published or rolled back'::text), ('changes'::text,'workspace'::text,'workspace_id'::text,ARRAY['insert'::text],'the ledger has a new row'::text), ('runs'::text,'workspace'::text,'workspace_id'::text,ARRAY['insert'::text, 'update'::text],'a run was queued, went on or ended'::text), ('runs'::text,'run'::text,'id'::text,ARRAY['update'::text],'the run went on or ended'::text), ('run_results'::text,'run'::text,'run_id'::text,ARRAY['insert'::text],'calls of the run have results'::text)) rule(table_name, topic, topic_column, events, occasion);
ALTER VIEW private.hint_topics OWNER TO postgres;
-- Name: VIEW hint_topics; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON VIEW private.hint_topics IS 'One row per kind of change and topic that hears of it: table, topic, the column with the topic''s id, events, occasion.
A row without events has its own triggers in result_hints.sql.';
-- Name: invitation_secrets; Type: TABLE; Schema: private; Owner: postgres
CREATE TABLE private.invitation_secrets (
    hash text NOT NULL,
    invitation_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    CONSTRAINT invitation_secrets_hash_shape CHECK ((hash ~ '^[0-9a-f]{64}$'::text))
);
ALTER TABLE private.invitation_secrets OWNER TO postgres;
-- Name: TABLE invitation_secrets; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON TABLE private.invitation_secrets IS 'The tokens of invitations, by hash.';
-- Name: COLUMN invitation_secrets.hash; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.invitation_secrets.hash IS 'SHA-256 of the token, in hex.';
-- Name: COLUMN invitation_secrets.invitation_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.invitation_secrets.invitation_id IS 'The invitation.';
-- Name: COLUMN invitation_secrets.workspace_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.invitation_secrets.workspace_id IS 'The workspace.';
-- Name: phase_arms; Type: VIEW; Schema: private; Owner: postgres
CREATE VIEW private.phase_arms WITH (security_invoker='true') AS
 SELECT arm.workspace_id,
    arm.experiment_id,
    arm.phase_id,
    arm.variant_id,
    ((arm.weight)::double precision / (sum(arm.weight) OVER (PARTITION BY arm.experiment_id, arm.phase_id))::double precision) AS expected_share,
    counted.subjects,
    counted.first_assigned_at,
    counted.last_assigned_at,
    (sum(counted.subjects) OVER (PARTITION BY arm.experiment_id, arm.phase_id))::double precision AS phase_subjects,
    ((min(arm.weight) FILTER (WHERE (arm.weight > 0)) OVER (PARTITION BY arm.experiment_id, arm.phase_id))::double precision / (sum(arm.weight) OVER (PARTITION BY arm.experiment_id, arm.phase_id))::double precision) AS smallest_share
   FROM (public.experiment_phase_arms arm
     CROSS JOIN LATERAL ( SELECT count(*) AS subjects,
            min(a.assigned_at) AS first_assigned_at,
            max(a.assigned_at) AS last_assigned_at
           FROM public.assignments a
          WHERE ((a.workspace_id = arm.workspace_id) AND (a.experiment_id = arm.experiment_id) AND (a.phase_id = arm.phase_id) AND (a.variant_id = arm.variant_id))) counted);
ALTER VIEW private.phase_arms OWNER TO postgres;
-- Name: VIEW phase_arms; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON VIEW private.phase_arms IS 'One row per experiment × phase × arm: subjects, and the share that its weight promised.';
-- Name: ramp_clock; Type: TABLE; Schema: private; Owner: postgres
CREATE TABLE private.ramp_clock (
    ramp_id uuid NOT NULL,
    workspace_id uuid NOT NULL,
    checked_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL
);
ALTER TABLE private.ramp_clock OWNER TO postgres;
-- Name: TABLE ramp_clock; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON TABLE private.ramp_clock IS 'When a worker last looked at a running ramp; its row is what a worker claims.';
-- Name: COLUMN ramp_clock.ramp_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.ramp_clock.ramp_id IS 'The ramp.';
-- Name: COLUMN ramp_clock.workspace_id; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.ramp_clock.workspace_id IS 'The workspace.';
-- Name: COLUMN ramp_clock.checked_at; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON COLUMN private.ramp_clock.checked_at IS 'When.';
-- Name: permissions; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.permissions (
    key text NOT NULL,
    description text NOT NULL,
    is_personal boolean DEFAULT false NOT NULL,
    CONSTRAINT permissions_key_shape CHECK ((key ~ '^[a-z_]+\.[a-z_]+$'::text))
);
ALTER TABLE public.permissions OWNER TO postgres;
-- Name: TABLE permissions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.permissions IS 'What a role may hold: the fixed list that verbs and policies ask for.';
-- Name: COLUMN permissions.key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.permissions.key IS 'noun.verb, for instance experiments.activate.';
-- Name: COLUMN permissions.description; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.permissions.description IS 'What it lets a person do.';
-- Name: COLUMN permissions.is_personal; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.permissions.is_personal IS 'True for what only a person may hold: no API key gets it.';
-- Name: role_defaults; Type: VIEW; Schema: private; Owner: postgres
CREATE VIEW private.role_defaults AS
 SELECT standing.role,
    standing.name,
    granted.permission
   FROM ((( VALUES ('owner'::text,'Owner'::text,NULL::text[]), ('admin'::text,'Admin'::text,NULL::text[]), ('product_manager'::text,'Product manager'::text,ARRAY['workspace.read'::text, 'catalog.write'::text, 'prompts.write'::text, 'templates.write'::text, 'metrics.write'::text, 'experiments.write'::text, 'experiments.activate'::text, 'experiments.approve'::text, 'layers.write'::text, 'deployments.publish'::text, 'deployments.approve'::text, 'deployments.rollback'::text, 'decisions.make'::text, 'comments.write'::text, 'runs.write'::text]), ('prompt_engineer'::text,'Prompt engineer'::text,ARRAY['workspace.read'::text, 'catalog.write'::text, 'prompts.write'::text, 'templates.write'::text, 'metrics.write'::text, 'experiments.write'::text, 'experiments.approve'::text, 'decisions.make'::text, 'comments.write'::text, 'runs.write'::text]), ('operations'::text,'Operations'::text,ARRAY['workspace.read'::text, 'deployments.rollback'::text, 'decisions.make'::text, 'comments.write'::text]), ('engineer'::text,'Engineer'::text,ARRAY['workspace.read'::text, 'environments.write'::text, 'catalog.write'::text, 'prompts.write'::text, 'templates.write'::text, 'metrics.write'::text, 'experiments.write'::text, 'experiments.activate'::text, 'experiments.approve'::text, 'layers.write'::text, 'deployments.publish'::text, 'deployments.approve'::text, 'deployments.rollback'::text, 'decisions.make'::text, 'events.write'::text, 'comments.write'::text, 'runs.write'::text]), ('enablement'::text,'Enablement'::text,ARRAY['workspace.read'::text, 'prompts.write'::text, 'templates.write'::text, 'experiments.write'::text, 'comments.write'::text]), ('viewer'::text,'Viewer'::text,ARRAY['workspace.read'::text])) standing(role, name, permissions)
     LEFT JOIN public.permissions known ON (((standing.permissions IS NULL) OR (known.key = ANY (standing.permissions)))))
     CROSS JOIN LATERAL ( SELECT known.key) granted(permission));
ALTER VIEW private.role_defaults OWNER TO postgres;
-- Name: VIEW role_defaults; Type: COMMENT; Schema: private; Owner: postgres
COMMENT ON VIEW private.role_defaults IS 'One row per role and permission that a new workspace begins with; a role without any has one row with null.';
-- Name: actions; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.actions (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    capability_id uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    "position" integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT actions_key_shape CHECK ((key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'::text)),
    CONSTRAINT actions_position_positive CHECK (("position" > 0))
);
ALTER TABLE public.actions OWNER TO postgres;
-- Name: TABLE actions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.actions IS 'One step of a capability, in order, such as UserLookup.';
-- Name: COLUMN actions.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.actions.id IS 'Time-ordered uuid.';
-- Name: COLUMN actions.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.actions.workspace_id IS 'The workspace.';
-- Name: COLUMN actions.capability_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.actions.capability_id IS 'The capability that it is a step of.';
-- Name: COLUMN actions.key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.actions.key IS 'The name that code uses: unique in the capability.';
-- Name: COLUMN actions.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.actions.name IS 'What people call it.';
-- Name: COLUMN actions."position"; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.actions."position" IS 'Its place in the order of steps, from 1.';
-- Name: COLUMN actions.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.actions.created_at IS 'When it was made.';
-- Name: api_key_uses; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.api_key_uses (
    workspace_id uuid NOT NULL,
    api_key_id uuid NOT NULL,
    last_used_at timestamp with time zone NOT NULL
);
ALTER TABLE public.api_key_uses OWNER TO postgres;
-- Name: TABLE api_key_uses; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.api_key_uses IS 'When an API key was last used, to the minute. No row: never used by a call that may write.
Reads by GET are not counted: they run in transactions that cannot write.';
-- Name: COLUMN api_key_uses.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.api_key_uses.workspace_id IS 'The workspace.';
-- Name: COLUMN api_key_uses.api_key_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.api_key_uses.api_key_id IS 'The key.';
-- Name: COLUMN api_key_uses.last_used_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.api_key_uses.last_used_at IS 'The last call that may write, at most a minute before the very last.';
-- Name: capabilities; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.capabilities (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT capabilities_key_shape CHECK ((key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'::text))
);
ALTER TABLE public.capabilities OWNER TO postgres;
-- Name: TABLE capabilities; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.capabilities IS 'A goal that the product reaches for its users, such as BookAppointment.';
-- Name: COLUMN capabilities.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.capabilities.id IS 'Time-ordered uuid.';
-- Name: COLUMN capabilities.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.capabilities.workspace_id IS 'The workspace.';
-- Name: COLUMN capabilities.key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.capabilities.key IS 'The name that code uses: unique in the workspace.';
-- Name: COLUMN capabilities.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.capabilities.name IS 'What people call it.';
-- Name: COLUMN capabilities.description; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.capabilities.description IS 'What it does for the user.';
-- Name: COLUMN capabilities.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.capabilities.created_at IS 'When it was made.';
-- Name: environments; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.environments (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    is_production boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT environments_key_shape CHECK ((key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'::text))
);
ALTER TABLE public.environments OWNER TO postgres;
-- Name: TABLE environments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.environments IS 'Where versions are live and events happen: production, staging, and so on.';
-- Name: COLUMN environments.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.environments.id IS 'Time-ordered uuid.';
-- Name: COLUMN environments.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.environments.workspace_id IS 'The workspace.';
-- Name: COLUMN environments.key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.environments.key IS 'The name that code uses: unique in the workspace.';
-- Name: COLUMN environments.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.environments.name IS 'What people call it.';
-- Name: COLUMN environments.is_production; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.environments.is_production IS 'True where real customers are.';
-- Name: COLUMN environments.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.environments.created_at IS 'When it was made.';
-- Name: experiment_actions; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.experiment_actions (
    workspace_id uuid NOT NULL,
    experiment_id uuid NOT NULL,
    capability_id uuid NOT NULL,
    action_id uuid NOT NULL
);
ALTER TABLE public.experiment_actions OWNER TO postgres;
-- Name: TABLE experiment_actions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.experiment_actions IS 'The actions that an experiment covers; none means the capability as a whole.';
-- Name: COLUMN experiment_actions.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_actions.workspace_id IS 'The workspace.';
-- Name: COLUMN experiment_actions.experiment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_actions.experiment_id IS 'The experiment.';
-- Name: COLUMN experiment_actions.capability_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_actions.capability_id IS 'The capability of both: an action of another one cannot be named.';
-- Name: COLUMN experiment_actions.action_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_actions.action_id IS 'The action.';
-- Name: experiment_arms; Type: VIEW; Schema: public; Owner: postgres
CREATE VIEW public.experiment_arms WITH (security_invoker='true') AS
 SELECT v.workspace_id,
    v.experiment_id,
    v.id AS variant_id,
    v.key AS variant_key,
    v.name AS variant_name,
    v.is_control,
    v.weight,
    COALESCE((t.expected / NULLIF(sum(t.expected) OVER whole, (0)::double precision)), ((v.weight)::double precision / (NULLIF(sum(v.weight) OVER whole, 0))::double precision)) AS expected_share,
    t.subjects,
    ((t.subjects)::double precision / (NULLIF(sum(t.subjects) OVER whole, (0)::numeric))::double precision) AS share,
    v.rolled_back_at
   FROM (public.variants v
     CROSS JOIN LATERAL ( SELECT (COALESCE(sum(p.subjects), (0)::numeric))::bigint AS subjects,
            sum((p.expected_share * p.phase_subjects)) AS expected
           FROM private.phase_arms p
          WHERE ((p.experiment_id = v.experiment_id) AND (p.variant_id = v.id))) t)
  WINDOW whole AS (PARTITION BY v.experiment_id);
ALTER VIEW public.experiment_arms OWNER TO postgres;
-- Name: VIEW experiment_arms; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON VIEW public.experiment_arms IS 'One row per experiment × variant: how many subjects it has, and how many its weight promised.
The promise follows the phases: weights that changed count for as long as they held.';
-- Name: COLUMN experiment_arms.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_arms.workspace_id IS 'The workspace.';
-- Name: COLUMN experiment_arms.experiment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_arms.experiment_id IS 'The experiment.';
-- Name: COLUMN experiment_arms.variant_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_arms.variant_id IS 'The variant.';
-- Name: COLUMN experiment_arms.variant_key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_arms.variant_key IS 'Its key.';
-- Name: COLUMN experiment_arms.variant_name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_arms.variant_name IS 'Its name.';
-- Name: COLUMN experiment_arms.is_control; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_arms.is_control IS 'True for the control.';
-- Name: COLUMN experiment_arms.weight; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_arms.weight IS 'Its weight now.';
-- Name: COLUMN experiment_arms.expected_share; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_arms.expected_share IS 'The share of subjects that the weights promise.';
-- Name: COLUMN experiment_arms.subjects; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_arms.subjects IS 'Subjects assigned to it.';
-- Name: COLUMN experiment_arms.share; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_arms.share IS 'Its share of the subjects; null while there are none.';
-- Name: COLUMN experiment_arms.rolled_back_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_arms.rolled_back_at IS 'When it was rolled back; null while it runs.';
-- Name: experiment_health; Type: VIEW; Schema: public; Owner: postgres
CREATE VIEW public.experiment_health WITH (security_invoker='true') AS
 SELECT e.workspace_id,
    e.id AS experiment_id,
    s.subjects,
        CASE
            WHEN (s.df > 0) THEN s.chi2
            ELSE NULL::double precision
        END AS srm_chi2,
        CASE
            WHEN (s.df > 0) THEN s.df
            ELSE NULL::integer
        END AS srm_df,
    stats.chi2_sf(s.chi2, (s.df)::double precision) AS srm_p_value,
        CASE
            WHEN (s.df = 0) THEN 'not_enough_data'::text
            WHEN (stats.chi2_sf(s.chi2, (s.df)::double precision) < (0.001)::double precision) THEN 'mismatch'::text
            ELSE 'ok'::text
        END AS srm_status,
    s.first_assigned_at,
    s.last_assigned_at
   FROM (public.experiments e
     CROSS JOIN LATERAL ( SELECT (COALESCE(sum(p.subjects), (0)::numeric))::bigint AS subjects,
            min(p.first_assigned_at) AS first_assigned_at,
            max(p.last_assigned_at) AS last_assigned_at,
            sum(((((p.subjects)::double precision - x.expected) ^ (2)::double precision) / x.expected)) FILTER (WHERE x.counts) AS chi2,
            ((count(*) FILTER (WHERE x.counts) - count(DISTINCT p.phase_id) FILTER (WHERE x.counts)))::integer AS df
           FROM (private.phase_arms p
             CROSS JOIN LATERAL ( SELECT (p.expected_share * p.phase_subjects) AS expected,
                    ((p.expected_share > (0)::double precision) AND ((p.smallest_share * p.phase_subjects) >= (5)::double precision)) AS counts) x)
          WHERE (p.experiment_id = e.id)) s);
ALTER VIEW public.experiment_health OWNER TO postgres;
-- Name: VIEW experiment_health; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON VIEW public.experiment_health IS 'One row per experiment: whether the arms got the subjects that their weights promised.
Sample-ratio mismatch: Pearson''s chi-square, summed over phases with its degrees of freedom. A phase in which an arm expects under five subjects is not judged. Below p = 0.001 no effect should be believed.';
-- Name: COLUMN experiment_health.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_health.workspace_id IS 'The workspace.';
-- Name: COLUMN experiment_health.experiment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_health.experiment_id IS 'The experiment.';
-- Name: COLUMN experiment_health.subjects; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_health.subjects IS 'Subjects assigned.';
-- Name: COLUMN experiment_health.srm_chi2; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_health.srm_chi2 IS 'Chi-square of the arms'' counts against their weights; null with too little data.';
-- Name: COLUMN experiment_health.srm_df; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_health.srm_df IS 'Its degrees of freedom: arms with a weight, less one, in each phase.';
-- Name: COLUMN experiment_health.srm_p_value; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_health.srm_p_value IS 'The chance of so uneven a split by luck.';
-- Name: COLUMN experiment_health.srm_status; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_health.srm_status IS 'ok, mismatch or not_enough_data.';
-- Name: COLUMN experiment_health.first_assigned_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_health.first_assigned_at IS 'The first exposure.';
-- Name: COLUMN experiment_health.last_assigned_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_health.last_assigned_at IS 'The latest first exposure.';
-- Name: experiment_effects; Type: VIEW; Schema: public; Owner: postgres
CREATE VIEW public.experiment_effects WITH (security_invoker='true') AS
 SELECT e.workspace_id,
    e.id AS experiment_id,
    c.experiment_key,
    c.metric_id,
    c.metric_key,
    c.metric_name,
    c.metric_kind,
    c.metric_unit,
    c.metric_direction,
    c.metric_role,
    c.variant_id,
    c.variant_key,
    c.variant_name,
    c.control_variant_id,
    (COALESCE(k.n_control, k.all_control, (0)::double precision))::bigint AS n_control,
    (COALESCE(k.n_variant, k.all_variant, (0)::double precision))::bigint AS n_variant,
    f.mean_control,
    f.mean_variant,
    f.difference,
    f.std_error,
    f.df AS degrees_of_freedom,
    (f.difference - f.half) AS ci_low,
    (f.difference + f.half) AS ci_high,
    (0.95)::double precision AS confidence_level,
    stats.t_two_sided_p((f.difference / NULLIF(f.std_error, (0)::double precision)), f.df) AS p_value,
    l.lift,
    l.low AS lift_low,
    l.high AS lift_high,
        CASE
            WHEN (r.reason_code IS NOT NULL) THEN NULL::text
            WHEN (abs(f.difference) <= f.half) THEN 'undecided'::text
            WHEN ((f.difference > (0)::double precision) = (c.metric_direction = 'increase'::text)) THEN 'better'::text
            ELSE 'worse'::text
        END AS verdict,
    'welch_t'::text AS method,
    'A'::text AS grade,
    r.reason_code,
    now() AS as_of
   FROM (((((((public.experiments e
     CROSS JOIN LATERAL ( SELECT h_1.srm_status
           FROM public.experiment_health h_1
          WHERE (h_1.experiment_id = e.id)
         OFFSET 0) h)
     JOIN private.comparisons c ON ((c.experiment_id = e.id)))
     LEFT JOIN LATERAL private.moments_of(e.id) k(variant_id, metric_id, all_control, all_variant, pooled_control, pooled_variant, n_control, n_variant, mean_control, mean_variant, var_control, var_variant, spread_control, spread_variant) ON (((k.variant_id = c.variant_id) AND (k.metric_id = c.metric_id))))
     CROSS JOIN LATERAL ( SELECT (c.metric_kind = ANY (ARRAY['proportion'::text, 'mean'::text, 'count'::text, 'duration'::text])) AS is_supported) s)
     CROSS JOIN LATERAL stats.welch(
        CASE
            WHEN s.is_supported THEN COALESCE(k.mean_control, k.pooled_control)
            ELSE NULL::double precision
        END,
        CASE
            WHEN s.is_supported THEN COALESCE(k.mean_variant, k.pooled_variant)
            ELSE NULL::double precision
        END, k.var_control, k.var_variant, k.spread_control, k.spread_variant, (0.05)::double precision) f(mean_control, mean_variant, difference, std_error, df, half))
     CROSS JOIN LATERAL stats.lift(f.mean_control, f.mean_variant, k.var_control, k.var_variant, k.spread_control, k.spread_variant, (0.05)::double precision) l(lift, low, high))
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN (NOT s.is_supported) THEN 'kind_not_supported'::text
                    WHEN ((COALESCE(k.all_control, (0)::double precision) + COALESCE(k.all_variant, (0)::double precision)) = (0)::double precision) THEN 'no_subjects'::text
                    WHEN (k.n_control IS NULL) THEN 'too_few_subjects'::text
                    WHEN (f.std_error = (0)::double precision) THEN 'zero_variance'::text
                    WHEN (h.srm_status = 'mismatch'::text) THEN 'sample_ratio_mismatch'::text
                    ELSE NULL::text
                END AS reason_code) r);
ALTER VIEW public.experiment_effects OWNER TO postgres;
-- Name: VIEW experiment_effects; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON VIEW public.experiment_effects IS 'One row per experiment × variant that is not the control × metric: what the variant did to the outcome.
By subject, as assigned: difference of means against control, Welch''s t interval, relative lift. An effect that cannot be computed is null with a reason_code.';
-- Name: COLUMN experiment_effects.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.workspace_id IS 'The workspace.';
-- Name: COLUMN experiment_effects.experiment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.experiment_id IS 'The experiment.';
-- Name: COLUMN experiment_effects.experiment_key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.experiment_key IS 'Its key.';
-- Name: COLUMN experiment_effects.metric_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.metric_id IS 'The outcome metric.';
-- Name: COLUMN experiment_effects.metric_key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.metric_key IS 'Its key.';
-- Name: COLUMN experiment_effects.metric_name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.metric_name IS 'Its name.';
-- Name: COLUMN experiment_effects.metric_kind; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.metric_kind IS 'Its kind.';
-- Name: COLUMN experiment_effects.metric_unit; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.metric_unit IS 'The unit of the means, the difference and its interval.';
-- Name: COLUMN experiment_effects.metric_direction; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.metric_direction IS 'Which way is better.';
-- Name: COLUMN experiment_effects.metric_role; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.metric_role IS 'primary, secondary or guardrail in this experiment.';
-- Name: COLUMN experiment_effects.variant_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.variant_id IS 'The variant.';
-- Name: COLUMN experiment_effects.variant_key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.variant_key IS 'Its key.';
-- Name: COLUMN experiment_effects.variant_name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.variant_name IS 'Its name.';
-- Name: COLUMN experiment_effects.control_variant_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.control_variant_id IS 'The control that it is compared with.';
-- Name: COLUMN experiment_effects.n_control; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.n_control IS 'Subjects of the control that count.';
-- Name: COLUMN experiment_effects.n_variant; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.n_variant IS 'Subjects of the variant that count.';
-- Name: COLUMN experiment_effects.mean_control; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.mean_control IS 'Mean over the control''s subjects; for a proportion, the rate.';
-- Name: COLUMN experiment_effects.mean_variant; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.mean_variant IS 'Mean over the variant''s subjects.';
-- Name: COLUMN experiment_effects.difference; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.difference IS 'Variant minus control.';
-- Name: COLUMN experiment_effects.std_error; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.std_error IS 'Standard error of the difference.';
-- Name: COLUMN experiment_effects.degrees_of_freedom; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.degrees_of_freedom IS 'Welch and Satterthwaite''s.';
-- Name: COLUMN experiment_effects.ci_low; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.ci_low IS 'Lower end of the interval of the difference.';
-- Name: COLUMN experiment_effects.ci_high; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.ci_high IS 'Upper end.';
-- Name: COLUMN experiment_effects.confidence_level; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.confidence_level IS 'Of the intervals.';
-- Name: COLUMN experiment_effects.p_value; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.p_value IS 'Two-sided, for no difference.';
-- Name: COLUMN experiment_effects.lift; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.lift IS 'Difference relative to the control''s mean; null when that is not clearly above zero.';
-- Name: COLUMN experiment_effects.lift_low; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.lift_low IS 'Lower end of the interval of the lift.';
-- Name: COLUMN experiment_effects.lift_high; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.lift_high IS 'Upper end.';
-- Name: COLUMN experiment_effects.verdict; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.verdict IS 'better, worse, undecided; null when there is nothing to believe yet.';
-- Name: COLUMN experiment_effects.method; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.method IS 'How the interval was computed.';
-- Name: COLUMN experiment_effects.grade; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.grade IS 'Grade of evidence: A, randomised.';
-- Name: COLUMN experiment_effects.reason_code; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.reason_code IS 'Why numbers or the verdict are absent: no_subjects, too_few_subjects, zero_variance, kind_not_supported, sample_ratio_mismatch.';
-- Name: COLUMN experiment_effects.as_of; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_effects.as_of IS 'When it was computed.';
-- Name: experiment_intents; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.experiment_intents (
    workspace_id uuid NOT NULL,
    experiment_id uuid NOT NULL,
    intent_id uuid NOT NULL
);
ALTER TABLE public.experiment_intents OWNER TO postgres;
-- Name: TABLE experiment_intents; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.experiment_intents IS 'The intents that an experiment covers; none means all.';
-- Name: COLUMN experiment_intents.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_intents.workspace_id IS 'The workspace.';
-- Name: COLUMN experiment_intents.experiment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_intents.experiment_id IS 'The experiment.';
-- Name: COLUMN experiment_intents.intent_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_intents.intent_id IS 'The intent.';
-- Name: experiment_moves; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.experiment_moves (
    verb text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    permission text NOT NULL
);
ALTER TABLE public.experiment_moves OWNER TO postgres;
-- Name: TABLE experiment_moves; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.experiment_moves IS 'The state machine of experiments: one row per allowed move.';
-- Name: COLUMN experiment_moves.verb; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_moves.verb IS 'What makes the move: activate, pause, resume and archive are functions of that name; submit_for_approval submits, edit_experiment edits.';
-- Name: COLUMN experiment_moves.from_state; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_moves.from_state IS 'The state before.';
-- Name: COLUMN experiment_moves.to_state; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_moves.to_state IS 'The state after.';
-- Name: COLUMN experiment_moves.permission; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.experiment_moves.permission IS 'What the caller must hold.';
-- Name: intent_examples; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.intent_examples (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    intent_id uuid NOT NULL,
    text text NOT NULL,
    embedding extensions.vector,
    embedder text,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT intent_examples_embedder_known CHECK (((embedding IS NULL) = (embedder IS NULL))),
    CONSTRAINT intent_examples_text_length CHECK (((length(text) >= 1) AND (length(text) <= 10000)))
);
ALTER TABLE public.intent_examples OWNER TO postgres;
-- Name: TABLE intent_examples; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.intent_examples IS 'A phrase that shows an intent, with its embedding.';
-- Name: COLUMN intent_examples.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.intent_examples.id IS 'Time-ordered uuid.';
-- Name: COLUMN intent_examples.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.intent_examples.workspace_id IS 'The workspace.';
-- Name: COLUMN intent_examples.intent_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.intent_examples.intent_id IS 'The intent that it shows.';
-- Name: COLUMN intent_examples.text; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.intent_examples.text IS 'The phrase.';
-- Name: COLUMN intent_examples.embedding; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.intent_examples.embedding IS 'The phrase as a vector; null until it is embedded.';
-- Name: COLUMN intent_examples.embedder; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.intent_examples.embedder IS 'The model that embedded it: vectors compare only within one.';
-- Name: COLUMN intent_examples.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.intent_examples.created_at IS 'When it was added.';
-- Name: intents; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.intents (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT intents_key_shape CHECK ((key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'::text))
);
ALTER TABLE public.intents OWNER TO postgres;
-- Name: TABLE intents; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.intents IS 'What the end user wants, such as ScheduleMeeting.';
-- Name: COLUMN intents.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.intents.id IS 'Time-ordered uuid.';
-- Name: COLUMN intents.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.intents.workspace_id IS 'The workspace.';
-- Name: COLUMN intents.key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.intents.key IS 'The name that code and classifiers use: unique in the workspace.';
-- Name: COLUMN intents.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.intents.name IS 'What people call it.';
-- Name: COLUMN intents.description; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.intents.description IS 'How to recognise it.';
-- Name: COLUMN intents.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.intents.created_at IS 'When it was made.';
-- Name: job_failures; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.job_failures (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid,
    job_id bigint NOT NULL,
    kind text,
    payload jsonb NOT NULL,
    attempt integer NOT NULL,
    error_code text NOT NULL,
    error_message text NOT NULL,
    is_dead boolean NOT NULL,
    failed_at timestamp with time zone DEFAULT private.now() NOT NULL
);
ALTER TABLE public.job_failures OWNER TO postgres;
-- Name: TABLE job_failures; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.job_failures IS 'One row per failed attempt of a queued job. Append-only.
A dead job is not tried again: it is in the queue''s archive.';
-- Name: COLUMN job_failures.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.job_failures.id IS 'Time-ordered uuid.';
-- Name: COLUMN job_failures.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.job_failures.workspace_id IS 'The workspace; null when the job named none that exists: then only a server''s key sees the row.';
-- Name: COLUMN job_failures.job_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.job_failures.job_id IS 'The queue''s number of the job.';
-- Name: COLUMN job_failures.kind; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.job_failures.kind IS 'What the job does, for instance run_chunk; null when the job did not say.';
-- Name: COLUMN job_failures.payload; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.job_failures.payload IS 'What it works on: ids, never keys. The whole message when it held no payload.';
-- Name: COLUMN job_failures.attempt; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.job_failures.attempt IS 'Which attempt failed, from 1.';
-- Name: COLUMN job_failures.error_code; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.job_failures.error_code IS 'Code of the error.';
-- Name: COLUMN job_failures.error_message; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.job_failures.error_message IS 'The error for people.';
-- Name: COLUMN job_failures.is_dead; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.job_failures.is_dead IS 'True when it is given up.';
-- Name: COLUMN job_failures.failed_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.job_failures.failed_at IS 'When it failed.';
-- Name: layers; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.layers (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    salt text DEFAULT encode(sha256(uuid_send(gen_random_uuid())), 'hex'::text) NOT NULL,
    created_by uuid DEFAULT auth.uid(),
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT layers_key_shape CHECK ((key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'::text)),
    CONSTRAINT layers_salt_length CHECK (((length(salt) >= 1) AND (length(salt) <= 64)))
);
ALTER TABLE public.layers OWNER TO postgres;
-- Name: TABLE layers; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.layers IS '10,000 slots that experiments share out, so that a subject is in at most one of them.
An experiment holds the slots from layer_from up to layer_to. A layer belongs to the workspace: the same one serves every environment, and slots are taken in each environment by itself.';
-- Name: COLUMN layers.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.layers.id IS 'Time-ordered uuid.';
-- Name: COLUMN layers.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.layers.workspace_id IS 'The workspace.';
-- Name: COLUMN layers.key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.layers.key IS 'The name that code uses: unique in the workspace.';
-- Name: COLUMN layers.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.layers.name IS 'What people call it.';
-- Name: COLUMN layers.description; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.layers.description IS 'What its experiments would spoil in one another.';
-- Name: COLUMN layers.salt; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.layers.salt IS 'Random text in the hash, so that layers are independent of one another.';
-- Name: COLUMN layers.created_by; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.layers.created_by IS 'The user who made it; null for a key or a server.';
-- Name: COLUMN layers.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.layers.created_at IS 'When it was made.';
-- Name: live_deployments; Type: VIEW; Schema: public; Owner: postgres
CREATE VIEW public.live_deployments WITH (security_invoker='true') AS
 SELECT d.id AS deployment_id,
    d.workspace_id,
    d.environment_id,
    e.key AS environment,
    d.capability_id,
    c.key AS capability,
    d.action_id,
    a.key AS action,
    d.intent_id,
    i.key AS intent,
    d.prompt_version_id,
    p.key AS prompt,
    v.number AS version_number,
    d.previous_version_id,
    d.kind,
    d.reason,
    d.created_by,
    d.created_at AS live_since
   FROM ((((((( SELECT DISTINCT ON (m.environment_id, m.capability_id, m.action_id, m.intent_id) m.id,
            m.workspace_id,
            m.environment_id,
            m.capability_id,
            m.action_id,
            m.intent_id,
            m.number,
            m.prompt_version_id,
            m.previous_version_id,
            m.kind,
            m.reason,
            m.created_by,
            m.created_at,
            m.restores_number
           FROM public.deployments m
          ORDER BY m.environment_id, m.capability_id, m.action_id, m.intent_id, m.number DESC) d
     JOIN public.environments e ON ((e.id = d.environment_id)))
     JOIN public.capabilities c ON ((c.id = d.capability_id)))
     LEFT JOIN public.actions a ON ((a.id = d.action_id)))
     LEFT JOIN public.intents i ON ((i.id = d.intent_id)))
     JOIN public.prompt_versions v ON ((v.id = d.prompt_version_id)))
     JOIN public.prompts p ON ((p.id = v.prompt_id)));
ALTER VIEW public.live_deployments OWNER TO postgres;
-- Name: VIEW live_deployments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON VIEW public.live_deployments IS 'One row per scope (environment × capability × action? × intent?): what is live there now.
For a call, the most specific scope wins: action and intent, then action, then intent, then the capability.';
-- Name: COLUMN live_deployments.deployment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.live_deployments.deployment_id IS 'The deployment that made it live.';
-- Name: COLUMN live_deployments.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.live_deployments.workspace_id IS 'The workspace.';
-- Name: COLUMN live_deployments.environment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.live_deployments.environment_id IS 'Scope: the environment.';
-- Name: COLUMN live_deployments.environment; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.live_deployments.environment IS 'Its key.';
-- Name: COLUMN live_deployments.capability_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.live_deployments.capability_id IS 'Scope: the capability.';
-- Name: COLUMN live_deployments.capability; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.live_deployments.capability IS 'Its key.';
-- Name: COLUMN live_deployments.action_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.live_deployments.action_id IS 'Scope: the action; null for the whole capability.';
-- Name: COLUMN live_deployments.action; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.live_deployments.action IS 'Its key.';
-- Name: COLUMN live_deployments.intent_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.live_deployments.intent_id IS 'Scope: the intent; null for every intent.';
-- Name: COLUMN live_deployments.intent; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.live_deployments.intent IS 'Its key.';
-- Name: COLUMN live_deployments.prompt_version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.live_deployments.prompt_version_id IS 'The version that is live: name it as expected_version.';
-- Name: COLUMN live_deployments.prompt; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.live_deployments.prompt IS 'The key of its prompt.';
-- Name: COLUMN live_deployments.version_number; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.live_deployments.version_number IS 'Its number in the prompt.';
-- Name: COLUMN live_deployments.previous_version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.live_deployments.previous_version_id IS 'What was live before.';
-- Name: COLUMN live_deployments.kind; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.live_deployments.kind IS 'publish or rollback; a withdrawn scope has no row.';
-- Name: COLUMN live_deployments.reason; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.live_deployments.reason IS 'Why, in the person''s words.';
-- Name: COLUMN live_deployments.created_by; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.live_deployments.created_by IS 'The user who moved it; null for a server''s key.';
-- Name: COLUMN live_deployments.live_since; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.live_deployments.live_since IS 'Since when.';
-- Name: prompt_template_versions; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.prompt_template_versions (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    template_id uuid NOT NULL,
    number integer NOT NULL,
    messages jsonb NOT NULL,
    variables jsonb NOT NULL,
    provider text,
    model text,
    params jsonb DEFAULT '{}'::jsonb NOT NULL,
    tools jsonb DEFAULT '[]'::jsonb NOT NULL,
    response_format jsonb,
    content_hash text GENERATED ALWAYS AS (private.bundle_hash(messages, variables, provider, model, params, tools, response_format)) STORED NOT NULL,
    message text DEFAULT ''::text NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT prompt_template_versions_messages_array CHECK ((jsonb_typeof(messages) = 'array'::text)),
    CONSTRAINT prompt_template_versions_model_length CHECK (((length(model) >= 1) AND (length(model) <= 200))),
    CONSTRAINT prompt_template_versions_number_positive CHECK ((number > 0)),
    CONSTRAINT prompt_template_versions_params_object CHECK ((jsonb_typeof(params) = 'object'::text)),
    CONSTRAINT prompt_template_versions_provider_length CHECK (((length(provider) >= 1) AND (length(provider) <= 100))),
    CONSTRAINT prompt_template_versions_response_format_object CHECK ((jsonb_typeof(response_format) = 'object'::text)),
    CONSTRAINT prompt_template_versions_tools_array CHECK ((jsonb_typeof(tools) = 'array'::text)),
    CONSTRAINT prompt_template_versions_variables_object CHECK ((jsonb_typeof(variables) = 'object'::text))
);
ALTER TABLE public.prompt_template_versions OWNER TO postgres;
-- Name: TABLE prompt_template_versions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.prompt_template_versions IS 'An immutable version of a template: what a prompt version begins with.
Made by commit_template_version. Provider and model may be left open.';
-- Name: COLUMN prompt_template_versions.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_template_versions.id IS 'Time-ordered uuid.';
-- Name: COLUMN prompt_template_versions.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_template_versions.workspace_id IS 'The workspace.';
-- Name: COLUMN prompt_template_versions.template_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_template_versions.template_id IS 'The template.';
-- Name: COLUMN prompt_template_versions.number; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_template_versions.number IS 'Counts from 1 in the template.';
-- Name: COLUMN prompt_template_versions.messages; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_template_versions.messages IS 'Array of {role, content}; content may hold {{variables}}.';
-- Name: COLUMN prompt_template_versions.variables; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_template_versions.variables IS 'Object: variable name to JSON Schema.';
-- Name: COLUMN prompt_template_versions.provider; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_template_versions.provider IS 'Who runs the model; null leaves it to the prompt.';
-- Name: COLUMN prompt_template_versions.model; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_template_versions.model IS 'The model''s name at the provider; null leaves it to the prompt.';
-- Name: COLUMN prompt_template_versions.params; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_template_versions.params IS 'Object of sampling parameters.';
-- Name: COLUMN prompt_template_versions.tools; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_template_versions.tools IS 'Array of tool definitions.';
-- Name: COLUMN prompt_template_versions.response_format; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_template_versions.response_format IS 'Object; null for free text.';
-- Name: COLUMN prompt_template_versions.content_hash; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_template_versions.content_hash IS 'SHA-256 of the bundle, in hex: equal bundles have equal hashes.';
-- Name: COLUMN prompt_template_versions.message; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_template_versions.message IS 'Why, in the author''s words.';
-- Name: COLUMN prompt_template_versions.created_by; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_template_versions.created_by IS 'The user who committed it; null for a server''s or an API key.';
-- Name: COLUMN prompt_template_versions.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_template_versions.created_at IS 'When it was committed.';
-- Name: prompt_templates; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.prompt_templates (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    head_version_id uuid,
    created_by uuid DEFAULT auth.uid(),
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT prompt_templates_description_length CHECK ((length(description) <= 10000)),
    CONSTRAINT prompt_templates_key_shape CHECK ((key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'::text)),
    CONSTRAINT prompt_templates_name_length CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
ALTER TABLE public.prompt_templates OWNER TO postgres;
-- Name: TABLE prompt_templates; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.prompt_templates IS 'A reusable prompt with typed variables. Its texts are prompt_template_versions.';
-- Name: COLUMN prompt_templates.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_templates.id IS 'Time-ordered uuid.';
-- Name: COLUMN prompt_templates.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_templates.workspace_id IS 'The workspace.';
-- Name: COLUMN prompt_templates.key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_templates.key IS 'The name that code uses: unique in the workspace.';
-- Name: COLUMN prompt_templates.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_templates.name IS 'What people call it.';
-- Name: COLUMN prompt_templates.description; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_templates.description IS 'What it is for, and when to use it.';
-- Name: COLUMN prompt_templates.head_version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_templates.head_version_id IS 'Its newest version; null before the first. Moved by commit_template_version.';
-- Name: COLUMN prompt_templates.created_by; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_templates.created_by IS 'The user who made it; null for a server''s or an API key.';
-- Name: COLUMN prompt_templates.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.prompt_templates.created_at IS 'When it was made.';
-- Name: ramp_guardrails; Type: VIEW; Schema: public; Owner: postgres
CREATE VIEW public.ramp_guardrails WITH (security_invoker='true') AS
 SELECT r.workspace_id,
    r.id AS ramp_id,
    r.experiment_id,
    f.metric_id,
    f.metric_key,
    f.metric_name,
    f.metric_unit,
    f.metric_direction,
    f.margin,
    f.n_control,
    f.n_variant,
    r.min_subjects,
    f.mean_control,
    f.mean_variant,
    f.harm,
    f.harm_low,
    f.harm_high,
        CASE
            WHEN ((f.reason_code <> 'zero_variance'::text) OR (LEAST(f.n_control, f.n_variant) < LEAST(r.min_subjects, 20))) THEN 'waiting'::text
            WHEN (COALESCE(f.harm_low, f.harm) > f.margin) THEN 'breached'::text
            WHEN (LEAST(f.n_control, f.n_variant) < r.min_subjects) THEN 'waiting'::text
            ELSE 'stands'::text
        END AS status,
    COALESCE(NULLIF(f.reason_code, 'zero_variance'::text),
        CASE
            WHEN (LEAST(f.n_control, f.n_variant) < r.min_subjects) THEN 'below_min_subjects'::text
            ELSE NULL::text
        END) AS reason_code,
    f.as_of
   FROM (public.ramps r
     CROSS JOIN LATERAL ( SELECT e.workspace_id,
            e.experiment_id,
            e.experiment_key,
            e.metric_id,
            e.metric_key,
            e.metric_name,
            e.metric_kind,
            e.metric_unit,
            e.metric_direction,
            e.metric_role,
            e.variant_id,
            e.variant_key,
            e.variant_name,
            e.control_variant_id,
            e.n_control,
            e.n_variant,
            e.mean_control,
            e.mean_variant,
            e.difference,
            e.std_error,
            e.degrees_of_freedom,
            e.ci_low,
            e.ci_high,
            e.confidence_level,
            e.p_value,
            e.lift,
            e.lift_low,
            e.lift_high,
            e.verdict,
            e.method,
            e.grade,
            e.reason_code,
            e.as_of,
            COALESCE(m.margin, (0)::double precision) AS margin,
                CASE e.metric_direction
                    WHEN 'increase'::text THEN (- e.difference)
                    ELSE e.difference
                END AS harm,
                CASE e.metric_direction
                    WHEN 'increase'::text THEN (- e.ci_high)
                    ELSE e.ci_low
                END AS harm_low,
                CASE e.metric_direction
                    WHEN 'increase'::text THEN (- e.ci_low)
                    ELSE e.ci_high
                END AS harm_high
           FROM (public.experiment_effects e
             JOIN public.experiment_metrics m ON (((m.experiment_id = e.experiment_id) AND (m.metric_id = e.metric_id))))
          WHERE ((e.experiment_id = r.experiment_id) AND (e.metric_role = 'guardrail'::text))
         OFFSET 0) f);
ALTER VIEW public.ramp_guardrails OWNER TO postgres;
-- Name: VIEW ramp_guardrails; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON VIEW public.ramp_guardrails IS 'One row per ramp × guardrail: whether the new version is worse than the margin allows, with the numbers that say so.
harm is how much worse the new version is than the live one, in the metric''s unit, whichever way is better. breached: its whole interval lies beyond the margin (from 20 subjects an arm, or min_subjects if fewer). stands: it does not, with min_subjects in each arm. waiting: reason_code says for what.';
-- Name: COLUMN ramp_guardrails.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.workspace_id IS 'The workspace.';
-- Name: COLUMN ramp_guardrails.ramp_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.ramp_id IS 'The ramp.';
-- Name: COLUMN ramp_guardrails.experiment_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.experiment_id IS 'The experiment that it runs as.';
-- Name: COLUMN ramp_guardrails.metric_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.metric_id IS 'The outcome metric.';
-- Name: COLUMN ramp_guardrails.metric_key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.metric_key IS 'Its key.';
-- Name: COLUMN ramp_guardrails.metric_name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.metric_name IS 'Its name.';
-- Name: COLUMN ramp_guardrails.metric_unit; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.metric_unit IS 'The unit of harm and margin.';
-- Name: COLUMN ramp_guardrails.metric_direction; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.metric_direction IS 'Which way is better.';
-- Name: COLUMN ramp_guardrails.margin; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.margin IS 'How much worse is still acceptable.';
-- Name: COLUMN ramp_guardrails.n_control; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.n_control IS 'Subjects with the live version that count.';
-- Name: COLUMN ramp_guardrails.n_variant; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.n_variant IS 'Subjects with the new version that count.';
-- Name: COLUMN ramp_guardrails.min_subjects; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.min_subjects IS 'How many each arm needs.';
-- Name: COLUMN ramp_guardrails.mean_control; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.mean_control IS 'Mean with the live version.';
-- Name: COLUMN ramp_guardrails.mean_variant; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.mean_variant IS 'Mean with the new version.';
-- Name: COLUMN ramp_guardrails.harm; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.harm IS 'How much worse the new version is; negative when it is better.';
-- Name: COLUMN ramp_guardrails.harm_low; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.harm_low IS 'Lower end of its 95 % interval.';
-- Name: COLUMN ramp_guardrails.harm_high; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.harm_high IS 'Upper end.';
-- Name: COLUMN ramp_guardrails.status; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.status IS 'stands, waiting or breached.';
-- Name: COLUMN ramp_guardrails.reason_code; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.reason_code IS 'Why it waits: below_min_subjects, no_subjects, too_few_subjects, sample_ratio_mismatch; null when it does not.';
-- Name: COLUMN ramp_guardrails.as_of; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_guardrails.as_of IS 'When it was computed.';
-- Name: ramp_steps; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.ramp_steps (
    workspace_id uuid NOT NULL,
    ramp_id uuid NOT NULL,
    number integer NOT NULL,
    share integer NOT NULL,
    hold interval NOT NULL,
    started_at timestamp with time zone,
    CONSTRAINT ramp_steps_hold_positive CHECK ((hold >= '00:00:00'::interval)),
    CONSTRAINT ramp_steps_number_positive CHECK ((number > 0)),
    CONSTRAINT ramp_steps_share_range CHECK ((((share >= 1) AND (share <= 5000)) OR (share = 10000)))
);
ALTER TABLE public.ramp_steps OWNER TO postgres;
-- Name: TABLE ramp_steps; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.ramp_steps IS 'The steps of a ramp: what share gets the new version, and for how long at least.';
-- Name: COLUMN ramp_steps.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_steps.workspace_id IS 'The workspace.';
-- Name: COLUMN ramp_steps.ramp_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_steps.ramp_id IS 'The ramp.';
-- Name: COLUMN ramp_steps.number; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_steps.number IS 'Counts from 1.';
-- Name: COLUMN ramp_steps.share; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_steps.share IS 'Share of subjects that get the new version, in basis points: 500 is 5 %. The last step, 10000, publishes.';
-- Name: COLUMN ramp_steps.hold; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_steps.hold IS 'How long the step lasts before the next may begin by itself.';
-- Name: COLUMN ramp_steps.started_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.ramp_steps.started_at IS 'When it began; null until then.';
-- Name: role_permissions; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.role_permissions (
    workspace_id uuid NOT NULL,
    role text NOT NULL,
    permission text NOT NULL
);
ALTER TABLE public.role_permissions OWNER TO postgres;
-- Name: TABLE role_permissions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.role_permissions IS 'One row per permission that a role holds in a workspace. Changed by those who hold roles.write.';
-- Name: COLUMN role_permissions.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.role_permissions.workspace_id IS 'The workspace.';
-- Name: COLUMN role_permissions.role; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.role_permissions.role IS 'The role.';
-- Name: COLUMN role_permissions.permission; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.role_permissions.permission IS 'The permission that it holds.';
-- Name: roles; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.roles (
    workspace_id uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    CONSTRAINT roles_key_shape CHECK ((key ~ '^[a-z_]{1,50}$'::text))
);
ALTER TABLE public.roles OWNER TO postgres;
-- Name: TABLE roles; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.roles IS 'A named set of permissions in a workspace; eight are made with it.';
-- Name: COLUMN roles.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.roles.workspace_id IS 'The workspace.';
-- Name: COLUMN roles.key; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.roles.key IS 'owner, admin, product_manager, prompt_engineer, operations, engineer, enablement, viewer.';
-- Name: COLUMN roles.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.roles.name IS 'What people call it.';
-- Name: run_results; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.run_results (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    run_id uuid NOT NULL,
    version_id uuid NOT NULL,
    test_case_id uuid NOT NULL,
    repeat integer DEFAULT 1 NOT NULL,
    status text NOT NULL,
    output text,
    finish_reason text,
    latency_ms double precision,
    input_tokens integer,
    output_tokens integer,
    cost_usd double precision,
    error_code text,
    error_message text,
    attempts integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT run_results_repeat_positive CHECK ((repeat > 0)),
    CONSTRAINT run_results_status_known CHECK ((status = ANY (ARRAY['ok'::text, 'error'::text])))
);
ALTER TABLE public.run_results OWNER TO postgres;
-- Name: TABLE run_results; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.run_results IS 'The result of one call of a run. Append-only; recorded once, however often a worker tries.';
-- Name: COLUMN run_results.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.run_results.id IS 'Time-ordered uuid.';
-- Name: COLUMN run_results.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.run_results.workspace_id IS 'The workspace.';
-- Name: COLUMN run_results.run_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.run_results.run_id IS 'The run.';
-- Name: COLUMN run_results.version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.run_results.version_id IS 'The prompt version that was called.';
-- Name: COLUMN run_results.test_case_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.run_results.test_case_id IS 'The input.';
-- Name: COLUMN run_results.repeat; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.run_results.repeat IS 'Which repetition, from 1.';
-- Name: COLUMN run_results.status; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.run_results.status IS 'ok or error.';
-- Name: COLUMN run_results.output; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.run_results.output IS 'What the model said.';
-- Name: COLUMN run_results.finish_reason; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.run_results.finish_reason IS 'Why the model stopped.';
-- Name: COLUMN run_results.latency_ms; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.run_results.latency_ms IS 'How long it took, in milliseconds.';
-- Name: COLUMN run_results.input_tokens; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.run_results.input_tokens IS 'Tokens in.';
-- Name: COLUMN run_results.output_tokens; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.run_results.output_tokens IS 'Tokens out.';
-- Name: COLUMN run_results.cost_usd; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.run_results.cost_usd IS 'What it cost, in US dollars.';
-- Name: COLUMN run_results.error_code; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.run_results.error_code IS 'Code of the error.';
-- Name: COLUMN run_results.error_message; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.run_results.error_message IS 'The error for people.';
-- Name: COLUMN run_results.attempts; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.run_results.attempts IS 'How often the provider was called for it.';
-- Name: COLUMN run_results.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.run_results.created_at IS 'When it was recorded.';
-- Name: tag_moves; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.tag_moves (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    prompt_id uuid NOT NULL,
    name text NOT NULL,
    from_version_id uuid,
    to_version_id uuid,
    reason text DEFAULT ''::text NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT tag_moves_is_a_move CHECK ((from_version_id IS DISTINCT FROM to_version_id))
);
ALTER TABLE public.tag_moves OWNER TO postgres;
-- Name: TABLE tag_moves; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.tag_moves IS 'Append-only history of tags: where each pointed, since when, by whom, why.';
-- Name: COLUMN tag_moves.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.tag_moves.id IS 'Time-ordered uuid.';
-- Name: COLUMN tag_moves.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.tag_moves.workspace_id IS 'The workspace.';
-- Name: COLUMN tag_moves.prompt_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.tag_moves.prompt_id IS 'The prompt.';
-- Name: COLUMN tag_moves.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.tag_moves.name IS 'The tag''s name; the tag itself may be gone.';
-- Name: COLUMN tag_moves.from_version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.tag_moves.from_version_id IS 'The version that it pointed at before; null when it was new.';
-- Name: COLUMN tag_moves.to_version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.tag_moves.to_version_id IS 'The version that it pointed at from then on; null when it was taken away.';
-- Name: COLUMN tag_moves.reason; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.tag_moves.reason IS 'Why, in the person''s words.';
-- Name: COLUMN tag_moves.created_by; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.tag_moves.created_by IS 'The user who moved it; null for a server''s or an API key.';
-- Name: COLUMN tag_moves.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.tag_moves.created_at IS 'When.';
-- Name: test_cases; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.test_cases (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    prompt_id uuid NOT NULL,
    name text NOT NULL,
    variables jsonb DEFAULT '{}'::jsonb NOT NULL,
    expected jsonb,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT test_cases_name_length CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT test_cases_variables_object CHECK ((jsonb_typeof(variables) = 'object'::text))
);
ALTER TABLE public.test_cases OWNER TO postgres;
-- Name: TABLE test_cases; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.test_cases IS 'A saved input of a prompt, with what is expected of the answer.';
-- Name: COLUMN test_cases.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.test_cases.id IS 'Time-ordered uuid.';
-- Name: COLUMN test_cases.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.test_cases.workspace_id IS 'The workspace.';
-- Name: COLUMN test_cases.prompt_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.test_cases.prompt_id IS 'The prompt.';
-- Name: COLUMN test_cases.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.test_cases.name IS 'Unique in the prompt.';
-- Name: COLUMN test_cases.variables; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.test_cases.variables IS 'Object: variable name to value.';
-- Name: COLUMN test_cases.expected; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.test_cases.expected IS 'What a right answer holds; null when a person judges.';
-- Name: COLUMN test_cases.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.test_cases.created_at IS 'When it was saved.';
-- Name: variant_versions; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.variant_versions (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    workspace_id uuid NOT NULL,
    variant_id uuid NOT NULL,
    action_id uuid,
    prompt_version_id uuid NOT NULL
);
ALTER TABLE public.variant_versions OWNER TO postgres;
-- Name: TABLE variant_versions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.variant_versions IS 'The prompt version that a variant runs, per action.';
-- Name: COLUMN variant_versions.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variant_versions.id IS 'Time-ordered uuid.';
-- Name: COLUMN variant_versions.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variant_versions.workspace_id IS 'The workspace.';
-- Name: COLUMN variant_versions.variant_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variant_versions.variant_id IS 'The variant.';
-- Name: COLUMN variant_versions.action_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variant_versions.action_id IS 'The action; null for every action that has no row of its own.';
-- Name: COLUMN variant_versions.prompt_version_id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.variant_versions.prompt_version_id IS 'The version that runs.';
-- Name: workspaces; Type: TABLE; Schema: public; Owner: postgres
CREATE TABLE public.workspaces (
    id uuid DEFAULT private.uuidv7() NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT private.now() NOT NULL,
    CONSTRAINT workspaces_name_length CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT workspaces_slug_shape CHECK ((slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text))
);
ALTER TABLE public.workspaces OWNER TO postgres;
-- Name: TABLE workspaces; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON TABLE public.workspaces IS 'The tenant: every other row belongs to exactly one.
Made by create_workspace. A slug is unique per creator, not globally, so that a name taken elsewhere tells nobody anything.';
-- Name: COLUMN workspaces.id; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.workspaces.id IS 'Time-ordered uuid.';
-- Name: COLUMN workspaces.name; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.workspaces.name IS 'What people call it.';
-- Name: COLUMN workspaces.slug; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.workspaces.slug IS 'Short name for addresses: lower-case letters, digits, hyphens.';
-- Name: COLUMN workspaces.created_by; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.workspaces.created_by IS 'The user who made it. No foreign key: history outlives accounts.';
-- Name: COLUMN workspaces.created_at; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON COLUMN public.workspaces.created_at IS 'When it was made.';
-- Name: api_key_secrets api_key_secrets_pkey; Type: CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.api_key_secrets
    ADD CONSTRAINT api_key_secrets_pkey PRIMARY KEY (hash);
-- Name: deployment_heads deployment_heads_pkey; Type: CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.deployment_heads
    ADD CONSTRAINT deployment_heads_pkey PRIMARY KEY (deployment_id);
-- Name: deployment_heads deployment_heads_scope; Type: CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.deployment_heads
    ADD CONSTRAINT deployment_heads_scope UNIQUE NULLS NOT DISTINCT (environment_id, capability_id, action_id, intent_id);
-- Name: hint_clock hint_clock_pkey; Type: CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.hint_clock
    ADD CONSTRAINT hint_clock_pkey PRIMARY KEY (experiment_id);
-- Name: hints hints_pkey; Type: CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.hints
    ADD CONSTRAINT hints_pkey PRIMARY KEY (tx, topic, kind);
-- Name: invitation_secrets invitation_secrets_pkey; Type: CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.invitation_secrets
    ADD CONSTRAINT invitation_secrets_pkey PRIMARY KEY (hash);
-- Name: live_rules live_rules_pkey; Type: CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.live_rules
    ADD CONSTRAINT live_rules_pkey PRIMARY KEY (experiment_id);
-- Name: ramp_clock ramp_clock_pkey; Type: CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.ramp_clock
    ADD CONSTRAINT ramp_clock_pkey PRIMARY KEY (ramp_id);
-- Name: actions actions_in_capability; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_in_capability UNIQUE (workspace_id, capability_id, id);
-- Name: actions actions_in_workspace; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_in_workspace UNIQUE (workspace_id, id);
-- Name: actions actions_key_unique; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_key_unique UNIQUE (capability_id, key);
-- Name: actions actions_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_pkey PRIMARY KEY (id);
-- Name: api_key_uses api_key_uses_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.api_key_uses
    ADD CONSTRAINT api_key_uses_pkey PRIMARY KEY (workspace_id, api_key_id);
-- Name: api_keys api_keys_in_workspace; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_in_workspace UNIQUE (workspace_id, id);
-- Name: api_keys api_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (id);
-- Name: assignments assignments_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT assignments_pkey PRIMARY KEY (id);
-- Name: assignments assignments_sticky; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT assignments_sticky UNIQUE (workspace_id, unit_id, experiment_id);
-- Name: CONSTRAINT assignments_sticky ON assignments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON CONSTRAINT assignments_sticky ON public.assignments IS 'A unit has one arm in an experiment.';
-- Name: audit_events audit_events_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.audit_events
    ADD CONSTRAINT audit_events_pkey PRIMARY KEY (id);
-- Name: branches branches_of_prompt; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.branches
    ADD CONSTRAINT branches_of_prompt UNIQUE (workspace_id, prompt_id, id);
-- Name: branches branches_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.branches
    ADD CONSTRAINT branches_pkey PRIMARY KEY (id);
-- Name: capabilities capabilities_in_workspace; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.capabilities
    ADD CONSTRAINT capabilities_in_workspace UNIQUE (workspace_id, id);
-- Name: capabilities capabilities_key_unique; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.capabilities
    ADD CONSTRAINT capabilities_key_unique UNIQUE (workspace_id, key);
-- Name: capabilities capabilities_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.capabilities
    ADD CONSTRAINT capabilities_pkey PRIMARY KEY (id);
-- Name: changes changes_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (id);
-- Name: deployments deployments_in_workspace; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.deployments
    ADD CONSTRAINT deployments_in_workspace UNIQUE (workspace_id, id);
-- Name: deployments deployments_one_next; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.deployments
    ADD CONSTRAINT deployments_one_next UNIQUE NULLS NOT DISTINCT (environment_id, capability_id, action_id, intent_id, number);
-- Name: deployments deployments_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.deployments
    ADD CONSTRAINT deployments_pkey PRIMARY KEY (id);
-- Name: environments environments_in_workspace; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.environments
    ADD CONSTRAINT environments_in_workspace UNIQUE (workspace_id, id);
-- Name: environments environments_key_unique; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.environments
    ADD CONSTRAINT environments_key_unique UNIQUE (workspace_id, key);
-- Name: environments environments_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.environments
    ADD CONSTRAINT environments_pkey PRIMARY KEY (id);
-- Name: experiment_actions experiment_actions_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_actions
    ADD CONSTRAINT experiment_actions_pkey PRIMARY KEY (experiment_id, action_id);
-- Name: experiment_intents experiment_intents_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_intents
    ADD CONSTRAINT experiment_intents_pkey PRIMARY KEY (experiment_id, intent_id);
-- Name: experiment_metrics experiment_metrics_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_metrics
    ADD CONSTRAINT experiment_metrics_pkey PRIMARY KEY (experiment_id, metric_id);
-- Name: experiment_moves experiment_moves_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_moves
    ADD CONSTRAINT experiment_moves_pkey PRIMARY KEY (verb, from_state);
-- Name: experiment_phase_arms experiment_phase_arms_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_phase_arms
    ADD CONSTRAINT experiment_phase_arms_pkey PRIMARY KEY (phase_id, variant_id);
-- Name: experiment_phases experiment_phases_number_unique; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_phases
    ADD CONSTRAINT experiment_phases_number_unique UNIQUE (experiment_id, number);
-- Name: experiment_phases experiment_phases_of_experiment; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_phases
    ADD CONSTRAINT experiment_phases_of_experiment UNIQUE (workspace_id, experiment_id, id);
-- Name: experiment_phases experiment_phases_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_phases
    ADD CONSTRAINT experiment_phases_pkey PRIMARY KEY (id);
-- Name: experiments experiments_in_capability; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiments
    ADD CONSTRAINT experiments_in_capability UNIQUE (workspace_id, capability_id, id);
-- Name: experiments experiments_in_workspace; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiments
    ADD CONSTRAINT experiments_in_workspace UNIQUE (workspace_id, id);
-- Name: experiments experiments_key_unique; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiments
    ADD CONSTRAINT experiments_key_unique UNIQUE (workspace_id, key);
-- Name: experiments experiments_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiments
    ADD CONSTRAINT experiments_pkey PRIMARY KEY (id);
-- Name: holdouts holdouts_number_unique; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.holdouts
    ADD CONSTRAINT holdouts_number_unique UNIQUE (environment_id, number);
-- Name: holdouts holdouts_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.holdouts
    ADD CONSTRAINT holdouts_pkey PRIMARY KEY (id);
-- Name: inferences inferences_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.inferences
    ADD CONSTRAINT inferences_pkey PRIMARY KEY (workspace_id, id);
-- Name: intent_examples intent_examples_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.intent_examples
    ADD CONSTRAINT intent_examples_pkey PRIMARY KEY (id);
-- Name: intents intents_in_workspace; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.intents
    ADD CONSTRAINT intents_in_workspace UNIQUE (workspace_id, id);
-- Name: intents intents_key_unique; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.intents
    ADD CONSTRAINT intents_key_unique UNIQUE (workspace_id, key);
-- Name: intents intents_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.intents
    ADD CONSTRAINT intents_pkey PRIMARY KEY (id);
-- Name: invitations invitations_in_workspace; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_in_workspace UNIQUE (workspace_id, id);
-- Name: invitations invitations_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (id);
-- Name: job_failures job_failures_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.job_failures
    ADD CONSTRAINT job_failures_pkey PRIMARY KEY (id);
-- Name: layers layers_in_workspace; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.layers
    ADD CONSTRAINT layers_in_workspace UNIQUE (workspace_id, id);
-- Name: layers layers_key_unique; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.layers
    ADD CONSTRAINT layers_key_unique UNIQUE (workspace_id, key);
-- Name: layers layers_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.layers
    ADD CONSTRAINT layers_pkey PRIMARY KEY (id);
-- Name: members members_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_pkey PRIMARY KEY (workspace_id, user_id);
-- Name: outcome_keys outcome_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.outcome_keys
    ADD CONSTRAINT outcome_keys_pkey PRIMARY KEY (workspace_id, key_type, key_value, subject, conversation);
-- Name: outcome_metrics outcome_metrics_in_workspace; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.outcome_metrics
    ADD CONSTRAINT outcome_metrics_in_workspace UNIQUE (workspace_id, id);
-- Name: outcome_metrics outcome_metrics_key_unique; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.outcome_metrics
    ADD CONSTRAINT outcome_metrics_key_unique UNIQUE (workspace_id, key);
-- Name: outcome_metrics outcome_metrics_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.outcome_metrics
    ADD CONSTRAINT outcome_metrics_pkey PRIMARY KEY (id);
-- Name: outcomes outcomes_once; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.outcomes
    ADD CONSTRAINT outcomes_once UNIQUE (workspace_id, source, source_event_id);
-- Name: outcomes outcomes_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.outcomes
    ADD CONSTRAINT outcomes_pkey PRIMARY KEY (id);
-- Name: permissions permissions_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.permissions
    ADD CONSTRAINT permissions_pkey PRIMARY KEY (key);
-- Name: prompt_template_versions prompt_template_versions_in_workspace; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_template_versions
    ADD CONSTRAINT prompt_template_versions_in_workspace UNIQUE (workspace_id, id);
-- Name: prompt_template_versions prompt_template_versions_number_unique; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_template_versions
    ADD CONSTRAINT prompt_template_versions_number_unique UNIQUE (template_id, number);
-- Name: prompt_template_versions prompt_template_versions_of_template; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_template_versions
    ADD CONSTRAINT prompt_template_versions_of_template UNIQUE (workspace_id, template_id, id);
-- Name: prompt_template_versions prompt_template_versions_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_template_versions
    ADD CONSTRAINT prompt_template_versions_pkey PRIMARY KEY (id);
-- Name: prompt_templates prompt_templates_in_workspace; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_templates
    ADD CONSTRAINT prompt_templates_in_workspace UNIQUE (workspace_id, id);
-- Name: prompt_templates prompt_templates_key_unique; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_templates
    ADD CONSTRAINT prompt_templates_key_unique UNIQUE (workspace_id, key);
-- Name: prompt_templates prompt_templates_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_templates
    ADD CONSTRAINT prompt_templates_pkey PRIMARY KEY (id);
-- Name: prompt_versions prompt_versions_in_workspace; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_in_workspace UNIQUE (workspace_id, id);
-- Name: prompt_versions prompt_versions_number_unique; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_number_unique UNIQUE (prompt_id, number);
-- Name: prompt_versions prompt_versions_of_prompt; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_of_prompt UNIQUE (workspace_id, prompt_id, id);
-- Name: prompt_versions prompt_versions_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_pkey PRIMARY KEY (id);
-- Name: prompts prompts_in_workspace; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompts
    ADD CONSTRAINT prompts_in_workspace UNIQUE (workspace_id, id);
-- Name: prompts prompts_key_unique; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompts
    ADD CONSTRAINT prompts_key_unique UNIQUE (workspace_id, key);
-- Name: prompts prompts_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompts
    ADD CONSTRAINT prompts_pkey PRIMARY KEY (id);
-- Name: provider_keys provider_keys_one_per_provider; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.provider_keys
    ADD CONSTRAINT provider_keys_one_per_provider UNIQUE (workspace_id, provider);
-- Name: provider_keys provider_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.provider_keys
    ADD CONSTRAINT provider_keys_pkey PRIMARY KEY (id);
-- Name: ramp_steps ramp_steps_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.ramp_steps
    ADD CONSTRAINT ramp_steps_pkey PRIMARY KEY (ramp_id, number);
-- Name: ramps ramps_in_workspace; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.ramps
    ADD CONSTRAINT ramps_in_workspace UNIQUE (workspace_id, id);
-- Name: ramps ramps_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.ramps
    ADD CONSTRAINT ramps_pkey PRIMARY KEY (id);
-- Name: role_permissions role_permissions_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.role_permissions
    ADD CONSTRAINT role_permissions_pkey PRIMARY KEY (workspace_id, role, permission);
-- Name: roles roles_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_pkey PRIMARY KEY (workspace_id, key);
-- Name: run_results run_results_once; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.run_results
    ADD CONSTRAINT run_results_once UNIQUE (run_id, version_id, test_case_id, repeat);
-- Name: run_results run_results_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.run_results
    ADD CONSTRAINT run_results_pkey PRIMARY KEY (id);
-- Name: runs runs_in_workspace; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_in_workspace UNIQUE (workspace_id, id);
-- Name: runs runs_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (id);
-- Name: tag_moves tag_moves_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.tag_moves
    ADD CONSTRAINT tag_moves_pkey PRIMARY KEY (id);
-- Name: tags tags_name_unique; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.tags
    ADD CONSTRAINT tags_name_unique UNIQUE (prompt_id, name);
-- Name: tags tags_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.tags
    ADD CONSTRAINT tags_pkey PRIMARY KEY (id);
-- Name: test_cases test_cases_in_workspace; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.test_cases
    ADD CONSTRAINT test_cases_in_workspace UNIQUE (workspace_id, id);
-- Name: test_cases test_cases_name_unique; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.test_cases
    ADD CONSTRAINT test_cases_name_unique UNIQUE (prompt_id, name);
-- Name: test_cases test_cases_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.test_cases
    ADD CONSTRAINT test_cases_pkey PRIMARY KEY (id);
-- Name: variant_rollbacks variant_rollbacks_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.variant_rollbacks
    ADD CONSTRAINT variant_rollbacks_pkey PRIMARY KEY (id);
-- Name: variant_versions variant_versions_one_per_action; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.variant_versions
    ADD CONSTRAINT variant_versions_one_per_action UNIQUE NULLS NOT DISTINCT (variant_id, action_id);
-- Name: variant_versions variant_versions_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.variant_versions
    ADD CONSTRAINT variant_versions_pkey PRIMARY KEY (id);
-- Name: variants variants_in_workspace; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.variants
    ADD CONSTRAINT variants_in_workspace UNIQUE (workspace_id, id);
-- Name: variants variants_key_unique; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.variants
    ADD CONSTRAINT variants_key_unique UNIQUE (experiment_id, key);
-- Name: variants variants_of_experiment; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.variants
    ADD CONSTRAINT variants_of_experiment UNIQUE (workspace_id, experiment_id, id);
-- Name: variants variants_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.variants
    ADD CONSTRAINT variants_pkey PRIMARY KEY (id);
-- Name: workspaces workspaces_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.workspaces
    ADD CONSTRAINT workspaces_pkey PRIMARY KEY (id);
-- Name: api_key_secrets_api_key_id; Type: INDEX; Schema: private; Owner: postgres
CREATE INDEX api_key_secrets_api_key_id ON private.api_key_secrets USING btree (workspace_id, api_key_id);
-- Name: deployment_heads_workspace_id; Type: INDEX; Schema: private; Owner: postgres
CREATE INDEX deployment_heads_workspace_id ON private.deployment_heads USING btree (workspace_id);
-- Name: hint_clock_workspace_id; Type: INDEX; Schema: private; Owner: postgres
CREATE INDEX hint_clock_workspace_id ON private.hint_clock USING btree (workspace_id, experiment_id);
-- Name: invitation_secrets_invitation_id; Type: INDEX; Schema: private; Owner: postgres
CREATE INDEX invitation_secrets_invitation_id ON private.invitation_secrets USING btree (workspace_id, invitation_id);
-- Name: live_rules_experiment_id; Type: INDEX; Schema: private; Owner: postgres
CREATE INDEX live_rules_experiment_id ON private.live_rules USING btree (workspace_id, experiment_id);
-- Name: live_rules_place; Type: INDEX; Schema: private; Owner: postgres
CREATE INDEX live_rules_place ON private.live_rules USING btree (environment_id, capability_id, breadth, started_at, experiment_id);
-- Name: ramp_clock_checked_at; Type: INDEX; Schema: private; Owner: postgres
CREATE INDEX ramp_clock_checked_at ON private.ramp_clock USING btree (checked_at);
-- Name: ramp_clock_ramp_id; Type: INDEX; Schema: private; Owner: postgres
CREATE INDEX ramp_clock_ramp_id ON private.ramp_clock USING btree (workspace_id, ramp_id);
-- Name: api_keys_live_name; Type: INDEX; Schema: public; Owner: postgres
CREATE UNIQUE INDEX api_keys_live_name ON public.api_keys USING btree (workspace_id, name) WHERE (revoked_at IS NULL);
-- Name: assignments_conversation; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX assignments_conversation ON public.assignments USING btree (workspace_id, conversation) WHERE (conversation IS NOT NULL);
-- Name: assignments_phase_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX assignments_phase_id ON public.assignments USING btree (workspace_id, experiment_id, phase_id);
-- Name: assignments_tx; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX assignments_tx ON public.assignments USING brin (tx);
-- Name: assignments_variant_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX assignments_variant_id ON public.assignments USING btree (workspace_id, experiment_id, variant_id);
-- Name: audit_events_actor; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX audit_events_actor ON public.audit_events USING btree (workspace_id, actor_id, occurred_at);
-- Name: audit_events_occurred_at; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX audit_events_occurred_at ON public.audit_events USING btree (workspace_id, occurred_at, "position");
-- Name: audit_events_request; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX audit_events_request ON public.audit_events USING btree (workspace_id, request_id, "position");
-- Name: audit_events_row; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX audit_events_row ON public.audit_events USING btree (workspace_id, row_id, occurred_at) WHERE (row_id IS NOT NULL);
-- Name: audit_events_table; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX audit_events_table ON public.audit_events USING btree (workspace_id, table_name, occurred_at);
-- Name: branches_head_version_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX branches_head_version_id ON public.branches USING btree (workspace_id, prompt_id, head_version_id);
-- Name: branches_name_unique; Type: INDEX; Schema: public; Owner: postgres
CREATE UNIQUE INDEX branches_name_unique ON public.branches USING btree (prompt_id, name) WHERE (deleted_at IS NULL);
-- Name: branches_prompt_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX branches_prompt_id ON public.branches USING btree (workspace_id, prompt_id);
-- Name: changes_action_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX changes_action_id ON public.changes USING btree (workspace_id, action_id);
-- Name: changes_capability_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX changes_capability_id ON public.changes USING btree (workspace_id, capability_id);
-- Name: changes_deployment_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX changes_deployment_id ON public.changes USING btree (workspace_id, deployment_id);
-- Name: changes_environment_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX changes_environment_id ON public.changes USING btree (workspace_id, environment_id);
-- Name: changes_experiment_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX changes_experiment_id ON public.changes USING btree (workspace_id, experiment_id);
-- Name: changes_intent_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX changes_intent_id ON public.changes USING btree (workspace_id, intent_id);
-- Name: changes_occurred_at; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX changes_occurred_at ON public.changes USING btree (workspace_id, occurred_at);
-- Name: changes_variant_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX changes_variant_id ON public.changes USING btree (workspace_id, variant_id);
-- Name: deployments_action_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX deployments_action_id ON public.deployments USING btree (workspace_id, capability_id, action_id);
-- Name: deployments_environment_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX deployments_environment_id ON public.deployments USING btree (workspace_id, environment_id);
-- Name: deployments_intent_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX deployments_intent_id ON public.deployments USING btree (workspace_id, intent_id);
-- Name: deployments_previous_version_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX deployments_previous_version_id ON public.deployments USING btree (workspace_id, previous_version_id);
-- Name: deployments_prompt_version_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX deployments_prompt_version_id ON public.deployments USING btree (workspace_id, prompt_version_id);
-- Name: experiment_actions_action_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX experiment_actions_action_id ON public.experiment_actions USING btree (workspace_id, capability_id, action_id);
-- Name: experiment_actions_experiment_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX experiment_actions_experiment_id ON public.experiment_actions USING btree (workspace_id, capability_id, experiment_id);
-- Name: experiment_intents_experiment_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX experiment_intents_experiment_id ON public.experiment_intents USING btree (workspace_id, experiment_id);
-- Name: experiment_intents_intent_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX experiment_intents_intent_id ON public.experiment_intents USING btree (workspace_id, intent_id);
-- Name: experiment_metrics_experiment_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX experiment_metrics_experiment_id ON public.experiment_metrics USING btree (workspace_id, experiment_id);
-- Name: experiment_metrics_metric_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX experiment_metrics_metric_id ON public.experiment_metrics USING btree (workspace_id, metric_id);
-- Name: experiment_metrics_one_primary; Type: INDEX; Schema: public; Owner: postgres
CREATE UNIQUE INDEX experiment_metrics_one_primary ON public.experiment_metrics USING btree (experiment_id) WHERE (role = 'primary'::text);
-- Name: experiment_moves_permission; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX experiment_moves_permission ON public.experiment_moves USING btree (permission);
-- Name: experiment_phase_arms_phase_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX experiment_phase_arms_phase_id ON public.experiment_phase_arms USING btree (workspace_id, experiment_id, phase_id);
-- Name: experiment_phase_arms_variant_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX experiment_phase_arms_variant_id ON public.experiment_phase_arms USING btree (workspace_id, experiment_id, variant_id);
-- Name: experiments_active; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX experiments_active ON public.experiments USING btree (environment_id, capability_id) WHERE (state = 'active'::text);
-- Name: experiments_environment_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX experiments_environment_id ON public.experiments USING btree (workspace_id, environment_id);
-- Name: experiments_layer_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX experiments_layer_id ON public.experiments USING btree (workspace_id, layer_id);
-- Name: experiments_parent; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX experiments_parent ON public.experiments USING btree (workspace_id, parent_experiment_id);
-- Name: holdouts_environment_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX holdouts_environment_id ON public.holdouts USING btree (workspace_id, environment_id);
-- Name: inferences_conversation; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX inferences_conversation ON public.inferences USING btree (workspace_id, conversation) WHERE (conversation IS NOT NULL);
-- Name: inferences_subject; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX inferences_subject ON public.inferences USING btree (workspace_id, subject, started_at);
-- Name: inferences_tx; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX inferences_tx ON public.inferences USING brin (tx);
-- Name: intent_examples_intent_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX intent_examples_intent_id ON public.intent_examples USING btree (workspace_id, intent_id);
-- Name: intent_examples_text_once; Type: INDEX; Schema: public; Owner: postgres
CREATE UNIQUE INDEX intent_examples_text_once ON public.intent_examples USING btree (intent_id, md5(text));
-- Name: invitations_email; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX invitations_email ON public.invitations USING btree (email) WHERE (state = 'pending'::text);
-- Name: invitations_one_pending; Type: INDEX; Schema: public; Owner: postgres
CREATE UNIQUE INDEX invitations_one_pending ON public.invitations USING btree (workspace_id, email) WHERE (state = 'pending'::text);
-- Name: job_failures_workspace_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX job_failures_workspace_id ON public.job_failures USING btree (workspace_id, failed_at);
-- Name: members_role; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX members_role ON public.members USING btree (workspace_id, role);
-- Name: members_user_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX members_user_id ON public.members USING btree (user_id);
-- Name: outcomes_metric; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX outcomes_metric ON public.outcomes USING btree (metric_id, environment_id, occurred_at);
-- Name: outcomes_tx; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX outcomes_tx ON public.outcomes USING brin (tx);
-- Name: prompt_templates_head_version_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX prompt_templates_head_version_id ON public.prompt_templates USING btree (workspace_id, id, head_version_id);
-- Name: prompt_versions_branch_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX prompt_versions_branch_id ON public.prompt_versions USING btree (workspace_id, prompt_id, branch_id);
-- Name: prompt_versions_forked_from; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX prompt_versions_forked_from ON public.prompt_versions USING btree (workspace_id, forked_from_version_id);
-- Name: prompt_versions_merged; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX prompt_versions_merged ON public.prompt_versions USING btree (workspace_id, prompt_id, merged_version_id);
-- Name: prompt_versions_parent; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX prompt_versions_parent ON public.prompt_versions USING btree (workspace_id, prompt_id, parent_version_id);
-- Name: prompt_versions_template_version_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX prompt_versions_template_version_id ON public.prompt_versions USING btree (workspace_id, template_version_id);
-- Name: prompts_action_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX prompts_action_id ON public.prompts USING btree (workspace_id, capability_id, action_id);
-- Name: ramp_steps_ramp_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX ramp_steps_ramp_id ON public.ramp_steps USING btree (workspace_id, ramp_id);
-- Name: ramps_action_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX ramps_action_id ON public.ramps USING btree (workspace_id, capability_id, action_id);
-- Name: ramps_deployment_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX ramps_deployment_id ON public.ramps USING btree (workspace_id, deployment_id);
-- Name: ramps_environment_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX ramps_environment_id ON public.ramps USING btree (workspace_id, environment_id);
-- Name: ramps_experiment_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX ramps_experiment_id ON public.ramps USING btree (workspace_id, experiment_id);
-- Name: ramps_from_version_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX ramps_from_version_id ON public.ramps USING btree (workspace_id, from_version_id);
-- Name: ramps_intent_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX ramps_intent_id ON public.ramps USING btree (workspace_id, intent_id);
-- Name: ramps_one_runs; Type: INDEX; Schema: public; Owner: postgres
CREATE UNIQUE INDEX ramps_one_runs ON public.ramps USING btree (environment_id, capability_id, action_id, intent_id) NULLS NOT DISTINCT WHERE (state = 'running'::text);
-- Name: ramps_replaces_version_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX ramps_replaces_version_id ON public.ramps USING btree (workspace_id, replaces_version_id);
-- Name: ramps_version_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX ramps_version_id ON public.ramps USING btree (workspace_id, version_id);
-- Name: role_permissions_permission; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX role_permissions_permission ON public.role_permissions USING btree (permission);
-- Name: run_results_run_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX run_results_run_id ON public.run_results USING btree (workspace_id, run_id);
-- Name: run_results_test_case_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX run_results_test_case_id ON public.run_results USING btree (workspace_id, test_case_id);
-- Name: run_results_version_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX run_results_version_id ON public.run_results USING btree (workspace_id, version_id);
-- Name: tag_moves_from_version_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX tag_moves_from_version_id ON public.tag_moves USING btree (workspace_id, prompt_id, from_version_id);
-- Name: tag_moves_name; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX tag_moves_name ON public.tag_moves USING btree (prompt_id, name, id);
-- Name: tag_moves_to_version_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX tag_moves_to_version_id ON public.tag_moves USING btree (workspace_id, prompt_id, to_version_id);
-- Name: tags_prompt_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX tags_prompt_id ON public.tags USING btree (workspace_id, prompt_id);
-- Name: tags_version_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX tags_version_id ON public.tags USING btree (workspace_id, prompt_id, version_id);
-- Name: test_cases_prompt_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX test_cases_prompt_id ON public.test_cases USING btree (workspace_id, prompt_id);
-- Name: variant_rollbacks_variant_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX variant_rollbacks_variant_id ON public.variant_rollbacks USING btree (workspace_id, experiment_id, variant_id);
-- Name: variant_versions_action_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX variant_versions_action_id ON public.variant_versions USING btree (workspace_id, action_id);
-- Name: variant_versions_prompt_version_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX variant_versions_prompt_version_id ON public.variant_versions USING btree (workspace_id, prompt_version_id);
-- Name: variant_versions_variant_id; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX variant_versions_variant_id ON public.variant_versions USING btree (workspace_id, variant_id);
-- Name: variants_one_control; Type: INDEX; Schema: public; Owner: postgres
CREATE UNIQUE INDEX variants_one_control ON public.variants USING btree (experiment_id) WHERE is_control;
-- Name: workspaces_created_by_slug; Type: INDEX; Schema: public; Owner: postgres
CREATE INDEX workspaces_created_by_slug ON public.workspaces USING btree (created_by, slug);
-- Name: hints _900_send; Type: TRIGGER; Schema: private; Owner: postgres
CREATE CONSTRAINT TRIGGER _900_send AFTER INSERT ON private.hints DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION private.tg_hints__send();
-- Name: assignments _000_append_only; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _000_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.assignments FOR EACH STATEMENT EXECUTE FUNCTION private.tg_refuse_change();
-- Name: audit_events _000_append_only; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _000_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_events FOR EACH STATEMENT EXECUTE FUNCTION private.tg_refuse_change();
-- Name: changes _000_append_only; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _000_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.changes FOR EACH STATEMENT EXECUTE FUNCTION private.tg_refuse_change();
-- Name: deployments _000_append_only; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _000_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.deployments FOR EACH STATEMENT EXECUTE FUNCTION private.tg_refuse_change();
-- Name: experiment_phase_arms _000_append_only; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _000_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.experiment_phase_arms FOR EACH STATEMENT EXECUTE FUNCTION private.tg_refuse_change();
-- Name: experiment_phases _000_append_only; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _000_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.experiment_phases FOR EACH STATEMENT EXECUTE FUNCTION private.tg_refuse_change();
-- Name: holdouts _000_append_only; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _000_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.holdouts FOR EACH STATEMENT EXECUTE FUNCTION private.tg_refuse_change();
-- Name: inferences _000_append_only; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _000_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.inferences FOR EACH STATEMENT EXECUTE FUNCTION private.tg_refuse_change();
-- Name: job_failures _000_append_only; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _000_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.job_failures FOR EACH STATEMENT EXECUTE FUNCTION private.tg_refuse_change();
-- Name: outcome_keys _000_append_only; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _000_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.outcome_keys FOR EACH STATEMENT EXECUTE FUNCTION private.tg_refuse_change();
-- Name: outcomes _000_append_only; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _000_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.outcomes FOR EACH STATEMENT EXECUTE FUNCTION private.tg_refuse_change();
-- Name: prompt_template_versions _000_append_only; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _000_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.prompt_template_versions FOR EACH STATEMENT EXECUTE FUNCTION private.tg_refuse_change();
-- Name: prompt_versions _000_append_only; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _000_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.prompt_versions FOR EACH STATEMENT EXECUTE FUNCTION private.tg_refuse_change();
-- Name: run_results _000_append_only; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _000_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.run_results FOR EACH STATEMENT EXECUTE FUNCTION private.tg_refuse_change();
-- Name: tag_moves _000_append_only; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _000_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.tag_moves FOR EACH STATEMENT EXECUTE FUNCTION private.tg_refuse_change();
-- Name: variant_rollbacks _000_append_only; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _000_append_only BEFORE UPDATE OR TRUNCATE ON public.variant_rollbacks FOR EACH STATEMENT EXECUTE FUNCTION private.tg_refuse_change();
-- Name: prompts _100_first_branch; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _100_first_branch AFTER INSERT ON public.prompts FOR EACH ROW EXECUTE FUNCTION private.tg_prompts__first_branch();
-- Name: experiment_actions _100_guard; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON public.experiment_actions FOR EACH ROW EXECUTE FUNCTION private.tg_scope__guard();
-- Name: experiment_intents _100_guard; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON public.experiment_intents FOR EACH ROW EXECUTE FUNCTION private.tg_scope__guard();
-- Name: experiments _100_guard; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON public.experiments FOR EACH ROW EXECUTE FUNCTION private.tg_experiments__guard();
-- Name: variant_versions _100_guard; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON public.variant_versions FOR EACH ROW EXECUTE FUNCTION private.tg_variant_versions__guard();
-- Name: variants _100_guard; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _100_guard BEFORE INSERT OR DELETE OR UPDATE ON public.variants FOR EACH ROW EXECUTE FUNCTION private.tg_variants__guard();
-- Name: experiment_metrics _100_guard_new; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _100_guard_new BEFORE INSERT OR UPDATE ON public.experiment_metrics FOR EACH ROW WHEN ((new.role = 'primary'::text)) EXECUTE FUNCTION private.tg_scope__guard();
-- Name: experiment_metrics _100_guard_old; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _100_guard_old BEFORE DELETE OR UPDATE ON public.experiment_metrics FOR EACH ROW WHEN ((old.role = 'primary'::text)) EXECUTE FUNCTION private.tg_scope__guard();
-- Name: members _100_keep_an_owner; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _100_keep_an_owner AFTER DELETE OR UPDATE ON public.members FOR EACH ROW WHEN ((old.role = 'owner'::text)) EXECUTE FUNCTION private.tg_members__keep_an_owner();
-- Name: deployments _100_move_head; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _100_move_head AFTER INSERT ON public.deployments FOR EACH ROW EXECUTE FUNCTION private.tg_deployments__move_head();
-- Name: experiments _110_rules; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _110_rules BEFORE INSERT OR UPDATE ON public.experiments FOR EACH ROW EXECUTE FUNCTION private.tg_experiments__rules();
-- Name: experiments _150_keep_ramp; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _150_keep_ramp BEFORE UPDATE OF traffic ON public.experiments FOR EACH ROW WHEN ((old.traffic <> new.traffic)) EXECUTE FUNCTION private.tg_experiments__keep_ramp();
-- Name: deployments _200_log; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _200_log AFTER INSERT ON public.deployments FOR EACH ROW EXECUTE FUNCTION private.tg_deployments__log();
-- Name: experiments _200_log; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _200_log AFTER UPDATE OF state ON public.experiments FOR EACH ROW WHEN (((old.state IS DISTINCT FROM new.state) AND (new.started_at IS NOT NULL))) EXECUTE FUNCTION private.tg_experiments__log();
-- Name: experiment_actions _200_revise; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _200_revise AFTER INSERT OR DELETE OR UPDATE ON public.experiment_actions FOR EACH ROW EXECUTE FUNCTION private.tg_parts__revise();
-- Name: experiment_intents _200_revise; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _200_revise AFTER INSERT OR DELETE OR UPDATE ON public.experiment_intents FOR EACH ROW EXECUTE FUNCTION private.tg_parts__revise();
-- Name: experiment_metrics _200_revise; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _200_revise AFTER INSERT OR DELETE OR UPDATE ON public.experiment_metrics FOR EACH ROW EXECUTE FUNCTION private.tg_parts__revise();
-- Name: variant_versions _200_revise; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _200_revise AFTER INSERT OR DELETE OR UPDATE ON public.variant_versions FOR EACH ROW EXECUTE FUNCTION private.tg_variant_versions__revise();
-- Name: variants _200_revise; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _200_revise AFTER INSERT OR DELETE OR UPDATE ON public.variants FOR EACH ROW EXECUTE FUNCTION private.tg_parts__revise();
-- Name: experiments _300_compile; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _300_compile AFTER UPDATE ON public.experiments FOR EACH ROW WHEN (((old.state = 'active'::text) OR (new.state = 'active'::text))) EXECUTE FUNCTION private.tg_experiments__compile();
-- Name: variants _300_compile; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _300_compile AFTER UPDATE OF rolled_back_at ON public.variants FOR EACH ROW WHEN ((old.rolled_back_at IS DISTINCT FROM new.rolled_back_at)) EXECUTE FUNCTION private.tg_variants__compile();
-- Name: experiments _300_compile_new; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _300_compile_new AFTER INSERT ON public.experiments FOR EACH ROW WHEN ((new.state = 'active'::text)) EXECUTE FUNCTION private.tg_experiments__compile();
-- Name: experiments _300_stop_ramp; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _300_stop_ramp AFTER UPDATE OF state ON public.experiments FOR EACH ROW WHEN (((new.state = 'archived'::text) AND (old.state <> 'archived'::text))) EXECUTE FUNCTION private.tg_experiments__stop_ramp();
-- Name: deployments _300_stop_ramps; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _300_stop_ramps AFTER INSERT ON public.deployments FOR EACH ROW EXECUTE FUNCTION private.tg_deployments__stop_ramps();
-- Name: assignments _900_hint; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint AFTER INSERT ON public.assignments REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_subjects__hint();
-- Name: inferences _900_hint; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint AFTER INSERT ON public.inferences REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_subjects__hint();
-- Name: outcomes _900_hint; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint AFTER INSERT ON public.outcomes REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_outcomes__hint();
-- Name: actions _900_hint_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_delete AFTER DELETE ON public.actions REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: branches _900_hint_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_delete AFTER DELETE ON public.branches REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: capabilities _900_hint_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_delete AFTER DELETE ON public.capabilities REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: environments _900_hint_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_delete AFTER DELETE ON public.environments REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: experiment_actions _900_hint_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_delete AFTER DELETE ON public.experiment_actions REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: experiment_intents _900_hint_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_delete AFTER DELETE ON public.experiment_intents REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: experiment_metrics _900_hint_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_delete AFTER DELETE ON public.experiment_metrics REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: experiments _900_hint_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_delete AFTER DELETE ON public.experiments REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: intents _900_hint_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_delete AFTER DELETE ON public.intents REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: members _900_hint_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_delete AFTER DELETE ON public.members REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: outcome_metrics _900_hint_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_delete AFTER DELETE ON public.outcome_metrics REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: prompts _900_hint_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_delete AFTER DELETE ON public.prompts REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: provider_keys _900_hint_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_delete AFTER DELETE ON public.provider_keys REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: role_permissions _900_hint_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_delete AFTER DELETE ON public.role_permissions REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: roles _900_hint_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_delete AFTER DELETE ON public.roles REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: test_cases _900_hint_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_delete AFTER DELETE ON public.test_cases REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: variants _900_hint_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_delete AFTER DELETE ON public.variants REFERENCING OLD TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: actions _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.actions REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: branches _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.branches REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: capabilities _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.capabilities REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: changes _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.changes REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: deployments _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.deployments REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: environments _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.environments REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: experiment_actions _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.experiment_actions REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: experiment_intents _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.experiment_intents REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: experiment_metrics _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.experiment_metrics REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: experiment_phases _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.experiment_phases REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: experiments _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.experiments REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: intents _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.intents REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: members _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.members REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: outcome_metrics _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.outcome_metrics REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: prompt_versions _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.prompt_versions REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: prompts _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.prompts REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: provider_keys _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.provider_keys REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: role_permissions _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.role_permissions REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: roles _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.roles REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: run_results _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.run_results REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: runs _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.runs REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: test_cases _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.test_cases REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: variants _900_hint_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_insert AFTER INSERT ON public.variants REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: actions _900_hint_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_update AFTER UPDATE ON public.actions REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: branches _900_hint_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_update AFTER UPDATE ON public.branches REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: capabilities _900_hint_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_update AFTER UPDATE ON public.capabilities REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: environments _900_hint_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_update AFTER UPDATE ON public.environments REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: experiment_actions _900_hint_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_update AFTER UPDATE ON public.experiment_actions REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: experiment_intents _900_hint_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_update AFTER UPDATE ON public.experiment_intents REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: experiment_metrics _900_hint_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_update AFTER UPDATE ON public.experiment_metrics REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: experiments _900_hint_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_update AFTER UPDATE ON public.experiments REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: intents _900_hint_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_update AFTER UPDATE ON public.intents REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: members _900_hint_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_update AFTER UPDATE ON public.members REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: outcome_metrics _900_hint_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_update AFTER UPDATE ON public.outcome_metrics REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: prompts _900_hint_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_update AFTER UPDATE ON public.prompts REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: provider_keys _900_hint_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_update AFTER UPDATE ON public.provider_keys REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: roles _900_hint_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_update AFTER UPDATE ON public.roles REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: runs _900_hint_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_update AFTER UPDATE ON public.runs REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: test_cases _900_hint_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_update AFTER UPDATE ON public.test_cases REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: variants _900_hint_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_update AFTER UPDATE ON public.variants REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: workspaces _900_hint_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _900_hint_update AFTER UPDATE ON public.workspaces REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION private.tg_hint();
-- Name: actions _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.actions REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: api_keys _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.api_keys REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: branches _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.branches REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: capabilities _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.capabilities REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: changes _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.changes REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: deployments _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.deployments REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: environments _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.environments REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: experiment_actions _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.experiment_actions REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{experiment_id,action_id}', '{}', '{}');
-- Name: experiment_intents _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.experiment_intents REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{experiment_id,intent_id}', '{}', '{}');
-- Name: experiment_metrics _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.experiment_metrics REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{experiment_id,metric_id}', '{}', '{}');
-- Name: experiment_phase_arms _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.experiment_phase_arms REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{phase_id,variant_id}', '{}', '{}');
-- Name: experiment_phases _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.experiment_phases REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: experiments _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.experiments REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: holdouts _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.holdouts REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: intent_examples _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.intent_examples REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: intents _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.intents REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: invitations _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.invitations REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: layers _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.layers REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: members _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.members REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{workspace_id,user_id}', '{}', '{}');
-- Name: outcome_metrics _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.outcome_metrics REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: prompt_template_versions _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.prompt_template_versions REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: prompt_templates _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.prompt_templates REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: prompt_versions _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.prompt_versions REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: prompts _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.prompts REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: provider_keys _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.provider_keys REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: ramp_steps _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.ramp_steps REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{ramp_id,number}', '{}', '{}');
-- Name: ramps _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.ramps REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: role_permissions _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.role_permissions REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{workspace_id,role,permission}', '{}', '{}');
-- Name: roles _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.roles REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{workspace_id,key}', '{}', '{}');
-- Name: runs _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.runs REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: tag_moves _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.tag_moves REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: tags _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.tags REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: test_cases _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.test_cases REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: variant_rollbacks _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.variant_rollbacks REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: variant_versions _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.variant_versions REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: variants _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.variants REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: workspaces _950_audit_delete; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_delete AFTER DELETE ON public.workspaces REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: actions _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.actions REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: api_keys _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.api_keys REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: branches _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.branches REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: capabilities _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.capabilities REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: changes _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.changes REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: deployments _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.deployments REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: environments _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.environments REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: experiment_actions _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.experiment_actions REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{experiment_id,action_id}', '{}', '{}');
-- Name: experiment_intents _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.experiment_intents REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{experiment_id,intent_id}', '{}', '{}');
-- Name: experiment_metrics _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.experiment_metrics REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{experiment_id,metric_id}', '{}', '{}');
-- Name: experiment_phase_arms _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.experiment_phase_arms REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{phase_id,variant_id}', '{}', '{}');
-- Name: experiment_phases _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.experiment_phases REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: experiments _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.experiments REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: holdouts _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.holdouts REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: inferences _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.inferences REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit_batch('{id,workspace_id}');
-- Name: intent_examples _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.intent_examples REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: intents _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.intents REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: invitations _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.invitations REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: job_failures _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.job_failures REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit_batch('{id}');
-- Name: layers _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.layers REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: members _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.members REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{workspace_id,user_id}', '{}', '{}');
-- Name: outcome_keys _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.outcome_keys REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit_batch('{workspace_id,key_type,key_value,subject,conversation}');
-- Name: outcome_metrics _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.outcome_metrics REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: outcomes _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.outcomes REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit_batch('{id}');
-- Name: prompt_template_versions _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.prompt_template_versions REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: prompt_templates _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.prompt_templates REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: prompt_versions _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.prompt_versions REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: prompts _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.prompts REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: provider_keys _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.provider_keys REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: ramp_steps _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.ramp_steps REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{ramp_id,number}', '{}', '{}');
-- Name: ramps _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.ramps REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: role_permissions _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.role_permissions REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{workspace_id,role,permission}', '{}', '{}');
-- Name: roles _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.roles REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{workspace_id,key}', '{}', '{}');
-- Name: run_results _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.run_results REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit_batch('{id}');
-- Name: runs _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.runs REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: tag_moves _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.tag_moves REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: tags _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.tags REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: test_cases _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.test_cases REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: variant_rollbacks _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.variant_rollbacks REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: variant_versions _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.variant_versions REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: variants _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.variants REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: workspaces _950_audit_insert; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_insert AFTER INSERT ON public.workspaces REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: actions _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.actions REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: api_keys _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.api_keys REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: branches _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.branches REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: capabilities _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.capabilities REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: changes _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.changes REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: deployments _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.deployments REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: environments _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.environments REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: experiment_actions _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.experiment_actions REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{experiment_id,action_id}', '{}', '{}');
-- Name: experiment_intents _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.experiment_intents REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{experiment_id,intent_id}', '{}', '{}');
-- Name: experiment_metrics _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.experiment_metrics REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{experiment_id,metric_id}', '{}', '{}');
-- Name: experiment_phase_arms _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.experiment_phase_arms REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{phase_id,variant_id}', '{}', '{}');
-- Name: experiment_phases _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.experiment_phases REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: experiments _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.experiments REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: holdouts _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.holdouts REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: intent_examples _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.intent_examples REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: intents _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.intents REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: invitations _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.invitations REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: layers _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.layers REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: members _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.members REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{workspace_id,user_id}', '{}', '{}');
-- Name: outcome_metrics _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.outcome_metrics REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: prompt_template_versions _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.prompt_template_versions REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: prompt_templates _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.prompt_templates REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: prompt_versions _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.prompt_versions REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: prompts _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.prompts REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: provider_keys _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.provider_keys REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: ramp_steps _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.ramp_steps REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{ramp_id,number}', '{}', '{}');
-- Name: ramps _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.ramps REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: role_permissions _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.role_permissions REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{workspace_id,role,permission}', '{}', '{}');
-- Name: roles _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.roles REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{workspace_id,key}', '{}', '{}');
-- Name: runs _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.runs REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: tag_moves _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.tag_moves REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: tags _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.tags REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: test_cases _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.test_cases REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: variant_rollbacks _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.variant_rollbacks REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: variant_versions _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.variant_versions REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: variants _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.variants REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: workspaces _950_audit_update; Type: TRIGGER; Schema: public; Owner: postgres
CREATE TRIGGER _950_audit_update AFTER UPDATE ON public.workspaces REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION private.tg_audit('{id}', '{}', '{}');
-- Name: api_key_secrets api_key_secrets_api_key_id_fkey; Type: FK CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.api_key_secrets
    ADD CONSTRAINT api_key_secrets_api_key_id_fkey FOREIGN KEY (workspace_id, api_key_id) REFERENCES public.api_keys(workspace_id, id) ON DELETE CASCADE;
-- Name: api_key_secrets api_key_secrets_workspace_id_fkey; Type: FK CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.api_key_secrets
    ADD CONSTRAINT api_key_secrets_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
-- Name: deployment_heads deployment_heads_deployment_id_fkey; Type: FK CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.deployment_heads
    ADD CONSTRAINT deployment_heads_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES public.deployments(id) ON DELETE RESTRICT;
-- Name: deployment_heads deployment_heads_workspace_id_fkey; Type: FK CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.deployment_heads
    ADD CONSTRAINT deployment_heads_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: hint_clock hint_clock_experiment_id_fkey; Type: FK CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.hint_clock
    ADD CONSTRAINT hint_clock_experiment_id_fkey FOREIGN KEY (workspace_id, experiment_id) REFERENCES public.experiments(workspace_id, id) ON DELETE CASCADE;
-- Name: hint_clock hint_clock_workspace_id_fkey; Type: FK CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.hint_clock
    ADD CONSTRAINT hint_clock_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
-- Name: invitation_secrets invitation_secrets_invitation_id_fkey; Type: FK CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.invitation_secrets
    ADD CONSTRAINT invitation_secrets_invitation_id_fkey FOREIGN KEY (workspace_id, invitation_id) REFERENCES public.invitations(workspace_id, id) ON DELETE CASCADE;
-- Name: invitation_secrets invitation_secrets_workspace_id_fkey; Type: FK CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.invitation_secrets
    ADD CONSTRAINT invitation_secrets_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
-- Name: live_rules live_rules_experiment_id_fkey; Type: FK CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.live_rules
    ADD CONSTRAINT live_rules_experiment_id_fkey FOREIGN KEY (workspace_id, experiment_id) REFERENCES public.experiments(workspace_id, id) ON DELETE CASCADE;
-- Name: ramp_clock ramp_clock_ramp_id_fkey; Type: FK CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.ramp_clock
    ADD CONSTRAINT ramp_clock_ramp_id_fkey FOREIGN KEY (workspace_id, ramp_id) REFERENCES public.ramps(workspace_id, id) ON DELETE CASCADE;
-- Name: ramp_clock ramp_clock_workspace_id_fkey; Type: FK CONSTRAINT; Schema: private; Owner: postgres
ALTER TABLE ONLY private.ramp_clock
    ADD CONSTRAINT ramp_clock_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
-- Name: actions actions_capability_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_capability_id_fkey FOREIGN KEY (workspace_id, capability_id) REFERENCES public.capabilities(workspace_id, id) ON DELETE RESTRICT;
-- Name: actions actions_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
-- Name: api_key_uses api_key_uses_api_key_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.api_key_uses
    ADD CONSTRAINT api_key_uses_api_key_id_fkey FOREIGN KEY (workspace_id, api_key_id) REFERENCES public.api_keys(workspace_id, id) ON DELETE CASCADE;
-- Name: api_key_uses api_key_uses_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.api_key_uses
    ADD CONSTRAINT api_key_uses_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
-- Name: api_keys api_keys_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
-- Name: assignments assignments_phase_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT assignments_phase_id_fkey FOREIGN KEY (workspace_id, experiment_id, phase_id) REFERENCES public.experiment_phases(workspace_id, experiment_id, id) ON DELETE RESTRICT;
-- Name: assignments assignments_variant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT assignments_variant_id_fkey FOREIGN KEY (workspace_id, experiment_id, variant_id) REFERENCES public.variants(workspace_id, experiment_id, id) ON DELETE RESTRICT;
-- Name: assignments assignments_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT assignments_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: audit_events audit_events_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.audit_events
    ADD CONSTRAINT audit_events_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: branches branches_head_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.branches
    ADD CONSTRAINT branches_head_version_id_fkey FOREIGN KEY (workspace_id, prompt_id, head_version_id) REFERENCES public.prompt_versions(workspace_id, prompt_id, id) ON DELETE RESTRICT;
-- Name: branches branches_prompt_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.branches
    ADD CONSTRAINT branches_prompt_id_fkey FOREIGN KEY (workspace_id, prompt_id) REFERENCES public.prompts(workspace_id, id) ON DELETE RESTRICT;
-- Name: branches branches_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.branches
    ADD CONSTRAINT branches_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
-- Name: capabilities capabilities_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.capabilities
    ADD CONSTRAINT capabilities_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
-- Name: changes changes_action_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_action_id_fkey FOREIGN KEY (workspace_id, action_id) REFERENCES public.actions(workspace_id, id) ON DELETE RESTRICT;
-- Name: changes changes_capability_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_capability_id_fkey FOREIGN KEY (workspace_id, capability_id) REFERENCES public.capabilities(workspace_id, id) ON DELETE RESTRICT;
-- Name: changes changes_deployment_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_deployment_id_fkey FOREIGN KEY (workspace_id, deployment_id) REFERENCES public.deployments(workspace_id, id) ON DELETE RESTRICT;
-- Name: changes changes_environment_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_environment_id_fkey FOREIGN KEY (workspace_id, environment_id) REFERENCES public.environments(workspace_id, id) ON DELETE RESTRICT;
-- Name: changes changes_experiment_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_experiment_id_fkey FOREIGN KEY (workspace_id, experiment_id) REFERENCES public.experiments(workspace_id, id) ON DELETE RESTRICT;
-- Name: changes changes_intent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_intent_id_fkey FOREIGN KEY (workspace_id, intent_id) REFERENCES public.intents(workspace_id, id) ON DELETE RESTRICT;
-- Name: changes changes_variant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_variant_id_fkey FOREIGN KEY (workspace_id, variant_id) REFERENCES public.variants(workspace_id, id) ON DELETE RESTRICT;
-- Name: changes changes_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: deployments deployments_action_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.deployments
    ADD CONSTRAINT deployments_action_id_fkey FOREIGN KEY (workspace_id, capability_id, action_id) REFERENCES public.actions(workspace_id, capability_id, id) ON DELETE RESTRICT;
-- Name: deployments deployments_capability_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.deployments
    ADD CONSTRAINT deployments_capability_id_fkey FOREIGN KEY (workspace_id, capability_id) REFERENCES public.capabilities(workspace_id, id) ON DELETE RESTRICT;
-- Name: deployments deployments_environment_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.deployments
    ADD CONSTRAINT deployments_environment_id_fkey FOREIGN KEY (workspace_id, environment_id) REFERENCES public.environments(workspace_id, id) ON DELETE RESTRICT;
-- Name: deployments deployments_intent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.deployments
    ADD CONSTRAINT deployments_intent_id_fkey FOREIGN KEY (workspace_id, intent_id) REFERENCES public.intents(workspace_id, id) ON DELETE RESTRICT;
-- Name: deployments deployments_previous_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.deployments
    ADD CONSTRAINT deployments_previous_version_id_fkey FOREIGN KEY (workspace_id, previous_version_id) REFERENCES public.prompt_versions(workspace_id, id) ON DELETE RESTRICT;
-- Name: deployments deployments_prompt_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.deployments
    ADD CONSTRAINT deployments_prompt_version_id_fkey FOREIGN KEY (workspace_id, prompt_version_id) REFERENCES public.prompt_versions(workspace_id, id) ON DELETE RESTRICT;
-- Name: deployments deployments_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.deployments
    ADD CONSTRAINT deployments_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: environments environments_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.environments
    ADD CONSTRAINT environments_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
-- Name: experiment_actions experiment_actions_action_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_actions
    ADD CONSTRAINT experiment_actions_action_id_fkey FOREIGN KEY (workspace_id, capability_id, action_id) REFERENCES public.actions(workspace_id, capability_id, id) ON DELETE RESTRICT;
-- Name: experiment_actions experiment_actions_experiment_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_actions
    ADD CONSTRAINT experiment_actions_experiment_id_fkey FOREIGN KEY (workspace_id, capability_id, experiment_id) REFERENCES public.experiments(workspace_id, capability_id, id) ON UPDATE CASCADE ON DELETE CASCADE;
-- Name: experiment_actions experiment_actions_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_actions
    ADD CONSTRAINT experiment_actions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: experiment_intents experiment_intents_experiment_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_intents
    ADD CONSTRAINT experiment_intents_experiment_id_fkey FOREIGN KEY (workspace_id, experiment_id) REFERENCES public.experiments(workspace_id, id) ON DELETE CASCADE;
-- Name: experiment_intents experiment_intents_intent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_intents
    ADD CONSTRAINT experiment_intents_intent_id_fkey FOREIGN KEY (workspace_id, intent_id) REFERENCES public.intents(workspace_id, id) ON DELETE RESTRICT;
-- Name: experiment_intents experiment_intents_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_intents
    ADD CONSTRAINT experiment_intents_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: experiment_metrics experiment_metrics_experiment_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_metrics
    ADD CONSTRAINT experiment_metrics_experiment_id_fkey FOREIGN KEY (workspace_id, experiment_id) REFERENCES public.experiments(workspace_id, id) ON DELETE CASCADE;
-- Name: experiment_metrics experiment_metrics_metric_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_metrics
    ADD CONSTRAINT experiment_metrics_metric_id_fkey FOREIGN KEY (workspace_id, metric_id) REFERENCES public.outcome_metrics(workspace_id, id) ON DELETE RESTRICT;
-- Name: experiment_metrics experiment_metrics_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_metrics
    ADD CONSTRAINT experiment_metrics_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: experiment_moves experiment_moves_permission_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_moves
    ADD CONSTRAINT experiment_moves_permission_fkey FOREIGN KEY (permission) REFERENCES public.permissions(key) ON DELETE RESTRICT;
-- Name: experiment_phase_arms experiment_phase_arms_phase_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_phase_arms
    ADD CONSTRAINT experiment_phase_arms_phase_id_fkey FOREIGN KEY (workspace_id, experiment_id, phase_id) REFERENCES public.experiment_phases(workspace_id, experiment_id, id) ON DELETE RESTRICT;
-- Name: experiment_phase_arms experiment_phase_arms_variant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_phase_arms
    ADD CONSTRAINT experiment_phase_arms_variant_id_fkey FOREIGN KEY (workspace_id, experiment_id, variant_id) REFERENCES public.variants(workspace_id, experiment_id, id) ON DELETE RESTRICT;
-- Name: experiment_phase_arms experiment_phase_arms_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_phase_arms
    ADD CONSTRAINT experiment_phase_arms_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: experiment_phases experiment_phases_experiment_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_phases
    ADD CONSTRAINT experiment_phases_experiment_id_fkey FOREIGN KEY (workspace_id, experiment_id) REFERENCES public.experiments(workspace_id, id) ON DELETE RESTRICT;
-- Name: experiment_phases experiment_phases_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiment_phases
    ADD CONSTRAINT experiment_phases_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: experiments experiments_capability_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiments
    ADD CONSTRAINT experiments_capability_id_fkey FOREIGN KEY (workspace_id, capability_id) REFERENCES public.capabilities(workspace_id, id) ON DELETE RESTRICT;
-- Name: experiments experiments_environment_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiments
    ADD CONSTRAINT experiments_environment_id_fkey FOREIGN KEY (workspace_id, environment_id) REFERENCES public.environments(workspace_id, id) ON DELETE RESTRICT;
-- Name: experiments experiments_layer_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiments
    ADD CONSTRAINT experiments_layer_id_fkey FOREIGN KEY (workspace_id, layer_id) REFERENCES public.layers(workspace_id, id) ON DELETE RESTRICT;
-- Name: experiments experiments_parent_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiments
    ADD CONSTRAINT experiments_parent_fkey FOREIGN KEY (workspace_id, parent_experiment_id) REFERENCES public.experiments(workspace_id, id) ON DELETE RESTRICT;
-- Name: experiments experiments_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.experiments
    ADD CONSTRAINT experiments_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: holdouts holdouts_environment_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.holdouts
    ADD CONSTRAINT holdouts_environment_id_fkey FOREIGN KEY (workspace_id, environment_id) REFERENCES public.environments(workspace_id, id) ON DELETE RESTRICT;
-- Name: holdouts holdouts_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.holdouts
    ADD CONSTRAINT holdouts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: inferences inferences_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.inferences
    ADD CONSTRAINT inferences_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: intent_examples intent_examples_intent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.intent_examples
    ADD CONSTRAINT intent_examples_intent_id_fkey FOREIGN KEY (workspace_id, intent_id) REFERENCES public.intents(workspace_id, id) ON DELETE CASCADE;
-- Name: intent_examples intent_examples_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.intent_examples
    ADD CONSTRAINT intent_examples_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
-- Name: intents intents_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.intents
    ADD CONSTRAINT intents_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
-- Name: invitations invitations_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
-- Name: job_failures job_failures_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.job_failures
    ADD CONSTRAINT job_failures_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: layers layers_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.layers
    ADD CONSTRAINT layers_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: members members_role_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_role_fkey FOREIGN KEY (workspace_id, role) REFERENCES public.roles(workspace_id, key) ON DELETE RESTRICT;
-- Name: members members_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;
-- Name: members members_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
-- Name: outcome_keys outcome_keys_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.outcome_keys
    ADD CONSTRAINT outcome_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: outcome_metrics outcome_metrics_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.outcome_metrics
    ADD CONSTRAINT outcome_metrics_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
-- Name: outcomes outcomes_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.outcomes
    ADD CONSTRAINT outcomes_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: prompt_template_versions prompt_template_versions_template_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_template_versions
    ADD CONSTRAINT prompt_template_versions_template_id_fkey FOREIGN KEY (workspace_id, template_id) REFERENCES public.prompt_templates(workspace_id, id) ON DELETE RESTRICT;
-- Name: prompt_template_versions prompt_template_versions_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_template_versions
    ADD CONSTRAINT prompt_template_versions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: prompt_templates prompt_templates_head_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_templates
    ADD CONSTRAINT prompt_templates_head_version_id_fkey FOREIGN KEY (workspace_id, id, head_version_id) REFERENCES public.prompt_template_versions(workspace_id, template_id, id) ON DELETE RESTRICT;
-- Name: prompt_templates prompt_templates_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_templates
    ADD CONSTRAINT prompt_templates_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
-- Name: prompt_versions prompt_versions_branch_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_branch_id_fkey FOREIGN KEY (workspace_id, prompt_id, branch_id) REFERENCES public.branches(workspace_id, prompt_id, id) ON DELETE RESTRICT;
-- Name: prompt_versions prompt_versions_forked_from_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_forked_from_fkey FOREIGN KEY (workspace_id, forked_from_version_id) REFERENCES public.prompt_versions(workspace_id, id) ON DELETE RESTRICT;
-- Name: prompt_versions prompt_versions_merged_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_merged_fkey FOREIGN KEY (workspace_id, prompt_id, merged_version_id) REFERENCES public.prompt_versions(workspace_id, prompt_id, id) ON DELETE RESTRICT;
-- Name: prompt_versions prompt_versions_parent_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_parent_fkey FOREIGN KEY (workspace_id, prompt_id, parent_version_id) REFERENCES public.prompt_versions(workspace_id, prompt_id, id) ON DELETE RESTRICT;
-- Name: prompt_versions prompt_versions_template_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_template_version_id_fkey FOREIGN KEY (workspace_id, template_version_id) REFERENCES public.prompt_template_versions(workspace_id, id) ON DELETE RESTRICT;
-- Name: prompt_versions prompt_versions_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompt_versions
    ADD CONSTRAINT prompt_versions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: prompts prompts_action_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompts
    ADD CONSTRAINT prompts_action_id_fkey FOREIGN KEY (workspace_id, capability_id, action_id) REFERENCES public.actions(workspace_id, capability_id, id) ON DELETE RESTRICT;
-- Name: prompts prompts_capability_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompts
    ADD CONSTRAINT prompts_capability_id_fkey FOREIGN KEY (workspace_id, capability_id) REFERENCES public.capabilities(workspace_id, id) ON DELETE RESTRICT;
-- Name: prompts prompts_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.prompts
    ADD CONSTRAINT prompts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
-- Name: provider_keys provider_keys_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.provider_keys
    ADD CONSTRAINT provider_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: ramp_steps ramp_steps_ramp_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.ramp_steps
    ADD CONSTRAINT ramp_steps_ramp_id_fkey FOREIGN KEY (workspace_id, ramp_id) REFERENCES public.ramps(workspace_id, id) ON DELETE RESTRICT;
-- Name: ramp_steps ramp_steps_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.ramp_steps
    ADD CONSTRAINT ramp_steps_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: ramps ramps_action_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.ramps
    ADD CONSTRAINT ramps_action_id_fkey FOREIGN KEY (workspace_id, capability_id, action_id) REFERENCES public.actions(workspace_id, capability_id, id) ON DELETE RESTRICT;
-- Name: ramps ramps_capability_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.ramps
    ADD CONSTRAINT ramps_capability_id_fkey FOREIGN KEY (workspace_id, capability_id) REFERENCES public.capabilities(workspace_id, id) ON DELETE RESTRICT;
-- Name: ramps ramps_deployment_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.ramps
    ADD CONSTRAINT ramps_deployment_id_fkey FOREIGN KEY (workspace_id, deployment_id) REFERENCES public.deployments(workspace_id, id) ON DELETE RESTRICT;
-- Name: ramps ramps_environment_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.ramps
    ADD CONSTRAINT ramps_environment_id_fkey FOREIGN KEY (workspace_id, environment_id) REFERENCES public.environments(workspace_id, id) ON DELETE RESTRICT;
-- Name: ramps ramps_experiment_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.ramps
    ADD CONSTRAINT ramps_experiment_id_fkey FOREIGN KEY (workspace_id, experiment_id) REFERENCES public.experiments(workspace_id, id) ON DELETE RESTRICT;
-- Name: ramps ramps_from_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.ramps
    ADD CONSTRAINT ramps_from_version_id_fkey FOREIGN KEY (workspace_id, from_version_id) REFERENCES public.prompt_versions(workspace_id, id) ON DELETE RESTRICT;
-- Name: ramps ramps_intent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.ramps
    ADD CONSTRAINT ramps_intent_id_fkey FOREIGN KEY (workspace_id, intent_id) REFERENCES public.intents(workspace_id, id) ON DELETE RESTRICT;
-- Name: ramps ramps_replaces_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.ramps
    ADD CONSTRAINT ramps_replaces_version_id_fkey FOREIGN KEY (workspace_id, replaces_version_id) REFERENCES public.prompt_versions(workspace_id, id) ON DELETE RESTRICT;
-- Name: ramps ramps_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.ramps
    ADD CONSTRAINT ramps_version_id_fkey FOREIGN KEY (workspace_id, version_id) REFERENCES public.prompt_versions(workspace_id, id) ON DELETE RESTRICT;
-- Name: ramps ramps_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.ramps
    ADD CONSTRAINT ramps_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: role_permissions role_permissions_permission_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.role_permissions
    ADD CONSTRAINT role_permissions_permission_fkey FOREIGN KEY (permission) REFERENCES public.permissions(key) ON DELETE CASCADE;
-- Name: role_permissions role_permissions_role_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.role_permissions
    ADD CONSTRAINT role_permissions_role_fkey FOREIGN KEY (workspace_id, role) REFERENCES public.roles(workspace_id, key) ON DELETE CASCADE;
-- Name: roles roles_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
-- Name: run_results run_results_run_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.run_results
    ADD CONSTRAINT run_results_run_id_fkey FOREIGN KEY (workspace_id, run_id) REFERENCES public.runs(workspace_id, id) ON DELETE RESTRICT;
-- Name: run_results run_results_test_case_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.run_results
    ADD CONSTRAINT run_results_test_case_id_fkey FOREIGN KEY (workspace_id, test_case_id) REFERENCES public.test_cases(workspace_id, id) ON DELETE RESTRICT;
-- Name: run_results run_results_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.run_results
    ADD CONSTRAINT run_results_version_id_fkey FOREIGN KEY (workspace_id, version_id) REFERENCES public.prompt_versions(workspace_id, id) ON DELETE RESTRICT;
-- Name: run_results run_results_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.run_results
    ADD CONSTRAINT run_results_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: runs runs_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: tag_moves tag_moves_from_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.tag_moves
    ADD CONSTRAINT tag_moves_from_version_id_fkey FOREIGN KEY (workspace_id, prompt_id, from_version_id) REFERENCES public.prompt_versions(workspace_id, prompt_id, id) ON DELETE RESTRICT;
-- Name: tag_moves tag_moves_to_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.tag_moves
    ADD CONSTRAINT tag_moves_to_version_id_fkey FOREIGN KEY (workspace_id, prompt_id, to_version_id) REFERENCES public.prompt_versions(workspace_id, prompt_id, id) ON DELETE RESTRICT;
-- Name: tag_moves tag_moves_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.tag_moves
    ADD CONSTRAINT tag_moves_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: tags tags_prompt_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.tags
    ADD CONSTRAINT tags_prompt_id_fkey FOREIGN KEY (workspace_id, prompt_id) REFERENCES public.prompts(workspace_id, id) ON DELETE RESTRICT;
-- Name: tags tags_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.tags
    ADD CONSTRAINT tags_version_id_fkey FOREIGN KEY (workspace_id, prompt_id, version_id) REFERENCES public.prompt_versions(workspace_id, prompt_id, id) ON DELETE RESTRICT;
-- Name: tags tags_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.tags
    ADD CONSTRAINT tags_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: test_cases test_cases_prompt_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.test_cases
    ADD CONSTRAINT test_cases_prompt_id_fkey FOREIGN KEY (workspace_id, prompt_id) REFERENCES public.prompts(workspace_id, id) ON DELETE RESTRICT;
-- Name: test_cases test_cases_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.test_cases
    ADD CONSTRAINT test_cases_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: variant_rollbacks variant_rollbacks_variant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.variant_rollbacks
    ADD CONSTRAINT variant_rollbacks_variant_id_fkey FOREIGN KEY (workspace_id, experiment_id, variant_id) REFERENCES public.variants(workspace_id, experiment_id, id) ON DELETE CASCADE;
-- Name: variant_rollbacks variant_rollbacks_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.variant_rollbacks
    ADD CONSTRAINT variant_rollbacks_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: variant_versions variant_versions_action_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.variant_versions
    ADD CONSTRAINT variant_versions_action_id_fkey FOREIGN KEY (workspace_id, action_id) REFERENCES public.actions(workspace_id, id) ON DELETE RESTRICT;
-- Name: variant_versions variant_versions_prompt_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.variant_versions
    ADD CONSTRAINT variant_versions_prompt_version_id_fkey FOREIGN KEY (workspace_id, prompt_version_id) REFERENCES public.prompt_versions(workspace_id, id) ON DELETE RESTRICT;
-- Name: variant_versions variant_versions_variant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.variant_versions
    ADD CONSTRAINT variant_versions_variant_id_fkey FOREIGN KEY (workspace_id, variant_id) REFERENCES public.variants(workspace_id, id) ON DELETE CASCADE;
-- Name: variant_versions variant_versions_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.variant_versions
    ADD CONSTRAINT variant_versions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: variants variants_experiment_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.variants
    ADD CONSTRAINT variants_experiment_id_fkey FOREIGN KEY (workspace_id, experiment_id) REFERENCES public.experiments(workspace_id, id) ON DELETE CASCADE;
-- Name: variants variants_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
ALTER TABLE ONLY public.variants
    ADD CONSTRAINT variants_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE RESTRICT;
-- Name: api_key_secrets; Type: ROW SECURITY; Schema: private; Owner: postgres
ALTER TABLE private.api_key_secrets ENABLE ROW LEVEL SECURITY;
-- Name: deployment_heads; Type: ROW SECURITY; Schema: private; Owner: postgres
ALTER TABLE private.deployment_heads ENABLE ROW LEVEL SECURITY;
-- Name: hint_clock; Type: ROW SECURITY; Schema: private; Owner: postgres
ALTER TABLE private.hint_clock ENABLE ROW LEVEL SECURITY;
-- Name: hints; Type: ROW SECURITY; Schema: private; Owner: postgres
ALTER TABLE private.hints ENABLE ROW LEVEL SECURITY;
-- Name: invitation_secrets; Type: ROW SECURITY; Schema: private; Owner: postgres
ALTER TABLE private.invitation_secrets ENABLE ROW LEVEL SECURITY;
-- Name: live_rules; Type: ROW SECURITY; Schema: private; Owner: postgres
ALTER TABLE private.live_rules ENABLE ROW LEVEL SECURITY;
-- Name: ramp_clock; Type: ROW SECURITY; Schema: private; Owner: postgres
ALTER TABLE private.ramp_clock ENABLE ROW LEVEL SECURITY;
-- Name: actions; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.actions ENABLE ROW LEVEL SECURITY;
-- Name: actions actions_delete_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY actions_delete_editor ON public.actions FOR DELETE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('catalog.write'::text) AS my_workspaces_with)));
-- Name: POLICY actions_delete_editor ON actions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY actions_delete_editor ON public.actions IS 'Who holds catalog.write removes the actions.';
-- Name: actions actions_insert_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY actions_insert_editor ON public.actions FOR INSERT TO authenticated WITH CHECK (((workspace_id IN ( SELECT private.my_workspaces_with('catalog.write'::text) AS my_workspaces_with)) AND (EXISTS ( SELECT
   FROM public.capabilities parent
  WHERE ((parent.workspace_id = actions.workspace_id) AND (parent.id = actions.capability_id))))));
-- Name: POLICY actions_insert_editor ON actions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY actions_insert_editor ON public.actions IS 'Who holds catalog.write adds the actions.';
-- Name: actions actions_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY actions_select_member ON public.actions FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY actions_select_member ON actions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY actions_select_member ON public.actions IS 'Members see the actions of their workspaces.';
-- Name: actions actions_update_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY actions_update_editor ON public.actions FOR UPDATE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('catalog.write'::text) AS my_workspaces_with))) WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('catalog.write'::text) AS my_workspaces_with)));
-- Name: POLICY actions_update_editor ON actions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY actions_update_editor ON public.actions IS 'Who holds catalog.write changes the actions.';
-- Name: api_key_uses; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.api_key_uses ENABLE ROW LEVEL SECURITY;
-- Name: api_key_uses api_key_uses_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY api_key_uses_select_member ON public.api_key_uses FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY api_key_uses_select_member ON api_key_uses; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY api_key_uses_select_member ON public.api_key_uses IS 'Members see when the API keys of their workspaces were used.';
-- Name: api_keys; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.api_keys ENABLE ROW LEVEL SECURITY;
-- Name: api_keys api_keys_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY api_keys_select_member ON public.api_keys FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY api_keys_select_member ON api_keys; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY api_keys_select_member ON public.api_keys IS 'Members see which API keys their workspaces have; the secrets are nowhere to be seen.';
-- Name: assignments; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.assignments ENABLE ROW LEVEL SECURITY;
-- Name: assignments assignments_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY assignments_select_member ON public.assignments FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY assignments_select_member ON assignments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY assignments_select_member ON public.assignments IS 'Members see the assignments of their workspaces.';
-- Name: assignments assignments_select_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY assignments_select_scoped_key ON public.assignments AS RESTRICTIVE FOR SELECT TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e))));
-- Name: POLICY assignments_select_scoped_key ON assignments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY assignments_select_scoped_key ON public.assignments IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: audit_events; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.audit_events ENABLE ROW LEVEL SECURITY;
-- Name: audit_events audit_events_select_auditor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY audit_events_select_auditor ON public.audit_events FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('audit.read'::text) AS my_workspaces_with)));
-- Name: POLICY audit_events_select_auditor ON audit_events; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY audit_events_select_auditor ON public.audit_events IS 'Who holds audit.read sees the audit log of the workspace.';
-- Name: branches; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.branches ENABLE ROW LEVEL SECURITY;
-- Name: branches branches_insert_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY branches_insert_editor ON public.branches FOR INSERT TO authenticated WITH CHECK (((workspace_id IN ( SELECT private.my_workspaces_with('prompts.write'::text) AS my_workspaces_with)) AND (EXISTS ( SELECT
   FROM public.prompts parent
  WHERE ((parent.workspace_id = branches.workspace_id) AND (parent.id = branches.prompt_id))))));
-- Name: POLICY branches_insert_editor ON branches; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY branches_insert_editor ON public.branches IS 'Who holds prompts.write adds the branches.';
-- Name: branches branches_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY branches_select_member ON public.branches FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY branches_select_member ON branches; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY branches_select_member ON public.branches IS 'Members see the branches of their workspaces.';
-- Name: branches branches_update_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY branches_update_editor ON public.branches FOR UPDATE TO authenticated USING (((deleted_at IS NULL) AND (workspace_id IN ( SELECT private.my_workspaces_with('prompts.write'::text) AS my_workspaces_with)))) WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('prompts.write'::text) AS my_workspaces_with)));
-- Name: POLICY branches_update_editor ON branches; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY branches_update_editor ON public.branches IS 'Who holds prompts.write changes the branches.';
-- Name: capabilities; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.capabilities ENABLE ROW LEVEL SECURITY;
-- Name: capabilities capabilities_delete_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY capabilities_delete_editor ON public.capabilities FOR DELETE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('catalog.write'::text) AS my_workspaces_with)));
-- Name: POLICY capabilities_delete_editor ON capabilities; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY capabilities_delete_editor ON public.capabilities IS 'Who holds catalog.write removes the capabilities.';
-- Name: capabilities capabilities_insert_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY capabilities_insert_editor ON public.capabilities FOR INSERT TO authenticated WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('catalog.write'::text) AS my_workspaces_with)));
-- Name: POLICY capabilities_insert_editor ON capabilities; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY capabilities_insert_editor ON public.capabilities IS 'Who holds catalog.write adds the capabilities.';
-- Name: capabilities capabilities_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY capabilities_select_member ON public.capabilities FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY capabilities_select_member ON capabilities; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY capabilities_select_member ON public.capabilities IS 'Members see the capabilities of their workspaces.';
-- Name: capabilities capabilities_update_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY capabilities_update_editor ON public.capabilities FOR UPDATE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('catalog.write'::text) AS my_workspaces_with))) WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('catalog.write'::text) AS my_workspaces_with)));
-- Name: POLICY capabilities_update_editor ON capabilities; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY capabilities_update_editor ON public.capabilities IS 'Who holds catalog.write changes the capabilities.';
-- Name: changes; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.changes ENABLE ROW LEVEL SECURITY;
-- Name: changes changes_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY changes_select_member ON public.changes FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY changes_select_member ON changes; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY changes_select_member ON public.changes IS 'Members see the ledger of their workspaces.';
-- Name: changes changes_select_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY changes_select_scoped_key ON public.changes AS RESTRICTIVE FOR SELECT TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (environment_id = ANY (( SELECT private.key_environments() AS key_environments)::uuid[]))));
-- Name: POLICY changes_select_scoped_key ON changes; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY changes_select_scoped_key ON public.changes IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: deployments; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.deployments ENABLE ROW LEVEL SECURITY;
-- Name: deployments deployments_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY deployments_select_member ON public.deployments FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY deployments_select_member ON deployments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY deployments_select_member ON public.deployments IS 'Members see the deployments of their workspaces.';
-- Name: deployments deployments_select_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY deployments_select_scoped_key ON public.deployments AS RESTRICTIVE FOR SELECT TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (environment_id = ANY (( SELECT private.key_environments() AS key_environments)::uuid[]))));
-- Name: POLICY deployments_select_scoped_key ON deployments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY deployments_select_scoped_key ON public.deployments IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: environments; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.environments ENABLE ROW LEVEL SECURITY;
-- Name: environments environments_delete_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY environments_delete_editor ON public.environments FOR DELETE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('environments.write'::text) AS my_workspaces_with)));
-- Name: POLICY environments_delete_editor ON environments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY environments_delete_editor ON public.environments IS 'Who holds environments.write removes the environments.';
-- Name: environments environments_delete_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY environments_delete_scoped_key ON public.environments AS RESTRICTIVE FOR DELETE TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (id = ANY (( SELECT private.key_environments() AS key_environments)::uuid[]))));
-- Name: POLICY environments_delete_scoped_key ON environments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY environments_delete_scoped_key ON public.environments IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: environments environments_insert_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY environments_insert_editor ON public.environments FOR INSERT TO authenticated WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('environments.write'::text) AS my_workspaces_with)));
-- Name: POLICY environments_insert_editor ON environments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY environments_insert_editor ON public.environments IS 'Who holds environments.write adds the environments.';
-- Name: environments environments_insert_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY environments_insert_scoped_key ON public.environments AS RESTRICTIVE FOR INSERT TO authenticated WITH CHECK (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (id = ANY (( SELECT private.key_environments() AS key_environments)::uuid[]))));
-- Name: POLICY environments_insert_scoped_key ON environments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY environments_insert_scoped_key ON public.environments IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: environments environments_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY environments_select_member ON public.environments FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY environments_select_member ON environments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY environments_select_member ON public.environments IS 'Members see the environments of their workspaces.';
-- Name: environments environments_select_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY environments_select_scoped_key ON public.environments AS RESTRICTIVE FOR SELECT TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (id = ANY (( SELECT private.key_environments() AS key_environments)::uuid[]))));
-- Name: POLICY environments_select_scoped_key ON environments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY environments_select_scoped_key ON public.environments IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: environments environments_update_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY environments_update_editor ON public.environments FOR UPDATE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('environments.write'::text) AS my_workspaces_with))) WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('environments.write'::text) AS my_workspaces_with)));
-- Name: POLICY environments_update_editor ON environments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY environments_update_editor ON public.environments IS 'Who holds environments.write changes the environments.';
-- Name: environments environments_update_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY environments_update_scoped_key ON public.environments AS RESTRICTIVE FOR UPDATE TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (id = ANY (( SELECT private.key_environments() AS key_environments)::uuid[])))) WITH CHECK (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (id = ANY (( SELECT private.key_environments() AS key_environments)::uuid[]))));
-- Name: POLICY environments_update_scoped_key ON environments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY environments_update_scoped_key ON public.environments IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: experiment_actions; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.experiment_actions ENABLE ROW LEVEL SECURITY;
-- Name: experiment_actions experiment_actions_delete_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_actions_delete_editor ON public.experiment_actions FOR DELETE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with)));
-- Name: POLICY experiment_actions_delete_editor ON experiment_actions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_actions_delete_editor ON public.experiment_actions IS 'Who holds experiments.write removes the actions in scope.';
-- Name: experiment_actions experiment_actions_delete_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_actions_delete_scoped_key ON public.experiment_actions AS RESTRICTIVE FOR DELETE TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e))));
-- Name: POLICY experiment_actions_delete_scoped_key ON experiment_actions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_actions_delete_scoped_key ON public.experiment_actions IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: experiment_actions experiment_actions_insert_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_actions_insert_editor ON public.experiment_actions FOR INSERT TO authenticated WITH CHECK (((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with)) AND (EXISTS ( SELECT
   FROM public.experiments parent
  WHERE ((parent.workspace_id = experiment_actions.workspace_id) AND (parent.id = experiment_actions.experiment_id))))));
-- Name: POLICY experiment_actions_insert_editor ON experiment_actions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_actions_insert_editor ON public.experiment_actions IS 'Who holds experiments.write adds the actions in scope.';
-- Name: experiment_actions experiment_actions_insert_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_actions_insert_scoped_key ON public.experiment_actions AS RESTRICTIVE FOR INSERT TO authenticated WITH CHECK (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e))));
-- Name: POLICY experiment_actions_insert_scoped_key ON experiment_actions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_actions_insert_scoped_key ON public.experiment_actions IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: experiment_actions experiment_actions_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_actions_select_member ON public.experiment_actions FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY experiment_actions_select_member ON experiment_actions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_actions_select_member ON public.experiment_actions IS 'Members see the actions in scope of their workspaces.';
-- Name: experiment_actions experiment_actions_select_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_actions_select_scoped_key ON public.experiment_actions AS RESTRICTIVE FOR SELECT TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e))));
-- Name: POLICY experiment_actions_select_scoped_key ON experiment_actions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_actions_select_scoped_key ON public.experiment_actions IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: experiment_intents; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.experiment_intents ENABLE ROW LEVEL SECURITY;
-- Name: experiment_intents experiment_intents_delete_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_intents_delete_editor ON public.experiment_intents FOR DELETE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with)));
-- Name: POLICY experiment_intents_delete_editor ON experiment_intents; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_intents_delete_editor ON public.experiment_intents IS 'Who holds experiments.write removes the intents in scope.';
-- Name: experiment_intents experiment_intents_delete_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_intents_delete_scoped_key ON public.experiment_intents AS RESTRICTIVE FOR DELETE TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e))));
-- Name: POLICY experiment_intents_delete_scoped_key ON experiment_intents; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_intents_delete_scoped_key ON public.experiment_intents IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: experiment_intents experiment_intents_insert_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_intents_insert_editor ON public.experiment_intents FOR INSERT TO authenticated WITH CHECK (((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with)) AND (EXISTS ( SELECT
   FROM public.experiments parent
  WHERE ((parent.workspace_id = experiment_intents.workspace_id) AND (parent.id = experiment_intents.experiment_id))))));
-- Name: POLICY experiment_intents_insert_editor ON experiment_intents; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_intents_insert_editor ON public.experiment_intents IS 'Who holds experiments.write adds the intents in scope.';
-- Name: experiment_intents experiment_intents_insert_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_intents_insert_scoped_key ON public.experiment_intents AS RESTRICTIVE FOR INSERT TO authenticated WITH CHECK (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e))));
-- Name: POLICY experiment_intents_insert_scoped_key ON experiment_intents; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_intents_insert_scoped_key ON public.experiment_intents IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: experiment_intents experiment_intents_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_intents_select_member ON public.experiment_intents FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY experiment_intents_select_member ON experiment_intents; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_intents_select_member ON public.experiment_intents IS 'Members see the intents in scope of their workspaces.';
-- Name: experiment_intents experiment_intents_select_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_intents_select_scoped_key ON public.experiment_intents AS RESTRICTIVE FOR SELECT TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e))));
-- Name: POLICY experiment_intents_select_scoped_key ON experiment_intents; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_intents_select_scoped_key ON public.experiment_intents IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: experiment_metrics; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.experiment_metrics ENABLE ROW LEVEL SECURITY;
-- Name: experiment_metrics experiment_metrics_delete_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_metrics_delete_editor ON public.experiment_metrics FOR DELETE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with)));
-- Name: POLICY experiment_metrics_delete_editor ON experiment_metrics; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_metrics_delete_editor ON public.experiment_metrics IS 'Who holds experiments.write removes the metrics of experiments.';
-- Name: experiment_metrics experiment_metrics_delete_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_metrics_delete_scoped_key ON public.experiment_metrics AS RESTRICTIVE FOR DELETE TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e))));
-- Name: POLICY experiment_metrics_delete_scoped_key ON experiment_metrics; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_metrics_delete_scoped_key ON public.experiment_metrics IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: experiment_metrics experiment_metrics_insert_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_metrics_insert_editor ON public.experiment_metrics FOR INSERT TO authenticated WITH CHECK (((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with)) AND (EXISTS ( SELECT
   FROM public.experiments parent
  WHERE ((parent.workspace_id = experiment_metrics.workspace_id) AND (parent.id = experiment_metrics.experiment_id))))));
-- Name: POLICY experiment_metrics_insert_editor ON experiment_metrics; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_metrics_insert_editor ON public.experiment_metrics IS 'Who holds experiments.write adds the metrics of experiments.';
-- Name: experiment_metrics experiment_metrics_insert_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_metrics_insert_scoped_key ON public.experiment_metrics AS RESTRICTIVE FOR INSERT TO authenticated WITH CHECK (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e))));
-- Name: POLICY experiment_metrics_insert_scoped_key ON experiment_metrics; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_metrics_insert_scoped_key ON public.experiment_metrics IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: experiment_metrics experiment_metrics_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_metrics_select_member ON public.experiment_metrics FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY experiment_metrics_select_member ON experiment_metrics; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_metrics_select_member ON public.experiment_metrics IS 'Members see the metrics of experiments of their workspaces.';
-- Name: experiment_metrics experiment_metrics_select_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_metrics_select_scoped_key ON public.experiment_metrics AS RESTRICTIVE FOR SELECT TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e))));
-- Name: POLICY experiment_metrics_select_scoped_key ON experiment_metrics; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_metrics_select_scoped_key ON public.experiment_metrics IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: experiment_metrics experiment_metrics_update_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_metrics_update_editor ON public.experiment_metrics FOR UPDATE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with))) WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with)));
-- Name: POLICY experiment_metrics_update_editor ON experiment_metrics; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_metrics_update_editor ON public.experiment_metrics IS 'Who holds experiments.write changes the metrics of experiments.';
-- Name: experiment_metrics experiment_metrics_update_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_metrics_update_scoped_key ON public.experiment_metrics AS RESTRICTIVE FOR UPDATE TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e)))) WITH CHECK (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e))));
-- Name: POLICY experiment_metrics_update_scoped_key ON experiment_metrics; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_metrics_update_scoped_key ON public.experiment_metrics IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: experiment_moves; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.experiment_moves ENABLE ROW LEVEL SECURITY;
-- Name: experiment_moves experiment_moves_select_everyone; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_moves_select_everyone ON public.experiment_moves FOR SELECT TO authenticated USING (true);
-- Name: POLICY experiment_moves_select_everyone ON experiment_moves; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_moves_select_everyone ON public.experiment_moves IS 'The moves are the same for all and no secret.';
-- Name: experiment_phase_arms; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.experiment_phase_arms ENABLE ROW LEVEL SECURITY;
-- Name: experiment_phase_arms experiment_phase_arms_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_phase_arms_select_member ON public.experiment_phase_arms FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY experiment_phase_arms_select_member ON experiment_phase_arms; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_phase_arms_select_member ON public.experiment_phase_arms IS 'Members see the arms of phases of their workspaces.';
-- Name: experiment_phase_arms experiment_phase_arms_select_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_phase_arms_select_scoped_key ON public.experiment_phase_arms AS RESTRICTIVE FOR SELECT TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e))));
-- Name: POLICY experiment_phase_arms_select_scoped_key ON experiment_phase_arms; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_phase_arms_select_scoped_key ON public.experiment_phase_arms IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: experiment_phases; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.experiment_phases ENABLE ROW LEVEL SECURITY;
-- Name: experiment_phases experiment_phases_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_phases_select_member ON public.experiment_phases FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY experiment_phases_select_member ON experiment_phases; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_phases_select_member ON public.experiment_phases IS 'Members see the phases of their workspaces.';
-- Name: experiment_phases experiment_phases_select_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiment_phases_select_scoped_key ON public.experiment_phases AS RESTRICTIVE FOR SELECT TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e))));
-- Name: POLICY experiment_phases_select_scoped_key ON experiment_phases; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiment_phases_select_scoped_key ON public.experiment_phases IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: experiments; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.experiments ENABLE ROW LEVEL SECURITY;
-- Name: experiments experiments_delete_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiments_delete_editor ON public.experiments FOR DELETE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with)));
-- Name: POLICY experiments_delete_editor ON experiments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiments_delete_editor ON public.experiments IS 'Who holds experiments.write removes the experiments.';
-- Name: experiments experiments_delete_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiments_delete_scoped_key ON public.experiments AS RESTRICTIVE FOR DELETE TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (environment_id = ANY (( SELECT private.key_environments() AS key_environments)::uuid[]))));
-- Name: POLICY experiments_delete_scoped_key ON experiments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiments_delete_scoped_key ON public.experiments IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: experiments experiments_insert_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiments_insert_editor ON public.experiments FOR INSERT TO authenticated WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with)));
-- Name: POLICY experiments_insert_editor ON experiments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiments_insert_editor ON public.experiments IS 'Who holds experiments.write adds the experiments.';
-- Name: experiments experiments_insert_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiments_insert_scoped_key ON public.experiments AS RESTRICTIVE FOR INSERT TO authenticated WITH CHECK (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (environment_id = ANY (( SELECT private.key_environments() AS key_environments)::uuid[]))));
-- Name: POLICY experiments_insert_scoped_key ON experiments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiments_insert_scoped_key ON public.experiments IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: experiments experiments_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiments_select_member ON public.experiments FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY experiments_select_member ON experiments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiments_select_member ON public.experiments IS 'Members see the experiments of their workspaces.';
-- Name: experiments experiments_select_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiments_select_scoped_key ON public.experiments AS RESTRICTIVE FOR SELECT TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (environment_id = ANY (( SELECT private.key_environments() AS key_environments)::uuid[]))));
-- Name: POLICY experiments_select_scoped_key ON experiments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiments_select_scoped_key ON public.experiments IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: experiments experiments_update_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiments_update_editor ON public.experiments FOR UPDATE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with))) WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with)));
-- Name: POLICY experiments_update_editor ON experiments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiments_update_editor ON public.experiments IS 'Who holds experiments.write changes the experiments.';
-- Name: experiments experiments_update_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY experiments_update_scoped_key ON public.experiments AS RESTRICTIVE FOR UPDATE TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (environment_id = ANY (( SELECT private.key_environments() AS key_environments)::uuid[])))) WITH CHECK (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (environment_id = ANY (( SELECT private.key_environments() AS key_environments)::uuid[]))));
-- Name: POLICY experiments_update_scoped_key ON experiments; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY experiments_update_scoped_key ON public.experiments IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: holdouts; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.holdouts ENABLE ROW LEVEL SECURITY;
-- Name: holdouts holdouts_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY holdouts_select_member ON public.holdouts FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY holdouts_select_member ON holdouts; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY holdouts_select_member ON public.holdouts IS 'Members see the holdouts of their workspaces.';
-- Name: holdouts holdouts_select_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY holdouts_select_scoped_key ON public.holdouts AS RESTRICTIVE FOR SELECT TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (environment_id = ANY (( SELECT private.key_environments() AS key_environments)::uuid[]))));
-- Name: POLICY holdouts_select_scoped_key ON holdouts; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY holdouts_select_scoped_key ON public.holdouts IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: inferences; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.inferences ENABLE ROW LEVEL SECURITY;
-- Name: inferences inferences_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY inferences_select_member ON public.inferences FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY inferences_select_member ON inferences; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY inferences_select_member ON public.inferences IS 'Members see the inferences of their workspaces.';
-- Name: inferences inferences_select_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY inferences_select_scoped_key ON public.inferences AS RESTRICTIVE FOR SELECT TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (environment_id = ANY (( SELECT private.key_environments() AS key_environments)::uuid[]))));
-- Name: POLICY inferences_select_scoped_key ON inferences; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY inferences_select_scoped_key ON public.inferences IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: intent_examples; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.intent_examples ENABLE ROW LEVEL SECURITY;
-- Name: intent_examples intent_examples_delete_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY intent_examples_delete_editor ON public.intent_examples FOR DELETE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('catalog.write'::text) AS my_workspaces_with)));
-- Name: POLICY intent_examples_delete_editor ON intent_examples; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY intent_examples_delete_editor ON public.intent_examples IS 'Who holds catalog.write removes the example phrases.';
-- Name: intent_examples intent_examples_insert_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY intent_examples_insert_editor ON public.intent_examples FOR INSERT TO authenticated WITH CHECK (((workspace_id IN ( SELECT private.my_workspaces_with('catalog.write'::text) AS my_workspaces_with)) AND (EXISTS ( SELECT
   FROM public.intents parent
  WHERE ((parent.workspace_id = intent_examples.workspace_id) AND (parent.id = intent_examples.intent_id))))));
-- Name: POLICY intent_examples_insert_editor ON intent_examples; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY intent_examples_insert_editor ON public.intent_examples IS 'Who holds catalog.write adds the example phrases.';
-- Name: intent_examples intent_examples_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY intent_examples_select_member ON public.intent_examples FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY intent_examples_select_member ON intent_examples; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY intent_examples_select_member ON public.intent_examples IS 'Members see the example phrases of their workspaces.';
-- Name: intent_examples intent_examples_update_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY intent_examples_update_editor ON public.intent_examples FOR UPDATE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('catalog.write'::text) AS my_workspaces_with))) WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('catalog.write'::text) AS my_workspaces_with)));
-- Name: POLICY intent_examples_update_editor ON intent_examples; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY intent_examples_update_editor ON public.intent_examples IS 'Who holds catalog.write changes the example phrases.';
-- Name: intents; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.intents ENABLE ROW LEVEL SECURITY;
-- Name: intents intents_delete_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY intents_delete_editor ON public.intents FOR DELETE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('catalog.write'::text) AS my_workspaces_with)));
-- Name: POLICY intents_delete_editor ON intents; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY intents_delete_editor ON public.intents IS 'Who holds catalog.write removes the intents.';
-- Name: intents intents_insert_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY intents_insert_editor ON public.intents FOR INSERT TO authenticated WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('catalog.write'::text) AS my_workspaces_with)));
-- Name: POLICY intents_insert_editor ON intents; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY intents_insert_editor ON public.intents IS 'Who holds catalog.write adds the intents.';
-- Name: intents intents_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY intents_select_member ON public.intents FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY intents_select_member ON intents; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY intents_select_member ON public.intents IS 'Members see the intents of their workspaces.';
-- Name: intents intents_update_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY intents_update_editor ON public.intents FOR UPDATE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('catalog.write'::text) AS my_workspaces_with))) WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('catalog.write'::text) AS my_workspaces_with)));
-- Name: POLICY intents_update_editor ON intents; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY intents_update_editor ON public.intents IS 'Who holds catalog.write changes the intents.';
-- Name: invitations; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.invitations ENABLE ROW LEVEL SECURITY;
-- Name: invitations invitations_select_admin; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY invitations_select_admin ON public.invitations FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('members.write'::text) AS my_workspaces_with)));
-- Name: POLICY invitations_select_admin ON invitations; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY invitations_select_admin ON public.invitations IS 'Who holds members.write sees who is invited; who is invited asks my_invitations.';
-- Name: job_failures; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.job_failures ENABLE ROW LEVEL SECURITY;
-- Name: job_failures job_failures_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY job_failures_select_member ON public.job_failures FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY job_failures_select_member ON job_failures; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY job_failures_select_member ON public.job_failures IS 'Members see the failed jobs of their workspaces.';
-- Name: layers; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.layers ENABLE ROW LEVEL SECURITY;
-- Name: layers layers_delete_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY layers_delete_editor ON public.layers FOR DELETE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('layers.write'::text) AS my_workspaces_with)));
-- Name: POLICY layers_delete_editor ON layers; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY layers_delete_editor ON public.layers IS 'Who holds layers.write removes layers that no experiment was ever in.';
-- Name: layers layers_insert_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY layers_insert_editor ON public.layers FOR INSERT TO authenticated WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('layers.write'::text) AS my_workspaces_with)));
-- Name: POLICY layers_insert_editor ON layers; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY layers_insert_editor ON public.layers IS 'Who holds layers.write adds layers.';
-- Name: layers layers_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY layers_select_member ON public.layers FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY layers_select_member ON layers; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY layers_select_member ON public.layers IS 'Members see the layers of their workspaces.';
-- Name: layers layers_update_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY layers_update_editor ON public.layers FOR UPDATE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('layers.write'::text) AS my_workspaces_with))) WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('layers.write'::text) AS my_workspaces_with)));
-- Name: POLICY layers_update_editor ON layers; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY layers_update_editor ON public.layers IS 'Who holds layers.write renames layers.';
-- Name: members; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.members ENABLE ROW LEVEL SECURITY;
-- Name: members members_delete_admin_or_self; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY members_delete_admin_or_self ON public.members FOR DELETE TO authenticated USING (((user_id = ( SELECT auth.uid() AS uid)) OR ((workspace_id, role) IN ( SELECT roles_within.workspace_id,
    roles_within.role
   FROM private.roles_within('members.write'::text) roles_within(workspace_id, role)))));
-- Name: POLICY members_delete_admin_or_self ON members; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY members_delete_admin_or_self ON public.members IS 'Everyone may leave; who holds members.write removes who holds no more than they do; only an owner removes an owner.';
-- Name: members members_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY members_select_member ON public.members FOR SELECT TO authenticated USING (((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)) OR (user_id = ( SELECT auth.uid() AS uid))));
-- Name: POLICY members_select_member ON members; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY members_select_member ON public.members IS 'Members see the members of their workspaces, and everyone their own memberships.';
-- Name: members members_update_admin; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY members_update_admin ON public.members FOR UPDATE TO authenticated USING (((workspace_id, role) IN ( SELECT roles_within.workspace_id,
    roles_within.role
   FROM private.roles_within('members.write'::text) roles_within(workspace_id, role)))) WITH CHECK (((workspace_id, role) IN ( SELECT roles_within.workspace_id,
    roles_within.role
   FROM private.roles_within('members.write'::text) roles_within(workspace_id, role))));
-- Name: POLICY members_update_admin ON members; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY members_update_admin ON public.members IS 'Who holds members.write changes roles that hold no more than theirs, to such roles; only an owner touches owners.';
-- Name: outcome_keys; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.outcome_keys ENABLE ROW LEVEL SECURITY;
-- Name: outcome_keys outcome_keys_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY outcome_keys_select_member ON public.outcome_keys FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY outcome_keys_select_member ON outcome_keys; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY outcome_keys_select_member ON public.outcome_keys IS 'Members see the outcome keys of their workspaces.';
-- Name: outcome_metrics; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.outcome_metrics ENABLE ROW LEVEL SECURITY;
-- Name: outcome_metrics outcome_metrics_delete_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY outcome_metrics_delete_editor ON public.outcome_metrics FOR DELETE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('metrics.write'::text) AS my_workspaces_with)));
-- Name: POLICY outcome_metrics_delete_editor ON outcome_metrics; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY outcome_metrics_delete_editor ON public.outcome_metrics IS 'Who holds metrics.write removes the outcome metrics.';
-- Name: outcome_metrics outcome_metrics_insert_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY outcome_metrics_insert_editor ON public.outcome_metrics FOR INSERT TO authenticated WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('metrics.write'::text) AS my_workspaces_with)));
-- Name: POLICY outcome_metrics_insert_editor ON outcome_metrics; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY outcome_metrics_insert_editor ON public.outcome_metrics IS 'Who holds metrics.write adds the outcome metrics.';
-- Name: outcome_metrics outcome_metrics_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY outcome_metrics_select_member ON public.outcome_metrics FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY outcome_metrics_select_member ON outcome_metrics; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY outcome_metrics_select_member ON public.outcome_metrics IS 'Members see the outcome metrics of their workspaces.';
-- Name: outcome_metrics outcome_metrics_update_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY outcome_metrics_update_editor ON public.outcome_metrics FOR UPDATE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('metrics.write'::text) AS my_workspaces_with))) WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('metrics.write'::text) AS my_workspaces_with)));
-- Name: POLICY outcome_metrics_update_editor ON outcome_metrics; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY outcome_metrics_update_editor ON public.outcome_metrics IS 'Who holds metrics.write changes the outcome metrics.';
-- Name: outcomes; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.outcomes ENABLE ROW LEVEL SECURITY;
-- Name: outcomes outcomes_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY outcomes_select_member ON public.outcomes FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY outcomes_select_member ON outcomes; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY outcomes_select_member ON public.outcomes IS 'Members see the outcomes of their workspaces.';
-- Name: outcomes outcomes_select_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY outcomes_select_scoped_key ON public.outcomes AS RESTRICTIVE FOR SELECT TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (environment_id = ANY (( SELECT private.key_environments() AS key_environments)::uuid[]))));
-- Name: POLICY outcomes_select_scoped_key ON outcomes; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY outcomes_select_scoped_key ON public.outcomes IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: permissions; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.permissions ENABLE ROW LEVEL SECURITY;
-- Name: permissions permissions_select_everyone; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY permissions_select_everyone ON public.permissions FOR SELECT TO authenticated USING (true);
-- Name: POLICY permissions_select_everyone ON permissions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY permissions_select_everyone ON public.permissions IS 'The list of permissions is the same for all and no secret.';
-- Name: prompt_template_versions; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.prompt_template_versions ENABLE ROW LEVEL SECURITY;
-- Name: prompt_template_versions prompt_template_versions_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY prompt_template_versions_select_member ON public.prompt_template_versions FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY prompt_template_versions_select_member ON prompt_template_versions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY prompt_template_versions_select_member ON public.prompt_template_versions IS 'Members see the versions of their workspaces'' prompt templates.';
-- Name: prompt_templates; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.prompt_templates ENABLE ROW LEVEL SECURITY;
-- Name: prompt_templates prompt_templates_insert_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY prompt_templates_insert_editor ON public.prompt_templates FOR INSERT TO authenticated WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('templates.write'::text) AS my_workspaces_with)));
-- Name: POLICY prompt_templates_insert_editor ON prompt_templates; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY prompt_templates_insert_editor ON public.prompt_templates IS 'Who holds templates.write adds prompt templates.';
-- Name: prompt_templates prompt_templates_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY prompt_templates_select_member ON public.prompt_templates FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY prompt_templates_select_member ON prompt_templates; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY prompt_templates_select_member ON public.prompt_templates IS 'Members see the prompt templates of their workspaces.';
-- Name: prompt_templates prompt_templates_update_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY prompt_templates_update_editor ON public.prompt_templates FOR UPDATE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('templates.write'::text) AS my_workspaces_with))) WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('templates.write'::text) AS my_workspaces_with)));
-- Name: POLICY prompt_templates_update_editor ON prompt_templates; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY prompt_templates_update_editor ON public.prompt_templates IS 'Who holds templates.write renames and describes prompt templates.';
-- Name: prompt_versions; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.prompt_versions ENABLE ROW LEVEL SECURITY;
-- Name: prompt_versions prompt_versions_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY prompt_versions_select_member ON public.prompt_versions FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY prompt_versions_select_member ON prompt_versions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY prompt_versions_select_member ON public.prompt_versions IS 'Members see the versions of their workspaces.';
-- Name: prompts; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.prompts ENABLE ROW LEVEL SECURITY;
-- Name: prompts prompts_insert_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY prompts_insert_editor ON public.prompts FOR INSERT TO authenticated WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('prompts.write'::text) AS my_workspaces_with)));
-- Name: POLICY prompts_insert_editor ON prompts; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY prompts_insert_editor ON public.prompts IS 'Who holds prompts.write adds the prompts.';
-- Name: prompts prompts_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY prompts_select_member ON public.prompts FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY prompts_select_member ON prompts; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY prompts_select_member ON public.prompts IS 'Members see the prompts of their workspaces.';
-- Name: prompts prompts_update_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY prompts_update_editor ON public.prompts FOR UPDATE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('prompts.write'::text) AS my_workspaces_with))) WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('prompts.write'::text) AS my_workspaces_with)));
-- Name: POLICY prompts_update_editor ON prompts; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY prompts_update_editor ON public.prompts IS 'Who holds prompts.write changes the prompts.';
-- Name: provider_keys; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.provider_keys ENABLE ROW LEVEL SECURITY;
-- Name: provider_keys provider_keys_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY provider_keys_select_member ON public.provider_keys FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY provider_keys_select_member ON provider_keys; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY provider_keys_select_member ON public.provider_keys IS 'Members see which provider keys there are of their workspaces.';
-- Name: ramp_steps; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.ramp_steps ENABLE ROW LEVEL SECURITY;
-- Name: ramp_steps ramp_steps_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY ramp_steps_select_member ON public.ramp_steps FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY ramp_steps_select_member ON ramp_steps; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY ramp_steps_select_member ON public.ramp_steps IS 'Members see the steps of the ramps of their workspaces.';
-- Name: ramps; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.ramps ENABLE ROW LEVEL SECURITY;
-- Name: ramps ramps_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY ramps_select_member ON public.ramps FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY ramps_select_member ON ramps; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY ramps_select_member ON public.ramps IS 'Members see the ramps of their workspaces.';
-- Name: ramps ramps_select_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY ramps_select_scoped_key ON public.ramps AS RESTRICTIVE FOR SELECT TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (environment_id = ANY (( SELECT private.key_environments() AS key_environments)::uuid[]))));
-- Name: POLICY ramps_select_scoped_key ON ramps; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY ramps_select_scoped_key ON public.ramps IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: role_permissions; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.role_permissions ENABLE ROW LEVEL SECURITY;
-- Name: role_permissions role_permissions_delete_admin; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY role_permissions_delete_admin ON public.role_permissions FOR DELETE TO authenticated USING (((role <> 'owner'::text) AND ((workspace_id, role) IN ( SELECT roles_within.workspace_id,
    roles_within.role
   FROM private.roles_within('roles.write'::text) roles_within(workspace_id, role)))));
-- Name: POLICY role_permissions_delete_admin ON role_permissions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY role_permissions_delete_admin ON public.role_permissions IS 'Who holds roles.write takes a permission from a role that holds no more than they do, but not from the owner.';
-- Name: role_permissions role_permissions_insert_admin; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY role_permissions_insert_admin ON public.role_permissions FOR INSERT TO authenticated WITH CHECK ((((workspace_id, role) IN ( SELECT roles_within.workspace_id,
    roles_within.role
   FROM private.roles_within('roles.write'::text) roles_within(workspace_id, role))) AND ((workspace_id, permission) IN ( SELECT my_permissions.workspace_id,
    my_permissions.permission
   FROM private.my_permissions() my_permissions(workspace_id, permission)))));
-- Name: POLICY role_permissions_insert_admin ON role_permissions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY role_permissions_insert_admin ON public.role_permissions IS 'Who holds roles.write gives a role a permission that they hold themselves.';
-- Name: role_permissions role_permissions_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY role_permissions_select_member ON public.role_permissions FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY role_permissions_select_member ON role_permissions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY role_permissions_select_member ON public.role_permissions IS 'Members see what their roles may do of their workspaces.';
-- Name: roles; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.roles ENABLE ROW LEVEL SECURITY;
-- Name: roles roles_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY roles_select_member ON public.roles FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY roles_select_member ON roles; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY roles_select_member ON public.roles IS 'Members see the roles of their workspaces.';
-- Name: run_results; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.run_results ENABLE ROW LEVEL SECURITY;
-- Name: run_results run_results_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY run_results_select_member ON public.run_results FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY run_results_select_member ON run_results; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY run_results_select_member ON public.run_results IS 'Members see the results of runs of their workspaces.';
-- Name: runs; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.runs ENABLE ROW LEVEL SECURITY;
-- Name: runs runs_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY runs_select_member ON public.runs FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY runs_select_member ON runs; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY runs_select_member ON public.runs IS 'Members see the runs of their workspaces.';
-- Name: tag_moves; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.tag_moves ENABLE ROW LEVEL SECURITY;
-- Name: tag_moves tag_moves_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY tag_moves_select_member ON public.tag_moves FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY tag_moves_select_member ON tag_moves; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY tag_moves_select_member ON public.tag_moves IS 'Members see where tags pointed before.';
-- Name: tags; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.tags ENABLE ROW LEVEL SECURITY;
-- Name: tags tags_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY tags_select_member ON public.tags FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY tags_select_member ON tags; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY tags_select_member ON public.tags IS 'Members see the tags of their workspaces.';
-- Name: test_cases; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.test_cases ENABLE ROW LEVEL SECURITY;
-- Name: test_cases test_cases_delete_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY test_cases_delete_editor ON public.test_cases FOR DELETE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('prompts.write'::text) AS my_workspaces_with)));
-- Name: POLICY test_cases_delete_editor ON test_cases; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY test_cases_delete_editor ON public.test_cases IS 'Who holds prompts.write removes the test cases.';
-- Name: test_cases test_cases_insert_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY test_cases_insert_editor ON public.test_cases FOR INSERT TO authenticated WITH CHECK (((workspace_id IN ( SELECT private.my_workspaces_with('prompts.write'::text) AS my_workspaces_with)) AND (EXISTS ( SELECT
   FROM public.prompts parent
  WHERE ((parent.workspace_id = test_cases.workspace_id) AND (parent.id = test_cases.prompt_id))))));
-- Name: POLICY test_cases_insert_editor ON test_cases; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY test_cases_insert_editor ON public.test_cases IS 'Who holds prompts.write adds the test cases.';
-- Name: test_cases test_cases_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY test_cases_select_member ON public.test_cases FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY test_cases_select_member ON test_cases; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY test_cases_select_member ON public.test_cases IS 'Members see the test cases of their workspaces.';
-- Name: test_cases test_cases_update_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY test_cases_update_editor ON public.test_cases FOR UPDATE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('prompts.write'::text) AS my_workspaces_with))) WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('prompts.write'::text) AS my_workspaces_with)));
-- Name: POLICY test_cases_update_editor ON test_cases; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY test_cases_update_editor ON public.test_cases IS 'Who holds prompts.write changes the test cases.';
-- Name: variant_rollbacks; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.variant_rollbacks ENABLE ROW LEVEL SECURITY;
-- Name: variant_rollbacks variant_rollbacks_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY variant_rollbacks_select_member ON public.variant_rollbacks FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY variant_rollbacks_select_member ON variant_rollbacks; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY variant_rollbacks_select_member ON public.variant_rollbacks IS 'Members see when arms of their workspaces'' experiments were stopped.';
-- Name: variant_rollbacks variant_rollbacks_select_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY variant_rollbacks_select_scoped_key ON public.variant_rollbacks AS RESTRICTIVE FOR SELECT TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e))));
-- Name: POLICY variant_rollbacks_select_scoped_key ON variant_rollbacks; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY variant_rollbacks_select_scoped_key ON public.variant_rollbacks IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: variant_versions; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.variant_versions ENABLE ROW LEVEL SECURITY;
-- Name: variant_versions variant_versions_delete_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY variant_versions_delete_editor ON public.variant_versions FOR DELETE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with)));
-- Name: POLICY variant_versions_delete_editor ON variant_versions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY variant_versions_delete_editor ON public.variant_versions IS 'Who holds experiments.write removes what variants run.';
-- Name: variant_versions variant_versions_delete_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY variant_versions_delete_scoped_key ON public.variant_versions AS RESTRICTIVE FOR DELETE TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (variant_id IN ( SELECT v.id
   FROM public.variants v))));
-- Name: POLICY variant_versions_delete_scoped_key ON variant_versions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY variant_versions_delete_scoped_key ON public.variant_versions IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: variant_versions variant_versions_insert_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY variant_versions_insert_editor ON public.variant_versions FOR INSERT TO authenticated WITH CHECK (((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with)) AND (EXISTS ( SELECT
   FROM public.variants parent
  WHERE ((parent.workspace_id = variant_versions.workspace_id) AND (parent.id = variant_versions.variant_id))))));
-- Name: POLICY variant_versions_insert_editor ON variant_versions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY variant_versions_insert_editor ON public.variant_versions IS 'Who holds experiments.write adds what variants run.';
-- Name: variant_versions variant_versions_insert_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY variant_versions_insert_scoped_key ON public.variant_versions AS RESTRICTIVE FOR INSERT TO authenticated WITH CHECK (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (variant_id IN ( SELECT v.id
   FROM public.variants v))));
-- Name: POLICY variant_versions_insert_scoped_key ON variant_versions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY variant_versions_insert_scoped_key ON public.variant_versions IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: variant_versions variant_versions_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY variant_versions_select_member ON public.variant_versions FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY variant_versions_select_member ON variant_versions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY variant_versions_select_member ON public.variant_versions IS 'Members see what variants run of their workspaces.';
-- Name: variant_versions variant_versions_select_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY variant_versions_select_scoped_key ON public.variant_versions AS RESTRICTIVE FOR SELECT TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (variant_id IN ( SELECT v.id
   FROM public.variants v))));
-- Name: POLICY variant_versions_select_scoped_key ON variant_versions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY variant_versions_select_scoped_key ON public.variant_versions IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: variant_versions variant_versions_update_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY variant_versions_update_editor ON public.variant_versions FOR UPDATE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with))) WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with)));
-- Name: POLICY variant_versions_update_editor ON variant_versions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY variant_versions_update_editor ON public.variant_versions IS 'Who holds experiments.write changes what variants run.';
-- Name: variant_versions variant_versions_update_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY variant_versions_update_scoped_key ON public.variant_versions AS RESTRICTIVE FOR UPDATE TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (variant_id IN ( SELECT v.id
   FROM public.variants v)))) WITH CHECK (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (variant_id IN ( SELECT v.id
   FROM public.variants v))));
-- Name: POLICY variant_versions_update_scoped_key ON variant_versions; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY variant_versions_update_scoped_key ON public.variant_versions IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: variants; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.variants ENABLE ROW LEVEL SECURITY;
-- Name: variants variants_delete_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY variants_delete_editor ON public.variants FOR DELETE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with)));
-- Name: POLICY variants_delete_editor ON variants; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY variants_delete_editor ON public.variants IS 'Who holds experiments.write removes the variants.';
-- Name: variants variants_delete_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY variants_delete_scoped_key ON public.variants AS RESTRICTIVE FOR DELETE TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e))));
-- Name: POLICY variants_delete_scoped_key ON variants; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY variants_delete_scoped_key ON public.variants IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: variants variants_insert_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY variants_insert_editor ON public.variants FOR INSERT TO authenticated WITH CHECK (((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with)) AND (EXISTS ( SELECT
   FROM public.experiments parent
  WHERE ((parent.workspace_id = variants.workspace_id) AND (parent.id = variants.experiment_id))))));
-- Name: POLICY variants_insert_editor ON variants; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY variants_insert_editor ON public.variants IS 'Who holds experiments.write adds the variants.';
-- Name: variants variants_insert_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY variants_insert_scoped_key ON public.variants AS RESTRICTIVE FOR INSERT TO authenticated WITH CHECK (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e))));
-- Name: POLICY variants_insert_scoped_key ON variants; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY variants_insert_scoped_key ON public.variants IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: variants variants_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY variants_select_member ON public.variants FOR SELECT TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY variants_select_member ON variants; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY variants_select_member ON public.variants IS 'Members see the variants of their workspaces.';
-- Name: variants variants_select_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY variants_select_scoped_key ON public.variants AS RESTRICTIVE FOR SELECT TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e))));
-- Name: POLICY variants_select_scoped_key ON variants; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY variants_select_scoped_key ON public.variants IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: variants variants_update_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY variants_update_editor ON public.variants FOR UPDATE TO authenticated USING ((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with))) WITH CHECK ((workspace_id IN ( SELECT private.my_workspaces_with('experiments.write'::text) AS my_workspaces_with)));
-- Name: POLICY variants_update_editor ON variants; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY variants_update_editor ON public.variants IS 'Who holds experiments.write changes the variants.';
-- Name: variants variants_update_scoped_key; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY variants_update_scoped_key ON public.variants AS RESTRICTIVE FOR UPDATE TO authenticated USING (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e)))) WITH CHECK (((( SELECT private.key_environments() AS key_environments) IS NULL) OR (experiment_id IN ( SELECT e.id
   FROM public.experiments e))));
-- Name: POLICY variants_update_scoped_key ON variants; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY variants_update_scoped_key ON public.variants IS 'An API key that is scoped to environments reaches rows of those alone.';
-- Name: workspaces; Type: ROW SECURITY; Schema: public; Owner: postgres
ALTER TABLE public.workspaces ENABLE ROW LEVEL SECURITY;
-- Name: workspaces workspaces_select_member; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY workspaces_select_member ON public.workspaces FOR SELECT TO authenticated USING ((id IN ( SELECT private.my_workspaces() AS my_workspaces)));
-- Name: POLICY workspaces_select_member ON workspaces; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY workspaces_select_member ON public.workspaces IS 'Members see their workspaces.';
-- Name: workspaces workspaces_update_editor; Type: POLICY; Schema: public; Owner: postgres
CREATE POLICY workspaces_update_editor ON public.workspaces FOR UPDATE TO authenticated USING ((id IN ( SELECT private.my_workspaces_with('workspace.write'::text) AS my_workspaces_with))) WITH CHECK ((id IN ( SELECT private.my_workspaces_with('workspace.write'::text) AS my_workspaces_with)));
-- Name: POLICY workspaces_update_editor ON workspaces; Type: COMMENT; Schema: public; Owner: postgres
COMMENT ON POLICY workspaces_update_editor ON public.workspaces IS 'Who holds workspace.write renames the workspace.';
-- Name: SCHEMA gate; Type: ACL; Schema: -; Owner: postgres
GRANT USAGE ON SCHEMA gate TO anon;
GRANT USAGE ON SCHEMA gate TO authenticated;
GRANT USAGE ON SCHEMA gate TO service_role;
-- Name: SCHEMA private; Type: ACL; Schema: -; Owner: postgres
GRANT USAGE ON SCHEMA private TO authenticated;
GRANT USAGE ON SCHEMA private TO service_role;
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: pg_database_owner
GRANT USAGE ON SCHEMA public TO postgres;
GRANT USAGE ON SCHEMA public TO anon;
GRANT USAGE ON SCHEMA public TO authenticated;
GRANT USAGE ON SCHEMA public TO service_role;
GRANT ALL ON SCHEMA public TO supabase_realtime_admin;
-- Name: SCHEMA stats; Type: ACL; Schema: -; Owner: postgres
GRANT USAGE ON SCHEMA stats TO authenticated;
GRANT USAGE ON SCHEMA stats TO service_role;
-- Name: TABLE inferences; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.inferences TO authenticated;
GRANT SELECT ON TABLE public.inferences TO service_role;
-- Name: FUNCTION uuidv7(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.uuidv7() FROM PUBLIC;
GRANT ALL ON FUNCTION private.uuidv7() TO authenticated;
GRANT ALL ON FUNCTION private.uuidv7() TO service_role;
-- Name: TABLE outcomes; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.outcomes TO authenticated;
GRANT SELECT ON TABLE public.outcomes TO service_role;
-- Name: FUNCTION admit(secret text); Type: ACL; Schema: gate; Owner: postgres
REVOKE ALL ON FUNCTION gate.admit(secret text) FROM PUBLIC;
GRANT ALL ON FUNCTION gate.admit(secret text) TO anon;
GRANT ALL ON FUNCTION gate.admit(secret text) TO authenticated;
GRANT ALL ON FUNCTION gate.admit(secret text) TO service_role;
-- Name: FUNCTION enter(); Type: ACL; Schema: gate; Owner: postgres
REVOKE ALL ON FUNCTION gate.enter() FROM PUBLIC;
GRANT ALL ON FUNCTION gate.enter() TO anon;
GRANT ALL ON FUNCTION gate.enter() TO authenticated;
GRANT ALL ON FUNCTION gate.enter() TO service_role;
-- Name: FUNCTION now(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.now() FROM PUBLIC;
GRANT ALL ON FUNCTION private.now() TO authenticated;
GRANT ALL ON FUNCTION private.now() TO service_role;
-- Name: TABLE api_keys; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.api_keys TO authenticated;
GRANT SELECT ON TABLE public.api_keys TO service_role;
-- Name: FUNCTION note_use(api_key public.api_keys); Type: ACL; Schema: gate; Owner: postgres
REVOKE ALL ON FUNCTION gate.note_use(api_key public.api_keys) FROM PUBLIC;
-- Name: FUNCTION abort_ramp(ramp_id uuid, expected_revision integer, reason text, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.abort_ramp(ramp_id uuid, expected_revision integer, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.abort_ramp(ramp_id uuid, expected_revision integer, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.abort_ramp(ramp_id uuid, expected_revision integer, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION accept_invitation(token text, invitation_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.accept_invitation(token text, invitation_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.accept_invitation(token text, invitation_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.accept_invitation(token text, invitation_id uuid) TO service_role;
-- Name: FUNCTION actor_id(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.actor_id() FROM PUBLIC;
GRANT ALL ON FUNCTION private.actor_id() TO authenticated;
GRANT ALL ON FUNCTION private.actor_id() TO service_role;
-- Name: FUNCTION actor_kind(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.actor_kind() FROM PUBLIC;
GRANT ALL ON FUNCTION private.actor_kind() TO authenticated;
GRANT ALL ON FUNCTION private.actor_kind() TO service_role;
-- Name: FUNCTION actor_label(kind text, id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.actor_label(kind text, id uuid) FROM PUBLIC;
-- Name: FUNCTION advance_ramp(ramp_id uuid, expected_revision integer, force boolean, reason text, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.advance_ramp(ramp_id uuid, expected_revision integer, force boolean, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.advance_ramp(ramp_id uuid, expected_revision integer, force boolean, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.advance_ramp(ramp_id uuid, expected_revision integer, force boolean, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION api_key(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.api_key() FROM PUBLIC;
GRANT ALL ON FUNCTION private.api_key() TO authenticated;
GRANT ALL ON FUNCTION private.api_key() TO service_role;
-- Name: FUNCTION api_key_environments(environments text[], workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.api_key_environments(environments text[], workspace_id uuid) FROM PUBLIC;
-- Name: TABLE experiments; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT,DELETE ON TABLE public.experiments TO authenticated;
GRANT SELECT,DELETE ON TABLE public.experiments TO service_role;
-- Name: COLUMN experiments.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.experiments TO authenticated;
GRANT INSERT(workspace_id) ON TABLE public.experiments TO service_role;
-- Name: COLUMN experiments.key; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(key),UPDATE(key) ON TABLE public.experiments TO authenticated;
GRANT INSERT(key),UPDATE(key) ON TABLE public.experiments TO service_role;
-- Name: COLUMN experiments.name; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(name),UPDATE(name) ON TABLE public.experiments TO authenticated;
GRANT INSERT(name),UPDATE(name) ON TABLE public.experiments TO service_role;
-- Name: COLUMN experiments.hypothesis; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(hypothesis),UPDATE(hypothesis) ON TABLE public.experiments TO authenticated;
GRANT INSERT(hypothesis),UPDATE(hypothesis) ON TABLE public.experiments TO service_role;
-- Name: COLUMN experiments.environment_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(environment_id),UPDATE(environment_id) ON TABLE public.experiments TO authenticated;
GRANT INSERT(environment_id),UPDATE(environment_id) ON TABLE public.experiments TO service_role;
-- Name: COLUMN experiments.capability_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(capability_id),UPDATE(capability_id) ON TABLE public.experiments TO authenticated;
GRANT INSERT(capability_id),UPDATE(capability_id) ON TABLE public.experiments TO service_role;
-- Name: COLUMN experiments.unit; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(unit),UPDATE(unit) ON TABLE public.experiments TO authenticated;
GRANT INSERT(unit),UPDATE(unit) ON TABLE public.experiments TO service_role;
-- Name: COLUMN experiments.traffic; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(traffic),UPDATE(traffic) ON TABLE public.experiments TO authenticated;
GRANT INSERT(traffic),UPDATE(traffic) ON TABLE public.experiments TO service_role;
-- Name: COLUMN experiments.audience; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(audience),UPDATE(audience) ON TABLE public.experiments TO authenticated;
GRANT INSERT(audience),UPDATE(audience) ON TABLE public.experiments TO service_role;
-- Name: COLUMN experiments.layer_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(layer_id),UPDATE(layer_id) ON TABLE public.experiments TO authenticated;
GRANT INSERT(layer_id),UPDATE(layer_id) ON TABLE public.experiments TO service_role;
-- Name: COLUMN experiments.layer_from; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(layer_from),UPDATE(layer_from) ON TABLE public.experiments TO authenticated;
GRANT INSERT(layer_from),UPDATE(layer_from) ON TABLE public.experiments TO service_role;
-- Name: COLUMN experiments.layer_to; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(layer_to),UPDATE(layer_to) ON TABLE public.experiments TO authenticated;
GRANT INSERT(layer_to),UPDATE(layer_to) ON TABLE public.experiments TO service_role;
-- Name: COLUMN experiments.parent_experiment_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(parent_experiment_id) ON TABLE public.experiments TO authenticated;
GRANT INSERT(parent_experiment_id) ON TABLE public.experiments TO service_role;
-- Name: FUNCTION archive_ramp_experiment(experiment_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.archive_ramp_experiment(experiment_id uuid) FROM PUBLIC;
-- Name: FUNCTION arm_buckets(experiment_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.arm_buckets(experiment_id uuid) FROM PUBLIC;
-- Name: FUNCTION as_uuid(value text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.as_uuid(value text) FROM PUBLIC;
-- Name: TABLE assignments; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.assignments TO authenticated;
GRANT SELECT ON TABLE public.assignments TO service_role;
-- Name: FUNCTION assign(rule private.live_rules, asked private.call, attributes jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.assign(rule private.live_rules, asked private.call, attributes jsonb) FROM PUBLIC;
-- Name: FUNCTION audience_context(attributes jsonb, subject text, conversation text, action text, intent text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.audience_context(attributes jsonb, subject text, conversation text, action text, intent text) FROM PUBLIC;
-- Name: FUNCTION audience_leaf_problem(leaf jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.audience_leaf_problem(leaf jsonb) FROM PUBLIC;
-- Name: FUNCTION audience_leaf_words(leaf jsonb, negated boolean); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.audience_leaf_words(leaf jsonb, negated boolean) FROM PUBLIC;
-- Name: FUNCTION audience_matches(audience jsonb, context jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.audience_matches(audience jsonb, context jsonb) FROM PUBLIC;
-- Name: FUNCTION audience_miss(node jsonb, context jsonb, path text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.audience_miss(node jsonb, context jsonb, path text) FROM PUBLIC;
-- Name: FUNCTION audience_path(audience jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.audience_path(audience jsonb) FROM PUBLIC;
-- Name: FUNCTION audience_problem(node jsonb, path text, depth integer); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.audience_problem(node jsonb, path text, depth integer) FROM PUBLIC;
-- Name: FUNCTION audience_value_problem(operator text, v jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.audience_value_problem(operator text, v jsonb) FROM PUBLIC;
-- Name: FUNCTION audience_words(node jsonb, negated boolean); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.audience_words(node jsonb, negated boolean) FROM PUBLIC;
-- Name: FUNCTION audit_batch(table_name text, operation text, tenant uuid, quantity bigint, first_id text, last_id text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.audit_batch(table_name text, operation text, tenant uuid, quantity bigint, first_id text, last_id text) FROM PUBLIC;
-- Name: TABLE audit_events; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.audit_events TO authenticated;
GRANT SELECT ON TABLE public.audit_events TO service_role;
-- Name: FUNCTION audit_entry(table_name text, operation text, row_count integer); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.audit_entry(table_name text, operation text, row_count integer) FROM PUBLIC;
-- Name: FUNCTION audit_pairs(keys text[], before_rows jsonb[], after_rows jsonb[]); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.audit_pairs(keys text[], before_rows jsonb[], after_rows jsonb[]) FROM PUBLIC;
-- Name: FUNCTION audit_position(taken integer); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.audit_position(taken integer) FROM PUBLIC;
-- Name: FUNCTION audit_rows(table_name text, operation text, keys text[], secrets text[], silent text[], before_rows jsonb[], after_rows jsonb[]); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.audit_rows(table_name text, operation text, keys text[], secrets text[], silent text[], before_rows jsonb[], after_rows jsonb[]) FROM PUBLIC;
-- Name: FUNCTION authorise(requested uuid, permission text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.authorise(requested uuid, permission text) FROM PUBLIC;
GRANT ALL ON FUNCTION private.authorise(requested uuid, permission text) TO authenticated;
GRANT ALL ON FUNCTION private.authorise(requested uuid, permission text) TO service_role;
-- Name: FUNCTION authorise_row(owner uuid, requested uuid, permission text, code text, context jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.authorise_row(owner uuid, requested uuid, permission text, code text, context jsonb) FROM PUBLIC;
-- Name: FUNCTION batch_answer(valid bigint, landed bigint, errors jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.batch_answer(valid bigint, landed bigint, errors jsonb) FROM PUBLIC;
-- Name: FUNCTION bucket(salt text, purpose text, unit_id text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.bucket(salt text, purpose text, unit_id text) FROM PUBLIC;
-- Name: FUNCTION bundle_hash(messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.bundle_hash(messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.bundle_hash(messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.bundle_hash(messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb) TO service_role;
-- Name: TABLE prompt_versions; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.prompt_versions TO authenticated;
GRANT SELECT ON TABLE public.prompt_versions TO service_role;
-- Name: FUNCTION bundle(version public.prompt_versions); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.bundle(version public.prompt_versions) FROM PUBLIC;
GRANT ALL ON FUNCTION private.bundle(version public.prompt_versions) TO service_role;
-- Name: FUNCTION readable_items(payload jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.readable_items(payload jsonb) FROM PUBLIC;
-- Name: FUNCTION record_run_results(run_id uuid, results jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.record_run_results(run_id uuid, results jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.record_run_results(run_id uuid, results jsonb) TO service_role;
-- Name: FUNCTION run_work(run_id uuid, items jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.run_work(run_id uuid, items jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.run_work(run_id uuid, items jsonb) TO service_role;
-- Name: TABLE runs; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.runs TO authenticated;
GRANT SELECT ON TABLE public.runs TO service_role;
-- Name: FUNCTION bury_run_chunk(payload jsonb, attempts integer, error_code text, error_message text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.bury_run_chunk(payload jsonb, attempts integer, error_code text, error_message text) FROM PUBLIC;
-- Name: FUNCTION caller_is_server(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.caller_is_server() FROM PUBLIC;
GRANT ALL ON FUNCTION private.caller_is_server() TO authenticated;
GRANT ALL ON FUNCTION private.caller_is_server() TO service_role;
-- Name: FUNCTION capability_key(scope private.scope); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.capability_key(scope private.scope) FROM PUBLIC;
-- Name: TABLE members; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT,DELETE ON TABLE public.members TO authenticated;
GRANT SELECT,DELETE ON TABLE public.members TO service_role;
-- Name: COLUMN members.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.members TO service_role;
-- Name: COLUMN members.user_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(user_id) ON TABLE public.members TO service_role;
-- Name: COLUMN members.role; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(role),UPDATE(role) ON TABLE public.members TO service_role;
GRANT UPDATE(role) ON TABLE public.members TO authenticated;
-- Name: FUNCTION change_role(user_id uuid, role text, expected_role text, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.change_role(user_id uuid, role text, expected_role text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.change_role(user_id uuid, role text, expected_role text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.change_role(user_id uuid, role text, expected_role text, workspace_id uuid) TO service_role;
-- Name: FUNCTION check_audience(audience jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.check_audience(audience jsonb) FROM PUBLIC;
-- Name: FUNCTION check_bundle(messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.check_bundle(messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb) FROM PUBLIC;
-- Name: FUNCTION check_run(version_ids uuid[], test_case_ids uuid[], repeats integer, tenant uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.check_run(version_ids uuid[], test_case_ids uuid[], repeats integer, tenant uuid) FROM PUBLIC;
-- Name: FUNCTION choose_rule(asked private.call); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.choose_rule(asked private.call) FROM PUBLIC;
-- Name: FUNCTION claim_jobs(quantity integer, lease_seconds integer); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.claim_jobs(quantity integer, lease_seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION private.claim_jobs(quantity integer, lease_seconds integer) TO service_role;
-- Name: FUNCTION commit_version(prompt_id uuid, branch text, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb, message text, expected_head uuid, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.commit_version(prompt_id uuid, branch text, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb, message text, expected_head uuid, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.commit_version(prompt_id uuid, branch text, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb, message text, expected_head uuid, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.commit_version(prompt_id uuid, branch text, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb, message text, expected_head uuid, workspace_id uuid) TO service_role;
-- Name: FUNCTION compile_rule(experiment_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.compile_rule(experiment_id uuid) FROM PUBLIC;
-- Name: FUNCTION complete_job(job_id bigint); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.complete_job(job_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION private.complete_job(job_id bigint) TO service_role;
-- Name: TABLE ramps; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.ramps TO authenticated;
GRANT SELECT ON TABLE public.ramps TO service_role;
-- Name: FUNCTION complete_ramp(ramp public.ramps, reason text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.complete_ramp(ramp public.ramps, reason text) FROM PUBLIC;
-- Name: FUNCTION count_results(run_id uuid, landed integer, failures integer); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.count_results(run_id uuid, landed integer, failures integer) FROM PUBLIC;
-- Name: FUNCTION create_api_key(name text, permissions text[], environments text[], expires_at timestamp with time zone, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.create_api_key(name text, permissions text[], environments text[], expires_at timestamp with time zone, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.create_api_key(name text, permissions text[], environments text[], expires_at timestamp with time zone, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.create_api_key(name text, permissions text[], environments text[], expires_at timestamp with time zone, workspace_id uuid) TO service_role;
-- Name: FUNCTION create_run(version_ids uuid[], test_case_ids uuid[], repeats integer, name text, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.create_run(version_ids uuid[], test_case_ids uuid[], repeats integer, name text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.create_run(version_ids uuid[], test_case_ids uuid[], repeats integer, name text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.create_run(version_ids uuid[], test_case_ids uuid[], repeats integer, name text, workspace_id uuid) TO service_role;
-- Name: FUNCTION create_workspace(name text, slug text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.create_workspace(name text, slug text) FROM PUBLIC;
GRANT ALL ON FUNCTION private.create_workspace(name text, slug text) TO authenticated;
GRANT ALL ON FUNCTION private.create_workspace(name text, slug text) TO service_role;
-- Name: FUNCTION decide(environment text, capability text, subject text, action text, conversation text, intent text, attributes jsonb, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.decide(environment text, capability text, subject text, action text, conversation text, intent text, attributes jsonb, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.decide(environment text, capability text, subject text, action text, conversation text, intent text, attributes jsonb, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.decide(environment text, capability text, subject text, action text, conversation text, intent text, attributes jsonb, workspace_id uuid) TO service_role;
-- Name: FUNCTION decision(version_id uuid, reason text, deployment_id uuid, assignment_id uuid, experiment jsonb, variant jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.decision(version_id uuid, reason text, deployment_id uuid, assignment_id uuid, experiment jsonb, variant jsonb) FROM PUBLIC;
-- Name: FUNCTION delete_role(role text, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.delete_role(role text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.delete_role(role text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.delete_role(role text, workspace_id uuid) TO service_role;
-- Name: FUNCTION deployment_decision(scope private.scope, environment text, is_held_out boolean); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.deployment_decision(scope private.scope, environment text, is_held_out boolean) FROM PUBLIC;
-- Name: TABLE deployments; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.deployments TO authenticated;
GRANT SELECT ON TABLE public.deployments TO service_role;
-- Name: FUNCTION deployment_words(made public.deployments); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.deployment_words(made public.deployments) FROM PUBLIC;
-- Name: FUNCTION due_ramp(ramp_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.due_ramp(ramp_id uuid) FROM PUBLIC;
-- Name: FUNCTION end_ramp(ramp public.ramps, state text, end_code text, detail jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.end_ramp(ramp public.ramps, state text, end_code text, detail jsonb) FROM PUBLIC;
-- Name: FUNCTION enqueue(kind text, payload jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.enqueue(kind text, payload jsonb) FROM PUBLIC;
-- Name: FUNCTION run_items(version_ids uuid[], test_case_ids uuid[], repeats integer); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.run_items(version_ids uuid[], test_case_ids uuid[], repeats integer) FROM PUBLIC;
-- Name: FUNCTION enqueue_run(run public.runs, version_ids uuid[], test_case_ids uuid[], repeats integer); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.enqueue_run(run public.runs, version_ids uuid[], test_case_ids uuid[], repeats integer) FROM PUBLIC;
-- Name: FUNCTION environment_id(workspace_id uuid, environment text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.environment_id(workspace_id uuid, environment text) FROM PUBLIC;
-- Name: FUNCTION experiment_decision(rule private.live_rules, assignment public.assignments, action_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.experiment_decision(rule private.live_rules, assignment public.assignments, action_id uuid) FROM PUBLIC;
-- Name: FUNCTION experiment_document(experiment_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.experiment_document(experiment_id uuid) FROM PUBLIC;
-- Name: FUNCTION experiment_hash(experiment_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.experiment_hash(experiment_id uuid) FROM PUBLIC;
-- Name: FUNCTION experiment_problems(experiment_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.experiment_problems(experiment_id uuid) FROM PUBLIC;
-- Name: FUNCTION extend_job(job_id bigint, lease_seconds integer); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.extend_job(job_id bigint, lease_seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION private.extend_job(job_id bigint, lease_seconds integer) TO service_role;
-- Name: FUNCTION fail(code text, context jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.fail(code text, context jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.fail(code text, context jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.fail(code text, context jsonb) TO service_role;
-- Name: FUNCTION fail_job(job_id bigint, error_code text, error_message text, retry_in_seconds integer); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.fail_job(job_id bigint, error_code text, error_message text, retry_in_seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION private.fail_job(job_id bigint, error_code text, error_message text, retry_in_seconds integer) TO service_role;
-- Name: FUNCTION fault(code text, context jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.fault(code text, context jsonb) FROM PUBLIC;
-- Name: FUNCTION field_fault(field text, type text, v jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.field_fault(field text, type text, v jsonb) FROM PUBLIC;
-- Name: FUNCTION fill(template text, context jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.fill(template text, context jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION private.fill(template text, context jsonb) TO authenticated;
GRANT ALL ON FUNCTION private.fill(template text, context jsonb) TO service_role;
-- Name: FUNCTION furnish_workspace(workspace_id uuid, owner uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.furnish_workspace(workspace_id uuid, owner uuid) FROM PUBLIC;
-- Name: FUNCTION guardrail_rows(workspace_id uuid, guardrails jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.guardrail_rows(workspace_id uuid, guardrails jsonb) FROM PUBLIC;
-- Name: FUNCTION guardrail_words(guardrails jsonb, status text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.guardrail_words(guardrails jsonb, status text) FROM PUBLIC;
-- Name: FUNCTION guardrails_of(ramp_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.guardrails_of(ramp_id uuid) FROM PUBLIC;
-- Name: FUNCTION hint_entry(noted private.hints); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.hint_entry(noted private.hints) FROM PUBLIC;
-- Name: FUNCTION hint_subjects(workspace_id uuid, experiment_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.hint_subjects(workspace_id uuid, experiment_id uuid) FROM PUBLIC;
-- Name: FUNCTION hold_is_over(ramp public.ramps); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.hold_is_over(ramp public.ramps) FROM PUBLIC;
-- Name: FUNCTION inference_references(tenant uuid, batch jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.inference_references(tenant uuid, batch jsonb) FROM PUBLIC;
-- Name: FUNCTION invite_member(email text, role text, expires_in_hours integer, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.invite_member(email text, role text, expires_in_hours integer, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.invite_member(email text, role text, expires_in_hours integer, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.invite_member(email text, role text, expires_in_hours integer, workspace_id uuid) TO service_role;
-- Name: FUNCTION is_elsewhere_in_layer(rule private.live_rules, asked private.call); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.is_elsewhere_in_layer(rule private.live_rules, asked private.call) FROM PUBLIC;
-- Name: FUNCTION is_held_out(environment_id uuid, subject text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.is_held_out(environment_id uuid, subject text) FROM PUBLIC;
-- Name: FUNCTION is_key(v jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.is_key(v jsonb) FROM PUBLIC;
-- Name: FUNCTION key_environments(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.key_environments() FROM PUBLIC;
GRANT ALL ON FUNCTION private.key_environments() TO authenticated;
GRANT ALL ON FUNCTION private.key_environments() TO service_role;
-- Name: TABLE outcome_keys; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.outcome_keys TO authenticated;
GRANT SELECT ON TABLE public.outcome_keys TO service_role;
-- Name: FUNCTION land_keys(seen private.inference_row[], fresh uuid[]); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.land_keys(seen private.inference_row[], fresh uuid[]) FROM PUBLIC;
-- Name: FUNCTION layer_buckets(workspace_id uuid, subject text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.layer_buckets(workspace_id uuid, subject text) FROM PUBLIC;
-- Name: FUNCTION leave_workspace(workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.leave_workspace(workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.leave_workspace(workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.leave_workspace(workspace_id uuid) TO service_role;
-- Name: FUNCTION live_head(scope private.scope); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.live_head(scope private.scope) FROM PUBLIC;
-- Name: FUNCTION lock_api_key(api_key_id uuid, requested_workspace uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.lock_api_key(api_key_id uuid, requested_workspace uuid) FROM PUBLIC;
-- Name: TABLE branches; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.branches TO authenticated;
GRANT SELECT ON TABLE public.branches TO service_role;
-- Name: COLUMN branches.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.branches TO authenticated;
GRANT INSERT(workspace_id) ON TABLE public.branches TO service_role;
-- Name: COLUMN branches.prompt_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(prompt_id) ON TABLE public.branches TO authenticated;
GRANT INSERT(prompt_id) ON TABLE public.branches TO service_role;
-- Name: COLUMN branches.name; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(name),UPDATE(name) ON TABLE public.branches TO authenticated;
GRANT INSERT(name),UPDATE(name) ON TABLE public.branches TO service_role;
-- Name: COLUMN branches.head_version_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(head_version_id) ON TABLE public.branches TO authenticated;
GRANT INSERT(head_version_id) ON TABLE public.branches TO service_role;
-- Name: FUNCTION lock_branch(prompt_id uuid, branch text, expected_head uuid, requested_workspace uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.lock_branch(prompt_id uuid, branch text, expected_head uuid, requested_workspace uuid) FROM PUBLIC;
-- Name: FUNCTION lock_experiment(experiment_id uuid, expected_revision integer, permission text, requested_workspace uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.lock_experiment(experiment_id uuid, expected_revision integer, permission text, requested_workspace uuid) FROM PUBLIC;
-- Name: FUNCTION lock_member(member uuid, workspace_id uuid, permission text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.lock_member(member uuid, workspace_id uuid, permission text) FROM PUBLIC;
-- Name: FUNCTION lock_prompt(prompt_id uuid, code text, context jsonb, requested uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.lock_prompt(prompt_id uuid, code text, context jsonb, requested uuid) FROM PUBLIC;
-- Name: FUNCTION lock_ramp(ramp public.ramps, expected_revision integer); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.lock_ramp(ramp public.ramps, expected_revision integer) FROM PUBLIC;
-- Name: TABLE changes; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.changes TO authenticated;
GRANT SELECT ON TABLE public.changes TO service_role;
-- Name: FUNCTION log_change(entry public.changes); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.log_change(entry public.changes) FROM PUBLIC;
-- Name: TABLE holdouts; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.holdouts TO authenticated;
GRANT SELECT ON TABLE public.holdouts TO service_role;
-- Name: FUNCTION log_holdout(made public.holdouts, before integer, environment text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.log_holdout(made public.holdouts, before integer, environment text) FROM PUBLIC;
-- Name: FUNCTION log_ramp(ramp public.ramps, kind text, summary text, detail jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.log_ramp(ramp public.ramps, kind text, summary text, detail jsonb) FROM PUBLIC;
-- Name: TABLE variants; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT,DELETE ON TABLE public.variants TO authenticated;
GRANT SELECT,DELETE ON TABLE public.variants TO service_role;
-- Name: COLUMN variants.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.variants TO authenticated;
GRANT INSERT(workspace_id) ON TABLE public.variants TO service_role;
-- Name: COLUMN variants.experiment_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(experiment_id) ON TABLE public.variants TO authenticated;
GRANT INSERT(experiment_id) ON TABLE public.variants TO service_role;
-- Name: COLUMN variants.key; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(key),UPDATE(key) ON TABLE public.variants TO authenticated;
GRANT INSERT(key),UPDATE(key) ON TABLE public.variants TO service_role;
-- Name: COLUMN variants.name; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(name),UPDATE(name) ON TABLE public.variants TO authenticated;
GRANT INSERT(name),UPDATE(name) ON TABLE public.variants TO service_role;
-- Name: COLUMN variants.weight; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(weight),UPDATE(weight) ON TABLE public.variants TO authenticated;
GRANT INSERT(weight),UPDATE(weight) ON TABLE public.variants TO service_role;
-- Name: COLUMN variants.is_control; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(is_control),UPDATE(is_control) ON TABLE public.variants TO authenticated;
GRANT INSERT(is_control),UPDATE(is_control) ON TABLE public.variants TO service_role;
-- Name: FUNCTION log_variant(experiment public.experiments, arm public.variants, kind text, did text, reason text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.log_variant(experiment public.experiments, arm public.variants, kind text, did text, reason text) FROM PUBLIC;
-- Name: FUNCTION may_enter(workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.may_enter(workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.may_enter(workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.may_enter(workspace_id uuid) TO service_role;
-- Name: FUNCTION my_workspaces(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.my_workspaces() FROM PUBLIC;
GRANT ALL ON FUNCTION private.my_workspaces() TO authenticated;
GRANT ALL ON FUNCTION private.my_workspaces() TO service_role;
-- Name: TABLE prompts; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.prompts TO authenticated;
GRANT SELECT ON TABLE public.prompts TO service_role;
-- Name: COLUMN prompts.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.prompts TO authenticated;
GRANT INSERT(workspace_id) ON TABLE public.prompts TO service_role;
-- Name: COLUMN prompts.key; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(key),UPDATE(key) ON TABLE public.prompts TO authenticated;
GRANT INSERT(key),UPDATE(key) ON TABLE public.prompts TO service_role;
-- Name: COLUMN prompts.name; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(name),UPDATE(name) ON TABLE public.prompts TO authenticated;
GRANT INSERT(name),UPDATE(name) ON TABLE public.prompts TO service_role;
-- Name: COLUMN prompts.capability_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(capability_id) ON TABLE public.prompts TO authenticated;
GRANT INSERT(capability_id) ON TABLE public.prompts TO service_role;
-- Name: COLUMN prompts.action_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(action_id) ON TABLE public.prompts TO authenticated;
GRANT INSERT(action_id) ON TABLE public.prompts TO service_role;
-- Name: FUNCTION may_hear(topic text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.may_hear(topic text) FROM PUBLIC;
GRANT ALL ON FUNCTION private.may_hear(topic text) TO authenticated;
-- Name: FUNCTION metrics_document(experiment_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.metrics_document(experiment_id uuid) FROM PUBLIC;
-- Name: FUNCTION moments_of(experiment_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.moments_of(experiment_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.moments_of(experiment_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.moments_of(experiment_id uuid) TO service_role;
-- Name: FUNCTION move_answer(made public.deployments, scope private.scope); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.move_answer(made public.deployments, scope private.scope) FROM PUBLIC;
-- Name: FUNCTION move_experiment(experiment_id uuid, verb text, expected_revision integer, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.move_experiment(experiment_id uuid, verb text, expected_revision integer, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.move_experiment(experiment_id uuid, verb text, expected_revision integer, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.move_experiment(experiment_id uuid, verb text, expected_revision integer, workspace_id uuid) TO service_role;
-- Name: FUNCTION move_pointer(scope private.scope, version_id uuid, head private.deployment_heads, kind text, reason text, restores_number integer); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.move_pointer(scope private.scope, version_id uuid, head private.deployment_heads, kind text, reason text, restores_number integer) FROM PUBLIC;
-- Name: TABLE tags; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.tags TO authenticated;
GRANT SELECT ON TABLE public.tags TO service_role;
-- Name: FUNCTION move_tag(held public.tags, target public.tags, reason text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.move_tag(held public.tags, target public.tags, reason text) FROM PUBLIC;
-- Name: FUNCTION my_address(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.my_address() FROM PUBLIC;
-- Name: FUNCTION my_invitations(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.my_invitations() FROM PUBLIC;
GRANT ALL ON FUNCTION private.my_invitations() TO authenticated;
GRANT ALL ON FUNCTION private.my_invitations() TO service_role;
-- Name: FUNCTION my_owned_workspaces(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.my_owned_workspaces() FROM PUBLIC;
GRANT ALL ON FUNCTION private.my_owned_workspaces() TO authenticated;
GRANT ALL ON FUNCTION private.my_owned_workspaces() TO service_role;
-- Name: FUNCTION my_permissions(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.my_permissions() FROM PUBLIC;
GRANT ALL ON FUNCTION private.my_permissions() TO authenticated;
GRANT ALL ON FUNCTION private.my_permissions() TO service_role;
-- Name: FUNCTION my_rooms(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.my_rooms() FROM PUBLIC;
GRANT ALL ON FUNCTION private.my_rooms() TO authenticated;
GRANT ALL ON FUNCTION private.my_rooms() TO service_role;
-- Name: FUNCTION my_workspaces_with(permission text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.my_workspaces_with(permission text) FROM PUBLIC;
GRANT ALL ON FUNCTION private.my_workspaces_with(permission text) TO authenticated;
GRANT ALL ON FUNCTION private.my_workspaces_with(permission text) TO service_role;
-- Name: FUNCTION new_secret(kind text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.new_secret(kind text) FROM PUBLIC;
-- Name: FUNCTION note_hint(topic text, kind text, ids uuid[], revision integer); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.note_hint(topic text, kind text, ids uuid[], revision integer) FROM PUBLIC;
-- Name: FUNCTION number_at(scope private.scope, moment timestamp with time zone); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.number_at(scope private.scope, moment timestamp with time zone) FROM PUBLIC;
-- Name: FUNCTION number_before(scope private.scope, head private.deployment_heads); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.number_before(scope private.scope, head private.deployment_heads) FROM PUBLIC;
-- Name: FUNCTION number_of_version(scope private.scope, version_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.number_of_version(scope private.scope, version_id uuid) FROM PUBLIC;
-- Name: FUNCTION only_workspace(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.only_workspace() FROM PUBLIC;
GRANT ALL ON FUNCTION private.only_workspace() TO authenticated;
GRANT ALL ON FUNCTION private.only_workspace() TO service_role;
-- Name: FUNCTION open_batch(kind text, batch jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.open_batch(kind text, batch jsonb) FROM PUBLIC;
-- Name: FUNCTION open_call(scope private.scope, subject text, conversation text, action text, intent text, attributes jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.open_call(scope private.scope, subject text, conversation text, action text, intent text, attributes jsonb) FROM PUBLIC;
-- Name: TABLE invitations; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.invitations TO authenticated;
GRANT SELECT ON TABLE public.invitations TO service_role;
-- Name: FUNCTION open_invitation(token text, invitation_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.open_invitation(token text, invitation_id uuid) FROM PUBLIC;
-- Name: FUNCTION open_phase(experiment public.experiments); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.open_phase(experiment public.experiments) FROM PUBLIC;
-- Name: FUNCTION open_ramp(scope private.scope, head private.deployment_heads, version_id uuid, expected_version uuid, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.open_ramp(scope private.scope, head private.deployment_heads, version_id uuid, expected_version uuid, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text) FROM PUBLIC;
-- Name: FUNCTION overriding_scopes(scope private.scope); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.overriding_scopes(scope private.scope) FROM PUBLIC;
-- Name: FUNCTION own_head(scope private.scope); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.own_head(scope private.scope) FROM PUBLIC;
-- Name: FUNCTION provider_key(workspace_id uuid, provider text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.provider_key(workspace_id uuid, provider text) FROM PUBLIC;
GRANT ALL ON FUNCTION private.provider_key(workspace_id uuid, provider text) TO service_role;
-- Name: FUNCTION publish(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, reason text, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.publish(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.publish(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.publish(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION ramp_card(ramp public.ramps); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.ramp_card(ramp public.ramps) FROM PUBLIC;
-- Name: FUNCTION ramp_end_code(ramp public.ramps, made public.deployments); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.ramp_end_code(ramp public.ramps, made public.deployments) FROM PUBLIC;
-- Name: FUNCTION ramp_experiment(scope private.scope, from_version_id uuid, version_id uuid, share integer, unit text, guardrails jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.ramp_experiment(scope private.scope, from_version_id uuid, version_id uuid, share integer, unit text, guardrails jsonb) FROM PUBLIC;
-- Name: FUNCTION ramp_scope(ramp public.ramps); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.ramp_scope(ramp public.ramps) FROM PUBLIC;
-- Name: FUNCTION ramp_to_move(ramp_id uuid, permission text, requested_workspace uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.ramp_to_move(ramp_id uuid, permission text, requested_workspace uuid) FROM PUBLIC;
-- Name: FUNCTION read_inferences(tenant uuid, batch jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.read_inferences(tenant uuid, batch jsonb) FROM PUBLIC;
-- Name: FUNCTION read_outcomes(tenant uuid, batch jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.read_outcomes(tenant uuid, batch jsonb) FROM PUBLIC;
-- Name: FUNCTION record_inferences(inferences jsonb, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.record_inferences(inferences jsonb, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.record_inferences(inferences jsonb, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.record_inferences(inferences jsonb, workspace_id uuid) TO service_role;
-- Name: FUNCTION record_outcomes(outcomes jsonb, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.record_outcomes(outcomes jsonb, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.record_outcomes(outcomes jsonb, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.record_outcomes(outcomes jsonb, workspace_id uuid) TO service_role;
-- Name: FUNCTION remove_member(user_id uuid, revoke_keys boolean, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.remove_member(user_id uuid, revoke_keys boolean, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.remove_member(user_id uuid, revoke_keys boolean, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.remove_member(user_id uuid, revoke_keys boolean, workspace_id uuid) TO service_role;
-- Name: FUNCTION request_id(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.request_id() FROM PUBLIC;
GRANT ALL ON FUNCTION private.request_id() TO authenticated;
GRANT ALL ON FUNCTION private.request_id() TO service_role;
-- Name: FUNCTION require_caller(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.require_caller() FROM PUBLIC;
GRANT ALL ON FUNCTION private.require_caller() TO authenticated;
GRANT ALL ON FUNCTION private.require_caller() TO service_role;
-- Name: FUNCTION require_ceiling(permissions text[], workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.require_ceiling(permissions text[], workspace_id uuid) FROM PUBLIC;
-- Name: FUNCTION require_environment(environment_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.require_environment(environment_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.require_environment(environment_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.require_environment(environment_id uuid) TO service_role;
-- Name: FUNCTION require_free_to_advance(ramp public.ramps, guardrails jsonb, force boolean); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.require_free_to_advance(ramp public.ramps, guardrails jsonb, force boolean) FROM PUBLIC;
-- Name: FUNCTION require_live(head private.deployment_heads, expected_version uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.require_live(head private.deployment_heads, expected_version uuid) FROM PUBLIC;
-- Name: FUNCTION require_may_edit_role(role text, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.require_may_edit_role(role text, workspace_id uuid) FROM PUBLIC;
-- Name: FUNCTION require_may_give(role text, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.require_may_give(role text, workspace_id uuid) FROM PUBLIC;
-- Name: FUNCTION require_name(argument text, name text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.require_name(argument text, name text) FROM PUBLIC;
-- Name: FUNCTION require_permission(workspace_id uuid, permission text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.require_permission(workspace_id uuid, permission text) FROM PUBLIC;
GRANT ALL ON FUNCTION private.require_permission(workspace_id uuid, permission text) TO authenticated;
GRANT ALL ON FUNCTION private.require_permission(workspace_id uuid, permission text) TO service_role;
-- Name: FUNCTION require_permissions_for_key(permissions text[], workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.require_permissions_for_key(permissions text[], workspace_id uuid) FROM PUBLIC;
-- Name: FUNCTION require_person(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.require_person() FROM PUBLIC;
GRANT ALL ON FUNCTION private.require_person() TO authenticated;
GRANT ALL ON FUNCTION private.require_person() TO service_role;
-- Name: FUNCTION require_plan(steps numeric[], hold interval, min_subjects integer, unit text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.require_plan(steps numeric[], hold interval, min_subjects integer, unit text) FROM PUBLIC;
-- Name: FUNCTION require_rampable(scope private.scope, head private.deployment_heads, version_id uuid, expected_version uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.require_rampable(scope private.scope, head private.deployment_heads, version_id uuid, expected_version uuid) FROM PUBLIC;
-- Name: FUNCTION require_runnable(version_id uuid, scope private.scope); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.require_runnable(version_id uuid, scope private.scope) FROM PUBLIC;
-- Name: FUNCTION require_tag_at(held public.tags, name text, expected_version uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.require_tag_at(held public.tags, name text, expected_version uuid) FROM PUBLIC;
-- Name: FUNCTION require_text(argument text, value text, longest integer); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.require_text(argument text, value text, longest integer) FROM PUBLIC;
GRANT ALL ON FUNCTION private.require_text(argument text, value text, longest integer) TO service_role;
-- Name: FUNCTION require_wider(scope private.scope); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.require_wider(scope private.scope) FROM PUBLIC;
-- Name: FUNCTION resolve_scope(workspace_id uuid, environment text, capability text, action text, intent text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.resolve_scope(workspace_id uuid, environment text, capability text, action text, intent text) FROM PUBLIC;
-- Name: FUNCTION restore_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.restore_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.restore_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.restore_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION restored_version(scope private.scope, head private.deployment_heads, number integer); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.restored_version(scope private.scope, head private.deployment_heads, number integer) FROM PUBLIC;
-- Name: FUNCTION revise(experiment_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.revise(experiment_id uuid) FROM PUBLIC;
-- Name: FUNCTION revoke_api_key(api_key_id uuid, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.revoke_api_key(api_key_id uuid, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.revoke_api_key(api_key_id uuid, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.revoke_api_key(api_key_id uuid, workspace_id uuid) TO service_role;
-- Name: FUNCTION revoke_invitation(invitation_id uuid, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.revoke_invitation(invitation_id uuid, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.revoke_invitation(invitation_id uuid, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.revoke_invitation(invitation_id uuid, workspace_id uuid) TO service_role;
-- Name: FUNCTION role_permissions_of(role text, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.role_permissions_of(role text, workspace_id uuid) FROM PUBLIC;
-- Name: FUNCTION roles_within(needed text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.roles_within(needed text) FROM PUBLIC;
GRANT ALL ON FUNCTION private.roles_within(needed text) TO authenticated;
GRANT ALL ON FUNCTION private.roles_within(needed text) TO service_role;
-- Name: FUNCTION rollback(environment text, capability text, expected_version uuid, action text, intent text, to_version uuid, reason text, to_time timestamp with time zone, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.rollback(environment text, capability text, expected_version uuid, action text, intent text, to_version uuid, reason text, to_time timestamp with time zone, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.rollback(environment text, capability text, expected_version uuid, action text, intent text, to_version uuid, reason text, to_time timestamp with time zone, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.rollback(environment text, capability text, expected_version uuid, action text, intent text, to_version uuid, reason text, to_time timestamp with time zone, workspace_id uuid) TO service_role;
-- Name: FUNCTION rollback_number(scope private.scope, head private.deployment_heads, to_version uuid, to_time timestamp with time zone); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.rollback_number(scope private.scope, head private.deployment_heads, to_version uuid, to_time timestamp with time zone) FROM PUBLIC;
-- Name: FUNCTION rollback_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.rollback_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.rollback_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.rollback_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION rotate_api_key(api_key_id uuid, expected_prefix text, grace_seconds integer, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.rotate_api_key(api_key_id uuid, expected_prefix text, grace_seconds integer, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.rotate_api_key(api_key_id uuid, expected_prefix text, grace_seconds integer, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.rotate_api_key(api_key_id uuid, expected_prefix text, grace_seconds integer, workspace_id uuid) TO service_role;
-- Name: FUNCTION rule_actions(arms jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.rule_actions(arms jsonb) FROM PUBLIC;
-- Name: FUNCTION rule_arms(experiment_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.rule_arms(experiment_id uuid) FROM PUBLIC;
-- Name: FUNCTION save_role(key text, name text, permissions text[], is_new boolean, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.save_role(key text, name text, permissions text[], is_new boolean, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.save_role(key text, name text, permissions text[], is_new boolean, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.save_role(key text, name text, permissions text[], is_new boolean, workspace_id uuid) TO service_role;
-- Name: FUNCTION scope_head(scope private.scope); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.scope_head(scope private.scope) FROM PUBLIC;
-- Name: FUNCTION scope_move(scope private.scope, number integer); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.scope_move(scope private.scope, number integer) FROM PUBLIC;
-- Name: FUNCTION scope_to_environments(relation regclass, command text, inside text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.scope_to_environments(relation regclass, command text, inside text) FROM PUBLIC;
-- Name: FUNCTION scope_words(environment_id uuid, capability_id uuid, action_id uuid, intent_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.scope_words(environment_id uuid, capability_id uuid, action_id uuid, intent_id uuid) FROM PUBLIC;
-- Name: FUNCTION secret_hash(secret text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.secret_hash(secret text) FROM PUBLIC;
-- Name: FUNCTION set_holdout(environment text, share integer, expected_number integer, reason text, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.set_holdout(environment text, share integer, expected_number integer, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.set_holdout(environment text, share integer, expected_number integer, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.set_holdout(environment text, share integer, expected_number integer, reason text, workspace_id uuid) TO service_role;
-- Name: TABLE provider_keys; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.provider_keys TO authenticated;
GRANT SELECT ON TABLE public.provider_keys TO service_role;
-- Name: FUNCTION set_provider_key(provider text, secret text, name text, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.set_provider_key(provider text, secret text, name text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.set_provider_key(provider text, secret text, name text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.set_provider_key(provider text, secret text, name text, workspace_id uuid) TO service_role;
-- Name: FUNCTION settle_invitations(tenant uuid, address text, outcome text, settler uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.settle_invitations(tenant uuid, address text, outcome text, settler uuid) FROM PUBLIC;
-- Name: FUNCTION slot_holder(experiment public.experiments); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.slot_holder(experiment public.experiments) FROM PUBLIC;
-- Name: FUNCTION standing(move public.deployments); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.standing(move public.deployments) FROM PUBLIC;
-- Name: FUNCTION start_ramp(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.start_ramp(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.start_ramp(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.start_ramp(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION step_ramp(ramp public.ramps, guardrails jsonb, forced boolean, reason text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.step_ramp(ramp public.ramps, guardrails jsonb, forced boolean, reason text) FROM PUBLIC;
-- Name: FUNCTION still_may_give(host uuid, role text, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.still_may_give(host uuid, role text, workspace_id uuid) FROM PUBLIC;
-- Name: FUNCTION tag_version(version_id uuid, name text, expected_version uuid, reason text, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tag_version(version_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.tag_version(version_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.tag_version(version_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION tg_audit(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_audit() FROM PUBLIC;
-- Name: FUNCTION tg_audit_batch(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_audit_batch() FROM PUBLIC;
-- Name: FUNCTION tg_deployments__log(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_deployments__log() FROM PUBLIC;
-- Name: FUNCTION tg_deployments__move_head(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_deployments__move_head() FROM PUBLIC;
-- Name: FUNCTION tg_deployments__stop_ramps(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_deployments__stop_ramps() FROM PUBLIC;
-- Name: FUNCTION tg_experiments__compile(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_experiments__compile() FROM PUBLIC;
-- Name: FUNCTION tg_experiments__guard(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_experiments__guard() FROM PUBLIC;
-- Name: FUNCTION tg_experiments__keep_ramp(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_experiments__keep_ramp() FROM PUBLIC;
-- Name: FUNCTION tg_experiments__log(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_experiments__log() FROM PUBLIC;
-- Name: FUNCTION tg_experiments__rules(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_experiments__rules() FROM PUBLIC;
-- Name: FUNCTION tg_experiments__stop_ramp(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_experiments__stop_ramp() FROM PUBLIC;
-- Name: FUNCTION tg_hint(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_hint() FROM PUBLIC;
-- Name: FUNCTION tg_hints__send(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_hints__send() FROM PUBLIC;
-- Name: FUNCTION tg_members__keep_an_owner(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_members__keep_an_owner() FROM PUBLIC;
-- Name: FUNCTION tg_outcomes__hint(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_outcomes__hint() FROM PUBLIC;
-- Name: FUNCTION tg_parts__revise(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_parts__revise() FROM PUBLIC;
-- Name: FUNCTION tg_prompts__first_branch(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_prompts__first_branch() FROM PUBLIC;
-- Name: FUNCTION tg_refuse_change(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_refuse_change() FROM PUBLIC;
-- Name: FUNCTION tg_scope__guard(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_scope__guard() FROM PUBLIC;
-- Name: FUNCTION tg_subjects__hint(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_subjects__hint() FROM PUBLIC;
-- Name: FUNCTION tg_variant_versions__guard(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_variant_versions__guard() FROM PUBLIC;
-- Name: FUNCTION tg_variant_versions__revise(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_variant_versions__revise() FROM PUBLIC;
-- Name: FUNCTION tg_variants__compile(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_variants__compile() FROM PUBLIC;
-- Name: FUNCTION tg_variants__guard(); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tg_variants__guard() FROM PUBLIC;
-- Name: FUNCTION tick_ramp(ramp public.ramps); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tick_ramp(ramp public.ramps) FROM PUBLIC;
-- Name: FUNCTION tick_ramps(pause_seconds integer); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.tick_ramps(pause_seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION private.tick_ramps(pause_seconds integer) TO service_role;
-- Name: FUNCTION transfer_ownership(to_user uuid, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.transfer_ownership(to_user uuid, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.transfer_ownership(to_user uuid, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.transfer_ownership(to_user uuid, workspace_id uuid) TO service_role;
-- Name: FUNCTION untag(prompt_id uuid, name text, expected_version uuid, reason text, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.untag(prompt_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.untag(prompt_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.untag(prompt_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION variants_document(experiment_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.variants_document(experiment_id uuid) FROM PUBLIC;
-- Name: FUNCTION vault_name(workspace_id uuid, provider text); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.vault_name(workspace_id uuid, provider text) FROM PUBLIC;
-- Name: FUNCTION version_card(version public.prompt_versions); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.version_card(version public.prompt_versions) FROM PUBLIC;
-- Name: FUNCTION version_of(variant_id uuid, action_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.version_of(variant_id uuid, action_id uuid) FROM PUBLIC;
-- Name: FUNCTION version_words(version_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.version_words(version_id uuid) FROM PUBLIC;
-- Name: FUNCTION wider_head(scope private.scope); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.wider_head(scope private.scope) FROM PUBLIC;
-- Name: FUNCTION withdraw(environment text, capability text, expected_version uuid, action text, intent text, reason text, workspace_id uuid); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.withdraw(environment text, capability text, expected_version uuid, action text, intent text, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.withdraw(environment text, capability text, expected_version uuid, action text, intent text, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION private.withdraw(environment text, capability text, expected_version uuid, action text, intent text, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION wrong_fields(kind text, batch jsonb); Type: ACL; Schema: private; Owner: postgres
REVOKE ALL ON FUNCTION private.wrong_fields(kind text, batch jsonb) FROM PUBLIC;
-- Name: FUNCTION abort_ramp(ramp_id uuid, expected_revision integer, reason text, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.abort_ramp(ramp_id uuid, expected_revision integer, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.abort_ramp(ramp_id uuid, expected_revision integer, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.abort_ramp(ramp_id uuid, expected_revision integer, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION accept_invitation(token text, invitation_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.accept_invitation(token text, invitation_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.accept_invitation(token text, invitation_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.accept_invitation(token text, invitation_id uuid) TO service_role;
-- Name: FUNCTION activate(experiment_id uuid, expected_revision integer, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.activate(experiment_id uuid, expected_revision integer, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.activate(experiment_id uuid, expected_revision integer, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.activate(experiment_id uuid, expected_revision integer, workspace_id uuid) TO service_role;
-- Name: FUNCTION advance_ramp(ramp_id uuid, expected_revision integer, force boolean, reason text, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.advance_ramp(ramp_id uuid, expected_revision integer, force boolean, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.advance_ramp(ramp_id uuid, expected_revision integer, force boolean, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.advance_ramp(ramp_id uuid, expected_revision integer, force boolean, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION archive(experiment_id uuid, expected_revision integer, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.archive(experiment_id uuid, expected_revision integer, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.archive(experiment_id uuid, expected_revision integer, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.archive(experiment_id uuid, expected_revision integer, workspace_id uuid) TO service_role;
-- Name: FUNCTION change_role(user_id uuid, role text, expected_role text, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.change_role(user_id uuid, role text, expected_role text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.change_role(user_id uuid, role text, expected_role text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.change_role(user_id uuid, role text, expected_role text, workspace_id uuid) TO service_role;
-- Name: FUNCTION claim_jobs_v1(worker text, quantity integer, lease_seconds integer); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.claim_jobs_v1(worker text, quantity integer, lease_seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.claim_jobs_v1(worker text, quantity integer, lease_seconds integer) TO service_role;
-- Name: FUNCTION commit_version(prompt_id uuid, branch text, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb, message text, expected_head uuid, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.commit_version(prompt_id uuid, branch text, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb, message text, expected_head uuid, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.commit_version(prompt_id uuid, branch text, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb, message text, expected_head uuid, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.commit_version(prompt_id uuid, branch text, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb, message text, expected_head uuid, workspace_id uuid) TO service_role;
-- Name: FUNCTION complete_job_v1(job_id bigint); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.complete_job_v1(job_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.complete_job_v1(job_id bigint) TO service_role;
-- Name: FUNCTION create_api_key(name text, permissions text[], environments text[], expires_at timestamp with time zone, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.create_api_key(name text, permissions text[], environments text[], expires_at timestamp with time zone, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.create_api_key(name text, permissions text[], environments text[], expires_at timestamp with time zone, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.create_api_key(name text, permissions text[], environments text[], expires_at timestamp with time zone, workspace_id uuid) TO service_role;
-- Name: FUNCTION create_prompt(key text, name text, capability text, action text, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.create_prompt(key text, name text, capability text, action text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.create_prompt(key text, name text, capability text, action text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.create_prompt(key text, name text, capability text, action text, workspace_id uuid) TO service_role;
-- Name: FUNCTION create_role(key text, name text, permissions text[], workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.create_role(key text, name text, permissions text[], workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.create_role(key text, name text, permissions text[], workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.create_role(key text, name text, permissions text[], workspace_id uuid) TO service_role;
-- Name: FUNCTION create_run(version_ids uuid[], test_case_ids uuid[], repeats integer, name text, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.create_run(version_ids uuid[], test_case_ids uuid[], repeats integer, name text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.create_run(version_ids uuid[], test_case_ids uuid[], repeats integer, name text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.create_run(version_ids uuid[], test_case_ids uuid[], repeats integer, name text, workspace_id uuid) TO service_role;
-- Name: FUNCTION create_workspace(name text, slug text); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.create_workspace(name text, slug text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.create_workspace(name text, slug text) TO authenticated;
GRANT ALL ON FUNCTION public.create_workspace(name text, slug text) TO service_role;
-- Name: FUNCTION decide(environment text, capability text, subject text, action text, conversation text, intent text, attributes jsonb, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.decide(environment text, capability text, subject text, action text, conversation text, intent text, attributes jsonb, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.decide(environment text, capability text, subject text, action text, conversation text, intent text, attributes jsonb, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.decide(environment text, capability text, subject text, action text, conversation text, intent text, attributes jsonb, workspace_id uuid) TO service_role;
-- Name: FUNCTION delete_role(role text, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.delete_role(role text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.delete_role(role text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.delete_role(role text, workspace_id uuid) TO service_role;
-- Name: FUNCTION extend_job_v1(job_id bigint, lease_seconds integer); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.extend_job_v1(job_id bigint, lease_seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.extend_job_v1(job_id bigint, lease_seconds integer) TO service_role;
-- Name: FUNCTION fail_job_v1(job_id bigint, error_code text, error_message text, retry_in_seconds integer); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.fail_job_v1(job_id bigint, error_code text, error_message text, retry_in_seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.fail_job_v1(job_id bigint, error_code text, error_message text, retry_in_seconds integer) TO service_role;
-- Name: FUNCTION invite_member(email text, role text, expires_in_hours integer, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.invite_member(email text, role text, expires_in_hours integer, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.invite_member(email text, role text, expires_in_hours integer, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.invite_member(email text, role text, expires_in_hours integer, workspace_id uuid) TO service_role;
-- Name: FUNCTION leave_workspace(workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.leave_workspace(workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.leave_workspace(workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.leave_workspace(workspace_id uuid) TO service_role;
-- Name: FUNCTION my_invitations(); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.my_invitations() FROM PUBLIC;
GRANT ALL ON FUNCTION public.my_invitations() TO authenticated;
GRANT ALL ON FUNCTION public.my_invitations() TO service_role;
-- Name: FUNCTION pause(experiment_id uuid, expected_revision integer, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.pause(experiment_id uuid, expected_revision integer, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.pause(experiment_id uuid, expected_revision integer, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.pause(experiment_id uuid, expected_revision integer, workspace_id uuid) TO service_role;
-- Name: FUNCTION provider_key_v1(workspace_id uuid, provider text); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.provider_key_v1(workspace_id uuid, provider text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.provider_key_v1(workspace_id uuid, provider text) TO service_role;
-- Name: FUNCTION publish(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, reason text, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.publish(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.publish(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.publish(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION record_inferences(inferences jsonb, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.record_inferences(inferences jsonb, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.record_inferences(inferences jsonb, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.record_inferences(inferences jsonb, workspace_id uuid) TO service_role;
-- Name: FUNCTION record_outcomes(outcomes jsonb, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.record_outcomes(outcomes jsonb, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.record_outcomes(outcomes jsonb, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.record_outcomes(outcomes jsonb, workspace_id uuid) TO service_role;
-- Name: FUNCTION record_run_results_v1(run_id uuid, results jsonb); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.record_run_results_v1(run_id uuid, results jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.record_run_results_v1(run_id uuid, results jsonb) TO service_role;
-- Name: FUNCTION remove_member(user_id uuid, revoke_keys boolean, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.remove_member(user_id uuid, revoke_keys boolean, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.remove_member(user_id uuid, revoke_keys boolean, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.remove_member(user_id uuid, revoke_keys boolean, workspace_id uuid) TO service_role;
-- Name: FUNCTION restore_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.restore_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.restore_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.restore_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION resume(experiment_id uuid, expected_revision integer, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.resume(experiment_id uuid, expected_revision integer, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.resume(experiment_id uuid, expected_revision integer, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.resume(experiment_id uuid, expected_revision integer, workspace_id uuid) TO service_role;
-- Name: FUNCTION revoke_api_key(api_key_id uuid, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.revoke_api_key(api_key_id uuid, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.revoke_api_key(api_key_id uuid, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.revoke_api_key(api_key_id uuid, workspace_id uuid) TO service_role;
-- Name: FUNCTION revoke_invitation(invitation_id uuid, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.revoke_invitation(invitation_id uuid, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.revoke_invitation(invitation_id uuid, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.revoke_invitation(invitation_id uuid, workspace_id uuid) TO service_role;
-- Name: FUNCTION rollback(environment text, capability text, expected_version uuid, action text, intent text, to_version uuid, reason text, to_time timestamp with time zone, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.rollback(environment text, capability text, expected_version uuid, action text, intent text, to_version uuid, reason text, to_time timestamp with time zone, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rollback(environment text, capability text, expected_version uuid, action text, intent text, to_version uuid, reason text, to_time timestamp with time zone, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.rollback(environment text, capability text, expected_version uuid, action text, intent text, to_version uuid, reason text, to_time timestamp with time zone, workspace_id uuid) TO service_role;
-- Name: FUNCTION rollback_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.rollback_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rollback_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.rollback_variant(experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION rotate_api_key(api_key_id uuid, expected_prefix text, grace_seconds integer, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.rotate_api_key(api_key_id uuid, expected_prefix text, grace_seconds integer, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rotate_api_key(api_key_id uuid, expected_prefix text, grace_seconds integer, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.rotate_api_key(api_key_id uuid, expected_prefix text, grace_seconds integer, workspace_id uuid) TO service_role;
-- Name: FUNCTION run_work_v1(run_id uuid, items jsonb); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.run_work_v1(run_id uuid, items jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.run_work_v1(run_id uuid, items jsonb) TO service_role;
-- Name: FUNCTION set_holdout(environment text, share integer, expected_number integer, reason text, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.set_holdout(environment text, share integer, expected_number integer, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.set_holdout(environment text, share integer, expected_number integer, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.set_holdout(environment text, share integer, expected_number integer, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION set_provider_key(provider text, secret text, name text, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.set_provider_key(provider text, secret text, name text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.set_provider_key(provider text, secret text, name text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.set_provider_key(provider text, secret text, name text, workspace_id uuid) TO service_role;
-- Name: FUNCTION start_ramp(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.start_ramp(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.start_ramp(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.start_ramp(environment text, capability text, version_id uuid, expected_version uuid, action text, intent text, steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION tag_version(version_id uuid, name text, expected_version uuid, reason text, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.tag_version(version_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.tag_version(version_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.tag_version(version_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION tick_ramps_v1(pause_seconds integer); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.tick_ramps_v1(pause_seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.tick_ramps_v1(pause_seconds integer) TO service_role;
-- Name: FUNCTION transfer_ownership(to_user uuid, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.transfer_ownership(to_user uuid, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.transfer_ownership(to_user uuid, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.transfer_ownership(to_user uuid, workspace_id uuid) TO service_role;
-- Name: FUNCTION untag(prompt_id uuid, name text, expected_version uuid, reason text, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.untag(prompt_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.untag(prompt_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.untag(prompt_id uuid, name text, expected_version uuid, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION update_role(key text, name text, permissions text[], workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.update_role(key text, name text, permissions text[], workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.update_role(key text, name text, permissions text[], workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.update_role(key text, name text, permissions text[], workspace_id uuid) TO service_role;
-- Name: FUNCTION withdraw(environment text, capability text, expected_version uuid, action text, intent text, reason text, workspace_id uuid); Type: ACL; Schema: public; Owner: postgres
REVOKE ALL ON FUNCTION public.withdraw(environment text, capability text, expected_version uuid, action text, intent text, reason text, workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.withdraw(environment text, capability text, expected_version uuid, action text, intent text, reason text, workspace_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.withdraw(environment text, capability text, expected_version uuid, action text, intent text, reason text, workspace_id uuid) TO service_role;
-- Name: FUNCTION beta_fraction(a double precision, b double precision, x double precision); Type: ACL; Schema: stats; Owner: postgres
REVOKE ALL ON FUNCTION stats.beta_fraction(a double precision, b double precision, x double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION stats.beta_fraction(a double precision, b double precision, x double precision) TO authenticated;
GRANT ALL ON FUNCTION stats.beta_fraction(a double precision, b double precision, x double precision) TO service_role;
-- Name: FUNCTION gamma_upper(a double precision, x double precision); Type: ACL; Schema: stats; Owner: postgres
REVOKE ALL ON FUNCTION stats.gamma_upper(a double precision, x double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION stats.gamma_upper(a double precision, x double precision) TO authenticated;
GRANT ALL ON FUNCTION stats.gamma_upper(a double precision, x double precision) TO service_role;
-- Name: FUNCTION chi2_sf(x double precision, df double precision); Type: ACL; Schema: stats; Owner: postgres
REVOKE ALL ON FUNCTION stats.chi2_sf(x double precision, df double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION stats.chi2_sf(x double precision, df double precision) TO authenticated;
GRANT ALL ON FUNCTION stats.chi2_sf(x double precision, df double precision) TO service_role;
-- Name: FUNCTION exp_or_zero(x double precision); Type: ACL; Schema: stats; Owner: postgres
REVOKE ALL ON FUNCTION stats.exp_or_zero(x double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION stats.exp_or_zero(x double precision) TO authenticated;
GRANT ALL ON FUNCTION stats.exp_or_zero(x double precision) TO service_role;
-- Name: FUNCTION t_critical(alpha double precision, df double precision); Type: ACL; Schema: stats; Owner: postgres
REVOKE ALL ON FUNCTION stats.t_critical(alpha double precision, df double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION stats.t_critical(alpha double precision, df double precision) TO authenticated;
GRANT ALL ON FUNCTION stats.t_critical(alpha double precision, df double precision) TO service_role;
-- Name: FUNCTION is_above_zero(m double precision, v double precision, q double precision, alpha double precision); Type: ACL; Schema: stats; Owner: postgres
REVOKE ALL ON FUNCTION stats.is_above_zero(m double precision, v double precision, q double precision, alpha double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION stats.is_above_zero(m double precision, v double precision, q double precision, alpha double precision) TO authenticated;
GRANT ALL ON FUNCTION stats.is_above_zero(m double precision, v double precision, q double precision, alpha double precision) TO service_role;
-- Name: FUNCTION lift(m0 double precision, m1 double precision, v0 double precision, v1 double precision, q0 double precision, q1 double precision, alpha double precision); Type: ACL; Schema: stats; Owner: postgres
REVOKE ALL ON FUNCTION stats.lift(m0 double precision, m1 double precision, v0 double precision, v1 double precision, q0 double precision, q1 double precision, alpha double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION stats.lift(m0 double precision, m1 double precision, v0 double precision, v1 double precision, q0 double precision, q1 double precision, alpha double precision) TO authenticated;
GRANT ALL ON FUNCTION stats.lift(m0 double precision, m1 double precision, v0 double precision, v1 double precision, q0 double precision, q1 double precision, alpha double precision) TO service_role;
-- Name: FUNCTION ln_1p(x double precision); Type: ACL; Schema: stats; Owner: postgres
REVOKE ALL ON FUNCTION stats.ln_1p(x double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION stats.ln_1p(x double precision) TO authenticated;
GRANT ALL ON FUNCTION stats.ln_1p(x double precision) TO service_role;
-- Name: FUNCTION ln_gamma(x double precision); Type: ACL; Schema: stats; Owner: postgres
REVOKE ALL ON FUNCTION stats.ln_gamma(x double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION stats.ln_gamma(x double precision) TO authenticated;
GRANT ALL ON FUNCTION stats.ln_gamma(x double precision) TO service_role;
-- Name: FUNCTION ln_beta_half(a double precision); Type: ACL; Schema: stats; Owner: postgres
REVOKE ALL ON FUNCTION stats.ln_beta_half(a double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION stats.ln_beta_half(a double precision) TO authenticated;
GRANT ALL ON FUNCTION stats.ln_beta_half(a double precision) TO service_role;
-- Name: FUNCTION normal_quantile(p double precision); Type: ACL; Schema: stats; Owner: postgres
REVOKE ALL ON FUNCTION stats.normal_quantile(p double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION stats.normal_quantile(p double precision) TO authenticated;
GRANT ALL ON FUNCTION stats.normal_quantile(p double precision) TO service_role;
-- Name: FUNCTION polynomial(coefficients double precision[], x double precision); Type: ACL; Schema: stats; Owner: postgres
REVOKE ALL ON FUNCTION stats.polynomial(coefficients double precision[], x double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION stats.polynomial(coefficients double precision[], x double precision) TO authenticated;
GRANT ALL ON FUNCTION stats.polynomial(coefficients double precision[], x double precision) TO service_role;
-- Name: FUNCTION t_two_sided_p(t double precision, df double precision); Type: ACL; Schema: stats; Owner: postgres
REVOKE ALL ON FUNCTION stats.t_two_sided_p(t double precision, df double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION stats.t_two_sided_p(t double precision, df double precision) TO authenticated;
GRANT ALL ON FUNCTION stats.t_two_sided_p(t double precision, df double precision) TO service_role;
-- Name: FUNCTION welch(m0 double precision, m1 double precision, v0 double precision, v1 double precision, q0 double precision, q1 double precision, alpha double precision); Type: ACL; Schema: stats; Owner: postgres
REVOKE ALL ON FUNCTION stats.welch(m0 double precision, m1 double precision, v0 double precision, v1 double precision, q0 double precision, q1 double precision, alpha double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION stats.welch(m0 double precision, m1 double precision, v0 double precision, v1 double precision, q0 double precision, q1 double precision, alpha double precision) TO authenticated;
GRANT ALL ON FUNCTION stats.welch(m0 double precision, m1 double precision, v0 double precision, v1 double precision, q0 double precision, q1 double precision, alpha double precision) TO service_role;
-- Name: TABLE experiment_metrics; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT,DELETE ON TABLE public.experiment_metrics TO authenticated;
GRANT SELECT,DELETE ON TABLE public.experiment_metrics TO service_role;
-- Name: COLUMN experiment_metrics.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.experiment_metrics TO authenticated;
GRANT INSERT(workspace_id) ON TABLE public.experiment_metrics TO service_role;
-- Name: COLUMN experiment_metrics.experiment_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(experiment_id) ON TABLE public.experiment_metrics TO authenticated;
GRANT INSERT(experiment_id) ON TABLE public.experiment_metrics TO service_role;
-- Name: COLUMN experiment_metrics.metric_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(metric_id) ON TABLE public.experiment_metrics TO authenticated;
GRANT INSERT(metric_id) ON TABLE public.experiment_metrics TO service_role;
-- Name: COLUMN experiment_metrics.role; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(role),UPDATE(role) ON TABLE public.experiment_metrics TO authenticated;
GRANT INSERT(role),UPDATE(role) ON TABLE public.experiment_metrics TO service_role;
-- Name: COLUMN experiment_metrics.margin; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(margin),UPDATE(margin) ON TABLE public.experiment_metrics TO authenticated;
GRANT INSERT(margin),UPDATE(margin) ON TABLE public.experiment_metrics TO service_role;
-- Name: TABLE outcome_metrics; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT,DELETE ON TABLE public.outcome_metrics TO authenticated;
GRANT SELECT,DELETE ON TABLE public.outcome_metrics TO service_role;
-- Name: COLUMN outcome_metrics.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.outcome_metrics TO authenticated;
GRANT INSERT(workspace_id) ON TABLE public.outcome_metrics TO service_role;
-- Name: COLUMN outcome_metrics.key; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(key) ON TABLE public.outcome_metrics TO authenticated;
GRANT INSERT(key) ON TABLE public.outcome_metrics TO service_role;
-- Name: COLUMN outcome_metrics.name; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(name),UPDATE(name) ON TABLE public.outcome_metrics TO authenticated;
GRANT INSERT(name),UPDATE(name) ON TABLE public.outcome_metrics TO service_role;
-- Name: COLUMN outcome_metrics.description; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(description),UPDATE(description) ON TABLE public.outcome_metrics TO authenticated;
GRANT INSERT(description),UPDATE(description) ON TABLE public.outcome_metrics TO service_role;
-- Name: COLUMN outcome_metrics.kind; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(kind) ON TABLE public.outcome_metrics TO authenticated;
GRANT INSERT(kind) ON TABLE public.outcome_metrics TO service_role;
-- Name: COLUMN outcome_metrics.unit; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(unit),UPDATE(unit) ON TABLE public.outcome_metrics TO authenticated;
GRANT INSERT(unit),UPDATE(unit) ON TABLE public.outcome_metrics TO service_role;
-- Name: COLUMN outcome_metrics.direction; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(direction),UPDATE(direction) ON TABLE public.outcome_metrics TO authenticated;
GRANT INSERT(direction),UPDATE(direction) ON TABLE public.outcome_metrics TO service_role;
-- Name: COLUMN outcome_metrics.attribution_window; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(attribution_window),UPDATE(attribution_window) ON TABLE public.outcome_metrics TO authenticated;
GRANT INSERT(attribution_window),UPDATE(attribution_window) ON TABLE public.outcome_metrics TO service_role;
-- Name: COLUMN outcome_metrics.join_key; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(join_key),UPDATE(join_key) ON TABLE public.outcome_metrics TO authenticated;
GRANT INSERT(join_key),UPDATE(join_key) ON TABLE public.outcome_metrics TO service_role;
-- Name: COLUMN outcome_metrics.when_absent; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(when_absent),UPDATE(when_absent) ON TABLE public.outcome_metrics TO authenticated;
GRANT INSERT(when_absent),UPDATE(when_absent) ON TABLE public.outcome_metrics TO service_role;
-- Name: COLUMN outcome_metrics.per_subject; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(per_subject),UPDATE(per_subject) ON TABLE public.outcome_metrics TO authenticated;
GRANT INSERT(per_subject),UPDATE(per_subject) ON TABLE public.outcome_metrics TO service_role;
-- Name: TABLE comparisons; Type: ACL; Schema: private; Owner: postgres
GRANT SELECT ON TABLE private.comparisons TO authenticated;
GRANT SELECT ON TABLE private.comparisons TO service_role;
-- Name: TABLE experiment_phases; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.experiment_phases TO authenticated;
GRANT SELECT ON TABLE public.experiment_phases TO service_role;
-- Name: TABLE variant_rollbacks; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.variant_rollbacks TO authenticated;
GRANT SELECT ON TABLE public.variant_rollbacks TO service_role;
-- Name: TABLE phase_cuts; Type: ACL; Schema: private; Owner: postgres
GRANT SELECT ON TABLE private.phase_cuts TO authenticated;
GRANT SELECT ON TABLE private.phase_cuts TO service_role;
-- Name: TABLE placed_outcomes; Type: ACL; Schema: private; Owner: postgres
GRANT SELECT ON TABLE private.placed_outcomes TO authenticated;
GRANT SELECT ON TABLE private.placed_outcomes TO service_role;
-- Name: TABLE unit_outcomes; Type: ACL; Schema: private; Owner: postgres
GRANT SELECT ON TABLE private.unit_outcomes TO authenticated;
GRANT SELECT ON TABLE private.unit_outcomes TO service_role;
-- Name: TABLE experiment_phase_arms; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.experiment_phase_arms TO authenticated;
GRANT SELECT ON TABLE public.experiment_phase_arms TO service_role;
-- Name: TABLE comparison_subjects; Type: ACL; Schema: private; Owner: postgres
GRANT SELECT ON TABLE private.comparison_subjects TO authenticated;
GRANT SELECT ON TABLE private.comparison_subjects TO service_role;
-- Name: TABLE comparison_cells; Type: ACL; Schema: private; Owner: postgres
GRANT SELECT ON TABLE private.comparison_cells TO authenticated;
GRANT SELECT ON TABLE private.comparison_cells TO service_role;
-- Name: TABLE errors; Type: ACL; Schema: private; Owner: postgres
GRANT SELECT ON TABLE private.errors TO authenticated;
GRANT SELECT ON TABLE private.errors TO service_role;
-- Name: TABLE phase_arms; Type: ACL; Schema: private; Owner: postgres
GRANT SELECT ON TABLE private.phase_arms TO authenticated;
GRANT SELECT ON TABLE private.phase_arms TO service_role;
-- Name: TABLE permissions; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.permissions TO authenticated;
GRANT SELECT ON TABLE public.permissions TO service_role;
-- Name: TABLE actions; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT,DELETE ON TABLE public.actions TO authenticated;
GRANT SELECT,DELETE ON TABLE public.actions TO service_role;
-- Name: COLUMN actions.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.actions TO authenticated;
GRANT INSERT(workspace_id) ON TABLE public.actions TO service_role;
-- Name: COLUMN actions.capability_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(capability_id) ON TABLE public.actions TO authenticated;
GRANT INSERT(capability_id) ON TABLE public.actions TO service_role;
-- Name: COLUMN actions.key; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(key),UPDATE(key) ON TABLE public.actions TO authenticated;
GRANT INSERT(key),UPDATE(key) ON TABLE public.actions TO service_role;
-- Name: COLUMN actions.name; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(name),UPDATE(name) ON TABLE public.actions TO authenticated;
GRANT INSERT(name),UPDATE(name) ON TABLE public.actions TO service_role;
-- Name: COLUMN actions."position"; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT("position"),UPDATE("position") ON TABLE public.actions TO authenticated;
GRANT INSERT("position"),UPDATE("position") ON TABLE public.actions TO service_role;
-- Name: TABLE api_key_uses; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.api_key_uses TO authenticated;
GRANT SELECT ON TABLE public.api_key_uses TO service_role;
-- Name: TABLE capabilities; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT,DELETE ON TABLE public.capabilities TO authenticated;
GRANT SELECT,DELETE ON TABLE public.capabilities TO service_role;
-- Name: COLUMN capabilities.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.capabilities TO authenticated;
GRANT INSERT(workspace_id) ON TABLE public.capabilities TO service_role;
-- Name: COLUMN capabilities.key; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(key),UPDATE(key) ON TABLE public.capabilities TO authenticated;
GRANT INSERT(key),UPDATE(key) ON TABLE public.capabilities TO service_role;
-- Name: COLUMN capabilities.name; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(name),UPDATE(name) ON TABLE public.capabilities TO authenticated;
GRANT INSERT(name),UPDATE(name) ON TABLE public.capabilities TO service_role;
-- Name: COLUMN capabilities.description; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(description),UPDATE(description) ON TABLE public.capabilities TO authenticated;
GRANT INSERT(description),UPDATE(description) ON TABLE public.capabilities TO service_role;
-- Name: TABLE environments; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT,DELETE ON TABLE public.environments TO authenticated;
GRANT SELECT,DELETE ON TABLE public.environments TO service_role;
-- Name: COLUMN environments.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.environments TO authenticated;
GRANT INSERT(workspace_id) ON TABLE public.environments TO service_role;
-- Name: COLUMN environments.key; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(key) ON TABLE public.environments TO authenticated;
GRANT INSERT(key) ON TABLE public.environments TO service_role;
-- Name: COLUMN environments.name; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(name),UPDATE(name) ON TABLE public.environments TO authenticated;
GRANT INSERT(name),UPDATE(name) ON TABLE public.environments TO service_role;
-- Name: COLUMN environments.is_production; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(is_production),UPDATE(is_production) ON TABLE public.environments TO authenticated;
GRANT INSERT(is_production),UPDATE(is_production) ON TABLE public.environments TO service_role;
-- Name: TABLE experiment_actions; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT,DELETE ON TABLE public.experiment_actions TO authenticated;
GRANT SELECT,DELETE ON TABLE public.experiment_actions TO service_role;
-- Name: COLUMN experiment_actions.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.experiment_actions TO authenticated;
GRANT INSERT(workspace_id) ON TABLE public.experiment_actions TO service_role;
-- Name: COLUMN experiment_actions.experiment_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(experiment_id) ON TABLE public.experiment_actions TO authenticated;
GRANT INSERT(experiment_id) ON TABLE public.experiment_actions TO service_role;
-- Name: COLUMN experiment_actions.capability_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(capability_id) ON TABLE public.experiment_actions TO authenticated;
GRANT INSERT(capability_id) ON TABLE public.experiment_actions TO service_role;
-- Name: COLUMN experiment_actions.action_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(action_id) ON TABLE public.experiment_actions TO authenticated;
GRANT INSERT(action_id) ON TABLE public.experiment_actions TO service_role;
-- Name: TABLE experiment_arms; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.experiment_arms TO authenticated;
GRANT SELECT ON TABLE public.experiment_arms TO service_role;
-- Name: TABLE experiment_health; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.experiment_health TO authenticated;
GRANT SELECT ON TABLE public.experiment_health TO service_role;
-- Name: TABLE experiment_effects; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.experiment_effects TO authenticated;
GRANT SELECT ON TABLE public.experiment_effects TO service_role;
-- Name: TABLE experiment_intents; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT,DELETE ON TABLE public.experiment_intents TO authenticated;
GRANT SELECT,DELETE ON TABLE public.experiment_intents TO service_role;
-- Name: COLUMN experiment_intents.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.experiment_intents TO authenticated;
GRANT INSERT(workspace_id) ON TABLE public.experiment_intents TO service_role;
-- Name: COLUMN experiment_intents.experiment_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(experiment_id) ON TABLE public.experiment_intents TO authenticated;
GRANT INSERT(experiment_id) ON TABLE public.experiment_intents TO service_role;
-- Name: COLUMN experiment_intents.intent_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(intent_id) ON TABLE public.experiment_intents TO authenticated;
GRANT INSERT(intent_id) ON TABLE public.experiment_intents TO service_role;
-- Name: TABLE experiment_moves; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.experiment_moves TO authenticated;
GRANT SELECT ON TABLE public.experiment_moves TO service_role;
-- Name: TABLE intent_examples; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT,DELETE ON TABLE public.intent_examples TO authenticated;
GRANT SELECT,DELETE ON TABLE public.intent_examples TO service_role;
-- Name: COLUMN intent_examples.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.intent_examples TO authenticated;
GRANT INSERT(workspace_id) ON TABLE public.intent_examples TO service_role;
-- Name: COLUMN intent_examples.intent_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(intent_id) ON TABLE public.intent_examples TO authenticated;
GRANT INSERT(intent_id) ON TABLE public.intent_examples TO service_role;
-- Name: COLUMN intent_examples.text; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(text),UPDATE(text) ON TABLE public.intent_examples TO authenticated;
GRANT INSERT(text),UPDATE(text) ON TABLE public.intent_examples TO service_role;
-- Name: COLUMN intent_examples.embedding; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(embedding),UPDATE(embedding) ON TABLE public.intent_examples TO authenticated;
GRANT INSERT(embedding),UPDATE(embedding) ON TABLE public.intent_examples TO service_role;
-- Name: COLUMN intent_examples.embedder; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(embedder),UPDATE(embedder) ON TABLE public.intent_examples TO authenticated;
GRANT INSERT(embedder),UPDATE(embedder) ON TABLE public.intent_examples TO service_role;
-- Name: TABLE intents; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT,DELETE ON TABLE public.intents TO authenticated;
GRANT SELECT,DELETE ON TABLE public.intents TO service_role;
-- Name: COLUMN intents.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.intents TO authenticated;
GRANT INSERT(workspace_id) ON TABLE public.intents TO service_role;
-- Name: COLUMN intents.key; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(key),UPDATE(key) ON TABLE public.intents TO authenticated;
GRANT INSERT(key),UPDATE(key) ON TABLE public.intents TO service_role;
-- Name: COLUMN intents.name; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(name),UPDATE(name) ON TABLE public.intents TO authenticated;
GRANT INSERT(name),UPDATE(name) ON TABLE public.intents TO service_role;
-- Name: COLUMN intents.description; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(description),UPDATE(description) ON TABLE public.intents TO authenticated;
GRANT INSERT(description),UPDATE(description) ON TABLE public.intents TO service_role;
-- Name: TABLE job_failures; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.job_failures TO authenticated;
GRANT SELECT ON TABLE public.job_failures TO service_role;
-- Name: TABLE layers; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT,DELETE ON TABLE public.layers TO authenticated;
GRANT SELECT,DELETE ON TABLE public.layers TO service_role;
-- Name: COLUMN layers.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.layers TO authenticated;
GRANT INSERT(workspace_id) ON TABLE public.layers TO service_role;
-- Name: COLUMN layers.key; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(key),UPDATE(key) ON TABLE public.layers TO authenticated;
GRANT INSERT(key),UPDATE(key) ON TABLE public.layers TO service_role;
-- Name: COLUMN layers.name; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(name),UPDATE(name) ON TABLE public.layers TO authenticated;
GRANT INSERT(name),UPDATE(name) ON TABLE public.layers TO service_role;
-- Name: COLUMN layers.description; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(description),UPDATE(description) ON TABLE public.layers TO authenticated;
GRANT INSERT(description),UPDATE(description) ON TABLE public.layers TO service_role;
-- Name: TABLE live_deployments; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.live_deployments TO authenticated;
GRANT SELECT ON TABLE public.live_deployments TO service_role;
-- Name: TABLE prompt_template_versions; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.prompt_template_versions TO authenticated;
GRANT SELECT ON TABLE public.prompt_template_versions TO service_role;
-- Name: TABLE prompt_templates; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.prompt_templates TO authenticated;
GRANT SELECT ON TABLE public.prompt_templates TO service_role;
-- Name: COLUMN prompt_templates.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.prompt_templates TO authenticated;
GRANT INSERT(workspace_id) ON TABLE public.prompt_templates TO service_role;
-- Name: COLUMN prompt_templates.key; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(key),UPDATE(key) ON TABLE public.prompt_templates TO authenticated;
GRANT INSERT(key),UPDATE(key) ON TABLE public.prompt_templates TO service_role;
-- Name: COLUMN prompt_templates.name; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(name),UPDATE(name) ON TABLE public.prompt_templates TO authenticated;
GRANT INSERT(name),UPDATE(name) ON TABLE public.prompt_templates TO service_role;
-- Name: COLUMN prompt_templates.description; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(description),UPDATE(description) ON TABLE public.prompt_templates TO authenticated;
GRANT INSERT(description),UPDATE(description) ON TABLE public.prompt_templates TO service_role;
-- Name: TABLE ramp_guardrails; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.ramp_guardrails TO authenticated;
GRANT SELECT ON TABLE public.ramp_guardrails TO service_role;
-- Name: TABLE ramp_steps; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.ramp_steps TO authenticated;
GRANT SELECT ON TABLE public.ramp_steps TO service_role;
-- Name: TABLE role_permissions; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT,DELETE ON TABLE public.role_permissions TO authenticated;
GRANT SELECT,DELETE ON TABLE public.role_permissions TO service_role;
-- Name: COLUMN role_permissions.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.role_permissions TO authenticated;
GRANT INSERT(workspace_id) ON TABLE public.role_permissions TO service_role;
-- Name: COLUMN role_permissions.role; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(role) ON TABLE public.role_permissions TO authenticated;
GRANT INSERT(role) ON TABLE public.role_permissions TO service_role;
-- Name: COLUMN role_permissions.permission; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(permission) ON TABLE public.role_permissions TO authenticated;
GRANT INSERT(permission) ON TABLE public.role_permissions TO service_role;
-- Name: TABLE roles; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.roles TO authenticated;
GRANT SELECT ON TABLE public.roles TO service_role;
-- Name: TABLE run_results; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.run_results TO authenticated;
GRANT SELECT ON TABLE public.run_results TO service_role;
-- Name: TABLE tag_moves; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.tag_moves TO authenticated;
GRANT SELECT ON TABLE public.tag_moves TO service_role;
-- Name: TABLE test_cases; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT,DELETE ON TABLE public.test_cases TO authenticated;
GRANT SELECT,DELETE ON TABLE public.test_cases TO service_role;
-- Name: COLUMN test_cases.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.test_cases TO authenticated;
GRANT INSERT(workspace_id) ON TABLE public.test_cases TO service_role;
-- Name: COLUMN test_cases.prompt_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(prompt_id) ON TABLE public.test_cases TO authenticated;
GRANT INSERT(prompt_id) ON TABLE public.test_cases TO service_role;
-- Name: COLUMN test_cases.name; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(name),UPDATE(name) ON TABLE public.test_cases TO authenticated;
GRANT INSERT(name),UPDATE(name) ON TABLE public.test_cases TO service_role;
-- Name: COLUMN test_cases.variables; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(variables),UPDATE(variables) ON TABLE public.test_cases TO authenticated;
GRANT INSERT(variables),UPDATE(variables) ON TABLE public.test_cases TO service_role;
-- Name: COLUMN test_cases.expected; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(expected),UPDATE(expected) ON TABLE public.test_cases TO authenticated;
GRANT INSERT(expected),UPDATE(expected) ON TABLE public.test_cases TO service_role;
-- Name: TABLE variant_versions; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT,DELETE ON TABLE public.variant_versions TO authenticated;
GRANT SELECT,DELETE ON TABLE public.variant_versions TO service_role;
-- Name: COLUMN variant_versions.workspace_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(workspace_id) ON TABLE public.variant_versions TO authenticated;
GRANT INSERT(workspace_id) ON TABLE public.variant_versions TO service_role;
-- Name: COLUMN variant_versions.variant_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(variant_id) ON TABLE public.variant_versions TO authenticated;
GRANT INSERT(variant_id) ON TABLE public.variant_versions TO service_role;
-- Name: COLUMN variant_versions.action_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(action_id),UPDATE(action_id) ON TABLE public.variant_versions TO authenticated;
GRANT INSERT(action_id),UPDATE(action_id) ON TABLE public.variant_versions TO service_role;
-- Name: COLUMN variant_versions.prompt_version_id; Type: ACL; Schema: public; Owner: postgres
GRANT INSERT(prompt_version_id),UPDATE(prompt_version_id) ON TABLE public.variant_versions TO authenticated;
GRANT INSERT(prompt_version_id),UPDATE(prompt_version_id) ON TABLE public.variant_versions TO service_role;
-- Name: TABLE workspaces; Type: ACL; Schema: public; Owner: postgres
GRANT SELECT ON TABLE public.workspaces TO authenticated;
GRANT SELECT ON TABLE public.workspaces TO service_role;
-- Name: COLUMN workspaces.name; Type: ACL; Schema: public; Owner: postgres
GRANT UPDATE(name) ON TABLE public.workspaces TO authenticated;
GRANT UPDATE(name) ON TABLE public.workspaces TO service_role;
-- Name: COLUMN workspaces.slug; Type: ACL; Schema: public; Owner: postgres
GRANT UPDATE(slug) ON TABLE public.workspaces TO authenticated;
GRANT UPDATE(slug) ON TABLE public.workspaces TO service_role;
-- Name: DEFAULT PRIVILEGES FOR SEQUENCES; Type: DEFAULT ACL; Schema: public; Owner: postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON SEQUENCES TO postgres;
-- Name: DEFAULT PRIVILEGES FOR SEQUENCES; Type: DEFAULT ACL; Schema: public; Owner: supabase_admin
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON SEQUENCES TO postgres;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON SEQUENCES TO anon;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON SEQUENCES TO authenticated;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON SEQUENCES TO service_role;
-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: public; Owner: postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON FUNCTIONS TO postgres;
-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: public; Owner: supabase_admin
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON FUNCTIONS TO postgres;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON FUNCTIONS TO anon;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON FUNCTIONS TO authenticated;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON FUNCTIONS TO service_role;
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: public; Owner: postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON TABLES TO postgres;
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: public; Owner: supabase_admin
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES TO postgres;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES TO anon;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES TO authenticated;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES TO service_role;
-- PostgreSQL database dump complete

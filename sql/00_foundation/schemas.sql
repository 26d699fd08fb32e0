-- Four rooms: public is the API, private is the engine, stats is pure mathematics, gate is the door that PostgREST
-- passes at each request. Only public is exposed.
create extension if not exists vector with schema extensions;
create extension if not exists pgmq;

create schema if not exists private;
comment on schema private is 'Upshot''s engine: functions and state behind the public verbs. Never exposed by the API.';

create schema if not exists stats;
comment on schema stats is 'Distribution functions and tests as pure functions of numbers. Never exposed by the API.';

create schema if not exists gate;
comment on schema gate is 'What PostgREST calls before each request. Never exposed by the API.';

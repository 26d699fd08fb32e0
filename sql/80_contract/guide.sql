-- PostgREST publishes the comment of the exposed schema as the title and the description of its OpenAPI document: whoever
-- reads that page needs no other. tests/contract/guide/test_guide.py makes the calls below, as they stand here.
do $do$
declare
  guide constant text := $guide$Upshot
Which change moved your customers' outcome? Your product asks `decide` what to run for a customer, makes the model call, and reports what came of it. Upshot keeps every version of a prompt, assigns customers to the arms of experiments, says which arm moved the outcome and by how much, and rolls back at once.

This page is enough to create, activate, read and roll back an experiment. Each call below works as it stands: in the order given, with what earlier answers said put in place of `$NAMES`. Every table and verb is described further down.

## How to call

| header | value |
|---|---|
| `apikey` | the project's publishable key, always |
| `Authorization` | `Bearer <access token>` of a signed-in user, or |
| `x-upshot-key` | an API key of Upshot: for servers, instead of a user's token |
| `Content-Type` | `application/json` |
| `Prefer` | `return=representation`, to get back the rows that you insert |

Verbs are `POST /rpc/<verb>` with their arguments as one JSON object. Tables are read by `GET /<table>?<column>=eq.<value>&select=…&order=…` and, where your role may, written by `POST`, `PATCH` and `DELETE`: every table lists these methods, and its description says when only a verb writes it. `workspace_id` may be left out of a verb while you can reach one workspace only; a row that you insert names it. A row of another workspace, or of a kind that you may not read, does not exist for you: 404, or an empty list.

Every verb can be sent again after a lost answer: it is idempotent, or it names what it believes is there (`expected_version`, `expected_revision`) and is refused with 409 when that is no longer so.

## The life of an experiment

**1. A workspace and a key for your server**, as a signed-in user.

```http
POST /rpc/create_workspace
{"name": "Northside Clinic", "slug": "northside-guide"}
```

Keep `workspace_id` as `$WORKSPACE`. Calling it again returns the same one.

```http
POST /rpc/create_api_key
{"workspace_id": "$WORKSPACE", "name": "booking server", "permissions": ["workspace.read", "catalog.write", "metrics.write", "prompts.write", "experiments.write", "experiments.activate", "deployments.publish", "deployments.rollback", "decisions.make", "events.write"]}
```

Keep `secret` as `$KEY`; it is shown this once. All calls from here on may carry `x-upshot-key: $KEY` instead of the user's token.

**2. What your product does, and what counts.** A capability is a goal that it reaches for its users; a metric is what the business counts.

```http
POST /capabilities
{"workspace_id": "$WORKSPACE", "key": "BookAppointment", "name": "Book an appointment"}
```

```http
POST /outcome_metrics
{"workspace_id": "$WORKSPACE", "key": "booked", "name": "Booked", "kind": "proportion", "direction": "increase", "when_absent": "zero"}
```

**3. A prompt with two versions.** A version is immutable and holds everything that changes what the model does.

```http
POST /rpc/create_prompt
{"key": "booking", "name": "Booking", "capability": "BookAppointment"}
```

Keep `id` as `$PROMPT`.

```http
POST /rpc/commit_version
{"prompt_id": "$PROMPT", "messages": [{"role": "system", "content": "You book appointments at {{clinic}}."}], "variables": {"clinic": {"type": "string"}}, "provider": "openai", "model": "gpt-4.1-mini", "params": {"temperature": 0.2}, "message": "First version"}
```

Keep `id` as `$FIRST`.

```http
POST /rpc/commit_version
{"prompt_id": "$PROMPT", "messages": [{"role": "system", "content": "You book appointments at {{clinic}}. Offer two times, then ask which suits."}], "variables": {"clinic": {"type": "string"}}, "provider": "openai", "model": "gpt-4.1-mini", "params": {"temperature": 0.2}, "message": "Offer two times"}
```

Keep `id` as `$SECOND`.

**4. Make the first version live.** `expected_version` says what you believe is live now; left out, that nothing is.

```http
POST /rpc/publish
{"environment": "production", "capability": "BookAppointment", "version_id": "$FIRST", "reason": "Go live"}
```

**5. Create the experiment** as one document. Versions are ids, or names such as `booking@main`.

```http
POST /rpc/create_experiment
{"document": {"key": "two-times", "name": "Offer two times", "hypothesis": "A choice of two times makes more people book.", "environment": "production", "capability": "BookAppointment", "metrics": [{"metric": "booked", "role": "primary"}], "variants": [{"key": "control", "name": "As it was", "is_control": true, "versions": {"*": "$FIRST"}}, {"key": "two_times", "name": "Two times", "versions": {"*": "$SECOND"}}]}}
```

Keep `experiment_id` as `$EXPERIMENT` and `revision` as `$REVISION`. The revision counts every change.

**6. Activate it.** A 422 `experiment_incomplete` says what is missing; where the workspace asks for reviews, 403 `approval_required` says so.

```http
POST /rpc/activate
{"experiment_id": "$EXPERIMENT", "expected_revision": $REVISION}
```

Keep `revision` as `$REVISION`.

**7. Decide, call, report.** For every customer (here `customer-1`), each time that the product is about to call the model:

```http
POST /rpc/decide
{"environment": "production", "capability": "BookAppointment", "subject": "customer-1"}
```

Keep `version.id` as `$VERSION`. `bundle` holds the messages, the model and the parameters to call it with. A customer keeps the arm, and the exposure is logged in the same transaction. After the model's answer, with an id that you make (`$NEW_ID`, a uuid) and the time (`$NOW`, ISO 8601 with its zone):

```http
POST /rpc/record_inferences
{"inferences": [{"id": "$NEW_ID", "environment": "production", "capability": "BookAppointment", "subject": "customer-1", "version_id": "$VERSION", "provider": "openai", "requested_model": "gpt-4.1-mini", "started_at": "$NOW", "latency_ms": 640, "status": "ok"}]}
```

When the outcome is known, then or days later, by the customer, the conversation, the inference or a business key:

```http
POST /rpc/record_outcomes
{"outcomes": [{"metric": "booked", "value": true, "environment": "production", "subject": "customer-1", "source": "crm", "source_event_id": "booking-of-customer-1", "occurred_at": "$NOW"}]}
```

Both take up to 10,000 rows and answer `{accepted, duplicates, errors}`: good rows land, and each other row has its error by index.

**8. Read the effect.** One row for each arm against the control and each metric: `difference` between `ci_low` and `ci_high`, of `n_control` and `n_variant` customers, with a `verdict`; where there is none yet, `reason_code` says why.

```http
GET /experiment_effects?experiment_id=eq.$EXPERIMENT
```

`experiment_health` says whether each arm got its share of customers: look there before you believe an effect.

**9. Roll back.** An arm that does harm is stopped alone; its customers get the control from the next `decide` on, and what was measured stays.

```http
POST /rpc/rollback_variant
{"experiment_id": "$EXPERIMENT", "variant": "two_times", "expected_revision": $REVISION, "reason": "Confuses people"}
```

Keep `revision` as `$REVISION`.

```http
POST /rpc/archive
{"experiment_id": "$EXPERIMENT", "expected_revision": $REVISION}
```

A winner is published like any version, and a deployment is rolled back by naming the version that you believe is live:

```http
POST /rpc/publish
{"environment": "production", "capability": "BookAppointment", "version_id": "$SECOND", "expected_version": "$FIRST", "reason": "More bookings"}
```

```http
POST /rpc/rollback
{"environment": "production", "capability": "BookAppointment", "expected_version": "$SECOND", "reason": "Double bookings"}
```

The next `decide` anywhere returns the first version. `GET /changes?order=occurred_at.desc` is the ledger of all of it.

## Errors

What Postgres and PostgREST refuse by themselves has a code of theirs, and often no hint:

| HTTP | code | what it means |
|---|---|---|
| 401, 403 | `42501` | You may not do this here: nobody is signed in, you hold no permission for it, or the row that you insert names no `workspace_id` of yours. |
| 400 | `23502`, `23514`, `22P02` | A column is missing, or its value is not allowed: the constraint that is named ends in `_shape`, `_known` or `_range`, and the column's description says what it takes. |
| 400 | `PGRST204`, `42703` | There is no such column. |
| 404 | `PGRST202` | The verb has no such arguments: one is misspelt, or a required one is missing. |
| 409 | `23503`, `23505` | What the row names is not there, or something still uses it; there is such a row already. |

All else is Upshot's own: `{"code", "message", "details", "hint"}`: show `message`, do what `hint` says, and decide by the `code` inside `details` (JSON as text), which never changes its meaning. Words in braces are filled in.

| HTTP | code | message | hint |
|---|---|---|---|
$guide$;
  permissions constant text := $permissions$

## Permissions

What a role in `/role_permissions` may hold. Who lacks one is told its name by `permission_denied`.

| permission | allows | may an API key hold it? |
|---|---|---|
$permissions$;
begin
  execute format('comment on schema public is %L', guide || (
    select string_agg(format('| %s | `%s` | %s | %s |', substr(e.sqlstate, 3), e.code, e.message, e.hint), E'\n'
      order by e.sqlstate, e.code)
    from private.errors e) || permissions || (
    select string_agg(format('| `%s` | %s | %s |', p.key, p.description, case when p.is_personal then 'no' else 'yes' end),
      E'\n' order by p.key)
    from public.permissions p) || E'\n');
exception
  -- Who does not own the schema cannot describe it; everything else works without.
  when insufficient_privilege then
    raise notice 'The schema public belongs to somebody else: the OpenAPI document has no guide.';
end
$do$;

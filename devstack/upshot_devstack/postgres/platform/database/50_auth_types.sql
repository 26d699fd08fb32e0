-- The closed lists of values in the auth tables.
do $$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('aal_level', array['aal1', 'aal2', 'aal3']),
      ('code_challenge_method', array['s256', 'plain']),
      ('factor_status', array['unverified', 'verified']),
      ('factor_type', array['totp', 'webauthn', 'phone']),
      ('one_time_token_type', array[
        'confirmation_token', 'reauthentication_token', 'recovery_token',
        'email_change_token_new', 'email_change_token_current', 'phone_change_token'
      ])
    ) as types (name, labels)
  loop
    if to_regtype(format('auth.%I', wanted.name)) is null then
      execute format(
        'create type auth.%I as enum (%s)',
        wanted.name,
        (select string_agg(quote_literal(label), ', ') from unnest(wanted.labels) as label)
      );
      execute format('alter type auth.%I owner to supabase_auth_admin', wanted.name);
    end if;
  end loop;
end
$$;

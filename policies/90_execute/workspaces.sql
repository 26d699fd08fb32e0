-- The verbs, and the definers behind them: those check the caller's permission themselves.
grant execute on function public.create_workspace(text, text), private.create_workspace(text, text)
to authenticated, service_role;

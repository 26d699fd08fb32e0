-- What effects read of quantiles; effect_rows and effects_as_of are the ones who ask.
revoke all on private.quantile_metrics from public, anon, authenticated, service_role;

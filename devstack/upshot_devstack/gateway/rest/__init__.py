"""PostgREST's protocol over a Postgres database."""

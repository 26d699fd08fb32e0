"""/auth/v1: people, their sessions and tokens, on Supabase Auth's own tables and wire protocol."""

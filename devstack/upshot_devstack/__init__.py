"""Supabase without Docker: real Postgres and one gateway process, for laptops, CI and offline."""

"""Supabase Realtime for the devstack: channels, broadcast, presence and database changes over websockets."""

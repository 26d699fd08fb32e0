"""postgres_changes: rows of the publication supabase_realtime, shown to those who may see them."""

"""One process that speaks Supabase's wire protocols: REST, Auth and Realtime."""

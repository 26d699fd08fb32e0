"""Reading the database's log: a temporary pgoutput slot over libpq's COPY BOTH, decoded here."""

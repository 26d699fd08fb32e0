"""The extensions that hosted lets a project create though `postgres` is no superuser there."""

from pathlib import Path

TRUSTED = frozenset(
    [
        "autoinc",
        "bloom",
        "btree_gin",
        "btree_gist",
        "citext",
        "cube",
        "dblink",
        "dict_int",
        "dict_xsyn",
        "earthdistance",
        "fuzzystrmatch",
        "hstore",
        "http",
        "hypopg",
        "index_advisor",
        "insert_username",
        "intarray",
        "isn",
        "ltree",
        "moddatetime",
        "pg_buffercache",
        "pg_cron",
        "pg_graphql",
        "pg_hashids",
        "pg_jsonschema",
        "pg_net",
        "pg_partman",
        "pg_prewarm",
        "pg_repack",
        "pg_stat_monitor",
        "pg_stat_statements",
        "pg_trgm",
        "pg_walinspect",
        "pgaudit",
        "pgcrypto",
        "pgjwt",
        "pgroonga",
        "pgrouting",
        "pgrowlocks",
        "pgstattuple",
        "pgtap",
        "plpgsql",
        "plpgsql_check",
        "postgis",
        "postgis_raster",
        "postgis_sfcgal",
        "postgis_tiger_geocoder",
        "postgis_topology",
        "postgres_fdw",
        "refint",
        "rum",
        "seg",
        "sslinfo",
        "supabase_vault",
        "tablefunc",
        "tcn",
        "tsm_system_rows",
        "tsm_system_time",
        "unaccent",
        "uuid-ossp",
        "vector",
        "wrappers",
    ]
)


def trust(extension_dir: Path) -> None:
    """Mark the allowed ones in a copied tree: the server then runs their scripts as superuser for whoever may create."""
    for name in TRUSTED:
        control = extension_dir / f"{name}.control"
        if control.is_file():
            control.write_text(_trusted(control.read_text()))


def _trusted(control: str) -> str:
    kept = [line for line in control.splitlines() if line.split("=")[0].strip() != "trusted"]
    return "\n".join([*kept, "trusted = true", ""])

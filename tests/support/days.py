"""The daily tier in tests: bring it up to date by hand, and hold it against the raw rows."""

from typing import Any

from support.clinic import Clinic


def compact_days(clinic: Clinic, since: int = 0) -> int:
    """Bring the daily tier up to all that has committed; the transaction to go on from."""
    upto = clinic.world.admin.one("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as tx")["tx"]
    clinic.world.admin.rows("select private.compact_days(%s, %s)", since, upto)
    return int(upto)


def wrong_days(clinic: Clinic) -> list[dict[str, Any]]:
    """What is not as the raw rows have it."""
    return clinic.world.admin.rows("select * from private.verify_days(%s)", clinic.workspace_id)

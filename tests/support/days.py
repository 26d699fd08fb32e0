"""The daily tier in tests: hold it against the raw rows."""

from typing import Any

from support.clinic import Clinic


def wrong_days(clinic: Clinic) -> list[dict[str, Any]]:
    """What is not as the raw rows have it."""
    return clinic.world.admin.rows("select * from private.verify_days(%s)", clinic.workspace_id)

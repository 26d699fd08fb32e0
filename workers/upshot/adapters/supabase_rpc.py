"""Calls of the database's worker functions, through PostgREST with the project's secret key."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx
from postgrest import AsyncPostgrestClient
from postgrest.exceptions import APIError

from upshot.domain.errors import StoreError

TRIES = 4
FIRST_WAIT = 0.25
# Gateway trouble by status, PostgREST without a database, and Postgres classes that pass: connection, rollback, resources.
_PASSING = ("502", "503", "504", "520", "PGRST000", "PGRST001", "PGRST002", "PGRST003", "08", "40", "53", "57P")


class SupabaseRpc:
    """Every function called here may be called twice: an answer lost on the way does no harm."""

    def __init__(self, url: str, secret_key: str, *, timeout: float = 20.0) -> None:
        base = f"{url.rstrip('/')}/rest/v1"
        # Never signed in: a client that signs in would speak with a user's rights.
        headers = {"apikey": secret_key, "Authorization": f"Bearer {secret_key}"}
        http = httpx.AsyncClient(base_url=base, timeout=timeout)
        self._client = AsyncPostgrestClient(base, headers=headers, http_client=http)

    async def call(self, function: str, arguments: Mapping[str, Any]) -> Any:
        """The function's decoded result; StoreError when it refuses, or cannot be reached after a few tries."""
        for left in reversed(range(TRIES)):
            try:
                return (await self._client.rpc(function, dict(arguments)).execute()).data
            except APIError as error:
                failure = _failure(function, error)
                if failure.refused or not left:
                    raise failure from error
            except httpx.HTTPError as error:
                if not left:
                    raise StoreError(f"{function}: the API cannot be reached ({type(error).__name__})") from error
            await asyncio.sleep(FIRST_WAIT * 2 ** (TRIES - 1 - left))
        raise AssertionError("the last try returns or raises")

    async def aclose(self) -> None:
        await self._client.aclose()


def _failure(function: str, error: APIError) -> StoreError:
    code = str(error.code or "")
    refused = not code.startswith(_PASSING)
    return StoreError(f"{function}: {error.message}", sqlstate=code, reason=_reason(error), refused=refused)


def _reason(error: APIError) -> str | None:
    """Our own functions put their error's registered code into the details, as JSON."""
    try:
        details = json.loads(error.details or "")
    except (TypeError, ValueError):
        return None
    return str(details["code"]) if isinstance(details, dict) and "code" in details else None

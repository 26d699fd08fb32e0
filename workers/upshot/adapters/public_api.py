"""The public verbs as a person's command calls them: over HTTP, with an API key of Upshot's or a secret key."""

import json
import time
from collections.abc import Mapping
from typing import Any

import httpx

from upshot.domain.errors import StoreError

TRIES = 4
FIRST_WAIT = 0.5


class PublicApi:
    """Every verb called here may be called twice: an answer lost on the way does no harm."""

    def __init__(self, url: str, key: str, api_key: str | None = None, *, timeout: float = 330.0) -> None:
        """`key` is the project's publishable key when `api_key` is given, else its secret key."""
        headers = {"apikey": key} | ({"x-upshot-key": api_key} if api_key else {"Authorization": f"Bearer {key}"})
        self._http = httpx.Client(base_url=f"{url.rstrip('/')}/rest/v1/rpc", headers=headers, timeout=timeout)

    def call(self, verb: str, arguments: Mapping[str, Any]) -> Any:
        """The verb's answer; StoreError with its message and hint when it refuses or cannot be reached."""
        for left in reversed(range(TRIES)):
            try:
                answer = self._http.post(f"/{verb}", json=dict(arguments))
            except httpx.HTTPError as error:
                if not left:
                    raise StoreError(f"Upshot cannot be reached: {type(error).__name__}.") from error
            else:
                if answer.is_success:
                    return answer.json()
                if answer.status_code not in (502, 503, 504) or not left:
                    raise _refusal(answer)
            time.sleep(FIRST_WAIT * 2 ** (TRIES - 1 - left))
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()


def _refusal(answer: httpx.Response) -> StoreError:
    try:
        said = answer.json()
        return StoreError(
            f"{said['message']} {said.get('hint') or ''}".strip(), sqlstate=said.get("code"), refused=True
        )
    except (json.JSONDecodeError, KeyError, TypeError):
        return StoreError(f"Upshot answered {answer.status_code}.", refused=True)

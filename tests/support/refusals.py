"""Which error a call is refused with."""

import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest


def refusal(call: Callable[..., Any], *arguments: Any, **more: Any) -> str:
    """The code of the registered error that a call raises."""
    with pytest.raises(psycopg.Error) as caught:
        call(*arguments, **more)
    detail = caught.value.diag.message_detail
    assert detail, caught.value
    return str(json.loads(detail)["code"])

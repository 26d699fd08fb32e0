"""Who is asking: the claims of the bearer token and the database role they stand for."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from upshot_devstack.gateway.rest.errors import (
    invalid_claims,
    invalid_token,
    no_jwt_secret,
    nul_in_text,
    token_required,
)
from upshot_devstack.gateway.tokens import InvalidToken, Tokens

CLAIMS_CODES = frozenset({"bad_claim", "expired", "not_yet_valid", "issued_in_future", "bad_audience"})
BEARER = "bearer "
STEP = re.compile(
    r"\.(?P<name>[^\s.\[\"]+)|\.\"(?P<quoted>[^\"]+)\"|\[(?P<mark>[\"'])(?P<bracketed>[^\"']+)(?P=mark)\]"
    r"|\[(?P<index>-?[0-9]+)\]"
    r"|\[\?(?P<open>\()?@\s*(?P<operator>==|!=|\^==|==\^|\*==)\s*(?P<sign>[\"'])(?P<text>[^\"']*)(?P=sign)\s*(?(open)\))\]"
)

RoleOf = Callable[[Mapping[str, Any]], str | None]


@dataclass(frozen=True, slots=True)
class Identity:
    """The role a request runs as and its claims as JSON."""

    role: str
    claims: bytes
    anonymous: bool


class Authenticator:
    """Verifies bearer tokens and picks the role by the configured claim."""

    def __init__(self, tokens: Tokens, role_claim: str, anonymous_role: str | None) -> None:
        self._tokens = tokens
        self._role_of = claim_path(role_claim)
        self._anonymous_role = anonymous_role

    def identify(self, authorization: str | None) -> Identity:
        """The identity behind an Authorization header; PGRST300 to 303 when it cannot be believed."""
        token = bearer_token(authorization)
        claims: dict[str, Any] = {} if token is None else self._claims(token)
        role = self._role_of(claims) or self._anonymous_role
        if role is None:
            raise token_required()
        if "\0" in role:
            # The wire protocol would end it there, and what is left may be the name of another role.
            raise nul_in_text()
        text = json.dumps({**claims, "role": role}, ensure_ascii=False, separators=(",", ":"))
        return Identity(role, text.encode(errors="replace"), anonymous=role == self._anonymous_role)

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            return self._tokens.verify(token)
        except InvalidToken as error:
            if error.code == "no_secret":
                raise no_jwt_secret() from error
            refuse = invalid_claims if error.code in CLAIMS_CODES else invalid_token
            raise refuse(error.message, error.details) from error


def bearer_token(authorization: str | None) -> str | None:
    """The token of a Bearer header; other schemes are not for us."""
    if authorization is None or authorization[: len(BEARER)].lower() != BEARER:
        return "" if authorization is not None and authorization.strip().lower() == BEARER.strip() else None
    return authorization[len(BEARER) :].strip()


def claim_path(path: str) -> RoleOf:
    """A function that follows a path such as `.role`, `."https://x/role"` or `$.roles[0]` into the claims."""
    steps = list(STEP.finditer(path))
    if not steps or "".join(step.group() for step in steps) != path.removeprefix("$"):
        msg = f"jwt_role_claim_key {path!r} is not a path; write it like .role or .app_metadata.roles[0]"
        raise ValueError(msg)

    def follow(claims: Mapping[str, Any]) -> str | None:
        value: Any = claims
        for step in steps:
            value = _stepped(value, step)
        return None if value is None else value if isinstance(value, str) else json.dumps(value)

    return follow


COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "==": lambda value, text: value == text,
    "!=": lambda value, text: value != text,
    "^==": lambda value, text: value.startswith(text),
    "==^": lambda value, text: value.endswith(text),
    "*==": lambda value, text: text in value,
}


def _stepped(value: Any, step: re.Match[str]) -> Any:
    if operator := step.group("operator"):
        candidates = value if isinstance(value, list) else []
        matches = (one for one in candidates if isinstance(one, str) and COMPARISONS[operator](one, step.group("text")))
        return next(matches, None)
    if index := step.group("index"):
        return value[int(index)] if isinstance(value, list) and -len(value) <= int(index) < len(value) else None
    name = step.group("name") or step.group("quoted") or step.group("bracketed")
    return value.get(name) if isinstance(value, Mapping) else None

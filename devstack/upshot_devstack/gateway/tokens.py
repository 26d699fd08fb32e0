"""JSON Web Tokens: the keys we trust, signing and verifying.

Only the configured keys count. ``alg`` must be the algorithm of a key we hold, ``kid`` may only choose among them,
and keys carried by the token itself (``jwk``, ``jku``, ``x5u``) are never looked at.
"""

import base64
import binascii
import json
import time
import uuid
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from upshot_devstack.gateway.settings import GatewaySettings

ErrorCode = Literal[
    "no_secret",
    "empty",
    "malformed",
    "unsupported_algorithm",
    "no_key",
    "bad_signature",
    "bad_claim",
    "expired",
    "not_yet_valid",
    "issued_in_future",
    "bad_audience",
]

CLOCK_SKEW = 30  # seconds, as PostgREST allows
LEGACY_KEY_EXPIRY = 1983812996  # the CLI's development keys end in 2032; equal claims give equal keys
MIN_SECRET_BYTES = 32
MAX_TOKEN_BYTES = 16 * 1024
SIGNATURE_ALGORITHMS = ("HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA")
JWT_PARTS = 3


class InvalidToken(Exception):  # noqa: N818 - the term of the field; "error" adds nothing
    """A token that must not be believed.

    ``code`` is stable and for programs; ``message`` and ``details`` are PostgREST's own wording.
    """

    def __init__(self, code: ErrorCode, message: str, details: str | None = None) -> None:
        super().__init__(message)
        self.code: ErrorCode = code
        self.message = message
        self.details = details


@dataclass(frozen=True)
class Key:
    """One key of ours: ``verify`` and ``sign`` are what the algorithm wants, ``public`` the JWK for the world."""

    algorithm: Literal["HS256", "ES256", "RS256"]
    kid: str | None
    verify: Any
    sign: Any = None
    public: Mapping[str, Any] | None = None


class Tokens:
    """Signs and verifies; made once from the settings and shared by all services."""

    def __init__(self, settings: GatewaySettings) -> None:
        shared = shared_keys(settings)
        signing = [] if settings.jwt_signing_key is None else [signing_key(settings.jwt_signing_key)]
        self._keys = [*signing, *shared]
        self._audience = settings.jwt_aud
        self._signer = next((key for key in self._keys if key.sign is not None), None)
        self._legacy = next((key for key in shared if key.sign is not None and key.algorithm == "HS256"), None)
        self._cache: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._cache_size = settings.jwt_cache_max_entries
        self.anon_key = self._role_key("anon")
        self.service_role_key = self._role_key("service_role")

    def verify(self, token: str) -> dict[str, Any]:
        """The claims of a token that is ours and valid now; raises InvalidToken. The answer is the caller's own."""
        if not self._keys:
            raise InvalidToken("no_secret", "Server lacks JWT secret")
        claims = self._cache.get(token)
        if claims is None:
            claims = self._checked(token)
            self._remember(token, claims)
        check_times(claims, time.time())
        check_audience(claims, self._audience)
        return claims.copy()

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token by the signing key, or by the shared secret when there is none."""
        return self._signed(self._signer, claims)

    def sign_legacy(self, claims: Mapping[str, Any]) -> str:
        """A token by the shared HS256 secret."""
        return self._signed(self._legacy, claims)

    def jwks(self) -> dict[str, Any]:
        """The public keys, as a JWK set; shared secrets are never in it."""
        return {"keys": [dict(key.public) for key in self._keys if key.public is not None]}

    @property
    def algorithms(self) -> list[str]:
        """Algorithms of the tokens we sign."""
        return [] if self._signer is None else [self._signer.algorithm]

    def _role_key(self, role: str) -> str:
        key = self._legacy or self._signer
        if key is None:
            return ""
        return self._signed(key, {"iss": "supabase-demo", "role": role, "exp": LEGACY_KEY_EXPIRY})

    @staticmethod
    def _signed(key: Key | None, claims: Mapping[str, Any]) -> str:
        if key is None:
            msg = "No key to sign with: set jwt_signing_key to an ES256 private JWK, or jwt_secret to a secret."
            raise RuntimeError(msg)
        headers = {"kid": key.kid} if key.kid else None
        return jwt.encode(dict(claims), key.sign, key.algorithm, headers=headers, sort_headers=True)

    def _checked(self, token: str) -> dict[str, Any]:
        header = read_header(token)
        candidates = self._candidates(header)
        for key in candidates:
            payload = verified_payload(token, key)
            if payload is not None:
                return read_claims(payload)
        raise InvalidToken("bad_signature", "No suitable key or wrong key type", NO_KEY_DETAILS)

    def _candidates(self, header: Mapping[str, Any]) -> list[Key]:
        algorithm = header.get("alg")
        keys = [key for key in self._keys if key.algorithm == algorithm]
        if not keys:
            raise refused_algorithm(algorithm)
        kid = header.get("kid")
        named = [key for key in keys if key.kid is not None and key.kid == kid]
        return named or keys

    def _remember(self, token: str, claims: dict[str, Any]) -> None:
        if self._cache_size == 0:
            return
        while len(self._cache) >= self._cache_size:
            self._cache.popitem(last=False)
        self._cache[token] = claims


NO_KEY_DETAILS = "None of the keys was able to decode the JWT"
NO_SUCH_KEY_DETAILS = "No suitable key was found to decode the JWT"
UNSECURED_DETAILS = "JWT is unsecured but expected 'alg' was not 'none'"


def refused_algorithm(algorithm: object) -> InvalidToken:
    """Why no key of ours is tried: the token is unsigned, signed in a way we have no key for, or no JWT at all."""
    if isinstance(algorithm, str) and algorithm.lower() == "none":
        return InvalidToken("unsupported_algorithm", "Wrong or unsupported encoding algorithm", UNSECURED_DETAILS)
    if algorithm not in SIGNATURE_ALGORITHMS:
        return InvalidToken("malformed", "JWT cryptographic operation failed")
    return InvalidToken("no_key", "No suitable key or wrong key type", NO_SUCH_KEY_DETAILS)


def read_header(token: str) -> dict[str, Any]:
    """The header of a compact JWS; InvalidToken when it is not one we can read."""
    if not token:
        raise InvalidToken("empty", "Empty JWT is sent in Authorization header")
    parts = token.split(".")
    if len(parts) != JWT_PARTS:
        raise InvalidToken("malformed", f"Expected 3 parts in JWT; got {len(parts)}")
    header = decode_json(parts[0]) if len(token) <= MAX_TOKEN_BYTES else None
    if not isinstance(header, dict) or "crit" in header or "b64" in header:
        raise InvalidToken("malformed", "JWT cryptographic operation failed")
    return header


def decode_json(part: str) -> Any:
    """The JSON value of one base64url part, or None."""
    try:
        return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None


def verified_payload(token: str, key: Key) -> bytes | None:
    """The signed bytes when the key signed them."""
    try:
        payload = jwt.api_jws.decode(token, key.verify, algorithms=[key.algorithm])
    except jwt.InvalidSignatureError:
        return None
    except jwt.InvalidTokenError as error:
        raise InvalidToken("malformed", "JWT cryptographic operation failed") from error
    return payload if isinstance(payload, bytes) else None


def read_claims(payload: bytes) -> dict[str, Any]:
    """The claims as a JSON object with the registered ones of the right type."""
    try:
        claims = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise InvalidToken("bad_claim", "Parsing claims failed") from error
    if not isinstance(claims, dict):
        raise InvalidToken("bad_claim", "Parsing claims failed")
    for name in ("exp", "nbf", "iat"):
        value = claims.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise InvalidToken("bad_claim", f"The JWT '{name}' claim must be a number")
    check_audience_type(claims.get("aud"))
    return claims


def check_audience_type(audience: object) -> None:
    """``aud`` is absent, a string, or a list of strings."""
    many = audience if isinstance(audience, list) else [audience]
    if audience is not None and not all(isinstance(one, str) for one in many):
        raise InvalidToken("bad_claim", "The JWT 'aud' claim must be a string or an array of strings")


def check_times(claims: Mapping[str, Any], now: float) -> None:
    """Raise when the token is not valid at ``now`` (seconds since the epoch), give or take the clock skew."""
    if (exp := claims.get("exp")) is not None and now > exp + CLOCK_SKEW:
        raise InvalidToken("expired", "JWT expired")
    if (nbf := claims.get("nbf")) is not None and now < nbf - CLOCK_SKEW:
        raise InvalidToken("not_yet_valid", "JWT not yet valid")
    if (iat := claims.get("iat")) is not None and now < iat - CLOCK_SKEW:
        raise InvalidToken("issued_in_future", "JWT issued at future")


def check_audience(claims: Mapping[str, Any], expected: str | None) -> None:
    """Raise when the token names audiences and ours is not among them."""
    audience = claims.get("aud")
    if expected is None or audience is None or audience == []:
        return
    if expected not in (audience if isinstance(audience, list) else [audience]):
        raise InvalidToken("bad_audience", "JWT not in audience")


def shared_keys(settings: GatewaySettings) -> list[Key]:
    """The keys of ``jwt_secret``: a plain secret, a base64 one, a JWK, or a JWK set."""
    if settings.jwt_secret is None:
        return []
    secret = settings.jwt_secret.strip()
    if secret.startswith("{"):
        document = json.loads(secret)
        return [key_from_jwk(jwk) for jwk in document.get("keys", [document])]
    raw = base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4)) if settings.jwt_secret_is_base64 else None
    return [secret_key(raw if raw is not None else settings.jwt_secret.encode(), kid=None)]


def secret_key(secret: bytes, kid: str | None) -> Key:
    """A shared HS256 key; ValueError when it is too short to be one."""
    if len(secret) < MIN_SECRET_BYTES:
        msg = f"The JWT secret has {len(secret)} bytes, it needs at least {MIN_SECRET_BYTES}."
        raise ValueError(msg)
    return Key("HS256", kid, verify=secret, sign=secret)


def key_from_jwk(jwk: Mapping[str, Any]) -> Key:
    """A verifying key of a configured JWK (oct, EC P-256 or RSA)."""
    kid = jwk.get("kid")
    if jwk.get("kty") == "oct":
        encoded = str(jwk["k"])
        return secret_key(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)), kid)
    algorithm: Literal["ES256", "RS256"] = "ES256" if jwk.get("kty") == "EC" else "RS256"
    public = {name: value for name, value in jwk.items() if name in PUBLIC_MEMBERS}
    return Key(algorithm, kid, verify=jwt.PyJWK(public, algorithm).key, public=public)


PUBLIC_MEMBERS = frozenset({"kty", "crv", "x", "y", "n", "e", "kid", "alg", "use"})


def signing_key(text: str) -> Key:
    """The key pair of a private JWK (EC P-256 or RSA); ValueError when it is another kind."""
    jwk = json.loads(text)
    algorithm, private = private_key(jwk)
    public = {name: value for name, value in jwk.items() if name in PUBLIC_MEMBERS} | {"alg": algorithm, "use": "sig"}
    kid = str(jwk.get("kid") or thumbprint(public))
    described = {**public, "kid": kid, "key_ops": ["verify"], "ext": True}
    return Key(algorithm, kid, verify=private.public_key(), sign=private, public=described)


def private_key(jwk: Mapping[str, Any]) -> tuple[Literal["ES256", "RS256"], Any]:
    """The algorithm and the private half of a JWK."""
    if "d" in jwk and jwk.get("kty") == "EC" and jwk.get("crv") == "P-256":
        return "ES256", ECAlgorithm.from_jwk(dict(jwk))
    if "d" in jwk and jwk.get("kty") == "RSA":
        return "RS256", RSAAlgorithm.from_jwk(dict(jwk))
    msg = "jwt_signing_key must be a private JWK: EC with crv P-256 (generate_signing_key() makes one), or RSA."
    raise ValueError(msg)


def thumbprint(public: Mapping[str, Any]) -> str:
    """A stable name for a key that has none, from its public half."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(public, sort_keys=True)))


def generate_signing_key() -> str:
    """A fresh ES256 private JWK as JSON text; keep it where only the server can read it."""
    jwk = json.loads(ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1())))
    return json.dumps({**jwk, "kid": str(uuid.uuid4()), "alg": "ES256", "use": "sig"})

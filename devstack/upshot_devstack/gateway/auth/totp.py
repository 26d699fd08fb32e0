"""Time-based one-time passwords (RFC 6238): six digits of HMAC-SHA-1 over 30-second steps."""

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
import time
from urllib.parse import quote, urlencode

import segno

SECRET_BYTES = 20
STEP = 30
DIGITS = 6
SKEW = (0, -1, 1)  # a clock may be one step off


def new_secret() -> str:
    """Twenty random bytes in base 32."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def key_uri(secret: str, issuer: str, account: str) -> str:
    """What authenticator apps read from a QR code."""
    query = urlencode({"algorithm": "SHA1", "digits": DIGITS, "issuer": issuer, "period": STEP, "secret": secret})
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{query}"


def code_at(secret: str, moment: float) -> str:
    """The code at a time in seconds since the epoch."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(moment) // STEP), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def is_valid(secret: str, code: str, moment: float | None = None) -> bool:
    """Whether a code is right now, or was or will be within one step."""
    now = time.time() if moment is None else moment
    try:
        wanted = [code_at(secret, now + step * STEP) for step in SKEW]
    except binascii.Error:
        return False
    return any([hmac.compare_digest(code.encode(), one.encode()) for one in wanted])  # noqa: C419 - equal time


def qr_svg(text: str) -> str:
    """A QR code as one SVG element."""
    return segno.make(text, error="m").svg_inline(scale=4)

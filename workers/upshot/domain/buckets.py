"""The hash that assigns: the same in SQL (private.bucket), here, and in TypeScript.

Vectors: frontend_contract/fixtures/assignment_vectors.json.
"""

import hashlib
from typing import Literal

BUCKETS = 10_000

Purpose = Literal["traffic", "variant", "layer", "holdout"]


def bucket(salt: str, purpose: Purpose, unit_id: str) -> int:
    """The bucket, of 0 to 9999: first 48 bits of SHA-256(salt:purpose:unit) modulo 10,000.

    Texts are hashed as they are: é as one code point and é as two are different units.
    """
    digest = hashlib.sha256(f"{salt}:{purpose}:{unit_id}".encode()).digest()
    return int.from_bytes(digest[:6]) % BUCKETS

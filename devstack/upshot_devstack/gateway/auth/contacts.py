"""E-mail addresses and telephone numbers: one spelling each."""

import re

from upshot_devstack.gateway.auth.errors import invalid

MAX_EMAIL = 255
LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
EMAIL = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{LABEL}(?:\.{LABEL})*")  # HTML's definition of an address
PHONE = re.compile(r"[1-9][0-9]{1,14}")


def normal_email(text: str) -> str:
    """The address in lower case; AuthError when it is none."""
    if not text:
        raise invalid("An email address is required")
    if len(text) > MAX_EMAIL:
        raise invalid("An email address is too long")
    if EMAIL.fullmatch(text) is None:
        raise invalid("Unable to validate email address: invalid format")
    return text.lower()


def normal_phone(text: str) -> str:
    """E.164 digits without plus sign and spaces; AuthError when it is none."""
    digits = plain_phone(text)
    if PHONE.fullmatch(digits) is None:
        raise invalid("Invalid phone number format (E.164 required)")
    return digits


def plain_phone(text: str) -> str:
    return text.strip().removeprefix("+").replace(" ", "")

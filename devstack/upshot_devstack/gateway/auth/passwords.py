"""Passwords: strength, bcrypt in worker threads, and equal time for people who do not exist."""

import asyncio
import re
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import bcrypt

from upshot_devstack.gateway.auth.errors import WeakPasswordError, invalid
from upshot_devstack.gateway.settings import GatewaySettings

T = TypeVar("T")

MAX_BYTES = 72  # bcrypt reads no further
MAX_THREADS = 2
BCRYPT_HASH = re.compile(r"\$2[aby]\$(0[4-9]|1[0-9])\$[./A-Za-z0-9]{53}")


class Passwords:
    """Hashes and checks passwords without holding up the event loop."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._min_length = settings.password_min_length
        self._required = settings.password_required_characters
        self._cost = settings.password_bcrypt_cost
        self._threads = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="bcrypt")
        self._decoy = bcrypt.hashpw(secrets.token_bytes(16), bcrypt.gensalt(self._cost)).decode()

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def check_strength(self, password: str) -> None:
        """WeakPasswordError with every reason; AuthError when it is too long to be hashed."""
        if len(password.encode()) > MAX_BYTES:
            raise invalid(f"Password cannot be longer than {MAX_BYTES} characters")
        problems = [*self._length_problem(password), *self._character_problem(password)]
        if problems:
            raise WeakPasswordError(" ".join(text for _, text in problems), [reason for reason, _ in problems])

    def weakness(self, password: str) -> WeakPasswordError | None:
        """Why an accepted password would not be accepted today."""
        try:
            self.check_strength(password)
        except WeakPasswordError as weak:
            return weak
        return None

    async def hash(self, password: str) -> str:
        """A bcrypt hash; the password has at most 72 bytes."""
        salt = bcrypt.gensalt(self._cost)
        hashed = await self._in_thread(partial(bcrypt.hashpw, password.encode(), salt))
        return hashed.decode()

    async def matches(self, password: str, stored: str | None) -> bool:
        """Whether the password is the stored one. Takes as long when nothing is stored."""
        usable = stored is not None and BCRYPT_HASH.fullmatch(stored) is not None
        reference = stored if usable and stored is not None else self._decoy
        given = password.encode()
        same = await self._in_thread(partial(bcrypt.checkpw, given[:MAX_BYTES], reference.encode()))
        return same and usable and len(given) <= MAX_BYTES

    def random(self) -> str:
        """A password that nobody knows and every policy accepts."""
        needed = "".join(secrets.choice(characters) for characters in self._required if characters)
        return (needed + secrets.token_urlsafe(40))[:64]

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _length_problem(self, password: str) -> list[tuple[str, str]]:
        if len(password) >= self._min_length:
            return []
        return [("length", f"Password should be at least {self._min_length} characters.")]

    def _character_problem(self, password: str) -> list[tuple[str, str]]:
        wanted = [characters for characters in self._required if characters]
        if all(set(characters) & set(password) for characters in wanted):
            return []
        listed = ", ".join(self._required)
        return [("characters", f"Password should contain at least one character of each: {listed}.")]


def require_bcrypt(text: str) -> str:
    """An imported hash that we can check; AuthError otherwise."""
    if BCRYPT_HASH.fullmatch(text) is None:
        raise invalid("password_hash must be a bcrypt hash ($2a$, $2b$ or $2y$)")
    return text

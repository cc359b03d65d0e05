"""Passwords: argon2id hashes, and what a new one must be.

Source: OWASP ASVS 5.0, chapter on passwords: at least 8 characters (15 advised), long ones allowed, no rules
of composition, none that everybody tries first.
"""

import secrets
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from idp.rules.errors import InvalidInput

MINIMUM_LENGTH = 8
ADVISED_LENGTH = 15
MAXIMUM_LENGTH = 128
COMMON_PASSWORDS_FILE = Path(__file__).with_name("common_passwords.txt")

ONE_TIME_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike on paper."""
ONE_TIME_LENGTH = 12
ONE_TIME_DAYS = 14
"""How long a password that HR handed over opens the log-in (this product's default)."""

_hasher = PasswordHasher()


def one_time_password() -> str:
    """A password to hand over, in three groups for reading aloud; about 59 bits."""
    letters = [secrets.choice(ONE_TIME_LETTERS) for _place in range(ONE_TIME_LENGTH)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, ONE_TIME_LENGTH, 4))


def hash_password(password: str) -> str:
    """The argon2id hash to store; takes about 0.1 s, by design."""
    return _hasher.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; without one (unknown login) it takes as long and says no."""
    if len(password) > MAXIMUM_LENGTH:
        return False
    try:
        return _hasher.verify(password_hash or _dummy_hash(), password) and password_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def check_new_password(password: str, login: str) -> None:
    """Raises InvalidInput (field `new_password`): `too_short`, `too_long`, `too_common`, `same_as_login`."""
    if len(password) < MINIMUM_LENGTH:
        raise InvalidInput("new_password", "too_short", minimum=MINIMUM_LENGTH)
    if len(password) > MAXIMUM_LENGTH:
        raise InvalidInput("new_password", "too_long", maximum=MAXIMUM_LENGTH)
    if password.casefold() in _common_passwords():
        raise InvalidInput("new_password", "too_common")
    if login and password.casefold() == login.casefold():
        raise InvalidInput("new_password", "same_as_login")


@cache
def _dummy_hash() -> str:
    return _hasher.hash("nobody has this password")


@cache
def _common_passwords() -> frozenset[str]:
    return frozenset(COMMON_PASSWORDS_FILE.read_text(encoding="utf-8").split())

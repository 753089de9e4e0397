"""What people sign in with: a PIN or a passphrase, kept as an Argon2 hash and nothing else."""

from unicodedata import normalize

from models.values.problems import Problem, problem
from models.values.text import note_problem

PIN_LENGTH = 6
"""The fewest digits of a secret that is digits only."""

PASSPHRASE_LENGTH = 8

_TRIVIAL = frozenset(
    {
        *("112233", "121212", "123123", "123321", "147258", "520520", "1314520", "5201314"),
        *("1q2w3e4r", "1qaz2wsx", "a1234567", "abcd1234", "admin123", "changeme", "iloveyou"),
        *("letmein1", "passphrase", "passw0rd", "password", "password1", "qwer1234", "qwertyui"),
        *("welcome1", "woaini1314"),
    }
)
_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl")

NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$MlgtObfmyR1HPMa+mzHefQ"
    "$Pe4jVFEqteEOV6OXUtFsAnylWcWXkRmWvZ7tfM7AA2k"
)
"""The hash of nobody's secret: checked for names that have no account, so that they take as long
to refuse as others."""


def secret_problem(secret: str, name: str = "") -> Problem | None:
    """What is wrong with a secret that `name` would sign in with, or None."""
    secret = normal(secret)
    if (found_problem := note_problem(secret, "secret")) is not None:
        return found_problem
    if secret.isdecimal():
        if len(secret) < PIN_LENGTH:
            return problem("secret", "a PIN needs %(least)s digits or more", least=PIN_LENGTH)
    elif len(secret) < PASSPHRASE_LENGTH:
        return problem(
            "secret",
            "a passphrase needs %(least)s characters or more (a PIN, %(digits)s digits)",
            least=PASSPHRASE_LENGTH,
            digits=PIN_LENGTH,
        )
    if _is_trivial(secret.casefold(), normal(name).casefold()):
        return problem("secret", "too easy to guess: choose another")
    return None


def hashed(secret: str) -> str:
    """The hash to keep."""
    from argon2 import PasswordHasher  # only where a secret is at hand

    return PasswordHasher().hash(normal(secret))


def is_right(kept: str, secret: str) -> bool:
    """Whether this is the secret whose hash was kept. Takes a tenth of a second or so."""
    from argon2 import PasswordHasher
    from argon2.exceptions import VerificationError

    try:
        return PasswordHasher().verify(kept, normal(secret))
    except (VerificationError, UnicodeEncodeError):
        return False


def recovery_code() -> str:
    """A code of 80 random bits, in four groups that can be written down."""
    import secrets

    letters = [secrets.choice(_CODE_LETTERS) for _ in range(16)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, 16, 4))


def recovery_hash(code: str) -> str:
    """What is kept of a recovery code, however it is typed. Nobody guesses 80 bits, so it needs no
    slow hash."""
    from hashlib import sha256

    typed = normal(code).upper().replace("-", "").replace(" ", "")
    return sha256(typed.encode("utf-8", "surrogatepass")).hexdigest()


def normal(text: str) -> str:
    """The text however it was typed: an input method may give full-width digits."""
    return normalize("NFKC", text)


def _is_trivial(secret: str, name: str) -> bool:
    if secret in _TRIVIAL or secret == name or len(set(secret)) <= 2:
        return True
    return any(secret in row or secret in row[::-1] for row in _ROWS)

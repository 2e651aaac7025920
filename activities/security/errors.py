"""What can go wrong with keys and with what they lock. No message ever holds a value or a key."""

import re


class SecurityError(Exception):
    """Base of this package's errors: a stable `code` and a message an operator can act on."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class KeyringError(SecurityError):
    """The keys themselves are missing, malformed or kept carelessly (codes `keyring_...`)."""


class UnknownKeyError(SecurityError):
    """Something names a key the ring does not hold."""

    def __init__(self, key_id: str) -> None:
        shown = key_id if re.fullmatch(r"[a-z0-9_-]{1,32}", key_id) else "(unreadable)"
        super().__init__(
            "key_unknown", f"no key with the id {shown}: restore it to the key file; nothing else opens it"
        )


class TamperedError(SecurityError):
    """The bytes were changed, moved to another place or locked with another key."""

    def __init__(self, message: str = "sealed bytes do not open: changed, moved, or locked with another key") -> None:
        super().__init__("sealed_refused", message)


class ErasedError(SecurityError):
    """The person's data key was deleted: the fields can never be read again."""

    def __init__(self) -> None:
        super().__init__("person_erased", "the person's data was erased; it cannot be read again")


class IndexValueError(SecurityError):
    """Nothing is left of a value to search by."""

    def __init__(self) -> None:
        super().__init__("index_value_empty", "nothing to search by: give at least one letter or digit")

"""Forms prove that they were drawn for this sign-in: each carries a fresh mask and a seal only its session can make."""

import hashlib
import hmac
import secrets

MASK = 16  # bytes; fresh in every form, so that a compressed page does not give the seal away bit by bit


def token_for(session: str) -> str:
    """A token for a form of this session (the digest of its sign-in)."""
    mask = secrets.token_hex(MASK)
    return f"{mask}.{_seal(session, mask)}"


def sound(session: str, token: str) -> bool:
    """Whether a form with this token was drawn for this session."""
    mask, _, seal = token.partition(".")
    return len(mask) == 2 * MASK and hmac.compare_digest(seal.encode(), _seal(session, mask).encode())


def _seal(session: str, mask: str) -> str:
    return hmac.new(session.encode(), f"form/{mask}".encode(), hashlib.sha256).hexdigest()

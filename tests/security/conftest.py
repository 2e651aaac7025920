"""A ring of keys for the stories of this folder."""

import pytest

from activities.security.keyring import Keyring, new_keyring


@pytest.fixture
def ring() -> Keyring:
    """A fresh ring of one key."""
    return new_keyring()

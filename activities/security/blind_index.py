"""Blind index: finds a person by an exact value without the database ever holding the value."""

import hashlib
import hmac
import re
import unicodedata
from enum import StrEnum

from activities.security.errors import IndexValueError
from activities.security.keyring import Keyring


class Form(StrEnum):
    """How a field is written, and so which spellings of it count as the same."""

    TEXT = "text"  # letter case, spacing and Unicode form do not matter; Vietnamese marks do
    NUMBER = "number"  # a paper's number: letters and digits matter, punctuation and case do not
    PHONE = "phone"  # digits only; +84 and 0084 are 0


def index(keyring: Keyring, field: str, value: str, form: Form = Form.TEXT) -> str:
    """32 hex digits that are equal for equal values of one field, and tell nothing without the index key.

    Raises `IndexValueError` when nothing of the value is left to search by.
    """
    normal = normalise(value, form)
    if not normal:
        raise IndexValueError
    return hmac.new(keyring.index_key(field), normal.encode(), hashlib.sha256).hexdigest()[:32]


def normalise(value: str, form: Form = Form.TEXT) -> str:
    """The one spelling of a value. A number or phone without a digit ("none yet") is indexed as text."""
    # Decomposed before folding: Unicode defines caseless matching so (D145).
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFD", value).casefold())
    text = " ".join(text.split())
    if form is Form.PHONE and (digits := _digits(text)):
        return digits
    if form is Form.NUMBER and any(letter.isdigit() for letter in text):
        return "".join(letter for letter in text if letter.isalnum())
    return text


def _digits(text: str) -> str:
    digits = "".join(str(unicodedata.digit(letter)) for letter in text if letter.isdigit())
    international = re.match(r"\s*\(?\s*(\+|00)", text) is not None
    return re.sub(r"^(00)?840?", "0", digits) if international else digits

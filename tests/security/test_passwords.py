"""Stories of passwords and tokens: who does not know them does not get in, nor learn who exists."""

from activities.security import passwords
from activities.security.passwords import hash_password, new_token, token_digest, verify


def test_the_right_password_opens_and_a_wrong_one_does_not() -> None:
    """Marks and case count."""
    kept = hash_password("mưa tháng bảy")
    assert kept.startswith("$argon2id$")
    assert verify("mưa tháng bảy", kept)
    assert not verify("mua thang bay", kept)
    assert not verify("", kept)


def test_the_same_password_is_kept_differently_for_each_officer() -> None:
    """Two rows never show that two officers chose alike."""
    assert hash_password("mưa tháng bảy") != hash_password("mưa tháng bảy")


def test_an_unknown_officer_costs_the_same_work() -> None:
    """The time an answer takes does not tell which names have accounts: both paths hash with equal parameters."""
    assert not verify("mưa tháng bảy", None)
    ours, nobody = hash_password("mưa tháng bảy"), passwords._nobody()
    assert ours.split("$")[1:4] == nobody.split("$")[1:4]


def test_a_hash_nobody_can_read_keeps_the_account_shut() -> None:
    """A damaged row is no open door and no crash."""
    assert not verify("mưa tháng bảy", "not a hash")
    assert not verify("mưa tháng bảy", "$argon2id$v=19$m=65536,t=3,p=4$broken")
    assert not verify("mưa tháng bảy", "")


def test_a_row_keeps_only_the_digest_of_a_token() -> None:
    """Reading the sessions table signs nobody in."""
    token, digest = new_token()
    assert digest == token_digest(token)
    assert len(digest) == 32
    assert token.encode() not in digest
    assert new_token().token != token

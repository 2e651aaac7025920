"""Consents over HTTP: what the person agreed to holds from now on, or it is none."""

import httpx

from tests.api.conftest import SignIn
from tests.api.test_officers_day import reported

__all__ = ["reported"]


async def test_a_consent_that_is_over_already_is_refused(sign_in: SignIn, reported: str) -> None:
    """With a code of its own, at its field; the same with a day ahead is kept."""
    lead, path = await sign_in("labour-division.coordinator"), f"/journeys/{reported}/consents"
    body = {"purpose": "học nghề", "recipients": ["labour-division"], "until": "2024-03-03T00:00:00Z"}
    refused = await lead.post(path, json=body, headers={"Idempotency-Key": "a"})
    assert (httpx.codes.UNPROCESSABLE_ENTITY, "consent-until-past") == (refused.status_code, refused.json()["code"])
    assert ["until"] == refused.json()["problems"][0]["loc"]
    kept = await lead.post(path, json=body | {"until": "2024-09-01T00:00:00Z"}, headers={"Idempotency-Key": "b"})
    assert httpx.codes.CREATED == kept.status_code, kept.text

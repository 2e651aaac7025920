"""Texts of the plan and of the outcome models, in both languages."""

from pydantic import BaseModel, ConfigDict


class Text(BaseModel):
    """One text, Vietnamese first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    vi: str
    en: str

    def in_(self, language: str) -> str:
        """The text in `language` (`vi` or `en`; anything else reads as Vietnamese)."""
        return self.en if language == "en" else self.vi

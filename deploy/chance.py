"""Chance that falls the same way again: for scripts, synthetic people and rows of a bench, never for a secret."""

from random import Random


def chance(*about: object) -> Random:
    """Draws that the words they are about decide, whoever comes first."""
    return Random("/".join(map(str, about)))  # noqa: S311 - a rehearsal must be playable again, which a source fit for secrets cannot give

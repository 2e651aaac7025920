"""Journeys of earlier releases, replayed: what a story began it goes on with."""

"""Whole journeys: rows, relay, Temporal, and back."""

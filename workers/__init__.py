"""Processes that execute what the stories ask for."""

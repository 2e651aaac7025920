"""Relay, notifier and reconcile job, on the real database and the real servers."""

"""The transactions on a case, on a real database."""

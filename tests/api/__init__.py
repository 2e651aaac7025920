"""The JSON interface, through ASGI, on a real database."""

"""Keys and what they lock, as stories."""

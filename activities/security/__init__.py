"""Keys and what they lock: columns, indexes, payloads, passwords."""

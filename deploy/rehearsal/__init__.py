"""The rehearsal: synthetic people, officers who drive the HTTP API, and what must hold at the end."""

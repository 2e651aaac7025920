"""What the outside world is told, as stories."""

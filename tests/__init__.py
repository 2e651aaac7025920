"""What Homeward promises, as stories."""

"""The race matrix: every pair of acts at one instant, who may win, and what the other is told."""

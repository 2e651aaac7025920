"""Plain builders, one file per noun."""

"""The tables, one file per noun, and the one place that turns a scope into a WHERE."""

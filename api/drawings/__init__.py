"""Drawings for paper and screen: SVG, built element by element."""

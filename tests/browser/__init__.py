"""The pages in a real browser, over the real stack: one story for each role."""

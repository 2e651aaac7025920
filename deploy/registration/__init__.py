"""Who works with Homeward: organisations and officers read from a file, checked, previewed and entered."""

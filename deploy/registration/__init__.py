"""Real organisations and officers from a file: read, compared with what is there, shown, and only then entered."""

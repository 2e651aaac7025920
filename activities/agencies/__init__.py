"""One file per agency: the typed outcome of each of its tasks and the named activity that waits for it."""

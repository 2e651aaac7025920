"""Why the local stack cannot start: one line, with the way out."""


class StackError(Exception):
    """`code` is stable; the text names what to do."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code

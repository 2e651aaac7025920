"""The page of a task and its short forms: each a button that opens its own, each whole without JavaScript."""

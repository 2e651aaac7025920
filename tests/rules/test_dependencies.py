"""What endpoints are given is made in the process's own loop: FastAPI takes each plain function to a thread of its own."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_an_endpoint_is_given_takes_a_thread() -> None:
    """An officer's answer waits for the row alone, not for four threads before it."""
    trees = [ast.parse(file.read_text()) for file in (ROOT / "api").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    given = {
        node.args[0].id
        for node in nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Depends"
        and node.args
        and isinstance(node.args[0], ast.Name)
    }
    assert {"means", "signed_in", "if_match", "idempotency_key"} <= given
    plain = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    assert set() == given & plain

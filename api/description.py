"""What the OpenAPI description says beyond what the endpoints' types tell: refusals, and headers that must be sent."""

from typing import Any

from fastapi import FastAPI

from api.errors import MEANING, PROBLEM, Problem

EVERYWHERE = (500, 503)
DEMANDED = {"Idempotency-Key", "If-Match"}


def describe(app: FastAPI) -> None:
    """Complete the description once, when it is first asked for."""
    plain = app.openapi

    def whole() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = plain()
            schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
            for path in schema["paths"].values():
                for operation in path.values():
                    _complete(operation)
        return app.openapi_schema or plain()

    app.openapi = whole  # type: ignore[method-assign] # FastAPI's documented way to extend the description


def _complete(operation: dict[str, Any]) -> None:
    also = {*EVERYWHERE, *((413, 422, 400) if "requestBody" in operation else ())}
    for status in also | {int(each) for each in operation["responses"] if int(each) in MEANING}:
        operation["responses"][str(status)] = {
            "description": MEANING[status],
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    headers = {each["name"]: each for each in operation.get("parameters", []) if each["in"] == "header"}
    if "If-None-Match" not in headers:  # with it, either of the two will do
        for name in DEMANDED & headers.keys():
            headers[name]["required"] = True

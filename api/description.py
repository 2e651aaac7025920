"""What the OpenAPI description says beyond what the endpoints' types tell: refusals, and headers that must be sent."""

from typing import Any

from fastapi import FastAPI

from api.errors import MEANING, PROBLEM, Problem

EVERYWHERE = (500, 503)
DEMANDED = {"Idempotency-Key", "If-Match"}


class Described(FastAPI):
    """An application whose description is completed once, when it is first asked for."""

    def openapi(self) -> dict[str, Any]:
        """The whole description."""
        if self.openapi_schema is None:
            schema = super().openapi()
            schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
            for path in schema["paths"].values():
                for operation in path.values():
                    _complete(operation)
        return super().openapi()


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

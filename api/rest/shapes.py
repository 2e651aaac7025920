"""Fields several bodies share: codes, words, mailboxes."""

from typing import Annotated, Any

from pydantic import Field

from api.errors import documented

NO_NUL = r"^[^\x00]*$"
Code = Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
CodeOrNone = Annotated[str, Field(max_length=60, pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$")]
RoleCode = Annotated[str, Field(max_length=60, pattern=r"^[a-z_]+$")]
Username = Annotated[str, Field(min_length=3, max_length=60, pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$")]
Mail = Annotated[str, Field(max_length=200, pattern=r"^([^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+)?$")]
Named = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
Words = Annotated[str, Field(max_length=500, pattern=NO_NUL)]
ADMINISTERS: dict[int | str, dict[str, Any]] = documented(400, 401, 403, 404, 409, 422)
READS: dict[int | str, dict[str, Any]] = documented(400, 401, 403, 422)

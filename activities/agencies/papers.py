"""The official papers behind an answer: their number, their date, and the sums they carry."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from activities.domain.outcomes import Outcome, plain

PaperNumber = Annotated[str, StringConstraints(pattern=r"^\S{1,40}$")]  # no blanks, so no sentence and no full name
CostLine = Annotated[str, StringConstraints(pattern=r"^\S{0,40}$")]  # empty: no money is set aside yet
Vnd = Annotated[int, Field(ge=0)]  # whole dong


class SignedPaper(Outcome):
    """A paper that was signed: its number and its date, nothing of its content."""

    number: PaperNumber = plain(
        "Số văn bản",
        "Paper number",
        help_vi="Ví dụ 12/GXN-CAH; không ghi tên người",
        help_en="For example 12/GXN-CAH; never a person's name",
    )
    signed_on: date = plain("Ngày ký", "Signed on")

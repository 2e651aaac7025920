"""What a message says: neutral words and a random reference, or numbers; never a name, a kind or a stage."""

from datetime import UTC, datetime
from typing import Any

from activities.adapters.channels import Message
from activities.casework.notices import AUDIENCES
from activities.domain.text import Text
from activities.store.notices import Digest, Notice

MORNING = "morning-digest"
SUBJECT = Text(vi="Homeward: có việc cần xem", en="something to look at")
WORDS = Text(vi="{about}: có việc cần xem trong Homeward.", en="{about}: there is something to look at in Homeward.")
ABOUT = Text(vi="Hồ sơ {reference}", en="Journey {reference}")
MORNING_SUBJECT = Text(vi="Homeward: việc sáng nay", en="this morning's tasks")
MORNING_WORDS = Text(
    vi="Sáng nay: quá hạn {overdue}, đến hạn trong tuần {due_this_week}, chờ nhận {unclaimed}, bị trả lại {returned}."
    " Xem trong Homeward.",
    en="This morning: {overdue} overdue, {due_this_week} due this week, {unclaimed} not taken up, {returned} returned."
    " See Homeward.",
)
EVERYBODY = next(iter(AUDIENCES))


def of_notice(notice: Notice, reference: str) -> Message:
    """Something to look at; `reference` is empty for who is not to know which journey it is."""
    about = _filled(ABOUT, reference=reference)
    words = _filled(WORDS, about=Text(vi=about.vi.strip(), en=about.en.strip()))
    return Message("", notice.code, SUBJECT, words, reference, notice.audience, datetime.now(UTC))


def of_digest(digest: Digest) -> Message:
    """The numbers of a morning."""
    words = _filled(MORNING_WORDS, **digest.counts)
    return Message("", MORNING, MORNING_SUBJECT, words, "", EVERYBODY, datetime.now(UTC))


def _filled(text: Text, **given: Any) -> Text:
    """Both texts with what is given, each in its own language."""

    def said(language: str) -> dict[str, Any]:
        return {name: value.in_(language) if isinstance(value, Text) else value for name, value in given.items()}

    return Text(vi=text.vi.format(**said("vi")), en=text.en.format(**said("en")))

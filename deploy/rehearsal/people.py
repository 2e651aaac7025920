"""Synthetic people: plausible Vietnamese data, marked as synthetic, the same for the same seed."""

from dataclasses import dataclass
from random import Random

MARK = "dữ liệu giả lập"  # stands in every address: nobody may take one of these for a person
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương")
WOMEN = ("Thị Mai", "Thị Lan", "Thị Hoa", "Ngọc Ánh", "Thu Hà", "Thị Bích", "Kim Oanh", "Mỹ Duyên", "Thanh Trúc")
MEN = ("Văn Nam", "Văn Hùng", "Minh Quân", "Quốc Bảo", "Đức Thắng", "Thanh Tùng", "Hữu Phước")
FOREIGN = ("Sok Dara", "Chan Sophea", "Keo Bopha", "Somchai Rattana")
STREETS = ("tổ 3, ấp 1", "tổ 7, ấp 2", "khu phố 4", "ấp Bình Trung", "ấp Cây Cầy", "khu phố 8")
SPEECH = ("vi", "vi", "vi", "vi", "km")
RETURNS = ("rescued", "self_returned", "handed_over", "domestic")


@dataclass(frozen=True)
class Person:
    """One synthetic person as the coordinator writes them down; dates are ISO 8601."""

    full_name: str
    birth_date: str
    sex: str
    id_number: str
    nationality: str
    address: str
    phone: str
    language: str
    way_of_return: str

    @property
    def identity(self) -> dict[str, str]:
        """The body of `PUT /journeys/{id}/person`."""
        names = ("full_name", "birth_date", "sex", "id_number", "nationality", "address", "phone")
        return {name: getattr(self, name) for name in names}

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be found nowhere but in the sealed row."""
        return (self.full_name, self.id_number, self.phone, self.address)


WOMEN_SHARE = 0.7  # made up: most of those who come back are women


def draw_person(random: Random, number: int, *, child: bool, foreigner: bool) -> Person:
    """One person; `number` keeps names, papers and telephones apart within a rehearsal."""
    woman = random.random() < WOMEN_SHARE
    given = random.choice(WOMEN if woman else MEN)
    name = random.choice(FOREIGN) if foreigner else f"{random.choice(FAMILY)} {given}"
    year = random.randint(2008, 2013) if child else random.randint(1975, 2004)
    return Person(
        full_name=f"{name} Giả-Lập-{number:02}",
        birth_date=f"{year}-{random.randint(1, 12):02}-{random.randint(1, 28):02}",
        sex="female" if woman else "male",
        id_number=f"0750{random.randint(10**7, 10**8 - 1)}",
        nationality="KH" if foreigner else "VN",
        address=f"{random.choice(STREETS)}, số {number:02} ({MARK})",
        phone=f"09{random.randint(10**7, 10**8 - 1)}",
        language="km" if foreigner else random.choice(SPEECH),
        way_of_return=random.choice(RETURNS),
    )

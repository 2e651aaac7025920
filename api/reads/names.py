"""What an organisation is called, in both languages: whoever shows it picks one."""

from activities.store.organisations import Organisation


def named(row: Organisation) -> dict[str, str]:
    """Its code and names. `name` is the Vietnamese one."""
    return {"code": row.code, "name": row.name_vi, "name_en": row.name_en}

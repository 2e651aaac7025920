"""A law that knows a ground: no shipped plan cites one for more time."""

from dataclasses import replace

from activities.casework.context import Office, PlanShelf
from activities.domain.text import Text
from activities.plan.model import Ground, Kind, Source


def with_ground(office: Office, code: str, body: str) -> Office:
    """The office under plans in which this kind knows one ground, `xa`, on which this role may move its clock."""
    label = Text(vi="đường xa", en="far away")
    ground = Ground(code="xa", label=label, by=body, source=Source(cites="Điều thử"))

    def changed(kind: Kind) -> Kind:
        return kind.model_copy(update={"grounds": (ground,)}) if kind.code == code else kind

    plans = {
        key: plan.model_copy(update={"kinds": tuple(changed(kind) for kind in plan.kinds)})
        for key, plan in office.shelf.by_hash.items()
    }
    return replace(office, shelf=PlanShelf(current=tuple(plans.values()), by_hash=plans))

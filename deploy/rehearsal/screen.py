"""What is shown of a rehearsal: while it runs, and at its end."""

from collections import Counter
from typing import Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table

from deploy.rehearsal.figures import AgencyFigures
from deploy.rehearsal.invariants import Invariant
from deploy.rehearsal.play import Play


def stage(play: Play, journeys: list[dict[str, Any]], total: int) -> Group:
    """One frame: the case date, and where every journey stands."""
    closed = sum(1 for each in journeys if each["closed_at"])
    table = Table(expand=False, box=None, header_style="bold")
    for name in ("journey", "story", "stage", "open", "overdue", ""):
        table.add_column(name)
    for each in sorted(journeys, key=lambda row: row["opened_at"]):
        story = play.stories.get(each["id"])
        ended = f"closed: {each['closing_reason']}" if each["closed_at"] else ""
        late = str(each["overdue_tasks"] or "")
        table.add_row(
            each["reference"], story.name if story else "", each["stage"], str(each["open_tasks"] or ""),
            f"[red]{late}[/red]" if late else "", f"[green]{ended}[/green]",
        )  # fmt: skip
    title = f"case date {play.today():%A %d/%m/%Y}   opened {len(journeys)} of {total}, closed {closed}"
    acts = ", ".join(f"{name} {count}" for name, count in sorted(play.acts.items()))
    return Group(Panel(table, title=title, title_align="left"), f"  {acts}")


def report(
    console: Console, result: dict[str, Any], agencies: list[AgencyFigures], invariants: list[Invariant]
) -> None:
    """The tables at the end."""
    console.print(_pairs("Journeys by outcome", result["outcomes"]))
    table = Table(title="Tasks by agency", title_justify="left")
    names = ("agency", "tasks", "on time", "late", "overdue", "escalated", "waived", "withdrawn", "decisions")
    for name in names:
        table.add_column(name, justify="left" if name == "agency" else "right")
    for each in agencies:
        table.add_row(each.agency, *(str(value) for value in _numbers(each)))
    totals = [sum(column) for column in zip(*(_numbers(each) for each in agencies), strict=True)]
    table.add_row("all", *(str(each) for each in totals), style="bold")
    console.print(table)
    console.print(_pairs("How officers dealt with their tasks", result["tasks"]["manners"]))
    console.print(_pairs("Decisions, wishes, dangers", result["tasks"]["acts"]))
    console.print(_pairs("Verbs of the interface", result["verbs"]))
    races = Table("race", "won by", "times", title="Races met", title_justify="left")
    for race, winners in result["races"].items():
        for winner, count in winners.items():
            races.add_row(race, winner, str(count))
    console.print(races)
    held = Table("must hold", "", "", title="Invariants", title_justify="left")
    for one in invariants:
        held.add_row(one.name, "[green]holds[/green]" if one.holds else "[red]FAILS[/red]", one.detail)
    console.print(held)


def _numbers(row: AgencyFigures) -> tuple[int, ...]:
    return (row.tasks, row.on_time, row.late, row.overdue, row.escalated, row.waived, row.withdrawn, row.decisions)


def _pairs(title: str, counted: dict[str, int] | Counter[str]) -> Table:
    table = Table("", "", title=title, title_justify="left", show_header=False)
    for name, count in sorted(counted.items()):
        table.add_row(name, str(count))
    return table

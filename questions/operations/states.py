"""Loading the States: names, groups, codes and the other names that people type."""

import csv
import re
from datetime import datetime
from pathlib import Path

from django.db import transaction

from questions.models import Edition, Question, State, StateAlias
from questions.operations import audit, search_index
from questions.ordering import sort_key

DATA = Path(__file__).resolve().parent.parent / "data"

# "إيران (جمهورية - الإسلامية)": in an index the name comes first, and a dash or a line stands
# where it belongs. The only five of the UN's Arabic short names that have a bracket are such.
ARABIC_INDEX_FORM = re.compile(r"(?P<name>[^(]+) \((?P<before>[^-_)]+) [-_] ?(?P<after>[^)]*)\)")


@transaction.atomic
def load_reference(*, at: datetime) -> dict[str, int]:
    """Bring the 193 member States and their aliases to what the files say; returns what changed.

    Aliases that staff added stay.
    """
    counts = {"states_made": 0, "states_changed": 0, "aliases_made": 0}
    known = {state.iso3: state for state in State.objects.real()}
    changed: list[State] = []
    for iso3, facts in member_states().items():
        if iso3 not in known:
            known[iso3] = State.objects.create(iso3=iso3, **facts)
            counts["states_made"] += 1
        elif any(getattr(known[iso3], name) != value for name, value in facts.items()):
            State.objects.filter(pk=known[iso3].pk).update(**facts)
            changed.append(known[iso3])
            counts["states_changed"] += 1
    counts["aliases_made"] = _load_aliases(known)
    if any(counts.values()):
        search_index.refresh_questions(Question.objects.filter(slots__candidacy__state__in=changed))
        audit.record("reference.loaded", "States", by=None, at=at, **counts)
        Edition.objects.bump(at=at)
    return counts


def member_states() -> dict[str, dict[str, str]]:
    """The fields of each member State by its ISO code; the file of names wins for names."""
    groups = {row["iso3"]: row for row in rows("un_member_states.csv")}
    return {
        row["iso3"]: {
            "m49": row["m49"],
            "name": row["short_en"],
            "formal_name": row["formal_en"],
            "name_ar": running_form(row["short_ar"]),
            "name_es": row["short_es"],
            "name_fr": row["short_fr"],
            "name_ru": row["short_ru"],
            "name_zh_hans": row["short_zh"],
            "sort_key": sort_key(row["short_en"], "en"),
            "group": groups[row["iso3"]]["group"],
            "group_note": groups[row["iso3"]]["note"],
        }
        for row in rows("un_states_six_languages.csv")
        if row["un_member"] == "Y"
    }


def running_form(name: str) -> str:
    """An Arabic short name as it runs in a sentence."""
    index_form = ARABIC_INDEX_FORM.fullmatch(name)
    if index_form is None:
        return name
    return f"{index_form['before']} {index_form['name']} {index_form['after']}".strip()


def rows(file_name: str) -> list[dict[str, str]]:
    """A data file's rows, by the names in its first line."""
    with (DATA / file_name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _load_aliases(states: dict[str, State]) -> int:
    known = set(StateAlias.objects.values_list("name", flat=True))
    new = [row for row in rows("state_aliases.csv") if row["alias"] not in known]
    StateAlias.objects.bulk_create(
        StateAlias(state=states[row["iso3"]], name=row["alias"]) for row in new
    )
    return len(new)

"""Whom a letter is to, and who asked its questions."""

import re

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from questions.models import Asker, AskerKind, City, Contact, Mission, State
from questions.operations.letter_results import AskerRow, ImportResult, apply_facts, checked
from questions.operations.states import rows
from questions.parsing.letters import ParsedAddressee, ParsedAsker

MISSION_OF = re.compile(r"(?:the )?permanent mission of (?P<state>.+?)(?: to the .+)?", re.I)
ON_SOCIAL_MEDIA = re.compile(
    r"(?:twitter|x|facebook|instagram|youtube|social media)(?: (?:user|account))?", re.I
)


def store_addressees(result: ImportResult) -> None:
    """Both missions, and those printed as addressees. No address: a letter prints none."""
    missions = {}
    for city in City:
        missions[city], made = Mission.objects.get_or_create(state=result.state, city=city)
        if made:
            result.created.append(_("Mission: %(mission)s") % {"mission": missions[city]})
    for addressee in result.parsed.addressees:
        _store_contact(missions[City(addressee.city)], addressee, result)


def _store_contact(mission: Mission, addressee: ParsedAddressee, result: ImportResult) -> None:
    """A contact of that name at the mission is the same person."""
    facts = {"honorific": addressee.honorific, "role": addressee.role}
    known = mission.contacts.filter(name=addressee.name).order_by("-is_active", "pk").first()
    if known is None:
        contact = Contact(mission=mission, name=addressee.name, is_addressee=True, **facts)
        checked(contact).save()
        result.created.append(
            _("Contact: %(contact)s, %(mission)s") % {"contact": contact, "mission": mission}
        )
        return
    if not known.is_addressee:
        known.is_addressee = True
        known.save(update_fields=["is_addressee"])
    apply_facts(known, facts, result, what=known.name, overwrite=False)


def store_askers(
    printed: tuple[ParsedAsker, ...], result: ImportResult
) -> list[tuple[Asker, AskerRow]]:
    """Those who asked one question, in the order printed; who is named twice asked once."""
    found = {}
    for one in printed:
        asker, made = _find_or_make_asker(one)
        _record_consent(asker, result)
        if made:
            result.created.append(
                _("Asker: %(name)s (%(kind)s)")
                % {"name": asker.name, "kind": asker.get_kind_display()}
            )
        row = AskerRow(
            name=one.name,
            label=one.label,
            kind=str(asker.get_kind_display()),
            is_new=made,
            is_public=asker.is_named_in_public,
        )
        found.setdefault(asker.pk, (asker, row))
    return list(found.values())


def _find_or_make_asker(printed: ParsedAsker) -> tuple[Asker, bool]:
    known = Asker.objects.filter(name__iexact=printed.name).first()
    if known:
        return known, False
    asker = checked(Asker(name=printed.name, label=printed.label))
    asker.kind, asker.state = _kind_of(printed)
    asker.save()
    return asker, True


def _kind_of(printed: ParsedAsker) -> tuple[str, State | None]:
    """Kind and State, from the list of known askers or from the words; in doubt, unknown.

    Whose kind is unknown is not named in public (DESIGN.md §3).
    """
    for row in rows("askers.csv"):
        if row["name"].casefold() == printed.name.casefold():
            state = State.objects.filter(iso3=row["state_iso3"]).first()
            return row["kind"], state
    if mission := MISSION_OF.fullmatch(printed.name):
        states = list(State.objects.called(mission["state"])[:2])
        if len(states) == 1:
            return AskerKind.STATE_MISSION, states[0]
    if ON_SOCIAL_MEDIA.fullmatch(printed.label):
        return AskerKind.SOCIAL_MEDIA_USER, None
    return AskerKind.UNKNOWN, None


def _record_consent(asker: Asker, result: ImportResult) -> None:
    """The State has read the name in the letter; the public is another matter (security.md 53)."""
    if asker.state_consent_on:
        return
    asker.state_consent_on = result.parsed.letter_date
    asker.state_consent_source = _("printed in the letter of %(day)s to %(state)s") % {
        "day": date_format(result.parsed.letter_date, "DATE_FORMAT"),
        "state": result.state.name,
    }
    asker.save(update_fields=["state_consent_on", "state_consent_source"])

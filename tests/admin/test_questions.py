import pytest
from django.urls import reverse

from questions.models import Asker, AuditEntry, Edition, Question, QuestionStatus, Topic
from questions.operations.publication import withdraw_question
from tests.admin.pages import change_page, errors_of, fields_of, messages_of
from tests.factories import (
    AFTER,
    make_asker,
    make_candidacy,
    make_event,
    make_question,
    make_slot,
    make_state,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/questions/question/add/"


def put_page(question):
    return reverse("admin:questions_question_put", args=[question.pk])


def asked_by(number, asker, order=""):
    return {f"asked_by-{number}-asker": asker.pk, f"asked_by-{number}-order": order}


def edition():
    return Edition.objects.get_or_create(pk=1)[0].number


# --- Entering -----------------------------------------------------------------------------------


def test_a_question_is_entered_with_its_askers_in_order_and_leads_back_to_the_event(admin):
    event = make_event()
    alpha, beta, gamma = (make_asker(name=name) for name in ["Alpha", "Beta", "Gamma"])
    typed = fields_of(admin.get(ADD, {"event": event.pk})) | {
        "text": "What will you do?",
        "asked_by-TOTAL_FORMS": 3,
        **asked_by(0, alpha),
        **asked_by(1, beta, 2),
        **asked_by(2, gamma, 1),
    }

    page = admin.post(ADD, typed)

    question = Question.objects.get()
    assert page.url == change_page(event)
    assert (question.event, question.number, question.text) == (event, 1, "What will you do?")
    assert [a.name for a in Question.objects.with_askers().get().askers_in_order] == [
        "Gamma",
        "Beta",
        "Alpha",
    ]
    assert AuditEntry.objects.get().action == "question.added"


def test_askers_change_places_and_leave(admin):
    alpha, beta, gamma = (make_asker(name=name) for name in ["Alpha", "Beta", "Gamma"])
    question = make_question(askers=[alpha, beta, gamma])
    typed = fields_of(admin.get(change_page(question)))

    admin.post(
        change_page(question),
        typed | {"asked_by-0-order": 2, "asked_by-1-order": 1, "asked_by-2-DELETE": "on"},
    )

    assert list(question.asked_by.values_list("asker__name", "position")) == [
        ("Beta", 1),
        ("Alpha", 2),
    ]
    assert AuditEntry.objects.get().details["changed"] == ["asked_by"]


@pytest.mark.parametrize(("scope", "own"), [("all", False), ("one", True)])
def test_the_next_free_number_is_proposed(admin, scope, own):
    event, state = make_event(), make_state()
    make_question(event=event, number=4)
    make_question(event=event, state=state, number=7)
    typed = fields_of(admin.get(ADD, {"event": event.pk})) | {"text": "What?", "scope": scope}

    admin.post(ADD, typed | ({"state": state.pk} if own else {}))

    assert Question.objects.latest("pk").number == (8 if own else 5)


ONE_STATE = "Choose the State to which the question is put."
NO_STATE = "Only a question put to one candidate names a State."
INTO = "Choose the question into which this one was merged."
NOT_INTO = "Only a question with the status “merged” names another."
WHY = "Say why the question was declined. It stays internal."


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"scope": "one"}, {"state": [ONE_STATE]}),
        ({"scope": "all", "state": "a state"}, {"state": [NO_STATE]}),
        ({"status": "declined"}, {"status_reason": [WHY]}),
        ({"status": "merged"}, {"merged_into": [INTO]}),
        ({"status": "accepted", "merged_into": "other"}, {"merged_into": [NOT_INTO]}),
        (
            {"status": "merged", "merged_into": "itself"},
            {"merged_into": ["A question cannot be merged into itself."]},
        ),
        (
            {"status": "merged", "merged_into": "elsewhere"},
            {"merged_into": ["Choose a question of the same event."]},
        ),
        ({"number": 1}, {"number": ["Another question of this event has this number."]}),
        ({"text": ""}, {"text": ["This field is required."]}),
    ],
)
def test_what_the_database_would_refuse_is_said_beside_the_field(admin, typed, errors):
    other = make_question(number=1)
    question = make_question(event=other.event, number=2)
    rows = {
        "a state": make_state().pk,
        "other": other.pk,
        "itself": question.pk,
        "elsewhere": make_question().pk,
    }
    typed = {name: rows.get(value, value) for name, value in typed.items()}
    before = list(Question.objects.values())

    page = admin.post(change_page(question), fields_of(admin.get(change_page(question))) | typed)

    assert errors_of(page) == errors
    assert list(Question.objects.values()) == before


def test_a_question_is_merged_and_declined_where_the_facts_are_complete(admin):
    other = make_question()
    merged, declined = make_question(event=other.event), make_question(event=other.event)

    for question, typed in [
        (merged, {"status": "merged", "merged_into": other.pk}),
        (declined, {"status": "declined", "status_reason": "Not about the State."}),
    ]:
        admin.post(change_page(question), fields_of(admin.get(change_page(question))) | typed)

    merged.refresh_from_db()
    declined.refresh_from_db()
    assert (merged.status, merged.merged_into) == (QuestionStatus.MERGED, other)
    assert declined.status == QuestionStatus.DECLINED


def test_what_was_sent_stays_as_it_is_but_title_and_topics(admin):
    question = make_slot(question=make_question(text="Asked.", title="Old")).question
    topic = Topic.objects.create(name="Reprisals", slug="reprisals")
    frozen = Question.objects.values("text", "number", "language", "scope", "status", "event").get()
    before = edition()
    typed = fields_of(admin.get(change_page(question)))

    page = admin.post(
        change_page(question),
        typed
        | {
            "title": "New",
            "topics": [topic.pk],
            "text": "Forged.",
            "number": 9,
            "language": "fr",
            "scope": "some",
            "status": "declined",
            "status_reason": "x",
            "event": make_event().pk,
        },
    )

    question.refresh_from_db()
    assert page.status_code == 302
    assert not {"text", "number", "language", "scope", "status", "event"} & set(typed)
    assert Question.objects.values(*frozen).get(pk=question.pk) == frozen
    assert (question.title, list(question.topics.all())) == ("New", [topic])
    assert sorted(AuditEntry.objects.get().details["changed"]) == ["title", "topics"]
    assert edition() == before + 1


def test_what_was_put_and_not_sent_keeps_its_number_and_takes_a_new_wording(admin):
    question = make_slot(sent=False).question
    typed = fields_of(admin.get(change_page(question)))

    admin.post(change_page(question), typed | {"text": "Better said.", "number": 9})

    question.refresh_from_db()
    assert (question.text, question.number) == ("Better said.", 1)


# --- Putting ------------------------------------------------------------------------------------


def test_put_to_one_and_then_to_all_the_rest(admin):
    question = make_question()
    first, second, third = (make_candidacy(event=question.event) for _ in range(3))
    make_candidacy()

    page = admin.post(put_page(question), {"chosen": "x", "candidacies": [second.pk]}, follow=True)
    asked = admin.get(put_page(question))
    rest = admin.post(put_page(question), {"all": "x"}, follow=True)
    done = admin.get(put_page(question)).content.decode()

    assert messages_of(page) == ["The question was put to 1 State."]
    assert list(asked.context["candidacies"]) == [first, third]
    assert messages_of(rest) == ["The question was put to 2 States."]
    assert list(question.slots.order_by("pk").values_list("candidacy", flat=True)) == [
        second.pk,
        first.pk,
        third.pk,
    ]
    assert "It was put to every State of the event" in done
    assert [entry.action for entry in AuditEntry.objects.all()] == ["question.put"] * 2


def test_put_needs_a_state(admin):
    question = make_question()
    make_candidacy(event=question.event)

    page = admin.post(put_page(question), {"chosen": "x"})

    assert page.context["form"].errors == {"candidacies": ["Choose at least one State."]}
    assert not question.slots.exists()


def test_put_offers_and_takes_no_other_state_than_the_questions_own(admin):
    octava = make_candidacy()
    other = make_candidacy(event=octava.event)
    question = make_question(event=octava.event, state=octava.state)

    asked = admin.get(put_page(question))
    forged = admin.post(put_page(question), {"chosen": "x", "candidacies": [other.pk]})

    assert list(asked.context["candidacies"]) == [octava]
    assert list(forged.context["form"].errors) == ["candidacies"]
    assert not question.slots.exists()


def test_put_refuses_a_question_that_is_not_accepted(admin):
    question = make_question(status=QuestionStatus.SUBMITTED)
    make_candidacy(event=question.event)

    page = admin.post(put_page(question), {"all": "x"}, follow=True)

    assert messages_of(page) == [
        "The question was not put: it is not accepted, or it is another State's own."
    ]
    assert not question.slots.exists()


def test_put_on_get_puts_nothing(admin):
    question = make_question()
    make_candidacy(event=question.event)

    admin.get(put_page(question), {"all": "x"})

    assert not question.slots.exists()


# --- Askers -------------------------------------------------------------------------------------


def asker_with(admin, **typed):
    asker = make_asker(kind="individual", name="A. Person")
    page = admin.post(change_page(asker), fields_of(admin.get(change_page(asker))) | typed)
    asker.refresh_from_db()
    return page, asker


def test_a_consent_is_recorded_and_makes_an_edition(admin):
    before = edition()

    _page, asker = asker_with(
        admin, public_consent_on="2021-09-01", public_consent_source="E-mail of that day"
    )

    entry = AuditEntry.objects.get()
    assert asker.is_named_in_public and not asker.is_named_to_state
    assert edition() == before + 1
    assert entry.subject == f"asker {asker.pk}"
    assert "Person" not in f"{entry.subject} {entry.details}"


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        (
            {"public_consent_on": "2021-09-01"},
            {"public_consent_source": ["Say where the consent is on record."]},
        ),
        (
            {"state_consent_source": "E-mail"},
            {"state_consent_on": ["Enter the day of the consent."]},
        ),
    ],
)
def test_a_consent_without_its_day_or_its_source_is_refused(admin, typed, errors):
    page, asker = asker_with(admin, **typed)

    assert errors_of(page) == errors
    assert not asker.is_named_in_public and asker.state_consent_source == ""


def test_only_the_mission_of_a_state_names_a_state(admin):
    page, asker = asker_with(admin, state=make_state().pk)

    assert errors_of(page) == {"state": ["Only the mission of a State names a State."]}
    assert asker.state is None


def test_an_asker_of_a_question_is_not_deleted(admin):
    asker = make_question().askers.get()

    page = admin.post(reverse("admin:questions_asker_delete", args=[asker.pk]), {"post": "yes"})

    assert "Cannot delete asker" in page.content.decode()
    assert Asker.objects.filter(pk=asker.pk).exists()


def test_themes_and_askers_lead_to_their_public_pages_where_there_are_some(admin):
    topic = Topic.objects.create(name="Reprisals", slug="reprisals")
    asker = make_asker(name="CIVICUS")
    hidden = make_asker(name="Ann Other", kind="individual")
    asked = make_question(askers=[asker, hidden])
    asked.topics.add(topic)

    def leads(to, address):
        return f'href="{address}"' in admin.get(change_page(to)).text

    assert not leads(topic, "/en/topics/reprisals/") and not leads(asker, "/en/askers/civicus/")
    make_slot(question=asked)
    assert leads(topic, "/en/topics/reprisals/") and leads(asker, "/en/askers/civicus/")
    assert not leads(hidden, hidden.get_absolute_url())


def test_a_theme_in_use_keeps_its_address_and_is_not_deleted(admin):
    used, unused = (Topic.objects.create(name=name, slug=name) for name in ["used", "unused"])
    make_question().topics.add(used)

    for topic in [used, unused]:
        admin.post(change_page(topic), {"name": "Renamed", "slug": "renamed"})
        admin.post(reverse("admin:questions_topic_delete", args=[topic.pk]), {"post": "yes"})

    assert list(Topic.objects.values_list("name", "slug")) == [("Renamed", "used")]


def test_a_withdrawn_question_is_made_public_where_its_reason_was_read(admin, boss):
    question = make_slot().question
    withdraw_question(question, reason="It names her.", ground="person", by=boss, at=AFTER)
    restore = reverse("admin:questions_question_restore", args=[question.pk])

    offered = admin.get(change_page(question)).text
    asked = admin.get(restore)
    question.refresh_from_db()
    status_before = question.status
    page = admin.post(restore, follow=True)

    question.refresh_from_db()
    assert f'<a href="{restore}">' in offered
    assert asked.context["sentences"][0] == (
        "boss withdrew it on 10 October 2021. To protect a person: It names her."
    )
    assert status_before == QuestionStatus.WITHDRAWN
    assert messages_of(page) == ["The question is public again."]
    assert question.status == QuestionStatus.ACCEPTED


def test_only_a_withdrawn_question_is_made_public_again(admin):
    question = make_slot().question

    page = admin.get(reverse("admin:questions_question_restore", args=[question.pk]), follow=True)

    assert messages_of(page) == ["This question is not withdrawn."]


@pytest.mark.parametrize(
    ("typed", "found"), [("PE2021/Q2", ["common"]), ("PE2021/XOC-2", ["own"]), ("PE2021/Q1", [])]
)
def test_a_question_is_found_by_its_symbol(admin, typed, found):
    event = make_event(year=2021)
    octava = make_candidacy(event=event, state=make_state(iso3="XOC")).state
    make_question(event=event, number=2, text="common")
    make_question(event=event, number=2, text="own", state=octava, scope="one")

    page = admin.get("/admin/questions/question/", {"q": typed})

    assert [question.text for question in page.context["cl"].queryset] == found

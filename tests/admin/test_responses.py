import pytest
from django.urls import reverse

from questions.models import AuditEntry, Edition, EventStatus, Response, ResponseStatus, text_digest
from questions.operations.publication import withhold_responses
from tests.admin.pages import act, change_page, messages_of
from tests.factories import (
    AFTER,
    make_candidacy,
    make_event,
    make_question,
    make_response,
    make_slot,
    make_state,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/questions/response/"


def edition():
    return Edition.objects.get_or_create(pk=1)[0].number


def test_publish_from_the_page_of_a_response(admin, boss):
    response = make_response(text="Yes.")
    before = edition()

    page = admin.post(reverse("admin:questions_response_publish", args=[response.pk]), follow=True)

    response.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert page.redirect_chain == [(change_page(response), 302)]
    assert messages_of(page) == ["1 response was published."]
    assert (response.status, response.version) == (ResponseStatus.PUBLISHED, 1)
    assert response.published_by == response.approved_by == boss
    assert (entry.action, entry.user) == ("response.published", boss)
    assert entry.subject == response.slot.symbol
    assert entry.details["sha256"] == response.approved_sha256 == text_digest("Yes.")
    assert edition() == before + 1


def test_publish_answers_post_only(admin):
    response = make_response()

    page = admin.get(reverse("admin:questions_response_publish", args=[response.pk]))

    response.refresh_from_db()
    assert page.status_code == 405
    assert response.status == ResponseStatus.RECEIVED


def test_publishing_what_gave_way_to_a_later_text_says_so(admin):
    response = make_response(status=ResponseStatus.SUPERSEDED)

    page = admin.post(reverse("admin:questions_response_publish", args=[response.pk]), follow=True)

    response.refresh_from_db()
    assert messages_of(page) == [
        "Nothing was published: it is public, replaced, withheld, or waits for its text."
    ]
    assert response.status == ResponseStatus.SUPERSEDED
    assert not AuditEntry.objects.exists()


def test_withhold_asks_for_a_reason_and_stores_it(admin):
    response = make_response(published=True)
    address = reverse("admin:questions_response_withhold", args=[response.pk])

    asked = admin.get(address)
    without = admin.post(address, {"ground": "person", "reason": " "})
    response.refresh_from_db()
    status_without = response.status
    page = admin.post(address, {"ground": "person", "reason": "Names a third person."}, follow=True)

    response.refresh_from_db()
    assert "Shown in public in place of the text." in asked.content.decode()
    assert without.context["form"].errors == {"reason": ["This field is required."]}
    assert status_without == ResponseStatus.PUBLISHED
    assert messages_of(page) == ["1 response is withheld."]
    assert (response.status, response.withheld_reason) == (
        ResponseStatus.WITHHELD,
        "Names a third person.",
    )
    assert [entry.action for entry in AuditEntry.objects.all()] == ["response.withheld"]


def test_withhold_refuses_what_was_superseded_before_it_was_public(admin):
    response = make_response(status=ResponseStatus.SUPERSEDED)
    address = reverse("admin:questions_response_withhold", args=[response.pk])

    page = admin.post(address, {"reason": "Again."}, follow=True)

    response.refresh_from_db()
    assert messages_of(page) == ["This text is not public and cannot be withheld."]
    assert response.status == ResponseStatus.SUPERSEDED


def test_publish_many_lists_every_row_and_then_publishes_them(admin):
    first, second = make_response(text="One."), make_response(text="Two.")
    third = make_response(text="Three.", published=True)
    left_out = make_response(text="Four.")

    asked = act(admin, "publish_chosen", [first, second, third])
    untouched = set(Response.objects.filter(status=ResponseStatus.RECEIVED))
    page = act(admin, "publish_chosen", asked.context["rows"], confirmed="yes")

    assert set(asked.context["rows"]) == {first, second}
    assert untouched == {first, second, left_out}
    assert messages_of(page) == ["2 responses were published."]
    assert set(Response.objects.filter(status=ResponseStatus.PUBLISHED)) == {first, second, third}
    assert [entry.action for entry in AuditEntry.objects.all()] == ["response.published"] * 2


def test_withhold_many_needs_a_reason(admin):
    first, second = make_response(), make_response()

    asked = act(admin, "withhold_chosen", [first, second])
    without = act(
        admin, "withhold_chosen", [first, second], confirmed="yes", reason="", ground="legal"
    )
    statuses = set(Response.objects.values_list("status", flat=True))
    page = act(
        admin,
        "withhold_chosen",
        [first, second],
        confirmed="yes",
        reason="By mistake.",
        ground="mistake",
    )

    assert set(asked.context["rows"]) == {first, second}
    assert without.context["form"].errors == {"reason": ["This field is required."]}
    assert statuses == {ResponseStatus.RECEIVED}
    assert messages_of(page) == ["2 responses are withheld."]
    assert set(Response.objects.values_list("status", "withheld_reason")) == {
        (ResponseStatus.WITHHELD, "By mistake.")
    }


def test_publish_many_says_when_none_of_them_can_be(admin):
    page = act(admin, "publish_chosen", [make_response(published=True)])

    assert messages_of(page) == ["None of the chosen responses can be changed so."]


def test_req_046_who_may_only_view_publishes_by_no_road(staff_with):
    client = staff_with("view_response", "change_response", "delete_response", "add_response")
    response = make_response(text="Yes.")
    before = list(Response.objects.values())
    forged = {"status": "published", "version": 1, "text": "No.", "_save": "Save"}

    pages = [
        client.post(reverse("admin:questions_response_publish", args=[response.pk])),
        client.post(
            reverse("admin:questions_response_withhold", args=[response.pk]),
            {"ground": "legal", "reason": "x"},
        ),
        client.post(change_page(response), forged),
        client.post(
            LIST,
            {
                "_save": "Save",
                "form-TOTAL_FORMS": 1,
                "form-INITIAL_FORMS": 1,
                "form-0-id": response.pk,
                "form-0-status": "published",
            },
        ),
        client.post(
            reverse("admin:questions_response_delete", args=[response.pk]), {"post": "yes"}
        ),
        client.post(f"{LIST}add/", forged),
        act(client, "publish_chosen", [response], confirmed="yes"),
        act(client, "withhold_chosen", [response], confirmed="yes", reason="x", ground="legal"),
        act(client, "delete_selected", [response], post="yes"),
    ]

    assert [page.status_code for page in pages] == [403, 403, 403, 200, 403, 403, 200, 200, 200]
    assert list(Response.objects.values()) == before
    assert not AuditEntry.objects.exists()


def test_req_046_a_superuser_edits_no_status_either(admin):
    response = make_response(text="Yes.")
    before = list(Response.objects.values())

    page = admin.post(change_page(response), {"status": "published", "_save": "Save"})
    listed = admin.post(
        LIST,
        {
            "_save": "Save",
            "form-TOTAL_FORMS": 1,
            "form-0-id": response.pk,
            "form-0-status": "published",
        },
    )
    seen = admin.get(change_page(response)).content.decode()

    assert page.status_code == 403
    assert listed.status_code == 200
    assert 'name="status"' not in seen
    assert list(Response.objects.values()) == before


def test_req_049_what_a_state_sent_is_changed_and_deleted_by_nobody(admin):
    response = make_response(text="Yes.")
    submission = response.submission
    before = [list(Response.objects.values()), list(type(submission).objects.values())]

    pages = [
        admin.post(change_page(response), {"text": "No.", "_save": "Save"}),
        admin.post(change_page(submission), {"received_at_0": "2020-01-01", "_save": "Save"}),
        admin.post(reverse("admin:questions_response_delete", args=[response.pk]), {"post": "yes"}),
        admin.post(
            reverse("admin:questions_submission_delete", args=[submission.pk]), {"post": "yes"}
        ),
        admin.post(
            change_page(submission),
            {
                "responses-TOTAL_FORMS": 1,
                "responses-INITIAL_FORMS": 1,
                "responses-0-id": response.pk,
                "responses-0-text": "No.",
            },
        ),
    ]

    assert [page.status_code for page in pages] == [403] * 5
    assert [list(Response.objects.values()), list(type(submission).objects.values())] == before


def test_page_of_a_response_shows_question_source_and_preview_side_by_side(admin):
    question = make_question(text="Wird es geschehen?", language="en")
    slot = make_slot(question=question)
    earlier = make_response(slot=slot, text="Perhaps.", published=True)
    response = make_response(slot=slot, text="نعم.", language="ar", received_at=AFTER)
    waiting = make_response()

    page = admin.get(change_page(response))

    html = page.content.decode()
    assert '<div class="words" lang="ar" dir="rtl"><p>نعم.</p></div>' in html
    assert '<div class="words" lang="en" dir="auto"><p>Wird es geschehen?</p></div>' in html
    assert "A. Diplomat, First Secretary" in html
    assert "9 October 2021 at 00:00 New York time" not in html
    assert "· late" in html
    assert list(page.context["others"]) == [earlier]
    assert page.context["next_to_publish"] == waiting


def test_page_of_a_response_leads_to_readers_and_to_the_register(admin, boss, staff_with):
    response = make_response(published=True)
    unsent = make_response(slot=make_slot(sent=False))
    withhold_responses(
        Response.objects.filter(pk=response.pk),
        reason="A slip.",
        ground="mistake",
        by=boss,
        at=AFTER,
    )

    html = admin.get(change_page(response)).content.decode()
    correction = response.corrections.get()
    add = reverse("admin:questions_correction_add") + f"?about={response.slot.symbol}"
    form = admin.get(add).content.decode()
    hidden = admin.get(change_page(unsent)).content.decode()
    reader = staff_with("view_response").get(change_page(response)).content.decode()

    assert f'href="{response.slot.get_absolute_url()}">View on site' in html
    assert f'href="{change_page(correction)}">Withdrawal</a>, Published by mistake: boss' in html
    assert f'href="{add}"' in html
    assert f'value="{response.slot.symbol}"' in form
    assert "View on site" not in hidden and "?about=" not in hidden
    assert "?about=" not in reader


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("PE2021/Q2/XOC", ["common"]),
        ("PE2021/Q2/XOC.v2", ["common"]),
        ("q2 octava", ["common"]),
        ("pe2021/xoc-2", ["own"]),
        ("PE2021/XOC", ["common", "own"]),
        ("PE2021/Q3/XOC", []),
        ("Q2", ["common", "other"]),
    ],
)
def test_an_answer_is_found_by_its_symbol(admin, typed, found):
    event = make_event(year=2021)
    octava, nona = (
        make_candidacy(event=event, state=make_state(name=name, iso3=iso3))
        for name, iso3 in [("Octava", "XOC"), ("Nona", "XNO")]
    )
    question = make_question(event=event, number=2)
    own = make_question(event=event, number=2, state=octava.state, scope="one")
    make_response(slot=make_slot(candidacy=octava, question=question), text="common")
    make_response(slot=make_slot(candidacy=octava, question=own), text="own")
    make_response(slot=make_slot(candidacy=nona, question=question), text="other")

    page = admin.get(LIST, {"q": typed})

    assert sorted(page.context["cl"].queryset.values_list("text", flat=True)) == found


def test_list_shortens_texts_without_spaces(admin):
    make_response(text="示例答复" * 100, language="zh-hans")

    assert "示例答复" * 22 + "示…" in admin.get(LIST).content.decode()


def test_page_of_a_response_says_why_it_would_not_be_seen_yet(admin):
    draft = make_event(status=EventStatus.DRAFT)
    slot = make_slot(candidacy=make_candidacy(event=draft), sent=False)

    page = admin.get(change_page(make_response(slot=slot))).content.decode()

    assert "The event is a draft" in page
    assert "No letter with this question is on record" in page


def test_list_shows_symbol_state_and_timing_and_filters(admin):
    octava = make_candidacy(
        event=make_event(year=2021), state=make_state(name="Octava", iso3="XOC")
    )
    late = make_response(slot=make_slot(candidacy=octava), received_at=AFTER, text="Well, yes.")
    make_response(published=True)

    page = admin.get(LIST, {"status__exact": "received"})

    html = page.content.decode()
    assert list(page.context["cl"].queryset) == [late]
    assert [text in html for text in ["PE2021/Q1/XOC", "Octava", "Well, yes.", "Late"]] == [
        True
    ] * 4

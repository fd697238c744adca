import hashlib
import io
from datetime import date, timedelta

import docx
import pypdf
import pytest

from questions.models import (
    AskerKind,
    AuditEntry,
    Contact,
    DocumentKind,
    Edition,
    Letter,
    LetterContent,
    LetterDocument,
    LetterOrigin,
    LetterStatus,
    Question,
    QuestionStatus,
    Standing,
    end_of_day,
    text_digest,
)
from questions.operations import issuing
from questions.operations.compositions import LetterIncomplete, TemplateRefused
from questions.operations.issuing import (
    AlreadyIssued,
    draft_letters,
    issue_all,
    issue_composed,
)
from questions.operations.letters import NothingToIssue
from tests.factories import (
    DUE_AT,
    make_asker,
    make_candidacy,
    make_question,
    make_slot,
    make_user,
)
from tests.operations.letters_out import (
    AT,
    LETTER_DATE,
    draft,
    make_issued,
    make_letterhead,
    make_ready,
    make_ready_event,
    make_template,
)

pytestmark = pytest.mark.django_db


def words_of(letter, kind):
    content = bytes(letter.documents.get(kind=kind).content)
    if kind == DocumentKind.PDF:
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())
    return " ".join(p.text for p in docx.Document(io.BytesIO(content)).paragraphs)


def metadata_of(letter):
    files = {d.kind: io.BytesIO(bytes(d.content)) for d in letter.documents.all()}
    properties = docx.Document(files["docx"]).core_properties
    names = ["author", "last_modified_by", "title", "subject", "keywords", "comments"]
    in_word = [getattr(properties, name) for name in names]
    return str([*in_word, dict(pypdf.PdfReader(files["pdf"]).metadata)])


def draft_all(event, **fields):
    defaults = {
        "letter_date": LETTER_DATE,
        "letterhead": make_letterhead(),
        "by": make_user(),
        "at": AT,
    }
    return draft_letters(event, make_template(), **defaults | fields)


def test_a_draft_holds_what_was_composed_and_sends_nothing():
    candidacy = make_ready(questions=2)
    user = make_user()

    letter = draft(candidacy, by=user)

    content = LetterContent.from_json(letter.content)
    assert (letter.number, letter.origin, letter.status) == (
        1,
        LetterOrigin.COMPOSED,
        LetterStatus.DRAFT,
    )
    assert (letter.text, letter.text_sha256) == (content.plain_text(), text_digest(letter.text))
    assert (letter.title, letter.date) == (content.title, LETTER_DATE)
    assert (letter.signatory_name, letter.reply_contact_email) == (
        "Sophia Specimen",
        "answers@specimen.example",
    )
    assert [len(section.questions) for section in content.sections] == [2]
    assert set(candidacy.slots.values_list("letter", flat=True)) == {None}
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.subject, entry.user) == ("letter.composed", candidacy.symbol, user)


def test_composing_again_replaces_the_draft_and_keeps_its_number():
    candidacy = make_ready()
    first = draft(candidacy)
    Question.objects.update(text="What else will you do?")

    second = draft(candidacy, letter_date=date(2021, 9, 30))

    assert (second.pk, second.number, candidacy.letters.count()) == (first.pk, 1, 1)
    assert "What else will you do?" in second.text and second.text != first.text
    assert second.date == date(2021, 9, 30)


def test_a_draft_without_a_reply_contact_names_the_office(settings):
    settings.OFFICE_EMAIL = "office@portal.example"

    letter = draft(make_ready(), letterhead=make_letterhead(reply_contact_email=""))

    assert letter.reply_contact_email == "office@portal.example"
    assert "office@portal.example" in letter.text


def test_without_a_letterhead_nobody_signs_and_no_draft_is_made():
    candidacy = make_ready()

    with pytest.raises(LetterIncomplete, match="who signs"):
        draft(candidacy, letterhead=None)

    assert not Letter.objects.exists()


def test_a_state_that_nothing_was_put_to_gets_no_draft():
    candidacy = make_ready(questions=0)

    with pytest.raises(NothingToIssue):
        draft(candidacy)

    assert not Letter.objects.exists()


def test_a_template_that_lacks_a_paragraph_is_refused():
    candidacy = make_ready()

    with pytest.raises(TemplateRefused):
        draft(candidacy, template=make_template(closing=""))


def test_a_second_letter_has_only_the_new_questions_and_a_third_corrects_all():
    letter = make_issued(questions=2)
    candidacy = letter.candidacy
    make_slot(
        candidacy=candidacy,
        question=make_question(event=candidacy.event, text="What is new?"),
        sent=False,
    )

    second = issue_composed(draft(candidacy), by=make_user(), at=AT)
    third = issue_composed(draft(candidacy), by=make_user(), at=AT)

    sections = [LetterContent.from_json(one.content).sections for one in (second, third)]
    assert [[q.text for q in s.questions] for s in sections[0]] == [["What is new?"]]
    assert [len(s.questions) for s in sections[1]] == [3]
    assert [second.number, third.number] == [2, 3]
    assert list(candidacy.slots.order_by("position").values_list("letter", flat=True)) == [
        letter.pk,
        letter.pk,
        second.pk,
    ]


def test_draft_letters_writes_to_those_that_wait_and_to_no_others():
    event = make_ready_event()
    first, second = make_ready(event=event), make_ready(event=event)
    withdrew = make_ready(event=event)
    withdrew.standing = Standing.WITHDREW
    withdrew.save()
    make_ready(event=event, questions=0)
    unaddressed = make_ready(event=event)
    Contact.objects.filter(mission__state=unaddressed.state).update(is_addressee=False)
    make_ready()
    declined = make_candidacy(event=event)
    make_slot(
        candidacy=declined,
        sent=False,
        question=make_question(event=event, status=QuestionStatus.DECLINED, status_reason="Rude"),
    )
    sent = make_candidacy(event=event)
    make_slot(candidacy=sent, question=event.questions.first())

    drafted = draft_all(event)

    written = Letter.objects.filter(status=LetterStatus.DRAFT).order_by("pk")
    assert drafted == 2
    assert [letter.candidacy for letter in written] == [first, second]


def test_issuing_freezes_text_and_files_and_lets_the_missions_see_the_questions():
    candidacy = make_ready(questions=2)
    Edition.objects.bump(at=AT)
    edition = Edition.objects.get().number
    user = make_user()
    drafted = draft(candidacy)

    letter = issue_composed(drafted, by=user, at=AT)

    letter.refresh_from_db()
    candidacy.refresh_from_db()
    assert (letter.status, letter.text, letter.text_sha256) == (
        LetterStatus.ISSUED,
        drafted.text,
        text_digest(drafted.text),
    )
    assert candidacy.slots.sent().count() == 2
    assert set(candidacy.slots.values_list("letter", flat=True)) == {letter.pk}
    assert candidacy.due_at == DUE_AT
    assert Edition.objects.get().number == edition + 1
    documents = {document.kind: document for document in letter.documents.all()}
    assert set(documents) == {"pdf", "docx"}
    for document in documents.values():
        assert document.sha256 == hashlib.sha256(bytes(document.content)).hexdigest()
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.user) == ("letter.issued", user)
    assert entry.details == {
        "letter": 1,
        "questions": 2,
        "text_sha256": letter.text_sha256,
        "pdf_sha256": documents["pdf"].sha256,
        "docx_sha256": documents["docx"].sha256,
    }


def test_both_files_print_questions_signatory_and_letterhead():
    letter = make_issued()

    for kind in DocumentKind:
        words = words_of(letter, kind)
        assert letter.candidacy.event.questions.get().text in words
        assert "Sophia Specimen" in words
        assert "8th October 2021" in words
    assert "1 Specimen Street" in words_of(letter, DocumentKind.PDF)


def test_a_letter_is_issued_once_and_its_files_are_never_made_again():
    letter = make_issued()
    before = list(LetterDocument.objects.values_list("pk", "sha256"))

    with pytest.raises(AlreadyIssued):
        issue_composed(letter, by=make_user(), at=AT + timedelta(days=1))

    assert list(LetterDocument.objects.values_list("pk", "sha256")) == before
    assert [e.action for e in AuditEntry.objects.all()].count("letter.issued") == 1


def test_composing_after_issuing_makes_the_next_number_and_leaves_the_first_as_it_was():
    letter = make_issued()
    text, candidacy = letter.text, letter.candidacy
    Question.objects.update(text="What will you do instead?")

    corrected = issue_composed(draft(candidacy), by=make_user(), at=AT)

    letter.refresh_from_db()
    assert (letter.text, letter.number, corrected.number) == (text, 1, 2)
    assert "What will you do instead?" in corrected.text


def test_an_own_deadline_of_the_state_stays_when_its_letter_is_issued():
    candidacy = make_ready()
    own = end_of_day(date(2021, 10, 12))
    candidacy.due_at = own
    candidacy.save()

    issue_composed(draft(candidacy), by=make_user(), at=AT)

    candidacy.refresh_from_db()
    assert candidacy.due_at == own


@pytest.mark.parametrize(
    ("kind", "consent", "is_named"),
    [
        (AskerKind.INDIVIDUAL, None, False),
        (AskerKind.INDIVIDUAL, date(2021, 9, 1), True),
        (AskerKind.NGO, None, True),
    ],
)
def test_req_053_text_pdf_and_word_name_an_asker_only_as_consented(kind, consent, is_named):
    asker = make_asker(
        name="Ada Hiddenname",
        kind=kind,
        state_consent_on=consent,
        state_consent_source="Form" if consent else "",
    )
    candidacy = make_ready(questions=0)
    question = make_question(event=candidacy.event, askers=[asker])
    make_slot(candidacy=candidacy, question=question, sent=False)

    letter = issue_composed(draft(candidacy), by=make_user(), at=AT)

    printed = [letter.text, words_of(letter, "pdf"), words_of(letter, "docx")]
    assert ["Ada Hiddenname" in text for text in printed] == [is_named] * 3
    assert ["Individual participant" in text for text in printed] == [not is_named] * 3
    assert "Ada Hiddenname" not in metadata_of(letter)


def test_issue_all_issues_the_drafts_of_one_event():
    event = make_ready_event()
    candidacies = [make_ready(event=event), make_ready(event=event)]
    draft_all(event)
    elsewhere = draft(make_ready())
    withdrew = make_ready(event=event)
    withdrawn = draft(withdrew)
    withdrew.standing = Standing.WITHDREW
    withdrew.save()

    issued = issue_all(event, by=make_user(), at=AT)
    again = issue_all(event, by=make_user(), at=AT)

    assert (issued, again) == (2, 0)
    letters = [candidacy.letters.get() for candidacy in candidacies]
    assert [letter.status for letter in letters] == [LetterStatus.ISSUED] * 2
    assert [letter.documents.count() for letter in letters] == [2, 2]
    for letter in letters:
        assert letter.candidacy.state.name in words_of(letter, "pdf")
    for letter in (elsewhere, withdrawn):
        letter.refresh_from_db()
        assert letter.status == LetterStatus.DRAFT


def test_issue_all_leaves_to_somebody_else_what_they_issued_meanwhile(monkeypatch):
    event = make_ready_event()
    first, _second = make_ready(event=event), make_ready(event=event)
    draft_all(event)
    make_files = issuing._make_files

    def slowly(letters, *, at):
        monkeypatch.setattr(issuing, "_make_files", make_files)
        issue_composed(first.letters.get(), by=make_user(), at=at)
        return make_files(letters, at=at)

    monkeypatch.setattr(issuing, "_make_files", slowly)

    assert issue_all(event, by=make_user(), at=AT) == 1
    assert LetterDocument.objects.count() == 4

"""The data files as readers get them: their cells, their validators, what is not in them."""

import csv
import hashlib
import io
import json
from datetime import timedelta

import frictionless
import pytest
from django.test import Client

from questions.models import Edition, EventStatus, ResponseKind
from questions.serializers import packages, rows
from questions.views import data
from tests.factories import (
    AFTER,
    make_asker,
    make_candidacy,
    make_event,
    make_question,
    make_response,
    make_slot,
    make_state,
    make_translation,
)

from .public_pages import TODAY, bodies, make_record, publish
from .test_public_canaries import add_canaries
from .test_public_speed import queries_of

pytestmark = pytest.mark.django_db

FILES = [
    "/data/2021/answers.csv",
    "/data/2021/matrix.csv",
    "/data/2021/event.json",
    "/data/2021/answers.xlsx",
    "/data/2021/datapackage.json",
    "/data/answers.csv",
    "/data/datapackage.json",
]
HOSTILE = ["=1+1", "+1+a", "-a", "@x", "\tx", "＝x", "'=x", "'", 'a "b", c', "a\nb", "  x ", "—"]


def content_of(address):
    page = Client().get(address)
    assert page.status_code == 200
    return page.getvalue()


def rows_of(address):
    text = content_of(address).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def imported(cell):
    return cell.removeprefix("'")


def test_answers_csv_has_the_columns_that_are_promised(record):
    content = content_of("/data/2021/answers.csv").decode()

    assert content.splitlines()[0] == (
        "\ufeffreference,event,term,question_no,question_scope,question_text,question_lang,theme,"
        "asker_public,asker_type,state_iso3,state_m49,state_name_en,regional_group,attendance,"
        "letter_sent,deadline_utc,extended,status,received_at_utc,days_from_deadline,"
        "answer_version,amended_at_utc,answer_lang,answer_words,answer_text,translation_en,"
        "translation_kind,whole_letter,attachment_url,attachment_sha256,permalink,exported_at_utc"
    )
    assert content.endswith("\r\n")


def test_answers_csv_says_what_the_page_of_a_reply_says(clock):
    clock(TODAY)
    event = make_event(year=2021)
    state = make_state(iso3="XKA", name="Kalba", m49="999")
    candidacy = make_candidacy(event=event, state=state)
    slot = make_slot(candidacy=candidacy, question=make_question(event=event, askers=[]))
    publish(slot, text="Yes, we will.")

    assert rows_of("/data/2021/answers.csv") == [
        {
            "reference": "PE2021/Q1/XKA",
            "event": "PE2021",
            "term": "2022–2024",
            "question_no": "Q1",
            "question_scope": "all",
            "question_text": "What will you do about matter 1?",
            "question_lang": "en",
            "theme": "",
            "asker_public": "",
            "asker_type": "",
            "state_iso3": "XKA",
            "state_m49": "999",
            "state_name_en": "Kalba",
            "regional_group": "AFG",
            "attendance": "unknown",
            "letter_sent": "2021-09-29",
            "deadline_utc": "2021-10-09T04:00:00Z",
            "extended": "false",
            "status": "on",
            "received_at_utc": "2021-10-01T09:00:00Z",
            "days_from_deadline": "-7",
            "answer_version": "1",
            "amended_at_utc": "",
            "answer_lang": "en",
            "answer_words": "3",
            "answer_text": "Yes, we will.",
            "translation_en": "",
            "translation_kind": "",
            "whole_letter": "false",
            "attachment_url": "",
            "attachment_sha256": "",
            "permalink": "http://127.0.0.1:8000/r/PE2021-Q1-XKA",
            "exported_at_utc": "2021-10-06T04:00:00Z",
        }
    ]


def test_answers_csv_gives_each_status_its_receipt(clock):
    clock(AFTER + timedelta(days=2))
    event = make_event(year=2021)
    candidacy = make_candidacy(event=event)
    slots = [
        make_slot(candidacy=candidacy, question=make_question(event=event, askers=[]))
        for _number in range(5)
    ]
    publish(slots[0], text="Yes.")
    publish(slots[1], text="Late.", received_at=AFTER)
    publish(slots[2], text="", kind=ResponseKind.DECLINED, language="")
    make_response(slot=slots[3], text="SECRET", received_at=AFTER)

    assert [
        (row["status"], row["received_at_utc"], row["days_from_deadline"], row["answer_text"])
        for row in rows_of("/data/2021/answers.csv")
    ] == [
        ("on", "2021-10-01T09:00:00Z", "-7", "Yes."),
        ("late", "2021-10-10T04:00:00Z", "2", "Late."),
        ("dec", "2021-10-01T09:00:00Z", "-7", ""),
        ("rec", "2021-10-10T04:00:00Z", "2", ""),
        ("none", "", "", ""),
    ]


def test_exported_at_is_no_earlier_than_a_translation_that_is_shown(clock):
    clock(TODAY)
    slot = make_slot(question=make_question(event=make_event(year=2021), askers=[]))
    original = publish(slot, text="Oui.", language="fr")
    make_translation(of=original, language="en", published_at=TODAY - timedelta(hours=2))

    row = rows_of("/data/2021/answers.csv")[0]

    assert (row["translation_en"], row["exported_at_utc"]) == ("Oui.", "2021-10-06T12:00:00Z")


@pytest.mark.parametrize("text", HOSTILE)
def test_req_075_import_gives_the_original_text_and_no_cell_is_a_formula(clock, text):
    clock(TODAY)
    make_record(text=text, question=text)

    row = rows_of("/data/2021/answers.csv")[0]

    assert imported(row["answer_text"]) == imported(row["question_text"]) == text
    assert not row["answer_text"].startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


def test_matrix_csv_has_a_status_for_each_question_put(record):
    record.candidacies.create(state=make_state(iso3="XZZ", name="Zanda"))

    assert rows_of("/data/2021/matrix.csv") == [
        {"state_iso3": "XKA", "state_name_en": "Kalba", "Q1": "on", "Q2": "wait", "XKA-1": "on"},
        {"state_iso3": "XZZ", "state_name_en": "Zanda", "Q1": "", "Q2": "", "XKA-1": ""},
    ]


def test_event_json_has_the_rows_of_the_table(record):
    found = json.loads(content_of("/data/2021/event.json"))

    assert found["code"] == "PE2021"
    assert found["answers"][0]["days_from_deadline"] == -7
    assert found["answers"][1]["answer_text"] is None
    assert [answer["reference"] for answer in found["answers"]] == [
        row["reference"] for row in rows_of("/data/2021/answers.csv")
    ]


def test_all_years_are_in_one_file_without_the_specimen(record):
    slot = make_slot(question=make_question(event=make_event(year=2023)))
    make_slot(question=make_question(event=make_event(year=2000, is_specimen=True)))

    assert [row["event"] for row in rows_of("/data/answers.csv")] == ["PE2023", *["PE2021"] * 3]
    assert slot.question.event.code == "PE2023"


def test_data_package_is_valid_and_fits_its_files(record, tmp_path):
    for address in ["answers.csv", "matrix.csv", "event.json", "answers.xlsx", "datapackage.json"]:
        (tmp_path / address).write_bytes(content_of(f"/data/2021/{address}"))
    package = json.loads((tmp_path / "datapackage.json").read_text())
    for resource in package["resources"]:
        name = resource["path"].rpartition("/")[2]
        content = (tmp_path / name).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        resource["path"] = name
    (tmp_path / "local.json").write_text(json.dumps(package))

    report = frictionless.validate(str(tmp_path / "local.json"))

    assert report.flatten(["message"]) == []
    assert report.stats["tasks"] == 4


def test_no_request_reads_a_very_large_file_through_for_its_checksum(record, monkeypatch):
    monkeypatch.setattr(packages, "MEASURED_ROWS", 0)
    digest = hashlib.sha256(content_of("/data/2021/answers.csv")).hexdigest()

    package = json.loads(content_of("/data/2021/datapackage.json"))
    page = Client().get("/en/data/").content.decode()

    assert len(package["resources"]) == 4
    assert [r for r in package["resources"] if "bytes" in r or "hash" in r] == []
    assert 'href="/data/2021/answers.csv"' in page
    assert digest not in page


def test_exported_at_is_the_newest_of_what_is_shown(clock):
    clock(TODAY)
    event = make_event(year=2021)
    for hours in (2, 1, 3):
        slot = make_slot(question=make_question(event=event, askers=[]))
        publish(slot)
        slot.responses.update(published_at=TODAY - timedelta(hours=hours))

    found = {row["exported_at_utc"] for row in rows_of("/data/2021/answers.csv")}

    assert found == {"2021-10-06T13:00:00Z"}


def test_a_file_of_many_blocks_has_the_bytes_of_one_block(record, monkeypatch):
    for _question in range(5):
        make_slot(candidacy=record.candidacies.get(), question=make_question(event=record))
    in_one = content_of("/data/2021/answers.csv")
    monkeypatch.setattr(rows, "ROWS_OF_A_BLOCK", 2)
    monkeypatch.setattr(rows, "QUESTIONS_AT_ONCE", 3)
    bodies([])  # forgets what was kept

    assert content_of("/data/2021/answers.csv") == in_one
    assert in_one.count(b"\n") > 7


def test_a_large_file_is_streamed_with_the_same_bytes_and_held_by_its_edition(record, monkeypatch):
    made_whole = content_of("/data/2021/answers.csv")
    monkeypatch.setattr(data, "KEPT_ROWS", 0)
    bodies([])  # forgets what was kept

    page = Client().get("/data/2021/answers.csv")
    etag = page.headers["ETag"]

    assert page.streaming
    assert page.getvalue() == made_whole
    assert (
        Client().get("/data/2021/answers.csv", headers={"If-None-Match": etag}).status_code == 304
    )
    Edition.objects.bump(at=TODAY)
    again = Client().get("/data/2021/answers.csv", headers={"If-None-Match": etag})
    assert again.status_code == 200
    again.close()


@pytest.mark.django_db(transaction=True)  # a response that is closed closes the connection
def test_req_086_transfers_of_large_files_take_two_threads_of_a_process_at_most(
    record, monkeypatch
):
    monkeypatch.setattr(data, "KEPT_ROWS", 0)
    address = "/data/2021/answers.csv"
    slow = [Client().get(address) for _reader in range(2)]

    refused, asked = Client().get(address), Client().head(address)
    for page in slow:
        page.close()  # one that is gone before its first block, too

    assert [page.status_code for page in slow] == [200, 200]
    assert (refused.status_code, refused["Retry-After"]) == (503, "10")
    assert asked.status_code == 200
    assert Client().get(address).getvalue() == Client().get(address).getvalue() != b""
    after = [Client().get(address) for _reader in range(2)]
    assert [page.status_code for page in after] == [200, 200]
    for page in after:
        page.close()


def test_a_streamed_file_breaks_off_where_the_record_changes(record, monkeypatch):
    monkeypatch.setattr(data, "KEPT_ROWS", 0)
    page = Client().get("/data/2021/answers.csv")

    Edition.objects.bump(at=TODAY)

    with pytest.raises(data.RecordChanged):
        page.getvalue()


def test_req_083_files_are_open_to_other_sites_and_only_to_be_read(record):
    for address in FILES:
        page = Client().get(address)
        assert page.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in page.headers
        assert not page.cookies
        assert Client().post(address).status_code == 405
    assert "Access-Control-Allow-Origin" not in Client().get("/en/data/").headers


def test_the_file_name_carries_the_day(record):
    page = Client().get("/data/2021/answers.csv")

    assert page.headers["Content-Disposition"] == (
        'attachment; filename="PE2021-answers-2021-10-06.csv"'
    )


@pytest.mark.parametrize(
    "address", ["/data/2022/answers.csv", "/data/2022/datapackage.json", "/data/2021/nothing.csv"]
)
def test_what_is_not_there_is_not_found(record, address):
    make_slot(question=make_question(event=make_event(year=2022, status=EventStatus.DRAFT)))

    assert Client().get(address).status_code == 404


def test_req_047_what_is_not_public_changes_no_byte_of_the_data(record):
    before = bodies([*FILES, "/en/data/"])

    add_canaries(record)
    Edition.objects.bump(at=TODAY)

    assert {status for status, _content, _etag in before.values()} == {200}
    assert bodies([*FILES, "/en/data/"]) == before


def test_req_053_a_person_who_asked_is_named_only_with_consent(clock):
    clock(TODAY)
    event = make_event(year=2021)
    asker = make_asker(name="Jo Public", kind="individual")
    make_slot(question=make_question(event=event, askers=[asker]))

    row = rows_of("/data/2021/answers.csv")[0]

    assert (row["asker_public"], row["asker_type"]) == ("Individual participant", "individual")
    assert all(b"Jo Public" not in content_of(address) for address in FILES)


def test_the_page_lists_each_file_and_says_where_its_checksum_is(record):
    page = Client().get("/en/data/").content.decode()

    for address in FILES:
        assert f'href="{address}"' in page
    assert "Its bytes and its SHA-256 are in the description of the files." in page
    assert "No workbook" not in page


@pytest.mark.parametrize("events", [1, 3, 8])
def test_the_page_reads_no_file_however_many_there_are(clock, events):
    clock(TODAY)
    for year in range(2021, 2021 + events):
        make_slot(question=make_question(event=make_event(year=year)))

    count, page = queries_of("/en/data/")

    assert count == 5
    assert page.content.count(b"/answers.csv") == 2 * (events + 1)


def test_a_workbook_of_too_many_rows_is_not_made_and_the_page_says_so(record, monkeypatch):
    monkeypatch.setattr(packages, "WORKBOOK_ROWS", 2)
    monkeypatch.setattr(data, "WORKBOOK_ROWS", 2)

    page = Client().get("/en/data/").content.decode()

    assert "answers.xlsx" not in page
    assert page.count("No workbook is made of so many rows.") == 1
    assert Client().get("/data/2021/answers.xlsx").status_code == 404


def test_the_page_without_a_question_says_so(clock):
    clock(TODAY)

    assert "No data yet." in Client().get("/en/data/").content.decode()

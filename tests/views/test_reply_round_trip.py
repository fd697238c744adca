"""What is typed is what is published, character for character after `plaintext.normalise`."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from questions.models import Response, Submission
from questions.operations.publication import publish_responses
from questions.plaintext import normalise
from tests.factories import BEFORE, make_user

from .reply_pages import address, check_and_send, make_reply, opened, save

pytestmark = pytest.mark.django_db

# Half characters and NUL are refused with a sentence, and so is the sign for what was unreadable.
TYPED = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffd"), max_size=300
)


@settings(max_examples=15)
@given(typed=TYPED, language=st.sampled_from(["ar", "en", "es", "fr", "ru", "zh-hans"]))
def test_what_is_typed_is_what_is_published(typed, language):
    kept = normalise(typed)
    assume(kept)
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)

    save(client, slot, typed.replace("\n", "\r\n"), language=language, as_it_is="yes")
    check_and_send(client, candidacy)
    publish_responses(Response.objects.filter(slot=slot), by=make_user(), at=BEFORE)

    response = Response.objects.get(slot=slot)
    assert (response.text, response.language, response.status) == (kept, language, "published")
    text = f"{slot.symbol}\nanswer {language}\n\n{kept}\n\n"
    download = client.get(address(candidacy, "r1/text/")).content.decode()
    assert download == text
    assert Submission.objects.get(candidacy=candidacy).canonical_text() == text

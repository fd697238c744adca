"""The paper of a letter, from what staff entered."""

from questions.documents.letters import LetterPaper
from questions.models import Letterhead
from tests.documents.images import png


def test_paper_has_what_the_letterhead_says():
    letterhead = Letterhead(
        address="Rue de Varembé 1\r\n\r\n Geneva ",
        logo=memoryview(png()),
        signatory_organisation="ISHR",
    )

    assert LetterPaper.of(letterhead) == LetterPaper(
        "ISHR", ("Rue de Varembé 1", "Geneva"), logo=png(), signature=b""
    )

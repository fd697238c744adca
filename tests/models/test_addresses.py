from django.utils.translation import override

from questions.models.addresses import address


def test_address_is_that_of_the_language_of_the_page():
    found = []
    for language in ("en", "fr", "en"):
        with override(language):
            found.append(address("public:question_detail", "2021", "q1"))

    assert found == ["/en/2021/q1/", "/fr/2021/q1/", "/en/2021/q1/"]

from django.utils.translation import override

from questions.templatetags.portal import part_of_site


def current(language, section):
    with override(language):
        part = part_of_site("includes/nav.html", section)
    return [line.split('"')[1] for line in part.splitlines() if 'aria-current="true"' in line]


def test_part_of_the_site_is_that_of_its_section_and_language():
    assert current("en", "events") == ["/en/events/"]
    assert current("fr", "events") == ["/fr/events/"]
    assert current("en", "data") == ["/en/data/"]
    assert current("en", "events") == ["/en/events/"]


def test_part_of_the_site_names_the_office_as_it_is_set(settings):
    found = []
    for address in ("one@ishr.example", "other@ishr.example"):
        settings.OFFICE_EMAIL = address
        found.append(f"mailto:{address}" in part_of_site("includes/foot.html", ""))

    assert found == [True, True]

"""Every address of the portal (DESIGN.md §5)."""

from django.conf import settings
from django.urls import include, path, register_converter

from questions.admin.site import staff_site
from questions.views import (
    alert_links,
    api,
    cite,
    data,
    embeds,
    feeds,
    files,
    public,
    reply,
    site,
    sitemaps,
)


class _Slug:
    """A part of an address that is text both ways."""

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class EventSlug(_Slug):
    regex = r"\d{4}(?:-[a-z]+)?|specimen"


class QuestionSlug(_Slug):
    regex = r"q[1-9]\d{0,3}|[a-z]{3}-[1-9]\d{0,3}"


class StateSlug(_Slug):
    regex = r"[a-z]{3}"


class ReplyReference(_Slug):
    regex = r"[a-z]{2}\d{4}[a-z]?-[a-z]{3}"


class CapitalFileKind(_Slug):
    regex = r"docx|pdf|txt"


class Language(_Slug):
    regex = "|".join(code for code, _name in settings.LANGUAGES)


class ReferenceFormat(_Slug):
    regex = r"ris|bib"


register_converter(Language, "language")
register_converter(ReferenceFormat, "reference_format")
register_converter(EventSlug, "event")
register_converter(QuestionSlug, "question")
register_converter(StateSlug, "state")
register_converter(ReplyReference, "reference")
register_converter(CapitalFileKind, "file_kind")

public_pages = [
    path("", public.home, name="home"),
    path("events/", public.event_list, name="event_list"),
    path("states/", public.state_list, name="state_list"),
    path("states/<state:state>/", public.state_record, name="state_record"),
    path("questions/", public.question_list, name="question_list"),
    path("topics/", public.topic_list, name="topic_list"),
    path("topics/<slug:topic>/", public.topic_detail, name="topic_detail"),
    path("askers/", public.asker_list, name="asker_list"),
    path("askers/<slug:asker>/", public.asker_detail, name="asker_detail"),
    path("search/", public.search, name="search"),
    path("alerts/", public.alerts, name="alerts"),
    path("alerts/asked/", public.alert_asked, name="alert_asked"),
    path("data/", data.data, name="data"),
    path("corrections/", public.corrections, name="corrections"),
    path("corrections/<event:event>/", public.corrections_of_event, name="corrections_of_event"),
    path("about/", public.about, name="about"),
    path("about/method/", public.method, name="method"),
    path("about/method/v<int:version>/", public.method_version, name="method_version"),
    path("about/accessibility/", public.accessibility, name="accessibility"),
    path("about/privacy/", public.privacy, name="privacy"),
    path("<event:event>/", public.event_detail, name="event_detail"),
    path("<event:event>/figures/", public.event_figures, name="event_figures"),
    path("<event:event>/<question:question>/", public.question_detail, name="question_detail"),
    path("<event:event>/<state:state>/", public.state_at_event, name="state_at_event"),
    path("<event:event>/<state:state>/brief.pdf", public.brief, name="brief"),
    path(
        "<event:event>/<question:question>/<state:state>/",
        public.answer_detail,
        name="answer_detail",
    ),
    path(
        "<event:event>/<question:question>/<state:state>/changes/",
        public.answer_changes,
        name="answer_changes",
    ),
    path(
        "<event:event>/<question:question>/<state:state>/v<int:version>/",
        public.answer_version,
        name="answer_version",
    ),
    path(
        "<event:event>/<question:question>/<state:state>/v<int:version>/changes/",
        public.answer_changes,
        name="answer_changes",
    ),
]

reply_screens = [
    path("", reply.enter_code, name="enter_code"),
    path("link/", reply.link_again, name="link_again"),
    path("link/asked/", reply.link_asked, name="link_asked"),
    path("not-for-us/", reply.not_for_us_told, name="not_for_us_told"),
    path("<reference:reference>/", reply.start, name="start"),
    path("<reference:reference>/questions/", reply.question_list, name="question_list"),
    path("<reference:reference>/letter/", reply.letter, name="letter"),
    path("<reference:reference>/letter/<int:number>/pdf/", reply.letter_pdf, name="letter_pdf"),
    path("<reference:reference>/not-for-us/", reply.not_for_us, name="not_for_us"),
    path("<reference:reference>/whole-letter/", reply.whole_letter, name="whole_letter"),
    path("<reference:reference>/contact/", reply.contact, name="contact"),
    path("<reference:reference>/capital/", reply.capital, name="capital"),
    path(
        "<reference:reference>/capital/<file_kind:kind>/", reply.capital_file, name="capital_file"
    ),
    path("<reference:reference>/returned/", reply.returned, name="returned"),
    path("<reference:reference>/reading-link/", reply.reading_link, name="reading_link"),
    path("<reference:reference>/reading/", reply.reading, name="reading"),
    path("<reference:reference>/check/", reply.check_and_send, name="check_and_send"),
    path("<reference:reference>/decline/", reply.decline, name="decline"),
    path("<reference:reference>/r<int:number>/", reply.receipt, name="receipt"),
    path("<reference:reference>/r<int:number>/pdf/", reply.receipt_pdf, name="receipt_pdf"),
    path("<reference:reference>/r<int:number>/text/", reply.receipt_text, name="receipt_text"),
    path("<reference:reference>/files/<int:pk>/", reply.attachment, name="attachment"),
    path("<reference:reference>/<question:question>/", reply.answer, name="answer"),
    path("<reference:reference>/<question:question>/autosave/", reply.autosave, name="autosave"),
]

in_each_language = [
    path("reply/", include((reply_screens, "reply"))),
    path("", include((public_pages, "public"))),
]

without_language = [
    path("", site.home_in_their_language),
    path("healthz", site.healthz, name="healthz"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap/pages.xml", sitemaps.sitemap_pages, name="sitemap_pages"),
    path(
        "sitemap/<event:event>/<int:number>.xml", sitemaps.sitemap_of_event, name="sitemap_of_event"
    ),
    path("robots.txt", sitemaps.robots, name="robots"),
    path(".well-known/security.txt", sitemaps.security_txt, name="security_txt"),
    path("favicon.ico", site.favicon, name="favicon"),
    path("admin/", staff_site.urls),
    path("reply", site.reply_in_their_language),
    path("reply/", site.reply_in_their_language),
    path("reply/open/<str:token>", reply.open_link, name="open_link"),
    path("reply/read/<str:token>", reply.open_reading, name="open_reading"),
    path("alerts/open/<str:token>", alert_links.alert, name="alert"),
    path("r/<str:symbol>", site.permalink, name="permalink"),
    path("cite/<str:symbol>.<reference_format:ending>", cite.reference, name="cite"),
    path("feed.atom", feeds.feed_of_all, name="feed_of_all"),
    path("<event:event>/feed.atom", feeds.feed_of_event, name="feed_of_event"),
    path(
        "<event:event>/<question:question>/feed.atom",
        feeds.feed_of_question,
        name="feed_of_question",
    ),
    path("states/<state:state>/feed.atom", feeds.feed_of_state, name="feed_of_state"),
    path("topics/<slug:topic>/feed.atom", feeds.feed_of_topic, name="feed_of_topic"),
    path("askers/<slug:asker>/feed.atom", feeds.feed_of_asker, name="feed_of_asker"),
    path("embed/<language:language>/<event:event>/", embeds.embed_event, name="embed_event"),
    path(
        "embed/<language:language>/<event:event>/<question:question>/",
        embeds.embed_question,
        name="embed_question",
    ),
    path(
        "embed/<language:language>/<event:event>/<question:question>/<state:state>/",
        embeds.embed_answer,
        name="embed_answer",
    ),
    path("corrections/feed.atom", feeds.feed_of_corrections, name="feed_of_corrections"),
    path("files/<str:name>", files.attachment, name="attachment"),
    path("api/v1/", include((api.addresses(), "api"))),
    path("data/datapackage.json", data.package_of_all, name="package_of_all"),
    path("data/<event:event>/datapackage.json", data.event_package, name="event_package"),
    path("data/schema/<str:name>", data.schema, name="data_schema"),
    path("data/<str:name>", data.file_of_all, name="file_of_all"),
    path("data/<event:event>/<str:name>", data.event_file, name="event_file"),
]

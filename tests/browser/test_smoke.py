"""The server answers a real browser."""


def test_health_is_answered(page):
    answer = page.goto("/healthz")

    assert (answer.status, page.inner_text("body").strip()) == (200, "ok")

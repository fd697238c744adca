"""Another site frames a page of ours: only what is meant for it, styled and without complaints."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.views.public_pages import make_record

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def site_that_frames(address):
    """The address of another site, of which every page frames that address."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            icon = '<link rel="icon" href="data:,">'
            page = f'<!doctype html><title>x</title>{icon}<iframe src="{address}" title="x">'
            self.wfile.write(page.encode())

        def log_message(self, *_what):
            """Nothing."""

    # Threads: Chromium opens connections that it may never use; one would hold up the rest.
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


def test_other_sites_frame_an_embed(page, live_server):
    make_record()

    with site_that_frames(f"{live_server.url}/embed/en/2021/q1/xka/") as elsewhere:
        page.goto(elsewhere)
        frame = page.frames[1]
        assert "What will you do?" in frame.inner_text("h1")
        width = "getComputedStyle(document.body).borderBlockStartWidth"
        assert frame.evaluate(width) == "4px"  # its styles are let in


def test_other_sites_frame_no_other_page(browser, live_server):
    make_record()
    page = browser.new_page()  # the refusal is a complaint of the policy, and expected

    with site_that_frames(f"{live_server.url}/en/2021/q1/xka/") as elsewhere:
        page.goto(elsewhere)
        assert not page.frames[1].url.startswith(live_server.url)
    page.close()

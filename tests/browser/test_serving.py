"""Both ways to serve: with the data API, and the pages alone."""

import json
import urllib.request

from tests.browser.driving import no_errors, open_page
from tests.browser.serving import serving


def test_the_server_answers_with_pages_and_data(page, server):
    open_page(page, server)
    no_errors(page)
    with urllib.request.urlopen(f"{server.url}/api/v1/health", timeout=30) as answer:
        assert answer.status == 200
        assert json.load(answer)


def test_the_pages_alone_are_served_too(new_page, tmp_path):
    with serving(tmp_path, script="dashboard/app.py") as alone:
        page = new_page()
        open_page(page, alone, "method")
        no_errors(page)
        assert "Traceback" not in alone.said()
        page.close()

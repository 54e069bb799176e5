"""A local upstream: one server on loopback that answers over real HTTP as the services do, faults included.

How a source registers. `tests/upstream/<source>.py` is found by its name and has

    def routes() -> list[Route]:
        return [Route("GET", "api.worldbank.org", r"/v2/country/.+", answer)]

where `answer(request: Request) -> Reply` builds what the real service would send. `request` carries method, host, path,
query (lists), headers, cookies, body; `Reply(body, type)` has status and headers. `recorded("worldbank", "gerd.json")`
reads `tests/fixtures/worldbank/gerd.json`. Answers to GET get an ETag made from the body and a matching If-None-Match a
304, unless `Reply(..., validator=False)` says that the service has none. Nothing may depend on the clock.

What breaks a source's answers, so that every source can be run against every fault (`tests/test_faults.py`):

    SHAPE = Shape(
        host="api.worldbank.org",                # of the data answers; path narrows it: path=r"/v2/country/.+"
        page=False,                              # True where the data answers are HTML pages
        value="value",                           # the field, column or header cell that holds the figures
        unit=("万辆", "辆"),                      # text in the body that says the unit, or a CSV's column of units, and
                                                 # another unit (None: no unit)
        future=None,                             # bytes -> bytes: adds a future, empty period (None: cannot happen)
        exempt={"added_field": "why"},           # faults that cannot be told from a sound answer here, and why
    )

A test switches faults on: `upstream.fault("firewall", host="api.worldbank.org")`, `times=1` for the first answer only;
`upstream.requests` is the log. Fixture `upstream` (tests/conftest.py) starts with neither, and sets NQPF_UPSTREAM, a
store and a cache of its own.
"""

from tests.upstream.messages import Reply, Request, Route, Shape, recorded
from tests.upstream.server import Upstream, shapes

__all__ = ["Reply", "Request", "Route", "Shape", "Upstream", "recorded", "shapes"]

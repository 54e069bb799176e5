"""Pages of the communiqués on R&D spending; the lists that name them are those of `nbs_release`."""

from tests.upstream.messages import Reply, Request, Route, Shape, recorded

HOST = "www.stats.gov.cn"
ARTICLES = r"/sj/zxfb/\d{6}/(t20250929_1961401|t20230918_1942920)\.html"


def routes() -> list[Route]:
    return [Route("GET", HOST, ARTICLES, article)]


def article(request: Request) -> Reply:
    return Reply(recorded("nbs_communique", request.path.rsplit("/", 1)[-1]), "text/html")


SHAPE = Shape(host=HOST, path=ARTICLES, page=True, value="投入强度", unit=("亿", "万"))

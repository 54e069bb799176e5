"""Pages of NBS releases: lists, articles under several folders, a workbook; see `fixtures/nbs_release/README.md`."""

from tests.upstream.messages import FIXTURES, Reply, Request, Route, Shape, recorded

HOST = "www.stats.gov.cn"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LISTS = {"/sj/zxfb/": "list_0.html", "/sj/zxfb/index_1.html": "list_1.html"}
ARTICLES = r"/(sj/zxfb|sj/zxfbhjd|zwfwck/sjfb)/\d{6}/[tP]\d+[_\w]*\.(html|xlsx)"


def routes() -> list[Route]:
    return [Route("GET", HOST, "|".join(LISTS), listing), Route("GET", HOST, ARTICLES, article)]


def listing(request: Request) -> Reply:
    return Reply(recorded("nbs_release", LISTS[request.path]), "text/html")


def article(request: Request) -> Reply:
    name = request.path.rsplit("/", 1)[-1]
    if not (FIXTURES / "nbs_release" / name).exists():
        return Reply(b"<html><head><title>404</title></head></html>", "text/html", 404)
    return Reply(recorded("nbs_release", name), XLSX if name.endswith("xlsx") else "text/html")


SHAPE = Shape(host=HOST, path=ARTICLES, page=True, value="绝对量", unit=("万", "亿"))

"""The faults: how a real service, or something in front of it, breaks an answer.

ANSWER faults turn one reply into another; CONNECTION faults misbehave on the wire. Those in NEEDS_SHAPE change the data
itself and read from a source's `Shape` where. HARMLESS ones must not change what is stored.
"""

from __future__ import annotations

import csv
import dataclasses
import functools
import gzip
import io
import json
import threading
from collections.abc import Callable
from typing import Any

from tests.upstream.messages import Reply, Request, Shape

FIREWALL_PAGE = b"<!DOCTYPE html><html><head><script>var wzwsquestion=1;</script></head><body></body></html>"
MAINTENANCE_PAGE = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Back soon</body></html>"
WHOLE = 200


def _instead(status: int, body: bytes = b"", kind: str = "text/html", **headers: str) -> Callable[..., Reply]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request, reply, shape: Reply(body, kind, status, named)


def _edit(change: Callable[[bytes, str, Shape], bytes]) -> Callable[..., Reply]:
    def broken(request: Request, reply: Reply, shape: Shape | None) -> Reply:
        assert shape is not None, "this fault needs the source's SHAPE"
        return (
            dataclasses.replace(reply, body=change(reply.body, reply.type, shape)) if reply.status == WHOLE else reply
        )

    return broken


def _body(change: Callable[[bytes], bytes], **headers: str) -> Callable[..., Reply]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request, reply, shape: dataclasses.replace(
        reply, body=change(reply.body), headers={**reply.headers, **named}
    )


def _wrong_encoding(body: bytes) -> bytes:
    if body.startswith(b"PK"):
        return b"\xff\xfe" + body
    return (body.decode("utf-8-sig") + "\n中文").encode("gb18030")


@functools.cache
def _swelling() -> bytes:
    return gzip.compress(b" " * 100 * 2**20, mtime=0)


def _bomb(_: bytes) -> bytes:
    return _swelling()


def _cut_inside(body: bytes, kind: str) -> bytes:
    """Cut where the framing does not show it; of a CSV, within its last line."""
    if _is_csv(kind):
        return body[: body.rstrip().rindex(b"\n") + 2]
    return body[: len(body) * 2 // 3]


def _is_json(kind: str) -> bool:
    return "json" in kind


def _is_csv(kind: str) -> bool:
    return "csv" in kind


def _records(value: Any, name: str) -> list[dict[str, Any]]:
    """Every object that has the field, in order."""
    found = [value] if isinstance(value, dict) and name in value else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return found + [record for part in inner for record in _records(part, name)]


def _lists(value: Any, name: str) -> list[list[Any]]:
    """Every list whose items are records with the field."""
    own = isinstance(value, list) and value and isinstance(value[0], dict) and name in value[0]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return ([value] if own else []) + [rows for part in inner for rows in _lists(part, name)]


def _in_json(body: bytes, change: Callable[[Any], None]) -> bytes:
    value = json.loads(body.decode("utf-8-sig"))
    change(value)
    return json.dumps(value, ensure_ascii=False).encode()


def _in_csv(body: bytes, change: Callable[[list[list[str]]], None]) -> bytes:
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    change(rows)
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def _in_workbook(body: bytes, change: Callable[[Any], None]) -> bytes:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(body))
    for sheet in book:
        change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _renamed(body: bytes, kind: str, shape: Shape) -> bytes:
    new = shape.value + "_2"
    if body.startswith(b"PK"):
        return _replace_in_workbook(body, shape.value, new)
    if _is_json(kind):
        return body.replace(f'"{shape.value}"'.encode(), f'"{new}"'.encode())
    return body.replace(shape.value.encode(), new.encode())


def _replace_in_workbook(body: bytes, old: str, new: str) -> bytes:
    def change(sheet: Any) -> None:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and old in cell.value:
                    cell.value = cell.value.replace(old, new)

    return _in_workbook(body, change)


def _other_unit(body: bytes, kind: str, shape: Shape) -> bytes:
    old, new = shape.unit or ("", "")
    if body.startswith(b"PK"):
        return _replace_in_workbook(body, old, new)
    if _is_csv(kind) and old in (header := body.splitlines()[0].decode("utf-8-sig").split(",")):
        place = header.index(old)  # the column of units: documents of one service differ in theirs
        return _in_csv(body, lambda rows: [row.__setitem__(place, new) for row in rows[1:]] and None)
    assert old.encode() in body, f"the answer does not contain the unit {old!r}"
    return body.replace(old.encode(), new.encode())


def _added(body: bytes, kind: str, shape: Shape) -> bytes:
    if body.startswith(b"PK"):
        return _in_workbook(body, _fill)
    if _is_json(kind):
        return _in_json(body, lambda value: [r.update(surprise=1) for r in _records(value, shape.value)] and None)
    if shape.page:
        return body.replace(b"</tr>", b"<td>1</td></tr>")
    return _in_csv(
        body, lambda rows: [row.append("surprise" if n == 0 else "1") for n, row in enumerate(rows)] and None
    )


def _fill(sheet: Any) -> None:
    column = sheet.max_column + 1
    for row in range(1, sheet.max_row + 1):
        sheet.cell(row, column, "surprise" if row == 1 else 1)


def _twice(body: bytes, kind: str, shape: Shape) -> bytes:
    if _is_json(kind):
        return _in_json(body, lambda value: [rows.extend(list(rows)) for rows in _lists(value, shape.value)] and None)
    if _is_csv(kind):
        return _in_csv(body, lambda rows: rows.extend(rows[1:]))
    if body.startswith(b"PK"):
        return _in_workbook(body, lambda sheet: [sheet.append(list(row)) for row in list(sheet.values)[1:]] and None)
    start, end = body.find(b"<table"), body.rfind(b"</table>") + len(b"</table>")
    return body[:end] + body[start:end] + body[end:]


def _no_figure(body: bytes, kind: str, shape: Shape) -> bytes:
    """The first figure reads 无 ("none"), as the statistics bureau writes it."""
    if _is_json(kind):

        def change(value: Any) -> None:
            record = next((r for r in _records(value, shape.value) if r[shape.value] not in ("", None)), None)
            if record is None:  # an answer without figures has nothing to break
                return
            inner = record[shape.value]
            if isinstance(inner, dict):
                inner[next(iter(inner))] = "无"
            else:
                record[shape.value] = ["无", *inner[1:]] if isinstance(inner, list) else "无"

        return _in_json(body, change)
    if _is_csv(kind):
        return _in_csv(body, lambda rows: rows[1].__setitem__(rows[0].index(shape.value), "无"))
    return body


ANSWER: dict[str, Callable[[Request, Reply, Shape | None], Reply]] = {
    "firewall": _instead(200, FIREWALL_PAGE),
    "html_for_data": _instead(200, MAINTENANCE_PAGE),
    "url_acl": _instead(403, b"<html><body>Forbidden</body></html>", reason="UrlACL"),
    "challenge_412": _instead(412, b"<html><script>$_ts={}</script></html>", X_Via_JSL="x"),
    "too_many": _instead(429, b"Rate limit is exceeded.", "text/plain"),
    "too_many_wait": _instead(429, b"Try again in 3600 seconds.", "text/plain", Retry_After="3600"),
    "server_error": _instead(500, b"Internal Server Error", "text/plain"),
    "not_found": _instead(404, b"NoRecordsFound", "text/plain"),
    "elsewhere": _instead(302, b"", Location="https://elsewhere.example/data"),
    "in_a_circle": lambda request, reply, shape: Reply(
        b"", "text/html", 307, {"Location": f"https://{request.host}{request.path}"}
    ),
    "empty": _instead(200, b"", "application/octet-stream"),
    "wrong_type": lambda request, reply, shape: dataclasses.replace(reply, body=b"GIF89a", type="image/gif"),
    "wrong_encoding": _body(_wrong_encoding),
    "mark": _body(lambda body: body if body.startswith(b"PK") else b"\xef\xbb\xbf" + body),
    "bomb": _body(_bomb, Content_Encoding="gzip"),
    "cut_inside": lambda request, reply, shape: dataclasses.replace(reply, body=_cut_inside(reply.body, reply.type)),
    "renamed_column": _edit(_renamed),
    "added_field": _edit(_added),
    "other_unit": _edit(_other_unit),
    "twice": _edit(_twice),
    "no_figure": _edit(_no_figure),
    "future_empty": _edit(lambda body, kind, shape: shape.future(body) if shape.future else body),
}


def _cut(handler: Any, reply: Reply, _: threading.Event) -> None:
    """The connection ends in the middle of the body."""
    handler.write(
        200,
        {"Content-Type": reply.type, "Content-Length": str(len(reply.body) + 1000)},
        reply.body[: len(reply.body) // 2],
    )
    handler.close_connection = True


def _slow(handler: Any, reply: Reply, closing: threading.Event) -> None:
    """A body that never ends: a byte now and then, until the client has had enough."""
    handler.write(200, {"Content-Type": reply.type, "Transfer-Encoding": "chunked"}, b"")
    while not closing.wait(0.02):
        handler.wfile.write(b"1\r\n \r\n")


def _oversize(handler: Any, reply: Reply, closing: threading.Event) -> None:
    """A body larger than any answer, as fast as the client takes it."""
    handler.write(200, {"Content-Type": reply.type, "Transfer-Encoding": "chunked"}, b"")
    block = b"%x\r\n%s\r\n" % (2**20, b" " * 2**20)
    while not closing.is_set():
        handler.wfile.write(block)


def _dropped(handler: Any, reply: Reply, _: threading.Event) -> None:
    """The connection ends before any answer."""
    handler.close_connection = True
    handler.connection.close()


CONNECTION: dict[str, Callable[[Any, Reply, threading.Event], None]] = {
    "cut": _cut,
    "slow": _slow,
    "oversize": _oversize,
    "dropped": _dropped,
}
FAULTS = frozenset({*ANSWER, *CONNECTION})
NEEDS_SHAPE = frozenset({"renamed_column", "added_field", "other_unit", "twice", "no_figure", "future_empty"})
HARMLESS = frozenset({"mark", "twice", "future_empty", "no_figure"})

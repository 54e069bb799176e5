"""Unpacking of gzip bodies in steps: never more than one block at a time, and nothing short of the stream's own end.

urllib3 unpacks too, but takes a stream that stops early for a whole one; a cut CSV would read as a shorter one.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from fetchers._errors import Unavailable, Unexpected
from fetchers._verdict import Passing

BLOCK = 256 * 1024
GZIP = zlib.MAX_WBITS | 16


def unpacked(parts: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The body in blocks. Unexpected for a packing that was not asked for or is broken, Passing for a cut one."""
    if encoding in ("", "identity"):
        yield from parts
    elif encoding in ("gzip", "x-gzip"):
        try:
            yield from _gunzipped(parts)
        except zlib.error as error:
            raise Unexpected(f"the answer cannot be unpacked: {error}") from None
    else:
        raise Unexpected(f"the answer is packed as {encoding}, which was not asked for")


def _gunzipped(parts: Iterator[bytes]) -> Iterator[bytes]:
    stream, begun = zlib.decompressobj(GZIP), False
    for part in parts:
        begun, full = True, False
        while part or full:
            if stream.eof:  # a file of several streams, one behind the other
                stream = zlib.decompressobj(GZIP)
            block = stream.decompress(part, BLOCK)
            yield block
            part, full = stream.unused_data or stream.unconsumed_tail, len(block) == BLOCK and not stream.eof
    if begun and not stream.eof:
        raise Passing(Unavailable("the answer was cut off inside its packing"))

"""python -m fetchers update | list | check | expect

Exit status: 0 all well, 1 some sources failed or the store cannot be used, 2 usage, 130 interrupted.
"""

import os
import sys

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # consoles that lack → or Chinese
    try:
        from fetchers._console import main  # takes a second, in which an interrupt may come too

        status = main()
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted: every document stored so far is whole, the next update goes on from there\n")
        status = 130
    if status > 128:  # threads that still ask or store would stumble over an interpreter that ends around them
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)

"""Navigation only: which pages there are, what stands on all of them. `streamlit run dashboard/app.py` serves them."""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
if str(FOLDER.parent) not in sys.path:
    sys.path.insert(0, str(FOLDER.parent))

from dashboard import frame  # noqa: E402

frame.run()

"""The number's card: where a figure was printed, and what else was published for its period."""

from __future__ import annotations

import streamlit as st

from dashboard import link


def choose(point: str) -> None:
    """Open the card of a figure, `series@period`. Meant for callbacks."""
    st.session_state["point"] = point


def dialog() -> None:
    """Draw the card of the figure the link names, if any."""
    if not link.view().point:
        return

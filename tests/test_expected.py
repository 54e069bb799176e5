"""What every source brings from its fixtures, row by row, against the reviewed table `tests/expected/<source>.csv`.

Written anew, for review in the diff, by `python -m fetchers expect` with NQPF_UPSTREAM at `python -m tests.upstream`.
"""

import csv
from pathlib import Path

import pytest

from fetchers._console import EXPECTED_COLUMNS, main
from tests.upstream import shapes

EXPECTED = Path(__file__).parent / "expected"


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        table = csv.DictReader(lines)
        assert tuple(table.fieldnames or ()) == EXPECTED_COLUMNS
        return list(table)


@pytest.mark.parametrize("source", shapes())
def test_a_source_brings_exactly_the_reviewed_rows(upstream, keys, tmp_path, source):
    assert main(["expect", "--source", source, "--to", str(tmp_path)]) == 0
    assert rows(tmp_path / f"{source}.csv") == rows(EXPECTED / f"{source}.csv")

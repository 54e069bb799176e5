"""JSON-stat 2.0 datasets (https://json-stat.org/full/): cells with the codes and texts of their dimensions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import Any, NamedTuple

from fetchers._errors import Unexpected
from fetchers._read import leftover

# Members of a dataset beside those read: descriptions.
KNOWN = ("version", "class", "href", "label", "source", "note", "role", "extension", "link", "error")


class Cell(NamedTuple):
    """One cell: its place by dimension, as codes and as texts, its value (None: not published) and its status."""

    codes: dict[str, str]
    texts: dict[str, str]
    value: Any
    status: str


class Cube(NamedTuple):
    """A dataset: when it was updated (as printed), the codes of each dimension, and all its cells, the last dimension
    running fastest.
    """

    updated: str
    codes: dict[str, list[str]]
    cells: list[Cell]


def cube(dataset: Any, where: str = "the dataset") -> Cube:
    """The cells of a parsed answer; Unexpected for anything that is not a whole dataset.

    `value` and `status` may be lists or sparse objects.
    """
    if not isinstance(dataset, dict) or dataset.get("class") != "dataset":
        raise Unexpected(f"{where} is not a JSON-stat dataset", value=str(dataset)[:160])
    dataset = dict(dataset)
    missing = {"id", "size", "dimension", "value"} - dataset.keys()
    if missing:
        raise Unexpected(f"{where} has no {', '.join(sorted(missing))}", value=", ".join(dataset))
    names, sizes, dimensions = dataset.pop("id"), dataset.pop("size"), dataset.pop("dimension")
    values, statuses = dataset.pop("value"), dataset.pop("status", {})
    updated = str(dataset.pop("updated", ""))
    leftover(dataset, where, known=KNOWN)
    categories = [_categories(dimensions.get(name), name, where) for name in names]
    if [len(category) for category in categories] != list(sizes):
        raise Unexpected(f"{where} has other sizes than categories", value=str(sizes))
    if len(values) != prod(sizes) if isinstance(values, list) else not isinstance(values, dict):
        raise Unexpected(f"{where} has {len(values)} values for {prod(sizes)} cells", value=str(values)[:80])
    for sparse in (values, statuses):
        beyond = [place for place in sparse if not _within(place, prod(sizes))] if isinstance(sparse, dict) else []
        if beyond:
            raise Unexpected(f"{where} has a cell outside its {prod(sizes)}", value=beyond[0])
    codes = {name: [code for code, _ in category] for name, category in zip(names, categories, strict=True)}
    return Cube(updated, codes, list(_cells(names, categories, values, statuses)))


def _within(place: str, cells: int) -> bool:
    return place.isdecimal() and int(place) < cells


def _categories(dimension: Any, name: str, where: str) -> list[tuple[str, str]]:
    """Codes and texts of a dimension in order; the index is an object of positions or a list, or left out for one."""
    if not isinstance(dimension, dict) or not isinstance(dimension.get("category"), dict):
        raise Unexpected(f"{where} does not describe the dimension {name}", value=str(dimension)[:120])
    category = dimension["category"]
    index, label = category.get("index", list(category.get("label", {}))), category.get("label", {})
    codes = sorted(index, key=lambda code: index[code]) if isinstance(index, dict) else index
    return [(str(code), str(label.get(code, code))) for code in codes]


def _cells(
    names: Sequence[str], categories: Sequence[Sequence[tuple[str, str]]], values: Any, statuses: Any
) -> Iterator[Cell]:
    for position, place in enumerate(product(*categories)):
        codes = dict(zip(names, (code for code, _ in place), strict=True))
        texts = dict(zip(names, (text for _, text in place), strict=True))
        yield Cell(codes, texts, _at(values, position), str(_at(statuses, position) or ""))


def _at(many: Any, position: int) -> Any:
    """An element of a list, of a sparse object keyed by position, or the one value for all."""
    if isinstance(many, dict):
        return many.get(str(position))
    return many[position] if isinstance(many, list) else many

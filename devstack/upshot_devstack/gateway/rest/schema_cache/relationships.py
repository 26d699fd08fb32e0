"""Relationships from keys: tables, views that show a table's key columns, junctions, and functions of a row."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from upshot_devstack.gateway.rest.identifiers import QualifiedName
from upshot_devstack.gateway.rest.schema_cache.model import ColumnPairs, Junction, Relationship, Table

KeySide = Literal["primary", "referencing", "referenced"]


class ForeignKey(NamedTuple):
    constraint: str
    source: QualifiedName
    columns: tuple[str, ...]
    target: QualifiedName
    target_columns: tuple[str, ...]
    is_unique: bool


class ViewKey(NamedTuple):
    """A key of `table` all of whose columns `view` shows; each under one name or several."""

    table: QualifiedName
    view: QualifiedName
    constraint: str
    side: KeySide
    names: tuple[tuple[str, tuple[str, ...]], ...]

    def renamings(self) -> Iterator[dict[str, str]]:
        """Each way to name the key's columns in the view."""
        columns = [column for column, _ in self.names]
        for chosen in itertools.product(*(names for _, names in self.names)):
            yield dict(zip(columns, chosen, strict=True))


def all_relationships(
    foreign_keys: Sequence[ForeignKey],
    view_keys: Sequence[ViewKey],
    primary_keys: Mapping[QualifiedName, tuple[str, ...]],
    row_functions: Sequence[Relationship],
) -> dict[tuple[QualifiedName, str], tuple[Relationship, ...]]:
    """Everything that can be embedded, by source and by the schema of the target."""
    forward = [_of_key(key) for key in foreign_keys]
    forward += [relationship for key in foreign_keys for relationship in _through_views(key, view_keys)]
    relationships = [*forward, *_many_to_many(forward, primary_keys), *(_inverse(one) for one in forward)]
    return _by_source(relationships, row_functions)


def _of_key(key: ForeignKey) -> Relationship:
    return Relationship(
        source=key.source,
        target=key.target,
        cardinality="one-to-one" if key.is_unique else "many-to-one",
        constraint=key.constraint,
        columns=tuple(zip(key.columns, key.target_columns, strict=True)),
        to_one=True,
    )


def _through_views(key: ForeignKey, view_keys: Sequence[ViewKey]) -> Iterator[Relationship]:
    """View to table, table to view, and view to view, wherever both ends show the key's columns."""
    sources = [one for one in view_keys if _shows(one, key.source, key.constraint, "referencing")]
    targets = [one for one in view_keys if _shows(one, key.target, key.constraint, "referenced")]
    source_names = [(one.view, naming) for one in sources for naming in one.renamings()]
    target_names = [(one.view, naming) for one in targets for naming in one.renamings()]
    itself = {name: name for name in (*key.columns, *key.target_columns)}
    for source, naming in source_names:
        yield _renamed(key, source, naming, key.target, itself, source_is_view=True, target_is_view=False)
    for target, naming in target_names:
        yield _renamed(key, key.source, itself, target, naming, source_is_view=False, target_is_view=True)
    for (source, naming), (target, target_naming) in itertools.product(source_names, target_names):
        yield _renamed(key, source, naming, target, target_naming, source_is_view=True, target_is_view=True)


def _shows(view_key: ViewKey, table: QualifiedName, constraint: str, side: KeySide) -> bool:
    return (view_key.table, view_key.constraint, view_key.side) == (table, constraint, side)


def _renamed(
    key: ForeignKey,
    source: QualifiedName,
    source_naming: Mapping[str, str],
    target: QualifiedName,
    target_naming: Mapping[str, str],
    *,
    source_is_view: bool,
    target_is_view: bool,
) -> Relationship:
    pairs = zip(key.columns, key.target_columns, strict=True)
    return Relationship(
        source=source,
        target=target,
        cardinality="one-to-one" if key.is_unique else "many-to-one",
        constraint=key.constraint,
        columns=tuple((source_naming[own], target_naming[other]) for own, other in pairs),
        to_one=True,
        source_is_view=source_is_view,
        target_is_view=target_is_view,
    )


def _swapped(columns: ColumnPairs) -> ColumnPairs:
    return tuple((other, own) for own, other in columns)


def _inverse(one: Relationship) -> Relationship:
    single = one.cardinality == "one-to-one"
    return Relationship(
        source=one.target,
        target=one.source,
        cardinality="one-to-one" if single else "one-to-many",
        constraint=one.constraint,
        columns=_swapped(one.columns),
        to_one=single,
        is_parent=single,
        source_is_view=one.target_is_view,
        target_is_view=one.source_is_view,
    )


def _many_to_many(
    forward: Sequence[Relationship], primary_keys: Mapping[QualifiedName, tuple[str, ...]]
) -> Iterator[Relationship]:
    """Two keys of one table whose columns are all in its primary key join the tables they point at."""
    by_source: dict[QualifiedName, list[Relationship]] = defaultdict(list)
    for one in forward:
        if one.cardinality == "many-to-one":
            by_source[one.source].append(one)
    for table, keys in by_source.items():
        primary = set(primary_keys.get(table, ()))
        for first, second in itertools.permutations(keys, 2):
            own = {column for column, _ in (*first.columns, *second.columns)}
            if first.constraint != second.constraint and own <= primary:
                yield _joined(table, first, second)


def _joined(table: QualifiedName, first: Relationship, second: Relationship) -> Relationship:
    junction = Junction(table, first.constraint, second.constraint, _swapped(first.columns), _swapped(second.columns))
    return Relationship(
        source=first.target,
        target=second.target,
        cardinality="many-to-many",
        junction=junction,
        source_is_view=first.target_is_view,
        target_is_view=second.target_is_view,
    )


def _by_source(
    relationships: Iterable[Relationship], row_functions: Sequence[Relationship]
) -> dict[tuple[QualifiedName, str], tuple[Relationship, ...]]:
    """A function named like the target of a detected relationship takes its place."""
    overridden = {(one.source, one.function) for one in row_functions}
    found: dict[tuple[QualifiedName, str], list[Relationship]] = defaultdict(list)
    for one in relationships:
        if (one.source, one.target) not in overridden:
            found[one.source, one.target.schema].append(one)
    for one in row_functions:
        found[one.source, one.function.schema if one.function else one.target.schema].append(one)
    return {key: tuple(sorted(some, key=_order)) for key, some in found.items()}


def _order(one: Relationship) -> tuple[bool, QualifiedName, bool, str, str, ColumnPairs]:
    kinds = {"one-to-many": "0", "many-to-one": "1", "one-to-one": "2", "many-to-many": "3"}
    junction = str(one.junction) if one.junction else ""
    return (
        one.function is not None,
        one.target,
        one.is_self,
        kinds[one.cardinality],
        one.constraint + junction,
        one.columns,
    )


def only_exposed(
    relationships: Mapping[tuple[QualifiedName, str], tuple[Relationship, ...]], schemas: Iterable[str]
) -> dict[tuple[QualifiedName, str], tuple[Relationship, ...]]:
    """Without those that start at, end at, or pass through a schema that is not exposed.

    What has only hidden ones stays as a key: it is known, and errors suggest no other name for it.
    """
    exposed = set(schemas)
    return {
        key: tuple(one for one in some if _visible(one, exposed))
        for key, some in relationships.items()
        if key[0].schema in exposed and key[1] in exposed
    }


def _visible(one: Relationship, exposed: set[str]) -> bool:
    return one.target.schema in exposed and (one.junction is None or one.junction.table.schema in exposed)


def with_view_keys(
    tables: Mapping[QualifiedName, Table], view_keys: Iterable[ViewKey]
) -> dict[QualifiedName, tuple[str, ...]]:
    """Primary keys of views: those of the tables they show, under the first name a column has."""
    keys: dict[QualifiedName, list[str]] = defaultdict(list)
    for one in view_keys:
        if one.side == "primary" and one.view in tables:
            keys[one.view] += [names[0] for _, names in one.names]
    return {view: tuple(columns) for view, columns in keys.items()}

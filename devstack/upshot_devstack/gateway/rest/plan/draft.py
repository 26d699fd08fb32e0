"""The select list as a tree, with each filter, order and range hung on the resource it is for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from upshot_devstack.gateway.rest.errors import aliased_resource, not_embedded
from upshot_devstack.gateway.rest.parse.tree import (
    ALL_ROWS,
    Logic,
    OrderTerm,
    Path,
    QueryParameters,
    Range,
    SelectField,
    SelectItem,
    SelectRelation,
)
from upshot_devstack.gateway.rest.plan.legacy_names import LegacyName


@dataclass(slots=True)
class Draft:
    """One resource of the request; the root has no `item`. `legacy`: it was called by its relation, not its alias."""

    item: SelectRelation | None = None
    fields: list[SelectField] = field(default_factory=list)
    where: list[Logic] = field(default_factory=list)
    order: tuple[OrderTerm, ...] = ()
    range: Range = ALL_ROWS
    children: list["Draft"] = field(default_factory=list)
    legacy: LegacyName | None = None

    def legacy_names(self) -> Iterator[LegacyName]:
        """Those of this resource and the ones below it."""
        if self.legacy is not None:
            yield self.legacy
        for child in self.children:
            yield from child.legacy_names()


def draft_of(query: QueryParameters, root_range: Range, *, is_write: bool) -> Draft:
    """The tree of a request. In a write, root filters choose the rows to change, not those to show."""
    root = Draft()
    _add_items(root, query.select)
    for path, filter_ in query.filters:
        if path or not is_write:
            _node(root, path).where.append(filter_)
    for path, terms in query.order:
        _node(root, path).order = terms
    for path, tree in query.logic:
        if path or not is_write:
            _node(root, path).where.append(tree)
    if not is_write:
        _add_ranges(root, query, root_range)
    return root


def _add_ranges(root: Draft, query: QueryParameters, root_range: Range) -> None:
    for path, wanted in query.ranges.items():
        if path:
            _node(root, path).range = wanted
    root.range = root_range


def _add_items(node: Draft, items: Iterable[SelectItem]) -> None:
    for item in items:
        if isinstance(item, SelectField):
            node.fields.append(item)
        else:
            child = Draft(item)
            _add_items(child, item.children)
            node.children.append(child)


def _node(root: Draft, path: Path) -> Draft:
    node = root
    for name in path:
        node = _child(node, name)
    return node


def _child(node: Draft, name: str) -> Draft:
    """The embedded resource of that alias or, for older clients, of that relation name."""
    items = [(child, child.item) for child in node.children if child.item]
    by_alias = next((child for child, item in items if (item.alias or item.name) == name), None)
    if by_alias is not None:
        return by_alias
    for child, item in items:
        if item.name == name and item.alias is not None:
            child.legacy = LegacyName(name, item.alias)
            return child
    raise not_embedded(name)


def refuse_legacy_names(root: Draft) -> None:
    """For those who want every resource called by its alias."""
    first = next(root.legacy_names(), None)
    if first is not None:
        raise aliased_resource(first.relation, first.alias)

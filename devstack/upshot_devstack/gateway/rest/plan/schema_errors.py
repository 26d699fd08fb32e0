"""Errors about names that the schema cache does not have, or has too often (PGRST2xx)."""

from collections.abc import Iterable, Sequence

from upshot_devstack.gateway.rest.errors import ApiError
from upshot_devstack.gateway.rest.identifiers import QualifiedName
from upshot_devstack.gateway.rest.parse import media
from upshot_devstack.gateway.rest.schema_cache.fuzzy import closest
from upshot_devstack.gateway.rest.schema_cache.model import Relationship, Routine, SchemaCache

SURE_ENOUGH = 0.75
TOO_MANY_TABLES = 500
UNNAMED_TYPES = {media.PLAIN_TEXT: "text", media.XML: "xml", media.OCTET_STREAM: "bytea"}


def no_relationship(parent: str, child: str, hint: str | None, schema: str, cache: SchemaCache) -> ApiError:
    using = f"' using the hint '{hint}" if hint is not None else ""
    return ApiError(
        400,
        "PGRST200",
        f"Could not find a relationship between '{parent}' and '{child}' in the schema cache",
        f"Searched for a foreign key relationship between '{parent}' and '{child}{using}' in the schema '{schema}', "
        "but no matches were found.",
        _relationship_hint(parent, child, schema, cache),
    )


def _relationship_hint(parent: str, child: str, schema: str, cache: SchemaCache) -> str | None:
    known = cache.relationships.get((QualifiedName(schema, parent), schema))
    if known is not None:
        found = closest({one.target.name for one in known}, child)
        wrong = child
    else:
        parents = {source.name for source, target in cache.relationships if target == source.schema == schema}
        found = closest(parents, parent)
        wrong = parent
    if found is None or found[0] == 1.0:
        return None
    return f"Perhaps you meant '{found[1]}' instead of '{wrong}'."


def ambiguous_relationship(parent: str, child: str, found: Sequence[Relationship]) -> ApiError:
    alternatives = ", ".join(f"'{one.target.name}!{_handle(one)}'" for one in found)
    return ApiError(
        300,
        "PGRST201",
        f"Could not embed because more than one relationship was found for '{parent}' and '{child}'",
        [_described(one) for one in found],
        f"Try changing '{child}' to one of the following: {alternatives}. "
        "Find the desired relationship in the 'details' key.",
    )


def _handle(one: Relationship) -> str:
    return one.junction.table.name if one.junction else one.constraint


def _described(one: Relationship) -> dict[str, str]:
    return {
        "cardinality": one.cardinality,
        "embedding": f"{one.source.name} with {one.target.name}",
        "relationship": _relationship_text(one),
    }


def _relationship_text(one: Relationship) -> str:
    if one.junction:
        source = ", ".join(column for _, column in one.junction.source_columns)
        target = ", ".join(column for _, column in one.junction.target_columns)
        first, second = one.junction.source_constraint, one.junction.target_constraint
        return f"{one.junction.table.name} using {first}({source}) and {second}({target})"
    own = ", ".join(column for column, _ in one.columns)
    other = ", ".join(column for _, column in one.columns)
    return f"{one.constraint} using {one.source.name}({own}) and {one.target.name}({other})"


def no_function(
    name: QualifiedName, arguments: Sequence[str], content_type: str, *, by_post: bool, cache: SchemaCache
) -> ApiError:
    unnamed = UNNAMED_TYPES.get(content_type) if by_post else None
    given = "" if unnamed else f"({', '.join(arguments)})" if arguments else " without parameters"
    return ApiError(
        404,
        "PGRST202",
        f"Could not find the function {name}{given} in the schema cache",
        f"Searched for the function {name}{_searched(arguments, content_type, unnamed, by_post=by_post)}, "
        "but no matches were found in the schema cache.",
        None if unnamed else _function_hint(name, arguments, cache),
    )


def _searched(arguments: Sequence[str], content_type: str, unnamed: str | None, *, by_post: bool) -> str:
    if unnamed:
        return f" with a single unnamed {unnamed} parameter"
    plural = "s" if len(arguments) > 1 else ""
    named = f" with parameter{plural} {', '.join(arguments)}" if arguments else " without parameters"
    also = " or with a single unnamed json/jsonb parameter" if by_post and content_type == media.JSON else ""
    return named + also


def _function_hint(name: QualifiedName, arguments: Sequence[str], cache: SchemaCache) -> str | None:
    overloads = cache.routines.get(name)
    if not overloads:
        others = {known.name for known in cache.routines if known.schema == name.schema}
        found = closest(others, name.name, SURE_ENOUGH)
        return f"Perhaps you meant to call the function {name.schema}.{found[1]}" if found else None
    signatures = {_signature(parameter.name for parameter in one.parameters) for one in overloads}
    found = closest(signatures, _signature(arguments))
    return f"Perhaps you meant to call the function {name}{found[1]}" if found else None


def _signature(names: Iterable[str]) -> str:
    return f"({', '.join(sorted(names))})"


def ambiguous_function(candidates: Sequence[Routine]) -> ApiError:
    listed = ", ".join(
        f"{one.name}({', '.join(f'{parameter.name} => {parameter.type}' for parameter in one.parameters)})"
        for one in candidates
    )
    return ApiError(
        300,
        "PGRST203",
        f"Could not choose the best candidate function between: {listed}",
        None,
        "Try renaming the parameters or the function itself in the database so function overloading can be resolved",
    )


def no_column(table: str, column: str) -> ApiError:
    return ApiError(400, "PGRST204", f"Could not find the '{column}' column of '{table}' in the schema cache")


def no_table(name: QualifiedName, cache: SchemaCache) -> ApiError:
    others = [known.name for known in cache.tables if known.schema == name.schema]
    found = closest(others, name.name, SURE_ENOUGH) if len(others) < TOO_MANY_TABLES else None
    hint = f"Perhaps you meant the table '{name.schema}.{found[1]}'" if found else None
    return ApiError(404, "PGRST205", f"Could not find the table '{name}' in the schema cache", None, hint)

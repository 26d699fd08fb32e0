"""JSON Schemas of the verbs: what the catalog says, and for JSON what sql/50_rpc/schemas declares.

A declared object is terse: its properties are all there are, and all are required but those that end in `?`;
`"row_of": "deployments"` stands for the columns of a table, less those `without`.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Schema = dict[str, Any]
Query = Callable[[str], list[tuple[Any, ...]]]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NULL: Schema = {"type": "null"}

VERBS = """
select p.proname, obj_description(p.oid, 'pg_proc'), coalesce(p.proargnames[1:p.pronargs], '{}'),
  array(select format_type(t, null) from unnest(p.proargtypes::oid[]) with ordinality as a (t, n) order by n),
  p.pronargs - p.pronargdefaults, p.proretset, format_type(p.prorettype, null), nullif(t.typrelid, 0)::regclass::text,
  array(select format('%s:%s', p.proargnames[i], format_type(p.proallargtypes[i], null))
    from generate_subscripts(p.proargmodes, 1) i where p.proargmodes[i] = 't')
from pg_proc p join pg_type t on t.oid = p.prorettype
where p.pronamespace = 'public'::regnamespace order by p.proname
"""

COLUMNS = """
select c.oid::regclass::text, a.attname, format_type(a.atttypid, null), not a.attnotnull,
  col_description(c.oid, a.attnum),
  (select array(select m[1] from regexp_matches(pg_get_constraintdef(k.oid), '''([^'']+)''::text', 'g') m)
   from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
     and pg_get_constraintdef(k.oid) ~ (' = ANY \\(*ARRAY\\[') limit 1)
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'v', 'p', 'c')
order by c.oid, a.attnum
"""

FIELDS = """
select f.batch, f.name, f.type, f.is_required, t.expected
from private.batch_fields f join private.field_types t using (type) order by f.batch, f.position
"""

INTEGER: Schema = {"type": "integer"}
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
SCALARS: dict[str, Schema] = {
    "uuid": {"type": "string", "format": "uuid"},
    "text": TEXT, "character varying": TEXT, "name": TEXT, "interval": TEXT, "extensions.vector": TEXT,
    "boolean": {"type": "boolean"},
    "smallint": INTEGER, "integer": INTEGER, "bigint": INTEGER,
    "real": NUMBER, "double precision": NUMBER, "numeric": NUMBER,
    "timestamp with time zone": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "jsonb": {}, "json": {},
    "void": NULL,
}  # fmt: skip

KEY: Schema = {
    "type": "object",
    "required": ["type", "value"],
    "properties": {"type": {"type": "string"}, "value": {"type": "string"}},
}
FIELD: dict[str, Schema] = {
    "uuid": {"type": "string", "format": "uuid"},
    "name": {"type": "string", "minLength": 1, "maxLength": 512},
    "source": {"type": "string", "minLength": 1, "maxLength": 512, "pattern": "^(?!import:)"},
    "text": {"type": "string"},
    "instant": {"type": "string", "format": "date-time"},
    "amount": {"type": "number", "minimum": 0},
    "count": {"type": "integer", "minimum": 0, "maximum": 2147483647},
    "value": {"type": ["number", "boolean"]},
    "status": {"enum": ["ok", "error"]},
    "object": {"type": "object"},
    "key": KEY,
    "keys": {"type": "array", "items": KEY},
}
# Their schema says what a row may hold; a row that does not fit is answered with its error, so calls may send more.
BATCHES = {("record_inferences", "inferences"): "inference", ("record_outcomes", "outcomes"): "outcome",
           ("record_exposures", "exposures"): "exposure",
           ("record_run_results_v1", "results"): "result"}  # fmt: skip


@dataclass(frozen=True)
class Verb:
    """One public function, as the catalog has it."""

    name: str
    description: str
    arguments: list[str]
    types: list[str]
    required: int
    is_set: bool
    returns: str
    relation: str | None
    columns: list[str]


@dataclass(frozen=True)
class Declared:
    """The hand-written half: JSON arguments and JSON answers, and the words that they share."""

    verbs: dict[str, Schema]
    shared: dict[str, Schema]


def declared(folder: Path) -> Declared:
    """What stands in sql/50_rpc/schemas."""
    files = {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}
    shared = {name: normal(schema) for name, schema in files.pop("_shared", {}).items()}
    return Declared(files, shared)


def normal(schema: Any) -> Any:
    """A declared schema with what its terseness leaves out."""
    if isinstance(schema, list):
        return [normal(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    full = {word: normal(value) for word, value in schema.items() if word != "properties"}
    if "properties" in schema:
        own = schema["properties"]
        full["type"] = schema.get("type", "object")
        full["properties"] = {name.removesuffix("?"): normal(value) for name, value in own.items()}
        full.setdefault("required", sorted(name for name in own if not name.endswith("?")))
        full.setdefault("additionalProperties", False)
    return full


def nullable(schema: Schema) -> Schema:
    """The schema, or null."""
    if isinstance(schema.get("type"), str):
        more: Schema = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
        return schema | {"type": [schema["type"], "null"]} | more
    return {"anyOf": [schema, NULL]} if schema else schema


def of_type(name: str) -> Schema:
    """The schema of a value of a Postgres type."""
    if name.endswith("[]"):
        return {"type": "array", "items": of_type(name.removesuffix("[]"))}
    return dict(SCALARS.get(name, {}))


@dataclass(frozen=True)
class Contract:
    """Everything that the schemas are made of."""

    verbs: list[Verb]
    relations: dict[str, Schema]
    fields: list[tuple[Any, ...]]
    declared: Declared

    def input(self, verb: Verb) -> Schema:
        """What may be sent."""
        hand = self.declared.verbs.get(verb.name, {}).get("input", {})
        properties = {}
        for position, (name, kind) in enumerate(zip(verb.arguments, verb.types, strict=True)):
            schema = normal(hand[name]) if name in hand else of_type(kind)
            if (verb.name, name) in BATCHES:
                row = batch_row(self.fields, BATCHES[verb.name, name])
                schema = {"type": "array", "maxItems": 10_000, "items": row}
            properties[name] = nullable(schema) if position >= verb.required else schema
        required = verb.arguments[: verb.required]
        return self._whole(
            verb,
            {"type": "object", "required": required, "additionalProperties": False, "properties": properties},
        )

    def output(self, verb: Verb) -> Schema:
        """What comes back."""
        hand = self.declared.verbs.get(verb.name, {}).get("output")
        if hand is not None:
            schema = self._rows(normal(hand))
        elif verb.columns:
            pairs = (column.split(":", 1) for column in verb.columns)
            schema = record({name: nullable(of_type(kind)) for name, kind in pairs})
        elif verb.relation:
            schema = self.relations[verb.relation]
        else:
            schema = nullable(of_type(verb.returns))
        return self._whole(verb, {"type": "array", "items": schema} if verb.is_set else schema)

    def _rows(self, schema: Any) -> Any:
        """With the columns of the tables that it names."""
        if isinstance(schema, list):
            return [self._rows(one) for one in schema]
        if not isinstance(schema, dict):
            return schema
        full = {word: self._rows(value) for word, value in schema.items() if word not in ("row_of", "without")}
        if "row_of" not in schema:
            return full
        row = self.relations[schema["row_of"]]
        row = record({name: one for name, one in row["properties"].items() if name not in schema.get("without", [])})
        more = full.get("properties", {})
        return row | {
            "required": sorted({*row["required"], *full.get("required", [])}),
            "properties": row["properties"] | more,
        }

    def undeclared(self) -> list[str]:
        """The JSON arguments and answers that nothing describes."""
        missing = []
        for verb in self.verbs:
            hand = self.declared.verbs.get(verb.name, {})
            known = hand.get("input", {}).keys() | {name for owner, name in BATCHES if owner == verb.name}
            pairs = zip(verb.arguments, verb.types, strict=True)
            missing += [f"{verb.name}: {n}" for n, t in pairs if t == "jsonb" and n not in known]
            missing += [f"{verb.name}: its answer"] if verb.returns == "jsonb" and "output" not in hand else []
        return missing

    def _whole(self, verb: Verb, schema: Schema) -> Schema:
        """A document of its own, with those shared words that it uses."""
        used = dict(reachable(schema, {name: self._rows(one) for name, one in self.declared.shared.items()}))
        head = {"$schema": DIALECT, "title": verb.name, "description": verb.description}
        return head | schema | ({"$defs": used} if used else {})


def reachable(schema: Any, shared: dict[str, Schema]) -> Iterable[tuple[str, Schema]]:
    """The shared words that a schema refers to, directly or through one another."""
    seen: set[str] = set()
    text, found = json.dumps(schema), True
    while found:
        found = False
        for name, one in shared.items():
            if name not in seen and f'"#/$defs/{name}"' in text:
                seen.add(name)
                text += json.dumps(one)
                found = True
    return ((name, shared[name]) for name in sorted(seen))


def record(properties: dict[str, Schema]) -> Schema:
    """An object that has exactly these."""
    return {
        "type": "object", "required": list(properties), "additionalProperties": False, "properties": properties,
    }  # fmt: skip


def batch_row(fields: list[tuple[Any, ...]], batch: str) -> Schema:
    """A row of a batch, by private.batch_fields."""
    own = [f for f in fields if f[0] == batch]
    properties = {}
    for _, name, kind, is_required, expected in own:
        properties[name] = (FIELD[kind] if is_required else nullable(FIELD[kind])) | {"description": expected}
    return {"type": "object", "required": [f[1] for f in own if f[3]], "properties": properties}


def relations(rows: list[tuple[Any, ...]]) -> dict[str, Schema]:
    """Tables, views and composite types as records."""
    found: dict[str, dict[str, Schema]] = {}
    for relation, column, kind, is_nullable, description, words in rows:
        schema = of_type(kind) | ({"enum": words} if words else {})
        schema = nullable(schema) if is_nullable else schema
        found.setdefault(relation, {})[column] = schema | ({"description": description} if description else {})
    return {relation: record(columns) for relation, columns in found.items()}


def contract(query: Query, folder: Path) -> Contract:
    """Read the catalog and the declarations."""
    return Contract([Verb(*row) for row in query(VERBS)], relations(query(COLUMNS)), query(FIELDS), declared(folder))

"""frontend_contract/ is the golden file of the API: generated here, compared here, written by scripts/gen_contract."""

import hashlib
import json
import os
import subprocess
from pathlib import Path

import httpx
import pytest

from support.absent import absent

UPDATE = "UPDATE_GOLDEN"


@pytest.fixture(scope="session")
def folder(pytestconfig) -> Path:
    return pytestconfig.rootpath / "frontend_contract"


def compare(path: Path, text: str) -> None:
    if os.environ.get(UPDATE):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert path.is_file(), f"{path.name} is missing: run scripts/gen_contract."
    assert path.read_text().splitlines() == text.splitlines(), (
        f"{path.name} no longer says what the database says. Run scripts/gen_contract, read the diff, commit it."
    )


def as_json(value) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


@pytest.mark.cli
def test_typescript_types(db, folder, pytestconfig, tmp_path):
    program = pytestconfig.rootpath / "tests" / "js" / "node_modules" / ".bin" / "supabase"
    if not program.exists():
        absent("the Supabase CLI; run scripts/setup")
    words = (
        "SUPABASE_NO_UPDATE_NOTIFIER",
        "SUPABASE_TELEMETRY_DISABLED",
        "DO_NOT_TRACK",
        "NO_COLOR",
        "SUPABASE_NO_KEYRING",
    )
    done = subprocess.run(
        [str(program), "gen", "types", "--lang", "typescript", "-s", "public", f"--remote={db.url()}"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=110,
        env={**os.environ, **dict.fromkeys(words, "1"), "SUPABASE_HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    compare(folder / "database.types.ts", done.stdout)


def test_openapi(db, gateway_factory, folder):
    gateway = gateway_factory(db)
    headers = {"apikey": gateway.settings.secret_key}
    answer = httpx.get(f"{gateway.url}/rest/v1/", headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    document = answer.json()
    for changing in ("host", "basePath", "schemes"):
        document.pop(changing, None)
    document.get("info", {}).pop("version", None)
    compare(folder / "openapi.json", as_json(document))


VERBS = """
select p.proname as verb, obj_description(p.oid, 'pg_proc') as description,
  p.proargnames[1:p.pronargs] as names,
  array(select format_type(t, null) from unnest(p.proargtypes::oid[]) with ordinality as a (t, n) order by n) as types,
  p.pronargs - p.pronargdefaults as required, has_function_privilege('authenticated', p.oid, 'execute') as is_public
from pg_proc p where p.pronamespace = 'public'::regnamespace order by p.proname
"""

FIELDS = """
select f.batch, f.name, f.type, f.is_required, t.expected
from private.batch_fields f join private.field_types t using (type) order by f.batch, f.position
"""

ARGUMENT = {
    "uuid": {"type": "string", "format": "uuid"},
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "bigint": {"type": "integer"},
    "jsonb": {},
    "boolean": {"type": "boolean"},
    "timestamp with time zone": {"type": "string", "format": "date-time"},
    "interval": {"type": "string"},
    "numeric[]": {"type": "array", "items": {"type": "number"}},
    "text[]": {"type": "array", "items": {"type": "string"}},
    "uuid[]": {"type": "array", "items": {"type": "string", "format": "uuid"}},
}
KEY = {
    "type": "object",
    "required": ["type", "value"],
    "properties": {"type": {"type": "string"}, "value": {"type": "string"}},
}
FIELD = {
    "uuid": {"type": "string", "format": "uuid"},
    "name": {"type": "string", "minLength": 1, "maxLength": 512},
    "text": {"type": "string"},
    "instant": {"type": "string", "format": "date-time"},
    "amount": {"type": "number", "minimum": 0},
    "count": {"type": "integer", "minimum": 0, "maximum": 2147483647},
    "value": {"type": ["number", "boolean"]},
    "status": {"enum": ["ok", "error"]},
    "key": KEY,
    "keys": {"type": "array", "items": KEY},
}
BATCHES = {("record_inferences", "inferences"): "inference", ("record_outcomes", "outcomes"): "outcome",
           ("record_run_results_v1", "results"): "result"}  # fmt: skip
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def row_schema(fields, batch: str) -> dict:
    own = [f for f in fields if f[0] == batch]
    return {
        "type": "object",
        "required": [name for _, name, _, is_required, _ in own if is_required],
        "properties": {name: FIELD[kind] | {"description": expected} for _, name, kind, _, expected in own},
    }


def input_schema(verb, description, names, types, required, fields) -> dict:
    properties = {name: dict(ARGUMENT[kind]) for name, kind in zip(names, types, strict=True)}
    for name in names:
        if (verb, name) in BATCHES:
            row = row_schema(fields, BATCHES[verb, name])
            properties[name] = {"type": "array", "maxItems": 10_000, "items": row}
    return {
        "$schema": DIALECT,
        "title": verb,
        "description": description,
        "type": "object",
        "required": list(names[:required]),
        "additionalProperties": False,
        "properties": properties,
    }


def test_json_schemas_of_the_verbs(db, query, folder):
    fields = query(db, FIELDS)
    verbs = query(db, VERBS)
    for verb, description, names, types, required, _ in verbs:
        compare(
            folder / "schemas" / f"{verb}.input.json",
            as_json(input_schema(verb, description, names, types, required, fields)),
        )
    kept = {path.name.removesuffix(".input.json") for path in (folder / "schemas").glob("*.input.json")}
    assert kept == {verb for verb, *_ in verbs}


def test_error_registry(db, query, pytestconfig):
    rows = query(db, "select code, sqlstate, message, hint from private.errors order by sqlstate, code")
    lines = [f"| `{code}` | `{state}` | {state[2:]} | {message} | {hint} |" for code, state, message, hint in rows]
    head = (
        "# Errors\n\n"
        "Every error that Upshot's functions raise. PostgREST answers with the HTTP status and\n"
        '`{"code", "message", "details", "hint"}`: `message` is for people, `hint` says what to do next, and `details` is a\n'
        "JSON text for machines, whose `code` is the first column here. In batches, the same code, message and hint come\n"
        "back per row. Words in braces are filled in.\n\n"
        "Written by `scripts/gen_contract` from the view `private.errors` (sql/00_foundation/errors.sql).\n\n"
        "| code | SQLSTATE | HTTP | message | hint |\n|---|---|---|---|---|\n"
    )
    compare(pytestconfig.rootpath / "docs" / "reference" / "errors.md", head + "\n".join(lines) + "\n")


def bucket(salt: str, purpose: str, unit: str) -> int:
    return int(hashlib.sha256(f"{salt}:{purpose}:{unit}".encode()).hexdigest()[:12], 16) % 10_000


def test_assignment_vectors(db, query, folder):
    """The same buckets in SQL, in Python here, and in TypeScript where the dashboard's tests read this file."""
    units = ["ann", "Ann", "", " ", "42", "user:42", "ünï", "客户", "🙂", "a" * 512, "e\u0301", "\u00e9", "line\nbreak"]
    salts = ["0" * 64, "salt", "z:z"]
    vectors = [
        {"salt": salt, "purpose": purpose, "unit_id": unit, "bucket": bucket(salt, purpose, unit)}
        for salt in salts
        for purpose in ("traffic", "variant")
        for unit in units
    ]
    values = json.dumps(vectors).replace("'", "''")
    wrong = query(
        db,
        "select v from jsonb_array_elements('" + values + "'::jsonb) v "
        "where private.bucket(v ->> 'salt', v ->> 'purpose', v ->> 'unit_id') <> (v ->> 'bucket')::int",
    )
    assert wrong == []
    rule = "First 48 bits of SHA-256 over UTF-8 of salt:purpose:unit_id, big-endian, modulo 10000."
    compare(folder / "fixtures" / "assignment_vectors.json", as_json({"rule": rule, "vectors": vectors}))

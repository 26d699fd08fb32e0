"""frontend_contract/ is the golden file of the API: generated here, compared here, written by scripts/gen_contract."""

import hashlib
import json
import os
import subprocess
from pathlib import Path

import httpx
import pytest

from support.absent import absent
from support.schemas import contract

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


def test_json_schemas_of_the_verbs(db, query, folder, pytestconfig):
    found = contract(lambda statement: query(db, statement), pytestconfig.rootpath / "sql" / "50_rpc" / "schemas")
    wanted = {f"{verb.name}.input.json": found.input(verb) for verb in found.verbs}
    wanted |= {f"{verb.name}.output.json": found.output(verb) for verb in found.verbs}
    for name, schema in wanted.items():
        compare(folder / "schemas" / name, as_json(schema))
    kept = {path.name for path in (folder / "schemas").glob("*.json")}
    if os.environ.get(UPDATE):
        for gone in kept - wanted.keys():
            (folder / "schemas" / gone).unlink()
    assert kept == wanted.keys() or os.environ.get(UPDATE)


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
        for purpose in ("traffic", "variant", "layer", "holdout")
        for unit in units
    ]
    values = json.dumps(vectors).replace("'", "''")
    wrong = query(
        db,
        "select v from jsonb_array_elements('" + values + "'::jsonb) v "
        "where private.bucket(v ->> 'salt', v ->> 'purpose', v ->> 'unit_id') <> (v ->> 'bucket')::int",
    )
    assert wrong == []
    rule = (
        "First 48 bits of SHA-256 over UTF-8 of salt:purpose:unit_id, big-endian, modulo 10000. "
        "Texts are hashed as they are: a letter with its accent as one code point and as two are different units."
    )
    compare(folder / "fixtures" / "assignment_vectors.json", as_json({"rule": rule, "vectors": vectors}))

"""Compile sql/ and policies/ into supabase/migrations: one baseline, in the order of supabase/config.toml.

`--check` writes nothing and fails when the committed file is not what the sources say. `--list` prints the sources.
"""

import hashlib
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUPABASE = ROOT / "supabase"
BASELINE = SUPABASE / "migrations" / "20261121000000_baseline.sql"
PACKAGE = ROOT / "workers" / "upshot" / "sql"


def sources() -> list[Path]:
    """The source files in order: `schema_paths` of config.toml, globs sorted, repeats dropped."""
    config = tomllib.loads((SUPABASE / "config.toml").read_text())
    found: list[Path] = []
    for pattern in config["db"]["migrations"]["schema_paths"]:
        matches = sorted(ROOT.glob(pattern.removeprefix("../")))
        if not matches:
            sys.exit(f"supabase/config.toml: schema_paths names {pattern}, and there is no such file.")
        found += [path for path in matches if path not in found]
    return found


def forgotten(listed: list[Path]) -> list[Path]:
    """Source files that no entry of `schema_paths` reaches."""
    present = [*(ROOT / "sql").rglob("*.sql"), *(ROOT / "policies").rglob("*.sql")]
    return sorted(set(present) - set(listed))


def compile_baseline(listed: list[Path]) -> str:
    """The baseline's text: a header with the hash of every source, then the sources."""
    header = ["-- Compiled by scripts/build_migrations from the files below. Edit those, not this.", "--"]
    header += [f"-- {hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(ROOT)}" for path in listed]
    bodies = [f"-- ==== {path.relative_to(ROOT)}\n\n{path.read_text().strip()}\n" for path in listed]
    return "\n".join(["\n".join(header) + "\n", *bodies])


def compile_statistics(listed: list[Path]) -> str:
    """Schema stats alone, all its files in their order: what `upshot analyze` computes with on an empty database."""
    own = [path for path in listed if path.parent.name == "20_functions" and path.name.startswith("stats")]
    header = "-- Compiled by scripts/build_migrations from sql/20_functions/stats*.sql. Edit those, not this."
    return "\n\n".join([f"{header}\ncreate schema stats;", *(path.read_text().strip() for path in own)]) + "\n"


def carried(listed: list[Path]) -> dict[Path, str]:
    """What the Python package carries of the database's SQL, to run it elsewhere."""
    core = (ROOT / "sql" / "40_views" / "effect_core.sql").read_text()
    return {PACKAGE / "statistics.sql": compile_statistics(listed), PACKAGE / "effect_core.sql": core}


def main(argument: str | None) -> None:
    listed = sources()
    if missing := forgotten(listed):
        sys.exit("supabase/config.toml: add to schema_paths: " + ", ".join(str(p.relative_to(ROOT)) for p in missing))
    if argument == "--list":
        print(*(path.relative_to(ROOT) for path in listed), sep="\n")
        return
    compiled = {BASELINE: compile_baseline(listed)} | carried(listed)
    if argument == "--check":
        for path, text in compiled.items():
            if not path.is_file() or path.read_text() != text:
                sys.exit(f"{path.relative_to(ROOT)} is stale. Run scripts/build_migrations and commit the result.")
        print(f"{BASELINE.relative_to(ROOT)} is what its {len(listed)} sources say.")
        return
    for path, text in compiled.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    print(f"Wrote {BASELINE.relative_to(ROOT)} from {len(listed)} sources.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)

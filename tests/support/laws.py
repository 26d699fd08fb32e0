"""Every law that a family of tables has declared, found in the files of tests/rls."""

import importlib.util
from pathlib import Path
from types import ModuleType

from support.rls import Law

FOLDER = Path(__file__).parents[1] / "rls"

TABLES = """
select n.nspname || '.' || c.relname as name, exists (
  select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id') as tenant
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 'private', 'stats') and c.relkind in ('r', 'p') and not c.relispartition order by 1
"""


def _family(path: Path) -> ModuleType:
    """A test module, loaded for what it declares."""
    spec = importlib.util.spec_from_file_location(f"law_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def laws() -> dict[str, Law]:
    """Schema and table to its law."""
    families = [_family(path) for path in sorted(FOLDER.glob("test_*.py")) if path.name != "test_every_table.py"]
    found = [law for family in families for law in getattr(family, "LAWS", [])]
    return {f"{law.schema}.{law.table}": law for law in found}

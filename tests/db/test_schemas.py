"""No verb takes or gives JSON that nothing describes."""

from psycopg.rows import tuple_row

from support.schemas import contract
from support.world import World


def test_json_is_declared(world: World, pytestconfig):
    cursor = world.connect("postgres").cursor(row_factory=tuple_row)
    found = contract(
        lambda statement: cursor.execute(statement.encode()).fetchall(),
        pytestconfig.rootpath / "sql" / "50_rpc" / "schemas",
    )
    assert found.undeclared() == [], "Declare them in sql/50_rpc/schemas/<verb>.json."
    assert found.declared.verbs.keys() <= {verb.name for verb in found.verbs}

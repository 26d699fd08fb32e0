"""Every test may ask for a real Postgres: `cluster`, `blank_db`, `db`, `gateway_factory`, `gateway`."""

import pytest

# Helpers assert too; their failures explain themselves only when this comes before their import.
pytest.register_assert_rewrite("support")

pytest_plugins = ["upshot_devstack.fixtures", "support.theatres"]

"""Every test may ask for a real Postgres: `cluster`, `blank_db`, `db`, `gateway_factory`, `gateway`."""

pytest_plugins = ["upshot_devstack.fixtures"]

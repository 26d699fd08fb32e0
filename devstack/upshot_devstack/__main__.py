"""`python -m upshot_devstack`."""

from upshot_devstack.cli import app

app()

"""A devstack for one measurement: free ports, gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from upshot_devstack.config import StackConfig
from upshot_devstack.stack import Devstack


@contextmanager
def scratch_stack(*, durable: bool = False) -> Iterator[Devstack]:
    """A running stack that is removed at the end; ``durable``: with fsync, checkpoints and autovacuum as Postgres comes."""
    with TemporaryDirectory(prefix="upshot-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # the account that runs Postgres must pass through
        with Devstack(StackConfig(state_dir=home, api_port=0, db_port=0, durable=durable)) as stack:
            yield stack

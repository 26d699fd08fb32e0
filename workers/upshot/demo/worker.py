"""The product's own worker, beside the demo's dashboard: without one, results would stand still when the demo has ended."""

import asyncio
import threading

from upshot import logs, wiring
from upshot.demo.api import Project
from upshot.settings import Settings


def start(project: Project) -> None:
    """Begin in a thread that ends with this process; its jobs go back to the queue when their lease is over."""
    threading.Thread(target=lambda: asyncio.run(_work(project)), daemon=True, name="worker").start()


async def _work(project: Project) -> None:
    settings = Settings.model_validate(
        {"supabase_url": project.url, "supabase_secret_key": project.secret_key, "log_level": "warning"}
    )
    logs.configure(settings)
    async with wiring.worker(settings) as crew:
        await crew.run(asyncio.Event())

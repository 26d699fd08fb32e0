"""``python -m upshot_devstack.gateway``: serve with the settings of the environment until SIGTERM or SIGINT."""

import sys

from pydantic import ValidationError

from upshot_devstack.gateway import logs
from upshot_devstack.gateway.server import make_server
from upshot_devstack.gateway.settings import GatewaySettings

WRONG_SETTINGS = 2


def main() -> int:
    """Serve; 0 after an orderly stop, 2 when the settings are wrong."""
    try:
        settings = GatewaySettings.from_environment()
    except ValidationError as error:
        sys.stderr.write(explain(error))
        return WRONG_SETTINGS
    logs.configure(settings.log_level)
    make_server(settings).run()
    return 0


def explain(error: ValidationError) -> str:
    """One line a wrong setting, with the variable to set and never its value."""
    lines = (f"  {'.'.join(map(str, item['loc'])) or 'settings'}: {item['msg']}" for item in error.errors())
    return "The gateway's settings are not usable:\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())

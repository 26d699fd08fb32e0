"""The table of routes, and how a request finds its handler."""

import re
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from upshot_devstack.gateway.auth import (
    account,
    admin_links,
    admin_logs,
    admin_users,
    discovery,
    factors,
    grants,
    otp,
    signup,
    verify,
)
from upshot_devstack.gateway.auth.context import Auth
from upshot_devstack.gateway.auth.errors import AuthError
from upshot_devstack.gateway.auth.request import Request
from upshot_devstack.gateway.auth.responses import Response

Handler = Callable[[Auth, Request], Awaitable[Response]]

TABLE: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/signup", signup.signup),
    ("POST", "/token", grants.token),
    ("POST", "/otp", otp.otp),
    ("POST", "/magiclink", otp.magic_link),
    ("POST", "/recover", otp.recover),
    ("POST", "/resend", otp.resend),
    ("GET", "/verify", verify.verify_get),
    ("POST", "/verify", verify.verify_post),
    ("GET", "/user", account.get_user),
    ("PUT", "/user", account.put_user),
    ("GET", "/reauthenticate", account.reauthenticate),
    ("POST", "/logout", account.logout),
    ("GET", "/user/identities/authorize", discovery.link_identity),
    ("DELETE", "/user/identities/{identity_id}", account.unlink_identity),
    ("POST", "/factors", factors.enroll),
    ("DELETE", "/factors/{factor_id}", factors.unenroll),
    ("POST", "/factors/{factor_id}/challenge", factors.challenge),
    ("POST", "/factors/{factor_id}/verify", factors.verify),
    ("GET", "/admin/users", admin_users.list_users),
    ("POST", "/admin/users", admin_users.create_user),
    ("GET", "/admin/users/{user_id}", admin_users.get_user),
    ("PUT", "/admin/users/{user_id}", admin_users.update_user),
    ("DELETE", "/admin/users/{user_id}", admin_users.delete_user),
    ("GET", "/admin/users/{user_id}/factors", factors.list_for_admin),
    ("PUT", "/admin/users/{user_id}/factors/{factor_id}", factors.rename_for_admin),
    ("DELETE", "/admin/users/{user_id}/factors/{factor_id}", factors.delete_for_admin),
    ("POST", "/admin/generate_link", admin_links.generate_link),
    ("POST", "/invite", admin_links.invite),
    ("GET", "/admin/audit", admin_logs.audit_log),
    ("GET", "/admin/mailbox", admin_logs.read_mailbox),
    ("DELETE", "/admin/mailbox", admin_logs.clear_mailbox),
    ("GET", "/settings", discovery.settings),
    ("GET", "/health", discovery.health),
    ("GET", "/.well-known/jwks.json", discovery.jwks),
    ("GET", "/.well-known/openid-configuration", discovery.openid_configuration),
    ("GET", "/authorize", discovery.authorize),
    ("POST", "/sso", discovery.sso),
)


class Route(NamedTuple):
    """A handler with the shape of its path."""

    method: str
    pattern: re.Pattern[str]
    handler: Handler


def compiled(method: str, path: str, handler: Handler) -> Route:
    """``{name}`` stands for one segment."""
    parts = re.split(r"\{(\w+)\}", path)
    shape = "".join(f"(?P<{part}>[^/]+)" if index % 2 else re.escape(part) for index, part in enumerate(parts))
    return Route(method, re.compile(shape), handler)


ROUTES = tuple(compiled(*entry) for entry in TABLE)


def resolve(request: Request) -> Handler:
    """The handler of a request, whose ``params`` it fills; AuthError 404 or 405."""
    path = request.path.rstrip("/") or "/"
    matching = [(route, match) for route in ROUTES if (match := route.pattern.fullmatch(path))]
    if not matching:
        raise AuthError(404, "not_found", "There is no such path in this service.")
    for route, match in matching:
        if route.method == request.method:
            request.params = match.groupdict()
            return route.handler
    allowed = ", ".join(sorted({route.method for route, _ in matching}))
    raise AuthError(405, "method_not_allowed", f"This path takes {allowed}.")

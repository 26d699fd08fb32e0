"""GET /admin/audit, and the development mailbox at /admin/mailbox (ours; hosted projects send real mail)."""

from upshot_devstack.gateway.auth.admin_users import DEFAULT_PER_PAGE, MAX_PER_PAGE, page_headers, page_number
from upshot_devstack.gateway.auth.caller import require_admin
from upshot_devstack.gateway.auth.context import Auth
from upshot_devstack.gateway.auth.database import fetch_all, fetch_one
from upshot_devstack.gateway.auth.request import Request
from upshot_devstack.gateway.auth.responses import NO_STORE, Response, json_response, no_content


async def audit_log(auth: Auth, request: Request) -> Response:
    """What happened, latest first."""
    require_admin(auth, request)
    page, per_page = page_number(request, "page", 1), page_number(request, "per_page", DEFAULT_PER_PAGE)
    per_page = min(per_page, MAX_PER_PAGE)
    query = (
        "select id, payload, created_at, ip_address from auth.audit_log_entries"
        " order by created_at desc, id limit %s offset %s"
    )
    async with auth.database.transaction() as connection:
        counted = await fetch_one(connection, "select count(*) as total from auth.audit_log_entries")
        entries = await fetch_all(connection, query, per_page, (page - 1) * per_page)
    headers = page_headers(request, page, per_page, 0 if counted is None else counted["total"])
    return json_response(entries, headers=[*NO_STORE, *headers])


async def read_mailbox(auth: Auth, request: Request) -> Response:
    """Messages, newest first; ``?to=`` chooses an address or number."""
    require_admin(auth, request)
    return json_response({"messages": auth.mailbox.find(request.query.get("to"))})


async def clear_mailbox(auth: Auth, request: Request) -> Response:
    require_admin(auth, request)
    auth.mailbox.clear()
    return no_content()

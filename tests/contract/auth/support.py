"""A thin client for the auth routes, and how its answers are read."""

from typing import Any

import httpx

CODED = {"x-supabase-api-version": "2024-01-01"}
PASSWORD = "correct horse 1"


class AuthApi:
    """Calls as an official client sends them: the publishable key, or a person's or administrator's token."""

    def __init__(self, client: httpx.Client, gateway: Any) -> None:
        self._client = client
        self.gateway = gateway

    def call(
        self, method: str, path: str, body: Any = None, *, token: str | None = None, **headers: str
    ) -> httpx.Response:
        sent = {"apikey": self.gateway.settings.publishable_key, **CODED, **headers}
        sent |= {"authorization": f"Bearer {token}"} if token else {}
        return self._client.request(method, path, json=body, headers=sent)

    def admin(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return self.call(method, path, body, apikey=self.gateway.settings.secret_key)

    def sign_up(self, email: str = "ann@example.com", password: str = PASSWORD, **more: Any) -> dict[str, Any]:
        return expect(200, self.call("POST", "/signup", {"email": email, "password": password, **more}))

    def sign_in(self, email: str = "ann@example.com", password: str = PASSWORD) -> httpx.Response:
        return self.call("POST", "/token?grant_type=password", {"email": email, "password": password})

    def refresh(self, token: str) -> httpx.Response:
        return self.call("POST", "/token?grant_type=refresh_token", {"refresh_token": token})

    def user(self, token: str) -> httpx.Response:
        return self.call("GET", "/user", token=token)

    def mails(self, to: str) -> list[dict[str, Any]]:
        return expect(200, self.admin("GET", f"/admin/mailbox?to={to}"))["messages"]

    def claims(self, token: str) -> dict[str, Any]:
        return self.gateway.tokens.verify(token)


def expect(status: int, response: httpx.Response) -> Any:
    """The body of an answer that has this status."""
    assert response.status_code == status, response.text
    return response.json() if response.content else None


def refused(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal, the code as header and body both say it."""
    code = response.json()["code"]
    assert response.headers["x-sb-error-code"] == code
    assert response.headers["x-supabase-api-version"] == "2024-01-01"
    return response.status_code, code

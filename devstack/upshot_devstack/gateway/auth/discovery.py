"""What the service says about itself: settings, keys, OpenID discovery, health, and what it does not offer."""

from typing import Any

from upshot_devstack.gateway.auth.context import Auth
from upshot_devstack.gateway.auth.errors import invalid, not_found
from upshot_devstack.gateway.auth.request import Request
from upshot_devstack.gateway.auth.responses import Headers, Response, json_response

PUBLIC: Headers = [(b"cache-control", b"public, max-age=600")]
OUTSIDE_PROVIDERS = (
    "apple",
    "azure",
    "bitbucket",
    "discord",
    "facebook",
    "figma",
    "fly",
    "github",
    "gitlab",
    "google",
    "kakao",
    "keycloak",
    "linkedin",
    "linkedin_oidc",
    "notion",
    "slack",
    "slack_oidc",
    "snapchat",
    "spotify",
    "twitch",
    "twitter",
    "workos",
    "x",
    "zoom",
)


async def settings(auth: Auth, _request: Request) -> Response:
    own = auth.settings
    external: dict[str, bool] = dict.fromkeys(OUTSIDE_PROVIDERS, False)
    external |= {"anonymous_users": own.enable_anonymous, "email": own.enable_email, "phone": own.enable_phone}
    shown: dict[str, Any] = {
        "external": external,
        "disable_signup": not own.enable_signup,
        "mailer_autoconfirm": own.mailer_autoconfirm,
        "phone_autoconfirm": own.phone_autoconfirm,
        "sms_provider": own.sms_provider,
        "saml_enabled": False,
        "passkeys_enabled": False,
    }
    return json_response(shown)


async def jwks(auth: Auth, _request: Request) -> Response:
    return json_response(auth.tokens.jwks(), headers=PUBLIC)


async def openid_configuration(auth: Auth, _request: Request) -> Response:
    base = auth.settings.auth_url
    shown = {
        "issuer": base,
        "authorization_endpoint": f"{base}/authorize",
        "token_endpoint": f"{base}/token",
        "userinfo_endpoint": f"{base}/user",
        "jwks_uri": f"{base}/.well-known/jwks.json",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["password", "refresh_token", "pkce"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": auth.tokens.algorithms,
        "scopes_supported": ["email", "phone"],
        "claims_supported": ["sub", "aud", "iss", "exp", "iat", "email", "phone", "role", "session_id"],
        "code_challenge_methods_supported": ["S256", "plain"],
    }
    return json_response(shown, headers=PUBLIC)


async def health(_auth: Auth, _request: Request) -> Response:
    description = "Supabase Auth's protocol, served by the development stack"
    return json_response({"version": "devstack", "name": "GoTrue", "description": description})


async def authorize(_auth: Auth, request: Request) -> Response:
    """Sign-in through somebody else's service: none is set up."""
    provider = request.query.get("provider", "")
    if provider in OUTSIDE_PROVIDERS:
        raise invalid("Unsupported provider: provider is not enabled")
    raise invalid(f"Unsupported provider: Provider {provider[:40]} could not be found")


async def link_identity(auth: Auth, request: Request) -> Response:
    if not auth.settings.enable_manual_linking:
        raise not_found("manual_linking_disabled", "Manual linking is disabled")
    return await authorize(auth, request)


async def sso(_auth: Auth, _request: Request) -> Response:
    raise not_found("saml_provider_disabled", "SAML 2.0 is disabled")

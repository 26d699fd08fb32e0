"""config.toml's words for the gateway's settings."""

from collections.abc import Mapping
from typing import Any

from upshot_devstack.project import Api, Auth, Project


def gateway_settings_of(project: Project) -> Mapping[str, Any]:
    """What a project's config.toml says about the gateway; what it leaves open is absent."""
    auth = project.settings.auth
    said = {**_rest(project.settings.api), **_accounts(auth), **_messages(auth), **_sessions(auth)}
    return {name: value for name, value in said.items() if value is not None}


def _rest(api: Api) -> dict[str, Any]:
    return {
        "db_schemas": api.schemas,
        "db_extra_search_path": api.extra_search_path,
        "db_max_rows": api.max_rows,
    }


def _accounts(auth: Auth) -> dict[str, Any]:
    return {
        "enable_signup": auth.enable_signup,
        "enable_email": auth.email.enabled,
        "enable_phone": auth.sms.enabled,
        "enable_anonymous": auth.enable_anonymous_sign_ins,
        "enable_manual_linking": auth.enable_manual_linking,
        "password_min_length": auth.minimum_password_length,
        "password_update_needs_reauthentication": auth.email.secure_password_change,
    }


def _messages(auth: Auth) -> dict[str, Any]:
    confirms_phones = auth.sms.enable_confirmations
    return {
        "site_url": auth.site_url,
        "redirect_urls": auth.additional_redirect_urls,
        "mailer_autoconfirm": not auth.email.enable_confirmations,
        "phone_autoconfirm": None if confirms_phones is None else not confirms_phones,
        "secure_email_change": auth.email.double_confirm_changes,
        "email_send_interval": auth.email.max_frequency,
        "otp_length": auth.email.otp_length,
        "otp_expiry": auth.email.otp_expiry,
    }


def _sessions(auth: Auth) -> dict[str, Any]:
    hook = auth.hook.custom_access_token
    return {
        "jwt_expiry": auth.jwt_expiry,
        "refresh_token_reuse_interval": auth.refresh_token_reuse_interval,
        # 0 is GoTrue's word for no limit
        "session_timebox": auth.sessions.timebox or None,
        "session_inactivity_timeout": auth.sessions.inactivity_timeout or None,
        "custom_access_token_hook": hook.uri if hook.enabled else None,
    }

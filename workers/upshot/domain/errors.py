"""Everything that can go wrong, as a tree.

UpshotError
├── ConfigurationError        the worker's own settings or installation are not usable
├── StoreError                the database refused a call or could not be reached
├── UnknownNameError          a call names a capability, action or intent that the workspace does not have
├── NotComputableError        an analysis has no answer for these data; its reason is a code
├── TableError                a file of rows, or what was asked of it, cannot be read; the message says what to do
├── FormulaError              a model formula, or an argument of a method, cannot be read
├── InvalidJobError                a job's payload says nothing that a worker can do (poison)
├── InvalidBundleError             a prompt version cannot be run as it stands
│   ├── TemplateError         a message's placeholders and the given variables do not fit
│   └── UnsupportedParameterError  the provider has no such parameter, and dropping it would change the experiment
└── ProviderError             a model call failed; its code says how, and whether another try can help

Each carries a stable ``code`` for machines beside a message for people.
"""

from enum import StrEnum


class ErrorCode(StrEnum):
    """The codes that reach ``run_results.error_code`` and ``job_failures.error_code``."""

    RATE_LIMITED = "rate_limited"
    OVERLOADED = "provider_overloaded"
    UNAVAILABLE = "provider_unavailable"
    TIMEOUT = "provider_timeout"
    CONNECTION_LOST = "connection_lost"
    INCOMPLETE_ANSWER = "incomplete_answer"
    MALFORMED_ANSWER = "malformed_answer"
    INVALID_REQUEST = "invalid_request"
    CONTEXT_TOO_LONG = "context_too_long"
    AUTHENTICATION_FAILED = "authentication_failed"
    PERMISSION_DENIED = "permission_denied"
    MODEL_NOT_FOUND = "model_not_found"
    QUOTA_EXHAUSTED = "quota_exhausted"
    KEY_MISSING = "provider_key_missing"
    UNKNOWN_PROVIDER = "unknown_provider"
    UNSUPPORTED_PARAMETER = "unsupported_parameter"
    INVALID_BUNDLE = "invalid_bundle"
    INVALID_TEMPLATE = "invalid_template"
    MISSING_VARIABLE = "missing_variable"
    UNEXPECTED_VARIABLE = "unexpected_variable"
    WRONG_VARIABLE_TYPE = "wrong_variable_type"
    INVALID_JOB = "invalid_job"
    ATTEMPTS_EXHAUSTED = "attempts_exhausted"
    DATABASE = "database_error"
    WORKER_STOPPED = "worker_stopped"
    INTERNAL = "internal_error"


# Another try may succeed without anybody changing anything.
TRANSIENT = frozenset(
    {
        ErrorCode.RATE_LIMITED,
        ErrorCode.OVERLOADED,
        ErrorCode.UNAVAILABLE,
        ErrorCode.TIMEOUT,
        ErrorCode.CONNECTION_LOST,
        ErrorCode.INCOMPLETE_ANSWER,
        ErrorCode.MALFORMED_ANSWER,
    }
)


class UpshotError(Exception):
    """Any failure that Upshot names itself."""

    code = ErrorCode.INTERNAL


class ConfigurationError(UpshotError):
    """The worker's own settings or installation are not usable."""


class StoreError(UpshotError):
    """The database refused a call or could not be reached.

    ``sqlstate`` is Postgres's or PostgREST's code, None when there was no answer at all;
    ``reason`` is the code of Upshot's own registry of database errors, where the error is one of those;
    ``refused``: the same call will be refused again.
    """

    code = ErrorCode.DATABASE

    def __init__(
        self, message: str, *, sqlstate: str | None = None, reason: str | None = None, refused: bool = False
    ) -> None:
        super().__init__(message)
        self.sqlstate = sqlstate
        self.reason = reason
        self.refused = refused


class UnknownNameError(UpshotError):
    """A call names something that the workspace does not have."""

    code = ErrorCode.INVALID_REQUEST

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"There is no {kind} {key} in this workspace.")


class TableError(UpshotError):
    """A file of rows, or what was asked of it, cannot be read; the message says what to do."""

    code = ErrorCode.INVALID_REQUEST


class FormulaError(UpshotError):
    """A model formula, or an argument of a method, cannot be read."""

    code = ErrorCode.INVALID_REQUEST


class NotComputableError(UpshotError):
    """An analysis has no answer for these data. ``reason``: the code that is stored instead of one."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class InvalidJobError(UpshotError):
    """A job's payload says nothing that a worker can do."""

    code = ErrorCode.INVALID_JOB


class InvalidBundleError(UpshotError):
    """A prompt version cannot be run as it stands."""

    def __init__(self, message: str, *, code: ErrorCode = ErrorCode.INVALID_BUNDLE) -> None:
        super().__init__(message)
        self.code = code


class TemplateError(InvalidBundleError):
    """A message's placeholders and the given variables do not fit."""


class UnsupportedParameterError(InvalidBundleError):
    """The provider has no such parameter, and dropping it would change the experiment."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code=ErrorCode.UNSUPPORTED_PARAMETER)


class ProviderError(UpshotError):
    """A model call failed. ``retry_after``: seconds that the provider asked for, if it did."""

    def __init__(self, code: ErrorCode, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.retry_after = retry_after

    @property
    def transient(self) -> bool:
        """Whether another try may succeed without anybody changing anything."""
        return self.code in TRANSIENT

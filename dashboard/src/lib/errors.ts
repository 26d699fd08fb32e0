/** What a person is told when a request fails: what happened, and what to do. */
export class RequestError extends Error {
  readonly code: string | null;
  readonly hint: string | null;

  constructor(message: string, code: string | null = null, hint: string | null = null) {
    super(message);
    this.name = "RequestError";
    this.code = code;
    this.hint = hint;
  }
}

interface RemoteError {
  message: string;
  code?: string | null;
  hint?: string | null;
}

interface Answer<T> {
  data: T;
  error: RemoteError | null;
}

/** The data of a supabase answer, or a RequestError. */
export function unwrap<T>(answer: Answer<T>): NonNullable<T> {
  if (answer.error) throw toRequestError(answer.error);
  if (answer.data === null || answer.data === undefined) {
    throw new RequestError("The server answered without data.", null, "Try again.");
  }
  return answer.data;
}

export function toRequestError(error: RemoteError): RequestError {
  if (/failed to fetch|networkerror|load failed/i.test(error.message)) {
    return new RequestError(
      "The server can't be reached.",
      "network",
      "Check the connection, then try again.",
    );
  }
  return new RequestError(error.message, error.code ?? null, error.hint ?? null);
}

const REFUSED_TOKENS: ReadonlySet<string> = new Set(["PGRST301", "PGRST302", "PGRST303", "PT401"]);

/** True when the server no longer believes the session, whatever this browser still holds. */
export function isSessionRefused(error: unknown): boolean {
  return error instanceof RequestError && error.code !== null && REFUSED_TOKENS.has(error.code);
}

import { Alert } from "@mantine/core";
import { useEffect, useState } from "react";
import { Navigate, useLocation, useSearchParams } from "react-router";
import { Message } from "@/app/Message";
import { useSession } from "@/features/session/api/session";
import { SignInByLink } from "@/features/session/components/SignInByLink";
import { SignInCard } from "@/features/session/components/SignInCard";
import { refusalIn, safeNext, tokenHashIn } from "@/features/session/model/link";

export function SignInPage() {
  const session = useSession();
  const [search] = useSearchParams();
  const { state } = useLocation();
  const [tokenHash, setTokenHash] = useState(() => tokenHashIn(window.location.hash));
  const [refusal] = useState(() => refusalIn(window.location.hash) ?? refusalOf(state));
  useEffect(forgetFragment, []);
  // A link is for somebody in particular: it counts more than whoever was signed in here before.
  if (session.status === "signed-in" && tokenHash === null) {
    return <Navigate to={safeNext(search.get("next"))} replace />;
  }
  return (
    <Message title="See which change moved your customers' outcome.">
      {refusal ? (
        <Alert color="red" role="alert" title="This link can't be used" mb="md">
          {refusal}
        </Alert>
      ) : null}
      {tokenHash ? <SignInByLink tokenHash={tokenHash} onEnd={() => setTokenHash(null)} /> : <SignInCard />}
    </Message>
  );
}

/** The token must not stay in the address bar or in the history. */
function forgetFragment(): void {
  const { hash, pathname, search } = window.location;
  if (hash) window.history.replaceState(window.history.state, "", pathname + search);
}

function refusalOf(state: unknown): string | null {
  const refusal = (state as { refusal?: unknown } | null)?.refusal;
  return typeof refusal === "string" ? refusal : null;
}

import { useEffect, useState } from "react";
import { Navigate, useSearchParams } from "react-router";
import { Message } from "@/app/Message";
import { useSession } from "@/features/session/api/session";
import { SignInByLink } from "@/features/session/components/SignInByLink";
import { SignInCard } from "@/features/session/components/SignInCard";
import { safeNext, tokenHashIn } from "@/features/session/model/link";

export function SignInPage() {
  const session = useSession();
  const [search] = useSearchParams();
  const [tokenHash, setTokenHash] = useState(() => tokenHashIn(window.location.hash));
  useEffect(() => {
    // The token must not stay in the address bar or in the history.
    if (window.location.hash)
      window.history.replaceState(
        window.history.state,
        "",
        window.location.pathname + window.location.search,
      );
  }, []);
  if (session.status === "signed-in") return <Navigate to={safeNext(search.get("next"))} replace />;
  return (
    <Message title="See which change moved your customers' outcome.">
      {tokenHash ? (
        <SignInByLink tokenHash={tokenHash} onGiveUp={() => setTokenHash(null)} />
      ) : (
        <SignInCard />
      )}
    </Message>
  );
}

import type { Session } from "@supabase/supabase-js";
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { useSupabase } from "@/lib/services";

export type SessionState =
  | { status: "loading" }
  | { status: "signed-out" }
  | { status: "signed-in"; userId: string; email: string };

const SessionContext = createContext<SessionState>({ status: "loading" });

const stateOf = (session: Session | null): SessionState =>
  session
    ? { status: "signed-in", userId: session.user.id, email: session.user.email ?? "" }
    : { status: "signed-out" };

export function SessionProvider({ children }: { children: ReactNode }) {
  const supabase = useSupabase();
  const queryClient = useQueryClient();
  const [state, setState] = useState<SessionState>({ status: "loading" });
  useEffect(() => {
    const { data } = supabase.auth.onAuthStateChange((event, session) => {
      if (event === "SIGNED_OUT") queryClient.clear();
      setState((before) => keep(before, stateOf(session)));
    });
    return () => data.subscription.unsubscribe();
  }, [supabase, queryClient]);
  return <SessionContext.Provider value={state}>{children}</SessionContext.Provider>;
}

/** A refreshed token is the same session to the page: nothing should render again. */
function keep(before: SessionState, after: SessionState): SessionState {
  const same =
    before.status === after.status &&
    (before.status !== "signed-in" || after.status !== "signed-in" || before.userId === after.userId);
  return same ? before : after;
}

export const useSession = (): SessionState => useContext(SessionContext);

/** The signed-in person; only below RequireSession. */
export function useSignedIn(): { userId: string; email: string } {
  const session = useSession();
  if (session.status !== "signed-in") throw new Error("This part of the app is for signed-in people only.");
  return session;
}

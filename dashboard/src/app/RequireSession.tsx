import { Navigate, Outlet, useLocation } from "react-router";
import { Message } from "@/app/Message";
import { PanelLoading } from "@/components/states/PanelStates";
import { useSession } from "@/features/session/api/session";

export function RequireSession() {
  const session = useSession();
  const { pathname, search } = useLocation();
  if (session.status === "loading")
    return (
      <Message>
        <PanelLoading height={64} label="Your session" />
      </Message>
    );
  if (session.status === "signed-out") {
    return <Navigate to={`/sign-in?next=${encodeURIComponent(pathname + search)}`} replace />;
  }
  return <Outlet />;
}

import { Navigate, Outlet, useLocation } from "react-router";
import { Message } from "@/app/Message";
import { PanelLoading } from "@/components/states/PanelStates";
import { useSession } from "@/features/session/api/session";
import { refusalIn } from "@/features/session/model/link";

export function RequireSession() {
  const session = useSession();
  const { pathname, search, hash } = useLocation();
  if (session.status === "loading")
    return (
      <Message>
        <PanelLoading height={64} label="Your session" />
      </Message>
    );
  if (session.status === "signed-out") {
    const to = `/sign-in?next=${encodeURIComponent(pathname + search)}`;
    return <Navigate to={to} state={{ refusal: refusalIn(hash) }} replace />;
  }
  return <Outlet />;
}

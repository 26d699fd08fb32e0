import { createBrowserRouter, Link } from "react-router";
import { Broken } from "@/app/Broken";
import { Message } from "@/app/Message";
import { HomePage } from "@/app/pages/HomePage";
import { SignInPage } from "@/app/pages/SignInPage";
import { RequireSession } from "@/app/RequireSession";
import { WorkspaceLayout } from "@/app/WorkspaceLayout";

// The first load is signing in and the frame; screens come when they are opened.
const experiments = () => import("@/app/pages/ExperimentsPage");
const answer = () => import("@/app/pages/AnswerPage");

function NotFound() {
  return (
    <Message title="There is no such page.">
      <Link to="/">Go to the start</Link>
    </Message>
  );
}

export const createRouter = () =>
  createBrowserRouter([
    {
      errorElement: <Broken />,
      children: [
        { path: "/sign-in", element: <SignInPage /> },
        {
          element: <RequireSession />,
          children: [
            { index: true, element: <HomePage /> },
            {
              path: "/w/:workspace",
              element: <WorkspaceLayout />,
              children: [
                { index: true, lazy: async () => ({ Component: (await experiments()).WorkspaceHome }) },
                {
                  path: "experiments",
                  lazy: async () => ({ Component: (await experiments()).ExperimentsPage }),
                },
                {
                  path: "experiments/:experiment",
                  lazy: async () => ({ Component: (await answer()).AnswerPage }),
                },
              ],
            },
          ],
        },
        { path: "*", element: <NotFound /> },
      ],
    },
  ]);

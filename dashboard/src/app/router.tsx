import { createBrowserRouter, Link } from "react-router";
import { Broken } from "@/app/Broken";
import { Message } from "@/app/Message";
import { AnswerPage } from "@/app/pages/AnswerPage";
import { ExperimentsPage, WorkspaceHome } from "@/app/pages/ExperimentsPage";
import { HomePage } from "@/app/pages/HomePage";
import { SignInPage } from "@/app/pages/SignInPage";
import { RequireSession } from "@/app/RequireSession";
import { WorkspaceLayout } from "@/app/WorkspaceLayout";

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
                { index: true, element: <WorkspaceHome /> },
                { path: "experiments", element: <ExperimentsPage /> },
                { path: "experiments/:experiment", element: <AnswerPage /> },
              ],
            },
          ],
        },
        { path: "*", element: <NotFound /> },
      ],
    },
  ]);

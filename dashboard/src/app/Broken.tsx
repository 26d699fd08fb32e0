import { Button } from "@mantine/core";
import { useRouteError } from "react-router";
import { Message } from "@/app/Message";
import { ErrorText } from "@/components/states/PanelStates";

/** The last resort: a fault of ours, said plainly, with a way on. */
export function Broken() {
  const error = useRouteError();
  return (
    <Message title="This page broke.">
      <p>
        <ErrorText error={error} />
      </p>
      <Button variant="default" onClick={() => window.location.reload()}>
        Load it again
      </Button>
    </Message>
  );
}

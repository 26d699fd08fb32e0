import { Alert, Button, Group, Modal, Stack, Textarea } from "@mantine/core";
import { type ReactNode, useState } from "react";
import classes from "@/components/ConfirmMove/ConfirmMove.module.css";
import { ErrorText } from "@/components/states/PanelStates";

interface ConfirmMoveProps {
  title: string;
  /** What it touches, in numbers, one line each. */
  touches: readonly ReactNode[];
  /** How it can be taken back. */
  undo: ReactNode;
  confirmLabel: string;
  pending: boolean;
  error: unknown;
  onConfirm: (reason: string) => void;
  onClose: () => void;
}

/** Asks once, says what will be touched, and how to take it back. */
export function ConfirmMove(props: ConfirmMoveProps) {
  const [reason, setReason] = useState("");
  return (
    <Modal.Root opened onClose={props.onClose} size={480} centered>
      <Modal.Overlay />
      <Modal.Content className={classes.content}>
        {/* Modal.Header would be a second banner of the page to a screen reader. */}
        <div className={classes.header}>
          <Modal.Title className={classes.title}>{props.title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Stack gap="md">
          <ul className={classes.touches}>
            {props.touches.map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the lines are fixed while the dialogue is open
              <li key={index}>{line}</li>
            ))}
          </ul>
          <p className={classes.undo}>{props.undo}</p>
          <Textarea
            label="Reason"
            description="Goes into the ledger, for the people who read it later."
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
            autosize
            minRows={2}
          />
          {props.error ? (
            <Alert color="red" role="alert" title="It was not rolled back">
              <ErrorText error={props.error} />
            </Alert>
          ) : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              Keep it
            </Button>
            <Button loading={props.pending} onClick={() => props.onConfirm(reason.trim())} data-autofocus>
              {props.confirmLabel}
            </Button>
          </Group>
        </Stack>
      </Modal.Content>
    </Modal.Root>
  );
}

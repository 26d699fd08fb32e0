import { notifications } from "@mantine/notifications";
import { ConfirmMove } from "@/components/ConfirmMove/ConfirmMove";
import { useRollbackVariant } from "@/features/experiments/api/rollbackVariant";
import type { Arm, Experiment } from "@/features/experiments/model/types";
import { formatShare, plural } from "@/lib/numbers";

interface RollbackArmProps {
  workspaceId: string;
  experiment: Experiment;
  arm: Arm;
  control: Arm | undefined;
  /** The version that stays in the archive, to name it in the way back. */
  version: string;
  onClose: () => void;
}

export function RollbackArm({ workspaceId, experiment, arm, control, version, onClose }: RollbackArmProps) {
  const rollback = useRollbackVariant(workspaceId);
  const confirm = (reason: string) =>
    rollback.mutate(
      { experiment, arm, reason },
      {
        onSuccess: () => {
          onClose();
          notifications.show({
            title: `${arm.name} is rolled back`,
            message: `${plural(arm.subjects, "customer")} get ${control?.name ?? "the control"} at the next decide.`,
          });
        },
      },
    );
  return (
    <ConfirmMove
      title={`Roll back ${arm.name}?`}
      touches={[
        `${plural(arm.subjects, "customer")} in this arm get ${control?.name ?? "the control"} from the next decide on.`,
        `${formatShare(arm.expectedShare)} of new customers go to the arms that remain.`,
        "Outcomes recorded until now stay, and stay comparable.",
      ]}
      undo={`The arm does not start again, so that its data stay clean. ${version} itself is kept: to bring it back, start a new experiment with it or publish it.`}
      confirmLabel="Roll back"
      pending={rollback.isPending}
      error={rollback.error}
      onConfirm={confirm}
      onClose={onClose}
    />
  );
}

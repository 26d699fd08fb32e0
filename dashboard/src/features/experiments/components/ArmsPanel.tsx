import { Badge, Button, Table } from "@mantine/core";
import { Undo2 } from "lucide-react";
import { LiveFigure } from "@/components/figures/LiveFigure";
import { Moment } from "@/components/figures/Moment";
import { Panel } from "@/components/Panel/Panel";
import { PanelEmpty } from "@/components/states/PanelStates";
import type { ArmVersion } from "@/features/experiments/api/armVersions";
import classes from "@/features/experiments/components/ArmsPanel.module.css";
import type { Arm, Health } from "@/features/experiments/model/types";
import { formatCount, formatP, formatShare, plural } from "@/lib/numbers";

interface ArmsPanelProps {
  arms: readonly Arm[];
  health: Health | null;
  versions: readonly ArmVersion[];
  /** Absent when the person may not roll back, or the experiment does not run. */
  onRollback?: ((arm: Arm) => void) | undefined;
}

export function ArmsPanel({ arms, health, versions, onRollback }: ArmsPanelProps) {
  return (
    <Panel title="Arms" note={<SplitNote health={health} />}>
      {arms.length === 0 ? (
        <PanelEmpty title="No arms yet.">
          Add a control and at least one variant, each with its prompt version.
        </PanelEmpty>
      ) : (
        <ArmsTable arms={arms} versions={versions} onRollback={onRollback} />
      )}
    </Panel>
  );
}

function SplitNote({ health }: { health: Health | null }) {
  if (!health || health.subjects === 0) return "No customer has been assigned yet.";
  const customers = `${plural(health.subjects, "customer")}, each in one arm.`;
  const p = health.srmPValue === null ? "" : ` (${formatP(health.srmPValue)})`;
  const split = {
    ok: `The split is as planned${p}.`,
    mismatch: `The split is not as planned${p}.`,
    not_enough_data: "Too few to check the split.",
  }[health.srmStatus];
  return (
    <LiveFigure value={`${customers} ${split}`}>
      {customers}{" "}
      <span data-srm={health.srmStatus} className={classes.split}>
        {split}
      </span>
    </LiveFigure>
  );
}

function ArmsTable({ arms, versions, onRollback }: Omit<ArmsPanelProps, "health">) {
  return (
    <div className={classes.scroll}>
      <Table verticalSpacing={9} horizontalSpacing={10} className={classes.table} role="table">
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            <Table.Th role="columnheader">Arm</Table.Th>
            <Table.Th role="columnheader" className={classes.number}>
              Customers
            </Table.Th>
            <Table.Th role="columnheader" className={classes.number}>
              Share
            </Table.Th>
            <Table.Th role="columnheader" className={classes.number}>
              Planned
            </Table.Th>
            <Table.Th role="columnheader">
              <span className={classes.hidden}>Action</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">
          {arms.map((arm) => (
            <ArmRow key={arm.id} arm={arm} version={versionOf(versions, arm)} onRollback={onRollback} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function versionOf(versions: readonly ArmVersion[], arm: Arm): string {
  return versions
    .filter((version) => version.variantId === arm.id)
    .map((version) => `${version.prompt} v${version.number} on ${version.model}`)
    .join(", ");
}

interface ArmRowProps {
  arm: Arm;
  version: string;
  onRollback?: ((arm: Arm) => void) | undefined;
}

function ArmRow({ arm, version, onRollback }: ArmRowProps) {
  return (
    <Table.Tr role="row" data-stopped={arm.rolledBackAt !== null} className={classes.arm}>
      <Table.Td role="cell">
        <span className={classes.name}>{arm.name}</span>{" "}
        {arm.isControl ? (
          <Badge variant="default" size="sm" className={classes.badge}>
            Control
          </Badge>
        ) : null}
        <div className={classes.version}>{version}</div>
      </Table.Td>
      <Table.Td className={classes.number} role="cell" data-label="Customers">
        <LiveFigure value={formatCount(arm.subjects)} />
      </Table.Td>
      <Table.Td className={classes.number} role="cell" data-label="Share">
        {arm.share === null ? "–" : formatShare(arm.share, 1)}
      </Table.Td>
      <Table.Td className={classes.number} role="cell" data-label="Planned">
        {formatShare(arm.expectedShare, 1)}
      </Table.Td>
      <Table.Td className={classes.action} role="cell">
        <ArmAction arm={arm} onRollback={onRollback} />
      </Table.Td>
    </Table.Tr>
  );
}

function ArmAction({ arm, onRollback }: Omit<ArmRowProps, "version">) {
  if (arm.rolledBackAt) {
    return (
      <span className={classes.version}>
        Rolled back <Moment at={arm.rolledBackAt} />
      </span>
    );
  }
  if (arm.isControl || !onRollback) return null;
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<Undo2 size={14} />}
      onClick={() => onRollback(arm)}
      aria-label={`Roll back ${arm.name}`}
    >
      Roll back
    </Button>
  );
}

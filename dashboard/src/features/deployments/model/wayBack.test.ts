import { expect, test } from "vitest";
import { type Deployment, wayBack } from "@/features/deployments/model/wayBack";

const move = (
  number: number,
  versionId: string,
  previousVersionId: string | null,
  over: Partial<Deployment> = {},
) => ({
  actionId: null,
  intentId: null,
  number,
  versionId,
  previousVersionId,
  kind: "publish" as const,
  ...over,
});

test("a rollback returns to what the live version replaced", () => {
  const history = [move(1, "v1", null), move(2, "v2", "v1")];
  expect(wayBack(move(2, "v2", "v1"), history)).toBe("v1");
});

test("a second rollback goes one step further back, not forward again", () => {
  const history = [
    move(1, "v1", null),
    move(2, "v2", "v1"),
    move(3, "v3", "v2"),
    move(4, "v2", "v3", { kind: "rollback" }),
  ];
  expect(wayBack(move(4, "v2", "v3", { kind: "rollback" }), history)).toBe("v1");
});

test("the first version has no way back, and another scope's moves do not count", () => {
  expect(wayBack(move(1, "v1", null), [move(1, "v1", null)])).toBeNull();
  expect(wayBack(move(1, "v1", null), [move(2, "v1", "v0", { intentId: "i1" })])).toBeNull();
});

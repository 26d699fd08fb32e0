// @vitest-environment node
import assignment from "@contract/fixtures/assignment_vectors.json";
import audience from "@contract/fixtures/audience_vectors.json";
import { expect, test } from "vitest";
import { type Audience, bucket, matches, type Purpose } from "@/lib/localDecide";

test("every unit falls into the bucket that the database gives it", async () => {
  for (const vector of assignment.vectors) {
    expect(await bucket(vector.salt, vector.purpose as Purpose, vector.unit_id), JSON.stringify(vector)).toBe(
      vector.bucket,
    );
  }
});

test.each(audience.vectors)("audience: $name", ({ audience: rule, cases }) => {
  for (const { attributes, matches: expected } of cases) {
    expect(matches(rule as Audience | null, attributes as Audience), JSON.stringify(attributes)).toBe(
      expected,
    );
  }
});

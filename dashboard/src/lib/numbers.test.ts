import { expect, test } from "vitest";
import { decimalsFor, formatP, formatShare, formatSigned, plural } from "@/lib/numbers";

test.each([
  [19, 0],
  [1.9, 1],
  [0.95, 1],
  [0.19, 2],
  [0.00001, 4],
  [0, 1],
])("a half-width of %d is printed with %i decimals", (halfWidth, decimals) => {
  expect(decimalsFor(halfWidth)).toBe(decimals);
});

test("signs are typographic, and a value that rounds to zero has none", () => {
  expect(formatSigned(3.14, 1)).toBe("+3.1");
  expect(formatSigned(-0.8, 1)).toBe("\u22120.8");
  expect(formatSigned(-0.04, 1)).toBe("0.0");
  expect(formatSigned(1234.5, 0)).toBe("+1,235");
});

test("shares, p values and counts are said as people say them", () => {
  expect(formatShare(0.5432)).toBe("54\u00a0%");
  expect(formatShare(0.004)).toBe("0.4\u00a0%");
  expect(formatP(0.00002)).toBe("p < 0.001");
  expect(formatP(0.034)).toBe("p = 0.034");
  expect(formatP(0.42)).toBe("p = 0.42");
  expect(plural(1, "customer")).toBe("1 customer");
  expect(plural(4210, "customer")).toBe("4,210 customers");
});

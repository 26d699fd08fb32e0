import { expect, test } from "vitest";
import { safeNext, tokenHashIn } from "@/features/session/model/link";

test("the token is read from the fragment", () => {
  expect(tokenHashIn("#token_hash=abc&type=magiclink")).toBe("abc");
  expect(tokenHashIn("#token_hash=")).toBeNull();
  expect(tokenHashIn("")).toBeNull();
});

test.each([
  "https://elsewhere.example",
  "//elsewhere.example",
  "/\\elsewhere.example",
  "javascript:alert(1)",
  null,
])("%s is not followed after signing in", (next) => {
  expect(safeNext(next)).toBe("/");
});

test("a path of the app is followed", () => {
  expect(safeNext("/w/demo/experiments/greeting?scale=relative")).toBe(
    "/w/demo/experiments/greeting?scale=relative",
  );
});

import { expect, test } from "vitest";
import { refusalIn, safeNext, tokenHashIn } from "@/features/session/model/link";

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

test("a refused link says why, in our words where we have them", () => {
  expect(
    refusalIn("#error=access_denied&error_code=otp_expired&error_description=Email+link+is+invalid"),
  ).toContain("used before");
  expect(refusalIn("#error=access_denied&error_description=User+is+banned")).toBe("User is banned");
  expect(refusalIn("#token_hash=abc")).toBeNull();
});

import { expect, test } from "vitest";
import { isSessionRefused, RequestError, toRequestError, unwrap } from "@/lib/errors";

test("a server's error keeps its code and its hint for the person", () => {
  const error = { message: "The experiment has changed.", code: "PT409", hint: "Read it again." };
  expect(() => unwrap({ data: null, error })).toThrow("The experiment has changed.");
  expect(toRequestError(error)).toMatchObject({ code: "PT409", hint: "Read it again." });
});

test("a lost connection is said in words, whatever the browser calls it", () => {
  for (const message of [
    "TypeError: Failed to fetch",
    "NetworkError when attempting to fetch",
    "Load failed",
  ]) {
    expect(toRequestError({ message })).toMatchObject({
      code: "network",
      message: "The server can't be reached.",
    });
  }
});

test("only a refused token ends the session; a missing right does not", () => {
  expect(isSessionRefused(new RequestError("JWT expired", "PGRST303"))).toBe(true);
  expect(isSessionRefused(new RequestError("permission denied", "42501"))).toBe(false);
  expect(isSessionRefused(new Error("x"))).toBe(false);
});

test("no data and no error is a fault, not an empty answer", () => {
  expect(() => unwrap({ data: null, error: null })).toThrow("without data");
  expect(unwrap({ data: [], error: null })).toEqual([]);
});

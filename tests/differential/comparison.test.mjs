// The comparison itself: it would be worth nothing if it let a difference pass.

import assert from "node:assert/strict";
import { test } from "node:test";

import { differing, unexplained } from "./comparison.mjs";

const reference = { requests: ["one", "two", "three"], events: ["same"] };
const ours = { requests: ["one", "three", "four"], events: ["same"] };
const actual = { requests: ["- two", "+ four"] };

test("what only one of the two shows is a difference", () => {
  assert.deepEqual(differing(reference, ours), actual);
  assert.deepEqual(differing(reference, reference), {});
  assert.deepEqual(differing({ calls: ["a", "b"] }, { calls: ["b", "a"] }), { calls: ["- a", "+ a"] });
});

test("a listed difference is explained, line by line and channel by channel", () => {
  const listed = [{ diff: "requests\n - t…o" }, { diff: "requests\n + four" }];
  assert.deepEqual(unexplained(actual, listed), { unlisted: [], absent: [] });
});

test("a difference that is not listed, or listed and gone, is told", () => {
  const { unlisted, absent } = unexplained(actual, [{ diff: "requests\n - two\n - two\n events\n + four" }]);
  assert.deepEqual(unlisted, ["requests\n  + four"]);
  assert.deepEqual(absent, ["requests\n  - two", "events\n  + four"]);
});

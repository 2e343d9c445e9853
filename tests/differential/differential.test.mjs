// The same conversations with the published transport and with ours: what a server and an application
// see is the same, but for the listed differences (B1–G1). A difference that is not listed fails, and
// so does a listed one that is gone.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { conversations } from "./conversations/index.mjs";
import { differing, unexplained } from "./comparison.mjs";
import { EVERYWHERE, differences } from "./differences/index.mjs";
import { converse } from "./peers.mjs";

async function compare(conversation) {
  const reference = await converse("reference", conversation);
  const ours = await converse("ours", conversation);
  const never = reference.unplayed.map((left, at) => Math.min(left, ours.unplayed[at]));
  assert.deepEqual(never, [0, 0, 0], "answers that neither transport asked for");
  const listed = differences.filter(({ of }) => of === conversation.name);
  listed.push(...EVERYWHERE.filter(({ when }) => when(ours.lines)));
  const actual = differing(reference.lines, ours.lines);
  assert.deepEqual(unexplained(actual, listed), { unlisted: [], absent: [] });
}

test("every listed difference belongs to a conversation and says which statement justifies it", () => {
  const names = conversations.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.length >= 40);
  for (const { of, statement, why, diff } of [...differences, ...EVERYWHERE]) {
    assert.ok(of === undefined || names.includes(of), of);
    assert.ok(statement && why && diff, of);
  }
});

// A head start goes through the global `fetch`: these take turns.
describe("head start", () => {
  for (const conversation of conversations.filter(({ headStart }) => headStart)) {
    test(conversation.name, () => compare(conversation));
  }
});

describe("conversations", { concurrency: 16 }, () => {
  for (const conversation of conversations.filter(({ headStart }) => !headStart)) {
    test(conversation.name, () => compare(conversation));
  }
});

// A page that comes back to a chat whose turn has ended in the meantime.

import { test } from "node:test";

import { NEWEST, buildNamed } from "./builds.mjs";
import { visitsTo } from "./visits.mjs";

const { visit } = visitsTo([buildNamed(NEWEST)]);

test("C12 a page that comes back behind the end of a chat's first turn is at rest", async (t) => {
  const visitor = await visit(t, NEWEST);
  await visitor.askForSilence();
  await visitor.page.close();
  await visitor.breakSilence();
  await visitor.turnsEnded(1);
  const back = await visitor.anotherTab();
  await back.shows("That was it.");
  // The stream is asked first; what it answers is seen in the state that it leaves.
  await back.page.waitForFunction(() => localStorage.sessions.includes('"isStreaming":false'));
  await back.hasAnswers(1);
  await back.showsWhatTheServerWrote();
});

// What the tests of one chat in two tabs look at, and hold up.

import assert from "node:assert/strict";

/** Waits until another tab has the turn, or none. */
export async function isReadOnly(visitor, readOnly) {
  await visitor.page.locator(`main[data-read-only=${readOnly}]`).waitFor();
}

/** Both tabs show the whole conversation, as the server wrote it. */
export async function showTheSame(one, other, answers) {
  await one.hasAnswers(answers);
  await other.hasAnswers(answers);
  for (const tab of [one, other]) await tab.showsWhatTheServerWrote();
  assert.deepEqual(await other.messages("user"), await one.messages("user"));
  assert.deepEqual([...one.complaints, ...other.complaints], []);
}

/** Who says what is on the screen, from the top. */
export function rolesIn({ page }) {
  return page.locator("article").evaluateAll((articles) => articles.map(({ dataset }) => dataset.role));
}

/** What the page loads next gets its module when the function is called that this gives. */
export async function holdModule({ page }) {
  let goOn;
  const isHeld = new Promise((resolve) => {
    goOn = resolve;
  });
  await page.route("**/*.wasm", async (route) => {
    await isHeld;
    await route.continue();
  });
  return goOn;
}

/** In the page: whether a lock is free is answered when the test wants it. */
export function delayLocks() {
  const request = navigator.locks.request.bind(navigator.locks);
  const wanted = new Promise((resolve) => {
    window.answerLocks = resolve;
  });
  navigator.locks.request = (...asked) => wanted.then(() => request(...asked));
}

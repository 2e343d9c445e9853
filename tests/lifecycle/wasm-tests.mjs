// Runs the crate's own tests in an engine: node wasm-tests.mjs <engine> <command that serves them>.
// The runner of wasm-bindgen serves a page for any browser when it is asked not to start one itself.

import { eventually } from "../support/eventually.mjs";
import { startFirefox } from "./engines/firefox.mjs";
import { startProgram } from "./engines/program.mjs";
import { startWebKit } from "./engines/webkit.mjs";

const ENGINES = { firefox: startFirefox, webkit: startWebKit };

/** Cargo may have to build them first. */
const SERVING_TIMEOUT_MS = 600_000;
const TESTS_TIMEOUT_MS = 180_000;

const [engineName, program, ...words] = process.argv.slice(2);

async function outputIn(tab) {
  const output = () => document.getElementById("output")?.textContent;
  try {
    await eventually("the tests have ended", async () => {
      return (await tab.evaluate(output))?.includes("test result: ");
    }, TESTS_TIMEOUT_MS);
  } catch (cause) {
    throw new Error(`${cause.message}. Their page says:\n${await tab.evaluate(output)}`, { cause });
  }
  return tab.evaluate(output);
}

const tests = await startProgram(program, words, {
  ready: /available at (http:\S+)/,
  environment: { NO_HEADLESS: "1", WASM_BINDGEN_TEST_ADDRESS: "127.0.0.1:0" },
  timeoutMs: SERVING_TIMEOUT_MS,
});
try {
  const engine = await ENGINES[engineName]();
  try {
    const tab = await engine.newTab();
    await tab.goto(tests.match[1]);
    const output = await outputIn(tab);
    console.log(output);
    if (!output.includes("test result: ok")) process.exitCode = 1;
  } finally {
    await engine.close();
  }
} finally {
  await tests.stop();
}

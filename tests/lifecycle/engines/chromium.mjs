// Chromium by its own protocol (CDP): what Playwright cannot do, or does not let through.

import { ARGUMENTS, PROGRAM } from "../../support/chromium.mjs";
import { Remote } from "./remote.mjs";
import { startProgram, temporaryFolder } from "./program.mjs";

export async function startChromium() {
  const profile = await temporaryFolder("chromium");
  const own = ["--remote-debugging-port=0", `--user-data-dir=${profile.path}`];
  const program = await startProgram(PROGRAM, [...ARGUMENTS, ...own], {
    ready: /DevTools listening on (ws:.+)/,
  });
  const remote = await Remote.connect(program.match[1]);
  return {
    /** A window of a visitor of its own. */
    async newTab() {
      const { browserContextId } = await remote.send("Target.createBrowserContext");
      return openTab(remote, browserContextId);
    },
    async close() {
      await remote.close();
      await program.stop();
      await profile.remove();
    },
  };
}

async function openTab(remote, browserContextId, options = {}) {
  const target = { url: "about:blank", browserContextId, ...options };
  const { targetId } = await remote.send("Target.createTarget", target);
  const attach = { targetId, flatten: true };
  const { sessionId } = await remote.send("Target.attachToTarget", attach);
  const tab = new ChromiumTab(remote, { targetId, sessionId, browserContextId });
  await tab.send("Page.enable");
  return tab;
}

export class ChromiumTab {
  #remote;
  #ids;

  constructor(remote, ids) {
    this.#remote = remote;
    this.#ids = ids;
  }

  /** A command of the protocol to this tab. */
  send(method, params) {
    return this.#remote.send(method, params, { sessionId: this.#ids.sessionId });
  }

  async goto(url) {
    const loaded = this.#next("Page.loadEventFired");
    const { errorText } = await this.send("Page.navigate", { url });
    if (errorText) throw new Error(`${url}: ${errorText}`);
    await loaded;
  }

  async reload() {
    const loaded = this.#next("Page.loadEventFired");
    await this.send("Page.reload");
    await loaded;
  }

  /** Resolves when the earlier page is there again, loaded anew or taken from the cache. */
  async back() {
    const { currentIndex, entries } = await this.send("Page.getNavigationHistory");
    const entryId = entries[currentIndex - 1].id;
    const arrived = this.#next("Page.frameNavigated");
    await this.send("Page.navigateToHistoryEntry", { entryId });
    await arrived;
  }

  async evaluate(code, ...values) {
    const source = code.toString();
    const expression = `(${source})(...${JSON.stringify(values)})`;
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", options);
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  }

  /** Another tab of the same window: one of the two is hidden. */
  newTabBeside() {
    return openTab(this.#remote, this.#ids.browserContextId);
  }

  /** A window of the same visitor. */
  newWindowBeside() {
    return openTab(this.#remote, this.#ids.browserContextId, { newWindow: true });
  }

  /** Closes this tab alone. */
  async closeWindow() {
    await this.#remote.send("Target.closeTarget", { targetId: this.#ids.targetId });
  }

  /** Kills the process that shows this tab; whoever waits for it waits for ever. */
  async crash() {
    const crashed = this.#next("Inspector.targetCrashed");
    await this.send("Inspector.enable");
    this.send("Page.crash").catch(() => {});
    await crashed;
  }

  /** Shows this tab of its window. */
  async activate() {
    await this.#remote.send("Target.activateTarget", { targetId: this.#ids.targetId });
  }

  async close() {
    const { browserContextId } = this.#ids;
    await this.#remote.send("Target.disposeBrowserContext", { browserContextId });
  }

  #next(method) {
    return this.#remote.next(method, ({ sessionId }) => sessionId === this.#ids.sessionId);
  }
}

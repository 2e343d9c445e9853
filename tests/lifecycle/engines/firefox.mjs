// Firefox by WebDriver BiDi, which it speaks itself: no driver program has to be built or fetched.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { Remote } from "./remote.mjs";
import { startProgram, temporaryFolder } from "./program.mjs";

const PROGRAM = process.env.FIREFOX ?? "/usr/bin/firefox-esr";

/** A fresh profile asks the network for updates, captive portals, lists of sites and the like. */
const PREFERENCES = {
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.region.network.url": "",
  "browser.safebrowsing.downloads.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.search.update": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.getAddons.cache.enabled": false,
  "extensions.systemAddon.update.enabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,",
  "toolkit.telemetry.enabled": false,
};

export async function startFirefox() {
  const profile = await temporaryFolder("firefox");
  const preferences = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  await writeFile(join(profile.path, "user.js"), preferences.join(""));
  const words = ["--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", profile.path];
  const program = await startProgram(PROGRAM, words, {
    ready: /WebDriver BiDi listening on (ws:.+)/,
    // Where the caller's home belongs to another user, Firefox refuses to start.
    environment: { HOME: profile.path, MOZ_HEADLESS: "1" },
  });
  const remote = await Remote.connect(`${program.match[1]}/session`);
  await remote.send("session.new", { capabilities: {} });
  return {
    async newTab() {
      const { context } = await remote.send("browsingContext.create", { type: "window" });
      return new FirefoxTab(remote, context);
    },
    async close() {
      await remote.send("browser.close");
      await remote.close();
      await program.stop();
      await profile.remove();
    },
  };
}

class FirefoxTab {
  #remote;
  #context;

  constructor(remote, context) {
    this.#remote = remote;
    this.#context = context;
  }

  async goto(url) {
    await this.#send("browsingContext.navigate", { url, wait: "complete" });
  }

  async reload() {
    await this.#send("browsingContext.reload", { wait: "complete" });
  }

  /** Resolves when the way back has begun. */
  async back() {
    await this.#send("browsingContext.traverseHistory", { delta: -1 });
  }

  async evaluate(code, ...values) {
    const source = code.toString();
    // As JSON: the protocol's own form of a value is another.
    const call = `async () => JSON.stringify(await (${source})(...${JSON.stringify(values)}))`;
    const { result, exceptionDetails } = await this.#remote.send("script.callFunction", {
      functionDeclaration: call,
      awaitPromise: true,
      target: { context: this.#context },
    });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return result.value && JSON.parse(result.value);
  }

  async close() {
    await this.#send("browsingContext.close", {});
  }

  #send(method, params) {
    return this.#remote.send(method, { context: this.#context, ...params });
  }
}

// The entry for Node: the file is read and compiled at once, so a transport works on the next line.

import { readFileSync } from "node:fs";
import { initSync } from "#core";
import { provideLoader } from "../wasm.js";

provideLoader(() => {
  const file = new URL("trigger_chat_transport_bg.wasm", import.meta.url);
  initSync({ module: readFileSync(file) });
});

export * from "../index.js";

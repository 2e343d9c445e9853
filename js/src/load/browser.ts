// The entry for browsers: bundlers see the URL and ship the file; compiled while it streams in.

import init from "#core";
import { provideLoader } from "../wasm.js";

provideLoader(() =>
  init({ module_or_path: new URL("trigger_chat_transport_bg.wasm", import.meta.url) }),
);

export * from "../index.js";

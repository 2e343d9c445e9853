// The JavaScript that ships: one module per entry; those that hold the class have the glue inside.

import { join } from "node:path";

import { build } from "esbuild";

/** What every entry is built with. */
const COMMON = {
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  logLevel: "error",
  write: false,
};

/** Imported by both entries as a file beside them. */
const SUB_AGENTS = "./sub-agents.js";

const OURSELVES = "trigger-chat-transport";

const ENTRIES = [
  {
    source: "js/src/load/browser.ts",
    output: "index.js",
    platform: "browser",
    external: [SUB_AGENTS],
  },
  { source: "js/src/load/node.ts", output: "node.js", platform: "node", external: [SUB_AGENTS] },
  {
    source: "js/src/sub-agents.ts",
    output: "sub-agents.js",
    platform: "neutral",
    external: ["ai"],
  },
  {
    source: "js/src/react/index.ts",
    output: "react.js",
    platform: "neutral",
    external: ["ai", "react", OURSELVES],
    plugins: [{ name: "one class", setup: importOurselves }],
    banner: { js: '"use client";' },
  },
];

/** By name, so that the condition which chose the entry chooses it here too: there is one class. */
function importOurselves(build) {
  build.onResolve({ filter: /^\.\.\/index\.js$/ }, () => ({
    path: OURSELVES,
    external: true,
    sideEffects: false,
  }));
}

/** The literal that bundlers look for when they collect assets. */
const ASSET = 'new URL("trigger_chat_transport_bg.wasm",import.meta.url)';

/** `glue` is the path of the module that the sources import as `#core`. */
export async function bundle(root, glue) {
  const files = new Map();
  for (const { source, output, ...options } of ENTRIES) {
    const result = await build({
      ...COMMON,
      ...options,
      absWorkingDir: root,
      alias: { "#core": glue },
      entryPoints: [join(root, source)],
    });
    files.set(output, Buffer.from(result.outputFiles[0].contents));
  }
  if (!files.get("index.js").includes(ASSET)) {
    throw new Error(`index.js does not contain ${ASSET}: bundlers would not find the wasm`);
  }
  return files;
}

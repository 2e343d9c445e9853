// The JavaScript that ships: one module per entry, each with the glue inside.

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
];

/** The literal that bundlers look for when they collect assets. */
const ASSET = 'new URL("trigger_chat_transport_bg.wasm",import.meta.url)';

/** `glue` is the path of the module that the sources import as `#core`. */
export async function bundle(root, glue) {
  const files = new Map();
  for (const { source, output, platform, external } of ENTRIES) {
    const result = await build({
      ...COMMON,
      absWorkingDir: root,
      alias: { "#core": glue },
      entryPoints: [join(root, source)],
      platform,
      external,
    });
    files.set(output, Buffer.from(result.outputFiles[0].contents));
  }
  if (!files.get("index.js").includes(ASSET)) {
    throw new Error(`index.js does not contain ${ASSET}: bundlers would not find the wasm`);
  }
  return files;
}

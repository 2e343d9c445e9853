// Builds the page with every pair of AI SDK and React that the package is for, as an application's
// own bundler would.

import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const MODULE = "trigger_chat_transport_bg.wasm";

const SDKS = {
  "ai 5": { ai: "ai-5", "@ai-sdk/react": "ai-sdk-react-2" },
  "ai 6": { ai: "ai-6", "@ai-sdk/react": "ai-sdk-react-3" },
  "ai 7": {},
};

/** React 18 is this folder's own; 19 is that of the workspace. */
const REACTS = { "React 18": here, "React 19": root };

export const NEWEST = "ai 7, React 19";

export const BUILDS = Object.entries(SDKS).flatMap(([sdk, aliases]) =>
  Object.entries(REACTS).map(([react, folder]) => ({
    name: `${sdk}, ${react}`,
    path: `${sdk}-${react}`.replaceAll(" ", ""),
    alias: {
      ...aliases,
      react: join(folder, "node_modules/react"),
      "react-dom": join(folder, "node_modules/react-dom"),
    },
  })),
);

export const buildNamed = (name) => BUILDS.find((each) => each.name === name);

const DOCUMENT = (markup) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>React tests</title>
  <link rel="icon" href="data:," />
  <div id="root">${markup}</div>
  <script type="module" src="page.js"></script>
</html>
`;

const COMMON = {
  absWorkingDir: here,
  bundle: true,
  format: "esm",
  jsx: "automatic",
  logLevel: "error",
  define: { "process.env.NODE_ENV": '"development"' },
};

/** Builds into `folder`, one folder for each build, with React's warnings on. */
export async function buildPages(folder, builds) {
  await Promise.all(builds.map((each) => buildPage(join(folder, each.path), each.alias)));
}

async function buildPage(folder, alias) {
  await mkdir(folder, { recursive: true });
  await Promise.all([
    build({ ...COMMON, alias, entryPoints: ["page/main.jsx"], outfile: join(folder, "page.js") }),
    copyFile(join(root, "pkg", MODULE), join(folder, MODULE)),
    writeFile(join(folder, "index.html"), DOCUMENT("")),
  ]);
}

/** The page of `folder` with what a server has rendered in it. */
export async function writeRendered(folder, markup) {
  await writeFile(join(folder, "rendered.html"), DOCUMENT(markup));
}

/** Builds the page for a server; answers the module's path. */
export async function buildServer(folder, { path, alias }) {
  const outfile = join(folder, path, "server.mjs");
  // React's server build is CommonJS, and requires modules of Node's.
  const js =
    'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';
  await build({
    ...COMMON,
    alias,
    banner: { js },
    platform: "node",
    plugins: [{ name: "the class as Node has it", setup: leaveOutTheClass }],
    entryPoints: ["page/server.jsx"],
    outfile,
  });
  return outfile;
}

/** Only the class: the hooks are to use the same React as the page. */
function leaveOutTheClass({ onResolve }) {
  onResolve({ filter: /^trigger-chat-transport$/ }, ({ path }) => ({ path, external: true }));
}

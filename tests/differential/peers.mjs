// The two transports, and one conversation held with either of them.

import * as reference from "@trigger.dev/sdk/chat";
import * as ours from "../../pkg/node.js";

import { Application, CHAT } from "./application.mjs";
import { PlayedServer } from "./played-server.mjs";
import { Recording, text } from "./recording.mjs";

export const PEERS = { reference, ours };

/** A conversation that takes longer hangs. */
const LIMIT_MS = 10_000;

/** Holds a conversation with one transport; gives the recorded lines by channel. */
export async function converse(peer, conversation) {
  const recording = new Recording();
  const server = new PlayedServer(conversation.server, recording);
  const options = observed(conversation.options?.() ?? {}, server, recording);
  const transport = new PEERS[peer].TriggerChatTransport(options);
  const app = new Application(transport, recording);
  const globalFetch = globalThis.fetch;
  if (conversation.headStart) globalThis.fetch = server.fetchHead;
  try {
    await limited(conversation.play({ app, server, transport, recording }), conversation.name, peer);
    await recording.settled();
    app.leave(conversation.chats ?? [CHAT]);
    return { lines: recording.lines(), unplayed: server.unplayed() };
  } finally {
    transport.dispose();
    server.close();
    globalThis.fetch = globalFetch;
  }
}

/** A session as `sessions` takes it, between two turns. */
export function known(state = {}) {
  return { sessions: { [CHAT]: { publicAccessToken: "token", isStreaming: false, ...state } } };
}

/** The options of a conversation, with every callback recorded. */
function observed(options, server, recording) {
  let minted = 0;
  const { onEvent, onSessionChange, ...given } = options;
  const defaults = {
    task: "agent",
    baseURL: "https://api.example",
    fetch: server.fetch,
    accessToken: () => `minted ${++minted}`,
  };
  const all = { ...defaults, ...given };
  for (const name of ["accessToken", "startSession", "baseURL"]) {
    if (typeof all[name] === "function") all[name] = told(recording, name, all[name]);
  }
  return {
    ...all,
    onEvent: (event) => {
      recording.event(event);
      onEvent?.(event);
    },
    onSessionChange: (chatId, state) => {
      recording.add("session changes", `${chatId} ${text(state)}`);
      onSessionChange?.(chatId, state);
    },
  };
}

/** A callback whose calls are recorded. */
export function told(recording, name, callback) {
  return (...given) => {
    recording.add("callbacks", `${name} ${given.map(text).join(" ")}`);
    return callback(...given);
  };
}

async function limited(playing, name, peer) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${name}: hangs with ${peer}`)), LIMIT_MS);
  });
  try {
    await Promise.race([playing, late]);
  } finally {
    clearTimeout(timer);
  }
}

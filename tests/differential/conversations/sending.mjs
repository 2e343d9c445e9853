// What goes to `.in`: messages, slim tool continuations, headers, addresses (A2, A6, B1–B3, B12, B13).

import { CHAT, userMessage } from "../application.mjs";
import { known } from "../peers.mjs";
import { acknowledged, refused, stream, turn } from "../records.mjs";

/** One turn, asked for and answered. */
const server = { in: [acknowledged(0)], out: [stream(turn(0, 0))] };
const ask = async ({ app }) => app.send("Hello?").ended;
const sendAs = (options) => async ({ app }) => app.send("Hello?", options).ended;

const TOOL = { toolCallId: "c", input: { city: "Oslo" } };
const approval = { id: "p", approved: true };

/** A turn that goes on with what the user, or the page, says of the answer's tool calls. */
const continueWith = (...parts) => sendAs({ messages: [{ id: "a1", role: "assistant", parts }] });

export const sending = [
  {
    name: "B1 B2 C1 C4 C6 G1 a message and its answer",
    options: () => known(),
    server,
    play: ask,
  },
  {
    name: "B2 metadata of the call goes over the client data, and the body's own fields go along",
    options: () => ({ ...known(), clientData: { userId: "7", page: 1 } }),
    server,
    play: sendAs({ body: { model: "m", chatId: "not this" }, metadata: { page: 2 }, messageId: "m7" }),
  },
  {
    name: "B2 only the last message is sent",
    options: () => known(),
    server,
    play: sendAs({ messages: [userMessage("first"), userMessage("second", "u2")] }),
  },
  {
    name: "B2 a submit without messages rejects",
    options: () => known(),
    play: sendAs({ messages: [] }),
  },
  {
    name: "B2 a regenerate carries no message",
    options: () => known(),
    server,
    play: async ({ app }) => app.regenerate("a1").ended,
  },
  {
    name: "B2 a regenerate needs no messages",
    options: () => known(),
    server,
    play: sendAs({ trigger: "regenerate-message", messages: [] }),
  },
  {
    name: "B1 the application's headers go under the transport's own",
    options: () => ({
      ...known(),
      headers: { "X-Own": "1", "X-Part-Id": "mine", "x-trigger-source": "mine" },
    }),
    server,
    play: ask,
  },
  {
    name: "B1 the application's headers go under the transport's own in any spelling",
    options: () => ({
      ...known(),
      headers: { "x-part-id": "mine", "X-Trigger-Source": "mine", authorization: "mine" },
    }),
    server,
    play: ask,
  },
  {
    name: "C1 the application's headers go with the subscription",
    options: () => ({ ...known(), headers: { "x-own": "1" }, streamTimeoutSeconds: 30 }),
    server,
    play: ask,
  },
  {
    name: "A2 the default base is Trigger.dev's",
    options: () => ({ ...known(), baseURL: undefined }),
    server,
    play: ask,
  },
  {
    name: "A2 one trailing slash is dropped from a base, no more",
    options: () => ({ ...known(), baseURL: "https://api.example/base//" }),
    server,
    play: ask,
  },
  {
    name: "A2 baseURL as a function is asked for each endpoint",
    options: () => ({ ...known(), baseURL: ({ endpoint }) => `https://${endpoint}.example/` }),
    server,
    play: ask,
  },
  {
    name: "A2 streamBaseURL wins for the answer",
    options: () => ({ ...known(), streamBaseURL: "https://stream.example/" }),
    server,
    play: ask,
  },
  {
    name: "B1 a chat id is encoded in the address",
    options: () => ({ sessions: { "a/b ü?#%😀": { publicAccessToken: "token", isStreaming: false } } }),
    chats: ["a/b ü?#%😀"],
    server,
    play: sendAs({ chatId: "a/b ü?#%😀" }),
  },
  {
    name: "B3 resolved tool parts go out slim",
    options: () => known(),
    server,
    play: continueWith(
      { type: "reasoning", text: "a long thought" },
      { type: "tool-weather", ...TOOL, state: "output-available", output: { celsius: 7 } },
      { type: "tool-weather", ...TOOL, state: "output-available", output: null, approval },
      { type: "tool-weather", ...TOOL, state: "output-error", errorText: "no", approval },
      { type: "tool-weather", ...TOOL, state: "approval-responded", approval },
      { type: "tool-weather", ...TOOL, state: "output-denied", approval: { id: "p", approved: false } },
      { type: "tool-weather", ...TOOL, state: "approval-requested", approval: { id: "p" } },
      { type: "tool-weather", ...TOOL, state: "input-available" },
      { type: "dynamic-tool", toolName: "d", ...TOOL, state: "output-available", output: [1] },
      { type: "text", text: "said before" },
    ),
  },
  {
    name: "B3 an assistant message without resolved tool parts goes out whole",
    options: () => known(),
    server,
    play: continueWith(
      { type: "text", text: "said before" },
      { type: "tool-weather", ...TOOL, state: "input-available", providerExecuted: true },
    ),
  },
  {
    name: "B3 a user's message goes out as it is",
    options: () => known(),
    server,
    play: sendAs({
      messages: [{
        id: "u1",
        role: "user",
        metadata: { at: 1 },
        parts: [
          { type: "file", mediaType: "text/plain", url: "data:,x" },
          { type: "tool-x", state: "output-available", toolCallId: "c", input: 1, output: 2 },
        ],
      }],
    }),
  },
  {
    name: "B1 text that is no valid Unicode arrives as it was written",
    options: () => known(),
    server,
    play: async ({ app }) => app.send("lone \ud83d surrogate, \u2028 and \"quotes\" \0").ended,
  },
  {
    name: "B12 the headers of one call are sent with its requests",
    options: () => known(),
    server,
    play: sendAs({ headers: { "x-call": "1" } }),
  },
  {
    name: "B12 a chat id that names another path rejects before any request",
    server: { in: [refused(404), refused(404), refused(404)] },
    chats: [],
    async play({ app }) {
      for (const chatId of ["", ".", ".."]) await app.send("Hello?", { chatId }).made;
    },
  },
  {
    name: "B13 what is sent is what the messages were at the time of the call",
    options: () => known(),
    server,
    async play({ app }) {
      const messages = [userMessage("before")];
      const answer = app.send("", { messages });
      messages[0].parts[0].text = "after";
      await answer.ended;
    },
  },
  {
    name: "A6 callbacks and values are replaced for the next use",
    options: () => ({ ...known(), clientData: { before: true } }),
    server: { in: [acknowledged(0), acknowledged(1)], out: [stream(turn(0, 0)), stream(turn(6, 1))] },
    async play({ app, transport, server, recording }) {
      await app.send("first").ended;
      transport.setClientData({ after: true });
      transport.setOnEvent((event) => recording.event(event));
      transport.setOnSessionChange((_, state) =>
        recording.add("the new onSessionChange", String(state.isStreaming)),
      );
      transport.setFetch((url, init, context) => {
        recording.add("the new fetch", context.endpoint);
        return server.fetch(url, init, context);
      });
      await app.send("second").ended;
    },
  },
  {
    name: "A2 without the fetch option the global one is called",
    headStart: true,
    options: () => ({ ...known(), fetch: undefined }),
    server: { head: [acknowledged(0), stream(turn(0, 0))] },
    play: ask,
  },
  {
    name: "B1 two chats of one transport know nothing of each other",
    options: () => ({
      sessions: {
        [CHAT]: { publicAccessToken: "token", isStreaming: false },
        other: { publicAccessToken: "token of the other", isStreaming: false, lastEventId: "70" },
      },
    }),
    chats: [CHAT, "other"],
    server: { in: [acknowledged(0), acknowledged(9)], out: [stream(turn(0, 0)), stream(turn(71, 9))] },
    async play({ app }) {
      await app.send("first").ended;
      await app.send("second", { chatId: "other" }).ended;
    },
  },
];

// The agent of these tests: one `chat.agent` with everything that a page can meet. It is what an
// application would write, but for its scripted model.

import "@trigger.dev/sdk/ai/test"; // Before the definition: it makes the catalog that this registers in.

import { chat } from "@trigger.dev/sdk/ai";
import { AgentChat } from "@trigger.dev/sdk/chat";
import { stepCountIs, tool } from "ai";
import { z } from "zod";

import { HOLD, call, scriptedModel, text, thought } from "./model.mjs";
import { record } from "./transcripts.mjs";

export const TASK = "conversation";
/** The task of the server's own demo agent, which plays the sub-agent. */
const SUB_TASK = "demo-agent";

/** Tells that a steering message has reached the agent. */
const steering = new EventTarget();

const city = z.object({ city: z.string() });

const tools = {
  getWeather: tool({
    description: "The weather of a city.",
    inputSchema: city,
    execute: ({ city }) => ({ city, sky: "clear" }),
  }),
  sendEmail: tool({
    description: "Sends an email, once the user has approved.",
    inputSchema: z.object({ to: z.string() }),
    needsApproval: true,
    execute: ({ to }) => ({ sentTo: to }),
  }),
  askUser: tool({
    description: "Asks the user; the page answers.",
    inputSchema: z.object({ question: z.string() }),
  }),
  inspect: tool({
    description: "Works until the user has said more.",
    inputSchema: city,
    execute: ({ city }) => new Promise((resolve) => {
      steering.addEventListener("received", () => resolve({ inspected: city }), { once: true });
    }),
  }),
  research: tool({
    description: "Lets another agent answer.",
    inputSchema: z.object({ question: z.string() }),
    execute: async ({ question }, { toolCallId }) => {
      const other = new AgentChat({ agent: SUB_TASK, id: `sub-${toolCallId}` });
      return chat.forwardSubAgent(await other.sendMessage(question), { toolCallId });
    },
    toModelOutput: () => ({ type: "text", value: "The other agent has answered." }),
  }),
};

/** What the model says, by what it was told last. */
function answer({ said, results, prompt, step }) {
  const done = results.at(-1);
  if (said === "Speak French") return text("D'accord.");
  if (done) return text(`${done.toolName} says ${JSON.stringify(done.output.value)}.`);
  const id = `call-${step}-${crypto.randomUUID()}`;
  const [word] = said.split(" ");
  switch (word) {
    case "weather": return [...text("Let me look. "), call("getWeather", { city: "Berlin" }, id)];
    case "think": return [...thought("Hm."), ...text("I have thought.")];
    case "email": return [call("sendEmail", { to: "ada@example.com" }, id)];
    case "ask": return [call("askUser", { question: "Tea or coffee?" }, id)];
    case "inspect": return [call("inspect", { city: "Paris" }, id)];
    case "research": return [call("research", { question: "3 deltas" }, id)];
    case "hold": return [...text("One ").slice(0, -1), HOLD];
    default: return text(`You said ${said} as message ${prompt.filter(isUser).length}.`);
  }
}

const isUser = ({ role }) => role === "user";

export const model = scriptedModel(answer);

export const agent = chat.agent({
  id: TASK,
  tools,
  actionSchema: z.discriminatedUnion("type", [
    z.object({ type: z.literal("undo") }),
    z.object({ type: z.literal("again") }),
    z.object({ type: z.literal("ask"), question: z.string() }),
  ]),
  onAction: ({ action }) => {
    if (action.type === "undo") {
      chat.history.slice(0, -2);
      return;
    }
    if (action.type === "ask") return chat.turn(action.question);
    chat.history.slice(0, -1);
    return chat.turn();
  },
  pendingMessages: {
    shouldInject: ({ steps }) => steps.length > 0,
    onReceived: () => steering.dispatchEvent(new Event("received")),
  },
  onTurnStart: ({ uiMessages, continuation }) => {
    if (wordsOf(uiMessages.at(-1)) === "upgrade" && !continuation) chat.requestUpgrade();
  },
  run: ({ messages, signal, streamText }) => {
    const said = JSON.stringify(messages.at(-1).content);
    if (said.includes("goodbye")) chat.endRun();
    if (said.includes("farewell")) chat.close({ reason: "said farewell" });
    return streamText({ model, messages, abortSignal: signal, stopWhen: stepCountIs(5) });
  },
  onTurnComplete: ({ chatId, uiMessages }) => record(chatId, uiMessages),
});

function wordsOf(message) {
  return (message?.parts ?? []).map((part) => part.text ?? "").join("");
}

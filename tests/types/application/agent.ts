// The server's side: an agent with tools, client data and a message type of its own.

import { chat } from "@trigger.dev/sdk/ai";
import { streamText, tool } from "ai";
import type { InferUITools, UIMessage } from "ai";
import { z } from "zod";

const tools = {
  findOrder: tool({
    description: "Looks up an order.",
    inputSchema: z.object({ orderId: z.string() }),
    execute: async ({ orderId }) => ({ orderId, state: "shipped" }),
  }),
};

export type SupportMessage = UIMessage<
  { tokens?: number },
  { plan: { steps: string[] } },
  InferUITools<typeof tools>
>;

export const supportAgent = chat
  .withUIMessage<SupportMessage>()
  .withClientData({ schema: z.object({ userId: z.string(), locale: z.string().optional() }) })
  .agent({
    id: "support",
    tools,
    run: async ({ messages, signal }) =>
      streamText({ model: "openai/gpt-5", messages, abortSignal: signal }),
  });

/** An agent of which nothing is said. */
export const plainAgent = chat.agent({
  id: "plain",
  run: async ({ messages }) => streamText({ model: "openai/gpt-5", messages }),
});

// Types of the application that come from its agents' types.

import { chat } from "@trigger.dev/sdk/ai";
import type {
  ChatInputChunk,
  ChatTaskWirePayload,
  InferChatClientData,
  InferChatUIMessage,
} from "@trigger.dev/sdk/chat";
import type { UIMessage } from "ai";
import type { SupportMessage, plainAgent, supportAgent } from "./agent";

export type SupportClientData = InferChatClientData<typeof supportAgent>;
export type AgentMessage = InferChatUIMessage<typeof supportAgent>;
export type PlainMessage = InferChatUIMessage<typeof plainAgent>;

export const clientData: SupportClientData = { userId: "user_1", locale: "de" };

export function tokensOf(message: AgentMessage): number {
  return message.metadata?.tokens ?? 0;
}

export function ordersOf(message: AgentMessage): string[] {
  return message.parts.flatMap((part) =>
    part.type === "tool-findOrder" && part.state === "output-available" ? [part.output.state] : [],
  );
}

export function stepsOf(message: AgentMessage): string[] {
  return message.parts.flatMap((part) => (part.type === "data-plan" ? part.data.steps : []));
}

/** The inferred type is the declared one, both ways. */
export const declared = (message: AgentMessage): SupportMessage => message;
export const inferred = (message: SupportMessage): AgentMessage => message;
export const plain = (message: UIMessage): PlainMessage => message;

/** A registry over agents: each entry knows its own message. */
type Agents = { support: typeof supportAgent; plain: typeof plainAgent };

export type Renderers = { [K in keyof Agents]: (message: InferChatUIMessage<Agents[K]>) => string };

export const renderers: Renderers = {
  support: (message) => ordersOf(message).join(),
  plain: (message) => message.id,
};

export function lastOf<TAgent>(messages: InferChatUIMessage<TAgent>[]) {
  return messages.at(-1);
}

export const last: AgentMessage | undefined = lastOf<typeof supportAgent>([]);

/** A record of `.in`, written by a server of the application's own. */
export function messageRecord(
  chatId: string,
  message: AgentMessage,
): ChatInputChunk<AgentMessage, SupportClientData> {
  const payload: ChatTaskWirePayload<AgentMessage, SupportClientData> = {
    chatId,
    trigger: "submit-message",
    message,
    metadata: clientData,
  };
  return { kind: "message", payload };
}

export function describe(chunk: ChatInputChunk): string {
  switch (chunk.kind) {
    case "message":
      return chunk.payload.message?.role ?? chunk.payload.trigger;
    case "stop":
      return chunk.message ?? "stopped";
    case "handover":
      return `${chunk.partialAssistantMessage.length} messages, ${chunk.isFinal}`;
    case "handover-skip":
      return "nothing handed over";
    default: {
      const never: never = chunk;
      return never;
    }
  }
}

/** What a task gets can be passed on as it is. */
export const relay = chat.customAgent({
  id: "relay",
  run: async (payload: ChatTaskWirePayload) => {
    const { channelEvent, continuation, previousRunId, sessionId } = payload;
    return { from: channelEvent?.deliveryId, continuation, previousRunId, sessionId };
  },
});

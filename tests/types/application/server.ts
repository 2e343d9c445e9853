// A server that keeps what `AgentChat` gives it, in types alone.

import type {
  AgentChatOptions,
  ChatSession,
  ChatStreamResult,
  ChatToolCall,
  ChatToolResult,
} from "@trigger.dev/sdk/chat";
import type { supportAgent } from "./agent";

const sessions = new Map<string, ChatSession>();

export function optionsFor(chatId: string, userId: string): AgentChatOptions<typeof supportAgent> {
  const session = sessions.get(chatId);
  return {
    agent: "support",
    id: chatId,
    clientData: { userId },
    onTriggered: ({ runId }) => console.info(runId),
    onTurnComplete: ({ lastEventId }) => {
      sessions.set(chatId, lastEventId ? { lastEventId } : {});
    },
    streamTimeoutSeconds: 30,
    triggerConfig: { basePayload: {}, tags: ["support"], machine: "small-1x", ttl: "1h" },
    ...(session && { session }),
  };
}

export function summary({ text, toolCalls, toolResults }: ChatStreamResult): string {
  const open = toolCalls.filter((call) => !resultOf(call, toolResults));
  return `${text} (${open.map(({ toolName }) => toolName).join()})`;
}

function resultOf(call: ChatToolCall, results: ChatToolResult[]): unknown {
  return results.find(({ toolCallId }) => toolCallId === call.toolCallId)?.output;
}

// The chat page.

import { useChat } from "@ai-sdk/react";
import { TriggerChatTransport, createSubAgentMessages } from "@trigger.dev/sdk/chat";
import type { UIMessage } from "ai";
import { useEffect, useMemo, useRef, useState } from "react";
import type { SupportMessage } from "./agent";
import { ordersOf, type AgentMessage } from "./agent-types";
import { transport as shared } from "./transport";

const accessToken = async () => "token";

export function ChatPage({ chatId, initial }: { chatId: string; initial: AgentMessage[] }) {
  const transport = useMemo(() => new TriggerChatTransport({ task: "support", accessToken }), []);
  const chat = useChat<AgentMessage>({ id: chatId, transport, messages: initial, resume: true });
  const stop = async () => {
    await transport.stopGeneration(chatId);
    chat.stop();
  };
  useEffect(() => () => transport.dispose(), [transport]);
  return (
    <main data-status={chat.status}>
      {chat.messages.map((message) => (
        <p key={message.id}>{ordersOf(message).join()}</p>
      ))}
      <button onClick={() => chat.sendMessage({ text: "Where is my order?" })}>Ask</button>
      <button onClick={() => chat.regenerate()}>Again</button>
      <button onClick={stop}>Stop</button>
    </main>
  );
}

/** The transport is constructed where it is used. */
export function InlineChat() {
  const { messages, sendMessage } = useChat({
    transport: new TriggerChatTransport({
      task: "plain",
      accessToken: async ({ chatId }) => `token of ${chatId}`,
      startSession: async ({ chatId, taskId, clientData }) => ({
        publicAccessToken: `${taskId} ${chatId} ${Object.keys(clientData).length}`,
      }),
    }),
  });
  return <button onClick={() => sendMessage({ text: "hello" })}>{messages.length}</button>;
}

/** Sub-agents, shown inside the tool calls that they work for. */
export function WithSubAgents({ transport = shared }: { transport?: TriggerChatTransport }) {
  const [, setVersion] = useState(0);
  const [subAgents] = useState(() =>
    createSubAgentMessages<SupportMessage>({ onChange: () => setVersion((version) => version + 1) }),
  );
  const { messages } = useChat({ transport, onData: subAgents.onData });
  useEffect(() => subAgents.dispose, [subAgents]);
  return messages.map((message) =>
    message.parts.map((part) => {
      if (part.type !== "tool-research") return null;
      const answer = "toolCallId" in part ? subAgents.get(part.toolCallId) : undefined;
      return <p key={message.id}>{answer?.metadata?.tokens}</p>;
    }),
  );
}

/** A message that is sent into the running turn. */
export function Steering({ chatId }: { chatId: string }) {
  const transport = useRef<TriggerChatTransport | null>(null);
  transport.current ??= shared;
  const steer = async (text: string) => {
    const message: UIMessage = { id: crypto.randomUUID(), role: "user", parts: [{ type: "text", text }] };
    const accepted = await transport.current?.sendPendingMessage(chatId, message, { urgent: true });
    if (!accepted) console.warn("not accepted");
  };
  return <button onClick={() => steer("shorter, please")}>Shorter</button>;
}

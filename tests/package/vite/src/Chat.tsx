import { useChat } from "@ai-sdk/react";
import { TriggerChatTransport } from "trigger-chat-transport";
import { freshChatToken, startChatSession } from "./backend";

const transport = new TriggerChatTransport({
  task: "demo-agent",
  baseURL: location.origin,
  startSession: ({ chatId, clientData }) => startChatSession(chatId, clientData),
  accessToken: ({ chatId }) => freshChatToken(chatId),
});

export function Chat({ id }: { id: string }) {
  const { messages, sendMessage, stop, status } = useChat({ id, transport });
  return (
    <main data-status={status}>
      {messages.map(({ id, role, parts }) => (
        <p key={id} data-role={role}>
          {parts.map((part) => (part.type === "text" ? part.text : ""))}
        </p>
      ))}
      <button onClick={() => sendMessage({ text: "3 deltas, please" })}>Ask</button>
      <button onClick={stop}>Stop</button>
    </main>
  );
}

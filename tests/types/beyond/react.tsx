// What the hooks do beyond the published ones.

import { useChat } from "@ai-sdk/react";
import type { TriggerChatTransport } from "trigger-chat-transport";
import {
  useChatConnection,
  usePendingMessages,
  useTriggerChatTransport,
  type ChatConnection,
  type PendingInput,
} from "trigger-chat-transport/react";
import type { supportAgent } from "../application/agent";

export function Chat({ chatId, files }: { chatId: string; files: FileList }) {
  const transport: TriggerChatTransport = useTriggerChatTransport<typeof supportAgent>({
    task: "support",
    accessToken: () => "token",
    chatId,
  });
  const connection: ChatConnection = useChatConnection(transport, chatId);
  const chat = useChat({ id: chatId, transport });
  const pending = usePendingMessages({ ...chat, transport, chatId });
  const input: PendingInput = { text: "this one", files };
  const lost = pending.pending.filter(({ failed, parts }) => failed && parts.length > 0);
  return (
    <button
      onClick={() => {
        pending.steer(input);
        pending.queue("and this");
        for (const { id } of lost) pending.discard(id);
      }}
    >
      {connection.state} {connection.attempt}
    </button>
  );
}

// A dashboard that follows a chat from outside.

import { TriggerChatTransport, type ChatSessionPersistedState } from "@trigger.dev/sdk/chat";
import { readUIMessageStream } from "ai";
import type { UIMessage, UIMessageChunk } from "ai";
import { useEffect, useState } from "react";

type Props = { chatId: string; session: ChatSessionPersistedState };

export function DashboardViewer({ chatId, session }: Props) {
  const [message, setMessage] = useState<UIMessage>();
  useEffect(() => {
    const abort = new AbortController();
    const transport = new TriggerChatTransport({
      task: "support",
      accessToken: () => session.publicAccessToken,
      sessions: { [chatId]: session },
      watch: true,
    });
    void follow(transport, chatId, abort.signal, setMessage);
    return () => {
      abort.abort();
      transport.dispose();
    };
  }, [chatId, session]);
  return <pre>{JSON.stringify(message)}</pre>;
}

async function follow(
  transport: TriggerChatTransport,
  chatId: string,
  abortSignal: AbortSignal,
  show: (message: UIMessage) => void,
): Promise<void> {
  const stream: ReadableStream<UIMessageChunk> | null = await transport.reconnectToStream({
    chatId,
    abortSignal,
    stopOnAbort: false,
  });
  if (!stream) return;
  for await (const message of readUIMessageStream({ stream })) show(message);
}

/** Without React: a turn that is sent and read by hand. */
export async function askOnce(transport: TriggerChatTransport, question: UIMessage) {
  const stream = await transport.sendMessages({
    trigger: "submit-message",
    chatId: "chat_1",
    messageId: undefined,
    messages: [question],
    abortSignal: undefined,
    headers: { "x-from": "dashboard" },
    body: { locale: "de" },
    metadata: { source: "dashboard" },
  });
  const reader = stream.getReader();
  const { value } = await reader.read();
  return value?.type === "text-delta" ? value.delta : undefined;
}

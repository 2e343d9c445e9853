// What must not compile.

import {
  useMultiTabChat,
  usePendingMessages,
  useTriggerChatTransport,
  type UseTriggerChatTransportOptions,
} from "@trigger.dev/sdk/chat/react";
import type { TriggerChatTransport } from "@trigger.dev/sdk/chat";
import type { supportAgent } from "./agent";

const accessToken = () => "token";

export function Refused({ transport }: { transport: TriggerChatTransport }) {
  // @ts-expect-error: the agent has another id
  useTriggerChatTransport<typeof supportAgent>({ task: "suport", accessToken });
  // @ts-expect-error: a token is needed
  useTriggerChatTransport({ task: "support" });
  // @ts-expect-error: client data without its user
  const options: UseTriggerChatTransportOptions<typeof supportAgent>["clientData"] = { locale: "de" };
  // @ts-expect-error: `useChat` gives more than this
  const pending = usePendingMessages({ transport, chatId: "chat_1", status: "ready" });
  // @ts-expect-error: no such mode
  const lost = pending.pending.some(({ mode }) => mode === "lost");
  // @ts-expect-error: the hook answers an object
  const isReadOnly: boolean = useMultiTabChat(transport, "chat_1", [], () => {});
  return <p>{String(lost || isReadOnly || options)}</p>;
}

// One tab at a time may write; the others follow.

import type { TriggerChatTransport } from "@trigger.dev/sdk/chat";
import type { UIMessage } from "ai";
import { useEffect, useSyncExternalStore } from "react";

type Props = {
  transport: TriggerChatTransport;
  chatId: string;
  messages: UIMessage[];
  setMessages: (messages: UIMessage[]) => void;
};

export function Composer({ transport, chatId, messages, setMessages }: Props) {
  const readOnly = useSyncExternalStore(
    (changed) => {
      const listener = (id: string, isReadOnly: boolean) => {
        if (id === chatId) console.info(isReadOnly);
        changed();
      };
      transport.addReadOnlyListener(listener);
      return () => transport.removeReadOnlyListener(listener);
    },
    () => transport.isReadOnly(chatId),
  );
  useEffect(() => {
    const listener = (id: string, received: unknown[]) => {
      if (id === chatId) setMessages(received as UIMessage[]);
    };
    transport.addMessagesListener(listener);
    return () => transport.removeMessagesListener(listener);
  }, [transport, chatId, setMessages]);
  useEffect(() => {
    if (transport.hasClaim(chatId)) transport.broadcastMessages(chatId, messages);
  }, [transport, chatId, messages]);
  const reason = transport.sessionClosedReason(chatId);
  return <textarea disabled={readOnly} placeholder={reason ?? "Write a message"} />;
}

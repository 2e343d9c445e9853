// The state of a chat's connection, to show it.

import { useMemo, useSyncExternalStore } from "react";
import type { ChatConnection, TriggerChatTransport } from "../index.js";

const IDLE: ChatConnection = { state: "idle", attempt: 0 };

/** How the chat's connection stands; the component renders again when that changes. */
export function useChatConnection(transport: TriggerChatTransport, chatId: string): ChatConnection {
  const { subscribe, get } = useMemo(() => connectionOf(transport, chatId), [transport, chatId]);
  return useSyncExternalStore(subscribe, get, () => IDLE);
}

/** A snapshot that stays the same object until the connection has changed. */
function connectionOf(transport: TriggerChatTransport, chatId: string) {
  let current = transport.connection(chatId);
  const look = () => {
    const next = transport.connection(chatId);
    if (!same(current, next)) current = next;
  };
  return {
    get: () => current,
    subscribe(changed: () => void) {
      // Something may have happened since the render that this follows.
      look();
      return transport.subscribe(() => {
        look();
        changed();
      });
    },
  };
}

function same(one: ChatConnection, other: ChatConnection): boolean {
  return (
    one.state === other.state &&
    one.attempt === other.attempt &&
    one.nextRetryAt === other.nextRetryAt &&
    one.lastEventId === other.lastEventId &&
    one.behind === other.behind
  );
}

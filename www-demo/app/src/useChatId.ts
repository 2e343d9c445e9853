// The chat id lives in the hash, so that any static server serves every chat's address.
import { generateId } from "ai";
import { useCallback, useState, useSyncExternalStore } from "react";
import { activityOf } from "./activity";

const route = "#/chat/";

export type ChatAddress = {
  chatId: string;
  /** Whether this page made the id up and nothing was asked under it: no server can know it yet. */
  isFresh: (chatId: string) => boolean;
  openChat: (chatId: string) => void;
  openNewChat: () => void;
};

export function useChatId(): ChatAddress {
  const [fresh] = useState(() => new Set<string>());
  const openChat = useCallback((chatId: string) => {
    location.hash = route + encodeURIComponent(chatId);
  }, []);
  const openNewChat = useCallback(() => {
    const chatId = generateId();
    fresh.add(chatId);
    openChat(chatId);
  }, [fresh, openChat]);

  const chatId = useSyncExternalStore(subscribe, () => chatIdFromHash() ?? assignChatId(fresh));
  const isFresh = useCallback((id: string) => fresh.has(id) && activityOf(id).length === 0, [fresh]);
  return { chatId, isFresh, openChat, openNewChat };
}

function subscribe(listener: () => void): () => void {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
}

function chatIdFromHash(): string | undefined {
  if (!location.hash.startsWith(route)) return undefined;
  try {
    return decodeURIComponent(location.hash.slice(route.length)) || undefined;
  } catch {
    return undefined;
  }
}

function assignChatId(fresh: Set<string>): string {
  const chatId = generateId();
  fresh.add(chatId);
  history.replaceState(null, "", route + chatId);
  return chatId;
}

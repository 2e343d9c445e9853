import { useCallback, useEffect, useState } from "react";
import { onActivity, type Activity } from "./activity";
import { fetchChats, type ChatSummary } from "./demoServer";

const changesTheList: ReadonlySet<Activity["type"]> = new Set(["message-sent", "turn-completed", "session-closed"]);

export function useChatList(): { chats: ChatSummary[]; refresh: () => void } {
  const [chats, setChats] = useState<ChatSummary[]>([]);

  // A list that cannot be fetched is left as it was: the conversation itself reports real trouble.
  const refresh = useCallback(() => {
    fetchChats().then(setChats, () => undefined);
  }, []);

  useEffect(() => {
    refresh();
    const stopListening = onActivity(({ type }) => {
      if (changesTheList.has(type)) refresh();
    });
    addEventListener("focus", refresh);
    return () => {
      stopListening();
      removeEventListener("focus", refresh);
    };
  }, [refresh]);

  return { chats, refresh };
}

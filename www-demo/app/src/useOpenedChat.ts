import { useCallback, useEffect, useState } from "react";
import { emptyChat, openChat, type OpenedChat } from "./openChat";

type Opening = { state: "opening" } | { state: "open"; chat: OpenedChat } | { state: "failed"; error: Error };

/** `fresh`: the id was made up by this page a moment ago, so there is nothing to ask for. */
export function useOpenedChat(chatId: string, fresh: boolean): Opening & { retry: () => void } {
  const [attempt, setAttempt] = useState(0);
  const [opening, setOpening] = useState<Opening>(
    fresh ? { state: "open", chat: emptyChat } : { state: "opening" },
  );
  const settled = opening.state === "open";

  useEffect(() => {
    if (settled) return;
    let current = true;
    openChat(chatId).then(
      (chat) => current && setOpening({ state: "open", chat }),
      (error) => current && setOpening({ state: "failed", error }),
    );
    return () => {
      current = false;
    };
  }, [chatId, settled, attempt]);

  const retry = useCallback(() => {
    setOpening({ state: "opening" });
    setAttempt((count) => count + 1);
  }, []);

  return { ...opening, retry };
}

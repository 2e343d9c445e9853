// Actions as requests of `useChat`, which then shows what the agent answers.

import { useCallback } from "react";
import { useLatest } from "./use-latest.js";

/**
 * Sends actions through `useChat`'s `sendMessage`, so that `status`, `error`, `stop` and the answer
 * are as for a message. What the action changes in the history is the application's to mirror.
 */
export function useChatActions(options: {
  /** That of `useChat`. */
  sendMessage: (
    message: undefined,
    options?: { body?: object; headers?: Record<string, string> | Headers },
  ) => Promise<void> | void;
}): {
  /** Resolves when `useChat` is done with the request. */
  sendAction: (action: unknown) => Promise<void>;
} {
  const latest = useLatest(options.sendMessage);
  const sendAction = useCallback(
    async (action: unknown) => {
      await latest.current(undefined, { body: { action } });
    },
    [latest],
  );
  return { sendAction };
}

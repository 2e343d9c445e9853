// A conversation's history, loaded before the chat connects.

import type { UIMessage } from "ai";
import { useEffect, useMemo, useState } from "react";
import { seedTranscriptCursor } from "./seed-transcript-cursor.js";
import type { LoadTranscriptResult, UseLoadTranscriptOptions } from "./types.js";
import { useLatest } from "./use-latest.js";

type Loaded<TUIMessage> = {
  messages: TUIMessage[];
  isLoading: boolean;
  error: Error | undefined;
  /** The `before` with which the action gives the page before this one. */
  nextCursor: string | undefined;
};

const NOTHING: never[] = [];

/**
 * Loads the messages of `chatId` through an action of `chat.createLoadTranscriptAction`, again when
 * the id or the limit changes; nothing for `undefined`. With a `transport`, its cursor is seeded.
 */
export function useLoadTranscript<TUIMessage extends UIMessage = UIMessage>(
  chatId: string | undefined,
  load: (params: { chatId: string; limit?: number }) => Promise<LoadTranscriptResult<TUIMessage>>,
  options?: UseLoadTranscriptOptions,
): Loaded<TUIMessage> {
  const limit = options?.limit;
  const [loaded, setLoaded] = useState<{ of: object; now: Loaded<TUIMessage> }>();
  const latest = useLatest({ load, transport: options?.transport });
  const wanted = useMemo(() => ({ chatId, limit }), [chatId, limit]);

  useEffect(() => {
    if (wanted.chatId === undefined) return;
    const { chatId, limit } = wanted;
    let wantedStill = true;
    const show = (part: Partial<Loaded<TUIMessage>>) => {
      const now = { ...at(NOTHING, false), ...part };
      if (wantedStill) setLoaded({ of: wanted, now });
    };
    // In a moment, not now: by then the rehearsal of StrictMode is over, and one load is enough.
    const loading = Promise.resolve().then(async () => {
      if (!wantedStill) return;
      const { load } = latest.current;
      const result = await load({ chatId, ...(limit !== undefined && { limit }) });
      if (!wantedStill) return;
      const { transport } = latest.current;
      if (transport) seedTranscriptCursor(transport, chatId, result.cursors);
      show({ messages: result.messages, nextCursor: result.nextCursor });
    });
    loading.catch((cause: unknown) => {
      show({ error: cause instanceof Error ? cause : new Error(String(cause)) });
    });
    return () => {
      wantedStill = false;
    };
  }, [wanted, latest]);

  return loaded?.of === wanted ? loaded.now : at(NOTHING, chatId !== undefined);
}

function at<TUIMessage>(messages: TUIMessage[], isLoading: boolean): Loaded<TUIMessage> {
  return { messages, isLoading, error: undefined, nextCursor: undefined };
}

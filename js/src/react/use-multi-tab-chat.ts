// One chat in several tabs: the tab whose turn it is tells the others what it shows.

import { useCallback, useEffect, useRef, useSyncExternalStore } from "react";
import type { TriggerChatTransport } from "../index.js";
import { attachmentOf } from "./attachment.js";
import { catchUp, isAnswer, isCutShort } from "./catching-up.js";
import { ended, idOf, led, withAnswer, withQuestion } from "./merging.js";
import { Speaker } from "./speaker.js";
import { useLatest } from "./use-latest.js";
import { useRestoredPage } from "./use-restored-page.js";

/** A page that is loaded anew resumes its answer by then, and speaks of it. */
const RELOAD_MS = 2_000;

/** What the component was last given. */
type Latest<T> = { readonly current: { messages: T[]; setMessages: (messages: T[]) => void } };

/**
 * Tells whether another tab has the turn, and keeps `messages` in step with the tab that has it. For
 * a transport with `multiTab: true`; `setMessages` is that of `useChat`.
 */
export function useMultiTabChat<T = unknown>(
  transport: TriggerChatTransport,
  chatId: string,
  messages: T[],
  setMessages: (messages: T[]) => void,
): { isReadOnly: boolean } {
  const isReadOnly = useReadOnly(transport, chatId);
  const latest = useLatest({ messages, setMessages });
  useSpeaking(transport, chatId, messages, latest);
  useListening(transport, chatId, latest);
  useCatchingUp(transport, chatId, latest);
  useRestoredPage();
  return { isReadOnly };
}

function useReadOnly(transport: TriggerChatTransport, chatId: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const listener = (id: string) => {
        if (id === chatId) changed();
      };
      transport.addReadOnlyListener(listener);
      return () => transport.removeReadOnlyListener(listener);
    },
    [transport, chatId],
  );
  return useSyncExternalStore(
    subscribe,
    () => transport.isReadOnly(chatId),
    () => false,
  );
}

function useSpeaking<T>(
  transport: TriggerChatTransport,
  chatId: string,
  messages: T[],
  latest: Latest<T>,
): void {
  const speaker = useRef<Speaker>(undefined);
  useEffect(() => {
    const ours = new Speaker(transport, chatId);
    speaker.current = ours;
    // The turn may have become ours without a change of the messages.
    const unsubscribe = transport.subscribe(() => ours.say(latest.current.messages));
    // Captured: before the transport lets the channel go.
    const leave = () => ours.end();
    globalThis.addEventListener?.("pagehide", leave, true);
    return () => {
      unsubscribe();
      globalThis.removeEventListener?.("pagehide", leave, true);
      ours.end();
    };
  }, [transport, chatId, latest]);
  useEffect(() => speaker.current?.say(messages), [transport, chatId, messages]);
}

function useListening<T>(transport: TriggerChatTransport, chatId: string, latest: Latest<T>): void {
  useEffect(() => {
    const listener = (id: string, received: unknown[]) => {
      if (id !== chatId) return;
      const merge = transport.isReadOnly(chatId) ? led : ended;
      show(transport, chatId, latest, merge(latest.current.messages, received));
    };
    transport.addMessagesListener(listener);
    return () => transport.removeMessagesListener(listener);
  }, [transport, chatId, latest]);
}

function useCatchingUp<T>(transport: TriggerChatTransport, chatId: string, latest: Latest<T>): void {
  useEffect(() => {
    const left = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const begin = (isFinished: boolean) => {
      if (transport.isReadOnly(chatId)) return;
      const asked = attachmentOf(transport).asked(chatId);
      const messages = latest.current.messages.filter((message) => idOf(message) !== asked?.sent?.id);
      const last = messages.at(-1);
      // The other tab may have gone away before it had rendered the end of its answer; and what is asked
      // for once more is not wanted as it was.
      if (asked?.isAgain || (isFinished && (!last || isAnswer(last)))) return;
      const isWhole = (message: T) => message !== last && !isCutShort(message);
      const known = new Set(messages.map(idOf));
      const whole = new Set(messages.filter(isWhole).map(idOf));
      void catchUp(transport, chatId, {
        isWanted: (messageId) => !whole.has(messageId),
        show: (message) => {
          show(transport, chatId, latest, withAnswer(latest.current.messages, message, known));
        },
        abortSignal: left.signal,
      }).catch(() => {});
    };
    const listener = (id: string, readOnly: boolean, isFinished = false) => {
      if (id !== chatId) return;
      clearTimeout(timer);
      if (!readOnly) timer = setTimeout(begin, RELOAD_MS, isFinished);
    };
    transport.addReadOnlyListener(listener);
    return () => {
      clearTimeout(timer);
      left.abort();
      transport.removeReadOnlyListener(listener);
    };
  }, [transport, chatId, latest]);
}

/** Shows the messages, and behind them what is being asked here. */
function show<T>(
  transport: TriggerChatTransport,
  chatId: string,
  latest: Latest<T>,
  messages: unknown[],
): void {
  const question = attachmentOf(transport).asked(chatId)?.sent;
  latest.current.setMessages(withQuestion(messages, question) as T[]);
}

// What the protocol machine asks of the world: callbacks, requests, promises and streams to settle.
// Looks callbacks and globals up at the time of use; decides nothing.

import type { Calls } from "./calls.js";
import { type Options, baseURL, mergedHeaders } from "./options.js";
import type {
  ChatActionOptions,
  ChatActionSettlement,
  ChatSessionPersistedState,
  ChatTransportEndpoint,
  ChatTransportEvent,
} from "./types.js";

const DEFAULT_STREAM_TIMEOUT_SECONDS = 120;

/** What a host works on: the parts of one transport. */
export type HostParts = {
  options: Options;
  calls: Calls;
  /** Headers of single calls, by the call's number. */
  headers: Map<number, Record<string, string>>;
  /** Who is told that an action was processed, by the call's number. */
  onSettled: Map<number, ChatActionOptions["onSettled"]>;
  /** Who looks again after every event. */
  listeners: Set<() => void>;
  /** A stream was resumed; whether it repeats what its consumer may hold already. */
  resumed: (repeats: boolean) => void;
  sessionChanged: (chatId: string, session: ChatSessionPersistedState, notify: boolean) => void;
};

/** The object behind `Host` in Rust. */
export function createHost(parts: HostParts) {
  const { options, calls, headers, onSettled, listeners, resumed, sessionChanged } = parts;
  return {
    // A promise, where there is such a callback: what it gives is judged on the other side.
    startSession: (chatId: string) =>
      options.startSession &&
      Promise.resolve(
        options.startSession({
          taskId: options.task,
          chatId,
          clientData: options.clientData ?? {},
        }),
      ),
    accessToken: (chatId: string) => options.accessToken({ chatId }),
    fetch: (endpoint: ChatTransportEndpoint, chatId: string, path: string, init: RequestInit) => {
      const context = { endpoint, chatId };
      const url = baseURL(options, context) + path;
      return options.fetch ? options.fetch(url, init, context) : globalThis.fetch(url, init);
    },
    headStart: (init: RequestInit) => globalThis.fetch(options.headStart ?? "", init),
    headers: (call: number, ours: Record<string, string>) =>
      mergedHeaders(mergedHeaders(options.headers, headers.get(call)), ours),
    timeoutSeconds: String(options.streamTimeoutSeconds ?? DEFAULT_STREAM_TIMEOUT_SECONDS),
    byteLength: (text: string) => new TextEncoder().encode(text).byteLength,
    resolve: (call: number, value: unknown) => calls.resolve(call, value),
    resolveStream: (call: number, repeats: boolean) => {
      resumed(repeats);
      calls.resolveStream(call);
    },
    reject: (call: number, error: unknown) => calls.reject(call, error),
    chunks: (call: number, array: string) => calls.chunks(call, array),
    settled: (call: number, settlement: ChatActionSettlement) =>
      observed(() => onSettled.get(call)?.(settlement)),
    close: (call: number) => calls.close(call),
    fail: (call: number, error: unknown) => calls.fail(call, error),
    room: (call: number) => calls.room(call),
    sessionChanged,
    event: (event: ChatTransportEvent) => {
      observed(() => options.onEvent?.(withError(event)));
      listeners.forEach(observed);
    },
  };
}

/** What a callback threw reaches observers as the `Error` that the type promises. */
function withError(event: ChatTransportEvent): ChatTransportEvent {
  if (!("error" in event) || event.error instanceof Error) return event;
  return { ...event, error: new Error(String(event.error)) };
}

/** An observer must never break the chat. */
export function observed(observe: () => void): void {
  try {
    observe();
  } catch {
    // Its own failure is its own affair.
  }
}

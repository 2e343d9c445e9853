// What the protocol machine asks of the world: callbacks, requests, promises and streams to settle.
// Looks callbacks and globals up at the time of use; decides nothing.

import type { Calls } from "./calls.js";
import { type Options, baseURL, mergedHeaders } from "./options.js";
import { listenToPage } from "./page.js";
import { Requests } from "./requests.js";
import type {
  ChatActionOptions,
  ChatActionSettlement,
  ChatSessionPersistedState,
  ChatTransportEndpoint,
  ChatTransportEvent,
} from "./types.js";
import type { Core } from "./wasm.js";

const DEFAULT_STREAM_TIMEOUT_SECONDS = 120;

/** What a host works on: the parts of one transport. */
export type HostParts = {
  /** The machine; none once the transport is disposed. */
  core: () => Core | undefined;
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
  const { core, options, calls, headers, onSettled, listeners, resumed, sessionChanged } = parts;
  const requests = new Requests(core, (call) => calls.room(call));
  const headersOf = (call: number, ours: Record<string, string>) =>
    mergedHeaders(mergedHeaders(options.headers, headers.get(call)), ours);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopListening: (() => void) | undefined;
  return {
    startSession: (request: number, chatId: string) => {
      const { startSession, task: taskId, clientData } = options;
      if (!startSession) return false;
      requests.ask(request, () => startSession({ taskId, chatId, clientData: clientData ?? {} }));
      return true;
    },
    accessToken: (request: number, chatId: string) => {
      requests.ask(request, () => options.accessToken({ chatId }));
    },
    fetch: (
      request: number,
      call: number,
      endpoint: ChatTransportEndpoint,
      chatId: string,
      path: string,
      ours: Record<string, string>,
      body: string | undefined,
    ) => {
      const open = (signal: AbortSignal) => {
        const context = { endpoint, chatId };
        const url = baseURL(options, context) + path;
        const init: RequestInit = {
          headers: headersOf(call, ours),
          // Redirects are errors: a token must not travel to where a redirect points (S2).
          redirect: "error",
          cache: "no-store",
          signal,
          ...(body && { method: "POST", body }),
        };
        return options.fetch ? options.fetch(url, init, context) : globalThis.fetch(url, init);
      };
      if (endpoint === "in") requests.append(request, open);
      else requests.subscribe(request, call, open);
    },
    // Its URL is the application's: a redirect is its own affair.
    headStart: (request: number, call: number, ours: Record<string, string>, body: string) => {
      const headers = headersOf(call, ours);
      requests.subscribe(request, call, (signal) =>
        globalThis.fetch(options.headStart ?? "", { headers, method: "POST", body, signal }),
      );
    },
    abort: (request: number) => requests.abort(request),
    header: (response: Response, name: string) => response.headers.get(name),
    armTimer: (delay: number | undefined) => {
      clearTimeout(timer);
      timer = delay === undefined ? undefined : setTimeout(() => core()?.tick(), delay);
    },
    listen: (listens: boolean) => {
      stopListening?.();
      stopListening = listens ? listenToPage((word) => core()?.wake(word)) : undefined;
    },
    timeoutSeconds: String(options.streamTimeoutSeconds ?? DEFAULT_STREAM_TIMEOUT_SECONDS),
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

// The options, checked where they come in: what is let through breaks later, far from its cause.

import type {
  ChatSessionPersistedState,
  ChatTransportEndpointContext,
  TriggerChatTransportOptions,
} from "./types.js";

export type Metadata = Record<string, unknown>;
/** The options of a transport, whatever the type of its client data is to the caller. */
export type Options = TriggerChatTransportOptions<Metadata>;

const DEFAULT_BASE_URL = "https://api.trigger.dev";

const KINDS: Partial<Record<keyof Options, string[]>> = {
  startSession: ["function"],
  baseURL: ["string", "function"],
  streamBaseURL: ["string"],
  fetch: ["function"],
  onEvent: ["function"],
  onSessionChange: ["function"],
  headers: ["object"],
  sessions: ["object"],
  headStart: ["string"],
};

/** Throws a `TypeError` that names a missing or wrong option. */
export function checkedOptions(options: Options): Options {
  if (typeof options?.task !== "string" || options.task === "") {
    throw wrong("task", "must be the agent's task id");
  }
  if (typeof options.accessToken !== "function") {
    throw wrong("accessToken", "must be a function that returns a token");
  }
  for (const [option, kinds] of Object.entries(KINDS)) {
    const value = options[option as keyof Options];
    if (value != null && !kinds.includes(typeof value)) {
      throw wrong(option, `must be of type ${kinds.join(" or ")}`);
    }
  }
  const seconds = options.streamTimeoutSeconds;
  if (seconds != null && !(Number.isFinite(seconds) && seconds >= 0)) {
    throw wrong("streamTimeoutSeconds", "must be a number of seconds");
  }
  plainHeaders(options.headers);
  return { ...options };
}

/** The known members of a session; throws a `TypeError` if there is no token in it. */
export function checkedSession(
  chatId: string,
  session: ChatSessionPersistedState,
): ChatSessionPersistedState {
  if (typeof session?.publicAccessToken !== "string") {
    throw wrong("sessions", `need a publicAccessToken, which that of "${chatId}" lacks`);
  }
  const { publicAccessToken, lastEventId, activeInputSeq, isStreaming, closed, closedReason } =
    session;
  return { publicAccessToken, lastEventId, activeInputSeq, isStreaming, closed, closedReason };
}

/** Throws a `TypeError` for what cannot stand in a URL: another chat's session would be meant. */
export function checkedChatId(chatId: string): string {
  try {
    if (typeof chatId === "string" && encodeURIComponent(chatId) !== undefined) return chatId;
  } catch {
    // A surrogate without its other half.
  }
  throw new TypeError("TriggerChatTransport: chatId must be a string of whole characters");
}

/** Headers with others over them, however either is written: `fetch` would join the two. */
export function mergedHeaders(
  headers: Record<string, string> = {},
  over: Record<string, string> = {},
): Record<string, string> {
  const names = Object.keys(over).map((name) => name.toLowerCase());
  const others = Object.entries(headers ?? {});
  const kept = others.filter(([name]) => !names.includes(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...over };
}

/** A plain object of headers; throws a `TypeError` for one that no request can carry. */
export function plainHeaders(
  headers: Record<string, string> | Headers | undefined,
): Record<string, string> | undefined {
  try {
    const checked = new Headers(headers ?? {});
    return headers instanceof Headers ? Object.fromEntries(checked) : headers;
  } catch (cause) {
    throw wrong("headers", `cannot be sent: ${(cause as Error).message}`);
  }
}

/** The base URL of one endpoint of a chat, without a slash at its end. */
export function baseURL(options: Options, context: ChatTransportEndpointContext): string {
  const { baseURL, streamBaseURL } = options;
  const overridden = context.endpoint === "out" && streamBaseURL;
  const given = typeof baseURL === "function" ? baseURL(context) : (baseURL ?? DEFAULT_BASE_URL);
  const base = overridden || given;
  if (typeof base !== "string") throw wrong("baseURL", "must give a string");
  return base.replace(/\/$/, "");
}

function wrong(option: string, rule: string): TypeError {
  return new TypeError(`TriggerChatTransport: the option \`${option}\` ${rule}`);
}

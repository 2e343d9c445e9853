// What `TriggerChatTransport` is constructed with.

import type { ChatTransportEvent } from "./events.js";
import type { ChatBaseURLResolver, ChatFetchOverride } from "./requests.js";
import type {
  AccessTokenParams,
  ChatSessionPersistedState,
  StartSessionParams,
  StartSessionResult,
} from "./sessions.js";

type Metadata<TClientData> =
  TClientData extends Record<string, unknown> ? TClientData : Record<string, unknown>;

/** The options of `TriggerChatTransport`. */
export type TriggerChatTransportOptions<TClientData = unknown> = {
  /** The id of the chat agent's task. */
  task: string;
  /** Returns a fresh token for a session that exists; called when the server refuses the old one. */
  accessToken: (params: AccessTokenParams) => string | Promise<string>;
  /** Creates the session, or finds it, on your server. Called once for a chat without a token. */
  startSession?: (
    params: StartSessionParams<Metadata<TClientData>>,
  ) => Promise<StartSessionResult>;
  /** The API's base URL, or a function that picks one. @default "https://api.trigger.dev" */
  baseURL?: string | ChatBaseURLResolver;
  /** @deprecated Give `baseURL` a function. Wins over it for the `out` endpoint. */
  streamBaseURL?: string;
  /** Stands in for `fetch`, read anew for every request. */
  fetch?: ChatFetchOverride;
  /** Told what happens. What it throws is swallowed. */
  onEvent?: (event: ChatTransportEvent) => void;
  /** Headers for every request, under the transport's own. */
  headers?: Record<string, string>;
  /** How long a response waits for records before the server ends it. @default 120 */
  streamTimeoutSeconds?: number;
  /** Sent as `metadata` with everything; the metadata of one call goes over it. */
  clientData?: Metadata<TClientData>;
  /** Sessions stored by `onSessionChange`, by chat id. */
  sessions?: Record<string, ChatSessionPersistedState>;
  /** Told of every change of a session's state, to store it. What it throws is swallowed. */
  onSessionChange?: (chatId: string, session: ChatSessionPersistedState | null) => void;
  /**
   * Let one tab at a time send to a chat; the others are read-only until its turn is over. Does
   * nothing where there is no `BroadcastChannel`. @default false
   */
  multiTab?: boolean;
  /** Keep subscriptions open behind the end of a turn, to follow a chat from outside. */
  watch?: boolean;
  /**
   * The URL of your own route (`chat.headStart` of `@trigger.dev/sdk/chat-server`) that answers the
   * first message of a new chat while the agent boots. Every later turn goes to the session.
   */
  headStart?: string;
};

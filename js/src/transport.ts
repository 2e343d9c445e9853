// The class that users construct: readiness, callbacks, plain state. Decides nothing of the protocol.

import type { ChatRequestOptions, ChatTransport, UIMessage, UIMessageChunk } from "ai";
import { Calls } from "./calls.js";
import type {
  AccessTokenParams,
  ChatActionOptions,
  ChatActionSettlement,
  ChatFetchOverride,
  ChatSessionPersistedState,
  ChatTransportEndpoint,
  ChatTransportEvent,
  StartSessionParams,
  StartSessionResult,
  TriggerChatTransportOptions,
} from "./types.js";
import { Core, load } from "./wasm.js";

type Chunks = ReadableStream<UIMessageChunk>;
type Metadata = Record<string, unknown>;
type Options = TriggerChatTransportOptions<Metadata>;

const DEFAULT_BASE_URL = "https://api.trigger.dev";
const DEFAULT_STREAM_TIMEOUT_SECONDS = 120;

/** A `ChatTransport` for `useChat` whose answers come from a durable Trigger.dev chat agent. */
export class TriggerChatTransport<UI_MESSAGE extends UIMessage = UIMessage>
  implements ChatTransport<UI_MESSAGE>
{
  readonly #options: Options;
  readonly #calls = new Calls();
  /** What the application sees of each session; changed only by what the machine says. */
  readonly #sessions = new Map<string, ChatSessionPersistedState>();
  /** Headers of single calls, by the call's number. */
  readonly #headers = new Map<number, Record<string, string>>();
  /** Who is told that an action was processed, by the call's number. */
  readonly #onSettled = new Map<number, ChatActionOptions["onSettled"]>();
  /** Changes made before the module was loaded. */
  readonly #early: ((core: Core) => void)[] = [];
  #core: Core | undefined;
  #disposed = false;
  /** Whether the stream resumed last repeats what its consumer may hold already. */
  #repeats = false;

  /**
   * Tells `useChat`, when it has resumed, whether to drop what it holds of the message: so if this
   * page was handed some of the turn before. On a fresh page it must not: a turn that goes on with an
   * approved tool call adds to a message that the application has restored.
   */
  get resumeStreamIsReplay(): boolean {
    return this.#repeats;
  }

  /** Starts loading at once. Throws a `TypeError` that names a missing or wrong option. */
  constructor(options: TriggerChatTransportOptions) {
    // Widened once: what the client data's type is matters to the caller alone.
    this.#options = { ...(checked(options) as Options) };
    for (const [chatId, session] of Object.entries(options.sessions ?? {})) {
      this.#sessions.set(chatId, persisted(session));
      this.#early.push((core) => core.hydrate(chatId, session, false));
    }
    if (!load()) this.#begin();
  }

  /** Starts the chat's session through `startSession`, once however often it is called. */
  start = async (chatId: string): Promise<ChatSessionPersistedState> => {
    const core = this.#core ?? (await this.#loaded());
    return this.#calls.make({ begin: (call) => core.start(call, chatId) });
  };

  /** `start` for those who do not need the state. */
  preload = async (chatId: string): Promise<void> => {
    await this.start(chatId);
  };

  /** Appends the last message (or asks for the last answer again) and streams the answer. */
  sendMessages = async (
    options: {
      trigger: "submit-message" | "regenerate-message";
      chatId: string;
      messageId: string | undefined;
      messages: UI_MESSAGE[];
      abortSignal: AbortSignal | undefined;
    } & ChatRequestOptions,
  ): Promise<Chunks> => {
    const { trigger, chatId, messageId, messages, abortSignal } = options;
    const metadata = options.metadata as Metadata | undefined;
    const body = options.body as Metadata | undefined;
    if (body && body["action"] !== undefined) {
      return this.#act(chatId, body["action"], { abortSignal, metadata }, options.headers);
    }
    const last = messages.at(-1);
    const submits = trigger === "submit-message";
    if (submits && !last) {
      throw new Error("sendMessages: a submit-message needs at least one message");
    }
    // `useChat` goes on changing its messages: what is sent is what they are now.
    const sent = this.#settledNow({ message: submits ? last : undefined, body, metadata });
    const core = this.#core ?? (await this.#loaded());
    return this.#stream(chatId, abortSignal, options.headers, (call) =>
      core.sendMessage(
        call,
        chatId,
        trigger,
        messageId ?? last?.id,
        messageId,
        sent.message,
        sent.body,
        this.#options.clientData,
        sent.metadata,
      ),
    );
  };

  /** Sends a message into the running turn without touching its stream. Whether it was accepted. */
  sendPendingMessage = async (
    chatId: string,
    message: UIMessage,
    metadata?: Metadata,
  ): Promise<boolean> => {
    const sent = this.#settledNow({ message, metadata });
    const core = this.#core ?? (await this.#loaded());
    return this.#calls.make({
      begin: (call) =>
        core.sendMessage(
          call,
          chatId,
          "steer",
          message.id,
          undefined,
          sent.message,
          undefined,
          this.#options.clientData,
          sent.metadata,
        ),
    });
  };

  /** Sends a custom action and streams what it answers. */
  sendAction = async (
    chatId: string,
    action: unknown,
    options: ChatActionOptions = {},
  ): Promise<Chunks> => this.#act(chatId, action, options, undefined);

  /** Follows a turn that is under way; `null` when there is none to follow. */
  reconnectToStream = async (
    options: {
      chatId: string;
      abortSignal?: AbortSignal | undefined;
      /** Whether aborting the subscription also stops the turn. @default false */
      stopOnAbort?: boolean;
    } & ChatRequestOptions,
  ): Promise<Chunks | null> => {
    const { chatId, abortSignal, stopOnAbort = false } = options;
    const core = this.#core ?? (await this.#loaded());
    if (abortSignal?.aborted) return null;
    return this.#stream<Chunks | null>(chatId, abortSignal, options.headers, (call) =>
      core.reconnect(call, chatId, stopOnAbort),
    );
  };

  /** Stops the running turn. Whether the stop was accepted. */
  stopGeneration = async (chatId: string): Promise<boolean> => {
    const core = this.#core ?? (await this.#loaded());
    return this.#calls.make({ begin: (call) => core.stop(call, chatId) });
  };

  /** Says that a stopped turn will never see its end: the next turn is shown at once. */
  clearSupersedeGate = (chatId: string): void => {
    this.#soon((core) => core.clearGate(chatId));
  };

  /** The session's state as it is to be stored, or `undefined`. */
  getSession = (chatId: string): ChatSessionPersistedState | undefined => {
    const session = this.#sessions.get(chatId);
    return session && { ...session };
  };

  /** Installs a session's state and tells `onSessionChange`. */
  setSession = (chatId: string, session: ChatSessionPersistedState): void => {
    if (this.#core) return this.#core.hydrate(chatId, session, true);
    this.#soon((core) => core.hydrate(chatId, session, false));
    this.#sessionChanged(chatId, persisted(session), true);
  };

  /** Sets the resume cursor of a session that has none; never moves one backward. */
  seedResumeCursor = (chatId: string, lastEventId: string): void => {
    this.#soon((core) => core.seedCursor(chatId, lastEventId));
  };

  sessionStatus = (chatId: string): "open" | "closed" =>
    this.#sessions.get(chatId)?.closed ? "closed" : "open";

  sessionClosedReason = (chatId: string): string | undefined =>
    this.#sessions.get(chatId)?.closedReason;

  setOnSessionChange = (callback: Options["onSessionChange"]): void => {
    this.#options.onSessionChange = callback;
  };

  setOnEvent = (callback: Options["onEvent"]): void => {
    this.#options.onEvent = callback;
  };

  setClientData = (clientData: Metadata | undefined): void => {
    this.#options.clientData = clientData;
  };

  setAccessToken = (accessToken: (params: AccessTokenParams) => string | Promise<string>): void => {
    this.#options.accessToken = accessToken;
  };

  setStartSession = (
    startSession:
      | ((params: StartSessionParams<Metadata>) => Promise<StartSessionResult>)
      | undefined,
  ): void => {
    this.#options.startSession = startSession;
  };

  setFetch = (fetchOverride: ChatFetchOverride | undefined): void => {
    this.#options.fetch = fetchOverride;
  };

  /** Ends every subscription and frees what is held. Later calls reject; another one is harmless. */
  dispose = (): void => {
    if (this.#disposed) return;
    this.#disposed = true;
    const core = this.#core;
    this.#core = undefined;
    core?.dispose();
    // Not now: a callback of the application may be disposing in the middle of a call.
    queueMicrotask(() => core?.free());
  };

  close = (): void => this.dispose();

  async #act(
    chatId: string,
    action: unknown,
    options: ChatActionOptions,
    headers: Record<string, string> | Headers | undefined,
  ): Promise<Chunks> {
    const sent = this.#settledNow({ action, metadata: options.metadata });
    const core = this.#core ?? (await this.#loaded());
    return this.#stream(chatId, options.abortSignal, headers, (call) => {
      this.#onSettled.set(call, options.onSettled);
      core.sendAction(call, chatId, sent.action, this.#options.clientData, sent.metadata);
    });
  }

  async #loaded(): Promise<Core> {
    await load();
    if (!this.#disposed) this.#begin();
    if (!this.#core) throw new Error("this TriggerChatTransport was disposed: construct a new one");
    return this.#core;
  }

  #begin(): void {
    if (this.#core) return;
    this.#core = new Core(this.#host(), this.#options.watch ?? false);
    for (const change of this.#early.splice(0)) change(this.#core);
  }

  /** Makes a change now, or as soon as the module is loaded. */
  #soon(change: (core: Core) => void): void {
    if (this.#core) change(this.#core);
    else if (!this.#disposed) this.#early.push(change);
  }

  /** Values that stay what they are: with the module loaded they are serialised on the spot. */
  #settledNow<T extends object>(values: T): T {
    return this.#core ? values : (JSON.parse(JSON.stringify(values)) as T);
  }

  #stream<T = Chunks>(
    chatId: string,
    abortSignal: AbortSignal | undefined,
    headers: Record<string, string> | Headers | undefined,
    begin: (call: number) => void,
  ): Promise<T> {
    if (abortSignal?.aborted) return Promise.reject(abortReason(abortSignal));
    let number = 0;
    const abort = () => this.#core?.abort(number, chatId);
    return this.#calls.make<T>({
      begin: (call) => {
        number = call;
        if (headers) this.#headers.set(call, plain(headers));
        abortSignal?.addEventListener("abort", abort, { once: true });
        begin(call);
      },
      cancel: (call) => this.#core?.cancel(call, chatId),
      end: () => {
        this.#headers.delete(number);
        this.#onSettled.delete(number);
        abortSignal?.removeEventListener("abort", abort);
      },
    });
  }

  #sessionChanged(chatId: string, session: ChatSessionPersistedState, notify: boolean): void {
    this.#sessions.set(chatId, session);
    if (notify) observed(() => this.#options.onSessionChange?.(chatId, { ...session }));
  }

  #host() {
    const options = this.#options;
    return {
      startSession: (chatId: string) =>
        options.startSession?.({
          taskId: options.task,
          chatId,
          clientData: options.clientData ?? {},
        }),
      accessToken: (chatId: string) => options.accessToken({ chatId }),
      fetch: (endpoint: ChatTransportEndpoint, chatId: string, path: string, init: RequestInit) => {
        const context = { endpoint, chatId };
        const url = baseURL(options, context) + path;
        return options.fetch ? options.fetch(url, init, context) : globalThis.fetch(url, init);
      },
      headers: (call: number) => ({ ...options.headers, ...this.#headers.get(call) }),
      timeoutSeconds: String(options.streamTimeoutSeconds ?? DEFAULT_STREAM_TIMEOUT_SECONDS),
      byteLength: (text: string) => new TextEncoder().encode(text).byteLength,
      resolve: (call: number, value: unknown) => this.#calls.resolve(call, value),
      resolveStream: (call: number, repeats: boolean) => {
        this.#repeats = repeats;
        this.#calls.resolveStream(call);
      },
      reject: (call: number, error: unknown) => this.#calls.reject(call, error),
      chunks: (call: number, array: string) => this.#calls.chunks(call, array),
      settled: (call: number, settlement: ChatActionSettlement) =>
        observed(() => this.#onSettled.get(call)?.(settlement)),
      close: (call: number) => this.#calls.close(call),
      fail: (call: number, error: unknown) => this.#calls.fail(call, error),
      room: (call: number) => this.#calls.room(call),
      sessionChanged: (chatId: string, session: ChatSessionPersistedState, notify: boolean) =>
        this.#sessionChanged(chatId, session, notify),
      event: (event: ChatTransportEvent) => observed(() => options.onEvent?.(event)),
    };
  }
}

/** The same as `new TriggerChatTransport(options)`. */
export function createChatTransport<UI_MESSAGE extends UIMessage = UIMessage>(
  options: TriggerChatTransportOptions,
): TriggerChatTransport<UI_MESSAGE> {
  return new TriggerChatTransport(options);
}

function checked(options: TriggerChatTransportOptions): TriggerChatTransportOptions {
  if (typeof options?.task !== "string" || options.task === "") {
    throw new TypeError("TriggerChatTransport: the option `task` must be the agent's task id");
  }
  if (typeof options.accessToken !== "function") {
    throw new TypeError(
      "TriggerChatTransport: the option `accessToken` must be a function that returns a token",
    );
  }
  return options;
}

function persisted(session: ChatSessionPersistedState): ChatSessionPersistedState {
  const { publicAccessToken, lastEventId, activeInputSeq, isStreaming, closed, closedReason } =
    session;
  return { publicAccessToken, lastEventId, activeInputSeq, isStreaming, closed, closedReason };
}

function baseURL(
  { baseURL = DEFAULT_BASE_URL, streamBaseURL }: Options,
  context: { endpoint: ChatTransportEndpoint; chatId: string },
): string {
  const overridden = context.endpoint === "out" && streamBaseURL;
  const base = overridden || (typeof baseURL === "function" ? baseURL(context) : baseURL);
  return base.replace(/\/$/, "");
}

function plain(headers: Record<string, string> | Headers): Record<string, string> {
  return headers instanceof Headers ? Object.fromEntries(headers) : headers;
}

function abortReason(signal: AbortSignal): unknown {
  return signal.reason ?? new DOMException("The send was aborted", "AbortError");
}

/** An observer must never break the chat. */
function observed(observe: () => void): void {
  try {
    observe();
  } catch {
    // Its own failure is its own affair.
  }
}

// The class that users construct: readiness, callbacks, plain state. Decides nothing of the protocol.

import type { ChatRequestOptions, ChatTransport, UIMessage, UIMessageChunk } from "ai";
import { type Given, sendBody } from "./body.js";
import { Calls } from "./calls.js";
import { createHost, observed } from "./host.js";
import {
  type Metadata,
  type Options,
  checkedChatId,
  checkedOptions,
  checkedSession,
  plainHeaders,
} from "./options.js";
import { Tabs } from "./tabs.js";
import type {
  AccessTokenParams,
  ChatActionOptions,
  ChatConnection,
  ChatFetchOverride,
  ChatSessionPersistedState,
  ChatTransportDebug,
  StartSessionParams,
  StartSessionResult,
  TriggerChatTransportOptions,
} from "./types.js";
import type { MessagesListener, ReadOnlyListener } from "./types/tabs.js";
import { Core, load } from "./wasm.js";
import { ACT, WAKE } from "./words.js";

type Chunks = ReadableStream<UIMessageChunk>;
/** What a caller may give with a call, besides what is sent. */
type CallOptions = {
  abortSignal?: AbortSignal | undefined;
  headers?: Record<string, string> | Headers | undefined;
  onSettled?: ChatActionOptions["onSettled"];
};

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
  /** Chats whose head start has not been answered yet. */
  readonly #headStarts = new Set<string>();
  /** Who looks again after every event. */
  readonly #listeners = new Set<() => void>();
  /** Changes made before the module was loaded. */
  readonly #early: ((core: Core) => void)[] = [];
  readonly #tabs: Tabs | undefined;
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
    this.#options = checkedOptions(options as Options);
    // Whoever watches does not send.
    if (options.multiTab && !options.watch) this.#tabs = new Tabs();
    for (const [chatId, session] of Object.entries(options.sessions ?? {})) {
      this.#sessions.set(chatId, checkedSession(chatId, session));
      this.#early.push((core) => core.hydrate(chatId, session, false));
    }
    const loading = load();
    if (!loading) this.#begin();
    // Other tabs have something to say before this one is asked for anything.
    else if (this.#tabs) loading.then(() => this.#loaded()).catch(() => {});
  }

  /** Starts the chat's session through `startSession`, once however often it is called. */
  async start(chatId: string): Promise<ChatSessionPersistedState> {
    checkedChatId(chatId);
    const core = this.#core ?? (await this.#loaded());
    return this.#calls.make({ begin: (call) => core.act(ACT.start, chatId, call) });
  }

  /** `start` for those who do not need the state. */
  async preload(chatId: string): Promise<void> {
    await this.start(chatId);
  }

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
    const { trigger, chatId, messageId, messages } = options;
    const metadata = options.metadata ?? undefined;
    const body = options.body as Metadata | undefined;
    if (body?.["action"] !== undefined) return this.#act(chatId, body["action"], options);
    const last = messages.at(-1);
    const given = { trigger, messageId, body, metadata };
    const told = messageId ?? last?.id;
    if (this.#options.headStart && !this.#sessions.has(chatId) && !this.#headStarts.has(chatId)) {
      // One only: what is sent before it is answered goes to the session that it leaves.
      this.#headStarts.add(chatId);
      const sent = this.#send(chatId, "head-start", told, { ...given, messages }, options);
      return sent.finally(() => this.#headStarts.delete(chatId));
    }
    if (trigger !== "submit-message") return this.#send(chatId, trigger, told, given, options);
    if (!last && this.sessionStatus(chatId) === "open") {
      throw new Error("sendMessages: a submit-message needs at least one message");
    }
    return this.#send(chatId, trigger, told, { ...given, message: last }, options);
  };

  /** Sends a message into the running turn without touching its stream. Whether it was accepted. */
  sendPendingMessage = async (
    chatId: string,
    message: UIMessage,
    metadata?: Metadata,
  ): Promise<boolean> => {
    return this.#send<boolean>(chatId, "steer", message.id, {
      trigger: "submit-message",
      message,
      metadata,
    });
  };

  /** Sends a custom action and streams what it answers. */
  sendAction = async (
    chatId: string,
    action: unknown,
    options: ChatActionOptions = {},
  ): Promise<Chunks> => this.#act(chatId, action, options);

  /** Follows a turn that is under way; `null` when there is none to follow. */
  reconnectToStream = async (
    options: {
      chatId: string;
      abortSignal?: AbortSignal | undefined;
      /** Whether aborting the subscription also stops the turn. @default false */
      stopOnAbort?: boolean;
    } & ChatRequestOptions,
  ): Promise<Chunks | null> => {
    const { abortSignal, stopOnAbort = false } = options;
    const chatId = checkedChatId(options.chatId);
    const core = this.#core ?? (await this.#loaded());
    if (abortSignal?.aborted) return null;
    const act = stopOnAbort ? ACT.reconnectAndStop : ACT.reconnect;
    return this.#call<Chunks | null>(chatId, options, (call) => core.act(act, chatId, call));
  };

  /** Stops the running turn. Whether the stop was accepted. */
  stopGeneration = async (chatId: string): Promise<boolean> => {
    checkedChatId(chatId);
    const core = this.#core ?? (await this.#loaded());
    return this.#calls.make({ begin: (call) => core.act(ACT.stop, chatId, call) });
  };

  /** Says that a stopped turn will never see its end: the next turn is shown at once. */
  clearSupersedeGate = (chatId: string): void => {
    checkedChatId(chatId);
    this.#soon((core) => core.act(ACT.clearGate, chatId, 0));
  };

  /** The session's state as it is to be stored, or `undefined`. */
  getSession = (chatId: string): ChatSessionPersistedState | undefined => {
    const session = this.#sessions.get(chatId);
    return session && { ...session };
  };

  /** Installs a session's state and tells `onSessionChange`. */
  setSession(chatId: string, session: ChatSessionPersistedState): void {
    const known = checkedSession(checkedChatId(chatId), session);
    if (this.#core) return this.#core.hydrate(chatId, known, true);
    this.#soon((core) => core.hydrate(chatId, known, false));
    this.#sessionChanged(chatId, known, true);
  }

  /** Sets the resume cursor of a session that has none; never moves one backward. */
  seedResumeCursor = (chatId: string, lastEventId: string): void => {
    checkedChatId(chatId);
    // A transcript without a cursor has nothing to seed.
    if (lastEventId) this.#soon((core) => core.seedCursor(chatId, lastEventId));
  };

  /** How the chat's connection stands, to show it. */
  connection(chatId: string): ChatConnection {
    checkedChatId(chatId);
    return (this.#core?.connection(chatId) ?? { state: "idle", attempt: 0 }) as ChatConnection;
  }

  /** Calls back after every event, until the function that it answers is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A snapshot and the last inputs and outputs, for a bug report; tokens are left out. */
  debug(): ChatTransportDebug {
    const chats: ChatTransportDebug["chats"] = {};
    for (const [chatId, { publicAccessToken, ...session }] of this.#sessions) {
      chats[chatId] = { session, connection: this.connection(chatId) };
    }
    const [seed, watch, dropped, ...trace] = JSON.parse(this.#core?.trace() ?? "[]");
    return { chats, seed, watch, dropped, trace };
  }

  sessionStatus = (chatId: string): "open" | "closed" =>
    this.#sessions.get(chatId)?.closed ? "closed" : "open";

  sessionClosedReason = (chatId: string): string | undefined =>
    this.#sessions.get(chatId)?.closedReason;

  setOnSessionChange(callback: Options["onSessionChange"]): void {
    this.#options.onSessionChange = callback;
  }

  setOnEvent(callback: Options["onEvent"]): void {
    this.#options.onEvent = callback;
  }

  setClientData(clientData: Metadata | undefined): void {
    this.#options.clientData = clientData;
  }

  setAccessToken(accessToken: (params: AccessTokenParams) => string | Promise<string>): void {
    this.#options.accessToken = accessToken;
  }

  setStartSession(
    startSession:
      | ((params: StartSessionParams<Metadata>) => Promise<StartSessionResult>)
      | undefined,
  ): void {
    this.#options.startSession = startSession;
  }

  setFetch(fetchOverride: ChatFetchOverride | undefined): void {
    this.#options.fetch = fetchOverride;
  }

  /** Whether another tab has the turn. Never so where tabs are not coordinated. */
  isReadOnly(chatId: string): boolean {
    return this.#tabs?.readOnlyChats.has(chatId) ?? false;
  }

  /** Whether this tab has the turn. Never so where tabs are not coordinated. */
  hasClaim(chatId: string): boolean {
    return this.#tabs?.claimedChats.has(chatId) ?? false;
  }

  addReadOnlyListener(fn: ReadOnlyListener): void {
    this.#tabs?.readOnlyListeners.add(fn);
  }

  removeReadOnlyListener(fn: ReadOnlyListener): void {
    this.#tabs?.readOnlyListeners.delete(fn);
  }

  /** Shows a chat's messages to the other tabs: those of the tab that has the turn. */
  broadcastMessages(chatId: string, messages: unknown[]): void {
    this.#tabs?.show(chatId, messages);
  }

  addMessagesListener(fn: MessagesListener): void {
    this.#tabs?.hearMessages(fn);
  }

  removeMessagesListener(fn: MessagesListener): void {
    this.#tabs?.messagesListeners.delete(fn);
  }

  /** Ends every subscription and frees what is held. Later calls reject; another one is harmless. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const core = this.#core;
    this.#core = undefined;
    core?.wake(WAKE.dispose);
    this.#tabs?.close();
    // Not now: a callback of the application may be disposing in the middle of a call.
    queueMicrotask(() => core?.free());
  }

  close(): void {
    this.dispose();
  }

  #act(
    chatId: string,
    action: unknown,
    options: CallOptions & { metadata?: unknown },
  ): Promise<Chunks> {
    const given = { trigger: "action", action, metadata: options.metadata };
    return this.#send(chatId, "action", undefined, given, options);
  }

  /**
   * Sends what `given` holds. `useChat` goes on changing its messages: with the module loaded they
   * are serialised on the spot, otherwise copied.
   */
  async #send<T = Chunks>(
    chatId: string,
    source: string,
    messageId: string | undefined,
    given: Given,
    options: CallOptions = {},
  ): Promise<T> {
    checkedChatId(chatId);
    const sent: Given = this.#core ? given : JSON.parse(JSON.stringify(given));
    const core = this.#core ?? (await this.#loaded());
    return this.#call<T>(chatId, options, (call) => {
      const { text, bytes, escapedBytes } = sendBody(chatId, sent, this.#options.clientData);
      core.send(call, chatId, source, messageId, text, bytes, escapedBytes);
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
    const host = createHost({
      core: () => this.#core,
      options: this.#options,
      calls: this.#calls,
      headers: this.#headers,
      onSettled: this.#onSettled,
      listeners: this.#listeners,
      resumed: (repeats) => {
        this.#repeats = repeats;
      },
      sessionChanged: (...change) => this.#sessionChanged(...change),
    });
    const { watch = false } = this.#options;
    const mode = this.#tabs ? Tabs.mode : 0;
    this.#core = new Core({ ...host, ...this.#tabs?.host }, watch, mode);
    for (const change of this.#early.splice(0)) change(this.#core);
    if (mode) this.#tabs?.open(this.#core, mode);
  }

  /** Makes a change now, or as soon as the module is loaded. */
  #soon(change: (core: Core) => void): void {
    if (this.#core) change(this.#core);
    else if (!this.#disposed) this.#early.push(change);
  }

  #call<T>(
    chatId: string,
    { abortSignal, headers, onSettled }: CallOptions,
    begin: (call: number) => void,
  ): Promise<T> {
    if (abortSignal?.aborted) throw abortReason(abortSignal);
    const own = plainHeaders(headers);
    let number = 0;
    const abort = () => this.#core?.act(ACT.abort, chatId, number);
    return this.#calls.make<T>({
      begin: (call) => {
        number = call;
        if (own) this.#headers.set(call, own);
        if (onSettled) this.#onSettled.set(call, onSettled);
        abortSignal?.addEventListener("abort", abort, { once: true });
        begin(call);
      },
      cancel: (call) => this.#core?.act(ACT.cancel, chatId, call),
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
}

/** The same as `new TriggerChatTransport(options)`. */
export function createChatTransport<UI_MESSAGE extends UIMessage = UIMessage>(
  options: TriggerChatTransportOptions,
): TriggerChatTransport<UI_MESSAGE> {
  return new TriggerChatTransport(options);
}

function abortReason(signal: AbortSignal): unknown {
  return signal.reason ?? new DOMException("The send was aborted", "AbortError");
}

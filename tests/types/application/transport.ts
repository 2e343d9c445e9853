// One transport for the application, with every option.

import {
  TriggerChatTransport,
  createChatTransport,
  type AccessTokenParams,
  type StartSessionParams,
  type StartSessionResult,
  type TriggerChatTransportOptions,
} from "@trigger.dev/sdk/chat";
import type { SupportClientData } from "./agent-types";
import { logEvent } from "./event-log";
import { proxied } from "./proxy";
import { sessionStore } from "./session-store";

async function accessToken({ chatId }: AccessTokenParams): Promise<string> {
  const response = await fetch(`/api/chat/${chatId}/token`, { method: "POST" });
  return response.text();
}

async function startSession({
  taskId,
  chatId,
  clientData,
}: StartSessionParams<Record<string, unknown>>): Promise<StartSessionResult> {
  const body = JSON.stringify({ taskId, chatId, clientData });
  const response = await fetch("/api/chat/start", { method: "POST", body });
  const { publicAccessToken, pendingVersion } = await response.json();
  return { publicAccessToken, pendingVersion };
}

export const transport = new TriggerChatTransport({
  task: "support",
  accessToken,
  startSession,
  baseURL: "https://api.trigger.dev",
  streamBaseURL: "https://stream.example.com",
  fetch: proxied,
  onEvent: logEvent,
  headers: { "x-app": "support" },
  streamTimeoutSeconds: 60,
  clientData: { userId: "user_1" },
  sessions: sessionStore.load(),
  onSessionChange: sessionStore.save,
  multiTab: true,
  watch: false,
  headStart: "/api/chat/head-start",
});

/** A token need not be awaited, and a session need not be started. */
export const second: TriggerChatTransport = createChatTransport({
  task: "plain",
  accessToken: () => "token",
});

/** Options that know the agent's client data. */
export const typed: TriggerChatTransportOptions<SupportClientData> = {
  task: "support",
  accessToken,
  clientData: { userId: "user_1" },
  startSession: async ({ clientData }) => ({ publicAccessToken: clientData.userId }),
};

/** A factory that a container is given. */
export type TransportFactory = (options: TriggerChatTransportOptions) => TriggerChatTransport;

export const factories: TransportFactory[] = [
  createChatTransport,
  (options) => new TriggerChatTransport(options),
];

export const Constructor: new (
  ...args: ConstructorParameters<typeof TriggerChatTransport>
) => InstanceType<typeof TriggerChatTransport> = TriggerChatTransport;

export const perUser = new Map<string, ReturnType<typeof createChatTransport>>();

export function transportOf(userId: string): TriggerChatTransport {
  const known = perUser.get(userId);
  if (known instanceof TriggerChatTransport) return known;
  const made = createChatTransport({ task: "support", accessToken, clientData: { userId } });
  perUser.set(userId, made);
  return made;
}

/** What changes while the application runs. */
export async function reconfigure(userId: string | undefined): Promise<void> {
  transport.setClientData(userId ? { userId } : undefined);
  transport.setAccessToken(() => "token");
  transport.setAccessToken(accessToken);
  transport.setStartSession(startSession);
  transport.setStartSession(undefined);
  transport.setFetch(proxied);
  transport.setFetch(undefined);
  transport.setOnEvent(undefined);
  transport.setOnEvent((event) => console.info(event.type, event.chatId, event.timestamp));
  transport.setOnSessionChange(undefined);
  transport.setOnSessionChange((chatId, session) => console.info(chatId, session?.lastEventId));
  await transport.preload("chat_1");
  const { publicAccessToken } = await transport.start("chat_1");
  transport.setSession("chat_1", { publicAccessToken, isStreaming: false });
  transport.seedResumeCursor("chat_1", "12");
}

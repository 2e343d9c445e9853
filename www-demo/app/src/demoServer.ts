// What an application's own back end would offer: sessions, tokens and stored conversations.
import type { UIMessage } from "ai";

export type ChatSummary = { id: string; title: string; updatedAt: number | string; closed: boolean };
export type Behaviour = { phrase: string; shows: string };
export type Transcript = { messages: UIMessage[]; lastEventId?: string | null; isStreaming: boolean };
export type Fault =
  | { kind: "cut"; afterBytes: number; end: "reset" | "truncate" | "clean" }
  | { kind: "stall"; afterBytes: number }
  | { kind: "slice"; bytes: number; delayMs: number };

export function startSession(chatId: string, clientData: unknown): Promise<{ publicAccessToken: string }> {
  return post("/demo/start-session", { chatId, clientData });
}

export async function fetchAccessToken(chatId: string): Promise<string> {
  const { token } = await post<{ token: string }>("/demo/access-token", { chatId });
  return token;
}

export function fetchChats(): Promise<ChatSummary[]> {
  return get("/demo/chats");
}

export function fetchBehaviours(): Promise<Behaviour[]> {
  return get("/demo/behaviours");
}

/** `undefined` for a chat that the server has never heard of. */
export async function fetchTranscript(chatId: string): Promise<Transcript | undefined> {
  const response = await fetch(chatPath(chatId));
  if (response.status === 404) return undefined;
  return (await expectOk(response)).json();
}

export async function deleteChat(chatId: string): Promise<void> {
  const response = await fetch(chatPath(chatId), { method: "DELETE" });
  if (response.status !== 404) await expectOk(response);
}

/** Breaks the next `times` connections that read this chat's answers; open ones are left alone. */
export async function injectFault(chatId: string, action: Fault, times: number): Promise<void> {
  await expectOk(await postJson("/faults", { endpoint: "out", chatId, times, action }));
}

export async function healFaults(): Promise<void> {
  await expectOk(await fetch("/faults", { method: "DELETE" }));
}

function chatPath(chatId: string): string {
  return `/demo/chats/${encodeURIComponent(chatId)}`;
}

async function get<T>(path: string): Promise<T> {
  return (await expectOk(await fetch(path))).json();
}

async function post<T>(path: string, body: unknown): Promise<T> {
  return (await expectOk(await postJson(path, body))).json();
}

function postJson(path: string, body: unknown): Promise<Response> {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function expectOk(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw new Error(`The server answered ${response.status} to ${new URL(response.url).pathname}.`);
}

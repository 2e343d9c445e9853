// Where an application would call its own server actions, this page asks the session server.

export async function startChatSession(chatId: string, clientData: unknown): Promise<{ publicAccessToken: string }> {
  return post("/demo/start-session", { chatId, clientData });
}

export async function freshChatToken(chatId: string): Promise<string> {
  const { token } = await post<{ token: string }>("/demo/access-token", { chatId });
  return token;
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

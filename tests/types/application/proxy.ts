// Requests go through the application's own proxy, with a trace.

import {
  createChatTransport,
  type ChatBaseURLResolver,
  type ChatFetchOverride,
  type ChatTransportEndpoint,
  type ChatTransportEndpointContext,
} from "@trigger.dev/sdk/chat";

const REGIONS: Record<ChatTransportEndpoint, string> = {
  in: "https://proxy.example.com",
  out: "https://api.trigger.dev",
};

export const baseURL: ChatBaseURLResolver = ({ endpoint, chatId }) =>
  `${REGIONS[endpoint]}?shard=${chatId.length % 4}`;

export const proxied: ChatFetchOverride = async (url, init, ctx) => {
  init.headers = new Headers(init.headers);
  init.headers.set("traceparent", traceOf(ctx));
  if (ctx.endpoint === "out") return globalThis.fetch(url, { ...init, cache: "no-store" });
  const response = await fetch(new URL(url), init);
  return new Response(response.body, response);
};

function traceOf({ endpoint, chatId }: ChatTransportEndpointContext): string {
  return `00-${chatId}-${endpoint}-01`;
}

export const transport = createChatTransport({
  task: "support",
  accessToken: async () => "token",
  baseURL,
  fetch: (url, init) => fetch(url, init),
});

export const regional = createChatTransport({
  task: "support",
  accessToken: async () => "token",
  baseURL: ({ endpoint }) => (endpoint === "in" ? "https://in.example" : "https://out.example"),
  fetch: proxied,
});

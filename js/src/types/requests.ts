// Where the transport's requests go, and who may stand in for `fetch`.

/** Which endpoint a request goes to: `in` appends, `out` is the answer's event stream. */
export type ChatTransportEndpoint = "in" | "out";

/** What `baseURL` and `fetch` are told of a request. */
export type ChatTransportEndpointContext = {
  endpoint: ChatTransportEndpoint;
  chatId: string;
};

/** `baseURL` as a function: the base for one endpoint of one chat. */
export type ChatBaseURLResolver = (ctx: ChatTransportEndpointContext) => string;

/** Stands in for `fetch`: gets the full URL and the init that `fetch` would have got. */
export type ChatFetchOverride = (
  url: string,
  init: RequestInit,
  ctx: ChatTransportEndpointContext,
) => Promise<Response>;

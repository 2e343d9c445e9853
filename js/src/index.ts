export { TriggerChatTransport, createChatTransport } from "./transport.js";
export type * from "./types.js";

import { TriggerChatTransport } from "trigger-chat-transport";
import { recordActivity } from "./activity";
import { fetchAccessToken, startSession } from "./demoServer";
import { loadSessions, saveSession } from "./sessions";

/** One transport for the life of the page: it carries every chat. */
export const transport = new TriggerChatTransport({
  task: "demo-agent",
  baseURL: location.origin,
  accessToken: ({ chatId }) => fetchAccessToken(chatId),
  startSession: ({ chatId, clientData }) => startSession(chatId, clientData),
  sessions: loadSessions(),
  onSessionChange: saveSession,
  onEvent: recordActivity,
  multiTab: true,
});

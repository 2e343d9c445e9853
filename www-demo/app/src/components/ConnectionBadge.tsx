import type { ChatConnection } from "trigger-chat-transport/react";

const labels: Partial<Record<ChatConnection["state"], string>> = {
  waiting: "Connection lost",
  reconnecting: "Reconnecting",
  offline: "Offline",
};

/** Says so while the connection is not what it should be; the status says all the rest. */
export function ConnectionBadge({ connection: { state, attempt } }: { connection: ChatConnection }) {
  const label = labels[state];
  return (
    <p className="connection" role="status" data-testid="connection" data-connection={state}>
      {label && (attempt > 1 ? `${label} (${attempt})` : label)}
    </p>
  );
}

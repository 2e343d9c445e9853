import type { ChatStatus } from "ai";
import type { Activity } from "../activity";

type Props = { status: ChatStatus; activity: readonly Activity[] };

export function StatusBadge({ status, activity }: Props) {
  return (
    <p className="status" role="status" data-testid="status" data-status={status}>
      <span className="status-dot" aria-hidden="true" />
      {label(status, activity.at(-1))}
    </p>
  );
}

function label(status: ChatStatus, latest: Activity | undefined): string {
  if (latest?.type === "session-closed") return "Closed";
  if (latest?.type === "run-pending-version") return "Waiting for a deployment";
  switch (status) {
    case "submitted":
      return latest?.type === "stream-connected" ? "Connected" : "Sending";
    case "streaming":
      return "Streaming";
    case "error":
      return "Error";
    case "ready":
      return "Ready";
  }
}

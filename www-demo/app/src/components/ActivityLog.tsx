import type { Activity } from "../activity";

const shown = 8;

export function ActivityLog({ activity }: { activity: readonly Activity[] }) {
  if (activity.length === 0) return null;
  return (
    <div className="activity">
      <h2>What the transport reports</h2>
      <ol>
        {activity.slice(-shown).map((entry, index) => (
          <li key={`${entry.timestamp}-${index}`}>
            <time>{new Date(entry.timestamp).toLocaleTimeString(undefined, { hour12: false })}</time>
            <span>{describe(entry)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function describe(entry: Activity): string {
  switch (entry.type) {
    case "asked":
      return "Asked";
    case "run-pending-version":
      return "Waiting for a deployment";
    case "message-sent":
      return `Sent (${entry.source}) in ${Math.round(entry.durationMs)} ms`;
    case "message-send-failed":
      return `Not sent: ${entry.error.message}`;
    case "stream-connected":
      return entry.resumed ? "Stream resumed" : "Stream connected";
    case "stream-error":
      return `Stream failed: ${entry.error.message}`;
    case "session-closed":
      return entry.reason ? `Closed: ${entry.reason}` : "Closed";
    case "first-chunk":
      return `First chunk${after(entry.sinceSendMs)}`;
    case "turn-completed":
      return `Turn completed${after(entry.sinceSendMs)}`;
  }
}

function after(milliseconds: number | undefined): string {
  return milliseconds === undefined ? "" : ` after ${Math.round(milliseconds)} ms`;
}

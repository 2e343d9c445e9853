import { Icon } from "./Icon";

export function ErrorNotice({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <div className="error" role="alert" data-testid="error">
      <Icon name="warning" />
      <p>{error.message || "Something went wrong."}</p>
      <button type="button" className="button" data-testid="retry" onClick={onRetry}>
        Retry
      </button>
    </div>
  );
}

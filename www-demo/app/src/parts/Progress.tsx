export function Progress({ done, of }: { done: number; of: number }) {
  return (
    <p className="progress">
      <progress value={done} max={of} aria-label="Progress" />
      <span>
        {done} of {of}
      </span>
    </p>
  );
}

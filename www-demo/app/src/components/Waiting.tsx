export function Waiting() {
  return (
    <div className="waiting" role="img" aria-label="Waiting for the answer">
      <span />
      <span />
      <span />
    </div>
  );
}

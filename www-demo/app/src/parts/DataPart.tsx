import { Json } from "./Json";
import { Progress } from "./Progress";

type Props = { name: string; data: unknown };

export function DataPart({ name, data }: Props) {
  return (
    <section className="data" aria-label={`Data ${name}`} data-testid="data" data-name={name}>
      <h3>{name}</h3>
      {isProgress(data) ? <Progress done={data.done} of={data.of} /> : <Json value={data} />}
    </section>
  );
}

function isProgress(data: unknown): data is { done: number; of: number } {
  return (
    typeof data === "object" &&
    data !== null &&
    "done" in data &&
    "of" in data &&
    typeof data.done === "number" &&
    typeof data.of === "number"
  );
}

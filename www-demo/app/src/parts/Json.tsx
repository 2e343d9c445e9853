import { memo, type ReactNode } from "react";

const token = /("(?:\\.|[^"\\])*")(\s*:)?|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null/gi;
const longestColoured = 20_000;

export const Json = memo(function Json({ value }: { value: unknown }) {
  const text = JSON.stringify(value, null, 2) ?? "";
  return <pre className="json">{text.length > longestColoured ? text : colour(text)}</pre>;
});

function colour(text: string): ReactNode[] {
  const nodes: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [whole, string, colon] = match;
    const word = string ?? whole;
    nodes.push(text.slice(end, match.index));
    nodes.push(
      <span key={match.index} className={string === undefined ? "json-literal" : colon ? "json-key" : "json-string"}>
        {word}
      </span>,
    );
    end = match.index + word.length;
  }
  nodes.push(text.slice(end));
  return nodes;
}

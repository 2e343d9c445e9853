import { useEffect, useState } from "react";
import { fetchBehaviours, type Behaviour } from "../demoServer";
import { blankIn } from "../message";

export function EmptyChat({ onPick }: { onPick: (phrase: string) => void }) {
  const [behaviours, setBehaviours] = useState<Behaviour[]>([]);

  useEffect(() => {
    let current = true;
    // Suggestions are a courtesy: without them the visitor simply types.
    fetchBehaviours().then(
      (list) => current && setBehaviours(readyToSendFirst(list)),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, []);

  return (
    <section className="empty">
      <div className="column">
        <h2>Ask, reload, pull the plug.</h2>
        <p>
          The answer is written on the server and read from a durable stream. Reload the page in mid-sentence, or break
          the connection: it carries on where it was.
        </p>
        <ul className="suggestions" aria-label="Suggestions">
          {behaviours.map(({ phrase, shows }) => (
            <li key={phrase}>
              <button type="button" className="suggestion" data-testid="suggestion" onClick={() => onPick(phrase)}>
                <strong>{phrase}</strong>
                <span>{shows}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

/** As sentences, and those with a number still to be filled in at the end. */
function readyToSendFirst(behaviours: Behaviour[]): Behaviour[] {
  return behaviours
    .map(({ phrase, shows }) => ({ phrase: phrase.charAt(0).toUpperCase() + phrase.slice(1), shows }))
    .sort((a, b) => Number(blankIn(a.phrase) >= 0) - Number(blankIn(b.phrase) >= 0));
}

// Ours against the others, and against what was asked for. Reads rows, measures nothing.

/** Ours as a share of another contestant's; `undefined` where the other has none. */
export function ratio({ values }, to) {
  return values[to] ? values.ours / values[to] : undefined;
}

/** Each part of a row's target: what is asked, and whether it is met. */
export function verdicts({ values, beside, target = {} }) {
  const { most, flat, ...shares } = target;
  const parts = Object.entries(shares).map(([to, share]) => ({
    text: `at most ${share} of the ${to}`,
    met: values.ours <= share * values[to],
  }));
  if (most !== undefined) parts.push({ text: `at most ${figure(most)}`, met: values.ours <= most });
  if (flat) parts.push({ text: "flat", met: values.ours === beside.values.ours });
  return parts;
}

/** A number as a reader wants it: three digits, or thousands. */
export function figure(number) {
  if (number === undefined) return "";
  if (Math.abs(number) >= 1_000) return Math.round(number).toLocaleString("en");
  return String(Number(number.toPrecision(3)));
}

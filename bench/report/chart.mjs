// The chart: what ours and the hand-written reader take, as shares of what the reference takes. The
// reference is the line at 1: a bar that ends left of it takes less. The mark is the target.

import { ratio } from "./verdict.mjs";

const [LABELS, PLOT, MARGIN, TOP] = [330, 470, 60, 96];
const [BAR, GAP] = [11, 14];
const ROW = 2 * BAR + GAP;
/** The width of a number behind a bar. */
const NUMBER = 30;
/** Bars of more are cut off there, and say what they are. */
const MOST = 1.5;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 17px; font-weight: 600; }
  .small { font-size: 11px; fill: #59636e; paint-order: stroke; stroke: #ffffff; stroke-width: 3px; }
  .ours { fill: #0b6e99; }
  .hand { fill: #b4bcc4; }
  .grid { stroke: #e4e7ea; }
  .reference { stroke: #c4453c; stroke-width: 2; }
  .asked { stroke: #1f2328; stroke-width: 3; }
`;

export function chart(cases) {
  const rows = cases.flatMap(({ rows }) => rows).filter((row) => row.chart);
  const width = LABELS + PLOT + MARGIN;
  const height = TOP + rows.length * ROW + 34;
  const bottom = height - 30;
  const lines = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5].map((share) => gridLine(share, bottom));
  const size = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  const label = "What ours and a hand-written reader take, as shares of the reference";
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${label}">
<style>${STYLE}</style>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="16" y="28" class="title">What it takes, as a share of the reference (less is better)</text>
${legend()}
${lines.join("\n")}
<line x1="${x(1)}" x2="${x(1)}" y1="${TOP - 8}" y2="${bottom}" class="reference"/>
${rows.map(bars).join("\n")}
</svg>
`;
}

const x = (share) => LABELS + (Math.min(share, MOST) / MOST) * PLOT;

function legend() {
  const y = 50;
  return `<rect x="16" y="${y - 10}" width="22" height="${BAR}" class="ours"/>
<text x="44" y="${y}">ours</text>
<rect x="96" y="${y - 10}" width="22" height="${BAR}" class="hand"/>
<text x="124" y="${y}">hand-written reader</text>
<line x1="262" x2="284" y1="${y - 4}" y2="${y - 4}" class="reference"/>
<text x="290" y="${y}">reference, @trigger.dev/sdk 4.8.3</text>
<line x1="530" x2="530" y1="${y - 11}" y2="${y + 2}" class="asked"/>
<text x="538" y="${y}">what we ask of ours</text>`;
}

function gridLine(share, bottom) {
  return `<line x1="${x(share)}" x2="${x(share)}" y1="${TOP - 8}" y2="${bottom}" class="grid"/>
<text x="${x(share)}" y="${bottom + 16}" text-anchor="middle" class="small">${share}</text>`;
}

function bars(row, at) {
  const y = TOP + at * ROW;
  const ours = ratio(row, "reference");
  const hand = row.values["hand-written"] / row.values.reference;
  return `<text x="${LABELS - 12}" y="${y + BAR + 4}" text-anchor="end">${escaped(row.chart)}</text>
${bar(ours, y, "ours", row.target?.reference)}
${bar(hand, y + BAR, "hand")}
${asked(row.target?.reference, y)}`;
}

/** The mark that the bar of ours must not pass. */
function asked(share, y) {
  if (share === undefined) return "";
  return `<line x1="${x(share)}" x2="${x(share)}" y1="${y - 3}" y2="${y + BAR}" class="asked"/>`;
}

/** The number stands behind the bar, and behind a mark that is in its way. */
function bar(share, y, kind, mark = 0) {
  const end = x(share);
  const inTheWay = x(mark) >= end && x(mark) < end + NUMBER;
  return `<rect x="${LABELS}" y="${y}" width="${Math.max(1, end - LABELS)}" height="${BAR}" class="${kind}"/>
<text x="${(inTheWay ? x(mark) : end) + 5}" y="${y + BAR - 1.5}" class="small">${share.toFixed(2)}</text>`;
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

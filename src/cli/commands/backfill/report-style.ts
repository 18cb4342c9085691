/** The style sheet of the report: each state has a color of its own, for light and for dark screens. */
import { STATES } from './statistics.ts'

const STATE_RULES = STATES.map((state) => `.${state} { --state: var(--${state}); }`)

export const REPORT_STYLE = `
:root {
  --text: #1c1e21;
  --quiet: #5c6370;
  --back: #fff;
  --line: #d9dce1;
  --enrolled: #12805c;
  --exists: #4c86c6;
  --rejected: #c2410c;
  --invalid: #8b5cb8;
  --failed: #a16207;
  --unknown: #be185d;
  --busy: #6b7280;
}

@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6e8eb;
    --quiet: #9aa3af;
    --back: #15171a;
    --line: #33383f;
    --enrolled: #3fbf8f;
    --exists: #7db4ee;
    --rejected: #f0884f;
    --invalid: #bf95e8;
    --failed: #d9a93c;
    --unknown: #f06aa0;
    --busy: #9aa3af;
  }
}

* {
  box-sizing: border-box;
}

body {
  margin: 0;
  font: 16px/1.5 system-ui, sans-serif;
  color: var(--text);
  background: var(--back);
}

main {
  max-width: 760px;
  margin: 0 auto;
  padding: 24px 16px 48px;
}

h1 {
  font-size: 1.6rem;
  margin: 0;
}

h2 {
  font-size: 1.1rem;
  margin: 32px 0 8px;
}

.ending {
  color: var(--quiet);
  margin: 4px 0 20px;
}

.counts {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
  gap: 12px;
  margin: 0;
  padding: 0;
  list-style: none;
}

.counts li {
  border: 1px solid var(--line);
  border-left: 5px solid var(--state);
  border-radius: 6px;
  padding: 8px 12px;
}

.counts b {
  display: block;
  font-size: 1.5rem;
  line-height: 1.2;
  font-variant-numeric: tabular-nums;
}

.counts small {
  display: block;
  color: var(--quiet);
  line-height: 1.3;
}

.wide {
  overflow-x: auto;
}

table {
  border-collapse: collapse;
  width: 100%;
}

th,
td {
  text-align: left;
  vertical-align: top;
  padding: 6px 12px 6px 0;
  border-bottom: 1px solid var(--line);
}

thead th,
tbody th {
  color: var(--quiet);
  font-weight: 500;
}

tbody th {
  white-space: nowrap;
  width: 1%;
}

.number {
  text-align: right;
  font-variant-numeric: tabular-nums;
}

.state {
  white-space: nowrap;
}

td i {
  display: inline-block;
  width: 10px;
  height: 10px;
  border-radius: 2px;
  margin-right: 8px;
  background: var(--state);
}

code {
  font: 0.9em ui-monospace, monospace;
}

svg {
  display: block;
  width: 100%;
  height: auto;
}

svg rect {
  fill: var(--state);
}

svg .grid {
  stroke: var(--line);
  fill: none;
}

svg text {
  fill: var(--quiet);
  font-size: 11px;
  font-variant-numeric: tabular-nums;
}

${STATE_RULES.join('\n')}

@media (max-width: 520px) {
  svg text {
    font-size: 20px;
  }

  table {
    font-size: 0.9rem;
  }
}

@media print {
  main {
    max-width: none;
  }
}
`

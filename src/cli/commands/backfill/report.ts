/** The report of a run as one HTML file: no script, nothing loaded from elsewhere, nothing about persons. */
import { plain } from '../../io.ts'
import type { Preflight } from './preflight.ts'
import { timeOf } from './progress.ts'
import { type State, STATES, type Tally } from './tally.ts'

export interface ReportFacts {
  /** How it ended, in a sentence. */
  ending: string
  environment: string
  host: string
  /** Milliseconds since 1970. */
  started: number
  ended: number
  preflight: Preflight
  tally: Tally
  /** Requests sent. */
  calls: number
  /** Nothing was sent: counts and reasons are those of the look before the first call. */
  dry: boolean
}

const MEANINGS: Readonly<Record<State, string>> = {
  enrolled: 'by this journal',
  exists: 'enrolled before',
  rejected: 'the service said no',
  invalid: 'never sent: mend the row',
  failed: 'nothing happened: run again',
  unknown: 'perhaps enrolled: run again to settle',
  busy: 'another run has it',
}

export function reportPage({
  ending,
  environment,
  host,
  started,
  ended,
  preflight,
  tally,
  calls,
  dry,
}: ReportFacts): string {
  const { rows, chosen, problems, done, toSend } = preflight
  const { bins, binMs } = tally.timeline()
  const facts: [string, string][] = [
    ['Environment', `${environment}, ${host}`],
    ['Started', iso(started)],
    ['Ended', `${iso(ended)}, after ${timeOf(ended - started)}`],
    ['Rows in the file', `${count(rows)}${chosen < rows ? `, the first ${count(chosen)} chosen` : ''}`],
    ['Problems found before', count(problems)],
    ['Done in earlier runs', count(done)],
    [dry ? 'Calls that a run would make' : 'Calls made', count(dry ? toSend : calls)],
  ]
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Backfill report: ${escape(environment)}</title>
<style>${STYLE}</style>
<main>
<h1>Backfill report</h1>
<p class="ending">${escape(ending)}</p>
<ul class="counts">${STATES.filter((state) => tally.counts[state] > 0)
    .map(
      (state) => `
<li class="${state}"><b>${count(tally.counts[state])}</b> ${state}<small>${MEANINGS[state]}</small></li>`,
    )
    .join('')}
</ul>
${dry || !bins.length ? '' : timeline(bins, binMs)}
<h2>The run</h2>
<div class="wide"><table><tbody>${facts
    .map(
      ([name, value]) => `
<tr><th scope="row">${name}</th><td>${escape(value)}</td></tr>`,
    )
    .join('')}
</tbody></table></div>
<h2>Reasons</h2>
${reasons(tally)}
</main>
</html>
`
}

function reasons(tally: Tally): string {
  const found = tally.reasons()
  if (!found.length) return '<p>None.</p>'
  return `<div class="wide"><table>
<thead><tr><th scope="col">State</th><th scope="col" class="number">Rows</th><th scope="col">Code</th><th scope="col">What it says</th></tr></thead>
<tbody>${found
    .map(
      ({ state, code, text, count: rows }) => `
<tr><td class="state"><i class="${state}"></i>${state}</td><td class="number">${count(rows)}</td><td><code>${escape(code).replaceAll('_', '_<wbr>')}</code></td><td>${escape(text)}</td></tr>`,
    )
    .join('')}
</tbody></table></div>`
}

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [720, 220, 44, 24, 16]

/** Stacked bars, one for each span of time; the height is rows a second. */
function timeline(bins: readonly Partial<Record<State, number>>[], binMs: number): string {
  const rate = (rows: number) => (rows * 1000) / binMs
  const most = Math.max(...bins.map((bin) => rate(sum(bin))))
  const top = roundUp(most)
  const [width, height] = [WIDTH - LEFT, HEIGHT - TOP - BOTTOM]
  const step = width / bins.length
  const y = (value: number) => TOP + height - (value / top) * height
  const bars = bins.flatMap((bin, index) => {
    let below = 0
    return STATES.flatMap((state) => {
      const rows = bin[state] ?? 0
      if (!rows) return []
      const [from, to] = [y(below), y((below += rate(rows)))]
      return [
        `<rect class="${state}" x="${(LEFT + index * step).toFixed(1)}" y="${to.toFixed(1)}" width="${Math.max(0.5, step - Math.min(1, step / 5)).toFixed(1)}" height="${(from - to).toFixed(1)}"><title>${state}: ${rows}, at ${timeOf(index * binMs)}</title></rect>`,
      ]
    })
  })
  const grid = [0, top / 2, top].map(
    (value) =>
      `<path class="grid" d="M${LEFT} ${y(value).toFixed(1)}H${WIDTH}"/><text x="${LEFT - 6}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${Number(value.toFixed(2))}</text>`,
  )
  const times = [0, 0.5, 1].map(
    (share) =>
      `<text x="${LEFT + share * width}" y="${HEIGHT - 6}" text-anchor="${['start', 'middle', 'end'][share * 2]}">${timeOf(share * bins.length * binMs)}</text>`,
  )
  return `<h2 id="timeline">Rows a second, over time</h2>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="timeline">
${[...grid, ...bars, ...times].join('\n')}
</svg>`
}

const sum = (bin: Partial<Record<State, number>>) =>
  Object.values(bin).reduce((total, rows) => total + rows, 0)

/** The next of 1, 2, 5, 10, 20, 50 … */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return power * [1, 2, 5, 10].find((factor) => factor * power >= value * 0.999)!
}

const iso = (ms: number) =>
  new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC')
/** 1234567 as 1,234,567, whatever the machine's language. */
const count = (value: number) => String(value).replace(/\B(?=(\d{3})+$)/g, ',')
const escape = (text: string) => plain(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)

const STYLE = `
:root{--text:#1c1e21;--quiet:#5c6370;--back:#fff;--line:#d9dce1;--enrolled:#12805c;--exists:#4c86c6;--rejected:#c2410c;--invalid:#8b5cb8;--failed:#a16207;--unknown:#be185d;--busy:#6b7280}
@media(prefers-color-scheme:dark){:root{--text:#e6e8eb;--quiet:#9aa3af;--back:#15171a;--line:#33383f;--enrolled:#3fbf8f;--exists:#7db4ee;--rejected:#f0884f;--invalid:#bf95e8;--failed:#d9a93c;--unknown:#f06aa0;--busy:#9aa3af}}
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,sans-serif;color:var(--text);background:var(--back)}
main{max-width:760px;margin:0 auto;padding:24px 16px 48px}
h1{font-size:1.6rem;margin:0}
h2{font-size:1.1rem;margin:32px 0 8px}
.ending{color:var(--quiet);margin:4px 0 20px}
.counts{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:12px;margin:0;padding:0;list-style:none}
.counts li{border:1px solid var(--line);border-left:5px solid var(--state);border-radius:6px;padding:8px 12px}
.counts b{display:block;font-size:1.5rem;line-height:1.2;font-variant-numeric:tabular-nums}
.counts small{display:block;color:var(--quiet);line-height:1.3}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:6px 12px 6px 0;border-bottom:1px solid var(--line)}
thead th,tbody th{color:var(--quiet);font-weight:500}
tbody th{white-space:nowrap;width:1%}
.number{text-align:right;font-variant-numeric:tabular-nums}
.state{white-space:nowrap}
td i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:8px;background:var(--state)}
code{font:0.9em ui-monospace,monospace}
svg{display:block;width:100%;height:auto}
svg rect{fill:var(--state)}
svg .grid{stroke:var(--line);fill:none}
svg text{fill:var(--quiet);font-size:11px;font-variant-numeric:tabular-nums}
${STATES.map((state) => `.${state}{--state:var(--${state})}`).join('')}
@media(max-width:520px){svg text{font-size:20px}table{font-size:.9rem}}
@media print{main{max-width:none}}
`

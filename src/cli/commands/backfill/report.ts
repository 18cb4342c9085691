/** The report of a run as one HTML file: no script, nothing loaded from elsewhere, nothing about persons. */
import { formatDuration } from '../../text.ts'
import type { Preflight } from './preflight.ts'
import { escapeHtml, formatCount } from './report-format.ts'
import { REPORT_STYLE } from './report-style.ts'
import { timelineSection } from './report-timeline.ts'
import { type Reason, type RunStatistics, type State, STATES } from './statistics.ts'

export interface ReportFacts {
  /** How it ended, in a sentence. */
  ending: string
  /** Where calls go; absent where no credentials were set. */
  target: { environment: string; host: string } | undefined
  /** Milliseconds since 1970. */
  startedAt: number
  endedAt: number
  preflight: Preflight
  statistics: RunStatistics
  /** Requests sent. */
  requests: number
  /** Nothing was sent: counts and reasons are those of the check before the first call. */
  isDry: boolean
}

export function reportPage(facts: ReportFacts): string {
  const { ending, target, statistics, isDry } = facts
  const timeline = statistics.timeline()
  const hasTimeline = !isDry && timeline.bins.length > 0
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
  <title>Backfill report: ${escapeHtml(target?.environment ?? 'check')}</title>
  <style>${REPORT_STYLE}</style>
  <main>
    <h1>Backfill report</h1>
    <p class="ending">${escapeHtml(ending)}</p>
    <ul class="counts">
      ${countItems(statistics).join('\n      ')}
    </ul>
    ${hasTimeline ? timelineSection(timeline) : ''}
    <h2>The run</h2>
    <div class="wide">
      <table>
        <tbody>
          ${factRows(facts).join('\n          ')}
        </tbody>
      </table>
    </div>
    <h2>Reasons</h2>
    ${reasonsTable(statistics.reasons())}
  </main>
</html>
`
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

function countItems({ counts }: RunStatistics): string[] {
  const reached = STATES.filter((state) => counts[state] > 0)
  return reached.map((state) => {
    const count = formatCount(counts[state])
    return `<li class="${state}"><b>${count}</b> ${state}<small>${MEANINGS[state]}</small></li>`
  })
}

function factRows(facts: ReportFacts): string[] {
  const { target, startedAt, endedAt, preflight, requests, isDry } = facts
  const { rows, chosen, problems, done, toSend } = preflight
  const allRows = formatCount(rows)
  const callsName = isDry ? 'Calls that a run would make' : 'Calls made'
  const table: { name: string; value: string }[] = [
    { name: 'Environment', value: target ? `${target.environment}, ${target.host}` : 'none' },
    { name: 'Started', value: formatTime(startedAt) },
    { name: 'Ended', value: `${formatTime(endedAt)}, after ${formatDuration(endedAt - startedAt)}` },
    {
      name: 'Rows in the file',
      value: chosen < rows ? `${allRows}, the first ${formatCount(chosen)} chosen` : allRows,
    },
    { name: 'Problems found before', value: formatCount(problems) },
    { name: 'Done in earlier runs', value: formatCount(done) },
    { name: callsName, value: formatCount(isDry ? toSend : requests) },
  ]
  return table.map(({ name, value }) => `<tr><th scope="row">${name}</th><td>${escapeHtml(value)}</td></tr>`)
}

function reasonsTable(reasons: readonly Reason[]): string {
  if (reasons.length === 0) return '<p>None.</p>'
  return `<div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col" class="number">Rows</th>
            <th scope="col">Code</th>
            <th scope="col">What it says</th>
          </tr>
        </thead>
        <tbody>
          ${reasons.map(reasonRow).join('\n          ')}
        </tbody>
      </table>
    </div>`
}

function reasonRow({ state, code, text, count }: Reason): string {
  const breakableCode = escapeHtml(code).replaceAll('_', '_<wbr>')
  const cells = [
    `<td class="state"><i class="${state}"></i>${state}</td>`,
    `<td class="number">${formatCount(count)}</td>`,
    `<td><code>${breakableCode}</code></td>`,
    `<td>${escapeHtml(text)}</td>`,
  ]
  return `<tr>${cells.join('')}</tr>`
}

/** `2024-08-06 09:15:30 UTC` */
function formatTime(ms: number): string {
  const [date, time] = new Date(ms).toISOString().split('T')
  return `${date} ${time!.replace(/\.\d+Z$/, ' UTC')}`
}

/** The timeline of a report: stacked bars, one for each span of time, as high as rows a second. */
import { formatDuration } from '../../text.ts'
import { STATES, type Timeline, type TimelineBin } from './statistics.ts'

/** Of the picture, and the room that labels take. */
const WIDTH = 720
const HEIGHT = 220
const LABELS_LEFT = 44
const LABELS_BOTTOM = 24
const MARGIN_TOP = 16
const PLOT_WIDTH = WIDTH - LABELS_LEFT
const PLOT_HEIGHT = HEIGHT - MARGIN_TOP - LABELS_BOTTOM

export function timelineSection(timeline: Timeline): string {
  const { bins, binMs } = timeline
  const maxRate = Math.max(...bins.map((bin) => rowsPerSecond(countRows(bin), binMs)))
  const topRate = roundUp(maxRate)
  const shapes = [...gridLines(topRate), ...bars(timeline, topRate), ...timeLabels(timeline)]
  return `<h2 id="timeline">Rows a second, over time</h2>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="timeline">
      ${shapes.join('\n      ')}
    </svg>`
}

function gridLines(topRate: number): string[] {
  return [0, topRate / 2, topRate].map((rate) => {
    const y = yOf(rate, topRate)
    const label = Number(rate.toFixed(2))
    const line = `<path class="grid" d="M${LABELS_LEFT} ${y.toFixed(1)}H${WIDTH}"/>`
    const text = `<text x="${LABELS_LEFT - 6}" y="${(y + 4).toFixed(1)}" text-anchor="end">${label}</text>`
    return line + text
  })
}

function bars({ bins, binMs }: Timeline, topRate: number): string[] {
  const step = PLOT_WIDTH / bins.length
  const gap = Math.min(1, step / 5)
  const width = Math.max(0.5, step - gap)
  const rectangles: string[] = []
  for (const [index, bin] of bins.entries()) {
    const x = LABELS_LEFT + index * step
    const time = formatDuration(index * binMs)
    let rate = 0
    for (const state of STATES) {
      const rows = bin[state] ?? 0
      if (rows === 0) continue
      const bottom = yOf(rate, topRate)
      rate += rowsPerSecond(rows, binMs)
      const top = yOf(rate, topRate)
      const position = `x="${x.toFixed(1)}" y="${top.toFixed(1)}"`
      const size = `width="${width.toFixed(1)}" height="${(bottom - top).toFixed(1)}"`
      const title = `<title>${state}: ${rows}, at ${time}</title>`
      rectangles.push(`<rect class="${state}" ${position} ${size}>${title}</rect>`)
    }
  }
  return rectangles
}

function timeLabels({ bins, binMs }: Timeline): string[] {
  const labels = [
    { share: 0, anchor: 'start' },
    { share: 0.5, anchor: 'middle' },
    { share: 1, anchor: 'end' },
  ]
  return labels.map(({ share, anchor }) => {
    const x = LABELS_LEFT + share * PLOT_WIDTH
    const time = formatDuration(share * bins.length * binMs)
    return `<text x="${x}" y="${HEIGHT - 6}" text-anchor="${anchor}">${time}</text>`
  })
}

function yOf(rate: number, topRate: number): number {
  return MARGIN_TOP + PLOT_HEIGHT - (rate / topRate) * PLOT_HEIGHT
}

function rowsPerSecond(rows: number, binMs: number): number {
  return (rows * 1000) / binMs
}

function countRows(bin: TimelineBin): number {
  return Object.values(bin).reduce((total, rows) => total + rows, 0)
}

/** The next of 1, 2, 5, 10, 20, 50 … */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return power * [1, 2, 5, 10].find((factor) => factor * power >= value * 0.999)!
}

/** Two plots as SVG: rows per second, and how rows ended. Each has its numbers as text, too. */
const NS = 'http://www.w3.org/2000/svg'

function svg(name, attributes, ...children) {
  const element = document.createElementNS(NS, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.append(...children)
  return element
}

function show(figure, text, drawing) {
  const caption = document.createElement('figcaption')
  caption.textContent = text
  figure.replaceChildren(drawing, caption)
}

const [WIDTH, HEIGHT] = [320, 120]

export function ratePlot(figure, rate) {
  const seconds = new Map(rate)
  const last = rate.at(-1)?.[0] ?? 0
  const span = Math.max(20, Math.min(120, last - (rate[0]?.[0] ?? 0) + 1))
  const points = Array.from({ length: span }, (_, i) => seconds.get(last - span + 1 + i) ?? 0)
  const top = Math.max(1, ...points)
  const step = WIDTH / span
  const bars = points.map((n, i) => svg('rect', { x: i * step, y: HEIGHT - (n / top) * (HEIGHT - 16), width: Math.max(1, step - 1), height: (n / top) * (HEIGHT - 16), fill: 'var(--accent)' }))
  const mean = rate.length ? Math.round(rate.reduce((sum, [, n]) => sum + n, 0) / (last - rate[0][0] + 1)) : 0
  show(figure, `Rows per second: ${mean} on average, ${Math.max(0, ...points)} at most`, svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, 'aria-hidden': 'true' }, svg('text', { x: 0, y: 11 }, String(top)), ...bars))
}

const COLOURS = { enrolled: 'good', exists: 'calm', rejected: 'bad', invalid: 'bad', failed: 'warn', unknown: 'warn', busy: 'warn', waiting: 'line' }

export function outcomePlot(figure, counts) {
  const states = Object.keys(COLOURS).filter((state) => counts[state])
  const most = Math.max(1, ...states.map((state) => counts[state]))
  const bars = states.flatMap((state, i) => [
    svg('text', { x: 0, y: i * 20 + 14 }, state),
    svg('rect', { x: 66, y: i * 20 + 3, width: Math.max(2, (counts[state] / most) * 200), height: 14, rx: 2, fill: `var(--${COLOURS[state]})` }),
    svg('text', { x: 72 + (counts[state] / most) * 200, y: i * 20 + 14 }, String(counts[state])),
  ])
  show(figure, `Outcomes: ${states.map((state) => `${counts[state]} ${state}`).join(', ') || 'none yet'}`, svg('svg', { viewBox: `0 0 ${WIDTH} ${Math.max(1, states.length) * 20 + 4}`, 'aria-hidden': 'true' }, ...bars))
}

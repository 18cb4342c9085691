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

const [WIDTH, HEIGHT, HEAD] = [320, 96, 14]

export function ratePlot(figure, rate) {
  const seconds = new Map(rate)
  const [first, last] = [rate[0][0], rate.at(-1)[0]]
  const span = Math.max(30, Math.min(120, last - first + 1))
  const points = Array.from({ length: span }, (_, i) => seconds.get(last - span + 1 + i) ?? 0)
  const top = Math.max(1, ...points)
  const step = WIDTH / span
  const bars = points
    .map((n, i) => [n && Math.max(1.5, (n / top) * (HEIGHT - HEAD)), i])
    .filter(([height]) => height)
    .map(([height, i]) =>
      svg('rect', {
        x: i * step,
        y: HEIGHT - height,
        width: Math.max(1, step - 1),
        height,
        rx: Math.min(1.5, step / 4),
        fill: 'var(--accent)',
      }),
    )
  const mean = Math.round(rate.reduce((sum, [, n]) => sum + n, 0) / (last - first + 1))
  show(
    figure,
    `Rows per second: ${mean} on average, ${top} at most`,
    svg(
      'svg',
      { viewBox: `0 0 ${WIDTH} ${HEIGHT + 1}`, 'aria-hidden': 'true' },
      svg('text', { x: 0, y: 9 }, String(top)),
      svg('rect', { x: 0, y: HEAD - 0.5, width: WIDTH, height: 0.5, fill: 'var(--line)' }),
      ...bars,
      svg('rect', { x: 0, y: HEIGHT, width: WIDTH, height: 1, fill: 'var(--edge)' }),
    ),
  )
}

const COLOURS = {
  enrolled: 'good',
  exists: 'calm',
  rejected: 'bad',
  invalid: 'bad',
  failed: 'warn',
  unknown: 'warn',
  busy: 'warn',
  waiting: 'edge',
}

export function outcomePlot(figure, counts) {
  const states = Object.keys(COLOURS).filter((state) => counts[state])
  const most = Math.max(1, ...states.map((state) => counts[state]))
  const bars = states.flatMap((state, i) => [
    svg('text', { x: 0, y: i * 18 + 12 }, state),
    svg('rect', {
      x: 60,
      y: i * 18 + 3,
      width: Math.max(2, (counts[state] / most) * 210),
      height: 11,
      rx: 2,
      fill: `var(--${COLOURS[state]})`,
    }),
    svg('text', { x: 65 + (counts[state] / most) * 210, y: i * 18 + 12 }, counts[state].toLocaleString('en')),
  ])
  show(
    figure,
    `Outcomes: ${states.map((state) => `${counts[state]} ${state}`).join(', ') || 'none yet'}`,
    svg(
      'svg',
      { viewBox: `0 0 ${WIDTH} ${Math.max(1, states.length) * 18 + 2}`, 'aria-hidden': 'true' },
      ...bars,
    ),
  )
}

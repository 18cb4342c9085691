/** The texts that date objects of several languages become by themselves, all of one moment. */

/** A text that somebody may have signed, and what writes it so. */
export interface Rendering {
  text: string
  /** Language, and the call or the type. */
  writer: string
}

export interface Moment {
  /** Milliseconds since 1970. */
  ms: number
  /** The digits of the second's fraction as they were sent, up to nine; empty where there were none. */
  fraction: string
}

/**
 * Where the machine that signed may have stood: where Smile ID is used most, and where servers are. By the
 * minutes of the offset, its name there; a zone with summer time has two.
 */
const ZONES: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  UTC: { 0: 'UTC' },
  'Africa/Accra': { 0: 'GMT' },
  'Africa/Lagos': { 60: 'WAT' },
  'Africa/Harare': { 120: 'CAT' },
  'Africa/Johannesburg': { 120: 'SAST' },
  'Africa/Cairo': { 120: 'EET', 180: 'EEST' },
  'Africa/Nairobi': { 180: 'EAT' },
  'Europe/London': { 0: 'GMT', 60: 'BST' },
  'Europe/Paris': { 60: 'CET', 120: 'CEST' },
  'America/New_York': { '-300': 'EST', '-240': 'EDT' },
  'America/Los_Angeles': { '-480': 'PST', '-420': 'PDT' },
  'Asia/Kolkata': { 330: 'IST' },
}

/** Every rendering that is known, of each zone; a text that several languages write comes several times. */
export function dateRenderings(moment: Moment): Rendering[] {
  const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const zones = new Set([...Object.keys(ZONES), ownZone])
  return [...zones].flatMap((zone) => renderingsIn(zone, moment))
}

/** What may be left of a fraction: a database or a library keeps micro- or milliseconds, or none. */
function fractionsOf(fraction: string): Set<string> {
  return new Set([fraction, fraction.slice(0, 6), fraction.slice(0, 3), ''])
}

/** A moment as the clock on a wall shows it. */
interface WallClock {
  /** 2024-08-06 */
  date: string
  /** 09:15:30 */
  time: string
  /** +0100 */
  offset: string
  /** +01:00 */
  offsetWithColon: string
  /** WAT; `undefined` where it is not known. */
  zoneName: string | undefined
  isUtc: boolean
  /** Tue, Aug, 06, 2024 */
  weekday: string
  month: string
  day: string
  year: string
}

function renderingsIn(zone: string, { ms, fraction }: Moment): Rendering[] {
  const clock = wallClock(zone, ms)
  const withFraction = [...fractionsOf(fraction)].flatMap((digits) =>
    [ruby, python, go, java, dotNet].flatMap((render) => render(clock, digits)),
  )
  return [...javascript(zone, ms, clock), ...php(clock), ...withFraction]
}

function wallClock(zone: string, ms: number): WallClock {
  const minutes = offsetMinutes(zone, ms)
  const shifted = new Date(ms + minutes * 60_000)
  const iso = shifted.toISOString()
  const [weekday = '', day = '', month = '', year = ''] = shifted.toUTCString().split(/,? /)
  const sign = minutes < 0 ? '-' : '+'
  const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, '0')
  const rest = String(Math.abs(minutes) % 60).padStart(2, '0')
  return {
    date: iso.slice(0, 10),
    time: iso.slice(11, 19),
    offset: `${sign}${hours}${rest}`,
    offsetWithColon: `${sign}${hours}:${rest}`,
    zoneName: ZONES[zone]?.[minutes],
    isUtc: zone === 'UTC',
    weekday,
    month,
    day,
    year,
  }
}

function offsetMinutes(zone: string, ms: number): number {
  const name = zoneName(zone, ms, 'longOffset')
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):?(\d+)?/.exec(name) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

function zoneName(zone: string, ms: number, timeZoneName: 'long' | 'longOffset'): string {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName })
  return format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? ''
}

function javascript(zone: string, ms: number, clock: WallClock): Rendering[] {
  const { weekday, month, day, year, time, offset } = clock
  const text = `${weekday} ${month} ${day} ${year} ${time} GMT${offset} (${zoneName(zone, ms, 'long')})`
  const renderings = [{ text, writer: 'JavaScript in `${date}`' }]
  if (clock.isUtc) {
    renderings.push({ text: new Date(ms).toUTCString(), writer: "JavaScript's toUTCString()" })
  }
  return renderings
}

function ruby({ date, time, offset, offsetWithColon, isUtc }: WallClock, fraction: string): Rendering[] {
  const digits = shortened(fraction)
  const zones = isUtc ? ['UTC', offset] : [offset]
  const times = zones.flatMap((zone) => [
    { text: `${date} ${time} ${zone}`, writer: "Ruby's Time#to_s" },
    { text: `${date} ${time}${digits} ${zone}`, writer: "Ruby's Time#inspect" },
  ])
  return [...times, { text: `${date}T${time}${offsetWithColon}`, writer: "Ruby's DateTime#to_s" }]
}

function python({ date, time, offsetWithColon }: WallClock, fraction: string): Rendering[] {
  const hasFraction = Number(fraction) > 0
  const digits = hasFraction ? `.${padded(fraction, 6)}` : ''
  return [
    { text: `${date} ${time}${digits}${offsetWithColon}`, writer: "Python's str(datetime)" },
    { text: `${date} ${time}${digits}`, writer: "Python's str(datetime) without a zone" },
    { text: `${date}T${time}${digits}${offsetWithColon}`, writer: "Python's isoformat()" },
    { text: `${date}T${time}${digits}`, writer: "Python's isoformat() without a zone" },
  ]
}

function go({ date, time, offset, zoneName: name, isUtc }: WallClock, fraction: string): Rendering[] {
  const digits = shortened(fraction)
  const renderings = [
    { text: `${date} ${time}${digits} ${offset} ${name ?? offset}`, writer: "Go's String()" },
  ]
  if (isUtc) renderings.push({ text: `${date}T${time}${digits}Z`, writer: "Go's time.RFC3339Nano" })
  return renderings
}

function php(clock: WallClock): Rendering[] {
  const { date, time, offset, offsetWithColon, weekday, day, month, year } = clock
  return [
    { text: `${date}T${time}${offsetWithColon}`, writer: "PHP's format('c')" },
    { text: `${date}T${time}${offset}`, writer: "PHP's DATE_ISO8601" },
    { text: `${weekday}, ${day} ${month} ${year} ${time} ${offset}`, writer: "PHP's format('r')" },
  ]
}

/** Its types leave out seconds that are 0, and write fractions of 3, 6 or 9 digits. */
function java(clock: WallClock, fraction: string): Rendering[] {
  const { date, time, offsetWithColon, zoneName: name, isUtc, weekday, day, month, year } = clock
  const digits = inThrees(fraction)
  const isWholeMinute = digits === '' && time.endsWith(':00')
  const short = `${date}T${isWholeMinute ? time.slice(0, 5) : time + digits}`
  const zone = isUtc ? 'Z' : offsetWithColon
  const renderings = [
    { text: short, writer: "Java's LocalDateTime" },
    { text: `${short}${zone}`, writer: "Java's OffsetDateTime" },
    { text: `${weekday} ${month} ${day} ${time} ${name ?? offsetWithColon} ${year}`, writer: "Java's Date" },
    { text: `${date} ${time}${shortened(fraction) || '.0'}`, writer: "Java's Timestamp" },
  ]
  if (isUtc) {
    renderings.push(
      { text: `${date}T${time}${digits}Z`, writer: "Java's Instant" },
      { text: `${short}Z[UTC]`, writer: "Java's ZonedDateTime" },
    )
  }
  return renderings
}

function dotNet({ date, time, offsetWithColon, isUtc }: WallClock, fraction: string): Rendering[] {
  const [year, month, day] = date.split('-')
  return [
    {
      text: `${date}T${time}.${padded(fraction, 7)}${isUtc ? 'Z' : offsetWithColon}`,
      writer: '.NET\'s ToString("o")',
    },
    { text: `${month}/${day}/${year} ${time}`, writer: ".NET's ToString()" },
  ]
}

/** `.12` of 120: without the zeros at its end. */
function shortened(fraction: string): string {
  const digits = withoutFinalZeros(fraction)
  return digits && `.${digits}`
}

function withoutFinalZeros(digits: string): string {
  let end = digits.length
  while (digits[end - 1] === '0') end--
  return digits.slice(0, end)
}

function padded(fraction: string, digits: number): string {
  return fraction.padEnd(digits, '0').slice(0, digits)
}

/** `.120` of 12: 3, 6 or 9 digits, or none. */
function inThrees(fraction: string): string {
  const digits = withoutFinalZeros(fraction)
  return digits && `.${padded(digits, Math.ceil(digits.length / 3) * 3)}`
}

/** What the doctor finds. */

export interface Finding {
  check:
    | 'settings'
    | 'partner id'
    | 'key'
    | 'server'
    | 'clock'
    | 'credentials'
    | 'timestamp'
    | 'signature'
    | 'token'
    | 'consent'
  state: 'ok' | 'warning' | 'wrong'
  message: string
}

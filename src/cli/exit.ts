/** The exit codes of the command, in one table. */

export const EXITS = {
  done: { code: 0, meaning: 'all done' },
  usage: { code: 1, meaning: 'the command line, an input or the settings are wrong: nothing was sent' },
  rejected: { code: 2, meaning: 'something was rejected, for good' },
  undecided: {
    code: 3,
    meaning: 'something has to be tried or asked again: failed, unknown, pending or not reachable',
  },
  fatal: {
    code: 4,
    meaning: 'stopped: credentials, the wallet, what is enabled, or a reply that cannot be trusted',
  },
  interrupted: { code: 5, meaning: 'interrupted; the same command goes on where it stopped' },
  preflight: { code: 6, meaning: 'the check before the first call found problems: nothing was sent' },
  limit: { code: 7, meaning: 'the limit or the budget of calls was reached' },
  partial: {
    code: 8,
    meaning: 'a match in part (Basic KYC) or attention (v3): no approval, a person has to look',
  },
} as const satisfies Record<string, { code: number; meaning: string }>

export type Exit = keyof typeof EXITS

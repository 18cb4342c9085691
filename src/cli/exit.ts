/** What the command's exit says, in one table. */
export const EXIT = {
  done: [0, 'all done'],
  usage: [1, 'the command line, an input or the settings are wrong: nothing was sent'],
  rejected: [2, 'something was rejected, for good'],
  undecided: [3, 'something has to be tried or asked again: failed, unknown, pending or not reachable'],
  fatal: [4, 'stopped: credentials, the wallet, what is enabled, or a reply that cannot be trusted'],
  interrupted: [5, 'interrupted; the same command goes on where it stopped'],
  preflight: [6, 'the check before the first call found problems: nothing was sent'],
  limit: [7, 'the limit or the budget of calls was reached'],
} as const satisfies Record<string, readonly [code: number, meaning: string]>

export type Exit = keyof typeof EXIT

/**
 * What README, SECURITY.md and the pages of the playground promise, and the tests that show it
 * (`unit/documents.test.ts` holds this list against both).
 */

/** A file of tests, and a part of the name of one of its tests. */
type Proof = readonly [file: string, test: string]

/** By document: a promise, as it stands there, and what shows it. */
export const PROMISES: Readonly<Record<string, Readonly<Record<string, readonly Proof[]>>>> = {
  'README.md': {
    'Signs with SubtleCrypto, sends with fetch; no `fs`, no `Buffer`, no Node compatibility flags.': [
      ['dist/entries.test.ts', 'needs nothing of Node, but for the entry of that name'],
    ],
    'Never pays twice by itself:': [['conformance/sent-once.ts', '']],
    'a request that can be billed is repeated only when it is certain that the server did nothing.': [
      ['conformance/id-verification/lookups.ts', 'a lookup is not repeated once the server may have acted'],
      ['conformance/smart-selfie.ts', 'a SmartSelfie that may have been billed is not repeated'],
      ['faults/image-jobs.test.ts', 'a job that is said to be submitted ran once'],
      ['conformance/sent-once.ts', ''],
    ],
    'Errors say whether the server may have acted (`outcome`), and hold no key, photo, name or number': [
      ['faults/backfill.test.ts', 'what is reported as done is done'],
      ['conformance/backfill.ts', 'what the world does: typed, with what is known of the outcome'],
      ['unit/support/canary.test.ts', 'in an error of the SDK that no test looks at'],
    ],
    'Comes with an emulator of the API, to try all of it without an account.': [
      ['dist/docs-run.test.ts', 'nothing is run that stands nowhere'],
    ],
  },
  'SECURITY.md': {
    'it lives in a closure; `createClient` refuses a browser window; a web token takes its place there': [
      ['conformance/client.ts', 'a client is frozen data, without the key'],
      ['conformance/client.ts', 'a browser window needs to be told'],
      ['unit/web-token/route.test.ts', 'hands a token to the owner of an application'],
    ],
    'what may be printed is listed; everything else is left out.': [
      ['conformance/bulk/journal.ts', 'nothing personal stands in journal, reports and logs'],
      ['conformance/image-jobs/events.ts', 'errors hold no name, number, image, address or key'],
      ['conformance/backfill.ts', 'hooks see what happens, never what is sent'],
    ],
    'a request that can bill is repeated only when the server certainly did nothing;': [
      ['conformance/id-verification/lookups.ts', 'a lookup is not repeated once the server may have acted'],
    ],
    'its signature is checked before it is believed': [
      ['conformance/backfill.ts', 'an unsigned reply, and one about somebody else, are not believed'],
      ['conformance/job-status.ts', 'a forged, altered or foreign reply is not believed'],
    ],
    'so the handler asks the API and acts once per event': [
      ['conformance/callback/handler.ts', 'the route acts once on what is confirmed'],
      ['conformance/callback/handler.ts', 'a forged body under a captured pair suppresses nothing'],
    ],
    'https to known hosts alone; a redirect is never followed; plain http only to loopback': [
      ['abuse/upload-addresses.test.ts', ''],
      ['abuse/redirects.test.ts', ''],
      ['conformance/client.ts', 'callbacks go to https, or to this machine when the API is there, too'],
    ],
    'sizes and times are bounded; what comes in is checked by its shape': [
      ['abuse/large-replies.test.ts', 'takes little memory, and leaves no connection open'],
      ['abuse/slow-replies.test.ts', ''],
      ['abuse/patterns.test.ts', 'knows all patterns'],
      ['unit/emulator/zip.test.ts', 'any bytes, without a throw'],
    ],
  },
  'playground/README.md': {
    'no account, no network.': [['playground/deploy.test.ts', 'starts with one command']],
    'A message that comes twice finds its row done in the journal;': [
      ['cloudflare/consumer.test.ts', 'and whenever it comes again'],
    ],
    'the page says why, no row uses up a delivery, and *Resume* goes on where it stood.': [
      ['playground/imports.test.ts', 'what is refused to all rows holds the import'],
    ],
    "What goes wrong on the page's side is said, and loses nothing:": [
      ['playground/bad-input.test.ts', 'loses nothing when the connection is lost'],
      ['playground/bad-input.test.ts', 'goes on when the session has expired'],
    ],
    'a route that hands a token to the browser, and to nobody else.': [
      ['unit/web-token/route.test.ts', 'and nothing to anybody else'],
    ],
  },
  'playground/docs/limits.md': {
    "A row's `user_id` has 60,000 bytes at most.": [
      ['unit/bulk/row-limits.test.ts', 'of 60,000 bytes goes through a journal in a file'],
    ],
  },
  'playground/docs/bulk.md': {
    'The run can be stopped at any point, by Ctrl-C, by `kill -9`, by a power cut': [
      ['unit/cli/commands/backfill.test.ts', 'drains: what is under way ends'],
      ['faults/bulk-kill.test.ts', 'every valid row is enrolled once, and every report is true'],
      ['faults/power-cut.test.ts', 'loses nothing that was on disk, invents nothing, and goes on'],
      ['faults/lock-rounds.test.ts', 'go to one of five who want one'],
    ],
    'the same command goes on, and nobody is enrolled twice.': [
      ['faults/bulk-kill.test.ts', 'every valid row is enrolled once, and every report is true'],
    ],
    '**3. Check.** Nothing is sent;': [
      ['unit/cli/commands/backfill.test.ts', '--dry-run sends nothing, leaves no journal, and counts'],
    ],
    'which cannot enrol it twice, since the service takes each': [
      ['conformance/backfill.ts', 'a user is enrolled once, for ever'],
      ['unit/cli/commands/backfill.test.ts', 'settled by the next run without a second enrolment'],
    ],
    'A `user_id` has 60,000 bytes at most, since journal and queue have to hold it.': [
      ['unit/bulk/row-limits.test.ts', 'of 60,000 bytes goes into a queue, beside the longest key'],
    ],
    "When the server cannot be reached, the run waits and says so, with the host and the system's own code": [
      ['faults/bulk.test.ts', 'a server that goes away is waited for, and no row counts as failed'],
    ],
    'problems before the first call; nothing was sent | mend, or `--skip-invalid` |': [
      ['unit/cli/commands/backfill.test.ts', 'shows the first 20 problems'],
    ],
    "`report.html` has counts, reasons and a timeline, and nobody's name.": [
      [
        'unit/cli/commands/backfill.test.ts',
        'people, as one page without scripts, links or anything personal',
      ],
    ],
  },
  'playground/docs/enrol.md': {
    'JPEG or PNG of at most 5,000,000 bytes;': [
      ['conformance/photo.ts', 'what is no whole JPEG or PNG is refused, each with its code'],
      ['conformance/photo.ts', 'an endless source is cut off at the limit'],
    ],
    'So the same call again enrols nobody twice: it answers `user_exists`.': [
      ['conformance/backfill.ts', 'a user is enrolled once, for ever'],
    ],
    'never seconds or milliseconds.': [['conformance/backfill.ts', 'dates travel as documented']],
  },
  'playground/docs/image-jobs.md': {
    'So that no job runs twice, an upload is repeated only when none can have arrived': [
      ['conformance/image-jobs/upload.ts', 'an upload that ends in nothing: the status of the job decides'],
      ['conformance/image-jobs/upload.ts', 'a zip that arrives late is waited for'],
      ['faults/image-jobs.test.ts', 'a job that is said to be submitted ran once'],
    ],
    'or `unknown`, never a guess.': [
      ['conformance/result.ts', 'a code outside the table is unknown, never guessed'],
    ],
    '`invalid_input` | nothing was sent |': [
      ['conformance/image-jobs/input.ts', 'images that are none are refused before the job is opened'],
    ],
  },
  'playground/docs/lookups.md': {
    'a wrong number never leaves the machine, and costs nothing:': [
      [
        'conformance/id-verification/input.ts',
        'the services document is checked against before anything is sent',
      ],
    ],
  },
  'playground/docs/deploy.md': {
    'and a name that leads here by mistake finds nobody signed in.': [
      [
        'playground/routes.test.ts',
        "nobody without a session, with another origin, or without the page's own token",
      ],
    ],
  },
  'playground/docs/testing.md': {
    '`npx smileid-edge emulator` takes the partner id that is set, never the key:': [
      ['unit/cli/cli.test.ts', 'takes the partner id that is set, and never signs with the key'],
    ],
    'with its own check of signatures, its own rules and a clock that never waits.': [
      ['unit/emulator/emulator.test.ts', 'skews its clock, and waits on a virtual one'],
      ['unit/emulator/emulator.test.ts', 'can be strict about the age of a signature'],
    ],
    'the answer is late, or never comes': [
      ['unit/emulator/emulator.test.ts', 'applies faults to the calls that their rules name'],
    ],
  },
}

/** Sentences with a word of promise that promise nothing of the software: advice, headings, limits. */
export const NO_PROMISES: readonly string[] = [
  '## Test without an account',
  '### Test without an account',
  '# Test without an account',
  'Nothing here has talked to the real service, nor to a Cloudflare account:',
  'whether the service would then run the job twice, is not known either.',
  'nothing older is mended.',
  'Never send a real key, photo, ID number or name;',
  'never on the command line, where other users see them.',
  'Photos are JPEG or PNG of at most 5 MB;',
  'Without an account, `npx smileid-edge emulator` in another terminal prints the settings',
  'a `user_id` that comes twice.',
  '| 4 | credentials, wallet, or a reply that cannot be trusted:',
  'After a second Ctrl-C in Deno, or where nothing tells whether its process still runs',
  'In a browser, too, a call may be sent twice:',
  'Where that order cannot be changed, use the parts:',
  'besides the key, it gives up that no call is billed twice:',
  'A route of your own is tested without an account:',
  'nobody is depicted.',
  'a `user_id` used twice, and a picture too small to hold a face.',
  'One shared token knows nobody by name:',
  'An ID that exists says nothing about who typed it.',
  'Where nobody outside knows how the service behaves,',
]

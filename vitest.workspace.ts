import { fileURLToPath } from 'node:url'
import { cloudflareTest } from '@cloudflare/vitest-pool-workers'
import { playwright } from '@vitest/browser-playwright'
import { supportedCompatibilityDate } from 'miniflare'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { CHROMIUM_FLAGS, chromiumPath, NO_CHROMIUM } from './test/support/chromium.mjs'

// Vitest reads this file only when told so: every script passes --config vitest.workspace.ts.

/** Tests name the package as its users do. */
const alias = [
  { find: /^smileid-edge$/, replacement: source('index') },
  { find: /^smileid-edge\/([\w/-]+)$/, replacement: source('$1') },
]
function source(name: string): string {
  return `${fileURLToPath(new URL('./src', import.meta.url))}/${name}.ts`
}

const conformance = {
  include: ['test/conformance/conformance.test.ts'],
  globalSetup: ['test/support/global-setup.ts'],
  setupFiles: ['test/support/canary-setup.ts'],
}

/** What is printed and left is searched. */
const nodeSetup = ['test/support/canary-setup.ts', 'test/support/canary-folders.ts']

/** The newest compatibility date that this workerd knows, and no look at where in the world it runs. */
const workerd = { compatibilityDate: supportedCompatibilityDate, cf: false }

const QUEUE = { maxBatchSize: 25, maxBatchTimeout: 0, maxRetries: 100 }

if (!chromiumPath) {
  if (process.env.CI) throw new Error(NO_CHROMIUM)
  console.log(`\n!!! BROWSER TESTS ARE LEFT OUT: ${NO_CHROMIUM}\n`)
}

/** The playground's files wait most of the time, and one of them longest: begun last, it would run alone. */
class PlaygroundFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isPlayground = ({ project }: TestSpecification) => project.name === 'playground'
    return [...sorted.filter(isPlayground), ...sorted.filter((file) => !isPlayground(file))]
  }
}

export default defineConfig({
  resolve: { alias },
  test: {
    // Twice the two cores of the smallest machine: half of the time, a test waits.
    maxWorkers: 4,
    sequence: { sequencer: PlaygroundFirst },
    // Only a hang takes so long.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: [
      // Files share processes: to load the SDK anew for each would take a minute in all.
      {
        extends: true,
        test: {
          name: 'node',
          pool: 'forks',
          isolate: false,
          include: ['test/{conformance,unit,property,compat,stores}/**/*.test.ts'],
          globalSetup: conformance.globalSetup,
          setupFiles: nodeSetup,
          execArgv: ['--expose-gc'],
        },
      },
      // Attacks, and what breaks: each file in a process of its own, whose memory is measured.
      {
        extends: true,
        test: {
          name: 'abuse',
          pool: 'forks',
          include: ['test/{abuse,faults}/**/*.test.ts'],
          globalSetup: conformance.globalSetup,
          setupFiles: [...nodeSetup, 'test/support/memory-setup.ts'],
          execArgv: ['--expose-gc'],
        },
      },
      // What goes over connections, once more by nodeFetch instead of the global fetch.
      {
        extends: true,
        test: {
          name: 'node-fetch',
          pool: 'forks',
          isolate: false,
          include: [
            'test/node-fetch/*.test.ts',
            'test/faults/image-jobs.test.ts',
            'test/abuse/slow-replies.test.ts',
          ],
          globalSetup: conformance.globalSetup,
          setupFiles: [...nodeSetup, 'test/support/node-fetch-setup.ts'],
          execArgv: ['--expose-gc'],
        },
      },
      // What is built and packed, and what is written about it: runs on dist/.
      {
        extends: true,
        test: { name: 'dist', pool: 'forks', include: ['test/dist/**/*.test.ts'] },
      },
      // The playground as it runs: workerd with D1, R2 and Queues, and a browser before it.
      {
        extends: true,
        test: {
          name: 'playground',
          pool: 'forks',
          include: ['test/playground/**/*.test.ts'],
        },
      },
      { extends: true, test: { name: 'edge', environment: 'edge-runtime', ...conformance } },
      {
        extends: true,
        plugins: [cloudflareTest({ miniflare: workerd })],
        test: { name: 'workerd', ...conformance },
      },
      // What runs on the platform's own bindings, with its D1, R2 and Queues on this machine.
      {
        extends: true,
        plugins: [
          cloudflareTest({
            main: './test/cloudflare/worker.ts',
            miniflare: {
              ...workerd,
              d1Databases: { DB: 'rows' },
              kvNamespaces: { TOKENS: 'tokens' },
              r2Buckets: { PHOTOS: 'photos' },
              queueProducers: { ROWS: 'rows', UNPAID_ROWS: 'unpaid-rows' },
              queueConsumers: { rows: QUEUE, 'unpaid-rows': QUEUE },
            },
          }),
        ],
        test: {
          name: 'cloudflare',
          include: ['test/cloudflare/*.test.ts'],
          setupFiles: conformance.setupFiles,
        },
      },
      ...(chromiumPath
        ? [
            {
              extends: true as const,
              test: {
                name: 'chromium',
                ...conformance,
                browser: {
                  enabled: true,
                  headless: true,
                  screenshotFailures: false,
                  provider: playwright({
                    launchOptions: { executablePath: chromiumPath, args: CHROMIUM_FLAGS },
                  }),
                  instances: [{ browser: 'chromium' as const }],
                },
              },
            },
          ]
        : []),
    ],
  },
})

/** The conformance files under vitest, in whichever runtime the project gives. */
import { inject, it } from 'vitest'
import { tests } from './index'

for (const { name, run } of tests) it(name, async () => void (await run({ peer: inject('peer') })))

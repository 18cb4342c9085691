/** Of the conformance tests, those that go over HTTP. */
import { inject, it } from 'vitest'
import '../conformance/network'
import '../conformance/sent-once'
import '../conformance/v3/over-http'
import { tests } from '../conformance/harness'

for (const { name, run } of tests) it(name, async () => void (await run({ peer: inject('peer') })))

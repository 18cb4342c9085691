/** One mistake is one issue of an error. */
import { expect, it } from 'vitest'
import type { InputIssue } from 'smileid-edge/errors'
import { distinctIssues } from '../../../src/errors/distinct-issues'
import { issue, missing } from '../../../src/errors/issues'

const pathsOf = (...issues: InputIssue[]) => distinctIssues(issues).map(({ path, code }) => `${path} ${code}`)

it('of one member the first stands, in the order in which they were found', () => {
  expect(pathsOf(issue('b', 'wrong_type', 'x'), missing('a'), issue('b', 'wrong_format', 'y'))).toEqual([
    'b wrong_type',
    'a missing',
  ])
})

it('nothing is missing in what is wrong as a whole', () => {
  const whole = issue('images', 'wrong_type', 'x')
  expect(pathsOf(whole, missing('images.selfie'), missing('images[0]'))).toEqual(['images wrong_type'])
  expect(pathsOf(missing('images.selfie'), whole)).toEqual(['images wrong_type'])
})

it('what else is wrong in it is told, and so is what is missing elsewhere', () => {
  const whole = issue('frames', 'wrong_type', 'x')
  expect(pathsOf(whole, issue('frames[2]', 'photo_format', 'x'), missing('frame'), missing('f'))).toEqual([
    'frames wrong_type',
    'frames[2] photo_format',
    'frame missing',
    'f missing',
  ])
})

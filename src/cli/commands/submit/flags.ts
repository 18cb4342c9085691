/** The flags of `smileid submit`, and the job types by the names that are typed. */
import { imageJobs, JOB_TYPE } from '../../../wire/jobs.ts'
import type { Flags } from '../../flags.ts'
import { ID_FLAGS, REF_FLAGS } from '../../job-flags.ts'
import { OUTPUT_FLAGS } from '../../print.ts'
import { PROGRAM } from '../../program.ts'
import { CALLBACK_FLAG, CLIENT_FLAGS, YES_FLAG } from '../../settings.ts'
import { WAIT_FLAGS } from '../wait.ts'
import { IMAGE_FLAGS } from './images.ts'

/** Numbers of the job types with images, by name: `biometric-kyc`. */
export const JOB_TYPES: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(JOB_TYPE)
    .filter(([, type]) => imageJobs()[type])
    .map(([name, type]) => [name.toLowerCase().replaceAll('_', '-'), type]),
)

/** Flags that become members of the job. */
export const JOB_SWITCHES = {
  'use-enrolled-image': { kind: 'switch', help: 'compare a document with the selfie on file of --user-id' },
  'allow-new-enroll': { kind: 'switch', help: 'let a user_id that is enrolled be enrolled again' },
  retry: {
    kind: 'switch',
    help:
      'send the images of a job of your own that was left without (its status says so); ' +
      'one that has run would run again',
  },
} as const satisfies Flags

export const SUBMIT_FLAGS = {
  'job-type': {
    kind: [...Object.keys(JOB_TYPES), ...Object.values(JOB_TYPES).map(String)],
    value: 'TYPE',
    help: 'what to do, by name or number: see above',
  },
  ...IMAGE_FLAGS,
  ...ID_FLAGS,
  ...REF_FLAGS,
  ...JOB_SWITCHES,
  wait: { kind: 'switch', help: `wait for the result, and print it as ${PROGRAM} wait does` },
  ...WAIT_FLAGS,
  'upload-timeout': {
    kind: 'duration',
    value: 'TIME',
    help: 'per attempt to upload the images (default 2m)',
  },
  ...OUTPUT_FLAGS,
  ...YES_FLAG,
  ...CLIENT_FLAGS,
  ...CALLBACK_FLAG,
} as const satisfies Flags

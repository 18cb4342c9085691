/** What tests of callbacks begin with. */
import { createEmulator } from 'smileid-edge/emulator'
import { rejection } from '../harness'

export const URL = 'https://app.example/callback'

export const job = { user_id: 'user', job_id: 'job' }

export const code = async (promise: Promise<unknown>) => (await rejection(promise)).code as string

/** The parsed body of a genuine callback. */
export const genuine = async (emulator = createEmulator(), ...more: unknown[]) =>
  (await emulator.callbackRequest(URL, ...(more as []))).json() as Promise<Record<string, any>>

/** A form as the v2 calls send it. */
import type { Bytes } from '../platform/bytes.ts'
import type { JsonObject } from './model.ts'

/**
 * A form's members; files stay files, `liveness_images` is a list, and `partner_params` is read as JSON where
 * it is. `undefined` for what is no form.
 */
export async function readForm(bytes: Bytes, contentType: string): Promise<JsonObject | undefined> {
  let form: FormData
  try {
    form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData()
  } catch {
    return undefined
  }
  const members: JsonObject = Object.fromEntries(form)
  if (form.has('liveness_images')) members.liveness_images = form.getAll('liveness_images')
  if (typeof members.partner_params === 'string') members.partner_params = parsed(members.partner_params)
  return members
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

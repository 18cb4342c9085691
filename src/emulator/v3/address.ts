/** `POST /v3/address`. */
import { badRequest, missing } from './answers.ts'
import { COMMON } from './checks.ts'
import { commonDetails } from './results.ts'
import type { Check, SubmissionRules } from './submission.ts'

const address: Check = ({ call }) => {
  const length = call.form.text('address')?.length ?? 0
  return length >= 1 && length <= 512 ? undefined : missing(call.operation, 'address')
}

const country: Check = ({ call }) => {
  const isServed = ['NG', 'ZA'].includes(call.form.text('country') ?? '')
  return isServed ? undefined : badRequest(call.operation, "Field 'country' must be one of NG, ZA.")
}

/** Nigeria finds an address by a meter, South Africa by the person. */
const identifier: Check = ({ call }) => {
  const { operation, form } = call
  if (!form.text('id_number') && !form.text('utility_number')) {
    return badRequest(operation, "Either 'id_number' or 'utility_number' is required.")
  }
  const needed =
    form.text('country') === 'ZA' ? ['id_number'] : ['utility_number', 'utility_provider', 'utility_type']
  const absent = needed.find((name) => !form.text(name))
  if (absent !== undefined) return missing(operation, absent)
  const tooLong = ['id_number', 'utility_number'].find((name) => (form.text(name)?.length ?? 0) > 256)
  if (tooLong !== undefined) return missing(operation, tooLong)
  const type = form.text('utility_type')
  const isType = type === undefined || type === 'PrePaid' || type === 'PostPaid'
  return isType ? undefined : missing(operation, 'utility_type')
}

/** Under the name that callbacks have for it, which is not documented. */
export function addressRules(product: string): SubmissionRules {
  return {
    product,
    // Nothing of an address can stand in a token.
    bindable: [],
    checks: [address, country, identifier, ...COMMON],
    delivery: 'callback',
    rejection: { status: 'block', reason: 'address_out_of_range' },
    details: commonDetails,
  }
}
